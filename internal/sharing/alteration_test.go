package sharing

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// holds is the plain meaning of a row scope: every condition is met.
func holds(scope []catalog.Condition, row map[string]string) bool {
	for _, c := range scope {
		v := row[c.Item]
		met := slices.Contains(c.Values, v)
		if c.Op == catalog.Prefix {
			met = strings.HasPrefix(v, c.Values[0])
		}
		if !met {
			return false
		}
	}
	return true
}

func scopes(label string) *rapid.Generator[[]catalog.Condition] {
	return rapid.Custom(func(t *rapid.T) []catalog.Condition {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) catalog.Condition {
			op := rapid.SampledFrom([]catalog.Op{catalog.Equal, catalog.In, catalog.Prefix}).Draw(t, "op")
			n := 1
			if op == catalog.In {
				n = rapid.IntRange(1, 3).Draw(t, "n")
			}
			values := rapid.SliceOfN(rapid.StringMatching(`[12]{0,3}`), n, n).Draw(t, "values")
			return catalog.Condition{Item: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "item"), Op: op, Values: values}
		}), 0, 3).Draw(t, label)
	})
}

// A scope that passes as narrower lets no row through that the old one keeps
// out.
func TestNarrowerNeverWidens(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		old, fresh := scopes("old").Draw(t, "old"), scopes("fresh").Draw(t, "fresh")
		if rapid.Bool().Draw(t, "keep") {
			fresh = slices.Concat(old, fresh)
			if !narrower(old, fresh) {
				t.Fatalf("adding conditions to %v is not seen as narrower: %v", old, fresh)
			}
		}
		row := map[string]string{
			"a": rapid.StringMatching(`[12]{0,4}`).Draw(t, "a"), "b": rapid.StringMatching(`[12]{0,4}`).Draw(t, "b"),
		}
		if narrower(old, fresh) && holds(fresh, row) && !holds(old, row) {
			t.Fatalf("%v passed as narrower than %v and lets %v through", fresh, old, row)
		}
	})
}

func TestRenewable(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 9, 2, 16, 0, 0, 0, time.UTC)
	over := end.Add(-time.Hour)
	for name, c := range map[string]struct {
		grant Grant
		at    time.Time
		code  string
	}{
		"in force":              {Grant{NotAfter: end}, end.Add(-1), ""},
		"just expired":          {Grant{NotAfter: end}, end, ""},
		"the last moment":       {Grant{NotAfter: end}, end.Add(RenewalGrace - 1), ""},
		"too late":              {Grant{NotAfter: end}, end.Add(RenewalGrace), "renewal_too_late"},
		"terminated":            {Grant{NotAfter: end, TerminatedAt: &over}, end.Add(-time.Minute), "grant_terminated"},
		"terminated, expired":   {Grant{NotAfter: end, TerminatedAt: &over}, end, "grant_terminated"},
		"to be terminated soon": {Grant{NotAfter: end, TerminatedAt: &over}, over.Add(-1), ""},
	} {
		if err := renewable(c.grant, c.at); c.code == "" && err != nil || c.code != "" && !fault.Is(err, c.code) {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
}

func TestDifferences(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)
	a := Grant{Items: []string{"x"}, Purpose: "p", NotAfter: at}
	b := a
	b.Items, b.SuspendedProvider, b.TerminatedAt = []string{"x", "y"}, true, &at
	got := differences(a, b)
	if len(got) != 3 || got["suspended_provider"] != (Delta{From: false, To: true}) || got["terminated_at"] != (Delta{From: nil, To: "2026-03-02T02:00:00Z"}) {
		t.Errorf("%v", got)
	}
	if _, ok := got["items"]; !ok || len(differences(b, b)) != 0 {
		t.Errorf("%v", got)
	}
}
