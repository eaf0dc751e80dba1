package app

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// TermAnswer is what `shuqiao term` prints.
type TermAnswer struct {
	Due         string `json:"due"`      // RFC 3339: 24:00 of the last day, in the region's time zone
	LastDay     string `json:"last_day"` // YYYY-MM-DD
	Clause      string `json:"clause"`   // the clause that prevails
	Article     string `json:"article"`
	Term        string `json:"term"`
	WorkingDays int    `json:"working_days"`
	Provisional bool   `json:"provisional"`
	// InForce is false for a day before the rules began: the date is then a
	// trial computation, not a statutory one.
	InForce bool `json:"in_force"`
	// Length and Unit are those applied; ExtendedBy is what an extension adds.
	Length     int           `json:"length"`
	Unit       rulebook.Unit `json:"unit"`
	ExtendedBy int           `json:"extended_by,omitempty"`
	// ExtensionClause decides on the extension: allows it, or allows none.
	ExtensionClause string `json:"extension_clause,omitempty"`
	// Minimum: the period is the least there is to be, not the most.
	Minimum bool `json:"minimum,omitempty"`
	// Configured: the length is the platform's setting, not the law's.
	Configured bool `json:"configured,omitempty"`
	// Overrides are the rules on the same duty that do not apply as stated.
	Overrides []TermOverride `json:"overrides"`
}

// TermOverride is a rule that gives way to the one that prevails.
type TermOverride struct {
	Clause    string        `json:"clause"`
	Article   string        `json:"article"`
	Term      string        `json:"term"`
	Length    int           `json:"length"`
	Unit      rulebook.Unit `json:"unit"`
	Extension int           `json:"extension"` // 0: none
	// Gives says in what it gives way: "length", "extension" or both.
	Gives []string `json:"gives_way_in"`
}

// TermQuery asks when a term ends: the term by its ID or, by the procedure and
// the attribute its clocks go by, that of a procedure's first clock.
type TermQuery struct {
	Term                         string
	Procedure, Attribute, Region string
	Received                     time.Time
	Extended                     bool // by as much as is allowed
}

// ComputeTerm answers a TermQuery with the rules in force there on that day.
// For a day before the rules that know the term began it computes with those
// of their first day, and says so.
func ComputeTerm(lib *rulebook.Library, cal *worktime.Calendar, q TermQuery) (TermAnswer, error) {
	rules, err := lib.InForce(q.Region, q.Received)
	var res rulebook.Resolution
	if err == nil {
		res, err = resolveTerm(rules, q)
	}
	inForce := err == nil
	if err != nil {
		if rules, res, err = trial(lib, q, err); err != nil {
			return TermAnswer{}, err
		}
	}
	days := casework.WorkCalendar{Calendar: cal}
	t := res.Term
	due := days.Due(q.Received, t.Length, string(t.Unit))
	answer := TermAnswer{Clause: t.Clause, Article: rules.Cite(t.Clause), Term: t.ID, InForce: inForce,
		Length: t.Length, Unit: t.Unit, Minimum: t.Minimum, Configured: t.Configured, ExtensionClause: res.ExtensionFrom.ID, Overrides: overrides(rules, res)}
	if q.Extended {
		if t.Extension == nil {
			return TermAnswer{}, notExtensible(rules, res)
		}
		due = days.Extend(due, t.Extension.Length, string(t.Extension.Unit))
		answer.ExtendedBy = t.Extension.Length
	}
	answer.setDue(due)
	return answer, nil
}

func (a *TermAnswer) setDue(due procedure.DueDate) {
	a.Due, a.LastDay = due.At.Format(time.RFC3339), due.LastDay
	a.WorkingDays, a.Provisional = due.WorkingDays, due.Provisional
}

// trial looks for the term in the rules of later first days, the next one
// first. It gives back why when no instrument ever had it there.
func trial(lib *rulebook.Library, q TermQuery, why error) (*rulebook.Rules, rulebook.Resolution, error) {
	books := lib.Current()
	slices.SortStableFunc(books, func(a, b *rulebook.Rulebook) int {
		return strings.Compare(a.Instrument.InForce, b.Instrument.InForce)
	})
	for _, b := range books {
		day, err := worktime.ParseDay(b.Instrument.InForce)
		if err != nil || !day.Start().After(q.Received) {
			continue
		}
		rules, err := lib.InForce(q.Region, day.Start())
		if err != nil {
			continue
		}
		res, err := resolveTerm(rules, q)
		if err == nil {
			return rules, res, nil
		}
		if fault.Is(why, "no_rules_in_force") {
			why = err // what is wrong with the question, rather than with its day
		}
	}
	return nil, rulebook.Resolution{}, why
}

// resolveTerm finds the term asked for, as it is to be applied.
func resolveTerm(rules *rulebook.Rules, q TermQuery) (rulebook.Resolution, error) {
	id := q.Term
	if id == "" {
		proc, err := rules.Procedure(q.Procedure)
		if err != nil {
			return rulebook.Resolution{}, err
		}
		term, err := pickTerm(rules, proc, q)
		if err != nil {
			return rulebook.Resolution{}, err
		}
		id = term.ID
	}
	res, ok := rules.Effective(id)
	if !ok {
		var faults fault.Collector
		faults.Add("term", "not_in_list", "该地当日施行的规则中没有名为“"+id+"”的期限;shuqiao law terms列出全部期限", "")
		return res, faults.Err("term_unknown", "查不到适用的期限", "")
	}
	return res, nil
}

func overrides(rules *rulebook.Rules, res rulebook.Resolution) []TermOverride {
	out := []TermOverride{}
	for _, o := range res.Overrides {
		var gives []string
		if o.Length {
			gives = append(gives, "length")
		}
		if o.Extension {
			gives = append(gives, "extension")
		}
		out = append(out, TermOverride{Gives: gives, Clause: o.Clause.ID, Article: rules.Cite(o.Clause.ID), Term: o.Term.ID,
			Length: o.Term.Length, Unit: o.Term.Unit, Extension: o.Term.ExtensionLength()})
	}
	return out
}

func notExtensible(rules *rulebook.Rules, res rulebook.Resolution) error {
	clause := res.ExtensionFrom.ID
	if clause == "" {
		clause = res.Term.Clause
	}
	return fault.Newf(fault.Illegal, "term_not_extensible", "“%s”不能延长(%s)", res.Term.Name, rules.Cite(clause)).Under(clause)
}

// pickTerm finds the term of the procedure's clock that starts first and goes
// by the attribute.
func pickTerm(rules *rulebook.Rules, proc *rulebook.Procedure, q TermQuery) (rulebook.Term, error) {
	facts := map[string]any{"attribute": q.Attribute, "change": q.Attribute}
	for _, id := range slices.Sorted(maps.Keys(proc.Clocks)) {
		k := proc.Clocks[id]
		conditional := slices.ContainsFunc(k.Terms, func(t rulebook.ClockTerm) bool { return len(t.When) > 0 })
		if !conditional {
			continue
		}
		if t, ok := rules.ClockTerm(k, facts); ok {
			return t, nil
		}
	}
	var faults fault.Collector
	faults.Add("attribute", "not_in_list", "没有适用于“"+q.Attribute+"”的期限;共享申请应为unconditional或conditional", proc.Clause)
	return rulebook.Term{}, faults.Err("term_unknown", "查不到适用的期限", "")
}
