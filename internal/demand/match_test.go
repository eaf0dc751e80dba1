package demand

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// alike holds names to be the same that begin with the same character.
func alike(a, b string) (string, bool) {
	x, y := []rune(a), []rune(b)
	return "同一个字开头", len(x) > 0 && len(y) > 0 && x[0] == y[0]
}

// finder finds entries whose name or items hold the text.
type finder struct {
	entries []Found
	err     error
}

func (f finder) Find(_ context.Context, text string, limit int) ([]Found, error) {
	var out []Found
	for _, x := range f.entries {
		if strings.Contains(x.Name, text) || slices.Contains(x.Items, text) {
			out = append(out, x)
		}
	}
	return out[:min(len(out), limit)], f.err
}

// board is a store with demands alone.
type board struct {
	Store
	list []Demand
}

func (b board) Demands(context.Context, Filter) ([]Demand, error) { return b.list, nil }

func service(f finder, list ...Demand) *Service {
	return NewService(Deps{Store: board{list: list}, Finder: f, Similar: alike})
}

// What is reported is what is asked for: complete means every wanted item has a
// match, no resource comes twice, the asker's own does not come, the one with
// more items comes first.
func TestMatches(t *testing.T) {
	t.Parallel()
	names := rapid.SampledFrom([]string{"甲一", "甲二", "乙一", "丙一", "丁", "戊己"})
	rapid.Check(t, func(t *rapid.T) {
		var f finder
		for i := range rapid.IntRange(0, 25).Draw(t, "entries") {
			f.entries = append(f.entries, Found{Resource: string(rune('a' + i)), Name: names.Draw(t, "name"),
				Provider: rapid.SampledFrom([]string{"me", "you"}).Draw(t, "provider"), Items: rapid.SliceOfN(names, 0, 4).Draw(t, "items")})
		}
		w := Wanted{Name: names.Draw(t, "wanted"), Items: rapid.SliceOfNDistinct(names, 0, 4, rapid.ID[string]).Draw(t, "wanted items")}
		m, err := service(f).Look(t.Context(), org.Principal{Department: org.Department{ID: "me"}}, w)
		if err != nil || m.Incomplete || len(m.Resources) > maxReported {
			t.Fatalf("%+v, %v", m, err)
		}
		seen := map[string]bool{}
		for i, r := range m.Resources {
			all := len(w.Items) > 0
			for _, want := range w.Items {
				at := slices.IndexFunc(r.Items, func(x ItemMatch) bool { return x.Wanted == want })
				all = all && at >= 0
				if at >= 0 && r.Items[at].Item != want {
					if _, ok := alike(want, r.Items[at].Item); !ok {
						t.Errorf("%s for %s", r.Items[at].Item, want)
					}
				}
			}
			if seen[r.Resource] || r.Provider == "me" || all != r.Complete || i > 0 && len(m.Resources[i-1].Items) < len(r.Items) {
				t.Errorf("%d: %+v of %+v", i, r, w)
			}
			seen[r.Resource] = true
		}
	})
}

// A search that does not answer makes the report incomplete, one that cannot
// search for the text does not; any other error is one.
func TestMatchesWithoutSearch(t *testing.T) {
	t.Parallel()
	w := Wanted{Name: "甲", Items: []string{"乙"}}
	for _, x := range []struct {
		err        error
		incomplete bool
		fails      bool
	}{
		{fault.New(fault.Unavailable, "search_index_building", "x"), true, false},
		{fault.New(fault.Invalid, "search_text_too_long", "x"), false, false},
		{errors.New("disk"), false, true},
	} {
		m, err := service(finder{err: x.err}).Look(t.Context(), org.Principal{}, w)
		if m.Incomplete != x.incomplete || (err != nil) != x.fails {
			t.Errorf("%v: %+v, %v", x.err, m, err)
		}
	}
}

func TestSimilarDemands(t *testing.T) {
	t.Parallel()
	s := service(finder{}, Demand{ID: "1", Name: "甲乙"}, Demand{ID: "2", Name: "丙", Items: []string{"子", "丑"}},
		Demand{ID: "3", Name: "丁", Items: []string{"寅"}}, Demand{ID: "4", Name: "甲"})
	for _, x := range []struct {
		self string
		w    Wanted
		want string
	}{
		{"", Wanted{Name: "甲丙"}, "14"},
		{"4", Wanted{Name: "甲"}, "1"},
		{"", Wanted{Name: "戊", Items: []string{"子", "寅"}}, "23"},
		{"", Wanted{Name: "戊", Items: []string{"子", "寅", "卯"}}, ""}, // fewer than half
		{"", Wanted{Name: "戊"}, ""},
	} {
		m, err := s.match(t.Context(), x.self, "me", x.w)
		got := ""
		for _, d := range m.Demands {
			got += d.ID
		}
		if err != nil || got != x.want {
			t.Errorf("%+v: %q, want %q, %v", x.w, got, x.want, err)
		}
	}
}

func TestCover(t *testing.T) {
	t.Parallel()
	covered, lacking := service(finder{}).cover([]string{"甲", "乙", "丙"}, []catalog.Item{{Code: "a", Name: "甲一"}, {Code: "c", Name: "丙"}})
	if len(covered) != 2 || covered["甲"] != "a" || covered["丙"] != "c" || !slices.Equal(lacking, []string{"乙"}) {
		t.Errorf("%v, %v", covered, lacking)
	}
}
