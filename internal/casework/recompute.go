package casework

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// CalendarChanged is the kind of ledger entry that records how many running
// clocks were counted again because a year's holiday notice was loaded.
const CalendarChanged ledger.Kind = "calendar"

// CalendarFacts are what the ledger holds of one batch of them.
type CalendarFacts struct {
	Cases   int `json:"cases"`   // with a clock that was counted again
	Clocks  int `json:"clocks"`  // that were counted again
	Moved   int `json:"moved"`   // whose last day changed
	Settled int `json:"settled"` // that are no longer provisional
}

// recomputeBatch is how many clocks are looked at in one transaction.
const recomputeBatch = 500

// Recompute counts the running clocks with a provisional end again, after the
// calendar has learned a year. A case keeps its version: the same acts on the
// new calendar give the same case. Whose clock moved is told. What is counted
// is entered in the ledger, in the same transaction. It reports how many
// clocks changed; a repeat finds nothing.
func (e *Engine) Recompute(ctx context.Context) (int, error) {
	return e.recompute(ctx, func(ctx context.Context, after Deadline) ([]CaseClock, error) {
		return e.Store.ProvisionalClocks(ctx, after, recomputeBatch)
	})
}

// RecomputeAcross is Recompute for all running clocks that started before
// until and end after from, provisional or not: for a notice that was
// corrected after terms had been counted with it.
func (e *Engine) RecomputeAcross(ctx context.Context, from, until time.Time) (int, error) {
	return e.recompute(ctx, func(ctx context.Context, after Deadline) ([]CaseClock, error) {
		return e.Store.ClocksAcross(ctx, from, until, after, recomputeBatch)
	})
}

func (e *Engine) recompute(ctx context.Context, next func(ctx context.Context, after Deadline) ([]CaseClock, error)) (int, error) {
	total := 0
	var after Deadline
	for {
		var seen, changed int
		var last Deadline
		err := e.Store.Do(ctx, func(ctx context.Context) error {
			batch, err := next(ctx, after)
			if err != nil || len(batch) == 0 {
				return err
			}
			seen, last = len(batch), batch[len(batch)-1].Deadline
			changed, err = e.recount(ctx, batch)
			return err
		})
		total += changed
		if err != nil || seen < recomputeBatch {
			return total, err
		}
		after = last
	}
}

// Recounted gives what a clock would be counted to on another calendar, by the
// rules of its case.
func (e *Engine) Recounted(ctx context.Context, d CaseClock, calendar procedure.Calendar) (procedure.DueDate, error) {
	other := *e
	other.Calendar = calendar
	return other.recounted(ctx, d)
}

func (e *Engine) recounted(ctx context.Context, d CaseClock) (procedure.DueDate, error) {
	k, err := e.clockOf(d)
	if err != nil {
		return procedure.DueDate{}, err
	}
	from := d.StartedAt
	if k.LastDayField != "" { // the case knows the day that an order has set
		c, err := e.Store.Case(ctx, d.Case)
		if err != nil {
			return procedure.DueDate{}, err
		}
		if from, err = procedure.CountedFrom(k, c.Facts, from); err != nil {
			return procedure.DueDate{}, err
		}
	}
	return e.count(d.RulesKey, d.Term, from, d.ExtendedBy)
}

// recount counts a batch again and enters what changed in the ledger.
func (e *Engine) recount(ctx context.Context, batch []CaseClock) (int, error) {
	var stale []string
	for _, d := range batch {
		again, err := e.recounted(ctx, d)
		if err != nil {
			return 0, err
		}
		if (!again.At.Equal(d.Due) || again.Provisional != d.Provisional) && !slices.Contains(stale, d.Case) {
			stale = append(stale, d.Case)
		}
	}
	var facts CalendarFacts
	var out []Message
	for _, id := range stale {
		more, err := e.recountCase(ctx, id, &facts)
		if fault.Is(err, "changed_meanwhile") {
			continue // it is provisional still, or was acted on: the next run sees it
		}
		if err != nil {
			return 0, err
		}
		out = append(out, more...)
	}
	if facts.Clocks == 0 {
		return 0, nil
	}
	if err := e.Store.PutMessages(ctx, out); err != nil {
		return 0, err
	}
	_, err := e.Ledger.AppendIn(ctx, ledger.Entry{ID: ident.New(), Kind: CalendarChanged, At: e.Clock.Now(), Facts: facts})
	return facts.Clocks, err
}

// count counts a term as the act that started or extended the clock did.
func (e *Engine) count(rulesKey, term string, from time.Time, extendedBy int) (procedure.DueDate, error) {
	rules, err := e.Rules.ByKey(rulesKey)
	if err != nil {
		return procedure.DueDate{}, err
	}
	t, ok := rules.Term(term)
	if !ok {
		return procedure.DueDate{}, fault.Newf(fault.Invalid, "term_unknown", "规则中没有期限%s", term)
	}
	due := e.Calendar.Due(from, t.Length, string(t.Unit))
	if extendedBy > 0 && t.Extension != nil {
		due = e.Calendar.Extend(due, extendedBy, string(t.Extension.Unit))
	}
	return due, nil
}

func (e *Engine) recountCase(ctx context.Context, id string, facts *CalendarFacts) ([]Message, error) {
	if err := e.Store.HoldClocks(ctx, id); err != nil {
		return nil, err
	}
	c, err := e.Store.Case(ctx, id)
	if err != nil {
		return nil, err
	}
	rules, err := e.Rules.ByKey(c.RulesKey)
	if err != nil {
		return nil, err
	}
	proc, err := rules.Procedure(c.Procedure)
	if err != nil {
		return nil, err
	}
	now := e.Clock.Now()
	var moved []string
	clocks, settled := 0, 0
	for clock, s := range c.Clocks {
		if !s.Running() {
			continue
		}
		from := s.StartedAt
		if k := proc.Clocks[clock]; k.LastDayField != "" {
			if from, err = procedure.CountedFrom(k, c.Facts, from); err != nil {
				return nil, err
			}
		}
		due, err := e.count(c.RulesKey, s.Term, from, s.ExtendedBy)
		if err != nil {
			return nil, err
		}
		if due.At.Equal(s.Due) && due.Provisional == s.Provisional {
			continue
		}
		clocks++
		if !due.At.Equal(s.Due) {
			moved = append(moved, clock)
		}
		if !due.Provisional {
			settled++
		}
		s.Due, s.LastDay, s.WorkingDays, s.Provisional = due.At, due.LastDay, due.WorkingDays, due.Provisional
		c.Clocks[clock] = s
	}
	if clocks == 0 {
		return nil, nil
	}
	deadlines := e.deadlines(proc, &c, now)
	err = e.Store.Do(ctx, func(ctx context.Context) error {
		return e.Store.UpdateCase(ctx, c, c.Version, Turns(proc, &c), deadlines)
	})
	if err != nil {
		return nil, err
	}
	facts.Cases, facts.Clocks, facts.Moved, facts.Settled = facts.Cases+1, facts.Clocks+clocks, facts.Moved+len(moved), facts.Settled+settled
	var out []Message
	for _, d := range deadlines {
		if !slices.Contains(moved, d.Clock) {
			continue
		}
		about := subject(c.Number, c.Title)
		m, err := noticePayload{Subject: about, Clause: d.Clause, Turns: told(CaseClock{Deadline: d}, false),
			Text: about + "的“" + proc.Clocks[d.Clock].Name + "”期限因放假安排公布,调整为" + lastDay(d.Due) + "届满" + provisionally(d)}.message(c.ID, now)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// ClockName is what the rules of the case call a clock: "答复".
func (e *Engine) ClockName(d CaseClock) (string, error) {
	k, err := e.clockOf(d)
	return k.Name, err
}
