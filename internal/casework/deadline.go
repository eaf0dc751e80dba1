package casework

import (
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Deadline is one clock of a case as the sweeper sees it. The store keeps it
// as an index over the cases, written only with the case itself; what the
// sweeper did (Reminded, OverdueAt, NextAt) lives here and nowhere else.
//
// A deadline is one start with one end: a clock that is started afresh or
// extended has a new deadline, which nobody was reminded of and which is not
// overdue.
type Deadline struct {
	Case        string
	Clock       string // ID in the procedure: "reply"
	Term        string
	Clause      string // of the term
	StartedAt   time.Time
	Due         time.Time // 24:00 of the last day, as an instant
	Provisional bool
	ExtendedBy  int
	StoppedAt   *time.Time

	// Who owes the act; empty for a party that the case does not have.
	Department string
	Relation   string // "provider.office_head"
	// To whom an overdue clock is escalated: the supervisors of the owner's
	// authority, which was computed when the case opened (CN-8).
	Authority         string
	AuthorityRelation string // "provider.authority"
	// Breach is the clause of the violation that an overdue clock is; empty:
	// it is none.
	Breach string

	Reminded  int        // reminders sent for this deadline
	NextAt    *time.Time // when the sweeper looks at it next; nil: never
	OverdueAt *time.Time // when it was found overdue
}

// Running tells whether the clock is ticking.
func (d Deadline) Running() bool { return d.StoppedAt == nil }

// Reminders says when owners are reminded of a deadline.
type Reminders struct {
	// WorkingDays before the last day, the largest first; {3, 1} by default.
	WorkingDays []int
	// Before gives 00:00 of the day that many working days before the last.
	Before func(due procedure.DueDate, workingDays int) time.Time
}

// DefaultReminders are sent three working days and one before the last day.
var DefaultReminders = []int{3, 1}

// grace is how long after its end a clock is marked as overdue: the clocks of
// replicas may differ by less, and an act that one of them took in time must
// not meet a mark that another made. An act taken after the end marks the
// clock itself, at once.
const grace = time.Minute

// next gives the instant after now at which the sweeper must look at a
// running clock: a reminder or its end.
func (r Reminders) next(now, due time.Time) time.Time {
	at := due.Add(grace)
	if r.Before == nil {
		return at
	}
	end := procedure.DueDate{At: due, LastDay: lastDay(due)}
	for _, n := range r.WorkingDays {
		if n < 0 {
			continue
		}
		if remind := r.Before(end, n); remind.After(now) && remind.Before(at) {
			at = remind
		}
	}
	return at
}

// lastDay is the day that ends at due.
func lastDay(due time.Time) string { return due.Add(-time.Microsecond).In(zone).Format(time.DateOnly) }

// deadlines lists the clocks of a case as they stand after an act at now.
func (e *Engine) deadlines(proc *rulebook.Procedure, c *procedure.Case, now time.Time) []Deadline {
	out := make([]Deadline, 0, len(c.Clocks))
	for id, s := range c.Clocks {
		k := proc.Clocks[id]
		d := Deadline{Case: c.ID, Clock: id, Term: s.Term, Clause: s.Clause, StartedAt: s.StartedAt, Due: s.Due,
			Provisional: s.Provisional, ExtendedBy: s.ExtendedBy, StoppedAt: s.StoppedAt, Relation: k.Owner}
		party, _ := rulebook.SplitRelation(k.Owner)
		d.Department = c.Parties[party]
		d.Authority, d.AuthorityRelation = escalation(c, party, d.Department)
		if k.Overdue != nil {
			d.Breach = k.Overdue.Clause
		}
		if d.Running() {
			at := e.Remind.next(now, s.Due)
			d.NextAt = &at
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Deadline) int { return strings.Compare(a.Clock, b.Clock) })
	return out
}

// escalation finds who is told of a party's overdue clock: its authority or,
// when the party is that authority itself, the one above.
func escalation(c *procedure.Case, party, department string) (authority, relation string) {
	own := party
	if of, ok := strings.CutSuffix(party, rulebook.AuthoritySuffix); ok {
		own = of
	}
	for _, suffix := range []string{rulebook.AuthoritySuffix, rulebook.SuperiorSuffix} {
		if id := c.Parties[own+suffix]; id != "" && id != department && own+suffix != party {
			return id, own + suffix
		}
	}
	return "", ""
}
