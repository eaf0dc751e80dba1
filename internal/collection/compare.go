package collection

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// maxNames bounds the names that are looked at for one planned item and one
// kind of match. They come the shorter first, as they are reported: what is left
// out has more letters around the planned name than all that were looked at.
const maxNames = 5000

// found is a match with what it is ordered by.
type found struct {
	Match
	name string // normalised; empty for a match by element
}

// compare looks for every item of a plan in the whole catalog and among the
// designated sources. What the department has itself it may go on collecting.
// Whoever's territory covers the department's can give it all it needs;
// whoever's lies inside, a part.
//
// Candidates come from indexes: the element, the normalised name, names that
// contain it or are contained in it, names that share pairs of letters with it.
// Compare decides on each of them.
func (s *Service) compare(ctx context.Context, collector string, items []PlanItem) ([]Match, error) {
	d, err := s.org.Department(ctx, collector)
	if err != nil {
		return nil, err
	}
	at := Place{Region: d.Region, Covering: coveringCodes(d.Region), Except: collector}
	all := make([][]found, len(items))
	for i, x := range items {
		if all[i], err = s.candidates(ctx, x, at); err != nil {
			return nil, err
		}
	}
	if err := s.unnamed(ctx, items, at, all); err != nil {
		return nil, err
	}
	var out []Match
	for i, x := range items {
		list := best(all[i])
		if list, err = s.withSource(ctx, collector, x, list); err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// coveringCodes gives every region code whose territory contains the region.
func coveringCodes(region string) []string {
	codes := []string{"100000"}
	for n := 2; n <= len(region); n++ {
		for _, zeros := range []string{"", "00", "0000"} {
			if code := region[:n] + zeros; (zeros == "" || len(code) <= 6) && rulebook.Covers(code, region) {
				codes = append(codes, code)
			}
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// candidates gives the best matches of one planned item, more than are reported.
func (s *Service) candidates(ctx context.Context, x PlanItem, at Place) ([]found, error) {
	l := lookup{store: s.store, item: x, name: Normalise(x.Name), seen: map[[2]string]bool{}}
	for _, inside := range []bool{false, true} {
		at.Inside = inside
		for _, look := range []func(context.Context, Place) error{l.byElement, l.byName, l.byContainment, l.bySimilarity} {
			if len(l.found) >= maxItemReport {
				return l.found, nil // what comes later is weaker
			}
			if err := look(ctx, at); err != nil {
				return nil, err
			}
		}
	}
	return l.found, nil
}

// NameItems writes the normalised names of at most limit items that have none yet
// and tells how many it found.
func (s *Service) NameItems(ctx context.Context, limit int) (int, error) {
	return s.store.NameItems(ctx, limit)
}

// unnamed compares with the items whose normalised name is not written yet, one
// by one.
func (s *Service) unnamed(ctx context.Context, items []PlanItem, at Place, all [][]found) error {
	return s.store.EachUnnamed(ctx, func(have catalog.PublishedItem) error {
		covers := rulebook.Covers(have.Region, at.Region)
		if have.Provider == at.Except || !covers && !rulebook.Covers(at.Region, have.Region) {
			return nil
		}
		for i, x := range items {
			m := Match{Kind: SameElement, Why: elementWhy(x.Element), Partial: !covers}
			ordered := ""
			if x.Element == "" || x.Element != have.Element {
				var ok bool
				if m.Kind, m.Why, ok = CompareNames(x.Name, have.Name); !ok {
					continue
				}
				ordered = Normalise(have.Name)
			}
			f := found{matchOf(x, have, m), ordered}
			if !slices.ContainsFunc(all[i], func(y found) bool { return y.Resource == f.Resource && y.Code == f.Code }) {
				if all[i] = append(all[i], f); len(all[i]) > 8*maxItemReport {
					all[i] = sorted(all[i])[:maxItemReport]
				}
			}
		}
		return nil
	})
}

// best gives the matches that are reported, the strongest first.
func best(all []found) []Match {
	all = sorted(all)
	out := make([]Match, 0, min(len(all), maxItemReport))
	for _, f := range all[:min(len(all), maxItemReport)] {
		out = append(out, f.Match)
	}
	return out
}

// sorted orders: what has all before what has a part, by kind, the shorter name
// first, then by region, resource and item.
func sorted(all []found) []found {
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(rank(a.Match)-rank(b.Match), utf8.RuneCountInString(a.name)-utf8.RuneCountInString(b.name), strings.Compare(a.name, b.name),
			strings.Compare(a.Region, b.Region), strings.Compare(a.Resource, b.Resource), strings.Compare(a.Code, b.Code))
	})
	return all
}

func rank(m Match) int {
	if m.Partial {
		return order[m.Kind] + len(order)
	}
	return order[m.Kind]
}

// withSource adds the designated source of the element when none of its items
// is among the matches.
func (s *Service) withSource(ctx context.Context, collector string, x PlanItem, list []Match) ([]Match, error) {
	if x.Element == "" {
		return list, nil
	}
	source, ok, err := s.sources.SourceFor(ctx, collector, x.Element)
	if err != nil || !ok || source.Department == collector ||
		slices.ContainsFunc(list, func(m Match) bool { return m.Kind == SameElement && m.Provider == source.Department }) {
		return list, err
	}
	m := Match{Item: x.Name, Kind: SameElement, Provider: source.Department, Why: "标准数据元" + x.Element + "已明确由数源部门收集"}
	at := 0
	for at < len(list) && rank(list[at]) <= rank(m) {
		at++
	}
	list = slices.Insert(list, at, m)
	return list[:min(len(list), maxItemReport)], nil
}
