package app

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// wireQuality makes the service that measures hosted data and scores entries.
func (n *Node) wireQuality() {
	s := n.Store
	n.Quality = quality.NewService(quality.Deps{Store: s.Quality(), Catalog: n.Catalog, Entries: s.Catalog(), Cases: lateCases{n},
		Hosted: s.Hosted(), Org: n.Org, Ledger: n.Ledger, Clock: n.Config.Clock})
}

// nameBatch is how many items one transaction gives their normalised names.
const nameBatch = 2000

// qualityJobs measure what was asked for or is due, score entries, and bring
// the index of item names up to date after an upgrade.
func (n *Node) qualityJobs() []worker.Job {
	return []worker.Job{
		{Name: "quality runs", Every: time.Second, Run: n.Quality.Work},
		{Name: "quality schedule", Every: time.Minute, Run: n.Quality.Schedule},
		{Name: "quality of entries", Every: time.Second, Run: n.Quality.ReviewEntries},
		{Name: "names of items", Every: time.Minute, Run: func(ctx context.Context) (bool, error) {
			named, err := n.Duties.Collection.NameItems(ctx, nameBatch)
			return named == nameBatch, err
		}},
	}
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
