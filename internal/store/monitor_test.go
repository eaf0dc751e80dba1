package store_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/internal/store"
)

// Replicas add to the same hours at once and nothing is lost.
func TestMonitoredHours(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, m := t.Context(), s.Monitor()
		start := noon.Truncate(time.Hour)
		var batch []monitor.Hour
		for i := range 700 { // more than one statement
			batch = append(batch, monitor.Hour{Grant: fmt.Sprint("g", i), Start: start, Calls: 2, Refused: 1, Keys: 3, Misses: 1})
		}
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				mine := append([]monitor.Hour{}, batch...)
				if i%2 == 1 { // in another order
					for a, b := 0, len(mine)-1; a < b; a, b = a+1, b-1 {
						mine[a], mine[b] = mine[b], mine[a]
					}
				}
				if whole, err := m.AddHours(ctx, mine); err != nil || len(whole) != len(mine) {
					t.Error(len(whole), err)
				}
			})
		}
		wg.Wait()
		ok1 := get(m.AddHours(ctx, []monitor.Hour{{Grant: "g1", Start: start.Add(time.Hour), Calls: 5}}))(t)
		if want := (monitor.Hour{Grant: "g1", Start: start.Add(time.Hour), Calls: 5}); len(ok1) != 1 || ok1[0] != want {
			t.Errorf("%+v", ok1)
		}
		got := get(m.Hours(ctx, "g1", start, start.Add(time.Hour)))(t)
		if want := []monitor.Hour{{Grant: "g1", Start: start, Calls: 12, Refused: 6, Keys: 18, Misses: 6}}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if n := get(m.ForgetHours(ctx, start.Add(time.Minute)))(t); n != 700 {
			t.Errorf("%d forgotten", n)
		}
	})
}

func TestNetworksOfSystems(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, m := t.Context(), s.Monitor()
		meet := func(network string, at time.Time) (bool, time.Time) {
			fresh, first, err := m.InsertAddress(ctx, "sys", network, at)
			if err != nil {
				t.Fatal(err)
			}
			return fresh, first
		}
		if fresh, first := meet("10.0.0.0/24", noon); !fresh || !first.IsZero() {
			t.Error(fresh, first)
		}
		if fresh, first := meet("10.0.0.0/24", noon.Add(time.Hour)); fresh || !first.Equal(noon) {
			t.Error(fresh, first)
		}
		if fresh, first := meet("10.0.1.0/24", noon.Add(time.Hour)); !fresh || !first.Equal(noon) {
			t.Error(fresh, first)
		}
	})
}

// A signal is kept once, is decided once, and is seen by those it concerns.
func TestSignals(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ctx, m, g := w.ctx, s.Monitor(), w.grant()
		x := monitor.Signal{ID: ident.New(), Key: "k", Kind: monitor.Sequential, Name: "n", Grant: g.ID, System: "sys", Resource: g.Resource,
			Consumer: g.Consumer, Provider: g.Provider, Facts: map[string]any{"calls": 7.0}, Clause: "CN-35", At: noon, Measure: monitor.Slow,
			Cutoff: "c", State: monitor.Open}
		var kept atomic.Int32
		var wg sync.WaitGroup
		for range 6 { // replicas that saw the same
			wg.Go(func() {
				mine := x
				mine.ID = ident.New()
				fresh, err := m.InsertSignal(ctx, mine)
				if err != nil {
					t.Error(err)
				}
				if fresh {
					kept.Add(1)
				}
			})
		}
		wg.Wait()
		list := get(m.Signals(ctx, monitor.Filter{Own: g.Provider}))(t)
		if kept.Load() != 1 || len(list) != 1 {
			t.Fatalf("kept %d times: %+v", kept.Load(), list)
		}
		x.ID = list[0].ID
		if !reflect.DeepEqual(list[0], x) {
			t.Errorf("got %+v, want %+v", list[0], x)
		}
		r := get(s.Org().Region(ctx, get(s.Org().Department(ctx, g.Consumer))(t).Region))(t)
		for what, c := range map[string]struct {
			f    monitor.Filter
			want int
		}{
			"the consumer": {monitor.Filter{Own: g.Consumer}, 1}, "a third": {monitor.Filter{Own: "third"}, 0},
			"its authority": {monitor.Filter{Own: "third", RegionPath: r.Path}, 1}, "another's": {monitor.Filter{Own: "third", RegionPath: "999999/"}, 0},
			"open ones": {monitor.Filter{State: monitor.Open, Kind: monitor.Sequential, Grant: g.ID}, 1}, "dismissed ones": {monitor.Filter{State: monitor.Dismissed}, 0},
		} {
			if got := get(m.Signals(ctx, c.f))(t); len(got) != c.want {
				t.Errorf("%s: %d", what, len(got))
			}
		}
		at := noon.Add(time.Minute)
		done := x
		done.State, done.DecidedBy, done.DecidedFor, done.DecidedAt, done.Reason = monitor.Dismissed, "p", "d", &at, "r"
		ok(t, m.DecideSignal(ctx, done, x))
		wantFault(t, m.DecideSignal(ctx, done, x), "changed_meanwhile")
		if got := get(m.Signal(ctx, x.ID))(t); !reflect.DeepEqual(got, done) {
			t.Errorf("got %+v, want %+v", got, done)
		}
		for since, want := range map[time.Time]bool{noon: true, at: false} {
			if got := get(m.Dismissed(ctx, monitor.Sequential, g.ID, "sys", since))(t); got != want {
				t.Errorf("dismissed since %v: %v", since, got)
			}
		}
		if get(m.Dismissed(ctx, monitor.Misses, g.ID, "sys", noon))(t) {
			t.Error("another rule is silent too")
		}
		_, err := m.Signal(ctx, ident.New())
		wantFault(t, err, "not_found")
	})
}

// A cut-off and its lifting change the version that gateways ask for; nobody
// deletes one or lifts it twice.
func TestCutoffs(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ctx, m, g := w.ctx, s.Monitor(), w.grant()
		ok(t, s.Sharing().InsertGrant(ctx, g))
		version := func() int64 { return get(s.Sharing().GrantsVersion(ctx))(t) }
		until := noon.Add(time.Hour)
		base := monitor.Cutoff{ID: ident.New(), Target: monitor.Grant, TargetID: g.ID, Measure: monitor.Slow, Rate: 3, Side: monitor.ByPlatform,
			Signal: "s", Consumer: g.Consumer, Provider: g.Provider, Clause: "CN-35", Reason: "r", At: noon, Until: &until}
		all := monitor.Cutoff{ID: ident.New(), Target: monitor.All, Measure: monitor.CutOff, Side: monitor.ByAuthority, Department: g.Provider, Person: "p",
			Clause: "CN-35", Reason: "r", At: noon}
		before := version()
		ok(t, m.InsertCutoff(ctx, base))
		ok(t, m.InsertCutoff(ctx, all))
		if got := version(); got != before+2 {
			t.Errorf("version %d after %d", got, before)
		}
		if got := get(m.InForce(ctx, noon))(t); !reflect.DeepEqual(got, []monitor.Cutoff{base, all}) {
			t.Errorf("%+v", got)
		}
		if got := get(m.InForce(ctx, until))(t); len(got) != 1 || got[0].ID != all.ID {
			t.Errorf("after its end: %+v", got)
		}
		if got := get(m.Cutoffs(ctx, monitor.Filter{Own: "third"}))(t); len(got) != 1 || got[0].ID != all.ID {
			t.Errorf("a third department sees %+v", got)
		}
		lifted, at := all, noon.Add(time.Minute)
		lifted.LiftedAt, lifted.LiftedBy, lifted.LiftedFor, lifted.LiftReason = &at, "p", "d", "over"
		ok(t, m.LiftCutoff(ctx, lifted))
		wantFault(t, m.LiftCutoff(ctx, lifted), "changed_meanwhile")
		if got := get(m.Cutoff(ctx, all.ID))(t); !reflect.DeepEqual(got, lifted) || version() != before+3 {
			t.Errorf("got %+v, version %d", got, version())
		}
		if err := s.Exec(ctx, "DELETE FROM cutoffs"); err == nil {
			t.Error("cut-offs can be deleted")
		}
		both := []string{g.Consumer, g.Provider}
		for what, c := range map[string]struct {
			target monitor.Target
			id     string
			at     time.Time
			want   int
		}{
			"all": {monitor.All, "", noon, 2}, "its resource": {monitor.Resource, g.Resource, noon, 2}, "another": {monitor.Resource, "x", noon, 0},
			"its system": {monitor.System, g.Systems[0], noon, 2}, "another system": {monitor.System, ident.New(), noon, 0},
			"the consumer": {monitor.Consumer, g.Consumer, noon, 2}, "the provider": {monitor.Provider, g.Provider, noon, 2},
			"the grant": {monitor.Grant, g.ID, noon, 2}, "after its end": {monitor.All, "", g.NotAfter, 0},
		} {
			if got := get(m.Concerned(ctx, c.target, c.id, c.at))(t); len(got) != c.want {
				t.Errorf("%s concerns %v of %v", what, got, both)
			}
		}
	})
}
