package demand

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// The IDs of the procedures in the rulebook.
const (
	Procedure  = "demand"
	Assignment = "demand_assignment"
)

// State is where a demand stands for those who are no party to it.
type State string

// The states of a demand on the board.
const (
	Open     State = "open"     // the authority or a department is at it
	Answered State = "answered" // there is a resource to apply for
	Closed   State = "closed"
)

// Demand is what everybody signed in may know of a demand.
type Demand struct {
	ID          string // the case
	Number      string
	Department  string // that asks
	Region      string // department's region
	Name        string // of the data
	Data        string // what is needed, in words
	Items       []string
	Scope       string // region and time
	Words       string // the search that found nothing
	Urgency     string
	State       State
	Resource    string // that answers it; "" as long as there is none
	MergedInto  string // demand that took it up
	AnnouncedAt time.Time
	ClosedAt    *time.Time
}

// Join says that a department needs the same (我也需要).
type Join struct {
	Demand     string
	Department string
	Person     string
	Note       string
	JoinedAt   time.Time
}

// Assigned is one assignment of a demand to a department.
type Assigned struct {
	ID       string // its own case
	Demand   string
	Provider string
	Resource string // that the department linked; "" as long as it has not
	// Version of the resource whose publication, or a later one's, answers the
	// demand.
	Version   int
	Open      bool
	CreatedAt time.Time
}

// Filter narrows the board. Newest first.
type Filter struct {
	States     []State // empty: all
	Department string  // asks for it, or joined
	Text       string  // part of name or description
	Limit      int
	After      string // ID of the last one seen
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	InsertDemand(ctx context.Context, d Demand) error
	// UpdateDemand writes State, Resource, MergedInto and ClosedAt.
	UpdateDemand(ctx context.Context, d Demand) error
	Demand(ctx context.Context, id string) (Demand, error)
	Demands(ctx context.Context, f Filter) ([]Demand, error)

	PutJoin(ctx context.Context, j Join) error // replaces the department's own
	DropJoin(ctx context.Context, demand, department string) error
	Joins(ctx context.Context, demand string) ([]Join, error)

	InsertAssigned(ctx context.Context, a Assigned) error
	// UpdateAssigned writes Resource, Version and Open.
	UpdateAssigned(ctx context.Context, a Assigned) error
	Assigned(ctx context.Context, id string) (Assigned, error)
	AssignedOf(ctx context.Context, demand string) ([]Assigned, error)
	// WaitingFor gives the open assignments that are linked to a resource.
	WaitingFor(ctx context.Context, resource string) ([]Assigned, error)
}

// Cases opens and moves cases; *casework.Engine has all but Case, which is
// casework.Store's.
type Cases interface {
	OpenAsPlatform(ctx context.Context, region string, req casework.OpenRequest) (string, error)
	TakeAsPlatform(ctx context.Context, caseID, action string, fields map[string]any) error
	Tell(ctx context.Context, t casework.Telling) error
	Post(ctx context.Context, kind, caseID string, payload any) error
	Case(ctx context.Context, id string) (procedure.Case, error)
}

// Catalog is what this package asks of the catalog's store.
type Catalog interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Departments is what this package asks about departments; *org.Service
// implements it.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	CommonSuperiorAuthority(ctx context.Context, a, b string) (string, error)
}

// Found is a published entry that a search found.
type Found struct {
	Resource     string
	Code         string
	Name         string
	Provider     string
	ProviderName string
	Attribute    string
	Items        []string // names of all its items
}

// Finder searches the published entries of the catalog for a text. While it
// cannot, it gives a fault of the kind Unavailable.
type Finder interface {
	Find(ctx context.Context, text string, limit int) ([]Found, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store   Store
	Cases   Cases
	Catalog Catalog
	Org     Departments
	Finder  Finder
	// Similar tells whether two names look like the same thing, and why, in words.
	Similar func(a, b string) (why string, ok bool)
	Clock   clock.Clock
}

// Service runs the board of demands and brings the hooks of their procedures.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }
