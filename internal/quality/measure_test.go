package quality

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// shelf holds rows in the order of their key "k", and pages like a store.
type shelf []catalog.Row

func (s shelf) Count(context.Context, string, []catalog.Condition) (int, error) { return len(s), nil }

func (s shelf) Query(_ context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	rest := []catalog.Row(s)
	if len(q.After) > 0 {
		n, found := slices.BinarySearchFunc(s, q.After[0], func(r catalog.Row, k string) int {
			return slices.Compare([]byte(r["k"].(string)), []byte(k))
		})
		if !found {
			return nil, fmt.Errorf("no row %s", q.After[0])
		}
		rest = s[n+1:]
	}
	return rest[:min(q.Limit, len(rest))], nil
}

var shelfItems = []catalog.Item{
	{Code: "k", Type: "C", Length: 8, Key: true}, {Code: "a", Type: "C", Length: 3}, {Code: "b", Type: "C", Nullable: true},
}

func shelved(rows int, row func(i int) (a, b any)) shelf {
	out := make(shelf, rows)
	for i := range out {
		a, b := row(i)
		out[i] = catalog.Row{"k": fmt.Sprintf("%06d", i), "a": a, "b": b}
	}
	return out
}

func measured(t interface{ Fatal(...any) }, s shelf, rules []Rule, page, room int) Result {
	m, err := plan(s, "r", shelfItems, rules, asked)
	if err != nil {
		t.Fatal(err)
	}
	m.page, m.room = page, room
	if err := m.run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return m.result(asked.today, asked.today, "daily")
}

func outcome(r Result, k Kind, item string) Outcome {
	i := slices.IndexFunc(r.Outcomes, func(o Outcome) bool { return o.Kind == k && o.Item == item })
	if i < 0 {
		return Outcome{}
	}
	return r.Outcomes[i]
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	s := shelved(10, func(i int) (any, any) {
		switch i {
		case 0:
			return "", "甲" // missing
		case 1:
			return "long", "乙" // too long
		case 2:
			return "c", nil
		}
		return "c", "丙" // 7 of the same
	})
	for _, page := range []int{1, 3, 10, 11} {
		got := measured(t, s, []Rule{{Kind: Unique, Item: "b"}, {Kind: Domain, Item: "a", Values: []string{"c"}}}, page, 4)
		if got.Rows != 10 {
			t.Errorf("page %d: %d rows", page, got.Rows)
		}
		for _, c := range []struct {
			kind            Kind
			item            string
			checked, failed int64
		}{{Required, "k", 10, 0}, {Required, "a", 10, 1}, {TypeLength, "a", 9, 1}, {Domain, "a", 9, 1}, {KeyUnique, "k", 10, 0}, {Unique, "b", 9, 6}, {Age, "", 1, 0}} {
			if o := outcome(got, c.kind, c.item); o.Checked != c.checked || o.Failed != c.failed {
				t.Errorf("page %d: %s of %s: %+v", page, c.kind, c.item, o)
			}
		}
		// One row of ten lacks a value, one is of wrong form by two rules, six repeat.
		want := map[Dimension]float64{Completeness: 90, Validity: 90, Uniqueness: 40, Timeliness: 100}
		for _, d := range Dimensions {
			if got.Scores[d] != want[d] {
				t.Errorf("page %d: %s %v, want %v", page, d, got.Scores[d], want[d])
			}
		}
		if got.Total != 82.35 { // (30×90 + 30×90 + 15×40 + 10×100) / 85
			t.Errorf("page %d: total %v", page, got.Total)
		}
	}
}

func TestKeysThatDifferInWhiteSpace(t *testing.T) {
	t.Parallel()
	s := shelf{{"k": " 1", "a": "x"}, {"k": "1", "a": "x"}, {"k": "1 ", "a": "x"}, {"k": "2", "a": "x"}}
	if o := outcome(measured(t, s, nil, 10, 100), KeyUnique, "k"); o.Checked != 4 || o.Failed != 2 {
		t.Errorf("%+v", o)
	}
}

func TestNothingToMeasure(t *testing.T) {
	t.Parallel()
	m, err := plan(shelf{}, "r", shelfItems, nil, asked)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.run(t.Context()); !fault.Is(err, "no_rows") {
		t.Errorf("%v", err)
	}
}

func TestTimeliness(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		frequency string
		age       time.Duration
		want      float64
		measured  bool
	}{
		{"daily", 0, 100, true}, {"daily", day, 100, true}, {"daily", day + day/2, 50, true}, {"daily", 2 * day, 0, true},
		{"daily", 99 * day, 0, true}, {"yearly", 300 * day, 100, true}, {"realtime", 2 * time.Hour, 0, true}, {"irregular", 9999 * day, 0, false},
		{"monthly", -time.Hour, 100, true}, // clocks of replicas differ
	} {
		m := &measurement{rows: 1}
		got, ok := m.result(asked.today.Add(c.age), asked.today, c.frequency).Scores[Timeliness]
		if got != c.want || ok != c.measured {
			t.Errorf("%s after %v: %v %v", c.frequency, c.age, got, ok)
		}
	}
	if _, ok := (&measurement{rows: 1}).result(asked.today, time.Time{}, "daily").Scores[Timeliness]; ok {
		t.Error("an unknown load was measured")
	}
}

// Every score lies in 0..100; spoiling a value never raises one; nor does a
// further rule; page size and memory change nothing.
func TestScoreProperties(t *testing.T) {
	t.Parallel()
	rules := []Rule{{Kind: Required, Item: "b"}, {Kind: Pattern, Item: "a", Pattern: "[a-c]"}, {Kind: Unique, Item: "a"}, {Kind: Domain, Item: "b", Values: []string{"x"}}}
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.SampledFrom([]any{nil, "", "a", "b", "c", "x", "too long"})
		n := rapid.IntRange(1, 40).Draw(t, "rows")
		s := shelved(n, func(int) (any, any) { return value.Draw(t, "a"), value.Draw(t, "b") })
		have := rules[:rapid.IntRange(0, len(rules)).Draw(t, "rules")]
		page, room := rapid.IntRange(1, 50).Draw(t, "page"), rapid.IntRange(1, 50).Draw(t, "room")
		got := measured(t, s, have, page, room)
		for d, score := range got.Scores {
			if score < 0 || score > 100 {
				t.Fatalf("%s: %v", d, score)
			}
		}
		for _, o := range got.Outcomes {
			if o.Failed < 0 || o.Failed > o.Checked || o.Checked > max(got.Rows, 1) {
				t.Fatalf("%+v", o)
			}
		}
		if whole := measured(t, s, have, 1000, 1<<20); whole.Total != got.Total {
			t.Fatalf("total %v in pieces, %v whole", got.Total, whole.Total)
		}
		if more := measured(t, s, rules, page, room); more.Total > got.Total {
			t.Fatalf("more rules raised %v to %v", got.Total, more.Total)
		}
		// "too long" breaks every rule on the form of item a but stays there and,
		// being the only one of its length, twice nowhere that it was not before.
		i := rapid.IntRange(0, n-1).Draw(t, "spoiled")
		if !empty(s[i]["a"]) {
			s[i]["a"] = fmt.Sprintf("too long %d", i)
			if spoiled := measured(t, s, have, page, room); spoiled.Scores[Validity] > got.Scores[Validity] || spoiled.Scores[Completeness] > got.Scores[Completeness] {
				t.Fatalf("spoiling raised %v to %v", got.Scores, spoiled.Scores)
			}
		}
		s[i]["a"] = ""
		if spoiled := measured(t, s, have, page, room); spoiled.Scores[Completeness] > got.Scores[Completeness] {
			t.Fatalf("emptying raised %v to %v", got.Scores, spoiled.Scores)
		}
	})
}

// More failures never raise a score, whatever the others are.
func TestFailuresNeverRaise(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.Int64Range(0, 1<<40).Draw(t, "rows")
		fewer := rapid.Int64Range(0, 1<<41).Draw(t, "fewer")
		more := fewer + rapid.Int64Range(0, 1<<40).Draw(t, "more")
		a, b := share(rows, fewer), share(rows, more)
		if a < b || a > 100 || b < 0 || rows > 0 && fewer > 0 && a == 100 {
			t.Fatalf("%d of %d: %v; %d: %v", fewer, rows, a, more, b)
		}
		scores := map[Dimension]float64{}
		for _, d := range Dimensions {
			if rapid.Bool().Draw(t, string(d)) {
				scores[d] = rapid.Float64Range(0, 100).Draw(t, "score")
			}
		}
		scores[Validity] = a
		before := total(scores)
		scores[Validity] = b
		if after := total(scores); after > before || after < 0 || before > 100 {
			t.Fatalf("%v became %v", before, after)
		}
	})
}

func TestWeightsAreAHundred(t *testing.T) {
	t.Parallel()
	sum := 0.0
	for _, d := range Dimensions {
		sum += Weights[d]
	}
	if sum != 100 || len(Weights) != len(Dimensions) {
		t.Errorf("%v", Weights)
	}
}
