package demand

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// maxNote bounds what a department says with its joining, in characters.
const maxNote = 500

// Line is a demand as one reader sees it on the board.
type Line struct {
	Demand
	DepartmentName string
	ResourceCode   string // of the resource that answers it
	ResourceName   string
	Joined         []Joined
	Ours           bool // the reader's department asks for it
	JoinedByUs     bool
}

// Joined is a department that needs the same.
type Joined struct {
	Department string
	Name       string
}

// List gives the board: everybody signed in may know what is looked for, so
// that nobody asks twice and whoever has it can say so.
func (s *Service) List(ctx context.Context, p org.Principal, f Filter) ([]Line, error) {
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	list, err := s.Store.Demands(ctx, f)
	if err != nil {
		return nil, err
	}
	out := make([]Line, 0, len(list))
	for _, d := range list {
		l, err := s.line(ctx, p, d)
		if err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, nil
}

// Get gives one demand of the board.
func (s *Service) Get(ctx context.Context, p org.Principal, id string) (Line, error) {
	d, err := s.Store.Demand(ctx, id)
	if err != nil {
		return Line{}, err
	}
	return s.line(ctx, p, d)
}

func (s *Service) line(ctx context.Context, p org.Principal, d Demand) (Line, error) {
	l := Line{Demand: d, Ours: d.Department == p.Department.ID}
	asker, err := s.Org.Department(ctx, d.Department)
	if err != nil {
		return l, err
	}
	l.DepartmentName = asker.Name
	joins, err := s.Store.Joins(ctx, d.ID)
	if err != nil {
		return l, err
	}
	for _, j := range joins {
		x, err := s.Org.Department(ctx, j.Department)
		if err != nil {
			return l, err
		}
		l.Joined = append(l.Joined, Joined{Department: x.ID, Name: x.Name})
		l.JoinedByUs = l.JoinedByUs || x.ID == p.Department.ID
	}
	if d.Resource == "" {
		return l, nil
	}
	r, err := s.Catalog.Resource(ctx, d.Resource)
	if err != nil {
		return l, err
	}
	v, err := s.Catalog.Version(ctx, r.ID, r.Published)
	l.ResourceCode, l.ResourceName = r.Code, v.Entry.Name
	return l, err
}

// Join says that the reader's department needs the same; said again it changes
// the note. The authority is told.
func (s *Service) Join(ctx context.Context, p org.Principal, id, note string) (Line, error) {
	if !p.HasAny(org.Clerk, org.OfficeHead) {
		return Line{}, fault.New(fault.Forbidden, "not_office", "由本部门的经办人或者共享工作机构负责人提出").Under("CN-20.1")
	}
	note = strings.TrimSpace(note)
	var faults fault.Collector
	if utf8.RuneCountInString(note) > maxNote {
		faults.Add("note", "too_long", fmt.Sprintf("不得超过%d个字符", maxNote), "CN-20.1")
	}
	if what := privacy.Find(note); what != "" {
		faults.Add("note", "personal_data", "文字中不得出现"+what, "CN-37.1")
	}
	if err := faults.Err("join_invalid", "说明填写有误", ""); err != nil {
		return Line{}, err
	}
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		d, err := s.Store.Demand(ctx, id)
		if err != nil {
			return err
		}
		switch {
		case d.Department == p.Department.ID:
			return fault.New(fault.Conflict, "own_demand", "这是本部门自己提出的需求").Under("CN-20.1")
		case d.State == Closed:
			return fault.New(fault.Illegal, "demand_closed", "本件需求已经办结,仍需要的可以另行提出").Under("CN-20.1")
		}
		joins, err := s.Store.Joins(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Store.PutJoin(ctx, Join{Demand: id, Department: p.Department.ID, Person: p.Person.ID, Note: note, JoinedAt: s.Clock.Now()}); err != nil {
			return err
		}
		if slices.ContainsFunc(joins, func(j Join) bool { return j.Department == p.Department.ID }) {
			return nil
		}
		authority, err := s.Org.SameLevelAuthority(ctx, d.Department)
		if err != nil {
			return err
		}
		return s.Cases.Tell(ctx, casework.Telling{Case: id, Subject: about(d), Text: p.Department.Name + "也需要“" + d.Name + "”", Clause: "CN-20.1",
			To: []casework.Turn{{Case: id, Department: authority, Relation: "consumer.authority"}}})
	})
	if err != nil {
		return Line{}, err
	}
	return s.Get(ctx, p, id)
}

// Leave takes a joining back.
func (s *Service) Leave(ctx context.Context, p org.Principal, id string) error {
	if !p.HasAny(org.Clerk, org.OfficeHead) {
		return fault.New(fault.Forbidden, "not_office", "由本部门的经办人或者共享工作机构负责人提出").Under("CN-20.1")
	}
	return s.Store.DropJoin(ctx, id, p.Department.ID)
}

// Prefilled is an application's form, filled from a demand as far as that goes.
type Prefilled struct {
	Procedure string
	Subject   string // resource
	Title     string
	Fields    map[string]any
	Missing   []string // wanted items that the resource does not have
}

// Application fills the form of an application for the resource that answers a
// demand: of the asker with what the demand says, of others with the items.
func (s *Service) Application(ctx context.Context, p org.Principal, id string) (Prefilled, error) {
	d, err := s.Store.Demand(ctx, id)
	if err != nil {
		return Prefilled{}, err
	}
	if d.Resource == "" {
		return Prefilled{}, fault.New(fault.Illegal, "not_answered", "本件需求还没有可以申请的目录条目").Under("CN-20.2")
	}
	r, err := s.Catalog.Resource(ctx, d.Resource)
	if err != nil {
		return Prefilled{}, err
	}
	v, err := s.Catalog.Version(ctx, r.ID, r.Published)
	if err != nil {
		return Prefilled{}, err
	}
	covered, lacking := s.cover(d.Items, v.Entry.Items)
	var items []string
	for _, x := range v.Entry.Items {
		if slices.ContainsFunc(sortedKeys(covered), func(w string) bool { return covered[w] == x.Code }) {
			items = append(items, x.Code)
		}
	}
	fields := map[string]any{"items": items, "mode": "query"}
	if slices.Contains(v.Entry.Methods, catalog.ServiceAPI) {
		fields["method"] = string(catalog.ServiceAPI)
	}
	if d.Department == p.Department.ID {
		c, err := s.Cases.Case(ctx, id)
		if err != nil {
			return Prefilled{}, err
		}
		for to, from := range map[string]string{"basis": "basis", "scenario": "scenario", "scope_of_use": "scope"} {
			if text := procedure.Text(c.Facts[from]); text != "" {
				fields[to] = text
			}
		}
		if purpose := procedure.Text(c.Facts["purpose"]); slices.Contains(v.Entry.Purposes, purpose) {
			fields["purpose"] = purpose
		}
	}
	if len(v.Entry.Purposes) == 1 { // the only one that the catalog allows
		fields["purpose"] = v.Entry.Purposes[0]
	}
	return Prefilled{Procedure: "application", Subject: r.ID, Title: v.Entry.Name, Fields: fields, Missing: lacking}, nil
}
