package cart

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// MaxEntries bounds a cart.
const MaxEntries = 100

// Entry is one resource in a person's cart. What it leaves empty comes from
// the common form.
type Entry struct {
	Person     string
	Department string // of the person, when it was put in
	Resource   string
	Items      []string // item codes
	Clear      []string // of these, those asked for in clear
	Rows       []catalog.Condition
	Method     catalog.Method
	Mode       sharing.Mode
	Version    int // published version of the resource, when it was put in
	AddedAt    time.Time
}

// Note says what stands against an entry, or should be thought of.
type Note struct {
	fault.Field
	// Blocks: the entry cannot be applied for as it is.
	Blocks bool
	// About is the grant or application that it is about, if any.
	About string
}

// Line is an entry as it stands now.
type Line struct {
	Entry
	Code      string
	Name      string
	Attribute catalog.Attribute
	Purposes  []string // those that the catalog allows; empty: any
	Methods   []catalog.Method
	Offered   []catalog.Item // what the published version has
	Notes     []Note
}

// Ready tells whether nothing stands against applying.
func (l Line) Ready() bool {
	for _, n := range l.Notes {
		if n.Blocks {
			return false
		}
	}
	return true
}

// Group is the entries of one provider.
type Group struct {
	Provider     string
	ProviderName string
	Lines        []Line
}

// Cart is all that a person has put aside.
type Cart struct {
	Groups  []Group
	Entries int
	Ready   int
	// Bound: some entry limits the purposes, and Purposes are those that all
	// such entries allow. None in common: the purpose is given with the entries.
	Bound    bool
	Purposes []string
}

// Application is one form for the entries of a cart.
type Application struct {
	// Procedure is the way to apply; empty: "application".
	Procedure string
	Fields    map[string]any            // what is common
	Own       map[string]map[string]any // resource → what differs
	Resources []string                  // those applied for, in this order; empty: the whole cart
	// Propose: the applications go to the office head at once.
	Propose bool
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// PutEntry adds an entry or replaces that of the same resource. AddedAt of
	// one that is there stays.
	PutEntry(ctx context.Context, e Entry) error
	// Entries gives a person's entries, the first put in first.
	Entries(ctx context.Context, person string) ([]Entry, error)
	// DropEntries takes these resources out and tells how many there were.
	DropEntries(ctx context.Context, person string, resources []string) (int, error)
}

// Catalog is the catalog as the reader may see it; *catalog.Service implements it.
type Catalog interface {
	Get(ctx context.Context, p org.Principal, resource string) (catalog.Resource, *catalog.Version, *catalog.Version, error)
}

// Grants reads the grants of the reader's department; *sharing.Service
// implements it.
type Grants interface {
	Grants(ctx context.Context, p org.Principal, f sharing.GrantFilter) ([]sharing.Grant, error)
}

// Cases opens and reads cases; *casework.Engine implements it.
type Cases interface {
	OpenMany(ctx context.Context, p org.Principal, r []casework.OpenRequest) ([]casework.View, error)
	Take(ctx context.Context, p org.Principal, caseID string, r casework.TakeRequest) (casework.View, error)
	Cases(ctx context.Context, p org.Principal, f casework.Filter) ([]procedure.Case, error)
}

// Departments names departments; *org.Service implements it.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store   Store
	Catalog Catalog
	Grants  Grants
	Cases   Cases
	Org     Departments
	Clock   clock.Clock
}

// Service keeps the carts.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }
