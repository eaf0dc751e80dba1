package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

func nation(code string) []org.Region {
	return []org.Region{{Code: code, Name: code, Level: org.Nation, Path: code + "/"}}
}

// has tells which of the regions are committed.
func has(t *testing.T, s *store.Store, code string) bool {
	t.Helper()
	_, err := s.Org().Region(t.Context(), code)
	if fault.Is(err, "not_found") {
		return false
	}
	ok(t, err)
	return true
}

func TestDoCommitsOrLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ok(t, s.Do(t.Context(), func(ctx context.Context) error { return s.Org().PutRegions(ctx, nation("1")) }))
		refusal := errors.New("refused")
		err := s.Do(t.Context(), func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("2")))
			if _, err := s.Org().Region(ctx, "2"); err != nil {
				t.Errorf("a transaction does not see its own write: %v", err)
			}
			if has(t, s, "2") {
				t.Error("others see what is not committed")
			}
			return refusal
		})
		if !errors.Is(err, refusal) {
			t.Errorf("got %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic got lost")
				}
			}()
			_ = s.Do(t.Context(), func(ctx context.Context) error {
				ok(t, s.Org().PutRegions(ctx, nation("3")))
				return s.Do(ctx, func(context.Context) error { panic("boom") })
			})
		}()
		if !has(t, s, "1") || has(t, s, "2") || has(t, s, "3") {
			t.Error("want region 1 alone")
		}
		// The only writer of SQLite is free again.
		ok(t, s.Org().PutRegions(t.Context(), nation("4")))
	})
}

func TestAJoinedDoThatFailsIsUndoneAlone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		refusal := errors.New("refused")
		ok(t, s.Do(t.Context(), func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("1")))
			err := s.Cases().Do(ctx, func(ctx context.Context) error {
				ok(t, s.Org().PutRegions(ctx, nation("2")))
				return refusal
			})
			if !errors.Is(err, refusal) {
				t.Errorf("got %v", err)
			}
			return s.Ledger().Do(ctx, func(ctx context.Context) error { return s.Org().PutRegions(ctx, nation("3")) })
		}))
		if !has(t, s, "1") || has(t, s, "2") || !has(t, s, "3") {
			t.Error("want regions 1 and 3")
		}
	})
}

// A statement that the database refused ends its scope, and no more than that,
// on both engines.
func TestASwallowedStatementErrorEndsItsScope(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		twice := w.consumer // its ID is taken
		err := s.Do(w.ctx, func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("1")))
			_ = s.Org().InsertDepartment(ctx, twice)
			return nil
		})
		wantFault(t, err, "already_exists")
		if has(t, s, "1") {
			t.Error("the scope was committed all the same")
		}
		ok(t, s.Do(w.ctx, func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("2")))
			err := s.Do(ctx, func(ctx context.Context) error {
				_ = s.Org().InsertDepartment(ctx, twice)
				return nil
			})
			wantFault(t, err, "already_exists")
			return nil
		}))
		if !has(t, s, "2") {
			t.Error("the outer scope was lost with the inner one")
		}
	})
}

func TestACancelledContextStoresNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, cancel := context.WithCancel(t.Context())
		err := s.Do(ctx, func(ctx context.Context) error {
			ok(t, s.Org().PutRegions(ctx, nation("1")))
			cancel()
			return nil
		})
		if err == nil || has(t, s, "1") {
			t.Errorf("err %v, stored %v", err, has(t, s, "1"))
		}
		ok(t, s.Org().PutRegions(t.Context(), nation("2")))
	})
}

func TestOfManyWritersOneWinsTheSwap(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		const writers = 12
		var mu sync.Mutex
		var wg sync.WaitGroup
		won, lost := 0, 0
		for range writers {
			wg.Go(func() {
				d := w.consumer
				d.Name = "改名后的部门"
				err := s.Org().UpdateDepartment(w.ctx, d)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won++
				case fault.Is(err, "changed_meanwhile"):
					lost++
				default:
					t.Errorf("unexpected: %v", err)
				}
			})
		}
		wg.Wait()
		if won != 1 || lost != writers-1 {
			t.Errorf("%d won, %d lost", won, lost)
		}
		if d := get(s.Org().Department(w.ctx, w.consumer.ID))(t); d.Version != 2 {
			t.Errorf("version %d, want 2", d.Version)
		}
	})
}

// Read, then write what was read: without conflicts nothing is lost, whatever
// the interleaving.
func TestCountersHaveNoGapsAndNoDuplicates(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		const n = 40
		var mu sync.Mutex
		var wg sync.WaitGroup
		seen := map[int]bool{}
		for range n {
			wg.Go(func() {
				got, err := s.Cases().NextNumber(t.Context(), "申请-2026")
				mu.Lock()
				defer mu.Unlock()
				if err != nil || seen[got] {
					t.Errorf("got %d, %v", got, err)
				}
				seen[got] = true
			})
		}
		wg.Wait()
		for i := 1; i <= n; i++ {
			if !seen[i] {
				t.Errorf("%d is missing", i)
			}
		}
		if other := get(s.Catalog().NextSerial(t.Context(), "申请-2026"))(t); other != 1 {
			t.Errorf("another series begins with %d", other)
		}
	})
}

// Two transactions that lock two rows in opposite order: PostgreSQL kills one,
// and Do runs it again.
func TestADeadlockIsTriedAgain(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		var wg, met sync.WaitGroup
		met.Add(2)
		for _, order := range [][2]string{{"a", "b"}, {"b", "a"}} {
			wg.Go(func() {
				first := true
				err := s.Do(t.Context(), func(ctx context.Context) error {
					if _, err := s.Cases().NextNumber(ctx, order[0]); err != nil {
						return err
					}
					if first {
						first = false
						// On SQLite the other waits for our whole transaction.
						if s.Concurrent() {
							met.Done()
							met.Wait()
						}
					}
					_, err := s.Cases().NextNumber(ctx, order[1])
					return err
				})
				if err != nil {
					t.Errorf("%v: %v", order, err)
				}
			})
		}
		wg.Wait()
		for _, series := range []string{"a", "b"} {
			if n := get(s.Cases().NextNumber(t.Context(), series))(t); n != 3 {
				t.Errorf("%s: %d, want 3", series, n)
			}
		}
	})
}
