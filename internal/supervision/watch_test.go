package supervision

import (
	"slices"
	"strings"
	"testing"
)

// What is watched is a liability item that a rulebook has, its threshold is a
// number of facts, and no fact counts under two clauses.
func TestWhatIsWatched(t *testing.T) {
	t.Parallel()
	rules, err := library(t).InForce("130102", noon)
	if err != nil {
		t.Fatal(err)
	}
	item := func(clause string, roles ...Role) {
		t.Helper()
		i, err := ItemOf(clause)
		if err != nil || !slices.Contains(roles, i.Role) || rules.Clause(clause).Article == "" {
			t.Errorf("%s: %+v, %v", clause, i, err)
		}
	}
	seen, clauses := map[string]bool{}, map[string]bool{}
	for _, r := range watched.Refusals {
		item(r.Clause, Consumer)
		if r.Threshold < 1 || r.By != "grant" && r.By != bySystem || len(r.Codes) == 0 || clauses[r.Clause] {
			t.Errorf("%+v", r)
		}
		clauses[r.Clause] = true // a tally is found again by its clause
		for _, code := range r.Codes {
			if got, ok := watched.ruleOf(code); seen[code] || !ok || got.Clause != r.Clause {
				t.Errorf("%s: %+v", code, got)
			}
			seen[code] = true
		}
	}
	if !clauses[scopeClause] {
		t.Errorf("%s is not watched", scopeClause)
	}
	if _, ok := watched.ruleOf("rate_exceeded"); ok {
		t.Error("a quota is no matter of scope")
	}
	item(watched.Overruled.Clause, Provider)
	for _, name := range watched.Overruled.Acts {
		proc, action, _ := strings.Cut(name, ".")
		p, err := rules.Procedure(proc)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := p.Actions[action]; !ok || p.Parties["provider"] == "" {
			t.Errorf("%s is no step against a provider", name)
		}
	}
	if watched.Overruled.Threshold < 2 || watched.Overruled.Days < 1 || watched.Cooperation.WorkingDays < 1 {
		t.Errorf("%+v %+v", watched.Overruled, watched.Cooperation)
	}
	item(watched.Cooperation.Clause, Provider)
	for _, d := range watched.Duties {
		if _, err := rules.Procedure(d.Procedure); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
		item(d.Consumer, Consumer)
		item(d.Otherwise, Provider)
	}
	for clause, local := range watched.Parallels {
		item(clause, Provider, Consumer)
		for _, id := range local {
			item(id, Department)
		}
	}
}

// The local items that say the same are named where they are in force.
func TestParallelsGoByTheTerritory(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{"130102": "HB-30.4 XN-26.4", "130100": "HB-30.4", "110000": ""} {
		rules, err := library(t).InForce(region, noon)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(watched.parallel("CN-40.2", rules), " "); got != want {
			t.Errorf("%s: %q, want %q", region, got, want)
		}
	}
}
