package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/worktime"
	"github.com/shuqiao/shuqiao/law"
)

// testLaw has one procedure with one clock of each kind of step.
const testLaw = `
instrument: {code: test, prefix: T, name: 试行办法, number: 一号, rank: national, region: "100000", in_force: "2000-01-01"}
clauses: [{id: T-1, article: 第一条, gist: 试}, {id: T-9, article: 第九条, gist: 责任}]
terms:
  answer: {name: 答复期限, clause: T-1, length: 10, unit: working_day, from: 收到, extension: {length: 10, unit: working_day, consent: provider.authority, clause: T-1}}
procedures:
  asking:
    name: 询问
    clause: T-1
    number: 问
    parties: {consumer: 需求部门, provider: 提供部门}
    fields:
      extension_days: {name: 延长日数, type: integer, min: 1, max: 10}
    stages:
      open: {name: 待答复, turn: [provider.clerk]}
      waiting: {name: 待补正, turn: [consumer.clerk]}
      closed: {name: 已答复, final: true}
    actions:
      ask: {name: 提出, clause: T-1, opens: true, to: open, by: [consumer.clerk]}
      note: {name: 记录, clause: T-1, from: [open], by: [provider.clerk]}
      return: {name: 退回补正, clause: T-1, from: [open], to: waiting, by: [provider.clerk]}
      complete: {name: 补正, clause: T-1, from: [waiting], to: open, by: [consumer.clerk]}
      extend: {name: 延长, clause: T-1, from: [open], by: [provider.clerk], requires: [extension_days], once: true}
      answer: {name: 答复, clause: T-1, from: [open], to: closed, by: [provider.clerk]}
    clocks:
      reply:
        name: 答复
        terms: [{term: answer}]
        starts: [ask, complete]
        stops: [answer, return]
        extends: [extend]
        owner: provider.clerk
        overdue: {clause: T-9}
`

// tb is a test of either kind.
type tb interface {
	Helper()
	Fatal(args ...any)
}

// asker runs the procedure of testLaw on a store, with a clock of its own.
type asker struct {
	*casework.Engine
	w     *world
	clock *clock.Fake
	log   *countedLedger
	mu    sync.Mutex
	told  []casework.Notice
	bad   map[string]int // violation key → how often it was reported
}

type countedLedger struct {
	mu      sync.Mutex
	entries []ledger.Entry
}

func (l *countedLedger) AppendIn(_ context.Context, es ...ledger.Entry) ([]ledger.Leaf, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, es...)
	return nil, nil
}

// directory answers with what it is asked for; the consumer is everybody's
// authority.
type directory struct{ authority string }

func (n directory) SameLevelAuthority(context.Context, string) (string, error) {
	return n.authority, nil
}
func (n directory) CommonSuperiorAuthority(context.Context, string, string) (string, error) {
	return n.authority, nil
}
func (n directory) SuperiorAuthority(context.Context, string) (string, error) {
	return n.authority, nil
}
func (directory) DepartmentName(_ context.Context, id string) (string, error) { return id, nil }
func (directory) PersonName(_ context.Context, id string) (string, error)     { return id, nil }
func (directory) RecordName(context.Context, string) (string, error)          { return "", nil }

// calendarOf loads the working days without the notices of some years.
func calendarOf(t tb, without ...int) *worktime.Calendar {
	t.Helper()
	days, err := fs.Sub(law.Workdays, "workdays")
	if err != nil {
		t.Fatal(err)
	}
	c, err := worktime.Load(hidden{days, without})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hidden is a directory without the files of some years.
type hidden struct {
	fs.FS
	years []int
}

func (h hidden) ReadDir(name string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(h.FS, name)
	var out []fs.DirEntry
	for _, e := range all {
		keep := true
		for _, y := range h.years {
			keep = keep && e.Name() != fmt.Sprintf("%d.json", y)
		}
		if keep {
			out = append(out, e)
		}
	}
	return out, err
}

func newAsker(t tb, w *world, now time.Time, cal *worktime.Calendar) *asker {
	t.Helper()
	book, err := rulebook.Parse([]byte(testLaw))
	if err != nil {
		t.Fatal(err)
	}
	days := casework.WorkCalendar{Calendar: cal}
	a := &asker{w: w, clock: clock.NewFake(now), log: &countedLedger{}, bad: map[string]int{}}
	a.Engine = &casework.Engine{Store: w.Cases(), Rules: rulebook.NewLibrary(book), Calendar: days, Left: days.Left,
		Dir: directory{w.consumer.ID}, Ledger: a.log, Clock: a.clock,
		Remind: casework.Reminders{WorkingDays: casework.DefaultReminders, Before: days.Before}}
	a.Handlers = map[string]casework.Handler{casework.ViolationKind: func(_ context.Context, m casework.Message) error {
		var v casework.Violation
		if err := json.Unmarshal(m.Payload, &v); err != nil {
			return err
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.bad[v.Key]++
		if v.Clause != "T-9" || v.Department != w.provider.ID || v.Facts.Case != m.Case {
			return errors.New("not the violation it should be")
		}
		return nil
	}}
	a.Told = func(_ context.Context, n []casework.Notice) error {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.told = append(a.told, n...)
		return nil
	}
	return a
}

func (a *asker) as(department org.Department) org.Principal {
	return org.Principal{Person: org.Person{ID: a.w.person.ID, Roles: []org.Role{org.Clerk}}, Department: department}
}

func (a *asker) ask(t tb) string {
	t.Helper()
	v, err := a.Open(context.Background(), a.as(a.w.consumer), casework.OpenRequest{Procedure: "asking", Title: "甲", Subject: ident.New(),
		Parties: map[string]string{"provider": a.w.provider.ID}})
	if err != nil {
		t.Fatal(err)
	}
	return v.Case.ID
}

func (a *asker) step(id, action string) error {
	by, fields := a.w.provider, map[string]any{}
	if action == "complete" {
		by = a.w.consumer
	}
	if action == "extend" {
		fields[procedure.ExtensionDays] = 5
	}
	_, err := a.Take(context.Background(), a.as(by), id, casework.TakeRequest{Action: action, Fields: fields})
	return err
}

// sweep sweeps and delivers until nothing is left.
func (a *asker) sweep(t tb) (acted int) {
	t.Helper()
	ctx := context.Background()
	for {
		n, err := a.Sweep(ctx, 3)
		if err != nil {
			t.Fatal(err)
		}
		if acted += n; n == 0 {
			break
		}
	}
	for {
		n, err := a.DeliverNotices(ctx, 50)
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return acted
		}
	}
}

// drain gives the texts of the notices about deadlines since the last time,
// with the relation told.
func (a *asker) drain() (out []string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, n := range a.told {
		switch {
		case strings.Contains(n.Text, "逾期未办"):
			out = append(out, "overdue "+n.Relation)
		case strings.Contains(n.Text, "期限将于"):
			_, left, _ := strings.Cut(n.Text, "届满,")
			out = append(out, "remind "+n.Relation+" "+left)
		case strings.Contains(n.Text, "调整为"):
			_, rest, _ := strings.Cut(n.Text, "调整为")
			out = append(out, "moved "+rest)
		}
	}
	a.told = nil
	return out
}

func (a *asker) says(t *testing.T, at time.Time, want ...string) {
	t.Helper()
	a.clock.Set(at)
	a.sweep(t)
	if got := a.drain(); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got %v, want %v", at.In(worktime.Zone()).Format(time.DateTime), got, want)
	}
}

var beijing = worktime.Zone()

// An owner is reminded three and one working days before the last day; at
// 24:00 of it, a minute's grace included, owner and authority are told and the
// violation is reported. Nothing happens twice, whatever the clock does.
func TestADeadlineFiresOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		monday := time.Date(2026, 3, 2, 10, 0, 0, 0, beijing) // due: Monday 16 March, 24:00
		a := newAsker(t, newWorld(t, s), monday, calendarOf(t))
		id := a.ask(t)
		a.says(t, monday)
		three, one := time.Date(2026, 3, 11, 0, 0, 0, 0, beijing), time.Date(2026, 3, 13, 0, 0, 0, 0, beijing)
		end := time.Date(2026, 3, 17, 0, 0, 0, 0, beijing)
		a.says(t, three.Add(-time.Microsecond))
		a.says(t, three, "remind provider.clerk 还剩3个工作日")
		a.says(t, three)
		a.says(t, three.Add(-time.Hour)) // the clock jumps back
		a.says(t, three.Add(time.Hour))
		a.says(t, one, "remind provider.clerk 还剩1个工作日")
		a.says(t, end)
		a.says(t, end.Add(time.Minute-time.Microsecond))
		a.says(t, end.Add(time.Minute), "overdue provider.clerk", "overdue provider.authority")
		a.says(t, end.Add(-time.Hour))
		a.says(t, end.Add(time.Hour))
		if err := a.step(id, "answer"); err != nil {
			t.Fatal(err)
		}
		a.says(t, end.AddDate(1, 0, 0))
		if len(a.bad) != 1 {
			t.Errorf("violations %v", a.bad)
		}
		for key, n := range a.bad {
			if n != 1 || key != fmt.Sprintf("clock:%s:reply:%d", id, monday.UnixMicro()) {
				t.Errorf("%s reported %d times", key, n)
			}
		}
	})
}

// After a time without sweeps a missed reminder is sent once; a deadline that
// passed meanwhile is only told as overdue; a late act tells so itself.
func TestWhatDowntimeMissed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		monday := time.Date(2026, 3, 2, 10, 0, 0, 0, beijing)
		a := newAsker(t, newWorld(t, s), monday, calendarOf(t))
		a.ask(t)
		a.says(t, time.Date(2026, 3, 16, 9, 0, 0, 0, beijing), "remind provider.clerk 今天到期")
		a.says(t, time.Date(2026, 3, 16, 9, 1, 0, 0, beijing))

		a.clock.Set(monday)
		late := a.ask(t)
		end := time.Date(2026, 3, 17, 0, 0, 0, 0, beijing)
		a.clock.Set(end)
		if err := a.step(late, "answer"); err != nil { // nobody has swept
			t.Fatal(err)
		}
		a.says(t, end, "overdue provider.clerk", "overdue provider.authority")
		a.says(t, end.AddDate(0, 1, 0), "overdue provider.clerk", "overdue provider.authority") // the first one
		if len(a.bad) != 2 {
			t.Errorf("violations %v", a.bad)
		}
		if d := get(s.Clock(t.Context(), late, "reply"))(t); d.OverdueAt == nil || d.StoppedAt == nil {
			t.Errorf("got %+v", d)
		}
	})
}

// A stop ends a deadline; a new start and an extension give one of their own,
// with its reminders.
func TestStoppedAndExtendedClocks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		day := func(month time.Month, day, hour int) time.Time {
			return time.Date(2026, month, day, hour, 0, 0, 0, beijing)
		}
		a := newAsker(t, newWorld(t, s), day(3, 2, 10), calendarOf(t))
		id := a.ask(t)
		do := func(at time.Time, action string) {
			t.Helper()
			a.clock.Set(at)
			ok(t, a.step(id, action))
		}
		a.says(t, day(3, 11, 9), "remind provider.clerk 还剩3个工作日")
		do(day(3, 16, 9), "return") // on the last day
		a.says(t, day(3, 20, 9))
		do(day(3, 20, 10), "complete") // afresh: Friday 3 April
		a.says(t, day(3, 31, 1), "remind provider.clerk 还剩3个工作日")
		do(day(4, 1, 9), "extend") // by 5 working days, over Tomb-Sweeping Day: Monday 13 April
		a.says(t, day(4, 4, 1))
		a.says(t, day(4, 8, 1), "remind provider.clerk 还剩3个工作日")
		a.says(t, day(4, 10, 1), "remind provider.clerk 还剩1个工作日")
		a.says(t, day(4, 14, 1), "overdue provider.clerk", "overdue provider.authority")
		if len(a.bad) != 1 {
			t.Errorf("violations %v", a.bad)
		}
	})
}

// A leap day, make-up days and a year without a notice: the deadline fires
// once, at the end of the day that a calendar on the wall gives.
func TestDeadlinesOfSpecialDays(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		at := func(year int, month time.Month, day, hour int) time.Time {
			return time.Date(year, month, day, hour, 0, 0, 0, beijing)
		}
		for name, c := range map[string]struct{ asked, end time.Time }{
			"across the leap day": {at(2024, 2, 19, 9), at(2024, 3, 5, 0)},
			// Spring Festival until the 17th, the 18th is worked.
			"on the leap day":       {at(2024, 2, 17, 23), at(2024, 3, 1, 0)},
			"of the other calendar": {at(2024, 2, 29, 9), at(2024, 3, 15, 0)},
			// No notice: New Year's Day and weekends are off.
			"a year without a notice": {at(2030, 12, 23, 9), at(2031, 1, 8, 0)},
		} {
			a := newAsker(t, w, c.asked, calendarOf(t))
			a.ask(t)
			overdue := 0
			for now := c.asked; now.Before(c.end.AddDate(0, 1, 0)); now = now.Add(11 * time.Hour) {
				a.clock.Set(now)
				a.sweep(t)
				for _, said := range a.drain() {
					if strings.HasPrefix(said, "overdue provider.clerk") {
						overdue++
						if now.Before(c.end) || !now.Before(c.end.Add(12*time.Hour)) {
							t.Errorf("%s: overdue at %s, want after %s", name, now, c.end)
						}
					}
				}
			}
			if overdue != 1 || len(a.bad) != 1 {
				t.Errorf("%s: told %d times, reported %v", name, overdue, a.bad)
			}
		}
	})
}

// While replicas sweep and people act at the same time, a clock is marked or
// stopped in time, never both, and reported exactly once.
func TestSweepersAndPeopleAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		monday := time.Date(2026, 3, 2, 10, 0, 0, 0, beijing)
		a := newAsker(t, newWorld(t, s), monday, calendarOf(t))
		const cases = 40
		ids := make([]string, cases)
		for i := range ids {
			ids[i] = a.ask(t)
		}
		end := time.Date(2026, 3, 17, 0, 0, 0, 0, beijing)
		a.clock.Set(end.Add(-time.Second))
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				for n := 0; n < 12; n++ {
					if _, err := a.Sweep(context.Background(), 5); err != nil {
						t.Error(err)
					}
					if i == 0 && n == 4 {
						a.clock.Set(end.Add(2 * time.Minute))
					}
				}
			})
		}
		for i, id := range ids {
			if i%2 == 0 {
				wg.Go(func() {
					if err := a.step(id, []string{"answer", "return", "extend", "note"}[i/2%4]); err != nil {
						t.Error(err)
					}
				})
			}
		}
		wg.Wait()
		a.sweep(t)
		a.sweep(t)
		for _, id := range ids {
			d := get(s.Clock(t.Context(), id, "reply"))(t)
			key := fmt.Sprintf("clock:%s:reply:%d", id, d.StartedAt.UnixMicro())
			late := d.OverdueAt != nil
			if late != (a.bad[key] == 1) && d.ExtendedBy == 0 || a.bad[key] > 1 {
				t.Errorf("%s: overdue %v, reported %d times", id, d.OverdueAt, a.bad[key])
			}
			if d.StoppedAt != nil && late != !d.StoppedAt.Before(d.Due) {
				t.Errorf("%s: stopped at %s, due %s, marked %v", id, d.StoppedAt, d.Due, d.OverdueAt)
			}
			if d.Running() && d.Due.Before(a.clock.Now()) && !late {
				t.Errorf("%s: passed over", id)
			}
		}
	})
}

// Whatever people do and however time runs, each deadline that passes is
// reported exactly once and no other.
func TestEachDeadlineThatPassesIsReportedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		rapid.Check(t, func(rt *rapid.T) {
			now := time.Date(2026, 3, 2, 10, 0, 0, 0, beijing)
			a := newAsker(rt, w, now, calendarOf(t))
			ids := []string{a.ask(rt), a.ask(rt)}
			want := map[string]int{}
			started := map[string]procedure.ClockState{}
			passed := func(now time.Time) { // what a day-by-day look would see
				for _, id := range ids {
					c, err := s.Cases().Case(context.Background(), id)
					if err != nil {
						rt.Fatal(err)
					}
					k := c.Clocks["reply"]
					started[id] = k
					if k.Running() && !now.Before(k.Due.Add(time.Minute)) {
						want[fmt.Sprintf("clock:%s:reply:%d", id, k.StartedAt.UnixMicro())] = 1
					}
				}
			}
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				switch rapid.IntRange(0, 2).Draw(rt, "what") {
				case 0:
					now = now.Add(time.Duration(rapid.IntRange(-60, 6*24*60).Draw(rt, "minutes")) * time.Minute)
					a.clock.Set(now)
				case 1:
					passed(now)
					a.sweep(rt)
				default:
					id := rapid.SampledFrom(ids).Draw(rt, "case")
					action := rapid.SampledFrom([]string{"note", "return", "complete", "extend", "answer"}).Draw(rt, "action")
					c, _ := s.Cases().Case(context.Background(), id)
					k := c.Clocks["reply"]
					if err := a.step(id, action); err == nil && k.Running() && !now.Before(k.Due) {
						want[fmt.Sprintf("clock:%s:reply:%d", id, k.StartedAt.UnixMicro())] = 1
					}
				}
			}
			passed(now)
			a.sweep(rt)
			got := map[string]int{} // of these cases: earlier runs have left theirs in the same database
			for key, times := range a.bad {
				if slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(key, id) }) {
					got[key] = times
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				rt.Fatalf("reported %v, want %v", got, want)
			}
		})
	})
}

// A year's notice that is loaded later moves the provisional ends, once, and
// the ledger says how many.
func TestRecompute(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		asked := time.Date(2026, 2, 5, 10, 0, 0, 0, beijing) // before Spring Festival
		a := newAsker(t, newWorld(t, s), asked, calendarOf(t, 2026))
		id, extended, done := a.ask(t), a.ask(t), a.ask(t)
		if err := errors.Join(a.step(extended, "extend"), a.step(done, "answer")); err != nil {
			t.Fatal(err)
		}
		before := get(s.Cases().Case(t.Context(), id))(t).Clocks["reply"]
		if !before.Provisional {
			t.Fatalf("not provisional: %+v", before)
		}
		if n := get(a.Recompute(t.Context()))(t); n != 0 {
			t.Errorf("%d clocks counted again on the same calendar", n)
		}
		entries := len(a.log.entries)
		full := casework.WorkCalendar{Calendar: calendarOf(t)}
		a.Calendar, a.Remind.Before = full, full.Before
		a.drain()
		if n := get(a.Recompute(t.Context()))(t); n != 2 {
			t.Errorf("%d clocks counted again, want 2", n)
		}
		if n := get(a.Recompute(t.Context()))(t); n != 0 {
			t.Errorf("%d clocks counted twice", n)
		}
		for _, x := range []string{id, extended} {
			c := get(s.Cases().Case(t.Context(), x))(t)
			k := c.Clocks["reply"]
			want := full.Due(k.StartedAt, 10, "working_day")
			if k.ExtendedBy > 0 {
				want = full.Extend(want, k.ExtendedBy, "working_day")
			}
			d := get(s.Clock(t.Context(), x, "reply"))(t)
			if k.Provisional || k.LastDay != want.LastDay || !k.Due.Equal(want.At) || k.WorkingDays != want.WorkingDays || !d.Due.Equal(want.At) || d.Provisional {
				t.Errorf("got %+v, %+v, want %+v", k, d, want)
			}
			acts := get(s.Cases().Acts(t.Context(), x))(t)
			if c.Version != len(acts) {
				t.Errorf("version %d of %d acts", c.Version, len(acts))
			}
		}
		if got := a.log.entries[entries:]; len(got) != 1 || got[0].Kind != casework.CalendarChanged ||
			got[0].Facts.(casework.CalendarFacts) != (casework.CalendarFacts{Cases: 2, Clocks: 2, Moved: 1, Settled: 2}) {
			t.Errorf("entries %+v", got)
		}
		a.sweep(t)
		if got := a.drain(); fmt.Sprint(got) != "[moved 2026-02-26届满]" {
			t.Errorf("told %v", got)
		}
	})
}

// A handler that fails holds up nobody else; its message comes again.
func TestAFailingHandlerHoldsUpNobody(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		a := newAsker(t, w, noon, calendarOf(t))
		broken, calls := true, 0
		a.Handlers["other"] = func(ctx context.Context, m casework.Message) error {
			calls++
			if broken {
				// Its statements are undone with it.
				_ = s.Cases().PutNotices(ctx, []casework.Notice{{ID: ident.New(), Department: w.provider.ID, Relation: "r", At: noon}})
				return errors.New("broken")
			}
			return nil
		}
		ok(t, s.Cases().PutMessages(t.Context(), []casework.Message{
			{ID: ident.New(), Kind: "other", At: noon.Add(-time.Hour), Payload: []byte("{}")},
			{ID: ident.New(), Kind: "unheard_of", At: noon.Add(-time.Hour), Payload: []byte("{}")},
			{ID: ident.New(), Kind: casework.NoticeKind, At: noon, Payload: []byte(`{"text":"甲","turns":[{"Department":"` + w.provider.ID + `","Relation":"r"}]}`)},
		}))
		if n, err := a.DeliverNotices(t.Context(), 10); n != 2 || err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("took %d, %v", n, err)
		}
		if got := get(s.Cases().Notices(t.Context(), casework.TodoFilter{Department: w.provider.ID, Relations: []string{"r"}}))(t); len(got) != 1 || got[0].Text != "甲" {
			t.Errorf("inbox %+v", got)
		}
		if n, err := a.DeliverNotices(t.Context(), 10); n != 0 || err != nil {
			t.Errorf("at once again: %d, %v", n, err)
		}
		broken = false
		a.clock.Advance(time.Second)
		if n, err := a.DeliverNotices(t.Context(), 10); n != 1 || err != nil || calls != 2 {
			t.Errorf("later: %d, %v, %d calls", n, err, calls)
		}
	})
}
