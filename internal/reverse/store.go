package reverse

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	InsertSource(ctx context.Context, s Source) error
	// ReverseSource gives a source that has not ended.
	ReverseSource(ctx context.Context, id string) (Source, error)
	ReverseSources(ctx context.Context, department string) ([]Source, error)
	// EndSource ends a source and wipes its sealed connection.
	EndSource(ctx context.Context, id string, at time.Time) error

	// InsertRun keeps a waiting run; while another of the source waits or runs
	// it is the fault "already_exists".
	InsertRun(ctx context.Context, r Run) error
	// ReverseRun gives a run with its schema.
	ReverseRun(ctx context.Context, id string) (Run, error)
	// ReverseRuns lists the runs of a source without schemas, newest first.
	ReverseRuns(ctx context.Context, source string, limit int) ([]Run, error)
	// ClaimRun gives the oldest waiting run, or one whose lease has run out, to
	// the caller alone until the lease ends. ok is false when there is none.
	ClaimRun(ctx context.Context, now time.Time, lease time.Duration) (r Run, ok bool, err error)
	// FinishRun keeps the outcome of a claimed run, unless it was claimed again
	// since: ok is false then. It drops all but the newest runs of the source.
	FinishRun(ctx context.Context, r Run, keep int) (ok bool, err error)

	InsertLink(ctx context.Context, l Link) error
	// Links gives the entries made of the tables of a source, oldest first.
	Links(ctx context.Context, source string) ([]Link, error)
}

// Sealer encrypts connections before they are stored.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// Reader reads databases; *reader.Reader implements it.
type Reader interface {
	// Approve refuses what the node's operator does not allow to be reached:
	// "address_not_allowed", "file_not_allowed". A name is looked up when it is
	// called, not here.
	Approve(c Connection) error
	// Version connects and gives the server's version.
	Version(ctx context.Context, c Connection) (string, error)
	// Read gives the schema, texts as they are: Finish makes them fit to keep.
	Read(ctx context.Context, c Connection, l Limits) (Schema, error)
}

// Catalog makes drafts; *catalog.Service implements it.
type Catalog interface {
	CreateDraft(ctx context.Context, p org.Principal, e catalog.Entry) (catalog.Resource, catalog.Version, error)
	Get(ctx context.Context, p org.Principal, id string) (r catalog.Resource, published, pending *catalog.Version, err error)
}

// Ledger takes entries inside the running transaction.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}
