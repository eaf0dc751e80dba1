package casework

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// View gives a case as the reader sees it.
func (e *Engine) View(ctx context.Context, p org.Principal, id string) (View, error) {
	c, err := e.visible(ctx, p, id)
	if err != nil {
		return View{}, err
	}
	rules, err := e.Rules.ByKey(c.RulesKey)
	if err != nil {
		return View{}, err
	}
	proc, err := rules.Procedure(c.Procedure)
	if err != nil {
		return View{}, err
	}
	v := View{
		Case: c, ProcedureName: proc.Name, StageName: proc.Stages[c.Stage].Name, Final: proc.Stages[c.Stage].Final,
		Clocks: e.clocks(rules, proc, &c), PartyNames: map[string]string{}, PartyLabels: map[string]string{}, Relations: Relations(&c, p),
	}
	for party, department := range c.Parties {
		if v.PartyNames[party], err = e.Dir.DepartmentName(ctx, department); err != nil {
			return View{}, err
		}
		v.PartyLabels[party] = procedure.PartyName(proc, party)
	}
	if v.Names, err = e.names(ctx, proc, c.Facts); err != nil {
		return View{}, err
	}
	for _, a := range procedure.Legal(proc, &c, procedure.Actor{Relations: v.Relations}) {
		v.Actions = append(v.Actions, actionView(rules, proc, a, &c))
	}
	v.Acts, err = e.timeline(ctx, rules, proc, c.ID)
	return v, err
}

// names gives the names of the records that the facts refer to by ID, so that
// a reader of the other department knows which system will call.
func (e *Engine) names(ctx context.Context, proc *rulebook.Procedure, facts map[string]any) (map[string]string, error) {
	out := map[string]string{}
	for name, value := range facts {
		var ids []string
		switch proc.Fields[name].Type {
		case rulebook.ID:
			ids = []string{procedure.Text(value)}
		case rulebook.IDList:
			ids = procedure.Texts(value)
		}
		for _, id := range ids {
			found, err := e.Dir.RecordName(ctx, id)
			if err != nil {
				return nil, err
			}
			if found != "" {
				out[id] = found
			}
		}
	}
	return out, nil
}

func (e *Engine) timeline(ctx context.Context, rules *rulebook.Rules, proc *rulebook.Procedure, id string) ([]ActView, error) {
	acts, err := e.Store.Acts(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make([]ActView, 0, len(acts))
	for _, act := range acts {
		v := ActView{Act: act, ActionName: proc.Actions[act.Action].Name, RelationName: procedure.RelationName(proc, act.Relation),
			Article: rules.Cite(act.Clause), StageName: proc.Stages[act.To].Name}
		if act.Person != "" {
			if v.PersonName, err = e.Dir.PersonName(ctx, act.Person); err != nil {
				return nil, err
			}
		}
		if act.Department != "" {
			if v.DepartmentName, err = e.Dir.DepartmentName(ctx, act.Department); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func (e *Engine) clocks(rules *rulebook.Rules, proc *rulebook.Procedure, c *procedure.Case) []ClockView {
	now := e.Clock.Now()
	out := []ClockView{}
	for id, s := range c.Clocks {
		term, _ := rules.Term(s.Term)
		v := ClockView{ID: id, Name: proc.Clocks[id].Name, Term: term.Name, Clause: s.Clause, Article: rules.Cite(s.Clause),
			StartedAt: s.StartedAt, Due: s.Due, LastDay: s.LastDay, WorkingDays: s.WorkingDays, Provisional: s.Provisional,
			ExtendedBy: s.ExtendedBy, Running: s.Running(), StoppedAt: s.StoppedAt}
		if v.Running {
			v.WorkingDaysLeft = e.Left(now, procedure.DueDate{At: s.Due, LastDay: s.LastDay})
			v.Overdue = !now.Before(s.Due)
		} else {
			v.Overdue = !s.StoppedAt.Before(s.Due)
		}
		out = append(out, v)
	}
	slices.SortFunc(out, func(a, b ClockView) int { return a.StartedAt.Compare(b.StartedAt) })
	return out
}

func actionView(rules *rulebook.Rules, proc *rulebook.Procedure, a rulebook.Action, c *procedure.Case) ActionView {
	v := ActionView{ID: a.ID, Name: a.Name, Clause: a.Clause, Article: rules.Cite(a.Clause), Fields: []FieldView{}}
	add := func(name string, required bool) {
		f := proc.Fields[name]
		v.Fields = append(v.Fields, FieldView{ID: name, Name: f.Name, Type: string(f.Type), Clause: cmp.Or(f.Clause, a.Clause),
			Required: required, Min: f.Min, Max: f.Max, Options: f.Options})
	}
	for _, name := range a.Requires {
		add(name, true)
	}
	for _, name := range a.Needs {
		_, held := c.Facts[name]
		add(name, !held)
	}
	for _, name := range a.Optional {
		add(name, false)
	}
	return v
}

// Cases lists the cases that the reader's department is a party to, the
// authority's included, newest first.
func (e *Engine) Cases(ctx context.Context, p org.Principal, f Filter) ([]procedure.Case, error) {
	f.Department = p.Department.ID
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	all, err := e.Store.Cases(ctx, f)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(c procedure.Case) bool { return len(Relations(&c, p)) == 0 && !audits(p, &c) }), nil
}

// TodoView is one line of somebody's to-do list.
type TodoView struct {
	Case            procedure.Case
	ProcedureName   string
	StageName       string
	Relation        string
	RelationName    string
	Due             *time.Time
	LastDay         string
	WorkingDaysLeft int
	Overdue         bool
	Provisional     bool
	Clause          string // of the clock that runs out first; else of the procedure
	Article         string
}

// Todos gives what waits for the reader, the most urgent first.
func (e *Engine) Todos(ctx context.Context, p org.Principal, limit int) ([]TodoView, error) {
	now := e.Clock.Now()
	inForce, err := e.Rules.InForce(p.Department.Region, now)
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 100
	}
	todos, err := e.Store.Todos(ctx, TodoFilter{Department: p.Department.ID, Relations: held(p, inForce), Limit: limit})
	if err != nil {
		return nil, err
	}
	out := make([]TodoView, 0, len(todos))
	for _, t := range todos {
		rules, err := e.Rules.ByKey(t.Case.RulesKey)
		if err != nil {
			return nil, err
		}
		proc, err := rules.Procedure(t.Case.Procedure)
		if err != nil {
			return nil, err
		}
		out = append(out, e.todoView(rules, proc, t, now))
	}
	return out, nil
}

func (e *Engine) todoView(rules *rulebook.Rules, proc *rulebook.Procedure, t Todo, now time.Time) TodoView {
	v := TodoView{Case: t.Case, ProcedureName: proc.Name, StageName: proc.Stages[t.Case.Stage].Name,
		Relation: t.Turn.Relation, RelationName: procedure.RelationName(proc, t.Turn.Relation), Clause: proc.Clause}
	for _, s := range t.Case.Clocks {
		if s.Running() && (v.Due == nil || s.Due.Before(*v.Due)) {
			due := s.Due
			v.Due, v.LastDay, v.Clause, v.Provisional = &due, s.LastDay, s.Clause, s.Provisional
			v.WorkingDaysLeft = e.Left(now, procedure.DueDate{At: s.Due, LastDay: s.LastDay})
			v.Overdue = !now.Before(s.Due)
		}
	}
	v.Article = rules.Cite(v.Clause)
	return v
}

// Notices gives the reader's inbox, newest first.
func (e *Engine) Notices(ctx context.Context, p org.Principal, limit int) ([]Notice, error) {
	inForce, err := e.Rules.InForce(p.Department.Region, e.Clock.Now())
	if err != nil {
		return nil, err
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	return e.Store.Notices(ctx, TodoFilter{Department: p.Department.ID, Relations: held(p, inForce), Limit: limit})
}
