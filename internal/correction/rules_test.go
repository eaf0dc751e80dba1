package correction_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

func library(t *testing.T) (*rulebook.Library, casework.WorkCalendar) {
	t.Helper()
	var books []*rulebook.Rulebook
	for _, name := range []string{"cn-809.yaml", "hebei-2023.yaml"} {
		source, err := law.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, b)
	}
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		t.Fatal(err)
	}
	calendar, err := worktime.Load(days)
	if err != nil {
		t.Fatal(err)
	}
	return rulebook.NewLibrary(books...), casework.WorkCalendar{Calendar: calendar}
}

// HB-16.2 before CN-26.2: the ten days were extended by up to ten with consent,
// counted from the original end. From 2025-08-01 the same request is refused.
func TestTheExtensionOfTheProvince(t *testing.T) {
	t.Parallel()
	lib, cal := library(t)
	svc := correction.NewService(correction.Deps{Rules: lib})
	extensible := svc.Hooks().Checks["correction.extensible"]
	fields := map[string]map[string]any{
		"report":            {"record": ident.New(), "source": ident.New(), "kind": "wrong", "items": []any{"name"}, "problem": "有误"},
		"request_extension": {"reasons": "外地核实", "extension_days": 5.0},
	}
	for name, c := range map[string]struct {
		at             time.Time
		forward, first string
		extended, code string
	}{
		"under the province alone": {time.Date(2024, 6, 3, 2, 0, 0, 0, time.UTC), "2024-06-06", "2024-06-18", "2024-06-25", ""},
		"under both":               {time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC), "2026-03-05", "2026-03-16", "", "term_not_extensible"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rules, err := lib.InForce("130100", c.at)
			if err != nil {
				t.Fatal(err)
			}
			state := &procedure.Case{ID: ident.New(), Procedure: correction.ViaAuthority, RulesKey: rules.Key, Region: "130100",
				Parties: map[string]string{}, Facts: map[string]any{}, Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{}}
			take := func(action, relation string) error {
				step := procedure.Step{Action: action, At: c.at, Fields: fields[action], Actor: procedure.Actor{Relations: []string{relation}}}
				next, _, err := procedure.Apply(rules, cal, state, step)
				if err == nil {
					state = next
				}
				return err
			}
			must := func(action, relation string) {
				t.Helper()
				if err := take(action, relation); err != nil {
					t.Fatalf("%s: %v", action, err)
				}
			}
			must("report", "consumer.clerk")
			if k := state.Clocks["forward"]; k.LastDay != c.forward {
				t.Errorf("forward by %s, want %s", k.LastDay, c.forward)
			}
			must("forward", "consumer.authority")
			if k := state.Clocks["feedback"]; k.LastDay != c.first {
				t.Errorf("feedback by %s, want %s", k.LastDay, c.first)
			}
			err = extensible(t.Context(), state, procedure.Step{Action: "request_extension", At: c.at})
			if f, ok := fault.As(err); c.code == "" && err != nil || c.code != "" && (!ok || f.Code != c.code || f.Basis != "CN-26.2") {
				t.Fatalf("the request: %v", err)
			}
			must("request_extension", "provider.office_head")
			err = take("consent_extension", "provider.authority")
			if c.code != "" {
				if !fault.Is(err, c.code) {
					t.Errorf("consent: %v", err)
				}
				return
			}
			if k := state.Clocks["feedback"]; err != nil || k.LastDay != c.extended || k.ExtendedBy != 5 {
				t.Errorf("extended to %+v, %v; want %s", k, err, c.extended)
			}
		})
	}
}
