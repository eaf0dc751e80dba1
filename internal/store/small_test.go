package store_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

func TestLedgerConformance(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		ledgertest.Run(t, func(t *testing.T) ledger.Store { return open(t, testdb.SQLiteMigrated(t, migrate)).Ledger() })
	})
	t.Run("postgres", func(t *testing.T) {
		ledgertest.Run(t, func(t *testing.T) ledger.Store { return open(t, testdb.PostgresMigrated(t, migrate)).Ledger() })
	})
}

func TestSessions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		put := func(hash string, seen, expires time.Time) access.Session {
			x := access.Session{ID: "the token", Person: w.person.ID, CreatedAt: noon, LastSeen: seen, ExpiresAt: expires}
			ok(t, s.Access().InsertSession(w.ctx, hash, x))
			x.ID = ""
			return x
		}
		hour := noon.Add(time.Hour)
		x := put("a", noon, hour)
		if got := get(s.Access().SessionByHash(w.ctx, "a"))(t); !reflect.DeepEqual(got, x) {
			t.Errorf("got %+v, want %+v", got, x)
		}
		put("expired", hour, noon)
		put("idle", noon.Add(-time.Hour), hour)
		ok(t, s.Access().TouchSession(w.ctx, "a", noon.Add(time.Minute)))
		ok(t, s.Access().TouchSession(w.ctx, "gone", noon))
		if n := get(s.Access().DeleteExpired(w.ctx, noon, noon.Add(-time.Hour)))(t); n != 2 {
			t.Errorf("%d deleted, want 2", n)
		}
		if got := get(s.Access().SessionByHash(w.ctx, "a"))(t); !got.LastSeen.Equal(noon.Add(time.Minute)) {
			t.Errorf("got %+v", got)
		}
		put("b", noon, hour)
		ok(t, s.Access().DeleteSession(w.ctx, "a"))
		ok(t, s.Access().DeleteSession(w.ctx, "a"))
		ok(t, s.Access().DeleteSessionsOf(w.ctx, w.person.ID))
		_, err := s.Access().SessionByHash(w.ctx, "b")
		wantFault(t, err, "not_found")
	})
}

func TestAnAssertionWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var firsts atomic.Int32
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				first, err := s.Gateway().TakeAssertion(t.Context(), "system", "jti", noon)
				if err != nil {
					t.Error(err)
				}
				if first {
					firsts.Add(1)
				}
			})
		}
		wg.Wait()
		if firsts.Load() != 1 {
			t.Errorf("%d first uses", firsts.Load())
		}
		if !get(s.Gateway().TakeAssertion(t.Context(), "other", "jti", noon))(t) {
			t.Error("another system's assertion counts as used")
		}
		if n := get(s.Gateway().ForgetAssertions(t.Context(), noon))(t); n != 0 {
			t.Errorf("%d forgotten too early", n)
		}
		if n := get(s.Gateway().ForgetAssertions(t.Context(), noon.Add(time.Microsecond)))(t); n != 2 {
			t.Errorf("%d forgotten, want 2", n)
		}
	})
}

func TestDailyCallsAreExact(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, g := t.Context(), s.Gateway()
		for i, c := range []struct{ want, limit, got int }{{3, 10, 3}, {3, 10, 3}, {10, 10, 4}, {1, 10, 0}, {5, 4, 0}, {5, 12, 2}} {
			if got := get(g.TakeCalls(ctx, "g", "2026-03-02", c.want, c.limit))(t); got != c.got {
				t.Errorf("step %d: got %d, want %d", i, got, c.got)
			}
		}
		if n := get(g.CallsTaken(ctx, "g", "2026-03-02"))(t); n != 12 {
			t.Errorf("%d taken", n)
		}
		if n := get(g.CallsTaken(ctx, "g", "2026-03-03"))(t); n != 0 {
			t.Errorf("%d taken on a new day", n)
		}
		if got := get(g.TakeCalls(ctx, "big", "2026-03-02", 50, 7))(t); got != 7 {
			t.Errorf("a first taking beyond the limit got %d", got)
		}
		var sum atomic.Int64
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				got, err := g.TakeCalls(ctx, "many", "2026-03-02", 1+i%5, 100)
				if err != nil {
					t.Error(err)
				}
				sum.Add(int64(got))
			})
		}
		wg.Wait()
		if sum.Load() != 100 || get(g.CallsTaken(ctx, "many", "2026-03-02"))(t) != 100 {
			t.Errorf("%d taken of 100", sum.Load())
		}
		if _, err := g.TakeCalls(ctx, "g", "d", 0, 1); err == nil {
			t.Error("nothing can be taken")
		}
	})
}

func TestNodeSettingsAreWrittenOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[string]bool{}
		for i := range 12 {
			wg.Go(func() {
				got, err := s.Node().PutIfAbsent(t.Context(), "key", []byte(fmt.Sprintf("\x00secret %d", i)))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				seen[string(got)] = true
			})
		}
		wg.Wait()
		if len(seen) != 1 || !seen[string(get(s.Node().Get(t.Context(), "key"))(t))] {
			t.Errorf("%d values seen", len(seen))
		}
	})
}
