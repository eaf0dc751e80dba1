package calllog

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// ReconciliationKind is the kind of a finished reconciliation's entry in the
// ledger: whose log, its digest, what was found.
const ReconciliationKind ledger.Kind = "reconciliation"

// State is how far a reconciliation is.
type State string

// The states, in their order.
const (
	Receiving State = "receiving" // the log is being uploaded
	Theirs    State = "theirs"    // their lines are compared with the ledger
	Ours      State = "ours"      // the ledger's calls are looked for in their lines
	Clearing  State = "clearing"  // the lines are cleared away, the result stands
	Done      State = "done"
)

// Found is one way of not matching.
type Found string

// What a comparison finds.
const (
	MissingThere Found = "missing_there" // in the ledger, not in their log
	MissingHere  Found = "missing_here"  // in their log, not in the ledger as a call of theirs
	Repeated     Found = "repeated"      // in their log more than once
	DigestDiffer Found = "digest_differs"
	CountDiffers Found = "count_differs"
	GrantDiffers Found = "grant_differs"
	TimeDiffers  Found = "time_differs" // by more than the tolerance
)

// Kinds lists them in the order of a summary.
var Kinds = []Found{MissingThere, MissingHere, Repeated, DigestDiffer, CountDiffers, GrantDiffers, TimeDiffers}

// Record is one line of a side's own log. What it does not give is not
// compared.
type Record struct {
	Line    int // in the file, from 1
	Receipt string
	At      time.Time // zero: not given
	Grant   string
	SHA256  string
	Rows    int // -1: not given
	Again   int // how often it came again
}

// Scope is what a reconciliation is about.
type Scope struct {
	Side Side
	// Grant or Resource narrow it; a provider names one of them, of a resource
	// that is linked: it sees no calls of a hosted one.
	Grant    string
	Resource string
	From, To time.Time // From ≤ at < To
	// Refused also expects the refused calls in a consumer's log; without it
	// they may be there and need not.
	Refused bool
	// Tolerance is how far the two clocks may differ; default 5 minutes.
	Tolerance time.Duration
}

// Reconciliation is one comparison of a side's log with the ledger.
type Reconciliation struct {
	Scope
	ID         string
	Department string
	State      State
	Version    int
	// LedgerSize is how much of the ledger there was when the log had come: the
	// comparison waits until the projection has read it.
	LedgerSize uint64
	Lines      int    // receipts in their log, each counted once
	SHA256     string // hex, of the log as it was uploaded
	Matched    int    // of their lines
	Counts     map[Found]int
	// Where the comparison reads on.
	AfterReceipt string
	AfterCall    Mark
	CreatedBy    string // person ID
	CreatedAt    time.Time
	FinishedAt   *time.Time
	// Case is what it was turned into.
	Case, CaseProcedure string
}

// Mismatches is how many there are.
func (r Reconciliation) Mismatches() int {
	n := 0
	for _, c := range r.Counts {
		n += c
	}
	return n
}

// Mismatch is one finding.
type Mismatch struct {
	Seq     int // from 1
	Kind    Found
	Receipt string
	Line    int       // of their file; 0: not in it
	At      time.Time // ours, or theirs where we have none
	Grant   string
	Ours    string // what the ledger has
	Theirs  string // what their log has
}

// Reconciliations is what is kept of reconciliations.
type Reconciliations interface {
	InsertReconciliation(ctx context.Context, r Reconciliation) error
	Reconciliation(ctx context.Context, id string) (Reconciliation, error)
	// ReconciliationsOf lists a department's, the newest first; after is the ID
	// of the last one seen.
	ReconciliationsOf(ctx context.Context, department string, limit int, after string) ([]Reconciliation, error)
	// OpenReconciliations gives those that there is work on, the oldest first.
	OpenReconciliations(ctx context.Context, limit int) ([]Reconciliation, error)
	// UpdateReconciliation writes all that changes, if the version is still
	// r.Version, and counts the version up.
	UpdateReconciliation(ctx context.Context, r Reconciliation) error
	// DropReconciliation forgets an upload that did not come to its end.
	DropReconciliation(ctx context.Context, id string) error

	// PutRecords keeps lines; one whose receipt is there already counts as
	// coming again. It tells how many are new.
	PutRecords(ctx context.Context, id string, records []Record) (fresh int, err error)
	// Records gives up to n lines behind a receipt, ordered by receipt.
	Records(ctx context.Context, id, after string, n int) ([]Record, error)
	// HaveRecords tells which of the receipts are among the lines.
	HaveRecords(ctx context.Context, id string, receipts []string) (map[string]bool, error)
	// ClearRecords deletes up to n lines and tells how many.
	ClearRecords(ctx context.Context, id string, n int) (int, error)

	PutMismatches(ctx context.Context, id string, found []Mismatch) error
	// Mismatches gives up to n findings behind a sequence number, in order.
	Mismatches(ctx context.Context, id string, after, n int) ([]Mismatch, error)
}
