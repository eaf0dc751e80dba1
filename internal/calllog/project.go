package calllog

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Project reads up to n entries that the projection has not read yet and tells
// how many it read. Replicas may do it at once: one of them moves on, the
// others find it moved.
func (s *Service) Project(ctx context.Context, n int) (read int, err error) {
	from, err := s.Store.NextIndex(ctx)
	if err != nil {
		return 0, err
	}
	leaves, err := s.Entries.Leaves(ctx, from, n)
	if err != nil || len(leaves) == 0 {
		return 0, err
	}
	lines := make([]Line, 0, len(leaves))
	for i, leaf := range leaves {
		if leaf.Index != from+uint64(i) {
			return 0, fmt.Errorf("call log: entry %d stands where %d should", leaf.Index, from+uint64(i))
		}
		line, ok, err := lineOf(leaf)
		if err != nil {
			return 0, err
		}
		if ok {
			lines = append(lines, line)
		}
	}
	moved, err := s.Store.Advance(ctx, from, from+uint64(len(leaves)), lines)
	if err != nil || !moved {
		return 0, err
	}
	return len(leaves), nil
}

// calls reads the facts of entries. Those that were moved to the archive come
// without them; they are read from there, a bundle at a time.
func (s *Service) calls(ctx context.Context, leaves []ledger.Leaf) ([]Call, error) {
	out := make([]Call, 0, len(leaves))
	var held []ledger.Leaf
	for _, leaf := range leaves {
		if len(leaf.Data) == 0 {
			from := leaf.Index / ledger.TileWidth * ledger.TileWidth
			if len(held) == 0 || held[0].Index != from {
				var err error
				if held, err = s.Entries.Leaves(ctx, from, ledger.TileWidth); err != nil {
					return nil, err
				}
			}
			if i := int(leaf.Index - from); i < len(held) && held[i].Index == leaf.Index {
				leaf = held[i]
			}
		}
		c, err := callOf(leaf)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}

// lineOf gives the line of a call by somebody known; others are in nobody's
// log.
func lineOf(leaf ledger.Leaf) (Line, bool, error) {
	if !isCall(leaf) {
		return Line{}, false, nil
	}
	var f facts
	if err := leaf.ReadFacts(&f); err != nil {
		return Line{}, false, err
	}
	return Line{Index: leaf.Index, At: leaf.At, Consumer: f.Consumer, Provider: f.Provider, Grant: f.Grant, Status: f.Status},
		f.Consumer != "" || f.Provider != "", nil
}
