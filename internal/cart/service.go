package cart

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Put puts a resource into the cart, or changes what was chosen of it. What
// could not be applied for anyway is refused at once.
func (s *Service) Put(ctx context.Context, p org.Principal, e Entry) (Line, error) {
	e.Person, e.Department, e.Version, e.AddedAt = p.Person.ID, p.Department.ID, 0, s.Clock.Now()
	var out Line
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		have, err := s.Store.Entries(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		there := slices.ContainsFunc(have, func(x Entry) bool { return x.Resource == e.Resource })
		if len(have) >= MaxEntries && !there {
			return fault.Newf(fault.TooLarge, "cart_full", "数据车最多放%d个目录条目", MaxEntries).Under("CN-20.2")
		}
		if out, _, err = s.line(ctx, p, e); err != nil {
			return err
		}
		if err := out.err(); err != nil {
			return err
		}
		_, published, _, err := s.Catalog.Get(ctx, p, e.Resource)
		if err != nil {
			return err
		}
		e.Version, out.Version = published.Number, published.Number
		return s.Store.PutEntry(ctx, e)
	})
	return out, err
}

// Remove takes resources out of the cart; none named: all.
func (s *Service) Remove(ctx context.Context, p org.Principal, resources ...string) error {
	if len(resources) == 0 {
		have, err := s.Store.Entries(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		resources = resourcesOf(have)
	}
	_, err := s.Store.DropEntries(ctx, p.Person.ID, resources)
	return err
}

// View gives the cart as it stands now, by provider in the order in which each
// first came in.
func (s *Service) View(ctx context.Context, p org.Principal) (Cart, error) {
	have, err := s.Store.Entries(ctx, p.Person.ID)
	if err != nil {
		return Cart{}, err
	}
	out := Cart{Entries: len(have)}
	for _, e := range have {
		l, provider, err := s.line(ctx, p, e)
		if err != nil {
			return Cart{}, err
		}
		if l.Ready() {
			out.Ready++
		}
		if len(l.Purposes) > 0 {
			if !out.Bound {
				out.Purposes, out.Bound = slices.Clone(l.Purposes), true
			}
			out.Purposes = slices.DeleteFunc(out.Purposes, func(x string) bool { return !slices.Contains(l.Purposes, x) })
		}
		at := slices.IndexFunc(out.Groups, func(g Group) bool { return g.Provider == provider })
		if at < 0 {
			g := Group{Provider: provider}
			if provider != "" {
				d, err := s.Org.Department(ctx, provider)
				if err != nil {
					return Cart{}, err
				}
				g.ProviderName = d.Name
			}
			at, out.Groups = len(out.Groups), append(out.Groups, g)
		}
		out.Groups[at].Lines = append(out.Groups[at].Lines, l)
	}
	return out, nil
}

// Apply opens an application for each entry named, all or none. Faults name
// their entry by its place: "subjects[2].fields.items"; the fact "subjects" of
// the fault says which resource stands in which place. What was applied for
// leaves the cart in the same transaction, so that a form that is sent twice is
// taken once.
func (s *Service) Apply(ctx context.Context, p org.Principal, a Application) ([]casework.View, error) {
	have, err := s.Store.Entries(ctx, p.Person.ID)
	if err != nil {
		return nil, err
	}
	requests, order, err := requests(have, a)
	if err != nil {
		return nil, err
	}
	var views []casework.View
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		gone, err := s.Store.DropEntries(ctx, p.Person.ID, order)
		if err != nil {
			return err
		}
		if gone != len(order) {
			return fault.New(fault.Conflict, "cart_changed", "数据车已在别处改动或者已经提出申请,请刷新后再办").Under("CN-20.2")
		}
		if views, err = s.Cases.OpenMany(ctx, p, requests); err != nil || !a.Propose {
			return err
		}
		return s.propose(ctx, p, views)
	})
	if f, ok := fault.As(err); ok && len(f.Fields) > 0 {
		return nil, f.With("subjects", order)
	}
	if err != nil {
		return nil, err
	}
	return views, nil
}

// requests puts each entry's choice over the common form, and what the form
// says of the entry over that.
func requests(have []Entry, a Application) ([]casework.OpenRequest, []string, error) {
	if a.Procedure == "" {
		a.Procedure = ways[0]
	}
	order := a.Resources
	if len(order) == 0 {
		order = resourcesOf(have)
	}
	var faults fault.Collector
	if !slices.Contains(ways, a.Procedure) {
		faults.Add("procedure", "not_in_list", "数据车只能用于共享申请", "CN-20.2")
	}
	if len(order) == 0 {
		faults.Add("resources", "required", "数据车是空的", "CN-20.2")
	}
	for _, id := range slices.Sorted(maps.Keys(a.Own)) {
		if !slices.Contains(order, id) {
			faults.Add("own", "not_in_cart", "差异内容所指的目录条目不在此次申请之中", "CN-20.2")
		}
	}
	out := make([]casework.OpenRequest, 0, len(order))
	for i, id := range order {
		at := slices.IndexFunc(have, func(e Entry) bool { return e.Resource == id })
		switch path := fmt.Sprintf("resources[%d]", i); {
		case at < 0:
			faults.Add(path, "not_in_cart", "不在数据车中", "CN-20.2")
		case slices.Contains(order[:i], id):
			faults.Add(path, "duplicate", "重复列出", "CN-20.2")
		default:
			out = append(out, casework.OpenRequest{Procedure: a.Procedure, Action: "draft", Subject: id, Fields: fields(have[at], a.Fields, a.Own[id])})
		}
	}
	return out, order, faults.Err("cart_invalid", "批量申请的内容有误", "CN-20.2")
}

func fields(e Entry, common, own map[string]any) map[string]any {
	out := map[string]any{}
	maps.Copy(out, common)
	if len(e.Items) > 0 {
		out["items"] = e.Items
	}
	if len(e.Clear) > 0 {
		out["clear_items"] = e.Clear
	}
	if len(e.Rows) > 0 {
		rows := make([]any, len(e.Rows))
		for i, c := range e.Rows {
			rows[i] = map[string]any{"item": c.Item, "op": string(c.Op), "values": c.Values}
		}
		out["rows"] = rows
	}
	if e.Method != "" {
		out["method"] = string(e.Method)
	}
	if e.Mode != "" {
		out["mode"] = string(e.Mode)
	}
	maps.Copy(out, own)
	return out
}

// propose hands every application to the office head, or none: what is still
// missing is told of each in its place.
func (s *Service) propose(ctx context.Context, p org.Principal, views []casework.View) error {
	var faults fault.Collector
	for i, v := range views {
		moved, err := s.Cases.Take(ctx, p, v.Case.ID, casework.TakeRequest{Action: "propose"})
		f, refused := fault.As(err)
		switch path := fmt.Sprintf("subjects[%d]", i); {
		case err == nil:
			views[i] = moved
		case !refused || f.Kind == fault.Unavailable:
			return err
		case !faults.Merge(path+".", err):
			faults.Add(path, f.Code, f.Message, f.Basis)
		}
	}
	return faults.Err("bulk_invalid", "批量办理中有不符合要求的,全部未办理,请一并更正", "")
}

func resourcesOf(entries []Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Resource
	}
	return out
}
