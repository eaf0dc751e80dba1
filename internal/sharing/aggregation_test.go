package sharing

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/law"
)

func releaseRules(t testing.TB) []AggregationRule {
	t.Helper()
	source, err := law.Rulebooks.ReadFile("risk/aggregation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	rules, err := ParseAggregation(source)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

func TestAggregationRulesAreRefusedWhole(t *testing.T) {
	t.Parallel()
	releaseRules(t)
	for name, text := range map[string]string{
		"an unknown member":            "rules: [{id: a, name: 甲, clause: CN-25.2, colour: red, sensitivities: [phone, address], raises_to: core}]",
		"an unknown sensitivity":       "rules: [{id: a, name: 甲, clause: CN-25.2, sensitivities: [phone, shoe_size], raises_to: core}]",
		"one sensitivity alone":        "rules: [{id: a, name: 甲, clause: CN-25.2, sensitivities: [phone], raises_to: core}]",
		"no condition":                 "rules: [{id: a, name: 甲, clause: CN-25.2, raises_to: core}]",
		"two conditions":               "rules: [{id: a, name: 甲, clause: CN-25.2, sensitivities: [phone, address], level: core, items: 2, raises_to: core}]",
		"an unknown level":             "rules: [{id: a, name: 甲, clause: CN-25.2, sensitivities: [phone, address], raises_to: cosmic}]",
		"no clause":                    "rules: [{id: a, name: 甲, sensitivities: [phone, address], raises_to: core}]",
		"an ID twice":                  "rules: [{id: a, name: 甲, clause: C, level: core, items: 2, raises_to: core}, {id: a, name: 乙, clause: C, level: core, items: 3, raises_to: core}]",
		"a count that one can satisfy": "rules: [{id: a, name: 甲, clause: C, sensitivity: phone, resources: 1, raises_to: core}]",
	} {
		if _, err := ParseAggregation([]byte(text)); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func some(resource string, s ...catalog.Sensitivity) []held {
	var out []held
	for _, x := range s {
		out = append(out, held{resource, catalog.Item{Code: string(x), Sensitivity: x, Level: catalog.General4}})
	}
	return out
}

func TestHits(t *testing.T) {
	t.Parallel()
	rules := releaseRules(t)
	important := func(resource string, n int) (out []held) {
		for i := range n {
			out = append(out, held{resource, catalog.Item{Code: string(rune('a' + i)), Level: catalog.Important}})
		}
		return out
	}
	for _, c := range []struct {
		name        string
		have, asked []held
		want        []string
	}{
		{"parts of two resources", some("r1", catalog.ResidentID, catalog.Phone), some("r2", catalog.Address), []string{"identity_contact_address"}},
		{"all of one resource: assessed when catalogued", nil, some("r1", catalog.ResidentID, catalog.Phone, catalog.Address), nil},
		{"a part is missing", some("r1", catalog.ResidentID), some("r2", catalog.Phone), nil},
		{"what is asked for adds nothing to it", slices.Concat(some("r1", catalog.ResidentID, catalog.Phone), some("r2", catalog.Address)), some("r3", catalog.Email), nil},
		{"two rules at once", some("r1", catalog.ResidentID, catalog.Phone), some("r2", catalog.Address, catalog.BankCard), []string{"identity_contact_address", "identity_finance"}},
		{"the same grant twice is one resource", some("r1", catalog.ResidentID, catalog.BankCard), some("r1", catalog.ResidentID, catalog.BankCard), nil},
		{"five sources", slices.Concat(some("r1", catalog.ResidentID), some("r2", catalog.ResidentID), some("r3", catalog.ResidentID), some("r4", catalog.ResidentID)), some("r5", catalog.ResidentID), []string{"identity_profile"}},
		{"four sources", slices.Concat(some("r1", catalog.ResidentID), some("r2", catalog.ResidentID), some("r3", catalog.ResidentID)), some("r4", catalog.ResidentID), nil},
		{"ten important items", important("r1", 9), important("r2", 1), []string{"important_accumulated"}},
		{"nine important items", important("r1", 8), important("r2", 1), nil},
	} {
		var got []string
		for _, h := range hits(rules, c.have, c.asked) {
			got = append(got, h.Rule.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Who holds more meets no fewer rules, in whatever order it is listed.
func TestHitsGrowWithWhatIsHeld(t *testing.T) {
	t.Parallel()
	rules := releaseRules(t)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) []held {
			return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) held {
				s := rapid.SampledFrom(sensitivities).Draw(t, "sensitivity")
				return held{rapid.SampledFrom([]string{"r1", "r2", "r3", "r4", "r5", "r6"}).Draw(t, "resource"),
					catalog.Item{Code: string(s), Sensitivity: s, Level: rapid.SampledFrom(levels).Draw(t, "level")}}
			}), 0, 20).Draw(t, label)
		}
		have, more := draw("have"), draw("more")
		all := rapid.Permutation(slices.Concat(have, more)).Draw(t, "order")
		names := func(items []held) map[string]bool {
			out := map[string]bool{}
			for _, h := range hits(rules, items, nil) {
				out[h.Rule.ID] = true
			}
			return out
		}
		// Two listings of one item may differ in level here; dedupe keeps the first,
		// so let one resource's item have one level.
		level := map[[2]string]catalog.Level{}
		even := func(items []held) []held {
			out := slices.Clone(items)
			for i, h := range out {
				key := [2]string{h.resource, h.item.Code}
				if _, ok := level[key]; !ok {
					level[key] = h.item.Level
				}
				out[i].item.Level = level[key]
			}
			return out
		}
		few, many := names(even(have)), names(even(all))
		for id := range few {
			if !many[id] {
				t.Fatalf("rule %s is no longer met by more", id)
			}
		}
	})
}

// world is a consumer with grants, in memory.
type aggregationWorld struct {
	Store
	grants   []Grant
	versions map[string]catalog.Version
	risks    map[[2]string]Risk
}

func (w *aggregationWorld) Do(ctx context.Context, fn func(context.Context) error) error {
	return fn(ctx)
}
func (w *aggregationWorld) Grants(_ context.Context, f GrantFilter) (out []Grant, _ error) {
	for _, g := range w.grants {
		if (f.Consumer == "" || g.Consumer == f.Consumer) && (f.After == "" || g.ID < f.After) {
			out = append(out, g)
		}
	}
	return out, nil
}
func (w *aggregationWorld) Resource(_ context.Context, id string) (catalog.Resource, error) {
	return catalog.Resource{ID: id, Published: 1}, nil
}
func (w *aggregationWorld) Version(_ context.Context, r string, _ int) (catalog.Version, error) {
	return w.versions[r], nil
}
func (w *aggregationWorld) System(context.Context, string) (org.System, error) {
	return org.System{}, fault.Missing("系统", "")
}
func (w *aggregationWorld) Department(_ context.Context, id string) (org.Department, error) {
	return org.Department{ID: id, Region: map[string]string{"c1": "130102", "c2": "130500"}[id]}, nil
}
func (w *aggregationWorld) PutRisk(_ context.Context, r Risk) error {
	w.risks[[2]string{r.Consumer, r.Rule}] = r
	return nil
}
func (w *aggregationWorld) Risk(_ context.Context, consumer, rule string) (Risk, error) {
	r, ok := w.risks[[2]string{consumer, rule}]
	if !ok {
		return r, fault.Missing("汇聚风险", rule)
	}
	return r, nil
}
func (w *aggregationWorld) Risks(context.Context) (out []Risk, _ error) {
	for _, r := range w.risks {
		if r.ClearedAt == nil {
			out = append(out, r)
		}
	}
	return out, nil
}

func version(items ...held) catalog.Version {
	v := catalog.Version{Number: 1}
	for _, h := range items {
		v.Entry.Items = append(v.Entry.Items, h.item)
	}
	return v
}

func newAggregationWorld(t *testing.T) (*aggregationWorld, *Flows, *clock.Fake) {
	clk := clock.NewFake(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC))
	w := &aggregationWorld{risks: map[[2]string]Risk{}, versions: map[string]catalog.Version{
		"people":   version(some("people", catalog.ResidentID, catalog.Phone)...),
		"property": version(some("property", catalog.Address)...),
	}}
	w.grants = []Grant{{ID: "g1", Case: "k1", Consumer: "c1", Provider: "p1", Resource: "people", ResourceVersion: 1, Mode: Query,
		Items: []string{"resident_id", "phone"}, NotAfter: clk.Now().AddDate(0, 1, 0)}}
	return w, NewFlows(NewService(w, w, w, clk), nil, releaseRules(t), w), clk
}

func TestAgreementWaitsForTheAssessment(t *testing.T) {
	t.Parallel()
	w, f, clk := newAggregationWorld(t)
	c := &procedure.Case{ID: "k2", Subject: "property", Parties: map[string]string{"consumer": "c1"},
		Facts: map[string]any{"items": []any{"address"}, "mode": "query"}}
	ask := func() error { return f.aggregation(t.Context(), c, procedure.Step{At: clk.Now()}) }
	refused := func(code string) {
		t.Helper()
		x, ok := fault.As(ask())
		if !ok || x.Code != code || x.Basis != "CN-25.2" {
			t.Fatalf("got %v, want %s", x, code)
		}
	}
	refused("aggregation_assessment_required")
	c.Facts["aggregation_rules"], c.Facts["aggregation_conclusion"] = []any{"identity_finance"}, "pass"
	refused("aggregation_assessment_required") // of another combination
	c.Facts["aggregation_rules"], c.Facts["aggregation_conclusion"] = []any{"identity_contact_address"}, "fail"
	refused("aggregation_risk")
	c.Facts["aggregation_conclusion"] = "pass"
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	delete(c.Facts, "aggregation_rules")
	c.Facts["mode"] = "verify"
	if err := ask(); err != nil {
		t.Errorf("verification holds nothing: %v", err)
	}
	c.Facts["mode"] = "query"
	w.grants[0].NotAfter = clk.Now()
	if err := ask(); err != nil {
		t.Errorf("the other grant has expired: %v", err)
	}
}

func TestScanAggregation(t *testing.T) {
	t.Parallel()
	w, f, clk := newAggregationWorld(t)
	w.grants = append(w.grants, Grant{ID: "g0", Consumer: "c1", Resource: "property", ResourceVersion: 1, Mode: Query, Items: []string{"address"},
		NotAfter: clk.Now().AddDate(0, 0, 2)}, Grant{ID: "g2", Consumer: "c2", Resource: "property", ResourceVersion: 1, Mode: Query,
		Items: []string{"address"}, NotAfter: clk.Now().AddDate(0, 0, 2)})
	scan := func(want int) []Risk {
		t.Helper()
		got, err := f.ScanAggregation(t.Context())
		if err != nil || len(got) != want {
			t.Fatalf("%v, %v; want %d", got, err, want)
		}
		return got
	}
	first := scan(1)[0]
	if first.Consumer != "c1" || first.Rule != "identity_contact_address" || first.RaisesTo != catalog.Important || len(first.Resources) != 2 {
		t.Errorf("%+v", first)
	}
	clk.Advance(24 * time.Hour)
	if again := scan(1)[0]; !again.FirstSeen.Equal(first.FirstSeen) || !again.LastSeen.After(first.LastSeen) {
		t.Errorf("the second day: %+v", again)
	}
	authority := org.Principal{Person: org.Person{Roles: []org.Role{org.Supervisor}}, Department: org.Department{ID: "a"}, Territory: "130100"}
	elsewhere := authority
	elsewhere.Territory = "130500"
	own := org.Principal{Department: org.Department{ID: "c1"}}
	for name, p := range map[string]org.Principal{"authority": authority, "elsewhere": elsewhere, "own": own, "stranger": {Department: org.Department{ID: "x"}}} {
		seen, err := f.Risks(t.Context(), p)
		if err != nil || (len(seen) == 1) != (name == "authority" || name == "own") {
			t.Errorf("%s sees %v, %v", name, seen, err)
		}
		if len(seen) == 1 && (!seen[0].Demanded || seen[0].RuleName == "") {
			t.Errorf("%s: %+v", name, seen[0])
		}
	}
	clk.Advance(24 * time.Hour) // the address grants end
	scan(0)
	if r := w.risks[[2]string{"c1", "identity_contact_address"}]; r.ClearedAt == nil {
		t.Errorf("not cleared: %+v", r)
	}
}
