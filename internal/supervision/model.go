package supervision

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Role is in what capacity a department broke a clause.
type Role string

// The capacities that the liability articles speak of.
const (
	Provider   Role = "provider"   // CN-39
	Consumer   Role = "consumer"   // CN-40
	Authority  Role = "authority"  // CN-41
	Department Role = "department" // HB-30, XN-26: any department
)

// Source says how a violation became known.
type Source string

// The sources.
const (
	Detected Source = "detected" // from facts the platform has
	Filed    Source = "filed"    // by a person: a report, an inspection, the authority itself
)

// Violation is one breach of one clause by one department.
type Violation struct {
	ID         string
	Key        string // names the breach itself: what is reported twice is one
	Clause     string // liability clause: "CN-39.4"
	Role       Role
	Department string
	Case       string // the case it happened in, if any
	Grant      string
	Resource   string
	Facts      map[string]any // no personal data: it is shown to all parties and kept
	Source     Source
	At         time.Time // when it was seen
	// Rectification is the one case that answers it.
	Rectification string
}

// Listed is a violation with where its rectification stands.
type Listed struct {
	Violation
	DepartmentName string
	Number         string // of the rectification case
	Stage          string
	StageName      string
	ClosedAt       *time.Time
}

// ViolationFilter narrows a list of violations; zero fields do not narrow.
type ViolationFilter struct {
	// RegionPath keeps to departments of a territory; Own adds one department.
	// With neither, everything.
	RegionPath string
	Own        string

	Clause     string // "CN-39" takes all its items
	Department string
	Source     Source
	Open       bool // the rectification is not closed
	From, To   time.Time
	Limit      int
	After      string
}

// Circular is a published circular (通报, CN-29.1).
type Circular struct {
	ID          string
	Case        string
	Number      string
	Issuer      string // department
	IssuerName  string // filled when read
	Territory   string // region whose departments it is published to
	Title       string
	Kind        string // criticism, situation, commendation
	Text        string
	Departments []string // named in it
	Clauses     []string
	PublishedAt time.Time
}

// CircularFilter narrows a list of circulars.
type CircularFilter struct {
	Territories []string // published in one of them
	Limit       int
	After       string
}

// RefusedTally counts the refused calls of one day that may be a violation of
// one clause, of one grant or one system.
type RefusedTally struct {
	Clause   string
	Subject  string // grant or system
	Day      string // YYYY-MM-DD in Asia/Shanghai
	Consumer string
	Refused  int
	First    string // ledger entry IDs
	Last     string
}

// Outage is a linked resource whose provider's system has not answered since.
type Outage struct {
	Resource string
	Provider string
	Grant    string // of the call that failed last
	Since    time.Time
	Last     time.Time // last failed call
	Failures int
}

// ElementOf says since when a department publishes a standard element: since
// its present version, so that what it added yesterday is not counted longer.
type ElementOf struct {
	Element  string
	Provider string
	Since    time.Time
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// InsertViolation keeps a violation unless its key is there already, and
	// tells whether it did. Of callers at the same time one is told yes, the
	// others after that one's transaction has ended.
	InsertViolation(ctx context.Context, v Violation) (bool, error)
	// LinkViolation writes the rectification case, once.
	LinkViolation(ctx context.Context, id, caseID string) error
	Violation(ctx context.Context, id string) (Violation, error)
	ViolationByKey(ctx context.Context, key string) (Violation, error)
	Violations(ctx context.Context, f ViolationFilter) ([]Listed, error) // newest first

	InsertCircular(ctx context.Context, c Circular) error
	Circulars(ctx context.Context, f CircularFilter) ([]Circular, error) // newest first

	// LockCursor gives how far a reader has come, and keeps other replicas of
	// it waiting until the transaction ends. MoveCursor writes it.
	LockCursor(ctx context.Context, name string) (uint64, error)
	MoveCursor(ctx context.Context, name string, to uint64) error
	// AddRefused adds to the tally of a day and gives the whole of it.
	AddRefused(ctx context.Context, t RefusedTally) (RefusedTally, error)
	// NoteFailures begins an outage or lengthens it; NoteSuccess ends it.
	NoteFailures(ctx context.Context, o Outage) error
	NoteSuccess(ctx context.Context, resource string) error
	// Outages gives those that began by then.
	Outages(ctx context.Context, since time.Time) ([]Outage, error)
	// EndedAlone gives grants that ended since then without any case of theirs
	// that says why: no service change, no suspension, no disposal. What a
	// detector has reported already, this and the lists below leave out.
	EndedAlone(ctx context.Context, since time.Time) ([]sharing.Grant, error)
	// SharedElements gives the standard elements that several departments have
	// published, one row for each department, ordered by element.
	SharedElements(ctx context.Context) ([]ElementOf, error)
	// Designated tells whether an authority has designated a source for it.
	Designated(ctx context.Context, authority, element string) (bool, error)
	// Unrecorded gives grants of batches or files that were first used by then
	// and have no usage record at all.
	Unrecorded(ctx context.Context, usedBy time.Time) ([]sharing.Grant, error)
	// Parties gives the parties of a case; of one that is not here, none.
	Parties(ctx context.Context, caseID string) (map[string]string, error)
	// NoteOverruled keeps an overruled refusal, once.
	NoteOverruled(ctx context.Context, o Overruled) error
	// OverruledOf lists a provider's overruled refusals since then, first first.
	OverruledOf(ctx context.Context, provider string, since time.Time) ([]Overruled, error)
	// Rivals lists the entries beside the designated sources.
	Rivals(ctx context.Context) ([]Rival, error)
	// CollectedAnyway lists elements of declined collection plans that their
	// department first published afterwards, when another's entry with the
	// element was there to be shared: with no plan approved, and with no grant
	// on an entry that holds the element.
	CollectedAnyway(ctx context.Context) ([]Anyway, error)
	// ConsumerIn tells whether a department is the consumer of one of the
	// grants that a case names among its facts.
	ConsumerIn(ctx context.Context, caseID, department string) (bool, error)
	// Lapsed gives rectification cases in the stage "ordered" whose term was
	// over at that moment.
	Lapsed(ctx context.Context, now time.Time, limit int) ([]procedure.Case, error)

	Figures
}

// Figures are the facts that the assessment is computed from. Every map is
// keyed by department; path is the territory's region path; the period is
// [from, to).
type Figures interface {
	// CatalogFigures counts, as of to, entries, published ones and those that
	// have data attached.
	CatalogFigures(ctx context.Context, path string, to time.Time) (map[string]CatalogFigures, error)
	// GrantFigures counts grants of consumers that were in force in the period,
	// and those that had been used.
	GrantFigures(ctx context.Context, path string, from, to time.Time) (map[string]UseFigures, error)
	// ClockFigures counts the statutory clocks ("procedure.clock") that
	// departments owed: kept ones by when they stopped, late ones by when they
	// ran out, by now at the latest.
	ClockFigures(ctx context.Context, clocks []string, path string, from, to, now time.Time) (map[string]ClockFigures, error)
	// Breaches counts violations seen in the period whose case was not dismissed.
	Breaches(ctx context.Context, path string, from, to time.Time) (map[string]int, error)
	// Complaints counts the public's complaints about departments that were
	// lodged in the period and neither declined nor unfounded.
	Complaints(ctx context.Context, path string, from, to time.Time) (map[string]int, error)
}

// CatalogFigures counts a provider's catalog.
type CatalogFigures struct{ Entries, Published, Linked int }

// ClockFigures counts clocks that were kept and that ran out.
type ClockFigures struct{ Kept, Late int }

// UseFigures counts a consumer's grants.
type UseFigures struct{ Granted, Used int }

// Organisation is what this package asks of the organisation.
type Organisation interface {
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	SuperiorAuthority(ctx context.Context, department string) (string, error)
	Department(ctx context.Context, id string) (org.Department, error)
	Departments(ctx context.Context, f org.DepartmentFilter) ([]org.Department, error)
	Region(ctx context.Context, code string) (org.Region, error)
	Supervises(ctx context.Context, p org.Principal, region string) (bool, error)
}

// Cases opens cases and takes steps in the name of the platform.
type Cases interface {
	OpenAsPlatform(ctx context.Context, region string, req casework.OpenRequest) (caseID string, err error)
	TakeAsPlatform(ctx context.Context, caseID, action string, fields map[string]any) error
}

// Clocks lists running clocks of a territory.
type Clocks interface {
	Clocks(ctx context.Context, f casework.ClockFilter) ([]casework.CaseClock, error)
}

// Leaves reads the ledger in order.
type Leaves interface {
	Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error)
}
