package store_test

import (
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/store"
)

func aSource(w *world) reverse.Source {
	return reverse.Source{ID: ident.New(), Department: w.provider.ID, Name: "登记库", Engine: reverse.Postgres, Sealed: []byte{1, 2, 3}, CreatedBy: w.person.ID, CreatedAt: noon}
}

func aRun(w *world, source string) reverse.Run {
	return reverse.Run{ID: ident.New(), Source: source, State: reverse.Waiting, AskedBy: w.person.ID, AskedAt: noon}
}

// Sources read back while they last; the connection of one that has ended is
// wiped.
func TestReverseSources(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		src := aSource(w)
		ok(t, s.Reverse().InsertSource(w.ctx, src))
		if got := get(s.Reverse().ReverseSource(w.ctx, src.ID))(t); !reflect.DeepEqual(got, src) {
			t.Errorf("got %+v, want %+v", got, src)
		}
		if got := get(s.Reverse().ReverseSources(w.ctx, src.Department))(t); len(got) != 1 {
			t.Errorf("listed: %+v", got)
		}
		ok(t, s.Reverse().InsertLink(w.ctx, reverse.Link{Source: src.ID, Table: "public.a", Resource: w.resource.ID, CreatedAt: noon}))
		if got := get(s.Reverse().Links(w.ctx, src.ID))(t); len(got) != 1 || got[0].Table != "public.a" || got[0].Resource != w.resource.ID {
			t.Errorf("links: %+v", got)
		}
		ok(t, s.Reverse().EndSource(w.ctx, src.ID, noon))
		wantFault(t, s.Reverse().EndSource(w.ctx, src.ID, noon), "not_found")
		if _, err := s.Reverse().ReverseSource(w.ctx, src.ID); err == nil {
			t.Error("an ended source is there")
		}
		if n, err := s.Text(w.ctx, "SELECT LENGTH(sealed) FROM reverse_sources"); err != nil || n != "0" {
			t.Errorf("%s bytes of the connection are left (%v)", n, err)
		}
	})
}

// Of a source one run is under way; of many workers one gets it, and another
// when its lease has run out, after which the first cannot end it.
func TestReverseRuns(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		src := aSource(w)
		ok(t, s.Reverse().InsertSource(w.ctx, src))
		if _, claimed, err := s.Reverse().ClaimRun(w.ctx, noon, time.Minute); claimed || err != nil {
			t.Errorf("nothing waits: %v, %v", claimed, err)
		}
		r := aRun(w, src.ID)
		ok(t, s.Reverse().InsertRun(w.ctx, r))
		wantFault(t, s.Reverse().InsertRun(w.ctx, aRun(w, src.ID)), "already_exists")
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, claimed, err := s.Reverse().ClaimRun(w.ctx, noon, time.Minute); err != nil {
					t.Error(err)
				} else if claimed {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("%d workers have the run", won.Load())
		}
		wantFault(t, s.Reverse().InsertRun(w.ctx, aRun(w, src.ID)), "already_exists")
		first := get(s.Reverse().ReverseRun(w.ctx, r.ID))(t)
		second, claimed, err := s.Reverse().ClaimRun(w.ctx, noon.Add(2*time.Minute), time.Minute)
		if err != nil || !claimed || second.Attempts != 2 || first.Attempts != 1 {
			t.Fatalf("after the lease: %+v, %v, %v", second, claimed, err)
		}
		end := noon.Add(3 * time.Minute)
		done := func(r reverse.Run) reverse.Run {
			r.State, r.EndedAt, r.Digest, r.Tables = reverse.Done, &end, "abc", 1
			r.Schema = reverse.Schema{Engine: reverse.Postgres, Version: "15", Tables: []reverse.Table{{Schema: "public", Name: `a"'\`, Rows: -1,
				Columns: []reverse.Column{{Name: "x", Native: "text", Type: "M", Domain: reverse.ParseEnum([]string{"1"})}}}}}
			return r
		}
		if kept, err := s.Reverse().FinishRun(w.ctx, done(first), 2); kept || err != nil {
			t.Errorf("the first worker ends the second's run: %v, %v", kept, err)
		}
		if kept, err := s.Reverse().FinishRun(w.ctx, done(second), 2); !kept || err != nil {
			t.Errorf("%v, %v", kept, err)
		}
		if got := get(s.Reverse().ReverseRun(w.ctx, r.ID))(t); !reflect.DeepEqual(got, done(second)) {
			t.Errorf("got %+v, want %+v", got, done(second))
		}
		for range 3 { // only the newest two are kept
			ok(t, s.Reverse().InsertRun(w.ctx, aRun(w, src.ID)))
			x, claimed, err := s.Reverse().ClaimRun(w.ctx, noon, time.Minute)
			if err != nil || !claimed {
				t.Fatal(claimed, err)
			}
			if kept, err := s.Reverse().FinishRun(w.ctx, done(x), 2); !kept || err != nil {
				t.Fatal(kept, err)
			}
		}
		got := get(s.Reverse().ReverseRuns(w.ctx, src.ID, 10))(t)
		if len(got) != 2 || got[0].ID < got[1].ID || len(got[0].Schema.Tables) != 0 {
			t.Errorf("listed: %+v", got)
		}
		_, err = s.Reverse().ReverseRun(w.ctx, r.ID)
		wantFault(t, err, "not_found")
	})
}
