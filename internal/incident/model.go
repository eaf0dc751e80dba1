package incident

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Procedure is the ID of the procedure in the rulebook.
const Procedure = "incident"

// Target says what kind of thing is cut off.
type Target string

// The targets.
const (
	Grant  Target = "grant"
	System Target = "system"
)

// Side says by whose right something is cut off: of a grant the side that holds
// it, of a system its owner or the authority.
type Side string

// The sides.
const (
	Consumer  Side = "consumer"
	Provider  Side = "provider"
	Authority Side = "authority"
	Owner     Side = "owner"
)

// Cut is one thing that an incident's response cut off.
type Cut struct {
	ID         string
	Case       string
	Target     Target
	TargetID   string
	Side       Side
	Department string // that cut it off
	WasCut     bool   // a system that was disabled before by something else: lifting leaves it so
	At         time.Time
	LiftedAt   *time.Time
}

// Store is what this package needs kept.
type Store interface {
	InsertCut(ctx context.Context, c Cut) error // unique while open: (case, target, side)
	// UpdateCut writes WasCut and LiftedAt.
	UpdateCut(ctx context.Context, c Cut) error
	// CutsOfCase lists the cuts of a case that are not lifted, first first.
	CutsOfCase(ctx context.Context, caseID string) ([]Cut, error)
	// CutsOf lists the cuts of all cases on one thing that are not lifted.
	CutsOf(ctx context.Context, targetID string, side Side) ([]Cut, error)
}

// Grants reads grants; sharing.Store has it.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
}

// Holds suspends grants for a cause and releases them; *sharing.Service has it.
type Holds interface {
	Suspend(ctx context.Context, grant, side string, cause sharing.Cause, c *procedure.Case, act *procedure.Act) (held bool, err error)
	Release(ctx context.Context, grant string, which func(sharing.Hold) bool, c *procedure.Case, act *procedure.Act) (still []sharing.Hold, err error)
}

// Organisation reads departments and disables systems; org.Store has it.
type Organisation interface {
	Department(ctx context.Context, id string) (org.Department, error)
	TerritoryOf(ctx context.Context, department string) (string, error)
	System(ctx context.Context, id string) (org.System, error)
	UpdateSystem(ctx context.Context, s org.System) error
}

// Resources reads the catalog; catalog.Store has it.
type Resources interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store     Store
	Grants    Grants
	Holds     Holds
	Org       Organisation
	Resources Resources
	Clock     clock.Clock
}

// Service brings the hooks of the incident procedure.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }
