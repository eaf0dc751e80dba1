package table_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

func open(data []byte) (*table.Book, error) {
	return table.Open(bytes.NewReader(data), int64(len(data)), table.DefaultLimits)
}

// read gives the rows of the first sheet.
func read(t *testing.T, data []byte) []table.Row {
	t.Helper()
	b, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	var out []table.Row
	if err := b.Rows(0, func(r table.Row) error {
		r.Cells = slices.Clone(r.Cells)
		out = append(out, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// refused tells the code that a file is refused with, opened and read.
func refused(data []byte, l table.Limits) string {
	b, err := table.Open(bytes.NewReader(data), int64(len(data)), l)
	if err == nil {
		err = b.Rows(0, func(table.Row) error { return nil })
	}
	if err == nil {
		return ""
	}
	f, is := fault.As(err)
	if !is {
		return "no fault: " + err.Error()
	}
	return f.Code
}

// book makes a workbook with the library that others write with too.
func book(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// parts makes a zip archive.
func parts(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const (
	types = `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	wb    = `<workbook><sheets><sheet name="a" id="r1"/></sheets></workbook>`
	rels  = `<Relationships><Relationship Id="r1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
)

func raw(t *testing.T, sheet string) []byte {
	t.Helper()
	return parts(t, map[string]string{"[Content_Types].xml": types, "xl/workbook.xml": wb, "xl/_rels/workbook.xml.rels": rels,
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData>` + sheet + `</sheetData></worksheet>`})
}

func TestCellsOfAWorkbook(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) {
		date, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		own := "yyyy年m月d日"
		mine, _ := f.NewStyle(&excelize.Style{CustomNumFmt: &own})
		for cell, v := range map[string]any{"A1": "社会团体", "B1": 42, "C1": 3.14, "D1": true, "E1": 110101199003070000.0, "F1": 46083, "G1": "=1+1", "H1": 46083.5, "I1": 46083} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		_ = f.SetCellStyle("Sheet1", "F1", "F1", date)
		_ = f.SetCellStyle("Sheet1", "H1", "H1", mine)
		_ = f.SetCellFormula("Sheet1", "J1", "HYPERLINK(\"http://x\")")
		_ = f.SetRowVisible("Sheet1", 3, false)
		_ = f.SetCellValue("Sheet1", "A3", "hidden")
		_ = f.SetCellStr("Sheet1", "K1", "a\x01b")
	})
	rows := read(t, data)
	r := rows[0]
	for column, want := range []string{"社会团体", "42", "3.14", "是", "110101199003070000", "2026-03-02", "=1+1", "2026-03-02 12:00:00", "46083", ""} {
		if got := r.Text(column); got != want {
			t.Errorf("%s: %q, want %q", table.ColumnName(column), got, want)
		}
	}
	if c := r.Cells[4]; c.Code != "number_precision" {
		t.Errorf("an identity number as a number: %+v", c)
	}
	if c := r.Cells[9]; c.Code != "formula" || c.Kind != table.Formula {
		t.Errorf("formula: %+v", c)
	}
	if len(rows) != 2 || rows[1].Number != 3 || !rows[1].Hidden {
		t.Errorf("hidden row: %+v", rows)
	}
}

func TestMergedRanges(t *testing.T) {
	t.Parallel()
	data := book(t, func(f *excelize.File) {
		for i := range 6 {
			_ = f.SetCellValue("Sheet1", fmt.Sprintf("C%d", i+1), fmt.Sprint("项", i))
		}
		_ = f.SetCellValue("Sheet1", "A2", "资源")
		_ = f.MergeCell("Sheet1", "A2", "A4")
		_ = f.SetCellValue("Sheet1", "A6", "横")
		_ = f.MergeCell("Sheet1", "A6", "B6")
	})
	rows := read(t, data)
	for i, want := range []string{"", "资源", "资源", "资源", "", "横"} {
		if got := rows[i].Text(0); got != want {
			t.Errorf("row %d: %q, want %q", i+1, got, want)
		}
	}
	if !rows[2].Cells[0].Below || rows[1].Cells[0].Below || !rows[5].Cells[0].Across || rows[3].Cells[0].Across {
		t.Errorf("marks: %+v", rows)
	}
}

func TestHostileFiles(t *testing.T) {
	t.Parallel()
	few := table.DefaultLimits
	few.Rows, few.Columns, few.Unzipped, few.Strings = 3, 3, 40<<20, 1<<10
	row := `<row><c t="inlineStr"><is><t>x</t></is></c></row>`
	for name, c := range map[string]struct {
		data []byte
		code string
	}{
		"nothing":          {nil, "file_empty"},
		"old format":       {[]byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, "file_kind"},
		"pdf":              {[]byte("%PDF-1.7"), "file_kind"},
		"zip of nothing":   {parts(t, map[string]string{"a.txt": "x"}), "file_kind"},
		"half a zip":       {raw(t, row)[:200], "file_broken"},
		"macros":           {parts(t, map[string]string{"[Content_Types].xml": strings.Replace(types, "sheet.main", "sheet.macroEnabled.main", 1), "xl/workbook.xml": wb}), "file_macros"},
		"a program inside": {parts(t, map[string]string{"[Content_Types].xml": types, "xl/workbook.xml": wb, "xl/vbaProject.bin": "x"}), "file_macros"},
		"no rows":          {raw(t, ""), ""},
		"rows":             {raw(t, strings.Repeat(row, 3)), ""},
		"too many rows":    {raw(t, strings.Repeat(row, 4)), "file_too_large"},
		"too many columns": {raw(t, `<row><c r="D1"><v>1</v></c></row>`), "file_too_large"},
		"far row":          {raw(t, `<row r="1048576"><c><v>1</v></c></row>`), ""},
		"broken xml":       {raw(t, `<row><c><v>1</row>`), ""},
		"cut xml":          {raw(t, `<row><c `), "file_broken"},
		"entities":         {parts(t, map[string]string{"[Content_Types].xml": `<!DOCTYPE x [<!ENTITY a "b">]>` + types}), "file_broken"},
		"bomb":             {raw(t, strings.Repeat(" ", 30<<20)), "file_too_large"},
		"larger than that": {raw(t, strings.Repeat("<row/>", 8<<20)), "file_too_large"},
		"strings":          {parts(t, map[string]string{"[Content_Types].xml": types, "xl/workbook.xml": wb, "xl/_rels/workbook.xml.rels": strings.Replace(rels, "</R", `<Relationship Id="r2" Type="http://x/sharedStrings" Target="s.xml"/></R`, 1), "xl/s.xml": "<sst><si><t>" + strings.Repeat("x", 2000) + "</t></si></sst>", "xl/worksheets/sheet1.xml": "<worksheet/>"}), "file_too_large"},
		"utf-16":           {[]byte{0xFF, 0xFE, 'a', 0}, "file_encoding"},
		"quotes":           {[]byte("a,b\n\"x,y\n"), "file_broken"},
		"csv rows":         {[]byte("a\nb\nc\nd\n"), "file_too_large"},
		"csv columns":      {[]byte("a,b,c,d\n"), "file_too_large"},
		"long line":        {bytes.Repeat([]byte("x"), 5<<20), "file_too_large"},
	} {
		if got := refused(c.data, few); got != c.code {
			t.Errorf("%s: %q, want %q", name, got, c.code)
		}
	}
}

// A part that unpacks to more than it declares is stopped while it is read.
func TestLyingArchive(t *testing.T) {
	t.Parallel()
	data := raw(t, strings.Repeat("<row/>", 4<<20))
	few := table.DefaultLimits
	few.Unzipped = 20 << 20
	// The central directory is last; say there that the sheet is small.
	at := bytes.LastIndex(data, []byte("xl/worksheets/sheet1.xml"))
	for len(data) > 0 && at > 0 {
		head := bytes.LastIndex(data[:at], []byte("PK\x01\x02"))
		copy(data[head+24:head+28], []byte{1, 0, 0, 0})
		break
	}
	if got := refused(data, few); got != "file_too_large" && got != "file_broken" {
		t.Errorf("refused: %q", got)
	}
}

func TestEncodingsOfCSV(t *testing.T) {
	t.Parallel()
	text := "信息资源名称,内容摘要\n社会团体登记,在民政部门登记的\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string]string{"utf-8": text, "with a mark": "\ufeff" + text, "gb18030": gb, "tabs": strings.ReplaceAll(text, ",", "\t"), "semicolons": strings.ReplaceAll(text, ",", ";"),
		"CRLF": strings.ReplaceAll(text, "\n", "\r\n")} {
		rows := read(t, []byte(data))
		if len(rows) != 2 || rows[0].Text(0) != "信息资源名称" || rows[1].Text(1) != "在民政部门登记的" {
			t.Errorf("%s: %+v", name, rows)
		}
	}
	_, err = open([]byte(text + gb))
	f, _ := fault.As(err)
	if f == nil || f.Code != "file_encoding" || f.Facts["line"] != 3 || !strings.Contains(f.Message, "第3行") {
		t.Errorf("both: %v", err)
	}
	_, err = open([]byte("a,b\n" + gb[:5] + "\xff\xff,x\n"))
	if f, _ := fault.As(err); f == nil || f.Code != "file_encoding" || f.Facts["line"] != 2 {
		t.Errorf("neither: %v", err)
	}
}

// Nothing that is written can be evaluated, and all of it reads back.
func TestInjection(t *testing.T) {
	t.Parallel()
	cells := []string{"=1+1", "+86", "-5", "@SUM(A1)", "\tx", "\rx", "'=x", "'", "''", "x", "_x0041_", "1E5", "00123", " 前", "=cmd|' /C calc'!A0", "a\nb"}
	var sheet, archive bytes.Buffer
	w, err := table.NewWorkbook(&sheet)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []table.Writer{w, table.NewCSVArchive(&archive)} {
		if err := out.Page(table.Page{Name: "a"}); err != nil {
			t.Fatal(err)
		}
		if err := out.Row(cells); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, data := range map[string][]byte{"xlsx": sheet.Bytes(), "csv": archive.Bytes()} {
		rows := read(t, data)
		for i, want := range cells {
			if c := rows[0].Cells[i]; c.Text != want || c.Code != "" {
				t.Errorf("%s: %q is read as %+v", name, want, c)
			}
		}
	}
	f, err := excelize.OpenReader(bytes.NewReader(sheet.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if x, _ := f.GetCellFormula("a", "A1"); x != "" {
		t.Errorf("a formula: %s", x)
	}
	id, _ := f.GetCellStyle("a", "A1")
	if xf := f.Styles.CellXfs.Xf[id]; xf.QuotePrefix == nil || !*xf.QuotePrefix {
		t.Error("no quote prefix")
	}
	z, _ := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	in, _ := z.Open("a.csv")
	text, _ := io.ReadAll(in)
	if !strings.HasPrefix(string(text), "\ufeff'=1+1,'+86,'-5,'@SUM(A1)") {
		t.Errorf("csv: %q", text)
	}
	if c := read(t, []byte("=1+1,x\n"))[0].Cells[0]; c.Code != "formula" || c.Text != "" {
		t.Errorf("a formula of a CSV file: %+v", c)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("\xef\xbb\xbf名称\t值\n\"x\"\t'=1"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l := table.DefaultLimits
		l.Unzipped, l.Rows = 1<<20, 1000
		b, err := table.Open(bytes.NewReader(data), int64(len(data)), l)
		if err != nil {
			return
		}
		for i := range b.Sheets {
			_ = b.Rows(i, func(r table.Row) error {
				for _, c := range r.Cells {
					if strings.ContainsRune(c.Text, 0) {
						t.Fatalf("NUL in %q", c.Text)
					}
				}
				return nil
			})
		}
	})
}

// FuzzSheet puts any text where a workbook's rows are.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>46083</v></c></row>`)
	f.Add(`<row><c t="inlineStr"><is><r><t>a</t></r><rPh><t>b</t></rPh></is></c><c><f>A1</f><v>1e300</v></c></row><mergeCell ref="A1:ZZ9"/>`)
	f.Fuzz(func(t *testing.T, rows string) {
		b, err := open(raw(t, rows))
		if err != nil {
			return
		}
		_ = b.Rows(0, func(table.Row) error { return nil })
	})
}
