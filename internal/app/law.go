package app

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

// Law reads the rulebooks and the calendar that this release brings.
func Law() (*rulebook.Library, *worktime.Calendar, error) {
	names, err := fs.Glob(law.Rulebooks, "*.yaml")
	if err != nil {
		return nil, nil, err
	}
	var books []*rulebook.Rulebook
	for _, name := range names {
		source, err := law.Source(name)
		if err != nil {
			return nil, nil, err
		}
		book, err := rulebook.Parse(source)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
		books = append(books, book)
	}
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		return nil, nil, err
	}
	calendar, err := worktime.Load(days)
	if err != nil {
		return nil, nil, err
	}
	return rulebook.NewLibrary(books...), calendar, nil
}

// rememberLaw stores this release's rulebooks and brings back earlier ones, so
// that each case goes on under the rules of the day it was received.
func rememberLaw(ctx context.Context, store casework.Store, lib *rulebook.Library, hooks *casework.Hooks) error {
	for _, b := range lib.Current() {
		if err := hooks.Verify(b); err != nil {
			return err
		}
		if err := store.PutRulebook(ctx, b.Key, b.Instrument.Code, b.Source); err != nil {
			return err
		}
	}
	stored, err := store.Rulebooks(ctx)
	if err != nil {
		return err
	}
	for key, source := range stored {
		b, err := rulebook.Parse(source)
		if err != nil {
			return fmt.Errorf("stored rulebook %s: %w", key, err)
		}
		if err := hooks.Verify(b); err != nil {
			return fmt.Errorf("stored rulebook %s: %w", key, err)
		}
		lib.Remember(b)
	}
	return nil
}

// TermAnswer is what `shuqiao term` prints.
type TermAnswer struct {
	Due         string `json:"due"`      // RFC 3339: 24:00 of the last day, in the region's time zone
	LastDay     string `json:"last_day"` // YYYY-MM-DD
	Clause      string `json:"clause"`
	Article     string `json:"article"`
	Term        string `json:"term"`
	WorkingDays int    `json:"working_days"`
	Provisional bool   `json:"provisional"`
	// InForce is false for a day before the rules began: the date is then a
	// trial computation, not a statutory one.
	InForce bool `json:"in_force"`
}

// TermQuery asks when a procedure's first clock ends.
type TermQuery struct {
	Procedure, Attribute, Region string
	Received                     time.Time
}

// ComputeTerm answers a TermQuery.
func ComputeTerm(lib *rulebook.Library, cal *worktime.Calendar, q TermQuery) (TermAnswer, error) {
	rules, err := lib.InForce(q.Region, q.Received)
	inForce := err == nil
	if err != nil {
		// Before the rules began: compute with those there are, and say so.
		var later error
		if rules, later = lib.InForce(q.Region, lawBegan(lib)); later != nil {
			return TermAnswer{}, err
		}
	}
	proc, err := rules.Procedure(q.Procedure)
	if err != nil {
		return TermAnswer{}, err
	}
	term, err := pickTerm(rules, proc, q)
	if err != nil {
		return TermAnswer{}, err
	}
	due := casework.WorkCalendar{Calendar: cal}.Due(q.Received, term.Length, string(term.Unit))
	return TermAnswer{Due: due.At.Format(time.RFC3339), LastDay: due.LastDay, Clause: term.Clause, Article: rules.Cite(term.Clause),
		Term: term.ID, WorkingDays: due.WorkingDays, Provisional: due.Provisional, InForce: inForce}, nil
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

// lawBegan is the first day of the most senior instrument.
func lawBegan(lib *rulebook.Library) time.Time {
	day, err := worktime.ParseDay(lib.Current()[0].Instrument.InForce)
	if err != nil { // Parse checked it
		panic(err)
	}
	return day.Start()
}
