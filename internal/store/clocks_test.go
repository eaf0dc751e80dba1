package store_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/store"
)

// withClocks opens a case with clocks.
func (w *world) withClocks(t *testing.T, ds ...casework.Deadline) procedure.Case {
	t.Helper()
	c := w.draft()
	for i := range ds {
		ds[i].Case = c.ID
	}
	ok(t, w.Cases().InsertCase(w.ctx, c, nil, ds))
	return c
}

// deadline is a running clock of the provider.
func (w *world) deadline(clock string, due time.Time) casework.Deadline {
	next := due.Add(time.Minute)
	return casework.Deadline{Clock: clock, Term: "reply_conditional", Clause: "CN-21.1", StartedAt: noon, Due: due,
		Department: w.provider.ID, Relation: "provider.office_head", Authority: w.consumer.ID,
		AuthorityRelation: "provider.authority", Breach: "CN-39.4", NextAt: &next}
}

// taken takes what is due and gives it back untouched.
func (w *world) taken(t *testing.T, now time.Time, limit int) []casework.CaseClock {
	t.Helper()
	var out []casework.CaseClock
	ok(t, w.Do(w.ctx, func(ctx context.Context) error {
		out = get(w.Cases().TakeDeadlines(ctx, now, limit))(t)
		return nil
	}))
	return out
}

func TestDeadlinesReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		soon, late := w.deadline("reply", noon.Add(time.Hour)), w.deadline("delivery", noon.Add(2*time.Hour))
		soon.Provisional, soon.ExtendedBy = true, 3
		c := w.withClocks(t, late, soon)
		soon.Case, late.Case = c.ID, c.ID
		of := func(d casework.Deadline) casework.CaseClock {
			return casework.CaseClock{Deadline: d, Number: c.Number, Title: c.Title, Procedure: c.Procedure, RulesKey: c.RulesKey, Region: c.Region}
		}
		if got := w.taken(t, noon.Add(time.Hour), 0); len(got) != 0 {
			t.Errorf("before their time: %+v", got)
		}
		if got, want := w.taken(t, noon.AddDate(0, 0, 1), 0), []casework.CaseClock{of(soon), of(late)}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := w.taken(t, noon.AddDate(0, 0, 1), 1); len(got) != 1 || got[0].Clock != "reply" {
			t.Errorf("not the earliest: %+v", got)
		}
		if _, err := s.Cases().TakeDeadlines(w.ctx, noon, 1); err == nil {
			t.Error("deadlines were taken outside a transaction")
		}
		if got := get(s.Cases().ProvisionalClocks(w.ctx, casework.Deadline{}, 0))(t); !reflect.DeepEqual(got, []casework.CaseClock{of(soon)}) {
			t.Errorf("provisional: %+v", got)
		}
		if got := get(s.Cases().ProvisionalClocks(w.ctx, soon, 0))(t); len(got) != 0 {
			t.Errorf("after the last: %+v", got)
		}
	})
}

// What the sweeper did about a deadline stays as long as its start and end do;
// a stop, an extension and a new start each leave what is right.
func TestTheCaseRewritesItsClocks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		due := noon.Add(time.Hour)
		marked, reminded := due.Add(2*time.Minute), noon.Add(time.Minute)
		overdue := func(d *casework.Deadline) { d.OverdueAt, d.NextAt = &marked, nil }
		remind := func(d *casework.Deadline) { d.Reminded, d.NextAt = 1, &reminded }
		nothing := func(*casework.Deadline) {}
		for name, c := range map[string]struct{ swept, act, want func(d *casework.Deadline) }{
			"an act that leaves the clock alone": {remind, nothing, remind},
			"such an act after the mark":         {overdue, nothing, overdue},
			"a stop": {remind, func(d *casework.Deadline) { d.StoppedAt, d.NextAt = &reminded, nil },
				func(d *casework.Deadline) { d.Reminded, d.StoppedAt, d.NextAt = 1, &reminded, nil }},
			"a stop after the mark": {overdue, func(d *casework.Deadline) { d.StoppedAt, d.NextAt = &marked, nil },
				func(d *casework.Deadline) { d.OverdueAt, d.StoppedAt, d.NextAt = &marked, &marked, nil }},
			"an extension": {remind, func(d *casework.Deadline) { d.Due, d.ExtendedBy = due.Add(time.Hour), 2 },
				func(d *casework.Deadline) { d.Due, d.ExtendedBy = due.Add(time.Hour), 2 }},
			"a new start after the mark": {overdue, func(d *casework.Deadline) { d.StartedAt, d.Due = due, due.Add(time.Hour) },
				func(d *casework.Deadline) { d.StartedAt, d.Due = due, due.Add(time.Hour) }},
			"a date that is settled": {remind, func(d *casework.Deadline) { d.Provisional = true },
				func(d *casework.Deadline) { remind(d); d.Provisional = true }},
		} {
			d := w.deadline("reply", due)
			x := w.withClocks(t, d)
			d.Case = x.ID
			swept, acted, want := d, d, d
			c.swept(&swept)
			c.act(&acted)
			c.want(&want)
			ok(t, s.Do(w.ctx, func(ctx context.Context) error {
				return s.Cases().MarkDeadlines(ctx, []casework.Deadline{swept})
			}))
			x.Version = 2
			ok(t, s.Cases().UpdateCase(w.ctx, x, 1, nil, []casework.Deadline{acted}))
			if got := get(s.Clock(w.ctx, x.ID, "reply"))(t); !reflect.DeepEqual(got, want) {
				t.Errorf("%s:\ngot  %+v\nwant %+v", name, got, want)
			}
		}
	})
}

func TestMarksMeetOnlyRunningClocks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		due := noon.Add(time.Hour)
		stopped := w.deadline("stopped", due)
		stopped.StoppedAt, stopped.NextAt = &noon, nil
		x := w.withClocks(t, w.deadline("early", due.Add(-time.Microsecond)), w.deadline("now", due),
			w.deadline("later", due.Add(time.Microsecond)), stopped)
		got := get(s.Cases().MarkOverdue(w.ctx, x.ID, due))(t)
		clocks := map[string]bool{}
		for _, d := range got {
			clocks[d.Clock] = true
			if d.OverdueAt == nil || !d.OverdueAt.Equal(due) || d.NextAt != nil || d.Breach != "CN-39.4" {
				t.Errorf("got %+v", d)
			}
		}
		if len(got) != 2 || !clocks["early"] || !clocks["now"] {
			t.Errorf("marked %v", clocks)
		}
		if again := get(s.Cases().MarkOverdue(w.ctx, x.ID, due))(t); len(again) != 0 {
			t.Errorf("marked twice: %+v", again)
		}
		for _, clock := range []string{"stopped", "now"} { // as if they had not been taken
			d := get(s.Clock(w.ctx, x.ID, clock))(t)
			d.Reminded = 7
			if err := s.Cases().MarkDeadlines(w.ctx, []casework.Deadline{d}); err == nil {
				t.Errorf("%s was marked", clock)
			}
		}
	})
}

func TestClocksOfATerritory(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		due := noon.Add(time.Hour)
		city := w.deadline("city", due)
		province := w.deadline("province", due.Add(time.Hour))
		province.Department = w.consumer.ID
		stopped := w.deadline("stopped", due)
		stopped.StoppedAt, stopped.NextAt = &noon, nil
		x := w.withClocks(t, city, province, stopped)
		last := province
		last.Case = x.ID
		for name, c := range map[string]struct {
			f    casework.ClockFilter
			want []string
		}{
			"the province and below":             {casework.ClockFilter{Territory: "990000"}, []string{"city", "province"}},
			"the city":                           {casework.ClockFilter{Territory: "990100"}, []string{"city"}},
			"a code that is a prefix of another": {casework.ClockFilter{Territory: "9901"}, nil},
			"nowhere":                            {casework.ClockFilter{Territory: "110000"}, nil},
			"ended":                              {casework.ClockFilter{Territory: "100000", DueBefore: province.Due}, []string{"city"}},
			"still open":                         {casework.ClockFilter{Territory: "100000", DueFrom: province.Due}, []string{"province"}},
			"first":                              {casework.ClockFilter{Territory: "100000", Limit: 1}, []string{"city"}},
			"next page":                          {casework.ClockFilter{Territory: "100000", After: &casework.Deadline{Due: due, Case: x.ID, Clock: "city"}}, []string{"province"}},
			"beyond":                             {casework.ClockFilter{Territory: "100000", After: &last}, nil},
		} {
			var got []string
			for _, d := range get(s.Cases().Clocks(w.ctx, c.f))(t) {
				got = append(got, d.Clock)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	})
}

func TestAMessageIsPutOff(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(t, s.Cases().PutMessages(w.ctx, []casework.Message{{ID: "m", Kind: "violation", At: noon}, {ID: "n", Kind: "other", At: noon}}))
		take := func(now time.Time) int {
			n := 0
			ok(t, s.Do(w.ctx, func(ctx context.Context) error {
				n = len(get(s.Cases().TakeMessages(ctx, []string{"violation"}, now, 9))(t))
				return nil
			}))
			return n
		}
		at := noon
		for i, pause := range []time.Duration{1, 4, 9} {
			if take(at) != 1 {
				t.Fatalf("attempt %d: not given out", i)
			}
			ok(t, s.Cases().PutOffMessage(w.ctx, "m", at))
			if at = at.Add(pause * time.Second); take(at.Add(-time.Microsecond)) != 0 || take(at) != 1 {
				t.Errorf("attempt %d: not given out after %d s exactly", i, pause)
			}
		}
		for range 70 {
			ok(t, s.Cases().PutOffMessage(w.ctx, "m", at))
		}
		if take(at.Add(time.Hour-1000)) != 0 || take(at.Add(time.Hour)) != 1 {
			t.Error("the longest pause is not an hour")
		}
	})
}
