package correction_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// memory is a ledger and a projection, without a database.
type memory struct {
	correction.Store
	correction.Entries
	leaves []ledger.Leaf
	next   uint64
	lines  map[string]correction.Access
}

func (m *memory) Do(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }

func (m *memory) NextIndex(context.Context) (uint64, error) { return m.next, nil }

func (m *memory) Leaves(_ context.Context, from uint64, n int) ([]ledger.Leaf, error) {
	from = min(from, uint64(len(m.leaves)))
	return m.leaves[from:min(from+uint64(n), uint64(len(m.leaves)))], nil
}

func key(a correction.Access) string {
	return a.Resource + "|" + a.Identifier + "|" + a.Grant + "|" + a.Consumer
}

func (m *memory) Advance(_ context.Context, from, to uint64, seen []correction.Access) (bool, error) {
	if m.next != from {
		return false, nil
	}
	m.next = to
	for _, a := range seen {
		a.Calls += m.lines[key(a)].Calls
		m.lines[key(a)] = a
	}
	return true, nil
}

func (m *memory) AllAccesses(_ context.Context, after correction.Access, n int) ([]correction.Access, error) {
	var out []correction.Access
	for _, k := range slices.Sorted(maps.Keys(m.lines)) {
		if (after.Resource == "" || k > key(after)) && len(out) < n {
			out = append(out, m.lines[k])
		}
	}
	return out, nil
}

func (m *memory) add(kind ledger.Kind, facts map[string]any) {
	e := ledger.Entry{ID: ident.New(), Kind: kind, At: noon.Add(time.Duration(len(m.leaves)) * time.Second), Facts: facts}
	data, err := e.Encode()
	if err != nil {
		panic(err)
	}
	m.leaves = append(m.leaves, ledger.Leaf{Index: uint64(len(m.leaves)), ID: e.ID, Kind: kind, At: e.At, Data: data})
}

func service(m *memory) *correction.Service {
	return correction.NewService(correction.Deps{Store: m, Entries: m})
}

// Read in any portions, the projection is what the ledger says; each spoilt line
// is found.
func TestTheProjectionIsTheLedgers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := &memory{lines: map[string]correction.Access{}}
		pick := func(name string, n int) string { return fmt.Sprintf("%s%d", name, rapid.IntRange(1, n).Draw(rt, name)) }
		naive := map[string]int{}
		for range rapid.IntRange(0, 60).Draw(rt, "entries") {
			kind := rapid.SampledFrom([]ledger.Kind{ledger.Call, ledger.Call, ledger.RefusedCall, ledger.Act, correction.Batch}).Draw(rt, "kind")
			status := rapid.SampledFrom([]int{200, 200, 502}).Draw(rt, "status")
			r, g, c := pick("r", 2), pick("g", 2), pick("c", 3)
			ids := rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "z"}), 0, 3).Draw(rt, "ids")
			facts := map[string]any{"resource": r, "grant": g, "consumer": c, "status": status}
			if len(ids) > 0 {
				facts["identifiers"] = ids
			}
			m.add(kind, facts)
			if kind != correction.Batch && (kind != ledger.Call || status != 200) {
				continue
			}
			set := map[string]bool{}
			for _, d := range ids {
				set[d] = true
			}
			if len(set) == 0 {
				set[""] = true
			}
			for d := range set {
				naive[r+"|"+d+"|"+g+"|"+c]++
			}
		}
		s := service(m)
		for m.next < uint64(len(m.leaves)) {
			if _, err := s.Project(t.Context(), rapid.IntRange(1, 9).Draw(rt, "portion")); err != nil {
				rt.Fatal(err)
			}
		}
		if len(naive) != len(m.lines) {
			rt.Fatalf("%d lines, want %d", len(m.lines), len(naive))
		}
		for k, n := range naive {
			if m.lines[k].Calls != n {
				rt.Fatalf("%s: %d calls, want %d", k, m.lines[k].Calls, n)
			}
		}
		if d, err := s.Check(t.Context(), 10); err != nil || len(d) > 0 {
			rt.Fatalf("differs: %+v %v", d, err)
		}
		if len(m.lines) == 0 {
			return
		}
		k := rapid.SampledFrom(slices.Sorted(maps.Keys(m.lines))).Draw(rt, "spoilt")
		a := m.lines[k]
		switch rapid.IntRange(0, 2).Draw(rt, "how") {
		case 0:
			delete(m.lines, k)
		case 1:
			a.Calls++
			m.lines[k] = a
		case 2:
			a.Entry = "forged"
			m.lines[k] = a
		}
		if d, err := s.Check(t.Context(), 10); err != nil || len(d) != 1 {
			rt.Fatalf("a spoilt line is not found: %+v %v", d, err)
		}
	})
}

func TestAGapInTheLedgerStopsTheProjection(t *testing.T) {
	t.Parallel()
	m := &memory{lines: map[string]correction.Access{}}
	for range 3 {
		m.add(ledger.Act, map[string]any{})
	}
	m.leaves[1].Index = 5
	if _, err := service(m).Project(t.Context(), 10); err == nil || m.next != 0 {
		t.Errorf("at %d: %v", m.next, err)
	}
}
