package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

// figures are those of one engine.
type figures struct {
	Engine      string  `json:"engine"`
	Cases       int     `json:"open_cases"`
	DatabaseMB  float64 `json:"database_mb"`
	FillSeconds float64 `json:"fill_seconds"`
	// Sweep acts on Overdue newly overdue clocks: marks them and writes the
	// notices to owner and authority and the violations into the outbox.
	Overdue     int     `json:"newly_overdue"`
	Sweep       spread  `json:"sweep"`
	SweepPeakMB float64 `json:"sweep_peak_process_memory_mb"`
	Messages    int     `json:"messages_written_by_one_sweep"`
	IdleSweep   spread  `json:"idle_sweep"`
	// A to-do list is the first 50 lines of one person, drawn at random: asked
	// for by one user after another; by Users at once, each some ten times a
	// second; and by Users at once without a pause, which loads all cores.
	Users        int    `json:"todo_users_at_once"`
	TodosOf      int    `json:"todos_of_a_department"`
	TodosAlone   spread `json:"todo_list_alone"`
	TodosPaced   spread `json:"todo_list_ten_a_second_each"`
	TodosNonstop spread `json:"todo_list_without_pause"`
	TodosPerSec  int    `json:"todo_lists_per_second_without_pause"`
	DeliverMs    spread `json:"deliver_200_messages"`
	SweepBatches int    `json:"batch"`
}

// batch is what the node sweeps at once.
const batch = 2000

// measure fills a database and measures on it.
func measure(ctx context.Context, o options, name, url string, cases int, versions map[string]string) (figures, error) {
	f := figures{Engine: name, Cases: cases, Overdue: min(o.overdue, cases/10), Users: o.users, TodosOf: cases / departments, SweepBatches: batch}
	s, err := store.Open(ctx, url)
	if err != nil {
		return f, err
	}
	if err := s.Migrate(ctx); err != nil {
		return f, errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil { // SQLite: the filler is the only one now
		return f, err
	}
	lib, calendar, err := app.Law()
	if err != nil {
		return f, err
	}
	rules, err := lib.InForce("130100", base)
	if err != nil {
		return f, err
	}
	if err := populate(ctx, &f, o, url, rules.Key, versions); err != nil {
		return f, err
	}
	if s, err = store.Open(ctx, url); err != nil {
		return f, err
	}
	days := casework.WorkCalendar{Calendar: calendar}
	clk := clock.NewFake(base)
	e := &casework.Engine{Store: s.Cases(), Rules: lib, Calendar: days, Left: days.Left, Clock: clk,
		Remind:   casework.Reminders{WorkingDays: casework.DefaultReminders, Before: days.Before},
		Handlers: map[string]casework.Handler{casework.ViolationKind: func(context.Context, casework.Message) error { return nil }}}
	err = errors.Join(f.todos(ctx, o, e), f.sweeps(ctx, o, e, clk), f.deliver(ctx, o, e))
	return f, errors.Join(err, s.Close())
}

func populate(ctx context.Context, f *figures, o options, url, rules string, versions map[string]string) error {
	begin := time.Now()
	fill, err := openFiller(url)
	if err != nil {
		return err
	}
	defer fill.db.Close()
	fill.rules, fill.cases, fill.overdue, fill.runs = rules, f.Cases, f.Overdue, o.runs
	if versions[f.Engine], err = fill.version(ctx); err != nil {
		return err
	}
	if err := fill.fill(ctx); err != nil {
		return err
	}
	f.FillSeconds = time.Since(begin).Seconds()
	f.DatabaseMB, err = fill.size(ctx)
	fmt.Printf("%s: %d cases, %.0f MB, filled in %.0f s\n", f.Engine, f.Cases, f.DatabaseMB, f.FillSeconds)
	return err
}

// sweeps lets one set of clocks after another run out. Between two of them
// nothing is due: those are the idle ones.
func (f *figures) sweeps(ctx context.Context, o options, e *casework.Engine, clk *clock.Fake) error {
	var took, idle []time.Duration
	forget()
	for k := range o.runs {
		clk.Set(deadlineOf(k).Add(time.Minute))
		acted := 0
		begin := time.Now()
		for {
			n, err := e.Sweep(ctx, batch)
			if err != nil {
				return err
			}
			if acted += n; n < batch {
				break
			}
		}
		took = append(took, time.Since(begin))
		if acted != f.Overdue {
			return fmt.Errorf("sweep %d acted on %d clocks, want %d", k, acted, f.Overdue)
		}
		for range 200 {
			begin := time.Now()
			if n, err := e.Sweep(ctx, batch); err != nil || n != 0 {
				return errors.Join(err, fmt.Errorf("an idle sweep acted on %d", n))
			}
			idle = append(idle, time.Since(begin))
		}
	}
	f.SweepPeakMB = peak()
	f.Sweep, f.IdleSweep = spreadOf(took), spreadOf(idle)
	return f.print("sweep", f.Sweep, "idle", f.IdleSweep, "peak MB", f.SweepPeakMB)
}

// todos asks for the lists of people drawn at random.
func (f *figures) todos(ctx context.Context, o options, e *casework.Engine) error {
	ask := func() (time.Duration, error) {
		d := org.Department{ID: fmt.Sprintf("01910000-0000-7000-8000-%012x", rand.IntN(departments)), Region: "130100"}
		p := org.Principal{Person: org.Person{ID: "p", Roles: []org.Role{org.Clerk, org.OfficeHead}}, Department: d}
		begin := time.Now()
		list, err := e.Todos(ctx, p, 50)
		if err == nil && len(list) != min(50, f.TodosOf) {
			err = fmt.Errorf("a list of %d", len(list))
		}
		return time.Since(begin), err
	}
	for range 100 { // warm
		if _, err := ask(); err != nil {
			return err
		}
	}
	var alone []time.Duration
	for range 200 {
		d, err := ask()
		if err != nil {
			return err
		}
		alone = append(alone, d)
	}
	begin := time.Now()
	nonstop, err := together(o, ask, 0)
	if err != nil {
		return err
	}
	f.TodosPerSec = int(float64(len(nonstop)) / time.Since(begin).Seconds())
	paced, err := together(o, ask, 100*time.Millisecond)
	if err != nil {
		return err
	}
	f.TodosAlone, f.TodosPaced, f.TodosNonstop = spreadOf(alone), spreadOf(paced), spreadOf(nonstop)
	return f.print("to-dos alone", f.TodosAlone, "paced", f.TodosPaced, "without pause", f.TodosNonstop)
}

// together lets all users ask at once, each with pauses around the given one.
func together(o options, ask func() (time.Duration, error), pause time.Duration) ([]time.Duration, error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var wg sync.WaitGroup
	for range o.users {
		wg.Go(func() {
			for range o.lists / o.users {
				if pause > 0 {
					time.Sleep(time.Duration(rand.Int64N(2 * int64(pause))))
				}
				d, err := ask()
				mu.Lock()
				took, failed = append(took, d), errors.Join(failed, err)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return took, failed
}

// deliver empties the outbox of the sweeps, 200 messages at a time as the node
// does, with a handler of violations that does nothing.
func (f *figures) deliver(ctx context.Context, o options, e *casework.Engine) error {
	var took []time.Duration
	messages := 0
	for {
		begin := time.Now()
		n, err := e.DeliverNotices(ctx, 200)
		if err != nil {
			return err
		}
		if n < 200 {
			messages += n
			break
		}
		messages += n
		took = append(took, time.Since(begin))
	}
	f.Messages = messages / o.runs
	if len(took) > 0 {
		f.DeliverMs = spreadOf(took)
	}
	return f.print("deliver", f.DeliverMs)
}

func (f *figures) print(pairs ...any) error {
	for i := 0; i < len(pairs); i += 2 {
		text, err := json.Marshal(pairs[i+1])
		if err != nil {
			return err
		}
		fmt.Printf("%s: %v %s\n", f.Engine, pairs[i], text)
	}
	return nil
}
