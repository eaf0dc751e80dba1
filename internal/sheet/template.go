package sheet

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// Names of the sheets of the template.
const (
	pageResources  = "信息资源"
	pageItems      = "数据项"
	pageVocabulary = "词表"
)

// templateColumn is a column of the template: of the model, or of the table.
type templateColumn struct {
	key, name, note, example, list string
}

// resourceTemplate are the columns of the first sheet. The class is chosen tier
// by tier; its code follows from it.
func resourceTemplate() []templateColumn {
	out := []templateColumn{
		{fieldSerial, "资源编号", noteMark + "本文件内的编号，数据项以它指明所属的信息资源", exampleMark + "1", ""},
		{fieldCode, "信息资源代码", "由平台编制；新增的留空，修改的照填", "", ""},
	}
	for _, c := range entryColumns {
		if c.key == "secrecy_marking" {
			continue // nothing that has one comes in
		}
		if c.key == "class_code" {
			for i, n := range []string{"类", "项", "目", "细目"} {
				out = append(out, templateColumn{fmt.Sprintf("class_%d", i+1), n, "从列表中选择，随上一级变化", []string{"3 部门信息资源", "", "", ""}[i], fmt.Sprintf("class_%d", i+1)})
			}
			continue
		}
		out = append(out, templateColumn{c.key, c.name, c.note, c.example, c.list})
	}
	return out
}

func itemTemplate() []templateColumn {
	out := []templateColumn{
		{fieldSerial, "资源编号", noteMark + "同“信息资源”表的资源编号", exampleMark + "1", ""},
		{"", "资源名称（对照）", "仅供对照，不导入", "", ""},
		{fieldRemove, "操作", "删除已有的数据项填“删除”", "", fieldRemove},
	}
	for _, c := range itemColumns {
		out = append(out, templateColumn{c.key, c.name, c.note, c.example, c.list})
	}
	return out
}

func headings3(columns []templateColumn) (names, notes, examples []string) {
	for _, c := range columns {
		names, notes, examples = append(names, c.name), append(notes, c.note), append(examples, c.example)
	}
	return names, notes, examples
}

// pages makes the first two sheets' pages with their drop-downs.
func pages(v *vocabulary, heads int) (resources, items table.Page) {
	page := func(name string, columns []templateColumn) table.Page {
		p := table.Page{Name: name, Heads: heads, Fixed: 3}
		at := map[string]string{}
		for i, c := range columns {
			at[c.key] = table.ColumnName(i)
		}
		for i, c := range columns {
			p.Widths = append(p.Widths, float64(max(12, 2*len([]rune(c.name))+4)))
			l := table.List{Column: i, From: heads + 1, Title: c.name, Input: strings.TrimPrefix(c.note, noteMark)}
			switch {
			case v == nil || c.list == "":
				continue
			case c.list == catalog.VocabMethod: // follows the kind of format
				l.Formula, l.Loose = fmt.Sprintf(`INDIRECT("FS_"&$%s%d)`, at["format_kind"], l.From), true
			case c.list == fieldClass:
				l.Formula, l.Loose = "FL_0", true
			case strings.HasPrefix(c.list, "class_"):
				above := table.ColumnName(i - 1)
				l.Formula, l.Loose = fmt.Sprintf(`INDIRECT("FL_"&LEFT($%s%d,FIND(" ",$%[1]s%[2]d&" ")-1))`, above, l.From), true
			default:
				l.Formula, l.Loose = v.ranges[c.list], true
			}
			p.Lists = append(p.Lists, l)
		}
		return p
	}
	return page(pageResources, resourceTemplate()), page(pageItems, itemTemplate())
}

// vocabulary is the third sheet: the words of the drop-downs.
type vocabulary struct {
	columns [][]string // heading first
	ranges  map[string]string
	names   map[string]string // defined names
}

func newVocabulary(c *classes) *vocabulary {
	v := &vocabulary{ranges: map[string]string{}, names: map[string]string{}}
	add := func(heading string, words []string) string {
		col := table.ColumnName(len(v.columns))
		v.columns = append(v.columns, append([]string{heading}, words...))
		return fmt.Sprintf("%s!$%s$2:$%[2]s$%d", pageVocabulary, col, len(words)+1)
	}
	for _, list := range []string{catalog.VocabFormatKind, catalog.VocabMethod, catalog.VocabFrequency, catalog.VocabAttribute, catalog.VocabLevel, catalog.VocabCollection,
		catalog.VocabOpenness, catalog.VocabItemType, catalog.VocabSensitivity} {
		v.ranges[list] = add(vocabularyName(list), words(list))
	}
	v.ranges[yesNo] = add("是否", words(yesNo))
	v.ranges[fieldRemove] = add("操作", []string{"删除"})
	for _, e := range catalog.Vocabulary() {
		if e.ID != catalog.VocabFormatKind {
			continue
		}
		for _, w := range e.Words {
			v.names["FS_"+w.Name] = add("共享方式："+w.Name, choices(catalog.MethodsOf(catalog.FormatKind(w.Code))))
		}
	}
	// All classes in one column, those of one parent below each other.
	col := table.ColumnName(len(v.columns))
	column := []string{"分类"}
	var grow func(parent, name string)
	grow = func(parent, name string) {
		children := c.children[parent]
		from := len(column) + 1
		for _, x := range children {
			if x.EndedAt == nil {
				column = append(column, classCell(x))
			}
		}
		if to := len(column); to >= from {
			v.names["FL_"+name] = fmt.Sprintf("%s!$%s$%d:$%[2]s$%[4]d", pageVocabulary, col, from, to)
		}
		for _, x := range children {
			grow(x.Code, x.Code)
		}
	}
	grow("", "0")
	v.columns = append(v.columns, column)
	return v
}

func vocabularyName(list string) string {
	for _, e := range catalog.Vocabulary() {
		if e.ID == list {
			return e.Name
		}
	}
	return list
}

// choices are all that can be chosen of methods: one, or several.
func choices(methods []catalog.Method) []string {
	var out []string
	for size := 1; size <= len(methods); size++ {
		for set := 1; set < 1<<len(methods); set++ {
			var names []string
			for i, m := range methods {
				if set>>i&1 == 1 {
					names = append(names, catalog.Label(catalog.VocabMethod, string(m)))
				}
			}
			if len(names) == size {
				out = append(out, strings.Join(names, "；"))
			}
		}
	}
	return out
}

// write writes the third sheet and gives the lists their names.
func (v *vocabulary) write(w *table.Workbook) error {
	widths := make([]float64, len(v.columns))
	height := 0
	for i, c := range v.columns {
		widths[i], height = 20, max(height, len(c))
	}
	if err := w.Page(table.Page{Name: pageVocabulary, Heads: 1, Locked: true, Widths: widths}); err != nil {
		return err
	}
	for i := range height {
		row := make([]string, len(v.columns))
		for j, c := range v.columns {
			if i < len(c) {
				row[j] = c[i]
			}
		}
		if err := w.Row(row); err != nil {
			return err
		}
	}
	for name, at := range v.names {
		if err := w.Define(name, at); err != nil {
			return err
		}
	}
	return nil
}

// Template writes the empty template, with notes and an example. Format CSVZip
// has no drop-downs.
func (s *Service) Template(ctx context.Context, f table.Format, out io.Writer) error {
	return s.book(ctx, f, out, true, func(func(catalog.Resource, catalog.Entry) error) error { return nil })
}

// book writes the template with entries.
func (s *Service) book(ctx context.Context, f table.Format, out io.Writer, example bool, entries func(put func(catalog.Resource, catalog.Entry) error) error) error {
	tree, err := readClasses(ctx, s.Scheme)
	if err != nil {
		return err
	}
	var w table.Writer
	var v *vocabulary
	switch f {
	case table.XLSX:
		if w, err = table.NewWorkbook(out); err != nil {
			return err
		}
		v = newVocabulary(tree)
	case table.CSVZip:
		w = table.NewCSVArchive(out)
	default:
		return fault.New(fault.Invalid, "format_unknown", "格式应为 xlsx 或者 csv")
	}
	heads := 2
	if example {
		heads = 3
	}
	resources, items := pages(v, heads)
	kept, err := newSpool(s.TempDir)
	if err != nil {
		return err
	}
	defer kept.close()
	begin := func(p table.Page, columns []templateColumn) error {
		if err := w.Page(p); err != nil {
			return err
		}
		names, notes, examples := headings3(columns)
		for _, row := range [][]string{names, notes, examples}[:heads] {
			if err := w.Row(row); err != nil {
				return err
			}
		}
		return nil
	}
	if err := begin(resources, resourceTemplate()); err != nil {
		return err
	}
	serial := 0
	err = entries(func(r catalog.Resource, e catalog.Entry) error {
		serial++
		for _, x := range e.Items {
			if err := kept.put(itemRow(serial, e.Name, x)); err != nil {
				return err
			}
		}
		return w.Row(resourceRow(serial, r, e, tree))
	})
	if err != nil {
		return err
	}
	if err := begin(items, itemTemplate()); err != nil {
		return err
	}
	if err := kept.each(func(row []string) error { return w.Row(row) }); err != nil {
		return err
	}
	if v != nil {
		if err := v.write(w.(*table.Workbook)); err != nil {
			return err
		}
	}
	return w.Close()
}

func resourceRow(serial int, r catalog.Resource, e catalog.Entry, tree *classes) []string {
	row := []string{fmt.Sprint(serial), r.Code}
	for _, c := range entryColumns {
		switch c.key {
		case "secrecy_marking":
		case "class_code":
			path := tree.path(e.ClassCode)
			row = append(row, path[:]...)
		default:
			row = append(row, c.get(e))
		}
	}
	return row
}

func itemRow(serial int, name string, x catalog.Item) []string {
	row := []string{fmt.Sprint(serial), name, ""}
	for _, c := range itemColumns {
		row = append(row, c.get(x))
	}
	return row
}
