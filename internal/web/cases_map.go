package web

import (
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func toCase(c procedure.Case) wire.Case {
	return wire.Case{
		ID: c.ID, Number: c.Number, Procedure: c.Procedure, Region: c.Region, Subject: c.Subject,
		Title: c.Title, Stage: c.Stage, Version: c.Version, Parties: texts(c.Parties),
		OpenedAt: c.OpenedAt.UTC(), MovedAt: c.MovedAt.UTC(), ClosedAt: utcp(c.ClosedAt),
	}
}

func toCaseView(v casework.View) wire.CaseView {
	c := v.Case
	return wire.CaseView{
		ID: c.ID, Number: c.Number, Procedure: c.Procedure, ProcedureName: v.ProcedureName,
		Rules: c.RulesKey, Region: c.Region, Subject: c.Subject, Title: c.Title,
		Stage: c.Stage, StageName: v.StageName, Final: v.Final, Version: c.Version,
		Parties: toParties(v), Facts: object(c.Facts), Names: texts(v.Names),
		Clocks: each(v.Clocks, toClock), Acts: each(v.Acts, toAct), Actions: each(v.Actions, toAction),
		Relations: strs(v.Relations),
		OpenedAt:  c.OpenedAt.UTC(), MovedAt: c.MovedAt.UTC(), ClosedAt: utcp(c.ClosedAt),
	}
}

// toParties lists the parties in the order of their names, so that the same
// case gives the same answer.
func toParties(v casework.View) []wire.Party {
	return each(slices.Sorted(maps.Keys(v.Case.Parties)), func(party string) wire.Party {
		return wire.Party{Party: party, Department: v.Case.Parties[party], Name: v.PartyNames[party], Label: v.PartyLabels[party]}
	})
}

func toClock(c casework.ClockView) wire.Clock {
	return wire.Clock{
		ID: c.ID, Name: c.Name, Term: c.Term, Clause: c.Clause, Article: c.Article,
		StartedAt: c.StartedAt.UTC(), Due: c.Due.UTC(), LastDay: c.LastDay,
		WorkingDays: c.WorkingDays, Provisional: c.Provisional, ExtendedBy: c.ExtendedBy,
		Running: c.Running, StoppedAt: utcp(c.StoppedAt),
		WorkingDaysLeft: c.WorkingDaysLeft, Overdue: c.Overdue,
	}
}

func toAct(a casework.ActView) wire.Act {
	return wire.Act{
		ID: a.ID, Version: a.Version, Action: a.Action, ActionName: a.ActionName,
		Clause: a.Clause, Article: a.Article, Person: a.Person, PersonName: a.PersonName,
		System: a.System, Department: a.Department, DepartmentName: a.DepartmentName,
		Relation: a.Relation, RelationName: a.RelationName, At: a.At.UTC(),
		From: a.From, To: a.To, StageName: a.StageName, Fields: object(a.Fields), Results: object(a.Results),
	}
}

func toAction(a casework.ActionView) wire.Action {
	return wire.Action{ID: a.ID, Name: a.Name, Clause: a.Clause, Article: a.Article, Fields: each(a.Fields, toFormField)}
}

func toFormField(f casework.FieldView) wire.FormField {
	return wire.FormField{
		ID: f.ID, Name: f.Name, Type: f.Type, Clause: f.Clause,
		Required: f.Required, Min: f.Min, Max: f.Max, Options: f.Options,
	}
}

// object and texts make a map that is never nil: {} on the wire.
func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func texts(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
