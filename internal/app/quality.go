package app

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/quality"
)

// quality makes the service that measures hosted data.
func (n *Node) quality() *quality.Service {
	s := n.Store
	return quality.NewService(quality.Deps{Store: s.Quality(), Catalog: n.Catalog, Hosted: s.Hosted(), Org: n.Org, Ledger: n.Ledger, Clock: n.Config.Clock})
}

// datedLoads notes when a resource was loaded, in the transaction that loads it;
// corrections of single rows, which do not come this way, are no loads.
type datedLoads struct {
	catalog.Hosted
	loads quality.Store
	clock clock.Clock
}

func (n *Node) datedLoads() catalog.Hosted {
	return datedLoads{n.Store.Hosted(), n.Store.Quality(), n.Config.Clock}
}

func (d datedLoads) Load(ctx context.Context, resource string, items []catalog.Item, rows []catalog.Row) error {
	if err := d.Hosted.Load(ctx, resource, items, rows); err != nil {
		return err
	}
	return d.loads.NoteLoad(ctx, resource, d.clock.Now())
}
