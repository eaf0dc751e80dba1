package ledger_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/journal"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// journaled makes a log whose records go through a journal in dir.
func journaled(t *testing.T, store ledger.Store, signer *ledger.Signer, dir string) (*ledger.Log, *journal.Journal) {
	t.Helper()
	j, err := journal.Open(dir, journal.Options{SegmentBytes: 64 << 10})
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.New(store, signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	return l.WithJournal(j), j
}

func TestAJournalledRecordIsProvedAtOnce(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l, j := journaled(t, store, ledgertest.NewSigner(t, ledgertest.Origin), t.TempDir())
	if n, err := l.Recover(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	l.Start(t.Context())
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for i := range 40 {
				e := ledgertest.NewEntry(ledger.Call)
				if i%10 == 3 { // acts come in between
					if _, err := l.AppendIn(t.Context(), e); err != nil {
						t.Error(err)
					}
				} else if leaf, err := l.Record(t.Context(), e); err != nil || leaf.Index != ledger.Unplaced {
					t.Errorf("index %d, %v", leaf.Index, err)
				}
				r, err := l.Prove(t.Context(), e.ID)
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := ledger.VerifyReceipt(r.Encode(), l.PublicKey()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	l.Close()
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 16*40 {
		t.Errorf("audit %+v, %v", audit, err)
	}
	if err := j.Close(); err != nil {
		t.Error(err)
	}
}

// What was acknowledged while the database could not be written stands in the
// tree after the process was killed and started again, once.
func TestWhatTheJournalHoldsSurvives(t *testing.T) {
	t.Parallel()
	store, signer, dir := ledgertest.NewMemory(), ledgertest.NewSigner(t, ledgertest.Origin), t.TempDir()
	l, j := journaled(t, store, signer, dir)
	if _, err := l.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	told := 0
	l.Trouble = func(error) { mu.Lock(); told++; mu.Unlock() }
	l.Start(t.Context())
	entries := ledgertest.Entries(300)
	if _, errs := recordAll(t.Context(), l, entries[:100]); errors.Join(errs...) != nil {
		t.Fatal(errs)
	}
	store.Inject(func(op string) error {
		if op == "commit" {
			return errors.New("no space left on device")
		}
		return nil
	})
	if _, errs := recordAll(t.Context(), l, entries[100:]); errors.Join(errs...) != nil {
		t.Fatal(errs)
	}
	l.Close() // cannot put them into the tree; the journal has them
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	if told == 0 {
		t.Error("nobody was told that the tree stays behind")
	}
	mu.Unlock()
	store.Inject(nil)
	for life, want := range []int{200, 0} {
		l, j := journaled(t, store, signer, dir)
		n, err := l.Recover(t.Context())
		if life == 0 && (n < want || err != nil) || life == 1 && (n != 0 || err != nil) {
			t.Fatalf("life %d recovered %d, %v", life, n, err)
		}
		for _, e := range entries {
			if _, err := l.Leaf(t.Context(), e.ID); err != nil {
				t.Fatal(err)
			}
		}
		if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 300 {
			t.Fatalf("audit %+v, %v", audit, err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// A transaction that succeeded without saying so is not done twice.
func TestPlacedTwiceStandsOnce(t *testing.T) {
	t.Parallel()
	store, signer, dir := ledgertest.NewMemory(), ledgertest.NewSigner(t, ledgertest.Origin), t.TempDir()
	l, j := journaled(t, store, signer, dir)
	if _, err := l.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.Start(t.Context())
	entries := ledgertest.Entries(50)
	if _, errs := recordAll(t.Context(), l, entries); errors.Join(errs...) != nil {
		t.Fatal(errs)
	}
	l.Close()
	store.Tamper(func(s *ledgertest.State) { s.Marks[j.ID()] = 0 }) // as if the mark had not been kept
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	l, j = journaled(t, store, signer, dir)
	if n, err := l.Recover(t.Context()); n != 0 || err != nil {
		t.Errorf("%d entries a second time, %v", n, err)
	}
	if h, _ := l.Head(t.Context()); h.Size != 50 {
		t.Errorf("size %d", h.Size)
	}
	_ = j.Close()
}

func TestAJournalOfAnotherTimeIsRefused(t *testing.T) {
	t.Parallel()
	store, signer, dir := ledgertest.NewMemory(), ledgertest.NewSigner(t, ledgertest.Origin), t.TempDir()
	l, j := journaled(t, store, signer, dir)
	if _, err := l.Recover(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.Start(t.Context())
	if _, err := l.Record(t.Context(), ledgertest.NewEntry(ledger.Call)); err != nil {
		t.Fatal(err)
	}
	l.Close()
	for name, mark := range map[string]uint64{"the database is ahead": 2, "far ahead": 1000} {
		store.Tamper(func(s *ledgertest.State) { s.Marks[j.ID()] = mark })
		if _, err := l.Recover(t.Context()); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	_ = j.Close()
}
