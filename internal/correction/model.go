package correction

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Claim says what is wrong with one item of a record and what would be right.
type Claim struct {
	Item  string `json:"item"`            // item code
	Found any    `json:"found,omitempty"` // value as received; nil: empty
	Right any    `json:"right,omitempty"` // value that would be right; nil: not known
}

// Content is what a Record seals.
type Content struct {
	Key    map[string]any `json:"key"` // item code → value that names the record
	Claims []Claim        `json:"claims"`
}

// Record is the sealed part of a correction: which record, which values.
type Record struct {
	ID       string
	Case     string // "" until a case is bound to it
	Grant    string
	Consumer string // department
	Provider string // department
	Items    []string
	// Identifiers are the digests under which the ledger keeps the sensitive
	// values of the key.
	Identifiers []string
	Sealed      []byte // Content
	Filed       []byte // map of item code → right value, as the provider files it; nil: nothing filed
	CreatedAt   time.Time
}

// Access is a line of the projection of calls: a consumer received what the
// digest names, or, for an empty digest, may have received anything of the
// resource.
type Access struct {
	Resource, Identifier, Grant, Consumer string
	Calls                                 int    // how many
	Entry                                 string // the last call: its ledger entry
	Index                                 uint64
	At                                    time.Time
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	InsertRecord(ctx context.Context, r Record) error
	Record(ctx context.Context, id string) (Record, error)
	RecordOfCase(ctx context.Context, caseID string) (Record, error)
	// BindRecord gives an unbound record to a case; one that is bound is the
	// fault "changed_meanwhile".
	BindRecord(ctx context.Context, id, caseID string) error
	FileValues(ctx context.Context, id string, sealed []byte) error

	// NextIndex is the index of the first ledger entry that the projection has
	// not read.
	NextIndex(ctx context.Context) (uint64, error)
	// Advance adds accesses and moves the projection from one index to the
	// next, if it still stands at the first; false: somebody else moved it and
	// nothing was done.
	Advance(ctx context.Context, from, to uint64, seen []Access) (bool, error)
	// Accesses finds the lines of a resource with one of the digests.
	Accesses(ctx context.Context, resource string, identifiers []string) ([]Access, error)
	// AllAccesses gives up to n lines after the given one, ordered by resource,
	// identifier, grant and consumer.
	AllAccesses(ctx context.Context, after Access, n int) ([]Access, error)
}

// Entries reads the ledger; ledger.Store has it.
type Entries interface {
	LeafByID(ctx context.Context, id string) (ledger.Leaf, error)
	Leaf(ctx context.Context, index uint64) (ledger.Leaf, error)
	Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error)
	ReadHead(ctx context.Context) (ledger.Head, error)
}

// Ledger takes an entry inside the running transaction; *ledger.Log has it.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Grants reads grants.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
}

// Resources reads the catalog.
type Resources interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Departments reads departments.
type Departments interface {
	Department(ctx context.Context, id string) (org.Department, error)
}

// Cases opens and reads cases and puts notices and messages in the outbox;
// *casework.Engine has it.
type Cases interface {
	Open(ctx context.Context, p org.Principal, req casework.OpenRequest) (casework.View, error)
	View(ctx context.Context, p org.Principal, caseID string) (casework.View, error)
	Tell(ctx context.Context, t casework.Telling) error
	Post(ctx context.Context, kind, caseID string, payload any) error
}

// Sealer encrypts with the node's key.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// Rules finds the rules of a case.
type Rules interface {
	ByKey(key string) (*rulebook.Rules, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store       Store
	Entries     Entries
	Ledger      Ledger
	Grants      Grants
	Resources   Resources
	Hosted      catalog.Hosted
	Departments Departments
	Cases       Cases
	Rules       Rules
	Sealer      Sealer
	Clock       clock.Clock
	// Digest is the keyed digest of an identifier in the ledger's calls.
	Digest func(s catalog.Sensitivity, value string) string
}

// Service brings the hooks of the correction procedures.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }
