package sheet

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// Reason is what is wrong with one cell, or with a whole row.
type Reason struct {
	Sheet   string `json:"sheet"`
	Line    int    `json:"line"`
	Column  string `json:"column,omitempty"` // "C"; "" for the row
	Field   string `json:"field,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Basis   string `json:"basis,omitempty"`
}

// Bounds of one file beyond those of package table.
const (
	maxResources = 50_000
	maxFileItems = 200_000
	maxReasons   = 20_000 // that are kept with their words; more are counted
)

// packed is a row of which only the mapped columns are kept, in one string: a
// file of 100,000 items is in memory at once, because its rows may stand in any
// order.
type packed struct {
	sheet int32
	line  int32
	text  string
}

const unit = "\x1f" // belongs in no text: table takes control characters out

// group is one resource of the file with its items.
type group struct {
	serial     string
	code, name string
	head       packed // text "": the file has no row for the resource itself
	items      []packed
	reasons    []Reason
	refused    bool
	marked     bool
}

// layout is one mapped sheet.
type layout struct {
	SheetMap
	fields  []string // of the packed row
	columns []int
}

func (l *layout) index(field string) int {
	for i, f := range l.fields {
		if f == field {
			return i
		}
	}
	return -1
}

func (l *layout) value(row []string, field string) string {
	if i := l.index(field); i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}

// column gives the letters of a field's column, "" if it has none.
func (l *layout) column(field string) string {
	if i := l.index(field); i >= 0 {
		return table.ColumnName(l.columns[i])
	}
	return ""
}

// parsed is a file read into resources.
type parsed struct {
	layouts []*layout
	groups  []*group
	items   int
	rows    int
	notes   []string
	loose   []Reason // of rows that belong to no resource
	marked  []Reason // cells marked secret
	reasons int      // in all

	bySerial, byCode, byName map[string]*group
	last                     *group
}

// parse reads the mapped sheets. Progress is told every so many rows.
func parse(b *table.Book, m Mapping, progress func(rows int) error) (*parsed, error) {
	p := &parsed{bySerial: map[string]*group{}, byCode: map[string]*group{}, byName: map[string]*group{}}
	for _, s := range m.Sheets {
		l := &layout{SheetMap: s}
		for _, c := range s.Columns {
			if c.Field != "" {
				l.fields = append(l.fields, c.Field)
				l.columns = append(l.columns, table.ColumnIndex(c.Column))
			}
		}
		p.layouts = append(p.layouts, l)
	}
	// Resources first, wherever their sheet stands: items are linked to them.
	for _, second := range []bool{false, true} {
		for i, l := range p.layouts {
			if l.Content == Nothing || (l.Content == Items) != second || i >= len(b.Sheets) || b.Sheets[i].Hidden {
				continue
			}
			if err := p.sheet(b, i, progress); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

func (p *parsed) sheet(b *table.Book, sheet int, progress func(rows int) error) error {
	l := p.layouts[sheet]
	p.last = nil
	hidden := 0
	err := b.Rows(sheet, func(r table.Row) error {
		if r.Number <= l.Heading || guide(r) {
			return nil
		}
		if r.Hidden {
			hidden++
		}
		if p.rows++; p.rows%500 == 0 {
			if err := progress(p.rows); err != nil {
				return err
			}
		}
		return p.row(sheet, l, r)
	})
	if hidden > 0 {
		p.notes = append(p.notes, fmt.Sprintf("工作表“%s”有%d个隐藏的行，已一并读取", l.Sheet, hidden))
	}
	return err
}

// Beginnings of the rows of the template that explain.
const (
	noteMark    = "【说明】"
	exampleMark = "【示例】"
)

// guide tells the rows of the template that explain or show an example.
func guide(r table.Row) bool {
	for _, c := range r.Cells {
		if t := strings.TrimSpace(c.Text); t != "" {
			return strings.HasPrefix(t, noteMark) || strings.HasPrefix(t, exampleMark)
		}
	}
	return false
}

var scientific = regexp.MustCompile(`^-?[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$`)

// codes are the fields that hold codes or numbers.
var codes = func() map[string]bool {
	out := map[string]bool{fieldCode: true, fieldUSCC: true, fieldClass: true, "class_2": true, "class_3": true, "class_4": true}
	for _, c := range entryColumns {
		if c.code {
			out[c.key] = true
		}
	}
	for _, c := range itemColumns {
		if c.code {
			out[itemPrefix+c.key] = true
		}
	}
	return out
}()

// row reads one row.
func (p *parsed) row(sheet int, l *layout, r table.Row) error {
	cells := make([]string, len(l.fields))
	var bad []Reason
	at := func(column, field, code, message, basis string) {
		bad = append(bad, Reason{Sheet: l.Sheet, Line: r.Number, Column: column, Field: field, Code: code, Message: message, Basis: basis})
	}
	secret := false
	mapped := map[int]string{}
	for i, c := range l.columns {
		mapped[c] = l.fields[i]
	}
	for i, c := range r.Cells { // marked cells are looked for in all columns
		if Marked(c.Text) || mapped[i] == "secrecy_marking" && !unmarked(c.Text) {
			secret = true
			at(table.ColumnName(i), mapped[i], "secret", "涉及国家秘密、工作秘密的内容不得进入本平台", "CN-3")
		}
	}
	for i, field := range l.fields {
		if l.columns[i] >= len(r.Cells) {
			continue
		}
		c := r.Cells[l.columns[i]]
		name := table.ColumnName(l.columns[i])
		text := strings.TrimSpace(strings.ReplaceAll(c.Text, "\r\n", "\n"))
		switch {
		case c.Code != "":
			at(name, field, c.Code, c.Fault, "")
			continue
		case c.Across:
			at(name, field, "merged", "数据行中的单元格横向合并了几列，请取消合并", "")
			continue
		case codes[field] && scientific.MatchString(text):
			at(name, field, "scientific", "代码成了科学计数法，数字可能已经失真；请将单元格设为文本后重新填写", "")
			continue
		case field == "secrecy_marking" && unmarked(text):
			text = ""
		}
		// The last row's marker of a merged range of items is the resource's, not an
		// item's: an item that is merged over rows would be there twice.
		if c.Below && strings.HasPrefix(field, itemPrefix) && (field == "items.name" || field == "items.code") {
			at(name, field, "merged", "数据项的名称、代码不能纵向合并", "")
			continue
		}
		cells[i] = strings.ReplaceAll(text, unit, "")
	}
	g, err := p.place(sheet, l, r.Number, cells, &bad)
	if err != nil {
		return err
	}
	if secret {
		for _, x := range bad {
			if x.Code == "secret" && len(p.marked) < maxReasons {
				p.marked = append(p.marked, x)
			}
		}
	}
	p.note(g, bad, secret)
	return nil
}

// note keeps the reasons of a row with its resource.
func (p *parsed) note(g *group, bad []Reason, secret bool) {
	p.reasons += len(bad)
	if g == nil {
		if len(p.loose)+len(bad) <= maxReasons {
			p.loose = append(p.loose, bad...)
		}
		return
	}
	g.refused = g.refused || len(bad) > 0
	g.marked = g.marked || secret
	if p.reasons <= maxReasons {
		g.reasons = append(g.reasons, bad...)
	}
}

// place finds the resource that a row belongs to and puts it there; nil: none.
func (p *parsed) place(sheet int, l *layout, line int, cells []string, bad *[]Reason) (*group, error) {
	serial, code, name := l.value(cells, fieldSerial), l.value(cells, fieldCode), l.value(cells, "name")
	row := packed{int32(sheet), int32(line), strings.Join(cells, unit)}
	if l.Content == Items {
		return p.item(l, row, serial, code, name, bad)
	}
	if l.Content == Both {
		// The number of a table with one row an item counts rows, not resources.
		serial = ""
		if code == "" && name == "" && p.last != nil {
			return p.last, p.add(p.last, row)
		}
	}
	if code == "" && name == "" {
		*bad = append(*bad, Reason{Sheet: l.Sheet, Line: line, Column: l.column("name"), Field: "name", Code: "required", Message: "信息资源名称为必填项", Basis: "CN-13.2"})
	}
	was := p.find("", code, name)
	if was != nil && l.Content == Both {
		p.agree(was, l, row, bad)
		p.last = was
		return was, p.add(was, row)
	}
	g := &group{serial: serial, code: code, name: name, head: row}
	if was != nil {
		*bad = append(*bad, Reason{Sheet: l.Sheet, Line: line, Column: l.column("name"), Field: "name", Code: "duplicate",
			Message: fmt.Sprintf("与第%d行是同一信息资源（名称或者代码重复）", was.head.line), Basis: "CN-12"})
	} else if serial != "" && p.bySerial[serial] != nil {
		*bad = append(*bad, Reason{Sheet: l.Sheet, Line: line, Column: l.column(fieldSerial), Field: fieldSerial, Code: "duplicate",
			Message: fmt.Sprintf("资源编号与第%d行重复", p.bySerial[serial].head.line)})
	}
	if len(p.groups) == maxResources {
		return nil, fault.Newf(fault.TooLarge, "file_too_large", "一个文件最多%d个信息资源；请分成几个文件导入", maxResources)
	}
	p.groups, p.last = append(p.groups, g), g
	for _, x := range []struct {
		index map[string]*group
		key   string
	}{{p.bySerial, serial}, {p.byCode, code}, {p.byName, name}} {
		if x.key != "" && x.index[x.key] == nil {
			x.index[x.key] = g
		}
	}
	if l.Content == Both {
		return g, p.add(g, row)
	}
	return g, nil
}

func (p *parsed) find(serial, code, name string) *group {
	if serial != "" {
		return p.bySerial[serial]
	}
	if code != "" && p.byCode[code] != nil {
		return p.byCode[code]
	}
	if g := p.byName[name]; name != "" && g != nil && (code == "" || g.code == "" || g.code == code) {
		return g
	}
	return nil
}

// item puts a row of a sheet of items to its resource. A resource that has no
// row of its own in the file is one that the catalog has.
func (p *parsed) item(l *layout, row packed, serial, code, name string, bad *[]Reason) (*group, error) {
	g := p.find(serial, code, name)
	if g == nil && serial == "" && (code != "" || name != "") {
		if len(p.groups) == maxResources {
			return nil, fault.Newf(fault.TooLarge, "file_too_large", "一个文件最多%d个信息资源；请分成几个文件导入", maxResources)
		}
		g = &group{code: code, name: name, head: packed{sheet: row.sheet, line: row.line}}
		p.groups = append(p.groups, g)
		if code != "" {
			p.byCode[code] = g
		} else {
			p.byName[name] = g
		}
	}
	if g == nil {
		*bad = append(*bad, Reason{Sheet: l.Sheet, Line: int(row.line), Column: l.column(fieldSerial), Field: fieldSerial, Code: "no_resource",
			Message: "没有这个编号的信息资源；数据项应以资源编号、名称或者代码指明所属的信息资源"})
		return nil, nil
	}
	return g, p.add(g, row)
}

func (p *parsed) add(g *group, row packed) error {
	l, blank := p.layouts[row.sheet], true
	for i, text := range strings.Split(row.text, unit) {
		blank = blank && (text == "" || !strings.HasPrefix(l.fields[i], itemPrefix))
	}
	if blank {
		return nil // a resource without items yet
	}
	if p.items++; p.items > maxFileItems {
		return fault.Newf(fault.TooLarge, "file_too_large", "一个文件最多%d个数据项；请分成几个文件导入", maxFileItems)
	}
	g.items = append(g.items, row)
	return nil
}

// agree refuses rows of one resource that say different things of it.
func (p *parsed) agree(g *group, l *layout, row packed, bad *[]Reason) {
	first, now := strings.Split(g.head.text, unit), strings.Split(row.text, unit)
	for i, field := range l.fields {
		if strings.HasPrefix(field, itemPrefix) || field == fieldSerial || i >= len(now) || now[i] == "" || now[i] == first[i] {
			continue
		}
		*bad = append(*bad, Reason{Sheet: l.Sheet, Line: int(row.line), Column: l.column(field), Field: field, Code: "inconsistent",
			Message: fmt.Sprintf("与第%d行同一信息资源的内容不一致", g.head.line)})
	}
}
