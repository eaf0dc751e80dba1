package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/docs"
	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/lawview"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

type lawCmd struct {
	Check lawCheckCmd `cmd:"" help:"检查规则,列出不同文件的冲突和适用的规定。"`
	Show  lawShowCmd  `cmd:"" help:"显示一个条款、期限或程序。"`
	Terms lawTermsCmd `cmd:"" help:"列出全部期限。"`
	Trace lawTraceCmd `cmd:"" help:"列出每个条款由什么执行、由哪些测试证明。"`
	Docs  lawDocsCmd  `cmd:"" help:"生成docs/law下的状态图和期限表。"`
}

// lawDir is the directory the rulebooks are read from.
type lawDir struct {
	Dir string `help:"规则所在的目录;缺省为本版本自带的规则。" type:"existingdir"`
}

// books reads the rulebooks and joins them; one that is not sound is an error.
func (d lawDir) books() (*lawview.Law, error) {
	if d.Dir == "" {
		return app.LawView(law.Rulebooks)
	}
	return app.LawView(os.DirFS(d.Dir))
}

type lawCheckCmd struct {
	lawDir
	JSON bool `name:"json" help:"以JSON输出。"`
}

// Run implements kong's command.
func (c *lawCheckCmd) Run() error {
	l, err := c.books()
	if err != nil {
		return err
	}
	conflicts := l.Conflicts()
	if c.JSON {
		return printJSON(os.Stdout, conflicts)
	}
	var clauses, terms, procedures int
	for _, b := range l.Books {
		clauses, terms, procedures = clauses+len(b.Clauses), terms+len(b.Terms), procedures+len(b.Procedures)
	}
	for _, r := range conflicts {
		fmt.Println(r)
	}
	fmt.Printf("规则无误:%d个文件,%d个条款,%d个期限,%d个程序,%d处冲突。\n", len(l.Books), clauses, terms, procedures, len(conflicts))
	return nil
}

type lawShowCmd struct {
	lawDir
	onDay
	ID string `arg:"" name:"id" help:"条款(CN-21.1)、期限(delivery)或程序(application)。"`
}

// Run implements kong's command.
func (c *lawShowCmd) Run() error {
	l, err := c.books()
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	return l.Show(os.Stdout, c.ID, at)
}

// onDay is the day whose rules are shown.
type onDay struct {
	On string `help:"哪一天施行的规则(YYYY-MM-DD);缺省为今天。"`
}

func (o onDay) at() (time.Time, error) {
	if o.On == "" {
		return clock.System{}.Now(), nil
	}
	day, err := worktime.ParseDay(o.On)
	if err != nil {
		return time.Time{}, fault.Newf(fault.Invalid, "not_a_day", "--on应为YYYY-MM-DD:%s", o.On)
	}
	return day.Start(), nil
}

type lawTermsCmd struct {
	lawDir
	onDay
	JSON bool `name:"json" help:"以JSON输出。"`
}

// Run implements kong's command.
func (c *lawTermsCmd) Run() error {
	l, err := c.books()
	if err != nil {
		return err
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	rows := l.Terms(at)
	if c.JSON {
		return printJSON(os.Stdout, rows)
	}
	for _, r := range rows {
		fmt.Printf("%-28s %-8s %s\n", r.ID, r.Clause, r)
	}
	return nil
}

type lawTraceCmd struct {
	lawDir
	Table string `help:"对照表(docs/traceability.md);缺省为本版本自带的一份。" type:"existingfile"`
	JSON  bool   `name:"json" help:"以JSON输出。"`
}

// Run implements kong's command.
func (c *lawTraceCmd) Run() error {
	l, err := c.books()
	if err != nil {
		return err
	}
	table := docs.Traceability
	if c.Table != "" {
		text, err := os.ReadFile(c.Table)
		if err != nil {
			return err
		}
		table = string(text)
	}
	rows := l.Trace(table)
	if c.JSON {
		return printJSON(os.Stdout, rows)
	}
	return printTrace(os.Stdout, rows)
}

func printTrace(w io.Writer, rows []lawview.TraceRow) error {
	marks := map[string]int{}
	for _, r := range rows {
		marks[r.Mark()]++
		if _, err := fmt.Fprintln(w, r); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(w, "共%d条:● 已执行并有测试证明%d条,◐ 只有其一%d条,○ 尚无%d条。\n", len(rows), marks["●"], marks["◐"], marks["○"])
	return err
}

type lawDocsCmd struct {
	lawDir
	Out string `help:"写入的目录。" required:"" type:"path"`
}

// Run implements kong's command.
func (c *lawDocsCmd) Run() error {
	l, err := c.books()
	if err != nil {
		return err
	}
	return writePages(c.Out, l.Pages())
}

// writePages replaces the generated pages of a directory, those of procedures
// that are gone as well, and leaves every other file alone.
func writePages(dir string, pages map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		return err
	}
	for _, file := range old {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, still := pages[filepath.Base(file)]; !still && strings.HasPrefix(string(text), lawview.Generated) {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
