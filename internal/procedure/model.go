package procedure

import (
	"time"
)

// Case is one running procedure. Version counts its acts: the n-th act makes
// version n.
type Case struct {
	ID        string
	Number    string // for people: "申请-2026-000012"
	Procedure string // ID in the rulebook: "application"
	RulesKey  string // the rules of the day it was opened or received
	Region    string // region code whose calendar and rules apply
	Subject   string // what it is about: a resource's or a version's ID
	Title     string
	Stage     string
	Version   int
	// Parties maps a party ("consumer", "provider", "provider.authority") to a
	// department ID. Authorities are computed when the case opens, never typed.
	Parties  map[string]string
	Facts    map[string]any // every field filled so far, latest value
	Clocks   map[string]ClockState
	Taken    map[string]int // how often each action has been taken
	OpenedAt time.Time
	MovedAt  time.Time // when the last act happened
	ClosedAt *time.Time
}

// Open tells whether the case still runs.
func (c *Case) Open() bool { return c.ClosedAt == nil }

// ClockState is one statutory clock of a case.
type ClockState struct {
	Term        string    `json:"term"`
	Clause      string    `json:"clause"`
	StartedAt   time.Time `json:"started_at"`
	Due         time.Time `json:"due"` // 24:00 of the last day, as an instant
	LastDay     string    `json:"last_day"`
	WorkingDays int       `json:"working_days"`
	Provisional bool      `json:"provisional"` // touches a year without a holiday notice
	// ExtendedBy is the number of units the term was extended by; zero: not.
	ExtendedBy int        `json:"extended_by,omitempty"`
	StoppedAt  *time.Time `json:"stopped_at,omitempty"`
}

// Running tells whether the clock is ticking.
func (s ClockState) Running() bool { return s.StoppedAt == nil }

// Actor is who takes a step, with the relations to this case that the caller
// established.
type Actor struct {
	Person     string // person ID; empty for the platform itself
	System     string // system ID, when a machine acts
	Department string
	// Relations: "consumer.clerk", "provider.office_head",
	// "provider.authority.supervisor", "platform".
	Relations []string
}

// Step is one attempt to act on a case.
type Step struct {
	Action string
	Actor  Actor
	At     time.Time
	Fields map[string]any // JSON values: string, float64, bool, []any, map[string]any
	// Expect is the version the actor saw; 0: whatever there is.
	Expect int
}

// Act is one step that was taken: who, for whom, when, under which clause,
// and what changed. Acts are append-only.
type Act struct {
	ID         string
	Case       string
	Version    int // of the case after the act
	Procedure  string
	RulesKey   string // the rules the step was taken under
	Action     string
	Clause     string
	Person     string
	System     string
	Department string
	Relation   string // the relation it was taken in
	At         time.Time
	From       string
	To         string
	Fields     map[string]any // what the actor brought: replaying the acts rebuilds the case
	Results    map[string]any // what the effects did: the grant issued, the digest published
}

// Calendar computes due dates; internal/worktime implements it through a small
// adapter in casework.
type Calendar interface {
	// Due computes the end of a term counted from the day after from.
	Due(from time.Time, length int, unit string) DueDate
	// Extend adds to the original end.
	Extend(last DueDate, length int, unit string) DueDate
}

// Texts reads a list field's value, fresh or after a round trip through JSON.
func Texts(v any) []string {
	switch x := v.(type) {
	case []string:
		return x
	case []any:
		out := make([]string, 0, len(x))
		for _, e := range x {
			if s, ok := e.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// Text reads a text field's value; "" when there is none.
func Text(v any) string {
	s, _ := v.(string)
	return s
}

// Int reads an integer field's value, fresh or after a round trip through
// JSON; 0 when there is none.
func Int(v any) int {
	n, _ := asInt(v)
	return n
}

// DueDate is the end of a term.
type DueDate struct {
	At          time.Time // 24:00 of LastDay as an instant
	LastDay     string    // YYYY-MM-DD
	WorkingDays int
	Provisional bool
}
