package store_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

// called is a log of n calls of one consumer, every tenth refused, with the
// service that reads it.
func called(t *testing.T, w *world, n int) (s *calllog.Service, ids []string, p org.Principal) {
	t.Helper()
	clk := clock.NewFake(noon.Add(time.Hour))
	log, err := ledger.New(w.Store.Ledger(), ledgertest.NewSigner(t, ledgertest.Origin), ledgertest.Origin, clk)
	ok(t, err)
	var batch []ledger.Entry
	for i := range n {
		e := ledger.Entry{ID: ident.New(), Kind: ledger.Call, At: noon.Add(time.Duration(i) * time.Millisecond), Facts: map[string]any{
			"endpoint": "rows", "grant": w.resource.ID, "resource": w.resource.ID, "consumer": w.consumer.ID, "provider": w.provider.ID,
			"rows": i % 3, "status": 200, "response_sha256": fmt.Sprintf("%064x", i), "operator": "o"}}
		if i%10 == 9 {
			e.Kind = ledger.RefusedCall
			e.Facts.(map[string]any)["status"] = 403
		}
		ids, batch = append(ids, e.ID), append(batch, e)
		if len(batch) == 1000 || i == n-1 {
			_, err := log.AppendIn(w.ctx, batch...)
			ok(t, err)
			batch = batch[:0]
		}
	}
	s = calllog.NewService(calllog.Deps{Store: w.CallLog(), Entries: w.Store.Ledger(), Ledger: log, Clock: clk})
	p = org.Principal{Person: w.person, Department: w.consumer}
	p.Person.Roles = []org.Role{org.Clerk}
	return s, ids, p
}

func projectAll(t *testing.T, s *calllog.Service) {
	t.Helper()
	for {
		n, err := s.Project(t.Context(), 2000)
		ok(t, err)
		if n == 0 {
			return
		}
	}
}

// Replicas project side by side and no call is missing or there twice.
func TestCallLogIsProjectedOnce(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		s, ids, p := called(t, w, 2500)
		var wg sync.WaitGroup
		var read atomic.Int64
		for range 4 {
			wg.Go(func() {
				for behind := uint64(1); behind > 0; {
					n, err := s.Project(t.Context(), 300)
					if err != nil {
						t.Error(err)
						return
					}
					read.Add(int64(n))
					if behind, err = s.Behind(t.Context()); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		if read.Load() != 2500 {
			t.Errorf("%d entries were read", read.Load())
		}
		seen := map[string]bool{}
		err := s.Export(t.Context(), p, calllog.Query{Side: calllog.Consumer}, func(c calllog.Call) error {
			if seen[c.Receipt] {
				t.Errorf("%s twice", c.Receipt)
			}
			seen[c.Receipt] = true
			return nil
		})
		if err != nil || len(seen) != len(ids) {
			t.Errorf("%d calls, %v", len(seen), err)
		}
		for _, x := range []struct {
			q    calllog.Query
			want int
		}{
			{calllog.Query{Side: calllog.Consumer, Outcome: calllog.Refused}, 250},
			{calllog.Query{Side: calllog.Consumer, Outcome: calllog.Answered}, 2250},
			{calllog.Query{Side: calllog.Consumer, Status: 403}, 250},
			{calllog.Query{Side: calllog.Consumer, Status: 200}, 2250},
			{calllog.Query{Side: calllog.Consumer, Status: 429}, 0},
			{calllog.Query{Side: calllog.Provider}, 0},
			{calllog.Query{Side: calllog.Consumer, From: noon.Add(time.Second), To: noon.Add(1100 * time.Millisecond)}, 100},
		} {
			n := 0
			if err := s.Export(t.Context(), p, x.q, func(calllog.Call) error { n++; return nil }); err != nil || n != x.want {
				t.Errorf("%+v: %d calls, want %d (%v)", x.q, n, x.want, err)
			}
		}
	})
}

// ownLog writes the consumer's log: without every hundredth answered call, with
// one digest in a thousand wrong.
func ownLog(ids []string) (body io.Reader, lines, missing, wrong int) {
	r, w := io.Pipe()
	for i := range ids {
		switch {
		case i%10 == 9: // refused: it need not be there
		case i%100 == 50:
			missing++
		default:
			lines++
			if i%1000 == 1 {
				wrong++
			}
		}
	}
	go func() {
		fmt.Fprintln(w, "receipt,response_sha256,rows")
		for i, id := range ids {
			if i%10 == 9 || i%100 == 50 {
				continue
			}
			digest := i
			if i%1000 == 1 {
				digest++
			}
			fmt.Fprintf(w, "%s,%064x,%d\n", id, digest, i%3)
		}
		w.Close()
	}()
	return r, lines, missing, wrong
}

// A log is compared in portions, however long it is. SHUQIAO_CALLS=1000000
// measures it.
func TestReconciliationInPortions(t *testing.T) {
	n := 4321
	if text := os.Getenv("SHUQIAO_CALLS"); text != "" {
		n, _ = strconv.Atoi(text)
	}
	each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		s, ids, p := called(t, w, n)
		begun := clock.System{}.Now()
		lap := func(what string) {
			now := clock.System{}.Now()
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			t.Logf("%s: %d calls in %v, heap %d MiB", what, n, now.Sub(begun).Round(time.Millisecond), m.HeapAlloc>>20)
			begun = now
		}
		projectAll(t, s)
		lap("projected")
		scope := calllog.Scope{Side: calllog.Consumer, From: noon, To: noon.Add(time.Hour)}
		body, lines, missing, wrong := ownLog(ids)
		r, err := s.Upload(w.ctx, p, scope, calllog.CSV, body, func() {})
		ok(t, err)
		lap("uploaded")
		compareAll(t, s)
		lap("compared")
		r = get(s.Reconciliation(w.ctx, p, r.ID))(t)
		if r.State != calllog.Done || r.Lines != lines || r.Matched != lines-wrong || r.Counts[calllog.MissingThere] != missing ||
			r.Counts[calllog.DigestDiffer] != wrong || r.Mismatches() != missing+wrong {
			t.Errorf("%+v, want %d lines, %d missing, %d wrong", r, lines, missing, wrong)
		}
		seq := 0
		ok(t, s.Mismatches(w.ctx, p, r.ID, func(m calllog.Mismatch) error {
			if seq++; m.Seq != seq {
				t.Errorf("mismatch %d has number %d", seq, m.Seq)
			}
			return nil
		}))
		if seq != missing+wrong {
			t.Errorf("%d mismatches", seq)
		}
		if left := get(w.CallLog().Records(w.ctx, r.ID, "", 10))(t); len(left) != 0 {
			t.Errorf("%d lines are left", len(left))
		}
		leaf := get(w.Store.Ledger().LeafByID(w.ctx, r.ID))(t)
		if leaf.Kind != calllog.ReconciliationKind || !strings.Contains(string(leaf.Data), r.SHA256) {
			t.Errorf("%s", leaf.Data)
		}
	})
}

// compareAll compares as two replicas would.
func compareAll(t *testing.T, s *calllog.Service) {
	t.Helper()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for {
				if _, err := s.Compare(t.Context()); err != nil {
					t.Error(err)
					return
				}
				open, err := s.Store.OpenReconciliations(t.Context(), 10)
				if err != nil || len(open) == 0 {
					if err != nil {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	wg.Wait()
}

// breaking gives some lines, then the connection breaks.
type breaking struct{ rest io.Reader }

func (b breaking) Read(p []byte) (int, error) {
	n, err := b.rest.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// An upload that breaks off or has faults leaves nothing behind; one that a
// crash cut off is forgotten after six hours.
func TestUploadsThatBreakOff(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		s, ids, p := called(t, w, 1500)
		scope := calllog.Scope{Side: calllog.Consumer, From: noon, To: noon.Add(time.Hour)}
		text := "receipt\n" + strings.Join(ids, "\n") + "\n"
		ctx, cancel := context.WithCancel(w.ctx)
		if _, err := s.Upload(ctx, p, scope, calllog.CSV, breaking{strings.NewReader(text)}, cancel); err == nil {
			t.Error("half a log was taken")
		}
		_, err := s.Upload(w.ctx, p, scope, calllog.CSV, strings.NewReader(text+"nonsense\n"), func() {})
		wantFault(t, err, "log_invalid")
		if open := get(w.CallLog().OpenReconciliations(w.ctx, 10))(t); len(open) != 0 {
			t.Fatalf("left behind: %+v", open)
		}
		crashed := calllog.Reconciliation{Scope: scope, ID: ident.New(), Department: p.Department.ID, State: calllog.Receiving,
			CreatedBy: p.Person.ID, CreatedAt: s.Clock.Now()}
		crashed.Tolerance = time.Minute
		ok(t, w.CallLog().InsertReconciliation(w.ctx, crashed))
		get(w.CallLog().PutRecords(w.ctx, crashed.ID, []calllog.Record{{Receipt: ids[0], Rows: -1}}))(t)
		get(s.Compare(w.ctx))(t)
		if open := get(w.CallLog().OpenReconciliations(w.ctx, 10))(t); len(open) != 1 {
			t.Error("an upload under way was forgotten")
		}
		s.Clock.(*clock.Fake).Advance(7 * time.Hour)
		get(s.Compare(w.ctx))(t)
		if open := get(w.CallLog().OpenReconciliations(w.ctx, 10))(t); len(open) != 0 {
			t.Error("a crashed upload is kept for ever")
		}
		for name, bad := range map[string]calllog.Scope{
			"not over yet": {Side: calllog.Consumer, From: noon, To: noon.AddDate(1, 0, 0)},
			"backwards":    {Side: calllog.Consumer, From: noon.Add(time.Hour), To: noon},
			"no period":    {Side: calllog.Consumer},
			"no side":      {From: noon, To: noon.Add(time.Hour)},
			"too much":     {Side: calllog.Provider, Refused: true, From: noon, To: noon.Add(time.Hour)},
		} {
			if _, err := s.Upload(w.ctx, p, bad, calllog.CSV, strings.NewReader(text), func() {}); err == nil {
				t.Errorf("%s: taken", name)
			}
		}
		p.Person.Roles = []org.Role{org.Admin}
		_, err = s.Upload(w.ctx, p, scope, calllog.CSV, strings.NewReader(text), func() {})
		wantFault(t, err, "not_entitled")
	})
}

// The operators' figures are read on both engines.
func TestFigures(t *testing.T) {
	each(t, func(t *testing.T, st *store.Store) {
		w := newWorld(t, st)
		s, _, _ := called(t, w, 10)
		f := get(w.Figures(w.ctx, 1000))(t)
		if f.LedgerEntries != 10 || f.Projections["call_logs"] != 0 || f.OutboxWaiting != 0 || !f.OutboxOldest.IsZero() || f.ClocksOverdue != 0 {
			t.Errorf("%+v", f)
		}
		projectAll(t, s)
		if f := get(w.Figures(w.ctx, 1000))(t); f.Projections["call_logs"] != 10 {
			t.Errorf("%+v", f)
		}
		if pools := w.Pools(); pools["write"].MaxOpenConnections == 0 {
			t.Errorf("%+v", pools)
		}
	})
}
