package collection

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// lookup collects the matches of one planned item, the strongest kind first.
type lookup struct {
	store ItemFinder
	item  PlanItem
	name  string
	seen  map[[2]string]bool // resource, code
	found []found
	// Names by kind, once they were looked up.
	contained, similar []string
	looked             bool
}

func (l *lookup) limit() int { return maxItemReport + len(l.seen) }

func (l *lookup) add(have catalog.PublishedItem, m Match, name string) {
	at := [2]string{have.Resource, have.Code}
	if l.seen[at] {
		return
	}
	l.seen[at] = true
	l.found = append(l.found, found{matchOf(l.item, have, m), name})
}

// matchOf fills in the item that a planned one was matched with.
func matchOf(x PlanItem, have catalog.PublishedItem, m Match) Match {
	m.Item, m.Resource, m.ResourceName, m.Code, m.Name, m.Provider, m.Region = x.Name, have.Resource, have.ResourceName, have.Code, have.Name, have.Provider, have.Region
	return m
}

func elementWhy(element string) string { return "标准数据元" + element + "相同" }

func (l *lookup) byElement(ctx context.Context, at Place) error {
	if l.item.Element == "" {
		return nil
	}
	items, err := l.store.ItemsOfElementAt(ctx, l.item.Element, at, l.limit())
	for _, have := range items {
		l.add(have, Match{Kind: SameElement, Why: elementWhy(l.item.Element), Partial: at.Inside}, "")
	}
	return err
}

func (l *lookup) byName(ctx context.Context, at Place) error {
	if _, _, ok := Compare(l.name, l.name); !ok {
		return nil
	}
	return l.named(ctx, []string{l.name}, at)
}

func (l *lookup) byContainment(ctx context.Context, at Place) error {
	if err := l.lookUp(ctx); err != nil {
		return err
	}
	return l.living(ctx, l.contained, at)
}

func (l *lookup) bySimilarity(ctx context.Context, at Place) error {
	return l.living(ctx, l.similar, at)
}

// living adds the items of those names that have some at the place.
func (l *lookup) living(ctx context.Context, names []string, at Place) error {
	if len(names) == 0 {
		return nil
	}
	names, err := l.store.NamesAt(ctx, names, at, l.limit())
	if err != nil {
		return err
	}
	return l.named(ctx, names, at)
}

func (l *lookup) named(ctx context.Context, names []string, at Place) error {
	if len(names) == 0 {
		return nil
	}
	items, err := l.store.ItemsNamed(ctx, names, at, l.limit())
	for _, have := range items {
		if kind, why, ok := CompareNames(l.item.Name, have.Name); ok {
			l.add(have, Match{Kind: kind, Why: why, Partial: at.Inside}, Normalise(have.Name))
		}
	}
	return err
}

// lookUp finds the names that may be like the planned one and asks Compare.
func (l *lookup) lookUp(ctx context.Context) error {
	if l.looked {
		return nil
	}
	l.looked = true
	n := utf8.RuneCountInString(l.name)
	if n < 2 || general[l.name] {
		return nil
	}
	ending, err := l.store.NamesEnding(ctx, l.name, maxNames)
	if err != nil {
		return err
	}
	pairs := Pairs(l.name)
	around, err := l.store.NamesSharing(ctx, pairs, len(pairs), n, 2*n, maxNames)
	if err != nil {
		return err
	}
	near, err := l.nearNames(ctx, pairs, n)
	if err != nil {
		return err
	}
	seen := map[string]bool{l.name: true}
	for _, name := range slices.Concat(partsOf(l.name), ending, around, near) {
		if seen[name] {
			continue
		}
		seen[name] = true
		switch kind, _, ok := Compare(l.name, name); {
		case ok && kind == Contained:
			l.contained = append(l.contained, name)
		case ok && kind == Similar:
			l.similar = append(l.similar, name)
		}
	}
	return nil
}

// nearNames finds the names that few changes away: k changes leave all but 2k of
// a name's different pairs, and of names as long as these at least one.
func (l *lookup) nearNames(ctx context.Context, pairs []string, n int) ([]string, error) {
	longest := n * 4 / 3 // of which a quarter may differ
	if longest < 4 {
		return nil, nil
	}
	shortest := n - n/4
	return l.store.NamesSharing(ctx, pairs, max(1, len(pairs)-2*(longest/4)), shortest, longest, maxNames)
}

// Pairs gives the different pairs of neighbouring characters of a normalised
// name, sorted.
func Pairs(name string) []string {
	r := []rune(name)
	var out []string
	for i := 1; i < len(r); i++ {
		out = append(out, string(r[i-1:i+1]))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// partsOf gives what a name contains by the rule of Compare: its ends of two
// characters or more and its parts of at least half its length.
func partsOf(name string) []string {
	r := []rune(name)
	var out []string
	for from := range r {
		for to := from + 2; to <= len(r); to++ {
			if to == len(r) || 2*(to-from) >= len(r) {
				out = append(out, string(r[from:to]))
			}
		}
	}
	return out
}
