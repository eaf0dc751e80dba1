package procedure_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/law"
)

// plain counts every day as a working day: calendars have tests of their own.
type plain struct{}

func (plain) Due(from time.Time, length int, _ string) procedure.DueDate {
	day := from.Truncate(24 * time.Hour).Add(time.Duration(length) * 24 * time.Hour)
	return procedure.DueDate{At: day.Add(24 * time.Hour), LastDay: day.Format(time.DateOnly), WorkingDays: length}
}

func (plain) Extend(d procedure.DueDate, length int, _ string) procedure.DueDate {
	day := d.At.Add(time.Duration(length-1) * 24 * time.Hour)
	return procedure.DueDate{At: day.Add(24 * time.Hour), LastDay: day.Format(time.DateOnly), WorkingDays: d.WorkingDays + length}
}

var start = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

func rules(t testing.TB) *rulebook.Rules {
	t.Helper()
	var books []*rulebook.Rulebook
	for _, name := range []string{"cn-809.yaml", "hebei-2023.yaml", "county-2024.yaml"} {
		src, err := law.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, b)
	}
	r, err := rulebook.NewLibrary(books...).InForce("130102", start)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func seed(procedureID string, facts map[string]any) *procedure.Case {
	return &procedure.Case{ID: ident.New(), Procedure: procedureID, Region: "130102",
		Parties: map[string]string{"consumer": ident.New(), "provider": ident.New()},
		Facts:   facts, Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{}}
}

func form() map[string]any {
	return map[string]any{"basis": "职责", "scenario": "核验", "scope_of_use": "本部门", "purpose": "p", "method": "service_api",
		"until": "2026-12-31", "items": []any{"code"}, "mode": "query", "systems": []any{ident.New()}}
}

func must(t testing.TB, r *rulebook.Rules, c *procedure.Case, at time.Time, action, relation string, fields map[string]any) *procedure.Case {
	t.Helper()
	next, _, err := procedure.Apply(r, plain{}, c, procedure.Step{Action: action, At: at, Fields: fields, Actor: procedure.Actor{Relations: []string{relation}}})
	if err != nil {
		t.Fatalf("%s: %v", action, err)
	}
	return next
}

func received(t testing.TB, r *rulebook.Rules, attribute string) *procedure.Case {
	t.Helper()
	c := must(t, r, seed("application", map[string]any{"attribute": attribute}), start, "draft", "consumer.clerk", form())
	c = must(t, r, c, start, "propose", "consumer.clerk", nil)
	return must(t, r, c, start, "consent", "consumer.office_head", nil)
}

func refuse(t testing.TB, r *rulebook.Rules, c *procedure.Case, action, relation string, fields map[string]any) *fault.Fault {
	t.Helper()
	before, _ := json.Marshal(c)
	_, act, err := procedure.Apply(r, plain{}, c, procedure.Step{Action: action, At: start, Fields: fields, Actor: procedure.Actor{Relations: []string{relation}}})
	f, ok := fault.As(err)
	if !ok || act != nil {
		t.Fatalf("%s by %s: want a refusal, got %v", action, relation, err)
	}
	if after, _ := json.Marshal(c); string(after) != string(before) {
		t.Fatalf("%s by %s was refused and changed the case", action, relation)
	}
	return f
}

func TestReplyClockByAttribute(t *testing.T) {
	r := rules(t)
	for attribute, days := range map[string]int{"unconditional": 1, "conditional": 10} {
		k := received(t, r, attribute).Clocks["reply"]
		if k.WorkingDays != days || k.Clause != "CN-21.1" || !k.Running() {
			t.Errorf("%s: %+v", attribute, k)
		}
	}
}

func TestSupplementStopsTheClockAndItStartsAfresh(t *testing.T) {
	r := rules(t)
	c := received(t, r, "conditional")
	c = must(t, r, c, start.Add(48*time.Hour), "supplement_notice", "provider.clerk", map[string]any{"supplement_list": "批准文件"})
	if c.Clocks["reply"].Running() {
		t.Fatal("the clock still runs during the supplement")
	}
	again := start.Add(240 * time.Hour)
	c = must(t, r, c, again, "complete", "consumer.clerk", map[string]any{"supplement": "已附"})
	if k := c.Clocks["reply"]; !k.Running() || !k.StartedAt.Equal(again) || k.Due != (plain{}).Due(again, 10, "").At {
		t.Fatalf("not afresh: %+v", k)
	}
	f := refuse(t, r, c, "supplement_notice", "provider.clerk", map[string]any{"supplement_list": "又一份"})
	if f.Code != "already_done" || f.Basis != "CN-21.2" {
		t.Fatalf("second notice: %+v", f)
	}
}

func TestAnExtensionAddsToTheOriginalEnd(t *testing.T) {
	r := rules(t)
	c := received(t, r, "conditional")
	due := c.Clocks["reply"].Due
	c = must(t, r, c, start.Add(24*time.Hour), "request_extension", "provider.office_head", map[string]any{"reasons": "数据量大", "extension_days": 7.0})
	c = must(t, r, c, start.Add(72*time.Hour), "consent_extension", "provider.authority", nil)
	if got := c.Clocks["reply"]; !got.Due.Equal(due.AddDate(0, 0, 7)) || got.ExtendedBy != 7 || !got.Running() {
		t.Fatalf("%+v, original end %s", got, due)
	}
	if f := refuse(t, r, c, "request_extension", "provider.office_head", map[string]any{"reasons": "x", "extension_days": 1.0}); f.Code != "already_done" {
		t.Fatalf("a second extension: %v", f)
	}
}

func TestRefusals(t *testing.T) {
	r := rules(t)
	agreed := must(t, r, received(t, r, "conditional"), start, "agree", "provider.office_head", nil)
	refused := must(t, r, received(t, r, "conditional"), start, "refuse", "provider.office_head", map[string]any{"reasons": "法律规定不得提供"})
	draft := must(t, r, seed("application", map[string]any{}), start, "draft", "consumer.clerk", nil)
	for _, tc := range []struct {
		name, action, relation string
		on                     *procedure.Case
		fields                 map[string]any
		code, basis            string
		fieldPaths             []string
	}{
		{"a reply after the grant", "agree", "provider.office_head", agreed, nil, "step_not_allowed", "CN-20.3", nil},
		{"a refusal after the grant", "refuse", "provider.office_head", agreed, map[string]any{"reasons": "x"}, "step_not_allowed", "CN-21.2", nil},
		{"a step on a closed case", "agree", "provider.office_head", refused, nil, "case_closed", "CN-20.3", nil},
		{"a clerk signs for the head", "consent", "consumer.clerk", must(t, r, must(t, r, draft, start, "amend", "consumer.clerk", form()), start, "propose", "consumer.clerk", nil), nil, "actor_not_entitled", "CN-20.2", nil},
		{"the consumer replies itself", "agree", "consumer.office_head", received(t, r, "conditional"), nil, "actor_not_entitled", "CN-20.3", nil},
		{"refusal without reasons", "refuse", "provider.office_head", received(t, r, "conditional"), map[string]any{"reasons": "  "}, "fields_invalid", "CN-21.2", []string{"fields.reasons"}},
		{"added conditions", "agree", "provider.office_head", received(t, r, "conditional"), map[string]any{"conditions": "先签协议"}, "fields_invalid", "CN-20.3", []string{"fields.conditions"}},
		{"unknown action", "bribe", "provider.office_head", agreed, nil, "action_unknown", "CN-20.2", nil},
		{"everything missing at once", "propose", "consumer.clerk", draft, map[string]any{"until": "soon", "mode": "steal"}, "fields_invalid", "CN-20.2",
			[]string{"fields.until", "fields.basis", "fields.scenario", "fields.scope_of_use", "fields.purpose", "fields.method", "fields.items", "fields.systems", "fields.mode"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := refuse(t, r, tc.on, tc.action, tc.relation, tc.fields)
			if f.Code != tc.code || f.Basis != tc.basis || f.Message == "" {
				t.Fatalf("got %+v", f)
			}
			var paths []string
			for _, x := range f.Fields {
				paths = append(paths, x.Path)
			}
			slices.Sort(paths)
			slices.Sort(tc.fieldPaths)
			if !slices.Equal(paths, tc.fieldPaths) {
				t.Fatalf("fields %v, want %v", paths, tc.fieldPaths)
			}
		})
	}
}

func TestExpectedVersionIsCompared(t *testing.T) {
	r := rules(t)
	c := received(t, r, "conditional")
	_, _, err := procedure.Apply(r, plain{}, c, procedure.Step{Action: "agree", At: start, Expect: c.Version - 1,
		Actor: procedure.Actor{Relations: []string{"provider.office_head"}}})
	if !fault.Is(err, "changed_meanwhile") {
		t.Fatalf("got %v", err)
	}
}

// everyRelation lists each relation that any action of the procedure names.
func everyRelation(p *rulebook.Procedure) []string {
	set := map[string]bool{"stranger": true}
	for _, a := range p.Actions {
		for _, r := range a.By {
			set[r] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// value makes a legal value of a field's type.
func value(f rulebook.Field) any {
	switch f.Type {
	case rulebook.Date:
		return "2026-12-31"
	case rulebook.Integer:
		return float64(max(f.Min, 1))
	case rulebook.Boolean:
		return true
	case rulebook.Choice:
		return slices.Sorted(maps.Keys(f.Options))[0]
	case rulebook.TextList:
		return []any{"甲"}
	case rulebook.ID:
		return ident.New()
	case rulebook.IDList:
		return []any{ident.New()}
	case rulebook.Object:
		return []any{}
	case rulebook.Digest:
		return strings.Repeat("ab", 32)
	}
	return strings.Repeat("文", max(f.Min, 2))
}

// fill brings everything an action requires or needs.
func fill(p *rulebook.Procedure, a rulebook.Action) map[string]any {
	fields := map[string]any{}
	for _, name := range slices.Concat(a.Requires, a.Needs) {
		fields[name] = value(p.Fields[name])
	}
	return fields
}

// Random walks over every procedure: each step taken is one the rulebook
// declares, each one refused leaves the case alone, and the acts alone rebuild
// the case, also after a round trip through JSON as the store makes it.
func TestWalksStayInsideTheRulebookAndReplay(t *testing.T) {
	r := rules(t)
	for _, book := range r.Books {
		for id, p := range book.Procedures {
			t.Run(id, func(t *testing.T) {
				rapid.Check(t, func(rt *rapid.T) { walk(rt, r, &p) })
			})
		}
	}
}

func extending(p *rulebook.Procedure, action string) bool {
	for _, k := range p.Clocks {
		if slices.Contains(k.Extends, action) {
			return true
		}
	}
	return false
}

func walk(rt *rapid.T, r *rulebook.Rules, p *rulebook.Procedure) {
	facts := map[string]any{} // what conditions go by, as a case may be prepared with it
	for _, a := range p.Actions {
		for name := range a.When {
			if options := slices.Sorted(maps.Keys(p.Fields[name].Options)); len(options) > 0 && facts[name] == nil {
				facts[name] = rapid.SampledFrom(options).Draw(rt, name)
			}
		}
	}
	c := seed(p.ID, facts)
	first, _ := json.Marshal(c)
	actions, relations := slices.Sorted(maps.Keys(p.Actions)), everyRelation(p)
	var acts []procedure.Act
	at := start
	for range rapid.IntRange(1, 40).Draw(rt, "steps") {
		at = at.Add(time.Duration(rapid.IntRange(0, 96).Draw(rt, "hours")) * time.Hour)
		a := p.Actions[rapid.SampledFrom(actions).Draw(rt, "action")]
		relation := rapid.SampledFrom(relations).Draw(rt, "relation")
		next, act, err := procedure.Apply(r, plain{}, c, procedure.Step{Action: a.ID, At: at, Fields: fill(p, a),
			Actor: procedure.Actor{Relations: []string{relation}}})
		declared := slices.Contains(a.By, relation) && c.Open() && a.Opens == (c.Version == 0) &&
			(a.Opens || slices.Contains(a.From, c.Stage)) && !(a.Once && c.Taken[a.ID] > 0) && rulebook.Holds(a.When, c.Facts)
		if declared && err != nil && extending(p, a.ID) {
			continue // the clock refuses: extended already, not extensible, or by how much is not said
		}
		if (err == nil) != declared {
			rt.Fatalf("stage %q, action %s by %s: declared %v, got %v", c.Stage, a.ID, relation, declared, err)
		}
		if err != nil {
			if f, ok := fault.As(err); !ok || f.Basis == "" || f.Message == "" {
				rt.Fatalf("a refusal without clause or reason: %v", err)
			}
			continue
		}
		if _, ok := p.Stages[next.Stage]; !ok {
			rt.Fatalf("undeclared stage %q", next.Stage)
		}
		acts = append(acts, *act)
		c = next
	}
	stored, _ := json.Marshal(acts)
	var back []procedure.Act
	var origin procedure.Case
	if json.Unmarshal(stored, &back) != nil || json.Unmarshal(first, &origin) != nil {
		rt.Fatal("acts do not survive JSON")
	}
	rebuilt, err := procedure.Replay(func(string) (*rulebook.Rules, error) { return r, nil }, plain{}, &origin, back)
	if err != nil {
		rt.Fatal(err)
	}
	want, _ := json.Marshal(c)
	got, _ := json.Marshal(rebuilt)
	if string(got) != string(want) {
		rt.Fatalf("replay gives\n%s\nwant\n%s", got, want)
	}
}
