package cart

import (
	"context"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// ways are the procedures by which a cart can be applied for; they share a form.
var ways = []string{"application", "application_via_authority", "cross_level_application"}

// line reads an entry as it stands now, with all that is against it. Nothing
// of a resource that the reader may not know of is told.
func (s *Service) line(ctx context.Context, p org.Principal, e Entry) (Line, string, error) {
	l := Line{Entry: e}
	r, published, _, err := s.Catalog.Get(ctx, p, e.Resource)
	f, refused := fault.As(err)
	if refused && f.Kind == fault.NotFound || err == nil && published == nil {
		l.block("resource", "resource_not_published", "没有这个已发布的目录条目", "CN-16")
		return l, "", nil
	}
	if err != nil {
		return l, "", err
	}
	v := published.Entry
	l.Code, l.Name, l.Attribute, l.Methods, l.Offered = r.Code, v.Name, v.Attribute, v.Methods, v.Items
	if v.Attribute == catalog.Conditional {
		l.Purposes = v.Purposes
	}
	switch {
	case v.Attribute == catalog.Withheld:
		l.block("resource", "resource_withheld", "此目录条目属于不予共享类,依据:"+v.LegalBasis, "CN-14")
	case r.Provider == p.Department.ID:
		l.block("resource", "own_resource", "本部门的数据无须申请共享", "CN-20.2")
	}
	l.checkChoice(v)
	if err := s.already(ctx, p, &l); err != nil {
		return l, "", err
	}
	if e.Version != 0 && e.Version != published.Number {
		l.note("resource", "changed_since", fmt.Sprintf("放入数据车以后目录已更新(第%d版至第%d版),请核对", e.Version, published.Number), "CN-17", "")
	}
	return l, r.Provider, nil
}

// checkChoice compares what was chosen with what the published version offers.
func (l *Line) checkChoice(v catalog.Entry) {
	for i, code := range l.Items {
		at := slices.IndexFunc(v.Items, func(x catalog.Item) bool { return x.Code == code })
		switch path := fmt.Sprintf("items[%d]", i); {
		case at < 0:
			l.block(path, "unknown_item", "目录中没有数据项“"+code+"”", "CN-20.2")
		case v.Items[at].Attribute == catalog.Withheld:
			l.block(path, "item_withheld", "数据项“"+v.Items[at].Name+"”不予共享", "CN-14")
		case slices.Contains(l.Items[:i], code):
			l.block(path, "duplicate", "数据项“"+code+"”重复", "CN-20.2")
		}
	}
	for i, code := range l.Clear {
		if !slices.Contains(l.Items, code) {
			l.block(fmt.Sprintf("clear_items[%d]", i), "outside", "明文数据项应在申请的数据项之内:“"+code+"”", "CN-35")
		}
	}
	for i, c := range l.Rows {
		path := fmt.Sprintf("rows[%d]", i)
		if !slices.ContainsFunc(v.Items, func(x catalog.Item) bool { return x.Code == c.Item }) {
			l.block(path, "unknown_item", "目录中没有数据项“"+c.Item+"”", "CN-20.2")
		}
		known := c.Op == catalog.Equal || c.Op == catalog.In || c.Op == catalog.Prefix
		if !known || len(c.Values) == 0 || c.Op != catalog.In && len(c.Values) != 1 {
			l.block(path, "condition", "比较方式应为eq、prefix(一个值)或in(一个以上的值)", "CN-20.2")
		}
	}
	if l.Method != "" && !slices.Contains(v.Methods, l.Method) {
		l.block("method", "not_offered", "此目录条目不以这种方式共享", "CN-22")
	}
	if l.Mode != "" && l.Mode != sharing.Query && l.Mode != sharing.Verify {
		l.block("mode", "not_in_list", "调用方式应为query(查询)或verify(核验)", "CN-35")
	}
}

// already notes what the department holds of the resource or has asked for. It
// does not stand in the way: another purpose or system is another application.
func (s *Service) already(ctx context.Context, p org.Principal, l *Line) error {
	grants, err := s.Grants.Grants(ctx, p, sharing.GrantFilter{Consumer: p.Department.ID, Resource: l.Resource, Limit: 200})
	if err != nil {
		return err
	}
	now := s.Clock.Now()
	for _, g := range grants {
		status := g.StatusAt(now)
		if g.Consumer != p.Department.ID || status == sharing.Expired || status == sharing.Terminated {
			continue
		}
		what := "一部分数据项"
		if len(l.Items) > 0 && !slices.ContainsFunc(l.Items, func(i string) bool { return !slices.Contains(g.Items, i) }) {
			what = "全部所选的数据项"
		}
		l.note("resource", "already_granted", "本部门已有授权,含"+what, "CN-20.2", g.ID)
	}
	open, err := s.Cases.Cases(ctx, p, casework.Filter{Subject: l.Resource, OpenOnly: true, Limit: 200})
	if err != nil {
		return err
	}
	for _, c := range open {
		if slices.Contains(ways, c.Procedure) && c.Parties["consumer"] == p.Department.ID && !granted(grants, c.ID) {
			l.note("resource", "already_applied", "本部门正在申请:"+c.Number, "CN-20.2", c.ID)
		}
	}
	return nil
}

func granted(grants []sharing.Grant, caseID string) bool {
	return slices.ContainsFunc(grants, func(g sharing.Grant) bool { return g.Case == caseID })
}

func (l *Line) block(path, code, message, basis string) {
	l.Notes = append(l.Notes, Note{Field: fault.Field{Path: path, Code: code, Message: message, Basis: basis}, Blocks: true})
}

func (l *Line) note(path, code, message, basis, about string) {
	l.Notes = append(l.Notes, Note{Field: fault.Field{Path: path, Code: code, Message: message, Basis: basis}, About: about})
}

// err is the refusal of what blocks an entry; nil: nothing does.
func (l Line) err() error {
	var faults fault.Collector
	for _, n := range l.Notes {
		if n.Blocks {
			faults.Add(n.Path, n.Code, n.Message, n.Basis)
		}
	}
	return faults.Err("cart_entry_invalid", "不能放入数据车,请一并更正", "")
}
