package catalog_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

func TestStricter(t *testing.T) {
	t.Parallel()
	entry := func(a catalog.Attribute, purposes ...string) catalog.Entry {
		return catalog.Entry{Attribute: a, Purposes: purposes}
	}
	for name, c := range map[string]struct {
		old, fresh catalog.Entry
		want       bool
		removed    int
	}{
		"the same":              {entry(catalog.Unconditional), entry(catalog.Unconditional), false, 0},
		"conditions":            {entry(catalog.Unconditional), entry(catalog.Conditional, "a"), true, 0},
		"withheld":              {entry(catalog.Conditional, "a"), entry(catalog.Withheld), true, 0},
		"opened":                {entry(catalog.Withheld), entry(catalog.Conditional, "a"), false, 0},
		"opened wholly":         {entry(catalog.Conditional, "a"), entry(catalog.Unconditional), false, 0},
		"a purpose less":        {entry(catalog.Conditional, "a", "b"), entry(catalog.Conditional, "b"), true, 1},
		"a purpose more":        {entry(catalog.Conditional, "a"), entry(catalog.Conditional, "b", "a"), false, 0},
		"purposes do not count": {entry(catalog.Unconditional, "a"), entry(catalog.Unconditional), false, 0},
		"nothing before":        {entry(""), entry(catalog.Withheld), false, 0},
	} {
		if got, removed := catalog.Stricter(c.old, c.fresh); got != c.want || len(removed) != c.removed {
			t.Errorf("%s: %v %v", name, got, removed)
		}
	}
}

// There is no way around a review: from any entry, no chain of steps that are
// each not stricter ends where a purpose or the attribute is stricter.
func TestStricterHasNoDetour(t *testing.T) {
	t.Parallel()
	purposes := []string{"a", "b", "c"}
	draw := rapid.Custom(func(t *rapid.T) catalog.Entry {
		return catalog.Entry{Attribute: rapid.SampledFrom([]catalog.Attribute{catalog.Conditional, catalog.Withheld}).Draw(t, "attribute"),
			Purposes: rapid.SliceOfNDistinct(rapid.SampledFrom(purposes), 0, 3, rapid.ID).Draw(t, "purposes")}
	})
	rapid.Check(t, func(t *rapid.T) {
		first := draw.Draw(t, "first")
		now := first
		for range 4 {
			next := draw.Draw(t, "next")
			if stricter, _ := catalog.Stricter(now, next); !stricter {
				now = next
			}
		}
		if first.Attribute != catalog.Conditional {
			return
		}
		for _, p := range first.Purposes {
			if now.Attribute != catalog.Conditional || !slices.Contains(now.Purposes, p) {
				t.Fatalf("from %+v to %+v without a review", first, now)
			}
		}
	})
}
