package app

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/project"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Duties are the services of the procedures around the catalog.
type Duties struct {
	Changes    *catalog.Changes
	Reviews    *catalog.Reviews
	Sources    *catalog.Sources
	Collection *collection.Service
	Projects   *project.Service
}

// wireDuties makes the services of the procedures around the catalog and gives
// their hooks.
func (n *Node) wireDuties(lib *rulebook.Library) casework.Hooks {
	s, cases := n.Store, dutyCases{lateCases{n}}
	sources := catalog.NewSources(s.Sources(), s.Catalog(), n.Org, cases)
	n.Duties = Duties{
		Changes:    catalog.NewChanges(s.Changes(), s.Catalog(), n.Org, cases),
		Reviews:    catalog.NewReviews(s.Reviews(), s.Catalog(), lib),
		Sources:    sources,
		Collection: collection.NewService(s.Collection(), s.Catalog(), sources, n.Org, n.scheme(), n.Config.Clock),
		Projects:   project.NewService(s.Projects(), s.Catalog(), s.Hosted(), n.Org, cases),
	}
	var hooks casework.Hooks
	for _, h := range []casework.Hooks{n.Duties.Changes.Hooks(), n.Duties.Reviews.Hooks(), sources.Hooks(),
		n.Duties.Collection.Hooks(), n.Duties.Projects.Hooks()} {
		hooks.Merge(h)
	}
	return hooks
}

// dutyCases reads cases too.
type dutyCases struct{ lateCases }

func (l dutyCases) Case(ctx context.Context, id string) (procedure.Case, error) {
	return l.n.Store.Cases().Case(ctx, id)
}
