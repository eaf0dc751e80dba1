package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// Content is what the rows of a sheet are.
type Content string

// The contents of sheets.
const (
	Resources Content = "resources" // one row a resource
	Items     Content = "items"     // one row an item, which names its resource
	Both      Content = "both"      // one row an item with the cells of its resource, repeated, merged or left blank
	Nothing   Content = "ignored"
)

// Fields that are columns of tables and not of the model.
const (
	fieldCode      = "code"   // 信息资源代码: finds the resource
	fieldSerial    = "serial" // number within the file that links items to resources
	fieldProvider  = "provider"
	fieldUSCC      = "provider_code"
	fieldClass     = "class_1" // 类; class_2 项, class_3 目, class_4 细目
	fieldOpenTerms = "open_conditions"
	fieldRemove    = "items.remove"
	itemPrefix     = "items."
)

// known are headings of what is looked at or left aside knowingly, beside the
// fields of the model.
var known = map[string][]string{
	fieldCode: {"信息资源代码", "资源代码", "目录代码", "数据资源代码", "目录编码"}, fieldSerial: {"资源编号", "序号", "编号"},
	fieldProvider: {"信息资源提供方", "提供方", "提供部门", "提供单位", "数据提供方", "信息资源提供方/提供方", "信息资源提供方/名称"},
	fieldUSCC:     {"提供方代码", "信息资源提供方代码", "资源提供方代码", "信息资源提供方/代码", "统一社会信用代码"},
	"class_1":     {"类", "信息资源分类/类", "分类/类"}, "class_2": {"项", "信息资源分类/项", "分类/项"}, "class_3": {"目", "信息资源分类/目", "分类/目"},
	"class_4":      {"细目", "信息资源分类/细目", "分类/细目"},
	fieldOpenTerms: {"开放条件", "开放属性/开放条件"}, fieldRemove: {"操作"},
	"": {"发布日期", "备注", "共享方式分类", "更新日期", problemHeading, "资源名称（对照）"},
}

// problemHeading heads the column of an error file; who corrects the file and
// hands it in again need not delete it.
const problemHeading = "问题说明"

// ColumnMap says what one column is.
type ColumnMap struct {
	Column  string `json:"column"` // "A"
	Heading string `json:"heading"`
	Field   string `json:"field"` // "": not imported
}

// SheetMap says what one sheet is.
type SheetMap struct {
	Sheet   string      `json:"sheet"`
	Content Content     `json:"content"`
	Heading int         `json:"heading"` // row of the (last) heading
	Columns []ColumnMap `json:"columns"`
}

// Mapping says what the columns of a file are.
type Mapping struct {
	Sheets []SheetMap `json:"sheets"`
}

// Signature names a layout: files with the same headings have the same one. A
// department's corrections are kept by it.
func (m Mapping) Signature() string {
	h := sha256.New()
	for _, s := range m.Sheets {
		fmt.Fprintf(h, "%q\n", s.Sheet)
		for _, c := range s.Columns {
			fmt.Fprintf(h, "%q %q\n", c.Column, c.Heading)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// Field is a field that a column can be mapped to.
type Field struct{ Key, Name string }

// Fields lists the fields that a column can be mapped to.
func Fields() []Field {
	out := []Field{{fieldCode, "信息资源代码"}, {fieldSerial, "资源编号"}, {"class_1", "类"}, {"class_2", "项"}, {"class_3", "目"}, {"class_4", "细目"},
		{fieldProvider, "信息资源提供方"}, {fieldUSCC, "提供方代码"}, {fieldOpenTerms, "开放条件"}}
	for _, c := range entryColumns {
		out = append(out, Field{c.key, c.name})
	}
	for _, c := range itemColumns {
		out = append(out, Field{itemPrefix + c.key, c.name})
	}
	return append(out, Field{fieldRemove, "操作"})
}

var headings = func() map[string]string {
	out := map[string]string{}
	put := func(field string, names ...string) {
		for _, n := range names {
			out[plain(n)] = field
		}
	}
	for field, names := range known {
		put(field, names...)
	}
	for _, c := range entryColumns {
		put(c.key, append(c.synonyms, c.name)...)
	}
	for _, c := range itemColumns {
		put(itemPrefix+c.key, append(c.synonyms, c.name)...)
	}
	return out
}()

var (
	blanks  = regexp.MustCompile(`[\s　*＊:：]+`)
	remarks = regexp.MustCompile(`[（(][^）)]*[)）]$`)
)

// plain is a heading without what people add to it.
func plain(heading string) string { return strings.ToLower(blanks.ReplaceAllString(heading, "")) }

// fieldOf finds the field of a heading; known is false for one that nobody knows.
func fieldOf(heading string) (field string, known bool) {
	if field, known = headings[plain(heading)]; known {
		return field, true
	}
	field, known = headings[plain(remarks.ReplaceAllString(strings.TrimSpace(heading), ""))]
	return field, known
}

// headRows is how many rows are looked at for the heading.
const headRows = 12

// recognise reads the heads of the sheets and says what the columns are. Notes
// tell what was left aside.
func recognise(b *table.Book) (m Mapping, notes []string, err error) {
	for i, s := range b.Sheets {
		if s.Hidden {
			notes = append(notes, "工作表“"+s.Name+"”是隐藏的，未导入")
			m.Sheets = append(m.Sheets, SheetMap{Sheet: s.Name, Content: Nothing})
			continue
		}
		var head []table.Row
		err := b.Rows(i, func(r table.Row) error {
			r.Cells = slices.Clone(r.Cells)
			if head = append(head, r); len(head) == headRows {
				return table.ErrStop
			}
			return nil
		})
		if err != nil {
			return m, notes, err
		}
		m.Sheets = append(m.Sheets, mapSheet(s.Name, head))
	}
	return m, notes, nil
}

// mapSheet finds the heading: the row with the most known fields, alone or
// under the row above it.
func mapSheet(name string, head []table.Row) SheetMap {
	best, most := SheetMap{Sheet: name, Content: Nothing}, 0
	for i, r := range head {
		if m, n := mapRow(name, r, table.Row{}); n > most {
			best, most = m, n
		}
		if i > 0 && head[i-1].Number == r.Number-1 {
			if m, n := mapRow(name, r, head[i-1]); n > most {
				best, most = m, n
			}
		}
	}
	if most == 0 && len(head) > 0 { // nothing is known: a person will say what the columns are
		best, _ = mapRow(name, head[0], table.Row{})
	}
	best.Content = contentOf(best)
	return best
}

// mapRow reads a heading of one tier, or of two where there is one above.
func mapRow(name string, r, above table.Row) (SheetMap, int) {
	m := SheetMap{Sheet: name, Heading: r.Number}
	taken := map[string]bool{}
	for i := range max(len(r.Cells), len(above.Cells)) {
		low, high := strings.TrimSpace(r.Text(i)), strings.TrimSpace(above.Text(i))
		heading := low
		if high != "" && low != "" && high != low {
			if _, ok := fieldOf(high + "/" + low); ok {
				heading = high + "/" + low
			}
		} else if low == "" {
			heading = high
		}
		if heading == "" {
			continue
		}
		field, _ := fieldOf(heading)
		if taken[field] {
			field = "" // the second column of a heading is nobody's until a person says so
		}
		if field != "" {
			taken[field] = true
		}
		m.Columns = append(m.Columns, ColumnMap{Column: table.ColumnName(i), Heading: heading, Field: field})
	}
	return m, len(taken)
}

// contentOf tells what the rows of a sheet with such columns are.
func contentOf(m SheetMap) Content {
	linked, items, fields := false, 0, 0
	for _, c := range m.Columns {
		switch {
		case strings.HasPrefix(c.Field, itemPrefix):
			items++
		case c.Field == "name" || c.Field == fieldCode || c.Field == fieldSerial:
			linked = linked || c.Field != ""
		case c.Field != "" && c.Field != fieldProvider && c.Field != fieldUSCC:
			fields++
		}
	}
	has := func(field string) bool {
		return slices.ContainsFunc(m.Columns, func(c ColumnMap) bool { return c.Field == field })
	}
	named := has("name") || has(fieldCode)
	switch {
	case items > 0 && (has("items.name") || has("items.code")) && fields > 0 && named:
		return Both
	case items > 0 && (has("items.name") || has("items.code")) && linked:
		return Items
	case named && fields > 0 && items == 0:
		return Resources
	}
	return Nothing
}

// check tells what is wrong with a mapping for a file ("mapping_invalid").
func (m Mapping) check() error {
	var c fault.Collector
	fields := map[string]bool{"": true}
	for _, f := range Fields() {
		fields[f.Key] = true
	}
	useful := false
	for i, s := range m.Sheets {
		at := fmt.Sprintf("sheets[%d]", i)
		taken := map[string]bool{}
		for j, col := range s.Columns {
			path := fmt.Sprintf("%s.columns[%d].field", at, j)
			if !fields[col.Field] {
				c.Add(path, "not_in_list", "没有这个字段", "")
			} else if col.Field != "" && taken[col.Field] {
				c.Add(path, "duplicate", "两列对应同一字段", "")
			}
			taken[col.Field] = true
			if table.ColumnIndex(col.Column) < 0 {
				c.Add(fmt.Sprintf("%s.columns[%d].column", at, j), "format", "列应为字母，如 A、AB", "")
			}
		}
		switch s.Content {
		case Resources, Both:
			useful = true
			if !taken["name"] && !taken[fieldCode] {
				c.Add(at+".columns", "required", "应有一列对应信息资源名称或者信息资源代码", "")
			}
		case Items:
			useful = true
			if !taken["name"] && !taken[fieldCode] && !taken[fieldSerial] {
				c.Add(at+".columns", "required", "数据项表应有一列对应所属信息资源的编号、名称或者代码", "")
			}
		case Nothing:
		default:
			c.Add(at+".content", "not_in_list", "应为 resources、items、both 或者 ignored", "")
		}
		if (s.Content == Items || s.Content == Both) && !taken["items.name"] && !taken["items.code"] {
			c.Add(at+".columns", "required", "应有一列对应数据项名称或者数据项代码", "")
		}
	}
	if !useful {
		c.Add("sheets", "required", "没有识别出目录内容：没有找到“信息资源名称”等列，请指定各列对应的字段", "")
	}
	return c.Err("mapping_invalid", "列与字段的对应有误", "")
}
