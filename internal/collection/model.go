package collection

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
)

// PlanItem is one item of a planned collection form.
type PlanItem struct {
	Name    string `json:"name"`
	Element string `json:"element,omitempty"` // standard data element, where there is one
	Note    string `json:"note,omitempty"`
}

// Remark is what somebody says of one item of a plan: the department why it
// cannot be had by sharing, the authority what it found.
type Remark struct {
	Item string `json:"item"` // the item's name
	Text string `json:"text"`
}

// Match is one published item, or designated source, that a planned item can
// be had from by sharing.
type Match struct {
	Item         string `json:"item"` // of the plan
	Kind         Kind   `json:"kind"`
	Why          string `json:"why"`
	Resource     string `json:"resource,omitempty"` // empty: a designated source that has published nothing yet
	ResourceName string `json:"resource_name,omitempty"`
	Code         string `json:"code,omitempty"`
	Name         string `json:"name,omitempty"`
	Provider     string `json:"provider"`
	// Partial: the provider has the data of a part of the territory only. Such a
	// match is reported and does not stand in the way.
	Partial bool `json:"partial,omitempty"`
	// Region of the provider, when the match is an item.
	Region string `json:"region,omitempty"`
}

// Duty is one line of a department's collection-responsibility list
// (采集责任清单, HB-10).
type Duty struct {
	ID         string
	Department string
	Region     string // department's region
	Name       string // what is collected
	Element    string
	Resource   string // the catalog entry it comes from; empty: added by the authority
	Frequency  string
	Case       string
	DecidedAt  time.Time
}

// Exemption is a filed reason for collecting a resource less often than in
// real time (XN-13).
type Exemption struct {
	ID            string
	Resource      string
	Provider      string
	Region        string
	Name          string
	Reason        string
	IntervalHours int
	Case          string
	FiledAt       time.Time
}

// Library is a base or theme library (HB-13) with its lead department.
type Library struct {
	ID        string // the case that keeps it
	Kind      string // "base", "theme"
	Domain    string // of a base library: "population", ...; of a theme library its theme
	Name      string
	Lead      string // department
	Region    string // territory
	Resources []string
	CreatedAt time.Time
	EndedAt   *time.Time
}

// Place says whose items are looked for: those whose territory contains the
// asking department's, which have all that it needs, or those inside it, which
// have a part.
type Place struct {
	Region   string   // of the department that asks
	Covering []string // codes of the territories that contain it, itself included
	Inside   bool     // the items of territories inside Region instead
	Except   string   // department whose own items do not count
}

// ItemFinder looks up published items that are shared. It reads through
// indexes, however large the catalog is.
type ItemFinder interface {
	// ItemsOfElementAt gives items of a standard element. The first limit of them
	// by region, resource and code are among them.
	ItemsOfElementAt(ctx context.Context, element string, at Place, limit int) ([]catalog.PublishedItem, error)
	// ItemsNamed gives items that bear one of the normalised names. The first
	// limit of them, in the order of the names, then by region, resource and code,
	// are among them.
	ItemsNamed(ctx context.Context, names []string, at Place, limit int) ([]catalog.PublishedItem, error)
	// NamesAt gives those of the normalised names that an item of the place
	// bears, the shorter first, then by code points.
	NamesAt(ctx context.Context, names []string, at Place, limit int) ([]string, error)
	// NamesEnding gives normalised names that end in the text, the shorter first.
	NamesEnding(ctx context.Context, text string, limit int) ([]string, error)
	// NamesSharing gives normalised names of so many characters that have at
	// least so many of the pairs, the shorter first.
	NamesSharing(ctx context.Context, pairs []string, least, minLen, maxLen, limit int) ([]string, error)
	// EachUnnamed hands over the items whose normalised name is not written yet,
	// until fn gives an error: none, but for a while after an upgrade.
	EachUnnamed(ctx context.Context, fn func(catalog.PublishedItem) error) error
	// NameItems writes the normalised names of at most limit of these and tells
	// how many it found.
	NameItems(ctx context.Context, limit int) (int, error)
}

// DutyStore keeps the collection-responsibility lists.
type DutyStore interface {
	// ReplaceDuties makes these the list of the department.
	ReplaceDuties(ctx context.Context, department string, duties []Duty) error
	// Duties gives the list of a department, by name.
	Duties(ctx context.Context, department string) ([]Duty, error)
}

// ExemptionStore keeps the exemptions from collection in real time.
type ExemptionStore interface {
	// PutExemption begins an exemption; an earlier one of the resource ends.
	PutExemption(ctx context.Context, x Exemption) error
	// Exemptions gives the running ones of a territory, newest first.
	Exemptions(ctx context.Context, region string, limit int) ([]Exemption, error)
}

// LibraryStore keeps the libraries.
type LibraryStore interface {
	// InsertLibrary begins a library: of a territory one for each domain, else
	// the fault "already_exists".
	InsertLibrary(ctx context.Context, l Library) error
	EndLibrary(ctx context.Context, id string, at time.Time) error
	AssignResource(ctx context.Context, library, resource string) error // idempotent
	RemoveResource(ctx context.Context, library, resource string) error // idempotent
	Library(ctx context.Context, id string) (Library, error)
	// Libraries gives the running ones of a territory, by kind and domain.
	Libraries(ctx context.Context, region string) ([]Library, error)
}

// Store is what this package needs kept.
type Store interface {
	ItemFinder
	SourceMapStore
	DutyStore
	ExemptionStore
	LibraryStore
}

// Catalog is what this package asks of the catalog's store.
type Catalog interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
	List(ctx context.Context, f catalog.Filter) ([]catalog.Summary, error)
}

// Sources tells the designated source departments; *catalog.Sources
// implements it.
type Sources interface {
	SourceFor(ctx context.Context, department, element string) (source catalog.Source, found bool, err error)
}

// Elements names standard data elements; *catalog.Scheme implements it.
type Elements interface {
	Element(ctx context.Context, code string) (catalog.Element, error)
	Elements(ctx context.Context, text string, limit int) ([]catalog.ElementMatch, error)
}

// Departments is what this package asks about departments; *org.Service
// implements it.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
	SameLevelAuthority(ctx context.Context, departmentID string) (string, error)
}

// Service runs collection plans, responsibility lists, exemptions and
// libraries.
type Service struct {
	store    Store
	catalog  Catalog
	sources  Sources
	elements Elements
	org      Departments
	clock    clock.Clock
}

// NewService makes the service. Without elements (nil) standard elements have no
// names.
func NewService(store Store, c Catalog, sources Sources, o Departments, elements Elements, clk clock.Clock) *Service {
	return &Service{store: store, catalog: c, sources: sources, org: o, elements: elements, clock: clk}
}
