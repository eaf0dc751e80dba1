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
