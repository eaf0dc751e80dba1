package casework

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Turn is one entry of a to-do list: whose turn it is in an open case, and by
// when. The store keeps them as an index over the cases, written only with
// the case itself.
type Turn struct {
	Case       string
	Department string // department whose people may act
	Relation   string // "provider.office_head"
	Due        *time.Time
}

// Message is an outbox row: what must happen outside the transaction, once.
type Message struct {
	ID      string
	Kind    string // "notice", "violation"; see Engine.Handlers
	Case    string
	Payload []byte // JSON
	At      time.Time
}

// Notice tells one department's people in one relation what happened.
type Notice struct {
	ID         string
	Case       string
	Department string
	Relation   string
	Subject    string // number and title of the case
	Text       string // Chinese
	Clause     string
	Due        *time.Time
	At         time.Time
}

// Filter narrows a list of cases.
type Filter struct {
	Procedure  string
	Department string // any party, authorities included
	Stage      string
	Subject    string
	OpenOnly   bool
	Limit      int
	After      string // ID of the last one seen (newest first)
}

// TodoFilter asks for the to-dos of somebody.
type TodoFilter struct {
	Department string
	Relations  []string // relations the person's roles can hold
	Limit      int
}

// Todo is one line of a to-do list. Its case comes without Facts and Taken: a
// list has no use for them, and they are most of a case.
type Todo struct {
	Turn Turn
	Case procedure.Case
}

// Store is what this package needs kept.
type Store interface {
	ClockStore

	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// NextNumber counts up within a series ("申请-2026").
	NextNumber(ctx context.Context, series string) (int, error)
	// InsertCase and UpdateCase keep turns and clocks with the case. What the
	// sweeper did about a deadline stays as long as its start and end do.
	InsertCase(ctx context.Context, c procedure.Case, turns []Turn, clocks []Deadline) error
	// UpdateCase replaces the case when its stored version is still prev;
	// otherwise the fault "changed_meanwhile".
	UpdateCase(ctx context.Context, c procedure.Case, prev int, turns []Turn, clocks []Deadline) error
	Case(ctx context.Context, id string) (procedure.Case, error)
	Cases(ctx context.Context, f Filter) ([]procedure.Case, error)
	Todos(ctx context.Context, f TodoFilter) ([]Todo, error)

	AppendAct(ctx context.Context, a procedure.Act) error // unique (case, version)
	Acts(ctx context.Context, caseID string) ([]procedure.Act, error)

	PutMessages(ctx context.Context, m []Message) error
	// TakeMessages gives unhandled messages of these kinds that are not put
	// off, oldest first, for the caller to handle in the same transaction and
	// then mark. No two callers get the same one.
	TakeMessages(ctx context.Context, kinds []string, now time.Time, limit int) ([]Message, error)
	MarkMessages(ctx context.Context, ids []string, at time.Time) error
	// PutOffMessage counts a failed attempt and gives the message out again
	// after a pause that grows from one second to an hour.
	PutOffMessage(ctx context.Context, id string, now time.Time) error
	PutNotices(ctx context.Context, n []Notice) error
	Notices(ctx context.Context, f TodoFilter) ([]Notice, error)

	PutRulebook(ctx context.Context, key, code string, source []byte) error // idempotent
	Rulebooks(ctx context.Context) (map[string][]byte, error)
}

// ClockStore is what the sweeper needs kept. Its methods that take rows need
// a running transaction.
type ClockStore interface {
	// HoldClocks keeps the sweeper from the clocks of a case until the
	// transaction ends. Whoever acts on a case holds them before asking for the
	// time: a clock that the sweeper has not marked by then is not marked
	// before the act is done, however long that takes.
	HoldClocks(ctx context.Context, caseID string) error
	// TakeDeadlines gives the deadlines whose NextAt has come, earliest first,
	// and keeps others from taking them until the transaction ends.
	TakeDeadlines(ctx context.Context, now time.Time, limit int) ([]CaseClock, error)
	// MarkDeadlines writes Reminded, NextAt and OverdueAt of taken deadlines.
	MarkDeadlines(ctx context.Context, ds []Deadline) error
	// MarkOverdue marks the running clocks of one case that ended by now and
	// are not marked, and gives them.
	MarkOverdue(ctx context.Context, caseID string, now time.Time) ([]Deadline, error)
	// ProvisionalClocks gives running clocks with a provisional end, ordered
	// by case and clock, after the given one.
	ProvisionalClocks(ctx context.Context, after Deadline, limit int) ([]CaseClock, error)
	// ClocksAcross gives running clocks that started before until and end
	// after from, ordered by case and clock, after the given one.
	ClocksAcross(ctx context.Context, from, until time.Time, after Deadline, limit int) ([]CaseClock, error)
	// Clocks lists running clocks, the first to end first.
	Clocks(ctx context.Context, f ClockFilter) ([]CaseClock, error)
}

// CaseClock is a deadline with what is said of its case.
type CaseClock struct {
	Deadline
	Number, Title, Procedure, RulesKey, Region string
}

// ClockFilter asks for the running clocks that departments of a territory owe.
type ClockFilter struct {
	Territory string    // code of its root region
	DueFrom   time.Time // inclusive; zero: from the beginning
	DueBefore time.Time // exclusive; zero: to the end
	Limit     int
	// After is the last one seen, by Due, Case and Clock.
	After *Deadline
}

// Ledger takes the act's entry inside the running transaction.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Rules gives the rules in force; *rulebook.Library implements it.
type Rules interface {
	InForce(region string, at time.Time) (*rulebook.Rules, error)
	ByKey(key string) (*rulebook.Rules, error)
}
