package app_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

func TestRulebooksTellsWhichFileIsWrong(t *testing.T) {
	t.Parallel()
	if _, err := app.Rulebooks(fstest.MapFS{}); !fault.Is(err, "no_rulebooks") {
		t.Errorf("an empty directory: %v", err)
	}
	_, err := app.Rulebooks(fstest.MapFS{
		"a.yaml":     {Data: []byte("instrument: {code: a}\n")},
		"a/p.yaml":   {Data: []byte("procedures: {p: {name: x}}\n")},
		"a/q.yaml":   {Data: []byte("procedures: {q: {nmae: x}}\n")},
		"b.yaml":     {Data: []byte("instrument: {code: b}\n")},
		"b/other.md": {Data: []byte("not read")},
	})
	if err == nil || !strings.Contains(err.Error(), "a/q.yaml: ") || !strings.Contains(err.Error(), "nmae") ||
		strings.Contains(err.Error(), "a/p.yaml") || !strings.Contains(err.Error(), "b.yaml: rulebook b: ") {
		t.Errorf("two that are wrong: %v", err)
	}
}

// due is a due date as the node computes it for a case: the rules in force in
// the region on the day, the term of the clock that prevails there, the end on
// the working-day calendar.
func due(b *testing.B, lib *rulebook.Library, cal procedure.Calendar, clock rulebook.Clock, facts map[string]any, at time.Time) procedure.DueDate {
	rules, err := lib.InForce("130102", at)
	if err != nil {
		b.Fatal(err)
	}
	term, ok := rules.ClockTerm(clock, facts)
	if !ok {
		b.Fatal("no term")
	}
	return cal.Due(at, term.Length, string(term.Unit))
}

// BenchmarkDueThroughRules: over 1,000,000 due dates a second on one core are
// wanted, the choice of the rules and of the term included.
func BenchmarkDueThroughRules(b *testing.B) {
	lib, calendar, err := app.Law()
	if err != nil {
		b.Fatal(err)
	}
	cal := casework.WorkCalendar{Calendar: calendar}
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	rules, err := lib.InForce("130102", at)
	if err != nil {
		b.Fatal(err)
	}
	p, err := rules.Procedure("application")
	if err != nil {
		b.Fatal(err)
	}
	facts := map[string]any{"attribute": "conditional"}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		due(b, lib, cal, p.Clocks["reply"], facts, at.Add(time.Duration(i%1000)*time.Hour))
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "dues/s")
}
