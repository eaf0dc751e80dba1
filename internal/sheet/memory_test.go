package sheet

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// large writes 5,000 resources with 20 items each, in the template or in one
// table with the resource repeated on each row.
func large(out io.Writer, repeated bool) error {
	const resources, each = 5000, 20
	entry := func(i int) catalog.Entry {
		return catalog.Entry{Name: fmt.Sprintf("登记信息第%d号", i), ClassCode: "102004", Abstract: fmt.Sprintf("第%d号登记簿所载的名称、代码、住所、法定代表人、注册资金和有效期", i),
			Format: "数据库", FormatKind: catalog.FormatDatabase, Frequency: "daily", Attribute: catalog.Conditional, Methods: []catalog.Method{catalog.ServiceAPI},
			UseConditions: "用于行政许可审查和事后监管", ScopeOfUse: "本省各级政务部门", Purposes: []string{"许可审查", "事后监管"}, LegalBasis: "《社会团体登记管理条例》第十五条",
			Level: catalog.General2, Collection: catalog.HostedCopy, SourceSystem: "登记管理", Contact: "0311-80000001", OpenAttribute: "not_open"}
	}
	item := func(i, j int) catalog.Item {
		return catalog.Item{Code: fmt.Sprintf("f%02d", j), Name: fmt.Sprintf("登记事项%d", j), Type: "C", Length: 100, Format: "不超过100字符",
			Description: fmt.Sprintf("第%d号登记簿的第%d个事项，以登记证书所载为准", i, j), Level: catalog.General1, Key: j == 0}
	}
	if !repeated {
		s := &Service{Deps: Deps{Scheme: builtIn()}}
		return s.book(context.Background(), table.XLSX, out, false, func(put func(catalog.Resource, catalog.Entry) error) error {
			for i := range resources {
				e := entry(i)
				for j := range each {
					e.Items = append(e.Items, item(i, j))
				}
				if err := put(catalog.Resource{}, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	w, err := table.NewWorkbook(out)
	if err != nil {
		return err
	}
	if err := w.Page(table.Page{Name: "目录"}); err != nil {
		return err
	}
	var head []string
	for _, c := range entryColumns[:15] {
		head = append(head, c.name)
	}
	for _, c := range itemColumns[:10] {
		head = append(head, c.name)
	}
	if err := w.Row(head); err != nil {
		return err
	}
	for i := range resources {
		e := entry(i)
		for j := range each {
			var row []string
			for _, c := range entryColumns[:15] {
				row = append(row, c.get(e))
			}
			x := item(i, j)
			for _, c := range itemColumns[:10] {
				row = append(row, c.get(x))
			}
			if err := w.Row(row); err != nil {
				return err
			}
		}
	}
	return w.Close()
}

// peak is the most memory that the process has had, in MiB.
func peak(t *testing.T) (mib int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(text)) {
		if _, err := fmt.Sscanf(line, "VmHWM: %d kB", &mib); err == nil {
			return mib >> 10
		}
	}
	t.Skip("no VmHWM")
	return 0
}

// forget makes plans and drops them, as the store does with its rows.
func forget(t *testing.T, path string) (rows, items int) {
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	st, _ := f.Stat()
	b, err := table.Open(f, st.Size(), table.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := recognise(b)
	if err != nil {
		t.Fatal(err)
	}
	p, err := parse(b, m, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	tree, err := readClasses(context.Background(), builtIn())
	if err != nil {
		t.Fatal(err)
	}
	pl := &planner{parsed: p, store: newShelf(), classes: tree, dept: department, names: map[string]int{}, ids: map[string]int{}}
	for i, g := range p.groups {
		row, err := pl.plan(context.Background(), g)
		if err != nil {
			t.Fatal(err)
		}
		if row.Outcome != New {
			t.Fatalf("%+v", row.Reasons)
		}
		p.groups[i] = nil
		rows, items = rows+1, items+row.Items
	}
	return rows, items
}

const largeFile = "SHUQIAO_SHEET_FILE"

// TestMemoryInside is run by TestMemory in a process of its own.
func TestMemoryInside(t *testing.T) {
	path := os.Getenv(largeFile)
	if path == "" {
		return // nothing to do unless TestMemory runs it
	}
	idle := peak(t)
	begun := time.Now()
	rows, items := forget(t, path)
	fmt.Printf("figures: %d resources, %d items in %.1f s, %d MiB above %d MiB idle\n", rows, items, time.Since(begun).Seconds(), peak(t)-idle, idle)
	if items != 100_000 || peak(t)-idle > 300 {
		t.Errorf("%d items, %d MiB above idle", items, peak(t)-idle)
	}
}

// 100,000 items in one file are checked with less than 300 MB above idle, in
// both layouts.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, repeated := range map[string]bool{"template": false, "one table": true} {
		path := filepath.Join(t.TempDir(), "large.xlsx")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := large(f, repeated); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		st, _ := os.Stat(path)
		cmd := exec.Command(self, "-test.run=^TestMemoryInside$", "-test.v")
		cmd.Env = append(os.Environ(), largeFile+"="+path)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "figures:") {
				t.Logf("%s, %d KiB: %s", name, st.Size()>>10, line)
			}
		}
	}
}
