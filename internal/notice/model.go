package notice

import (
	"context"
	"time"
)

// ChannelKind says how a subscription is sent.
type ChannelKind string

// The channels beside the inbox.
const (
	Email   ChannelKind = "email"
	Webhook ChannelKind = "webhook"
)

// Subscription is where a department wants its notices sent.
type Subscription struct {
	ID         string
	Department string
	Channel    ChannelKind
	Address    string // e-mail address, or https URL
	Secret     []byte // sealed key of a webhook's signatures; empty for e-mail
	CreatedBy  string // person ID
	CreatedAt  time.Time
}

// State is where a delivery stands.
type State string

// The states of a delivery.
const (
	Waiting State = "waiting" // for its first or next attempt
	Sent    State = "sent"
	Dead    State = "dead" // given up; can be put back to waiting by hand
)

// Delivery is one notice to one subscription.
type Delivery struct {
	ID           string
	Notice       string
	Subscription string
	Department   string
	State        State
	Attempts     int        // begun so far
	NextAt       *time.Time // of a waiting one: when it is tried next
	Failure      string     // stable English code of the last failure: "http_503"
	CreatedAt    time.Time
	EndedAt      *time.Time
}

// Content is what a delivery tells. Subject holds number and title of the
// case and nothing else; every content has the clause and, where there is a
// term, its end.
type Content struct {
	ID         string // of the delivery: the same on every attempt
	Case       string
	Department string
	Relation   string
	Subject    string
	Text       string // Chinese
	Clause     string
	Due        *time.Time // 24:00 of the last day
	At         time.Time
}

// Task is a delivery that a sender has claimed, with all that it needs.
type Task struct {
	Delivery
	Channel ChannelKind
	Address string
	Secret  []byte // sealed
	Content Content
}

// Filter narrows a list of deliveries.
type Filter struct {
	Department string
	State      State // empty: all
	Limit      int
	After      string // ID of the last one seen (newest first)
}

// Store is what this package needs kept.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// InsertSubscription refuses a second one of the same department, channel
	// and address: the fault "already_exists".
	InsertSubscription(ctx context.Context, s Subscription) error
	// EndSubscription ends a department's subscription and gives up what waits
	// for it; the fault "not_found" when the department has none of this ID.
	EndSubscription(ctx context.Context, id, department string, at time.Time) error
	// Subscriptions gives those in force of the departments, oldest first.
	Subscriptions(ctx context.Context, departments []string) ([]Subscription, error)

	// PutDeliveries keeps deliveries; one for the same notice and subscription
	// is kept once.
	PutDeliveries(ctx context.Context, d []Delivery) error
	// ClaimDeliveries gives waiting deliveries whose time has come, counts the
	// attempt and keeps others from them until the given instant.
	ClaimDeliveries(ctx context.Context, now, until time.Time, limit int) ([]Task, error)
	// SettleDelivery writes what became of an attempt, unless another attempt
	// has begun meanwhile.
	SettleDelivery(ctx context.Context, d Delivery) error
	Deliveries(ctx context.Context, f Filter) ([]Delivery, error)
	// ReviveDelivery puts a dead delivery of the department back to waiting;
	// the fault "not_found" when there is none of this ID.
	ReviveDelivery(ctx context.Context, id, department string, at time.Time) error
}
