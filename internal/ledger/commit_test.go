package ledger_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

func isUnavailable(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.Unavailable && f.Code == "ledger_unavailable"
}

// recordAll records the entries at once and gives their errors in order.
func recordAll(ctx context.Context, l *ledger.Log, entries []ledger.Entry) (leaves []ledger.Leaf, errs []error) {
	leaves, errs = make([]ledger.Leaf, len(entries)), make([]error, len(entries))
	var wg sync.WaitGroup
	for i, e := range entries {
		wg.Go(func() { leaves[i], errs[i] = l.Record(ctx, e) })
	}
	wg.Wait()
	return leaves, errs
}

// gate holds every LockHead until it is opened.
func gate(store *ledgertest.Memory) (open func()) {
	ch := make(chan struct{})
	store.Inject(func(op string) error {
		if op == "LockHead" {
			<-ch
		}
		return nil
	})
	return func() { close(ch) }
}

func TestConcurrentRecordsAreContiguousAndUnique(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	const callers, each = 64, 30
	var mu sync.Mutex
	seen := map[uint64]string{}
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range each {
				e := ledgertest.NewEntry(ledger.Call)
				var leaf ledger.Leaf
				var err error
				if c == 0 && i%3 == 0 { // acts come in between
					var leaves []ledger.Leaf
					if leaves, err = l.AppendIn(t.Context(), e); err == nil {
						leaf = leaves[0]
					}
				} else {
					leaf, err = l.Record(t.Context(), e)
				}
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				if seen[leaf.Index] != "" {
					t.Errorf("index %d was given twice", leaf.Index)
				}
				seen[leaf.Index] = e.ID
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	for i := range uint64(callers * each) {
		leaf, err := store.Leaf(t.Context(), i)
		if err != nil || leaf.ID != seen[i] {
			t.Fatalf("index %d holds %s, the caller was told %s (%v)", i, leaf.ID, seen[i], err)
		}
	}
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != callers*each {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestAFailedCommitIsNobodysSuccess(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"LockHead", "Append", "commit"} {
		store := ledgertest.NewMemory()
		l := ledgertest.NewLog(t, store)
		appendN(t, l, 5)
		full := errors.New("no space left on device")
		store.Inject(func(o string) error {
			if o == op {
				return full
			}
			return nil
		})
		entries := ledgertest.Entries(64)
		_, errs := recordAll(t.Context(), l, entries)
		for _, err := range errs {
			if !isUnavailable(err) || !errors.Is(err, full) {
				t.Errorf("%s: got %v", op, err)
			}
		}
		if h, err := l.Head(t.Context()); err != nil || h.Size != 5 {
			t.Errorf("%s: head %+v, %v", op, h, err)
		}
		store.Inject(nil) // space returns; the same entries may be tried again
		_, errs = recordAll(t.Context(), l, entries)
		if err := errors.Join(errs...); err != nil {
			t.Errorf("%s: afterwards: %v", op, err)
		}
		if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 69 {
			t.Errorf("%s: audit %+v, %v", op, audit, err)
		}
	}
}

// With commits failing at random, acknowledged and recorded are the same set.
func TestAcknowledgedMeansRecorded(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	var n atomic.Uint32
	store.Inject(func(op string) error {
		if (op == "commit" || op == "Append") && n.Add(1)%3 == 0 {
			return errors.New("unlucky")
		}
		return nil
	})
	var good, bad int
	for range 20 {
		entries := ledgertest.Entries(16)
		leaves, errs := recordAll(t.Context(), l, entries)
		for i, e := range entries {
			got, err := l.Leaf(t.Context(), e.ID)
			if (errs[i] == nil) != (err == nil) {
				t.Fatalf("told %v, the log says %v", errs[i], err)
			}
			if errs[i] != nil {
				bad++
			} else if good++; got.Index != leaves[i].Index {
				t.Errorf("told index %d, it is %d", leaves[i].Index, got.Index)
			}
		}
	}
	if good == 0 || bad == 0 {
		t.Errorf("%d good and %d bad prove little", good, bad)
	}
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != uint64(good) {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestOneBadEntryHurtsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := ledgertest.NewMemory()
		l := ledgertest.NewLog(t, store)
		old := appendEntries(t, l, 1)[0]
		open := gate(store)
		go func() { _, _ = l.Record(t.Context(), ledgertest.NewEntry(ledger.Call)) }() // occupies the committer
		synctest.Wait()
		entries := ledgertest.Entries(40)
		entries[7].ID = old.ID
		entries[20].Kind = "NOT A KIND"
		var errs []error
		done := make(chan struct{})
		go func() { _, errs = recordAll(t.Context(), l, entries); close(done) }()
		synctest.Wait() // all of them wait for one commit
		open()
		<-done
		for i, err := range errs {
			switch {
			case i == 7 && fault.Is(err, ledger.CodeEntryExists), i == 20 && fault.Is(err, "ledger_entry_invalid"):
			case i != 7 && i != 20 && err == nil:
			default:
				t.Errorf("entry %d: %v", i, err)
			}
		}
		if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 40 {
			t.Errorf("audit %+v, %v", audit, err)
		}
		l.Close()
	})
}

func appendEntries(t *testing.T, l *ledger.Log, n int) []ledger.Entry {
	entries := ledgertest.Entries(n)
	if _, err := l.AppendIn(t.Context(), entries...); err != nil {
		t.Fatal(err)
	}
	return entries
}

func TestWaitingEndsWithTheCallersContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := ledgertest.NewMemory()
		l := ledgertest.NewLog(t, store)
		open := gate(store)
		ctx, cancel := context.WithCancel(t.Context())
		e := ledgertest.NewEntry(ledger.Call)
		got := make(chan error)
		go func() { _, err := l.Record(ctx, e); got <- err }()
		synctest.Wait()
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		if _, err := l.Record(ctx, ledgertest.NewEntry(ledger.Call)); !errors.Is(err, context.Canceled) {
			t.Errorf("with a context that has ended: %v", err)
		}
		open()
		l.Close()
		if _, err := l.Leaf(t.Context(), e.ID); err != nil {
			t.Errorf("what was queued was not written: %v", err)
		}
		if h, _ := l.Head(t.Context()); h.Size != 1 {
			t.Errorf("size %d, want 1", h.Size)
		}
	})
}

func TestCloseDrains(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"Close", "end of context"} {
		synctest.Test(t, func(t *testing.T) {
			store := ledgertest.NewMemory()
			l, err := ledger.New(store, ledgertest.NewSigner(t, ledgertest.Origin), ledgertest.Origin, nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Record(t.Context(), ledgertest.NewEntry(ledger.Call)); !isUnavailable(err) {
				t.Errorf("before Start: %v", err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			l.Start(ctx)
			l.Start(ctx)
			open := gate(store)
			var errs []error
			done, closed := make(chan struct{}), make(chan struct{})
			go func() { _, errs = recordAll(t.Context(), l, ledgertest.Entries(700)); close(done) }()
			synctest.Wait()
			if how == "Close" {
				go func() { l.Close(); close(closed) }()
			} else {
				cancel()
				close(closed)
			}
			synctest.Wait()
			if _, err := l.Record(t.Context(), ledgertest.NewEntry(ledger.Call)); !isUnavailable(err) {
				t.Errorf("%s: after it: %v", how, err)
			}
			open()
			<-done
			<-closed
			l.Close()
			if err := errors.Join(errs...); err != nil {
				t.Errorf("%s: queued entries failed: %v", how, err)
			}
			if h, _ := l.Head(t.Context()); h.Size != 700 {
				t.Errorf("%s: size %d, want 700", how, h.Size)
			}
		})
	}
}

func TestAFullQueueRefusesAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := ledgertest.NewMemory()
		l := ledgertest.NewLog(t, store)
		open := gate(store)
		const n = 9000 // more than one batch under way and a full queue
		entries := ledgertest.Entries(n)
		var errs []error
		done := make(chan struct{})
		go func() { _, errs = recordAll(t.Context(), l, entries); close(done) }()
		synctest.Wait()
		open()
		<-done
		refused := 0
		for _, err := range errs {
			if err != nil {
				if refused++; !isUnavailable(err) {
					t.Fatal(err)
				}
			}
		}
		h, _ := l.Head(t.Context())
		if refused == 0 || h.Size != uint64(n-refused) {
			t.Errorf("%d refused, %d recorded", refused, h.Size)
		}
		l.Close()
	})
}
