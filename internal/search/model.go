package search

import (
	"context"
	"time"
)

// State says which version of a resource a document is.
type State uint8

// The states of a document.
const (
	Published State = iota // what everybody signed in may see
	Draft                  // own department and same-level authority only (CN-16)
	Submitted              // likewise; in the hands of the head or the authority
)

// Document is one version of a resource as it is searched: the published one,
// the pending one, or both as two documents.
type Document struct {
	Resource   string // ID
	State      State
	Version    int
	Code       string
	Provider   string // department ID
	Name       string
	Abstract   string
	ClassCode  string
	Attribute  string
	Methods    []string
	FormatKind string
	Frequency  string
	Level      string
	Linked     string  // catalog.Collection; empty: neither hosted nor linked
	Quality    float64 // score of the last run, 0..100; negative: never measured
	Items      []Item
	// Rank orders hits that match equally well, the highest first: when the
	// version was published, else made, in microseconds since 1970.
	Rank int64
}

// Item is what is searched of a data item.
type Item struct {
	Name        string
	EnglishName string
	Code        string
}

// Reader is who asks: the department decides what is seen besides the
// published entries.
type Reader struct{ Department string }

// Query is one search.
type Query struct {
	Text    string
	Filters Filters
	Reader  Reader
	Limit   int    // 1..100; 0: 20
	Cursor  string // Result.Next of the page before
}

// Filters narrow a search. Values of one facet are alternatives, facets must
// all hold.
type Filters struct {
	Providers []string // department IDs
	Region    string   // with all below it
	Class     string   // a beginning of the class code: 类, 项, 目, 细目
	Values    map[FacetName][]string
}

// Part is a piece of a field; Hit tells that the query matched it.
type Part struct {
	Text string
	Hit  bool
}

// Hit is one document that was found.
type Hit struct {
	Document     Document
	ProviderName string
	Region       string // provider's region
	RegionName   string
	Name         []Part
	Code         []Part
	Abstract     []Part // the part around the first match
	Provider     []Part
	Items        []ItemHit // items that matched, at most five
	ItemHits     int       // how many matched
}

// ItemHit is an item that matched.
type ItemHit struct {
	Item Item
	Name []Part
	Code []Part
}

// FacetName names a facet.
type FacetName string

// Count is how many documents of the result have a value of a facet.
type Count struct {
	Value string
	Label string // Chinese
	Count int
}

// Facet is a facet with its counts: of all other filters, but not its own, so
// that the alternatives show; region and class show what lies below the chosen
// one.
type Facet struct {
	Name   FacetName
	Label  string
	Counts []Count
	More   int // values that are not listed
}

// Result answers a query.
type Result struct {
	Total      int
	TotalExact bool // else Total and counts may include a few that do not match
	Hits       []Hit
	Facets     []Facet
	Next       string   // cursor of the next page; empty: the last one
	Split      []string // the parts that a run found nowhere was tried in
	Synonyms   []string // what was looked for besides
	Generation uint64   // of the index
}

// Change is what a feed tells: a resource changed, or the directory of
// departments and authorities did.
type Change struct {
	Resource  string
	Directory bool
}

// Source is the database that the index is derived from; store implements it.
type Source interface {
	// Epoch identifies the database; a position of another epoch is void.
	Epoch(ctx context.Context) (string, error)
	// Position is where the feed of changes stands now.
	Position(ctx context.Context) (string, error)
	// Changes gives what was committed after the position, each resource once,
	// and the position to go on from; more: at once. Nothing that was committed
	// is ever left out, whatever the order of the transactions.
	Changes(ctx context.Context, position string, limit int) (changes []Change, next string, more bool, err error)
	// Documents gives the documents of the resources as they are now.
	Documents(ctx context.Context, resources []string) ([]Document, error)
	// EachDocument hands over all documents, those of a provider together.
	EachDocument(ctx context.Context, fn func([]Document) error) error
	// CountDocuments tells how many resources there are, for progress.
	CountDocuments(ctx context.Context) (int, error)
	// Directory gives the departments, their regions and the authorities.
	Directory(ctx context.Context) (DirectoryData, error)
}

// DirectoryData is what the index knows of departments and regions. It is kept
// apart from the documents, so that a department's new name or an authority's
// new territory changes no document.
type DirectoryData struct {
	Departments []Department
	Regions     []Region          // of the departments and all above them
	Authorities map[string]string // region → department
}

// Department is a provider.
type Department struct{ ID, Name, Region string }

// Region is a node of the region tree, with the codes from the root to it.
type Region struct{ Code, Name, Path string }

// Status tells how the index is.
type Status struct {
	State      string // "ready", "building"
	Documents  int
	Done, Of   int // of a build that is running: resources read
	Generation uint64
	Segments   int
	CaughtUp   time.Time // when the feed was last read to its end
}
