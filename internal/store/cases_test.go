package store_test

import (
	"bytes"
	"context"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestCasesReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		if got := get(s.Cases().Case(w.ctx, c.ID))(t); !reflect.DeepEqual(got, c) {
			t.Errorf("got  %+v\nwant %+v", got, c)
		}
		closed := noon.Add(time.Hour)
		c.Version, c.Stage, c.ClosedAt, c.MovedAt, c.Taken, c.Clocks = 2, "refused", &closed, closed, nil, nil
		c.Parties["provider.authority"] = w.consumer.ID
		ok(t, s.Cases().UpdateCase(w.ctx, c, 1, nil, nil))
		if got := get(s.Cases().Case(w.ctx, c.ID))(t); !reflect.DeepEqual(got, c) {
			t.Errorf("got  %+v\nwant %+v", got, c)
		}
		wantFault(t, s.Cases().UpdateCase(w.ctx, c, 1, nil, nil), "changed_meanwhile")
		other := w.draft()
		wantFault(t, s.Cases().UpdateCase(w.ctx, other, 1, nil, nil), "not_found")
		other.Number = c.Number
		wantFault(t, s.Cases().InsertCase(w.ctx, other, nil, nil), "already_exists")
	})
}

func TestCaseLists(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		a, b := w.openCase(t), w.openCase(t)
		closed := noon
		b.Version, b.ClosedAt, b.Stage = 2, &closed, "agreed"
		b.Parties = map[string]string{"consumer": w.consumer.ID}
		ok(t, s.Cases().UpdateCase(w.ctx, b, 1, nil, nil))
		for name, c := range map[string]struct {
			f    casework.Filter
			want []string
		}{
			"newest first": {casework.Filter{}, []string{b.ID, a.ID}},
			"party":        {casework.Filter{Department: w.provider.ID}, []string{a.ID}},
			"stage":        {casework.Filter{Stage: "agreed", Procedure: "application"}, []string{b.ID}},
			"open":         {casework.Filter{OpenOnly: true}, []string{a.ID}},
			"subject":      {casework.Filter{Subject: ident.New()}, nil},
			"page":         {casework.Filter{Limit: 1, After: b.ID}, []string{a.ID}},
		} {
			var got []string
			for _, x := range get(s.Cases().Cases(w.ctx, c.f))(t) {
				got = append(got, x.ID)
			}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
	})
}

func TestTodosFollowTheCases(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		soon, late := noon.Add(time.Hour), noon.Add(2*time.Hour)
		turn := func(relation string, due *time.Time) casework.Turn {
			return casework.Turn{Department: w.provider.ID, Relation: relation, Due: due}
		}
		undated := w.openCase(t, turn("provider.clerk", nil))
		later := w.openCase(t, turn("provider.clerk", &late))
		tied := w.openCase(t, turn("provider.clerk", &late))
		first := w.openCase(t, turn("provider.clerk", &late), turn("provider.clerk", &soon), turn("provider.office_head", nil))
		w.openCase(t, casework.Turn{Department: w.consumer.ID, Relation: "provider.clerk"})

		want := []string{first.ID, later.ID, tied.ID, undated.ID}
		check := func(name string, f casework.TodoFilter, want []string) {
			t.Helper()
			var got []string
			for _, x := range get(s.Cases().Todos(w.ctx, f))(t) {
				got = append(got, x.Case.ID)
				if x.Turn.Case != x.Case.ID || x.Turn.Department != w.provider.ID {
					t.Errorf("%s: %+v", name, x.Turn)
				}
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %v, want %v", name, got, want)
			}
		}
		f := casework.TodoFilter{Department: w.provider.ID, Relations: []string{"provider.clerk"}}
		check("by date", f, want)
		f.Limit = 2
		check("limited", f, want[:2])
		check("nobody's", casework.TodoFilter{Department: w.provider.ID}, nil)
		f.Limit, f.Relations = 0, []string{"provider.clerk", "provider.office_head"}
		check("two roles", f, append(want, first.ID))
		listed := first
		listed.Facts, listed.Taken = nil, nil
		if got := get(s.Cases().Todos(w.ctx, f))(t)[0]; !reflect.DeepEqual(got.Case, listed) || !got.Turn.Due.Equal(soon) {
			t.Errorf("got %+v", got)
		}

		// The index follows the case, and only the case.
		first.Version = 2
		ok(t, s.Cases().UpdateCase(w.ctx, first, 1, nil, nil))
		check("moved on", f, want[1:])
		err := s.Cases().UpdateCase(w.ctx, later, 7, nil, nil)
		wantFault(t, err, "changed_meanwhile")
		check("a lost race", f, want[1:])
	})
}

func TestActsAreAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		act := procedure.Act{ID: ident.New(), Case: c.ID, Version: 1, Procedure: "application", RulesKey: "k", Action: "draft",
			Clause: "CN-20.2", Person: w.person.ID, Department: w.provider.ID, Relation: "consumer.clerk", At: noon, To: "drafting",
			Fields: map[string]any{"z": -0.5, "a": 1e21, "items": []any{"x", nil, true}, "t": "引'号\"\\"}}
		ok(t, s.Cases().AppendAct(w.ctx, act))
		platform := procedure.Act{ID: ident.New(), Case: c.ID, Version: 2, Relation: "platform", At: noon,
			Results: map[string]any{"grant": "g"}}
		ok(t, s.Cases().AppendAct(w.ctx, platform))
		if got, want := get(s.Cases().Acts(w.ctx, c.ID))(t), []procedure.Act{act, platform}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		for i, got := range get(s.Cases().Acts(w.ctx, c.ID))(t) {
			want := []procedure.Act{act, platform}[i]
			if get(casework.ActDigest(got))(t) != get(casework.ActDigest(want))(t) {
				t.Errorf("the digest of act %d changed", i)
			}
		}
		twice := platform
		twice.ID = ident.New()
		wantFault(t, s.Cases().AppendAct(w.ctx, twice), "already_exists")
		for _, statement := range []string{"UPDATE acts SET action = 'x'", "DELETE FROM acts"} {
			if err := s.Exec(w.ctx, statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
		orphan := platform
		orphan.ID, orphan.Case = ident.New(), ident.New()
		if err := s.Cases().AppendAct(w.ctx, orphan); err == nil {
			t.Error("an act of no case was kept")
		}
		if n := len(get(s.Cases().Acts(w.ctx, c.ID))(t)); n != 2 {
			t.Errorf("%d acts", n)
		}
	})
}

// Everything that is evidence refuses to be changed, emptied or replaced.
func TestEvidenceIsAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		empty := "x''"
		if s.Concurrent() {
			empty = "''"
		}
		ok(t, s.Exec(ctx, "INSERT INTO ledger_entries (idx, id, kind, at, data, hash) VALUES (0, 'a', 'act', 0, "+empty+", "+empty+")"))
		statements := []string{
			"UPDATE ledger_entries SET kind = 'x'", "DELETE FROM ledger_entries",
			"UPDATE ledger_checkpoints SET size = 2", "DELETE FROM ledger_checkpoints",
		}
		ok(t, s.Ledger().PutCheckpoint(ctx, 1, []byte("note")))
		if s.Concurrent() {
			statements = append(statements, "TRUNCATE acts", "TRUNCATE ledger_entries", "TRUNCATE ledger_checkpoints")
		} else {
			statements = append(statements, "REPLACE INTO ledger_checkpoints (size, note) VALUES (1, x'00')")
		}
		for _, statement := range statements {
			if err := s.Exec(ctx, statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
	})
}

func TestTheOutboxHandsOutEachMessageOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		notices := []string{"notice"}
		var all []casework.Message
		for i := range 30 {
			all = append(all, casework.Message{ID: ident.New(), Kind: "notice", Case: c.ID, Payload: []byte(`{"b":1, "a":'}`),
				At: noon.Add(time.Duration(-i) * time.Second)})
		}
		ok(t, s.Cases().PutMessages(w.ctx, all))
		ok(t, s.Cases().PutMessages(w.ctx, nil))
		ok(t, s.Do(w.ctx, func(ctx context.Context) error {
			got := get(s.Cases().TakeMessages(ctx, notices, noon, 2))(t)
			if len(got) != 2 || !reflect.DeepEqual(got[0], all[29]) || !reflect.DeepEqual(got[1], all[28]) {
				t.Errorf("not the oldest first: %+v", got)
			}
			return nil // not marked: they stay
		}))
		if _, err := s.Cases().TakeMessages(w.ctx, notices, noon, 1); err == nil {
			t.Error("messages were taken outside a transaction")
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		taken := map[string]int{}
		for range 6 {
			wg.Go(func() {
				for range 5 {
					err := s.Do(w.ctx, func(ctx context.Context) error {
						batch, err := s.Cases().TakeMessages(ctx, notices, noon, 3)
						if err != nil {
							return err
						}
						var ids []string
						mu.Lock()
						for _, m := range batch {
							taken[m.ID]++
							ids = append(ids, m.ID)
						}
						mu.Unlock()
						return s.Cases().MarkMessages(ctx, ids, noon)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		for _, m := range all {
			if taken[m.ID] != 1 {
				t.Errorf("message taken %d times", taken[m.ID])
			}
		}
	})
}

func TestNoticesReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		due := noon.Add(time.Hour)
		older := casework.Notice{ID: ident.New(), Case: c.ID, Department: w.provider.ID, Relation: "provider.clerk", Text: "请办理",
			Clause: "CN-21.1", Due: &due, At: noon}
		newer := casework.Notice{ID: ident.New(), Department: w.provider.ID, Relation: "provider.clerk", Text: "已办理", At: due}
		ok(t, s.Cases().PutNotices(w.ctx, []casework.Notice{older, newer}))
		ok(t, s.Cases().PutNotices(w.ctx, []casework.Notice{older})) // delivered twice
		got := get(s.Cases().Notices(w.ctx, casework.TodoFilter{Department: w.provider.ID, Relations: []string{"provider.clerk", "x"}}))(t)
		if want := []casework.Notice{newer, older}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := get(s.Cases().Notices(w.ctx, casework.TodoFilter{Department: w.provider.ID}))(t); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
	})
}

func TestRulebooksAreKept(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		source := []byte("条文: '引号' \x00\xff")
		for range 2 {
			ok(t, s.Cases().PutRulebook(t.Context(), "cn-809@0123", "cn-809", source))
		}
		if got := get(s.Cases().Rulebooks(t.Context()))(t); len(got) != 1 || !bytes.Equal(got["cn-809@0123"], source) {
			t.Errorf("got %q", got)
		}
	})
}
