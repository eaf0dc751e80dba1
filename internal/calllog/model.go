package calllog

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Side is as what a department looks at calls.
type Side string

// The two sides of a call.
const (
	Consumer Side = "consumer" // its systems made them
	Provider Side = "provider" // they were of its resources
)

// Valid tells whether s is one of the two.
func (s Side) Valid() bool { return s == Consumer || s == Provider }

// Line is what the projection keeps of one call.
type Line struct {
	Index    uint64 // of the ledger entry
	At       time.Time
	Consumer string
	Provider string // empty: the call was refused before its resource was known
	Grant    string // empty: a token was asked for
	Status   int    // HTTP status of the answer
}

// Call is one call as the ledger has it. Operator and CaseNumber are keyed
// digests: see Service.Digests.
type Call struct {
	Index      uint64
	Receipt    string // ID of the ledger entry, which the answer's Shuqiao-Receipt named
	At         time.Time
	Endpoint   string // rows, verify, token
	Grant      string
	Resource   string
	Consumer   string
	Provider   string
	System     string
	Auth       string // mtls, token, assertion
	Purpose    string
	Operator   string
	CaseNumber string
	Rows       int
	Dropped    int // rows of the provider's answer that were outside the scope
	Status     int
	Code       string // of a refusal
	Basis      string // its clause
	SHA256     string // hex, of the answer's body
	Bytes      int
	Duration   time.Duration
}

// Outcome selects by how calls ended.
type Outcome string

// The outcomes.
const (
	Any      Outcome = ""
	Answered Outcome = "answered" // 200
	Refused  Outcome = "refused"  // anything else
)

// Query selects calls of one side.
type Query struct {
	Side       Side
	Department string
	Grant      string    // empty: all
	From, To   time.Time // From ≤ at < To; zero: no bound
	Outcome    Outcome
	Status     int // exactly; 0: any
	// Oldest gives the oldest first, as an export does; otherwise the newest.
	Oldest bool
	// After is the last call that was seen; zero: from the beginning.
	After Mark
	Limit int
}

// Mark is a place in a log.
type Mark struct {
	At    time.Time
	Index uint64
}

// Zero tells whether it is no place at all.
func (m Mark) Zero() bool { return m.At.IsZero() }

// Entries reads the ledger with what was moved to its archive.
type Entries interface {
	Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error)
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// NextIndex is where the projection reads on.
	NextIndex(ctx context.Context) (uint64, error)
	// Advance keeps lines and moves the place, unless another replica did.
	Advance(ctx context.Context, from, to uint64, lines []Line) (moved bool, err error)
	// Calls gives the ledger's entries of the calls that a query selects, in
	// its order.
	Calls(ctx context.Context, q Query) ([]ledger.Leaf, error)
	// EntriesByID gives the entries of those IDs that exist, in no order.
	EntriesByID(ctx context.Context, ids []string) ([]ledger.Leaf, error)

	Reconciliations
}

// facts is what a call's entry says that a log shows.
type facts struct {
	Endpoint   string `json:"endpoint"`
	Grant      string `json:"grant"`
	Resource   string `json:"resource"`
	System     string `json:"system"`
	Auth       string `json:"auth"`
	Consumer   string `json:"consumer"`
	Provider   string `json:"provider"`
	Purpose    string `json:"purpose"`
	Operator   string `json:"operator"`
	CaseNumber string `json:"case_number"`
	Rows       int    `json:"rows"`
	Dropped    int    `json:"dropped"`
	Status     int    `json:"status"`
	Code       string `json:"code"`
	Basis      string `json:"basis"`
	SHA256     string `json:"response_sha256"`
	Bytes      int    `json:"response_bytes"`
	Duration   int64  `json:"duration_us"`
}

// isCall tells the entries that are calls of data.
func isCall(leaf ledger.Leaf) bool {
	return leaf.Kind == ledger.Call || leaf.Kind == ledger.RefusedCall
}

func callOf(leaf ledger.Leaf) (Call, error) {
	var f facts
	if err := leaf.ReadFacts(&f); err != nil {
		return Call{}, err
	}
	return Call{Index: leaf.Index, Receipt: leaf.ID, At: leaf.At, Endpoint: f.Endpoint, Grant: f.Grant, Resource: f.Resource,
		Consumer: f.Consumer, Provider: f.Provider, System: f.System, Auth: f.Auth, Purpose: f.Purpose, Operator: f.Operator,
		CaseNumber: f.CaseNumber, Rows: f.Rows, Dropped: f.Dropped, Status: f.Status, Code: f.Code, Basis: f.Basis,
		SHA256: f.SHA256, Bytes: f.Bytes, Duration: time.Duration(f.Duration) * time.Microsecond}, nil
}

// seenBy leaves out what is the other side's own business: who worked on which
// matter, and the digest of an answer that the provider never saw.
func (c Call) seenBy(side Side) Call {
	if side == Provider {
		c.Operator, c.CaseNumber, c.SHA256, c.Auth = "", "", "", ""
	}
	return c
}
