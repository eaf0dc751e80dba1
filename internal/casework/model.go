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
	Kind    string // "notice"
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

// Todo is one line of a to-do list.
type Todo struct {
	Turn Turn
	Case procedure.Case
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// NextNumber counts up within a series ("申请-2026").
	NextNumber(ctx context.Context, series string) (int, error)
	InsertCase(ctx context.Context, c procedure.Case, turns []Turn) error
	// UpdateCase replaces the case when its stored version is still prev;
	// otherwise the fault "changed_meanwhile".
	UpdateCase(ctx context.Context, c procedure.Case, prev int, turns []Turn) error
	Case(ctx context.Context, id string) (procedure.Case, error)
	Cases(ctx context.Context, f Filter) ([]procedure.Case, error)
	Todos(ctx context.Context, f TodoFilter) ([]Todo, error)

	AppendAct(ctx context.Context, a procedure.Act) error // unique (case, version)
	Acts(ctx context.Context, caseID string) ([]procedure.Act, error)

	PutMessages(ctx context.Context, m []Message) error
	// TakeMessages gives undelivered messages, oldest first, for the caller to
	// handle in the same transaction and then mark.
	TakeMessages(ctx context.Context, limit int) ([]Message, error)
	MarkMessages(ctx context.Context, ids []string, at time.Time) error
	PutNotices(ctx context.Context, n []Notice) error
	Notices(ctx context.Context, f TodoFilter) ([]Notice, error)

	PutRulebook(ctx context.Context, key, code string, source []byte) error // idempotent
	Rulebooks(ctx context.Context) (map[string][]byte, error)
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
