package store_test

import (
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/shuqiao/shuqiao/internal/complaint"
	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/incident"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestCorrectionRecords(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		r := correction.Record{ID: ident.New(), Grant: g.ID, Consumer: g.Consumer, Provider: g.Provider, Items: []string{"name"},
			Identifiers: []string{}, Sealed: []byte{1, 0, 2}, CreatedAt: noon}
		ok(t, s.Corrections().InsertRecord(w.ctx, r))
		if got := get(s.Corrections().Record(w.ctx, r.ID))(t); !reflect.DeepEqual(got, r) {
			t.Errorf("got %+v, want %+v", got, r)
		}
		c := w.openCase(t)
		ok(t, s.Corrections().BindRecord(w.ctx, r.ID, c.ID))
		wantFault(t, s.Corrections().BindRecord(w.ctx, r.ID, c.ID), "changed_meanwhile")
		ok(t, s.Corrections().FileValues(w.ctx, r.ID, []byte{9}))
		wantFault(t, s.Corrections().FileValues(w.ctx, ident.New(), []byte{9}), "not_found")
		r.Case, r.Filed = c.ID, []byte{9}
		if got := get(s.Corrections().RecordOfCase(w.ctx, c.ID))(t); !reflect.DeepEqual(got, r) {
			t.Errorf("got %+v, want %+v", got, r)
		}
	})
}

// Of replicas that read the same entries one writes them, once.
func TestTheProjectionMovesOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx, c := t.Context(), s.Corrections()
		lines := func(calls int, index uint64) []correction.Access {
			var out []correction.Access
			for i := range 700 { // more than one statement
				out = append(out, correction.Access{Resource: "r", Identifier: fmt.Sprintf("%04d", i), Grant: "g", Consumer: "c",
					Calls: calls, Entry: fmt.Sprint("e", index), Index: index, At: noon})
			}
			return out
		}
		var moved atomic.Int32
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				yes, err := c.Advance(ctx, 0, 10, lines(2, 9))
				if err != nil {
					t.Error(err)
				}
				if yes {
					moved.Add(1)
				}
			})
		}
		wg.Wait()
		if moved.Load() != 1 || get(c.NextIndex(ctx))(t) != 10 {
			t.Fatalf("%d moved it", moved.Load())
		}
		if yes := get(c.Advance(ctx, 10, 20, lines(3, 19)))(t); !yes {
			t.Fatal("it does not move on")
		}
		got := get(c.Accesses(ctx, "r", []string{"0003", "9999"}))(t)
		want := correction.Access{Resource: "r", Identifier: "0003", Grant: "g", Consumer: "c", Calls: 5, Entry: "e19", Index: 19, At: noon}
		if len(got) != 1 || got[0] != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		var all int
		for after := (correction.Access{}); ; {
			page := get(c.AllAccesses(ctx, after, 300))(t)
			if len(page) == 0 {
				break
			}
			all, after = all+len(page), page[len(page)-1]
		}
		if all != 700 {
			t.Errorf("%d lines", all)
		}
	})
}

func TestComplaintStore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := complaint.Complaint{ID: ident.New(), Number: "TS-2026-000001", CodeHash: []byte{1}, Handler: w.provider.ID, Handlers: []string{w.provider.ID},
			Kind: "leak", Sealed: []byte{7}, Version: 1, CreatedAt: noon}
		ok(t, s.Complaints().InsertComplaint(w.ctx, c))
		f := w.openCase(t)
		change := c
		change.Case, change.Handler, change.Handlers, change.Sealed = f.ID, w.consumer.ID, []string{w.provider.ID, w.consumer.ID}, []byte("changed")
		ok(t, s.Complaints().UpdateComplaint(w.ctx, change))
		wantFault(t, s.Complaints().UpdateComplaint(w.ctx, change), "changed_meanwhile")
		want := change
		want.Sealed, want.Version = c.Sealed, 2 // what was written stays
		for name, got := range map[string]complaint.Complaint{
			"id": get(s.Complaints().Complaint(w.ctx, c.ID))(t), "number": get(s.Complaints().ComplaintByNumber(w.ctx, c.Number))(t),
			"case": get(s.Complaints().ComplaintOfCase(w.ctx, f.ID))(t),
		} {
			if !reflect.DeepEqual(got, want) {
				t.Errorf("by %s: %+v, want %+v", name, got, want)
			}
		}
		c.ID = ident.New()
		wantFault(t, s.Complaints().InsertComplaint(w.ctx, c), "already_exists")
	})
}

func TestCutsAndEntrustments(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		f := w.openCase(t)
		x := incident.Cut{ID: ident.New(), Case: f.ID, Target: incident.System, TargetID: w.system.ID, Side: incident.Owner, Department: w.consumer.ID, At: noon}
		ok(t, s.Incidents().InsertCut(w.ctx, x))
		again := x
		again.ID = ident.New()
		wantFault(t, s.Incidents().InsertCut(w.ctx, again), "already_exists")
		if got := get(s.Incidents().CutsOf(w.ctx, w.system.ID, incident.Owner))(t); len(got) != 1 || !reflect.DeepEqual(got[0], x) {
			t.Errorf("got %+v", got)
		}
		at := noon
		x.LiftedAt = &at
		ok(t, s.Incidents().UpdateCut(w.ctx, x))
		wantFault(t, s.Incidents().UpdateCut(w.ctx, x), "not_found")
		if got := get(s.Incidents().CutsOfCase(w.ctx, f.ID))(t); len(got) != 0 {
			t.Errorf("lifted, and still there: %+v", got)
		}
		ok(t, s.Incidents().InsertCut(w.ctx, again))

		before := get(s.Sharing().GrantsVersion(w.ctx))(t)
		e := contractor.Entrustment{ID: ident.New(), Case: f.ID, Department: w.consumer.ID, Contractor: "受托公司", USCC: "X", Work: "operate",
			Systems: []string{w.system.ID}, Grants: []string{"g"}, Resources: []string{}, Agreement: "d", NotBefore: noon, NotAfter: noon.AddDate(0, 1, 0), Version: 1, CreatedAt: noon}
		ok(t, s.Entrustments().InsertEntrustment(w.ctx, e))
		for _, got := range [][]contractor.Entrustment{get(s.Entrustments().EntrustmentsOf(w.ctx, w.system.ID))(t),
			get(s.Entrustments().Entrustments(w.ctx, contractor.Filter{Department: w.consumer.ID}))(t)} {
			if len(got) != 1 || !reflect.DeepEqual(got[0], e) {
				t.Errorf("got %+v, want %+v", got, e)
			}
		}
		stop := e
		stop.StoppedAt, stop.EndedAt, stop.InHouse, stop.Contractor = &at, &at, true, "另一公司"
		ok(t, s.Entrustments().UpdateEntrustment(w.ctx, stop))
		wantFault(t, s.Entrustments().UpdateEntrustment(w.ctx, stop), "changed_meanwhile")
		stop.Contractor, stop.Version = e.Contractor, 2
		if got := get(s.Entrustments().EntrustmentOfCase(w.ctx, f.ID))(t); !reflect.DeepEqual(got, stop) {
			t.Errorf("got %+v, want %+v", got, stop)
		}
		if after := get(s.Sharing().GrantsVersion(w.ctx))(t); after != before+2 {
			t.Errorf("the gateways noticed %d changes", after-before)
		}
	})
}
