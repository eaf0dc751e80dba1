package store_test

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/store"
)

func query(t *testing.T, w *world, id string, items []catalog.Item, where ...catalog.Condition) []catalog.Row {
	t.Helper()
	return get(w.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: items, Where: where}))(t)
}

func wantRows(t *testing.T, what string, got []catalog.Row, want ...catalog.Row) {
	t.Helper()
	if len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// HB-12: rows stay when items come and go; those who still ask with the items of
// an earlier version get what is left of them.
func TestHostedTablesEvolve(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		ok(t, s.Hosted().Load(w.ctx, id, small, []catalog.Row{{"code": "1", "name": "甲", "n": 7.0}}))
		query(t, w, id, small) // so that the shape is remembered

		second := []catalog.Item{small[0], {Code: "n", Type: "N", Nullable: true}, {Code: "note", Type: "C", Nullable: true}}
		ok(t, s.Hosted().CreateTable(w.ctx, id, second))
		wantRows(t, "new items", query(t, w, id, second), catalog.Row{"code": "1", "n": 7.0, "note": nil})
		wantRows(t, "items of before", query(t, w, id, small), catalog.Row{"code": "1", "name": nil, "n": 7.0})
		wantRows(t, "a condition on what is gone", query(t, w, id, small, catalog.Condition{Item: "name", Op: catalog.Equal, Values: []string{"甲"}}))
		wantRows(t, "a condition on what is wider", query(t, w, id, small, catalog.Condition{Item: "n", Op: catalog.Equal, Values: []string{"7"}}),
			catalog.Row{"code": "1", "name": nil, "n": 7.0})
		wantFault(t, s.Hosted().Load(w.ctx, id, small, nil), "hosted_table_differs")
		ok(t, s.Hosted().Load(w.ctx, id, second, []catalog.Row{{"code": "1", "n": 7.5, "note": "补"}, {"code": "2"}}))
		if n := get(s.Hosted().Count(w.ctx, id, []catalog.Condition{{Item: "note", Op: catalog.Equal, Values: []string{"补"}}}))(t); n != 1 {
			t.Errorf("%d rows with the new item", n)
		}
		if _, err := s.Hosted().Count(w.ctx, id, []catalog.Condition{{Item: "name", Op: catalog.Equal, Values: []string{"甲"}}}); !fault.Is(err, "condition_invalid") {
			t.Errorf("counted by what is gone: %v", err)
		}

		third := append(slices.Clone(second), small[1])
		for name, items := range map[string][]catalog.Item{
			"back as a number": append(slices.Clone(second), catalog.Item{Code: "name", Type: "N"}),
			"narrower":         {small[0], small[2], second[2]},
			"number to text":   {small[0], {Code: "n", Type: "C"}, second[2]},
			"another key":      {small[0], second[1], {Code: "note", Type: "C", Key: true}},
			"new key":          append(slices.Clone(second), catalog.Item{Code: "k", Type: "C", Key: true}),
			"no key of before": {second[1], {Code: "note", Type: "C", Key: true}},
		} {
			if err := s.Hosted().CreateTable(w.ctx, id, items); !fault.Is(err, "hosted_table_differs") {
				t.Errorf("%s: %v", name, err)
			}
		}
		ok(t, s.Hosted().CreateTable(w.ctx, id, third))
		wantRows(t, "back again", query(t, w, id, third), catalog.Row{"code": "1", "n": 7.5, "note": "补", "name": "甲"},
			catalog.Row{"code": "2", "n": nil, "note": nil, "name": nil})

		// A whole number becomes text the same way on both engines.
		other, _ := w.entry(t, "整数变文本", 4)
		ok(t, s.Hosted().CreateTable(w.ctx, other.ID, small))
		ok(t, s.Hosted().Load(w.ctx, other.ID, small, []catalog.Row{{"code": "1", "name": "a", "n": -12.0}}))
		text := []catalog.Item{small[0], small[1], {Code: "n", Type: "C", Nullable: true}}
		query(t, w, other.ID, small)
		ok(t, s.Hosted().CreateTable(w.ctx, other.ID, text))
		wantRows(t, "text", query(t, w, other.ID, text), catalog.Row{"code": "1", "name": "a", "n": "-12"})
		wantRows(t, "asked as a number", query(t, w, other.ID, small, catalog.Condition{Item: "n", Op: catalog.Equal, Values: []string{"-12"}}),
			catalog.Row{"code": "1", "name": "a", "n": "-12"})
	})
}

// A change that is taken back leaves table and memory as they were, and another
// node that remembers an earlier table serves nothing that is gone.
func TestHostedTablesOfAnotherNode(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		ok(t, s.Hosted().Load(w.ctx, id, small, []catalog.Row{{"code": "1", "name": "甲", "n": 7.0}}))
		fewer := []catalog.Item{small[0], small[2]}
		_ = s.Do(w.ctx, func(ctx context.Context) error {
			ok(t, s.Hosted().CreateTable(ctx, id, fewer))
			return errors.New("no")
		})
		wantRows(t, "taken back", query(t, w, id, small), catalog.Row{"code": "1", "name": "甲", "n": 7.0})
		stale := s.Remembered(id)
		ok(t, s.Hosted().CreateTable(w.ctx, id, fewer))
		s.Remember(id, stale)
		wantRows(t, "another node", query(t, w, id, small), catalog.Row{"code": "1", "name": nil, "n": 7.0})
		s.Remember(id, stale)
		if n := get(s.Hosted().Count(w.ctx, id, nil))(t); n != 1 {
			t.Errorf("%d rows", n)
		}
	})
}

// A table that was made when every required item had to be there follows too.
func TestHostedTablesOfBefore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		if s.Concurrent() {
			ok(t, s.Exec(w.ctx, "ALTER TABLE "+s.HostedTable(id)+" ALTER COLUMN i_name SET NOT NULL"))
		} else {
			ok(t, s.Exec(w.ctx, "DROP TABLE "+s.HostedTable(id)))
			ok(t, s.Exec(w.ctx, "CREATE TABLE "+s.HostedTable(id)+" (i_code TEXT NOT NULL, i_name TEXT NOT NULL, i_n INTEGER, PRIMARY KEY (i_code)) STRICT, WITHOUT ROWID"))
		}
		ok(t, s.Hosted().Load(w.ctx, id, small, []catalog.Row{{"code": "1", "name": "甲"}}))
		fewer := []catalog.Item{small[0], small[2]}
		ok(t, s.Hosted().CreateTable(w.ctx, id, fewer))
		ok(t, s.Hosted().Load(w.ctx, id, fewer, []catalog.Row{{"code": "2"}}))
		if n := get(s.Hosted().Count(w.ctx, id, nil))(t); n != 2 {
			t.Errorf("%d rows", n)
		}
	})
}
