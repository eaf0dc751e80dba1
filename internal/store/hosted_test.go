package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/store"
)

// everyType is a resource with an item of each type of the guide.
var everyType = []catalog.Item{
	{Code: "region", Type: "C", Key: true}, {Code: "no", Type: "I", Key: true},
	{Code: "select", Type: "C", Nullable: true}, {Code: "xmin", Type: "N", Nullable: true}, {Code: "rowid", Type: "Y", Nullable: true},
	{Code: "d", Type: "D", Nullable: true}, {Code: "t", Type: "T", Nullable: true}, {Code: "l", Type: "L", Nullable: true},
	{Code: "m", Type: "M", Nullable: true}, {Code: "g", Type: "G", Nullable: true}, {Code: "b", Type: "B", Nullable: true},
	{Code: "f", Type: "F", Nullable: true}, {Code: strings.Repeat("x", 62) + "1", Type: "C", Nullable: true},
	{Code: strings.Repeat("x", 62) + "2", Type: "C", Nullable: true},
}

func hostedTable(t *testing.T, w *world, items []catalog.Item) string {
	t.Helper()
	ok(t, w.Hosted().CreateTable(w.ctx, w.resource.ID, items))
	return w.resource.ID
}

func TestHostedRowsReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, everyType)
		full := catalog.Row{"region": "990100", "no": 12.0, "select": "引'号\"\\;--?$1", "xmin": -1234.5, "rowid": "0012.30",
			"d": "2026-03-02", "t": "2026-03-02 12:00:00", "l": true, "m": strings.Repeat("长", 5000), "g": "", "b": 5e-324, "f": 1e300,
			everyType[12].Code: "one", everyType[13].Code: "two"}
		empty := catalog.Row{"region": "990100", "no": 13.0}
		ok(t, s.Hosted().Load(w.ctx, id, everyType, []catalog.Row{full, empty}))
		for _, i := range everyType[2:] {
			empty[i.Code] = nil
		}
		got := get(s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: everyType}))(t)
		if want := []catalog.Row{full, empty}; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
		got = get(s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: everyType, Select: []string{"l", "no"}, Limit: 1}))(t)
		if want := []catalog.Row{{"l": true, "no": 12.0}}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}

func TestHostedValuesAreConvertedOrRefused(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, everyType)
		for n, c := range []struct {
			code string
			in   any
			want any // nil: refused
		}{
			{"xmin", "1.50", 1.5}, {"xmin", json.Number("2"), 2.0}, {"xmin", 3, 3.0}, {"xmin", " 7 ", 7.0}, {"xmin", "9007199254740992", 9007199254740992.0},
			{"xmin", "0.1234567890123456", nil}, {"xmin", "NaN", nil}, {"xmin", "0x10", nil}, {"xmin", "一", nil}, {"xmin", true, nil}, {"xmin", "", nil},
			{"l", "true", true}, {"l", false, false}, {"l", "1", true}, {"l", 0.0, false}, {"l", "yes", nil}, {"l", 2.0, nil},
			{"select", 5.0, nil}, {"select", "a\x00b", nil}, {"select", "\xff", nil}, {"select", "", ""},
			{"nobody", "x", nil},
		} {
			row := catalog.Row{"region": "r", "no": float64(n), c.code: c.in}
			err := s.Hosted().Load(w.ctx, id, everyType, []catalog.Row{row})
			if c.want == nil {
				if f := wantFault(t, err, "rows_invalid"); f.Fields[0].Path != "rows[0]."+c.code {
					t.Errorf("%s: %v", c.code, f.Fields)
				}
				continue
			}
			ok(t, err)
			got := get(s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: everyType, Select: []string{c.code},
				Where: []catalog.Condition{{Item: "no", Op: catalog.Equal, Values: []string{fmt.Sprint(n)}}}}))(t)
			if len(got) != 1 || !reflect.DeepEqual(got[0][c.code], c.want) {
				t.Errorf("%s: %v became %v, want %v", c.code, c.in, got, c.want)
			}
		}
		err := s.Hosted().Load(w.ctx, id, everyType, []catalog.Row{
			{"region": "ok", "no": 1.0}, {"no": 1.5}, {"region": "big", "no": "9007199254740993"}, {"region": nil, "no": "x"}})
		var paths []string
		for _, f := range wantFault(t, err, "rows_invalid").Fields {
			paths = append(paths, f.Path+" "+f.Code)
		}
		want := []string{"rows[1].region required", "rows[1].no type", "rows[2].no precision", "rows[3].region required", "rows[3].no type"}
		if !reflect.DeepEqual(paths, want) {
			t.Errorf("got %v, want %v", paths, want)
		}
		many := make([]catalog.Row, 500)
		if f := wantFault(t, s.Hosted().Load(w.ctx, id, everyType, many), "rows_invalid"); len(f.Fields) != 100 {
			t.Errorf("%d faults told", len(f.Fields))
		}
	})
}

var small = []catalog.Item{{Code: "code", Type: "C", Key: true}, {Code: "name", Type: "C"}, {Code: "n", Type: "I", Nullable: true}}

func TestHostedConditions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		var rows []catalog.Row
		for i, code := range []string{"10%", "100", "10_", "1", "A", "a", "户", "户籍", "户口", "'", "Z", ""} {
			rows = append(rows, catalog.Row{"code": code, "name": "n", "n": float64(i)})
		}
		rows[0]["n"] = nil
		ok(t, s.Hosted().Load(w.ctx, id, small, rows))
		for name, c := range map[string]struct {
			where []catalog.Condition
			want  string // codes, joined by a space, in order
		}{
			"all sorted by bytes": {nil, " ' 1 10% 100 10_ A Z a 户 户口 户籍"},
			"equal":               {[]catalog.Condition{{Item: "code", Op: catalog.Equal, Values: []string{"a"}}}, "a"},
			"quote":               {[]catalog.Condition{{Item: "code", Op: catalog.Equal, Values: []string{"'"}}}, "'"},
			"injection":           {[]catalog.Condition{{Item: "code", Op: catalog.Equal, Values: []string{"' OR '1'='1"}}}, ""},
			"in":                  {[]catalog.Condition{{Item: "n", Op: catalog.In, Values: []string{"1", "02", "77"}}}, "100 10_"},
			"in nothing":          {[]catalog.Condition{{Item: "n", Op: catalog.In}}, ""},
			"prefix":              {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"10"}}}, "10% 100 10_"},
			"prefix percent":      {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"10%"}}}, "10%"},
			"prefix underscore":   {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"10_"}}}, "10_"},
			"prefix Chinese":      {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"户"}}}, "户 户口 户籍"},
			"empty prefix":        {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{""}}}, " ' 1 10% 100 10_ A Z a 户 户口 户籍"},
			"all must hold": {[]catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"10"}},
				{Item: "n", Op: catalog.Equal, Values: []string{"1"}}}, "100"},
		} {
			var got []string
			for _, r := range get(s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: small, Select: []string{"code"}, Where: c.where}))(t) {
				got = append(got, r["code"].(string))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s: got %q", name, got)
			}
			if n := get(s.Hosted().Count(w.ctx, id, c.where))(t); n != len(got) {
				t.Errorf("%s: count %d, %d rows", name, n, len(got))
			}
		}
		for name, cond := range map[string]catalog.Condition{
			"unknown item":     {Item: "nobody", Op: catalog.Equal, Values: []string{"1"}},
			"SQL for an item":  {Item: `code" OR 1=1 --`, Op: catalog.Equal, Values: []string{"1"}},
			"unknown operator": {Item: "code", Op: "like", Values: []string{"1"}},
			"two values":       {Item: "code", Op: catalog.Equal, Values: []string{"1", "2"}},
			"no value":         {Item: "code", Op: catalog.Prefix},
			"prefix of number": {Item: "n", Op: catalog.Prefix, Values: []string{"1"}},
			"text for number":  {Item: "n", Op: catalog.Equal, Values: []string{"one"}},
			"NUL":              {Item: "code", Op: catalog.Prefix, Values: []string{"\x00"}},
		} {
			_, err := s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: small, Where: []catalog.Condition{cond}})
			if f, is := fault.As(err); !is || f.Code != "condition_invalid" {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := s.Hosted().Count(w.ctx, id, []catalog.Condition{cond}); !fault.Is(err, "condition_invalid") {
				t.Errorf("%s: count: %v", name, err)
			}
		}
		_, err := s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: small, Select: []string{"code, 1"}})
		wantFault(t, err, "condition_invalid")
	})
}

func TestHostedPagesCoverEverythingOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, everyType)
		var rows []catalog.Row
		for i := range 50 {
			rows = append(rows, catalog.Row{"region": fmt.Sprintf("省%d", i%3), "no": float64(i - 25)})
		}
		ok(t, s.Hosted().Load(w.ctx, id, everyType, rows))
		q := catalog.HostedQuery{Resource: id, Items: everyType, Select: []string{"region", "no"}, Limit: 7}
		seen := map[string]int{}
		last := ""
		for pages := 0; pages < 20; pages++ {
			page := get(s.Hosted().Query(w.ctx, q))(t)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				key := fmt.Sprintf("%s %03.0f", r["region"], r["no"].(float64)+100)
				if key <= last {
					t.Errorf("%q after %q", key, last)
				}
				last = key
				seen[key]++
			}
			end := page[len(page)-1]
			q.After = []string{end["region"].(string), fmt.Sprint(end["no"])}
		}
		if len(seen) != 50 {
			t.Errorf("%d rows seen", len(seen))
		}
		q.After = []string{"one too few"}
		_, err := s.Hosted().Query(w.ctx, q)
		wantFault(t, err, "condition_invalid")
	})
}

func TestHostedTablesAreMadeOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := s.Hosted().CreateTable(w.ctx, w.resource.ID, small); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		reordered := []catalog.Item{small[2], small[1], small[0]}
		reordered[0].Name = "只改了名称"
		ok(t, s.Hosted().CreateTable(w.ctx, w.resource.ID, reordered))
		for name, items := range map[string][]catalog.Item{
			"fewer": small[:2], "more": everyType, "type": {small[0], small[1], {Code: "n", Type: "C", Nullable: true}},
			"key": {small[0], {Code: "name", Type: "C", Key: true}, small[2]}, "nullable": {small[0], small[1], {Code: "n", Type: "I"}},
		} {
			if err := s.Hosted().Load(w.ctx, w.resource.ID, items, nil); !fault.Is(err, "hosted_table_differs") {
				t.Errorf("%s: load: %v", name, err)
			}
		}
		other, _ := w.entry(t, "未建表", 3)
		wantFault(t, s.Hosted().Load(w.ctx, other.ID, small, nil), "not_found")
		_, err := s.Hosted().Count(w.ctx, other.ID, nil)
		wantFault(t, err, "not_found")
		// What a transaction made and took back is not remembered.
		_ = s.Do(w.ctx, func(ctx context.Context) error {
			ok(t, s.Hosted().CreateTable(ctx, other.ID, small))
			ok(t, s.Hosted().Load(ctx, other.ID, small, []catalog.Row{{"code": "1", "name": "a"}}))
			return errors.New("no")
		})
		_, err = s.Hosted().Count(w.ctx, other.ID, nil)
		wantFault(t, err, "not_found")
	})
}

func TestHostedNamesThatAreSQLAreRefused(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, code := range []string{"", "A", "1a", "a b", `a"`, "a'", "a;DROP TABLE acts", "a--", "名", "a\n", strings.Repeat("a", 64)} {
			err := s.Hosted().CreateTable(w.ctx, w.resource.ID, []catalog.Item{{Code: "k", Type: "C", Key: true}, {Code: code, Type: "C"}})
			if f := wantFault(t, err, "hosted_items_invalid"); f.Fields[0].Path != "items[1].code" {
				t.Errorf("%q: %v", code, f.Fields)
			}
		}
		for name, items := range map[string][]catalog.Item{
			"no key": {{Code: "a", Type: "C"}}, "type": {{Code: "a", Type: "TEXT", Key: true}},
			"twice": {{Code: "a", Type: "C", Key: true}, {Code: "a", Type: "C"}}, "none": nil,
		} {
			if err := s.Hosted().CreateTable(w.ctx, w.resource.ID, items); !fault.Is(err, "hosted_items_invalid") {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, id := range []string{"", "x; DROP TABLE acts", strings.ToUpper(ident.New())} {
			wantFault(t, s.Hosted().CreateTable(w.ctx, id, small), "resource_id")
		}
	})
}

func TestHostedLoadReplacesByKey(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		ok(t, s.Hosted().Load(w.ctx, id, small, []catalog.Row{{"code": "1", "name": "a"}, {"code": "2", "name": "b", "n": 2.0}, {"code": "1", "name": "c"}}))
		ok(t, s.Hosted().Load(w.ctx, id, small, []catalog.Row{{"code": "2", "name": "d"}}))
		got := get(s.Hosted().Query(w.ctx, catalog.HostedQuery{Resource: id, Items: small}))(t)
		want := []catalog.Row{{"code": "1", "name": "c", "n": nil}, {"code": "2", "name": "d", "n": nil}}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %v", got)
		}
		// All or none: the fault is in the last row.
		bad := []catalog.Row{{"code": "3", "name": "x"}, {"code": "4"}}
		wantFault(t, s.Hosted().Load(w.ctx, id, small, bad), "rows_invalid")
		if n := get(s.Hosted().Count(w.ctx, id, nil))(t); n != 2 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestManyHostedRowsLoadQuickly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := hostedTable(t, w, small)
		rows := make([]catalog.Row, 56_000)
		for i := range rows {
			rows[i] = catalog.Row{"code": fmt.Sprintf("%012d", i), "name": "某某村民委员会", "n": float64(i)}
		}
		start := time.Now()
		ok(t, s.Hosted().Load(w.ctx, id, small, rows))
		t.Logf("%d rows in %v", len(rows), time.Since(start))
		if n := get(s.Hosted().Count(w.ctx, id, []catalog.Condition{{Item: "code", Op: catalog.Prefix, Values: []string{"00000005"}}}))(t); n != 6000 {
			t.Errorf("%d rows", n)
		}
	})
}
