package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/reverse"
)

type reverseCmd struct {
	Read reverseReadCmd `cmd:"" help:"读取一个数据库的结构并打印,不需要节点;只读,不读数据。"`
}

type reverseReadCmd struct {
	URL  string `help:"数据库:postgres://用户@主机/库、mysql://用户@主机/库 或 sqlite://路径;?tls=verify|require|disable,?schema=模式。口令宜由环境变量给出。" name:"url" required:"" env:"SHUQIAO_REVERSE_URL"`
	Pass string `help:"口令。" name:"password" env:"SHUQIAO_REVERSE_PASSWORD"`
	CA   string `help:"除系统自带外可信的CA证书(PEM)。" name:"ca" type:"path"`
	JSON bool   `help:"打印JSON。" name:"json"`
}

// Run implements kong's command.
func (c *reverseReadCmd) Run(ctx context.Context) error {
	conn, dir, err := parseSource(c.URL)
	if err != nil {
		return err
	}
	if c.Pass != "" {
		conn.Password = c.Pass
	}
	schema, secrets, err := app.ReadSchema(ctx, conn, dir, c.CA)
	if err != nil {
		return err
	}
	if len(secrets) > 0 {
		fmt.Fprintf(os.Stderr, "%d个表标有密级,不列出其内容,不得编入目录(CN-3)\n", len(secrets))
	}
	if c.JSON {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(schema)
	}
	return printSchema(os.Stdout, schema)
}

// parseSource reads the URL of a database. Its text is in no error: it may hold
// a password.
func parseSource(text string) (c reverse.Connection, dir string, err error) {
	if path, ok := strings.CutPrefix(text, "sqlite://"); ok {
		if path, err = filepath.Abs(path); err != nil {
			return c, "", err
		}
		return reverse.Connection{Engine: reverse.SQLite, File: filepath.Base(path)}, filepath.Dir(path), nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return c, "", errors.New("数据库地址应为 postgres://、mysql:// 或 sqlite:// 开头的URL")
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		c.Engine = reverse.Postgres
	case "mysql", "mariadb":
		c.Engine = reverse.MySQL
	default:
		return c, "", errors.New("数据库地址应为 postgres://、mysql:// 或 sqlite:// 开头的URL")
	}
	c.Host, c.Database, c.User = u.Hostname(), strings.TrimPrefix(u.Path, "/"), u.User.Username()
	c.Password, _ = u.User.Password()
	if u.Port() != "" {
		if c.Port, err = strconv.Atoi(u.Port()); err != nil {
			return c, "", errors.New("端口应为数字")
		}
	}
	c.TLS, c.Schemas = reverse.TLSMode(u.Query().Get("tls")), u.Query()["schema"]
	return c.Complete(), "", nil
}

// printSchema prints a schema for people: a line a table, a line a column.
func printSchema(w io.Writer, s reverse.Schema) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s，%d个表和视图\n", s.Engine, s.Version, len(s.Tables))
	for _, t := range s.Tables {
		kind, rows := "表", ""
		if t.View {
			kind = "视图"
		}
		if t.Rows >= 0 {
			rows = fmt.Sprintf("，约%d行", t.Rows)
		}
		fmt.Fprintf(&b, "\n%s %s  %s（%d列%s）\n", kind, printable(t.Key()), t.Comment, len(t.Columns), rows)
		switch t.Refused {
		case reverse.RefusedSecret:
			b.WriteString("  标有密级,不予编目\n")
		case reverse.RefusedTooWide:
			b.WriteString("  列数超过上限,不予编目\n")
		}
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "  %-30s %-24s %s %-7s %-4s %s %s\n", printable(c.Name), c.Native, c.Type, size(c), marks(c), c.Comment, printable(c.References))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// printable keeps a foreign name from commanding the terminal.
func printable(name string) string {
	q := strconv.Quote(name)
	if q == `"`+name+`"` {
		return name
	}
	return q
}

func size(c reverse.Column) string {
	switch {
	case c.Length == 0:
		return "-"
	case c.Decimals > 0:
		return fmt.Sprintf("%d,%d", c.Length, c.Decimals)
	}
	return strconv.Itoa(c.Length)
}

func marks(c reverse.Column) string {
	out := ""
	if c.Key > 0 {
		out += "主键"
	}
	if !c.Nullable && c.Key == 0 {
		out += "必填"
	}
	return out
}
