package casework

import (
	"context"
	"time"
)

// ViolationKind is the kind of outbox message that reports a violation the
// platform has seen (CN-39 to CN-41); its payload is a Violation.
const ViolationKind = "violation"

// Violation is the payload of an outbox message of ViolationKind.
type Violation struct {
	// Key names the violation: reported twice it opens one case. That of a
	// clock is "clock:<case>:<clock>:<start in Unix microseconds>".
	Key        string         `json:"key"`
	Clause     string         `json:"clause"` // the liability clause: CN-39.4
	Department string         `json:"department"`
	At         time.Time      `json:"at"`
	Facts      ViolationFacts `json:"facts"`
}

// ViolationFacts are what the platform saw of an overdue clock.
type ViolationFacts struct {
	Case        string    `json:"case"`
	Number      string    `json:"number"`
	Title       string    `json:"title"`
	Procedure   string    `json:"procedure"`
	Region      string    `json:"region"`
	Clock       string    `json:"clock"`
	ClockName   string    `json:"clock_name"`
	Term        string    `json:"term"`
	TermClause  string    `json:"term_clause"`
	StartedAt   time.Time `json:"started_at"`
	Due         time.Time `json:"due"`
	LastDay     string    `json:"last_day"`
	Provisional bool      `json:"provisional"` // counted in a year without a holiday notice
}

// Handler does what a kind of outbox message asks for, in the transaction that
// marks the message as handled. A handler that fails is called again later.
type Handler func(ctx context.Context, m Message) error
