package sheet

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Outcome is what would become of a resource of the file.
type Outcome string

// The outcomes.
const (
	New       Outcome = "new"
	Changed   Outcome = "changed"
	Unchanged Outcome = "unchanged"
	Refused   Outcome = "refused"
)

// ItemChange is what would become of an item.
type ItemChange struct {
	Kind   string   `json:"kind"` // added, removed, changed, renamed
	Code   string   `json:"code"`
	Name   string   `json:"name"`
	Fields []string `json:"fields,omitempty"`
}

// Planned is one resource of a file: what would become of it and why.
type Planned struct {
	Seq      int
	Sheet    string
	Line     int // the resource's row
	Outcome  Outcome
	Resource string // ID of the one that is there
	Code     string
	Name     string
	Items    int
	Fields   []string // of the entry that change
	Changes  []ItemChange
	Reasons  []Reason
	Hints    []string // what the entry lacks before it can be submitted
	// Base names what was found in the catalog; a commit finds it unchanged.
	Base  string
	Entry *catalog.Entry // what is to be saved; nil when nothing is
	Done  bool
}

// Bounds of what is kept of one resource's result.
const (
	maxHints   = 30
	maxChanges = 1000
)

// planner compares the resources of a file with the catalog.
type planner struct {
	parsed  *parsed
	store   Shelf
	classes *classes
	dept    org.Department
	names   map[string]int // names that resources of this file will bear → line
	ids     map[string]int // resources of the catalog that were met → line
}

// base is what the catalog has of a resource.
type base struct {
	resource catalog.Resource
	version  catalog.Version
	token    string
}

func (b *base) entry() catalog.Entry {
	if b == nil {
		return catalog.Entry{Methods: []catalog.Method{}, Purposes: []string{}, Items: []catalog.Item{}}
	}
	return b.version.Entry
}

// plan tells what would become of one resource. It writes nothing.
func (p *planner) plan(ctx context.Context, g *group) (Planned, error) {
	l := p.parsed.layouts[g.head.sheet]
	out := Planned{Sheet: l.Sheet, Line: int(g.head.line), Code: g.code, Name: cutText(g.name, 60), Items: len(g.items), Reasons: g.reasons, Outcome: Refused}
	if g.marked { // nothing of it is kept
		out.Code, out.Name = "", ""
		return out, nil
	}
	b := &builder{planner: p, g: g, head: l}
	found, err := p.find(ctx, g, b)
	if err != nil {
		return out, err
	}
	e := b.build(found.entry())
	if found != nil {
		out.Resource, out.Code, out.Base = found.resource.ID, found.resource.Code, found.token
		p.once(b, p.ids, found.resource.ID)
	}
	if e.Name != "" {
		p.once(b, p.names, e.Name)
		if err := p.nameFree(ctx, b, found, e.Name); err != nil {
			return out, err
		}
	}
	b.classExists(found, e.ClassCode)
	b.merge(catalog.CheckForm(e))
	if err := catalog.CheckSecrecy(e); err != nil {
		b.merge(err)
	}
	if out.Name = cutText(e.Name, 60); len(b.bad) > 0 || g.refused {
		room := max(0, maxReasons-p.parsed.reasons)
		p.parsed.reasons += len(b.bad)
		out.Reasons = append(out.Reasons, b.bad[:min(len(b.bad), room)]...)
		slices.SortStableFunc(out.Reasons, func(x, y Reason) int { return cmp.Compare(x.Line, y.Line) })
		return out, nil
	}
	out.Hints = hints(e)
	if found == nil {
		out.Outcome, out.Entry = New, &e
		return out, nil
	}
	d, err := catalog.Compare(found.entry(), e)
	if err != nil {
		return out, err
	}
	if d.Empty() {
		out.Outcome = Unchanged
		return out, nil
	}
	out.Outcome, out.Entry = Changed, &e
	out.Fields, out.Changes = told(d)
	return out, nil
}

// told lists the changed fields.
func told(d catalog.Difference) (fields []string, items []ItemChange) {
	for _, f := range d.Fields {
		fields = append(fields, f.Field)
	}
	for _, i := range d.Items {
		if len(items) == maxChanges {
			break
		}
		c := ItemChange{Kind: string(i.Kind), Code: i.Code, Name: i.Name}
		if i.Kind == catalog.ItemChanged || i.Kind == catalog.ItemRenamed {
			for _, f := range i.Fields {
				c.Fields = append(c.Fields, f.Field)
			}
		}
		items = append(items, c)
	}
	if len(d.Order) > 0 && len(d.Items) == 0 {
		fields = append(fields, "items")
	}
	return fields, items
}

func hints(e catalog.Entry) []string {
	f, is := fault.As(catalog.CheckComplete(e))
	if !is {
		return nil
	}
	var out []string
	for _, x := range f.Fields {
		if len(out) == maxHints {
			break
		}
		out = append(out, x.Path+"："+x.Message)
	}
	return out
}

// once refuses a second row for the same resource or name.
func (p *planner) once(b *builder, seen map[string]int, key string) {
	if line, there := seen[key]; there {
		b.add("name", "duplicate", fmt.Sprintf("与第%d行是同一信息资源（名称或者代码重复）", line), "CN-12")
		return
	}
	seen[key] = int(b.g.head.line)
}

// nameFree refuses a name that another resource of the department bears.
func (p *planner) nameFree(ctx context.Context, b *builder, found *base, name string) error {
	id, err := p.store.ResourceNamed(ctx, p.dept.ID, name)
	if err == nil && id != "" && (found == nil || found.resource.ID != id) {
		b.add("name", "name_taken", "本部门已有同名的目录条目", "CN-12")
	}
	return err
}

// find finds the resource in the catalog: by its code, else by its name within
// the department. Nil: it is new.
func (p *planner) find(ctx context.Context, g *group, b *builder) (*base, error) {
	var r catalog.Resource
	var err error
	switch {
	case g.code != "":
		r, err = p.store.ResourceByCode(ctx, g.code)
		if f, is := fault.As(err); is && f.Kind == fault.NotFound {
			b.add(fieldCode, "unknown_resource", "平台没有这个信息资源代码；代码由平台编制，新增的信息资源请留空，其他平台的代码请在列的对应中设为不导入", "CN-12")
			return nil, nil
		}
		if err == nil && r.Provider != p.dept.ID {
			b.add(fieldCode, "other_department", "这是其他部门的目录条目，只能导入本部门的目录", "CN-11")
			return nil, nil
		}
	case g.name != "":
		id, err2 := p.store.ResourceNamed(ctx, p.dept.ID, g.name)
		if err2 != nil {
			return nil, err2
		}
		if id == "" {
			if g.head.text == "" {
				b.add("name", "unknown_resource", "本部门没有这个名称的信息资源，文件中也没有它的内容", "CN-12")
			}
			return nil, nil
		}
		r, err = p.store.Resource(ctx, id)
	default:
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	found, err := baseOf(ctx, p.store, r)
	if f, is := fault.As(err); is && f.Code == "version_not_draft" {
		b.add("name", f.Code, f.Message, f.Basis)
		return nil, nil
	}
	return found, err
}

// baseOf gives the version that an edit of a resource starts from, with the
// token that tells whether it is still the same.
func baseOf(ctx context.Context, store Shelf, r catalog.Resource) (*base, error) {
	number := r.Pending
	if number == 0 {
		number = r.Published
	}
	var v catalog.Version
	var err error
	if number != 0 {
		v, err = store.Version(ctx, r.ID, number)
	} else {
		var all []catalog.Version
		if all, err = store.Versions(ctx, r.ID); err == nil && len(all) > 0 {
			v = all[len(all)-1]
		}
	}
	if err != nil {
		return nil, err
	}
	if r.Pending != 0 && v.Status != catalog.Draft {
		return nil, fault.New(fault.Illegal, "version_not_draft", "该条目有正在审核的版本，退回或者办结之前不能修改").Under("CN-16")
	}
	return &base{resource: r, version: v, token: fmt.Sprintf("%s/%d/%s/%d", r.ID, r.Version, v.ID, v.Revision)}, nil
}

// Shelf is what is read of the catalog's resources; the catalog's store
// implements it, but for ResourceNamed.
type Shelf interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	ResourceByCode(ctx context.Context, code string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
	Versions(ctx context.Context, resource string) ([]catalog.Version, error)
	// ResourceNamed gives the ID of the department's resource that bears the name
	// now or in a version under way; "": none.
	ResourceNamed(ctx context.Context, department, name string) (string, error)
}

// fieldPath finds the column that a path of a field fault speaks of:
// "items[3].domain.values[2].code" is item 3, "domain.values".
func fieldPath(path string) (item int, field string) {
	item = -1
	if rest, ok := strings.CutPrefix(path, "items["); ok {
		index, after, _ := strings.Cut(rest, "]")
		if _, err := fmt.Sscanf(index, "%d", &item); err == nil {
			path = strings.TrimPrefix(after, ".")
		}
	}
	field, _, _ = strings.Cut(path, "[")
	return item, field
}
