package sheet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mozillazg/go-pinyin"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// builder makes an entry of a base and the rows of a file.
type builder struct {
	*planner
	g    *group
	head *layout
	bad  []Reason
	rows []int // of the entry's items: index in g.items; -1: not in the file
}

// add refuses a cell of the resource's own row.
func (b *builder) add(field, code, message, basis string) {
	b.bad = append(b.bad, Reason{Sheet: b.head.Sheet, Line: int(b.g.head.line), Column: b.head.column(field), Field: field, Code: code, Message: message, Basis: basis})
}

// addItem refuses a cell of an item's row.
func (b *builder) addItem(row int, field, code, message, basis string) {
	l := b.parsed.layouts[b.g.items[row].sheet]
	b.bad = append(b.bad, Reason{Sheet: l.Sheet, Line: int(b.g.items[row].line), Column: l.column(itemPrefix + field), Field: itemPrefix + field, Code: code, Message: message, Basis: basis})
}

// merge takes over the field faults of a check, each to its cell.
func (b *builder) merge(err error) {
	f, is := fault.As(err)
	if !is {
		return
	}
	for _, x := range f.Fields {
		i, field := fieldPath(x.Path)
		if i >= 0 && i < len(b.rows) && b.rows[i] >= 0 {
			b.addItem(b.rows[i], field, x.Code, x.Message, x.Basis)
		} else {
			b.add(field, x.Code, x.Message, x.Basis)
		}
	}
}

// build lays the cells of the file over what is there. The base is not changed.
func (b *builder) build(e catalog.Entry) catalog.Entry {
	e.Items = slices.Clone(e.Items)
	if b.g.head.text != "" {
		row := strings.Split(b.g.head.text, unit)
		over(&e, row, b.head, "", entryColumns, b.add)
		b.class(&e, row)
		b.provider(row)
		// 是否向社会开放 and 开放条件 of the national table are one field here.
		if b.head.value(row, fieldOpenTerms) != "" && e.OpenAttribute == "open" {
			e.OpenAttribute = "conditional_open"
		}
	}
	b.items(&e)
	return e
}

// over sets the fields of the columns that the row fills.
func over[T any](x *T, row []string, l *layout, prefix string, columns []column[T], add func(field, code, message, basis string)) {
	for _, c := range columns {
		s := l.value(row, prefix+c.key)
		if s == "" {
			continue
		}
		if s == Clear {
			s = ""
		} else if s == strings.ReplaceAll(c.get(*x), "\r\n", "\n") {
			continue // as it is, whatever else could be read from the cell
		}
		if reason := c.set(x, s); reason != "" {
			add(c.key, "not_understood", reason, "")
		}
	}
}

// class sets the class from the columns of the tiers, when there are any.
func (b *builder) class(e *catalog.Entry, row []string) {
	var parts [tiers]string
	for i := range tiers {
		parts[i] = b.head.value(row, fmt.Sprintf("class_%d", i+1))
	}
	code, column, reason := b.classes.of(parts)
	if reason != "" {
		b.add(fmt.Sprintf("class_%d", column), "unknown_class", reason, "CN-12")
		return
	}
	if code == "" {
		return
	}
	if direct := b.head.value(row, "class_code"); direct != "" && direct != code {
		b.add("class_code", "inconsistent", "分类代码与类、项、目、细目不一致", "CN-12")
	}
	e.ClassCode = code
}

// classExists refuses a class that is not there, or closed to new entries.
func (b *builder) classExists(found *base, code string) {
	field := "class_code"
	if b.head.index(field) < 0 {
		field = "class_4"
	}
	x, known := b.classes.byCode[code]
	switch {
	case code == "" || found != nil && found.entry().ClassCode == code:
	case !known:
		b.add(field, "unknown_class", "没有这个分类代码，请从分类中选择“目”或“细目”", "CN-12")
	case x.EndedAt != nil:
		b.add(field, "class_ended", "该分类已停用，请另选分类", "CN-12")
	}
}

// provider refuses rows of other departments.
func (b *builder) provider(row []string) {
	uscc, name := b.head.value(row, fieldUSCC), b.head.value(row, fieldProvider)
	switch {
	case uscc != "" && strings.EqualFold(uscc, b.dept.USCC):
	case len(uscc) == 18:
		b.add(fieldUSCC, "other_department", "提供方代码不是本部门的统一社会信用代码；只能导入本部门的目录", "CN-11")
	case name != "" && !strings.Contains(b.dept.Name, name) && !strings.Contains(name, b.dept.Name):
		b.add(fieldProvider, "other_department", "提供方不是本部门（"+b.dept.Name+"）；只能导入本部门的目录", "CN-11")
	}
}

// items lays the rows of the items over those that are there: found by their
// code, else by their name. A file that names all of them gives their order.
func (b *builder) items(e *catalog.Entry) {
	was := e.Items
	byCode, byName := map[string]int{}, map[string]int{}
	for i, x := range was {
		byCode[x.Code], byName[x.Name] = i, i
	}
	b.rows = make([]int, len(was))
	for i := range b.rows {
		b.rows[i] = -1
	}
	removed := map[int]bool{}
	order := []int{} // of the items in the file's order
	all := slices.Clone(was)
	seen := map[int]int{}
	for n, r := range b.g.items {
		l, row := b.parsed.layouts[r.sheet], strings.Split(r.text, unit)
		code, name := l.value(row, "items.code"), l.value(row, "items.name")
		i, there := byCode[code]
		if !there || code == "" {
			if i, there = byName[name]; name == "" || code != "" && there && all[i].Code != code && i >= len(was) {
				there = false
			}
		}
		add := func(field, code, message, basis string) { b.addItem(n, field, code, message, basis) }
		if there {
			if line, twice := seen[i]; twice {
				add("name", "duplicate", fmt.Sprintf("与第%d行的数据项重复", line), "CN-13.2")
				continue
			}
		}
		switch op := l.value(row, fieldRemove); op {
		case "", "更新", "新增":
		case "删除":
			if !there || i >= len(was) {
				add("name", "unknown_item", "要删除的数据项不存在", "")
				continue
			}
			removed[i], seen[i] = true, int(r.line)
			continue
		default:
			add("remove", "not_in_list", "操作应为空或者“删除”", "")
			continue
		}
		if !there {
			i = len(all)
			all, b.rows = append(all, catalog.Item{}), append(b.rows, n)
			if name == "" && code == "" {
				add("name", "required", "数据项名称为必填项", "CN-13.2")
			}
		}
		b.rows[i], seen[i] = n, int(r.line)
		over(&all[i], row, l, itemPrefix, itemColumns, add)
		if code == "" && all[i].Code == "" {
			all[i].Code = codeFor(all[i].Name, func(c string) bool { _, taken := byCode[c]; return taken })
		}
		if _, known := byCode[all[i].Code]; !known {
			byCode[all[i].Code] = i
		}
		if _, known := byName[all[i].Name]; !known {
			byName[all[i].Name] = i
		}
		order = append(order, i)
	}
	if len(order)+len(removed) < len(all) { // some are not in the file: they stay where they are
		order = order[:0]
		for i := range all {
			order = append(order, i)
		}
	}
	if len(all) == 0 {
		return
	}
	items, rows := make([]catalog.Item, 0, len(order)), make([]int, 0, len(order))
	for _, i := range order {
		if !removed[i] {
			items, rows = append(items, all[i]), append(rows, b.rows[i])
		}
	}
	e.Items, b.rows = items, rows
}

// codeFor makes an item's code of its name: the initials of the pinyin.
func codeFor(name string, taken func(string) bool) string {
	args := pinyin.NewArgs()
	args.Style = pinyin.FirstLetter
	var code strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_':
			code.WriteRune(r)
		default:
			if p := pinyin.SinglePinyin(r, args); len(p) > 0 {
				code.WriteString(strings.ToLower(p[0]))
			}
		}
	}
	base := code.String()
	base = base[:min(len(base), 50)]
	if base == "" || base[0] < 'a' || base[0] > 'z' {
		base = "x" + base
	}
	if !taken(base) {
		return base
	}
	for n := 2; ; n++ {
		if c := fmt.Sprintf("%s_%d", base, n); !taken(c) {
			return c
		}
	}
}
