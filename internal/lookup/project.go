package lookup

import (
	"context"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Line says that an entry asked with an identifier.
type Line struct {
	Identifier string // keyed digest
	Index      uint64 // of the entry
}

// Store keeps the index by digest.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// NextIndex is the index of the next entry to read.
	NextIndex(ctx context.Context) (uint64, error)
	// Advance moves the place and adds lines; false: somebody else moved it.
	Advance(ctx context.Context, from, to uint64, lines []Line) (bool, error)
	// Indexes gives up to n entries that asked with an identifier, the newest
	// first, all below an index.
	Indexes(ctx context.Context, identifier string, below uint64, n int) ([]uint64, error)
}

// Entries reads the ledger.
type Entries interface {
	Leaf(ctx context.Context, index uint64) (ledger.Leaf, error)
	Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error)
	ReadHead(ctx context.Context) (ledger.Head, error)
}

// Project reads up to n entries that the index has not read and tells how many
// it did. Replicas may do it at once.
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
		var lines []Line
		for i, leaf := range leaves {
			if leaf.Index != from+uint64(i) {
				return fmt.Errorf("lookup: entry %d stands where %d should", leaf.Index, from+uint64(i))
			}
			more, err := linesOf(leaf)
			if err != nil {
				return err
			}
			lines = append(lines, more...)
		}
		moved, err := s.Store.Advance(ctx, from, from+uint64(len(leaves)), lines)
		if moved {
			read = len(leaves)
		}
		return err
	})
	return read, err
}

// asked are the kinds of entries that name identifiers.
var asked = []ledger.Kind{ledger.Call, ledger.RefusedCall, "batch", Searched}

func linesOf(leaf ledger.Leaf) ([]Line, error) {
	if !slices.Contains(asked, leaf.Kind) {
		return nil, nil
	}
	var f struct {
		Identifiers []string `json:"identifiers"`
	}
	if err := leaf.ReadFacts(&f); err != nil {
		return nil, err
	}
	slices.Sort(f.Identifiers)
	var out []Line
	for _, d := range slices.Compact(f.Identifiers) {
		if d != "" {
			out = append(out, Line{Identifier: d, Index: leaf.Index})
		}
	}
	return out, nil
}
