package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Sweep looks at up to limit running clocks whose reminder or end has come.
// Owners are reminded; a clock past its end is marked once, its owner and the
// owner's authority are told, and the violation that it is (if the rulebook
// says so) is reported. All of it is one transaction, which several replicas
// may run at once. It reports how many clocks it looked at: as many as limit
// mean that there may be more.
//
// After a time without sweeps a missed reminder is sent once, and none for a
// clock that has ended meanwhile. A clock that jumps back repeats nothing:
// what was done is in the row, not in the time.
func (e *Engine) Sweep(ctx context.Context, limit int) (int, error) {
	n := 0
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		now := e.Clock.Now()
		due, err := e.Store.TakeDeadlines(ctx, now, limit)
		if err != nil {
			return err
		}
		n = len(due)
		if n == 0 {
			return nil
		}
		marks := make([]Deadline, n)
		var out []Message
		for i, d := range due {
			reminded := d.Reminded
			marks[i] = d.mark(e.Remind, now)
			switch {
			case marks[i].OverdueAt != nil:
				out, err = e.overdue(out, d, now)
			case marks[i].Reminded > reminded:
				out, err = e.remind(out, d, now)
			}
			if err != nil {
				return err
			}
		}
		if err := e.Store.MarkDeadlines(ctx, marks); err != nil {
			return err
		}
		return e.Store.PutMessages(ctx, out)
	})
	return n, err
}

// mark decides what a deadline whose NextAt has come is due for.
func (d Deadline) mark(r Reminders, now time.Time) Deadline {
	switch {
	case !now.Before(d.Due.Add(grace)):
		d.OverdueAt, d.NextAt = &now, nil
		return d
	case now.Before(d.Due):
		d.Reminded++
	}
	at := r.next(now, d.Due)
	d.NextAt = &at
	return d
}

// missed marks the clocks of a case that ran out before the act that is being
// taken, and reports them as the sweeper would: an act that comes late, but
// before the sweeper, does not hide that it is late.
func (e *Engine) missed(ctx context.Context, c *procedure.Case, now time.Time) error {
	late := false
	for _, s := range c.Clocks {
		late = late || s.Running() && !now.Before(s.Due)
	}
	if !late {
		return nil
	}
	ds, err := e.Store.MarkOverdue(ctx, c.ID, now)
	if err != nil {
		return err
	}
	var out []Message
	for _, d := range ds {
		out, err = e.overdue(out, CaseClock{Deadline: d, Number: c.Number, Title: c.Title, Procedure: c.Procedure,
			RulesKey: c.RulesKey, Region: c.Region}, now)
		if err != nil {
			return err
		}
	}
	return e.Store.PutMessages(ctx, out)
}

// overdue adds the messages about a clock past its end: a notice to the owner
// and the authority, and the violation.
func (e *Engine) overdue(out []Message, d CaseClock, now time.Time) ([]Message, error) {
	k, err := e.clockOf(d)
	if err != nil {
		return nil, err
	}
	about := subject(d.Number, d.Title)
	m, err := noticePayload{Subject: about, Clause: d.Clause, Turns: told(d, true),
		Text: about + "的“" + k.Name + "”期限已于" + lastDay(d.Due) + "届满,逾期未办" + provisionally(d.Deadline)}.message(d.Case, now)
	if err != nil {
		return nil, err
	}
	out = append(out, m)
	if d.Breach == "" || d.Department == "" {
		return out, nil
	}
	m, err = message(ViolationKind, d.Case, now, Violation{
		Key:    fmt.Sprintf("clock:%s:%s:%d", d.Case, d.Clock, d.StartedAt.UnixMicro()),
		Clause: d.Breach, Department: d.Department, At: now,
		Facts: ViolationFacts{Case: d.Case, Number: d.Number, Title: d.Title, Procedure: d.Procedure, Region: d.Region,
			Clock: d.Clock, ClockName: k.Name, Term: d.Term, TermClause: d.Clause, StartedAt: d.StartedAt, Due: d.Due,
			LastDay: lastDay(d.Due), Provisional: d.Provisional},
	})
	return append(out, m), err
}

// remind adds the notice that a clock will end.
func (e *Engine) remind(out []Message, d CaseClock, now time.Time) ([]Message, error) {
	k, err := e.clockOf(d)
	if err != nil {
		return nil, err
	}
	about, left := subject(d.Number, d.Title), "今天到期"
	if n := e.Left(now, procedure.DueDate{At: d.Due, LastDay: lastDay(d.Due)}); n > 0 {
		left = fmt.Sprintf("还剩%d个工作日", n)
	}
	m, err := noticePayload{Subject: about, Clause: d.Clause, Turns: told(d, false),
		Text: about + "的“" + k.Name + "”期限将于" + lastDay(d.Due) + "届满," + left + provisionally(d.Deadline)}.message(d.Case, now)
	return append(out, m), err
}

// told lists who is told of a deadline: those who owe the act and, when it is
// escalated, their authority.
func told(d CaseClock, escalated bool) []Turn {
	due := d.Due
	turns := []Turn{}
	if d.Department != "" {
		turns = append(turns, Turn{Case: d.Case, Department: d.Department, Relation: d.Relation, Due: &due})
	}
	if escalated && d.Authority != "" {
		turns = append(turns, Turn{Case: d.Case, Department: d.Authority, Relation: d.AuthorityRelation, Due: &due})
	}
	return turns
}

func provisionally(d Deadline) string {
	if d.Provisional {
		return "(涉及尚无放假通知的年份,日期为暂定)"
	}
	return ""
}

// clockOf finds what the rules of the case say of a clock.
func (e *Engine) clockOf(d CaseClock) (rulebook.Clock, error) {
	rules, err := e.Rules.ByKey(d.RulesKey)
	if err != nil {
		return rulebook.Clock{}, err
	}
	proc, err := rules.Procedure(d.Procedure)
	if err != nil {
		return rulebook.Clock{}, err
	}
	return proc.Clocks[d.Clock], nil
}
