package dcat

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Audience is a kind of reader. What one is told follows from it alone, so the
// documents of an audience are the same for everybody in it.
type Audience string

const (
	// Departments read all that is published: the catalog is published to all
	// government departments (CN-16).
	Departments Audience = "departments"
	// Public is everybody. The regulation publishes the catalog to departments,
	// not to the public, so they are told of those entries only that the
	// provider opens to society, and only where the operator says so.
	Public Audience = "public"
)

// Record is a resource as it is published now.
type Record struct {
	Resource    catalog.Resource
	Entry       catalog.Entry
	Version     int       // number of the published version
	FirstIssued time.Time // publication of the first version
	PublishedAt time.Time // of this one
	Provider    org.Department
	RegionName  string
	Related     []string // IDs of the published resources among Entry.Related
}

// Change says that the published state of an entry changed: it is there in
// another version, or gone.
type Change struct {
	Resource string
	Gone     bool      // withdrawn: there is no published version any more
	At       time.Time // of the withdrawal; zero: not known
	Reason   string    // of it
}

// Source reads the published catalog.
type Source interface {
	// Records gives the published resources after the ID, in order of IDs.
	Records(ctx context.Context, after string, limit int) ([]Record, error)
	// RecordsOf gives those of the named resources that are published, in any order.
	RecordsOf(ctx context.Context, resources []string) ([]Record, error)
	// Superseded gives the earlier published entries of the named resources.
	Superseded(ctx context.Context, resources []string) (map[string][]catalog.Entry, error)
	// Operator is the department that answers for the catalog as a whole: the
	// authority of the largest territory on this node, and that region's name.
	Operator(ctx context.Context) (org.Department, string, error)
}

// Feed reads what changed.
type Feed interface {
	// Changes gives the entries whose published state changed after a position,
	// each once, in its last state, and the position to go on from. The empty
	// position is the beginning; more: go on at once. Whatever order
	// transactions commit in, nothing is left out. A position that is not of
	// this database is the fault "cursor_void".
	Changes(ctx context.Context, position string, limit int) (changes []Change, next string, more bool, err error)
	// State names the state of the published catalog: while the name is the
	// same, so is the catalog. With it comes the time of the last publication.
	State(ctx context.Context) (name string, last time.Time, err error)
}

// Open tells whether the provider opens the entry to society, without
// conditions and without personal or important data in it.
func Open(e catalog.Entry) bool {
	return e.OpenAttribute == "open" && e.Attribute != catalog.Withheld && !e.PersonalInfo &&
		e.Level != catalog.Important && e.Level != catalog.Core
}

// Visible tells whether the audience is told of the entry at all.
func Visible(e catalog.Entry, a Audience) bool { return a == Departments || a == Public && Open(e) }

// visibleItem tells whether the audience is told of an item: the public only
// of what is neither withheld nor personal.
func visibleItem(i catalog.Item, a Audience) bool {
	return a == Departments ||
		i.Sensitivity == "" && i.Attribute != catalog.Withheld && i.Attribute != catalog.Conditional && i.Level != catalog.Important && i.Level != catalog.Core
}
