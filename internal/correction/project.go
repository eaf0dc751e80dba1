package correction

import (
	"context"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// projectBatch is how many entries are read at once.
const projectBatch = 1000

// Project reads up to n entries that the projection has not read yet and tells
// how many it read. Replicas may do it at once: one of them moves on, the
// others find it moved.
func (s *Service) Project(ctx context.Context, n int) (int, error) {
	read := 0
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		read = 0
		from, err := s.Store.NextIndex(ctx)
		if err != nil {
			return err
		}
		leaves, err := s.Entries.Leaves(ctx, from, n)
		if err != nil || len(leaves) == 0 {
			return err
		}
		for i, leaf := range leaves {
			if leaf.Index != from+uint64(i) {
				return fmt.Errorf("projection: entry %d stands where %d should", leaf.Index, from+uint64(i))
			}
		}
		seen, err := collect(leaves)
		if err != nil {
			return err
		}
		moved, err := s.Store.Advance(ctx, from, from+uint64(len(leaves)), seen)
		if moved {
			read = len(leaves)
		}
		return err
	})
	return read, err
}

// lines gives the lines that one entry adds to: one for each distinct digest,
// or one without a digest for a call that named no identifier.
func lines(leaf ledger.Leaf) ([]Access, error) {
	if leaf.Kind != ledger.Call && leaf.Kind != Batch {
		return nil, nil
	}
	f, err := factsOf(leaf)
	if err != nil {
		return nil, err
	}
	// A call that was executed and failed at the provider's system gave nothing.
	if f.Resource == "" || f.Consumer == "" || leaf.Kind == ledger.Call && f.Status != 200 {
		return nil, nil
	}
	identifiers := slices.Clone(f.Identifiers)
	slices.Sort(identifiers)
	identifiers = slices.Compact(identifiers)
	if len(identifiers) == 0 {
		identifiers = []string{""}
	}
	out := make([]Access, 0, len(identifiers))
	for _, d := range identifiers {
		out = append(out, Access{Resource: f.Resource, Identifier: d, Grant: f.Grant, Consumer: f.Consumer,
			Calls: 1, Entry: leaf.ID, Index: leaf.Index, At: leaf.At})
	}
	return out, nil
}

type lineKey struct{ resource, identifier, grant, consumer string }

func (a Access) key() lineKey { return lineKey{a.Resource, a.Identifier, a.Grant, a.Consumer} }

// collect folds entries into lines, in a stable order.
func collect(leaves []ledger.Leaf) ([]Access, error) {
	at := map[lineKey]int{}
	var out []Access
	for _, leaf := range leaves {
		more, err := lines(leaf)
		if err != nil {
			return nil, err
		}
		for _, a := range more {
			i, ok := at[a.key()]
			if !ok {
				at[a.key()] = len(out)
				out = append(out, a)
				continue
			}
			a.Calls += out[i].Calls
			out[i] = a
		}
	}
	// One order on all replicas: two that write the same lines do not wait for
	// each other crosswise.
	slices.SortFunc(out, compareLines)
	return out, nil
}

func compareLines(a, b Access) int {
	for _, pair := range [][2]string{{a.Resource, b.Resource}, {a.Identifier, b.Identifier}, {a.Grant, b.Grant}, {a.Consumer, b.Consumer}} {
		if pair[0] < pair[1] {
			return -1
		}
		if pair[0] > pair[1] {
			return 1
		}
	}
	return 0
}

// Difference is a line in which projection and ledger disagree.
type Difference struct {
	Want Access // by the ledger; zero Calls: no such line
	Have Access // in the projection; zero Calls: no such line
}

// Check compares the projection with the ledger, as far as the projection has
// read, and gives up to limit differences. It reads everything and holds every
// line in memory once: a job for quiet hours. A line that moves on while it is
// checked is left to the next time.
func (s *Service) Check(ctx context.Context, limit int) ([]Difference, error) {
	end, err := s.Store.NextIndex(ctx)
	if err != nil {
		return nil, err
	}
	want, err := s.truth(ctx, end)
	if err != nil {
		return nil, err
	}
	var out []Difference
	var after Access
	for {
		page, err := s.Store.AllAccesses(ctx, after, projectBatch)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			break
		}
		for _, have := range page {
			w := want[have.key()]
			delete(want, have.key())
			same := w.Calls == have.Calls && w.Entry == have.Entry && w.Index == have.Index && w.At.Equal(have.At)
			if !same && have.Index < end {
				out = append(out, Difference{Want: w, Have: have})
			}
		}
		after = page[len(page)-1]
	}
	for _, w := range want {
		out = append(out, Difference{Want: w})
	}
	slices.SortFunc(out, func(a, b Difference) int { return compareLines(a.line(), b.line()) })
	return out[:min(limit, len(out))], nil
}

func (d Difference) line() Access {
	if d.Have.Calls > 0 {
		return d.Have
	}
	return d.Want
}

// truth folds the ledger's entries before end.
func (s *Service) truth(ctx context.Context, end uint64) (map[lineKey]Access, error) {
	want := map[lineKey]Access{}
	for from := uint64(0); from < end; {
		leaves, err := s.Entries.Leaves(ctx, from, int(min(projectBatch, end-from)))
		if err != nil {
			return nil, err
		}
		if len(leaves) == 0 {
			return nil, fmt.Errorf("projection: it has read up to %d, the ledger ends at %d", end, from)
		}
		more, err := collect(leaves)
		if err != nil {
			return nil, err
		}
		for _, a := range more {
			a.Calls += want[a.key()].Calls
			want[a.key()] = a
		}
		from += uint64(len(leaves))
	}
	return want, nil
}
