package sheet

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

// State is where an import stands.
type State string

// The states of an import.
const (
	Uploading  State = "uploading"
	Waiting    State = "waiting"    // for a worker to check it
	Checking   State = "checking"   // the dry run
	Unmapped   State = "unmapped"   // its columns were not recognised: a person maps them
	Checked    State = "checked"    // the result of the dry run is there
	Queued     State = "queued"     // for a worker to commit it
	Committing State = "committing" // drafts are being made
	Done       State = "done"
	Failed     State = "failed"
	Cancelled  State = "cancelled"
)

// ended tells whether nothing more becomes of an import.
func (s State) ended() bool { return s == Done || s == Failed || s == Cancelled }

// Mode is what a commit does when something is refused.
type Mode string

// The modes.
const (
	WholeFile   Mode = "file"     // all or nothing
	PerResource Mode = "resource" // what is not refused; a resource with its items is never split
)

// Counts are the resources of a file by outcome.
type Counts struct {
	New       int `json:"new"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Refused   int `json:"refused"`
	Items     int `json:"items"`   // of all resources
	Reasons   int `json:"reasons"` // faulty cells
	Done      int `json:"done"`    // committed
}

// Import is one file handed in.
type Import struct {
	ID         string
	Department string
	Person     string // who handed it in
	Name       string // of the file
	Size       int64
	SHA256     string // of the file, hex
	Format     table.Format
	State      State
	Mode       Mode
	// RowsDone of RowsTotal are done of the state's work; RowsTotal 0: not known yet.
	RowsDone, RowsTotal int
	Counts              Counts
	Mapping             Mapping
	Notes               []string
	// Digest names the result of the dry run; a commit names it.
	Digest    string
	Committer string // who asked for the commit
	Failure   string // code, of a failed one
	Message   string
	Attempts  int
	CreatedAt time.Time
	EndedAt   *time.Time
	// Errors: there is an error file. Kept: the uploaded file is still there.
	Errors, Kept bool
	Revision     int // compare-and-set
}

// Blob names a file that belongs to an import.
type Blob string

// The files of an import.
const (
	Upload    Blob = "upload"
	ErrorFile Blob = "errors"
)

// Store is what the service needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	InsertImport(ctx context.Context, x Import) error
	Import(ctx context.Context, id string) (Import, error)
	// UpdateImport replaces everything but what identifies the import; x.Revision is
	// the one read ("changed_meanwhile"). The lease is given up.
	UpdateImport(ctx context.Context, x Import) error
	// Imports lists those of a department, newest first.
	Imports(ctx context.Context, department string, limit int, after string) ([]Import, error)
	// ClaimImport takes the oldest that waits for a worker, or whose worker's lease
	// has run out: its state becomes that of the work.
	ClaimImport(ctx context.Context, now time.Time, lease time.Duration) (Import, bool, error)
	// NoteProgress keeps the progress and renews the lease, unless another worker
	// has taken over (false) or it was cancelled.
	NoteProgress(ctx context.Context, x Import, until time.Time) (bool, error)

	AppendBlob(ctx context.Context, id string, b Blob, seq int, data []byte) error
	// BlobChunk gives a piece; none is nil.
	BlobChunk(ctx context.Context, id string, b Blob, seq int) ([]byte, error)
	DropBlob(ctx context.Context, id string, b Blob) error

	InsertPlanned(ctx context.Context, id string, rows []Planned) error
	// Planned gives rows after the sequence number in order; without entries when
	// those are not asked for. Outcome "" is all.
	Planned(ctx context.Context, id string, o Outcome, after, limit int, entries bool) ([]Planned, error)
	// FinishPlanned marks a row as committed, or as refused meanwhile.
	FinishPlanned(ctx context.Context, id string, row Planned) error
	DropPlanned(ctx context.Context, id string) error

	Mapping(ctx context.Context, department, signature string) (Mapping, bool, error)
	KeepMapping(ctx context.Context, department, signature string, m Mapping, at time.Time) error

	// Stale lists imports that were made before the time and still have files or rows.
	Stale(ctx context.Context, before time.Time, limit int) ([]Import, error)
	// Forget drops files and rows of an import; the import itself stays.
	Forget(ctx context.Context, id string) error
}
