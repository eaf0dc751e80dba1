package contractor

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Procedure is the ID of the procedure in the rulebook.
const Procedure = "contractor"

// Store is what this package needs kept. Every change is one that the gateways
// have to notice.
type Store interface {
	InsertEntrustment(ctx context.Context, e Entrustment) error
	// UpdateEntrustment writes StoppedAt, EndedAt and InHouse; e.Version is the
	// version read.
	UpdateEntrustment(ctx context.Context, e Entrustment) error
	EntrustmentOfCase(ctx context.Context, caseID string) (Entrustment, error)
	// EntrustmentsOf lists all that name a system, oldest first.
	EntrustmentsOf(ctx context.Context, system string) ([]Entrustment, error)
	// Entrustments lists those of a department, newest first.
	Entrustments(ctx context.Context, f Filter) ([]Entrustment, error)
}

// Filter narrows a list of entrustments.
type Filter struct {
	Department string
	After      string
	Limit      int
}

// Organisation reads departments and systems; org.Store has it.
type Organisation interface {
	Department(ctx context.Context, id string) (org.Department, error)
	System(ctx context.Context, id string) (org.System, error)
}

// Grants reads grants; sharing.Store has it.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
}

// Resources reads the catalog; catalog.Store has it.
type Resources interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
}

// Service brings the hooks of the contractor procedure and reads the register.
type Service struct {
	store     Store
	org       Organisation
	grants    Grants
	resources Resources
	clock     clock.Clock
}

// NewService makes the service.
func NewService(store Store, o Organisation, grants Grants, resources Resources, clk clock.Clock) *Service {
	return &Service{store, o, grants, resources, clk}
}

// ActiveFor gives the entrustments of a system that are in force at a moment.
func (s *Service) ActiveFor(ctx context.Context, system string, now time.Time) ([]Entrustment, error) {
	all, err := s.store.EntrustmentsOf(ctx, system)
	return ActiveFor(all, system, now), err
}

// Register lists the entrustments of a department to its own people, and to
// supervisors and auditors of the territory that it lies in.
func (s *Service) Register(ctx context.Context, p org.Principal, f Filter) ([]Entrustment, error) {
	if f.Department == "" {
		f.Department = p.Department.ID
	}
	if f.Department != p.Department.ID {
		d, err := s.org.Department(ctx, f.Department)
		if err != nil {
			return nil, err
		}
		if p.Territory == "" || !p.HasAny(org.Supervisor, org.Auditor) || !rulebook.Covers(p.Territory, d.Region) {
			return nil, fault.Missing("部门", f.Department)
		}
	}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	return s.store.Entrustments(ctx, f)
}
