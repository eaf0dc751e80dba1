package sheet

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"sort"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

var update = flag.Bool("update", false, "write the golden files")

// The template's structure: headings, notes, drop-downs, names, locks.
func TestTemplate(t *testing.T) {
	t.Parallel()
	var out, got bytes.Buffer
	if err := (&Service{Deps: Deps{Scheme: builtIn()}}).Template(context.Background(), table.XLSX, &out); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		p, _ := f.GetSheetProtection(sheet)
		panes, _ := f.GetPanes(sheet)
		fmt.Fprintf(&got, "# %s, protected: %v, frozen at %s\n", sheet, p.SelectLockedCells, panes.TopLeftCell)
		lists := map[string]string{}
		validations, err := f.GetDataValidations(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range validations {
			lists[strings.TrimRight(strings.Split(v.Sqref, ":")[0], "0123456789")] = v.Formula1
		}
		if sheet == pageVocabulary {
			for _, h := range rows[0] {
				fmt.Fprintf(&got, "%s\n", h)
			}
			continue
		}
		for i, h := range rows[0] {
			note, example := "", ""
			if i < len(rows[1]) {
				note = rows[1][i]
			}
			if i < len(rows[2]) {
				example = rows[2][i]
			}
			fmt.Fprintf(&got, "%s | %s | %s | %s | %s\n", table.ColumnName(i), h, note, example, lists[table.ColumnName(i)])
		}
		head, _ := f.GetCellStyle(sheet, "B1")
		body, _ := f.GetCellStyle(sheet, "B9")
		hs, _ := f.GetStyle(head)
		bs, _ := f.GetStyle(body)
		locked := func(s *excelize.Style) bool { return s.Protection == nil || s.Protection.Locked }
		if !locked(hs) || locked(bs) {
			t.Errorf("%s: heading locked %v, body locked %v", sheet, locked(hs), locked(bs))
		}
	}
	var names []string
	for _, n := range f.GetDefinedName() {
		if strings.HasPrefix(n.Name, "FS_") || len(n.Name) <= len("FL_101") {
			names = append(names, n.Name)
		}
	}
	sort.Strings(names)
	fmt.Fprintf(&got, "# names\n%s\n", strings.Join(names, "\n"))
	const golden = "testdata/template.txt"
	if *update {
		if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || got.String() != string(want) {
		t.Errorf("the template is another (%v); -update writes it:\n%s", err, got.String())
	}
}

func TestMarked(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"绝密": true, " 机 密 ": true, "秘\u200b密": true, "工作秘密": true, "（机密）": true, "机密★10年": true, "★秘密": true, "密级：秘密": true, "密级标志 绝密": true, "机密级文件": true, "属于国家秘密": true,
		"": false, "商业秘密": false, "《中华人民共和国保守国家秘密法》第十条": false, "密码应用": false, "保守商业秘密和个人隐私": false, "不属于国家秘密": false, "加密传输": false,
	} {
		if got := Marked(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// csv plans a table with one sheet.
func csv(t *testing.T, s *shelf, lines ...string) []Planned {
	t.Helper()
	rows, _ := planned(t, []byte(strings.Join(lines, "\n")), s)
	return rows
}

func reasons(rows []Planned) string {
	var out []string
	for _, r := range rows {
		for _, x := range r.Reasons {
			out = append(out, fmt.Sprintf("%s%d:%s", x.Column, x.Line, x.Code))
		}
	}
	return strings.Join(out, " ")
}

// Every faulty cell is told at once, where it is.
func TestRefusedCells(t *testing.T) {
	t.Parallel()
	s := newShelf(catalog.Entry{Name: "已有资源", ClassCode: "102004", Items: []catalog.Item{{Code: "mc", Name: "名称"}}})
	other := s.resources["r1"]
	other.ID, other.Code, other.Provider = "r9", "102004/000009", "elsewhere"
	s.resources["r9"] = other
	const head = "信息资源名称,信息资源代码,分类代码,提供方代码,更新周期,数据项名称,数据项代码,数据类型,数据长度,主键"
	for name, c := range map[string]struct{ row, want string }{
		"good":               {"甲,,102004,,每日,名称,mc,字符型,20,是", ""},
		"words":              {"甲,,102004,,每世纪,名称,mc,线型,长,也许", "E2:not_understood H2:not_understood I2:not_understood J2:not_understood"},
		"code of a resource": {"甲,102004/123456,,,,名称,mc,,,", "B2:unknown_resource C2:required"},
		"another's":          {"甲,102004/000009,102004,,,名称,mc,,,", "B2:other_department"},
		"another provider":   {"甲,,102004,91130000000000000A,,名称,mc,,,", "D2:other_department"},
		"scientific":         {"甲,,1.02004E+05,,,名称,mc,,,", "C2:scientific C2:required"},
		"formula":            {"甲,,102004,,,=A1,mc,,,", "F2:formula"},
		"control":            {"甲\x01,,102004,,,名称,mc,,,", "A2:control_character"},
		"form of a code":     {"甲,,102004,,,名称,MC,,,", "G2:format"},
		"a system":           {"登记系统,,102004,,,名称,mc,,,", "A2:system_name"},
		"no class":           {"甲,,,,,名称,mc,,,", "C2:required"},
		"unknown class":      {"甲,,999999,,,名称,mc,,,", "C2:unknown_class"},
		"an item twice":      {"甲,,102004,,,名称,mc,,,\n,,,,,名称,mc,,,", "F3:duplicate"},
		"rows that differ":   {"甲,,102004,,每日,名称,mc,,,\n甲,,102004,,每年,住所,zs,,,", "E3:inconsistent"},
	} {
		got := reasons(csv(t, s, head, c.row))
		if name == "control" && strings.Contains(got, c.want) {
			continue // the name without it is new
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	rows := csv(t, s, head, "已有资源,,,,每日,名称,,数值型,,")
	if len(rows) != 1 || rows[0].Outcome != Changed || fmt.Sprint(rows[0].Fields) != "[frequency]" || rows[0].Changes[0].Code != "mc" || fmt.Sprint(rows[0].Changes[0].Fields) != "[type]" {
		t.Errorf("found by name: %+v", rows)
	}
	under := s.versions["r1"]
	under.Status = catalog.Submitted
	s.versions["r1"] = under
	if got := reasons(csv(t, s, head, "已有资源,,,,每日,名称,,数值型,,")); !strings.Contains(got, "A2:version_not_draft") {
		t.Errorf("under review: %s", got)
	}
}

// A marked row leaves no content, wherever the mark stands.
func TestSecretRow(t *testing.T) {
	t.Parallel()
	rows := csv(t, newShelf(), "信息资源名称,分类代码,内容摘要,备注", "某设施,102004,说明,机密★20年", "社会团体,102004,登记,无")
	if rows[0].Outcome != Refused || rows[0].Name != "" || rows[0].Entry != nil || rows[1].Outcome != New {
		t.Errorf("got %+v", rows)
	}
	if strings.Contains(fmt.Sprintf("%+v", rows[0]), "某设施") {
		t.Errorf("content is kept: %+v", rows[0])
	}
}

func TestItemCodes(t *testing.T) {
	t.Parallel()
	taken := map[string]bool{"xm": true}
	for name, want := range map[string]string{"姓名": "xm_2", "社会团体名称": "shttmc", "18位号码": "x18whm", "Name_1": "name_1", "★": "x", "": "x"} {
		if got := codeFor(name, func(c string) bool { return taken[c] }); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
