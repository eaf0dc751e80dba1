package demand

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// PublishedKind is the kind of outbox message after which the assignments that
// wait for a resource are looked at.
const PublishedKind = "demand_published"

type published struct {
	Resource string `json:"resource"`
}

// notePublished follows a publication. Publication and link each post a message
// always: whichever commits last, the handler of its message sees both, so that
// neither has to look for the other inside of its own transaction.
func (s *Service) notePublished(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	id, _ := act.Results["resource"].(string) // catalog.publish noted it
	if id == "" {
		return fmt.Errorf("publication %s names no resource", c.ID)
	}
	return s.Cases.Post(ctx, PublishedKind, c.ID, published{id})
}

// link ties an assignment to the entry that is being made for it: the pending
// version counts, else the one that is published already.
func (s *Service) link(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	id := procedure.Text(act.Fields["resource"])
	if id == "" {
		return nil // confirmed without an entry so far
	}
	r, err := s.Catalog.Resource(ctx, id)
	if err != nil {
		return err
	}
	a, err := s.Store.Assigned(ctx, c.ID)
	if err != nil {
		return err
	}
	a.Resource, a.Version = r.ID, max(r.Published, r.Pending, 1)
	if err := s.Store.UpdateAssigned(ctx, a); err != nil {
		return err
	}
	act.Results["version"] = a.Version
	return s.Cases.Post(ctx, PublishedKind, c.ID, published{r.ID})
}

// Handlers are the outbox handlers of this package.
func (s *Service) Handlers() map[string]casework.Handler {
	return map[string]casework.Handler{PublishedKind: s.handlePublished}
}

// handlePublished takes the platform's step on every assignment whose linked
// version, or a later one, is published. What is published as withheld answers
// no demand: the department has to say so under the law (decline_withheld).
func (s *Service) handlePublished(ctx context.Context, m casework.Message) error {
	var p published
	if err := json.Unmarshal(m.Payload, &p); err != nil {
		return err
	}
	r, err := s.Catalog.Resource(ctx, p.Resource)
	if err != nil || r.Published == 0 {
		return err
	}
	v, err := s.Catalog.Version(ctx, r.ID, r.Published)
	if err != nil || v.Entry.Attribute == catalog.Withheld {
		return err
	}
	waiting, err := s.Store.WaitingFor(ctx, r.ID)
	if err != nil {
		return err
	}
	for _, a := range waiting {
		if r.Published < a.Version {
			continue
		}
		err := s.Cases.TakeAsPlatform(ctx, a.ID, "observe_catalogued", map[string]any{"resource": r.ID})
		if err != nil && !moved(err) {
			return err
		}
	}
	return nil
}
