package complaint

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Procedure is the ID of the procedure in the rulebook.
const Procedure = "complaint"

// Content is what a complainant wrote.
type Content struct {
	Text    string `json:"text"`
	Name    string `json:"name,omitempty"`    // of the complainant; may be left out
	Contact string `json:"contact,omitempty"` // how to reach the complainant; may be left out
}

// Complaint is a complaint with what it sealed.
type Complaint struct {
	ID        string
	Number    string // for the complainant: "TS-2026-000012"
	CodeHash  []byte // SHA-256 of the code
	Case      string // the running case, or the last one; "" before it is opened
	Handler   string // department that handles it now
	Handlers  []string
	Kind      string
	Sealed    []byte // Content
	Version   int
	CreatedAt time.Time
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// NextNumber counts up within a series.
	NextNumber(ctx context.Context, series string) (int, error)
	InsertComplaint(ctx context.Context, c Complaint) error
	UpdateComplaint(ctx context.Context, c Complaint) error // Case, Handler, Handlers; c.Version is the version read
	Complaint(ctx context.Context, id string) (Complaint, error)
	ComplaintByNumber(ctx context.Context, number string) (Complaint, error)
	ComplaintOfCase(ctx context.Context, caseID string) (Complaint, error)
}

// Cases opens and reads cases; *casework.Engine has the first three,
// casework.Store the last.
type Cases interface {
	OpenAsAnyone(ctx context.Context, region string, req casework.OpenRequest) (string, error)
	OpenAsPlatform(ctx context.Context, region string, req casework.OpenRequest) (string, error)
	View(ctx context.Context, p org.Principal, caseID string) (casework.View, error)
}

// Files reads cases without regard to who asks; casework.Store has it.
type Files interface {
	Case(ctx context.Context, id string) (procedure.Case, error)
	Acts(ctx context.Context, caseID string) ([]procedure.Act, error)
}

// Directory knows departments.
type Directory interface {
	Department(ctx context.Context, id string) (org.Department, error)
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	SuperiorAuthority(ctx context.Context, department string) (string, error)
}

// Sealer encrypts with the node's key.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// Rules finds the rules of a case.
type Rules interface {
	ByKey(key string) (*rulebook.Rules, error)
	InForce(region string, at time.Time) (*rulebook.Rules, error)
}

// Ledger takes an entry inside the running transaction; *ledger.Log has it.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store     Store
	Cases     Cases
	Files     Files
	Directory Directory
	Rules     Rules
	Ledger    Ledger
	Sealer    Sealer
	Clock     clock.Clock
}

// Service takes complaints and brings the hooks of their procedure.
type Service struct{ Deps }

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{d} }
