package demand

import (
	"cmp"
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Bounds of a comparison.
const (
	maxSearches  = 30 // items looked for one by one
	perSearch    = 10
	maxReported  = 10
	maxDemands   = 500 // running demands compared, the newest
	halfOfDemand = 2   // one item in two makes a similar demand
)

// Wanted is what a demand is compared by.
type Wanted struct {
	Name  string
	Words string
	Items []string
}

// ItemMatch says which item of an entry looks like a wanted one, and why.
type ItemMatch struct {
	Wanted string `json:"wanted"`
	Item   string `json:"item"`
	Why    string `json:"why"`
}

// ResourceMatch is a published entry that may meet a demand.
type ResourceMatch struct {
	Resource     string      `json:"resource"`
	Code         string      `json:"code"`
	Name         string      `json:"name"`
	Provider     string      `json:"provider"`
	ProviderName string      `json:"provider_name"`
	Attribute    string      `json:"attribute"`
	Items        []ItemMatch `json:"items"`
	// Complete: the entry has every wanted item.
	Complete bool `json:"complete"`
}

// DemandMatch is a running demand that looks like the same.
type DemandMatch struct {
	Demand
	Why   string
	Items []ItemMatch
}

// Matches is what there is already.
type Matches struct {
	Resources []ResourceMatch
	Demands   []DemandMatch
	// Incomplete: the search did not answer; there may be more.
	Incomplete bool
}

// Look compares what somebody is about to ask for with the catalog and the
// running demands: for the page that an empty search leads to.
func (s *Service) Look(ctx context.Context, p org.Principal, w Wanted) (Matches, error) {
	return s.match(ctx, "", p.Department.ID, w)
}

// Matches compares an announced demand again, for the authority above all.
func (s *Service) Matches(ctx context.Context, _ org.Principal, id string) (Matches, error) {
	d, err := s.Store.Demand(ctx, id)
	if err != nil {
		return Matches{}, err
	}
	return s.match(ctx, d.ID, d.Department, Wanted{Name: d.Name, Words: d.Words, Items: d.Items})
}

func wanted(c *procedure.Case) Wanted {
	return Wanted{Name: c.Title, Words: procedure.Text(c.Facts["search_words"]), Items: procedure.Texts(c.Facts["wanted_items"])}
}

func (s *Service) match(ctx context.Context, self, consumer string, w Wanted) (Matches, error) {
	out, err := s.matchResources(ctx, consumer, w)
	if err != nil {
		return Matches{}, err
	}
	running, err := s.Store.Demands(ctx, Filter{States: []State{Open, Answered}, Limit: maxDemands})
	if err != nil {
		return Matches{}, err
	}
	for _, d := range running {
		if d.ID == self {
			continue
		}
		m := DemandMatch{Demand: d, Items: s.items(w.Items, d.Items)}
		if why, ok := s.Similar(w.Name, d.Name); ok {
			m.Why = why
		} else if len(w.Items) > 0 && halfOfDemand*len(m.Items) >= len(w.Items) {
			m.Why = "半数以上的数据项相同或者相近"
		} else {
			continue
		}
		out.Demands = append(out.Demands, m)
	}
	slices.SortStableFunc(out.Demands, func(a, b DemandMatch) int { return cmp.Compare(len(b.Items), len(a.Items)) })
	out.Demands = out.Demands[:min(len(out.Demands), maxReported)]
	return out, nil
}

// matchResources searches for the name, the words and each item, and says of
// what was found which wanted items it has. A search that does not answer makes
// the result incomplete and stands in nobody's way.
func (s *Service) matchResources(ctx context.Context, consumer string, w Wanted) (Matches, error) {
	var out Matches
	seen := map[string]bool{}
	texts := append([]string{w.Name, w.Words}, w.Items[:min(len(w.Items), maxSearches)]...)
	for i, text := range texts {
		if text == "" || slices.Contains(texts[:i], text) {
			continue
		}
		found, err := s.Finder.Find(ctx, text, perSearch)
		if f, ok := fault.As(err); ok {
			out.Incomplete = out.Incomplete || f.Kind == fault.Unavailable
			continue // else a text that cannot be searched for
		} else if err != nil {
			return Matches{}, err
		}
		for _, x := range found {
			if seen[x.Resource] || x.Provider == consumer {
				continue
			}
			seen[x.Resource] = true
			m := ResourceMatch{Resource: x.Resource, Code: x.Code, Name: x.Name, Provider: x.Provider, ProviderName: x.ProviderName,
				Attribute: x.Attribute, Items: s.items(w.Items, x.Items)}
			m.Complete = len(w.Items) > 0 && len(m.Items) == len(w.Items)
			if len(m.Items) > 0 || i < 2 { // found by name or words, or has some item
				out.Resources = append(out.Resources, m)
			}
		}
	}
	slices.SortStableFunc(out.Resources, func(a, b ResourceMatch) int { return cmp.Compare(len(b.Items), len(a.Items)) })
	out.Resources = out.Resources[:min(len(out.Resources), maxReported)]
	return out, nil
}

// items pairs each wanted item with the first that looks like it; names that are
// written alike are the same whatever they say.
func (s *Service) items(wanted, have []string) []ItemMatch {
	var out []ItemMatch
	for _, x := range wanted {
		if slices.Contains(have, x) {
			out = append(out, ItemMatch{Wanted: x, Item: x, Why: "名称相同"})
			continue
		}
		for _, y := range have {
			if why, ok := s.Similar(x, y); ok {
				out = append(out, ItemMatch{Wanted: x, Item: y, Why: why})
				break
			}
		}
	}
	return out
}

// cover says of an entry which wanted items it has, by the code of the item, and
// which it lacks.
func (s *Service) cover(wanted []string, items []catalog.Item) (covered map[string]string, lacking []string) {
	names := make([]string, len(items))
	for i, x := range items {
		names[i] = x.Name
	}
	covered, lacking = map[string]string{}, []string{}
	for _, m := range s.items(wanted, names) {
		covered[m.Wanted] = items[slices.Index(names, m.Item)].Code
	}
	for _, x := range wanted {
		if _, ok := covered[x]; !ok {
			lacking = append(lacking, x)
		}
	}
	return covered, lacking
}
