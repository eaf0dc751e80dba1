package monitor

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// The kinds of entries in the ledger. None holds the facts of a signal, a
// network or a text.
const (
	SignalEntry  ledger.Kind = "risk_signal"
	DecidedEntry ledger.Kind = "risk_signal_decided"
	CutEntry     ledger.Kind = "cutoff"
	LiftedEntry  ledger.Kind = "cutoff_lifted"
)

// State is where a signal stands.
type State string

// The states of a signal.
const (
	Open      State = "open"
	Confirmed State = "confirmed"
	Dismissed State = "dismissed"
)

// Signal is one thing that a rule saw.
type Signal struct {
	ID   string
	Key  string // unique: kind, subject, window
	Kind Kind
	Name string // of the rule, then
	// Grant is empty when it is about a system alone.
	Grant, System, Resource string
	Consumer                string
	Provider                string // empty without a grant
	Facts                   map[string]any
	Clause                  string
	At                      time.Time
	// Measure is what was done; Cutoff the measure's ID when it was more than
	// the signal.
	Measure Measure
	Cutoff  string

	State         State
	DecidedBy     string // person
	DecidedFor    string // department
	DecidedAt     *time.Time
	Reason        string
	Case          string // that it was turned into
	CaseProcedure string
}

// Target says what kind of thing is cut off.
type Target string

// The targets.
const (
	All      Target = "all" // everything this node answers
	System   Target = "system"
	Consumer Target = "consumer" // a department, all that it asks for
	Provider Target = "provider" // a department, all that it provides
	Resource Target = "resource"
	Grant    Target = "grant"
)

// Side says by whose right something is cut off; the same side lifts it.
type Side string

// The sides.
const (
	BySelf      Side = "self"      // the department whose system, calls or data they are
	ByAuthority Side = "authority" // within its territory
	ByPlatform  Side = "platform"  // a rule; the provider's office or the authority lifts it
	ByOperator  Side = "operator"  // on the machine, in an emergency
)

// Cutoff is something slowed, paused or cut off.
type Cutoff struct {
	ID       string
	Target   Target
	TargetID string // empty for All
	Measure  Measure
	Rate     int // calls a second on each replica, of Slow
	Side     Side
	// Department and Person that did it; empty: the platform.
	Department, Person string
	Signal             string // that it answers
	// Consumer and Provider are whom it concerns, as far as the target says.
	Consumer, Provider string
	Clause, Reason     string
	At                 time.Time
	Until              *time.Time // nil: until lifted

	LiftedAt            *time.Time
	LiftedFor, LiftedBy string // department, person
	LiftReason          string
}

// InForce tells whether it stops anything at this moment.
func (c Cutoff) InForce(at time.Time) bool {
	return (c.LiftedAt == nil || at.Before(*c.LiftedAt)) && (c.Until == nil || at.Before(*c.Until))
}

// Filter narrows lists. RegionPath and Own are the reader's sight, set by the
// service; both empty: everything.
type Filter struct {
	State      State
	Kind       Kind
	Grant      string
	InForce    time.Time // of cut-offs: only those in force then
	After      string
	Limit      int
	RegionPath string
	Own        string
}

// Store is what this package needs kept. Not found is fault.Missing; a lost
// compare-and-set the fault "changed_meanwhile".
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// AddHours adds to the rows of grants and hours and gives them whole.
	AddHours(ctx context.Context, h []Hour) ([]Hour, error)
	// Hours gives a grant's rows that begin in [from, to), in order.
	Hours(ctx context.Context, grant string, from, to time.Time) ([]Hour, error)
	// ForgetHours deletes rows that begin before, and tells how many.
	ForgetHours(ctx context.Context, before time.Time) (int, error)

	// InsertAddress keeps a network of a system unless it is known, and tells
	// when the system was first seen at all: zero when it never was.
	InsertAddress(ctx context.Context, system, network string, at time.Time) (fresh bool, first time.Time, err error)

	// InsertSignal keeps a signal unless its key is taken.
	InsertSignal(ctx context.Context, s Signal) (fresh bool, err error)
	Signal(ctx context.Context, id string) (Signal, error)
	Signals(ctx context.Context, f Filter) ([]Signal, error)
	// DecideSignal writes the decision; from is the state and case read.
	DecideSignal(ctx context.Context, s Signal, from Signal) error
	// Dismissed tells whether a signal of the kind about the grant, or without
	// one about the system, was dismissed since.
	Dismissed(ctx context.Context, k Kind, grant, system string, since time.Time) (bool, error)

	// InsertCutoff and LiftCutoff are noticed by every gateway within a second.
	InsertCutoff(ctx context.Context, c Cutoff) error
	LiftCutoff(ctx context.Context, c Cutoff) error
	Cutoff(ctx context.Context, id string) (Cutoff, error)
	Cutoffs(ctx context.Context, f Filter) ([]Cutoff, error)
	// InForce lists what is in force at the moment, or will be.
	InForce(ctx context.Context, at time.Time) ([]Cutoff, error)
	// Concerned lists the departments with a living grant that the target
	// stops, on either side.
	Concerned(ctx context.Context, t Target, id string, at time.Time) ([]string, error)
}

// Organisation knows departments, systems and authorities; *org.Service with
// its store has it.
type Organisation interface {
	Department(ctx context.Context, id string) (org.Department, error)
	Region(ctx context.Context, code string) (org.Region, error)
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	SuperiorAuthority(ctx context.Context, department string) (string, error)
}

// Registry reads systems and accounts; org.Store has it.
type Registry interface {
	System(ctx context.Context, id string) (org.System, error)
	PersonByUsername(ctx context.Context, username string) (org.Person, error)
}

// Grants reads grants; sharing.Store has it.
type Grants interface {
	Grant(ctx context.Context, id string) (sharing.Grant, error)
}

// Readers reads a grant for those who may know it; *sharing.Service has it.
type Readers interface {
	Grant(ctx context.Context, p org.Principal, id string) (sharing.Grant, error)
}

// Resources reads the catalog; catalog.Store has it.
type Resources interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
}

// Cases tells departments and opens cases; *casework.Engine has it.
type Cases interface {
	Tell(ctx context.Context, t casework.Telling) error
	Open(ctx context.Context, p org.Principal, r casework.OpenRequest) (casework.View, error)
}

// Ledger takes entries inside the running transaction; *ledger.Log has it.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Deps is everything the service works with.
type Deps struct {
	Store Store
	Rules Rules
	// Calendar gives the working days as they are known at this moment.
	Calendar  func() *worktime.Calendar
	Org       Organisation
	Registry  Registry
	Grants    Grants
	Readers   Readers
	Resources Resources
	Cases     Cases
	Ledger    Ledger
	Clock     clock.Clock
}

// Service judges calls, keeps signals and cuts off. It is safe for concurrent
// use; its Collector is what the gateway is given.
type Service struct {
	Deps
	*Collector
	ticking chan struct{} // one token
	known   map[address]bool
	forgot  time.Time
}

// NewService makes the service.
func NewService(d Deps) *Service {
	s := &Service{Deps: d, Collector: NewCollector(d.Rules), ticking: make(chan struct{}, 1), known: map[address]bool{}}
	s.ticking <- struct{}{}
	return s
}
