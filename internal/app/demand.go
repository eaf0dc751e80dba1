package app

import (
	"context"
	"strings"

	"github.com/shuqiao/shuqiao/internal/cart"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/demand"
	"github.com/shuqiao/shuqiao/internal/search"
)

// wireDemands makes the service of demands; engine and search index are asked
// only when a case runs.
func (n *Node) wireDemands() {
	n.Demands = demand.NewService(demand.Deps{Store: n.Store.Demands(), Cases: dutyCases{lateCases{n}}, Catalog: n.Store.Catalog(), Org: n.Org,
		Finder: lateSearch{n}, Clock: n.Config.Clock,
		Similar: func(a, b string) (string, bool) {
			_, why, ok := collection.Compare(collection.Normalise(a), collection.Normalise(b))
			return why, ok
		}})
}

func (n *Node) carts() *cart.Service {
	return cart.NewService(cart.Deps{Store: n.Store.Carts(), Catalog: n.Catalog, Grants: n.Sharing, Cases: n.Cases, Org: n.Org, Clock: n.Config.Clock})
}

// lateSearch is the search index that the node will have.
type lateSearch struct{ n *Node }

// Find implements demand.Finder: published entries only.
func (l lateSearch) Find(ctx context.Context, text string, limit int) ([]demand.Found, error) {
	r, err := l.n.Search.Search(ctx, search.Query{Text: text, Limit: limit,
		Filters: search.Filters{Values: map[search.FacetName][]string{search.ByState: {"published"}}}})
	if err != nil {
		return nil, err
	}
	out := make([]demand.Found, 0, len(r.Hits))
	for _, h := range r.Hits {
		d := h.Document
		f := demand.Found{Resource: d.Resource, Code: d.Code, Name: d.Name, Provider: d.Provider, ProviderName: h.ProviderName, Attribute: d.Attribute}
		for _, x := range d.Items {
			f.Items = append(f.Items, strings.TrimSpace(x.Name))
		}
		out = append(out, f)
	}
	return out, nil
}
