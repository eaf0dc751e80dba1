package supervision

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// callsCursor names the reader of the ledger.
const callsCursor = "supervision.calls"

// callsBatch is how many entries one transaction reads.
const callsBatch = 1000

// call is what this reader takes from a call's entry; see gateway.Facts.
type call struct {
	Grant    string `json:"grant"`
	Resource string `json:"resource"`
	Consumer string `json:"consumer"`
	Provider string `json:"provider"`
	Code     string `json:"code"`
}

// beyond are the refusals that say: this consumer asked for what it was not
// given (CN-25.1).
var beyond = []string{"scope_exceeded", "purpose_not_granted", "mode_not_granted"}

// ReadCalls reads the ledger from where it last came to and tallies refused
// calls by grant and day (CN-40.2) and outages of linked services (CN-39.7). A
// grant's day that passes the threshold is reported, once. It tells whether
// there is more to read. What was read and what was found commit together.
func (s *Service) ReadCalls(ctx context.Context) (more bool, err error) {
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		from, err := s.Store.LockCursor(ctx, callsCursor)
		if err != nil {
			return err
		}
		leaves, err := s.Leaves.Leaves(ctx, from, callsBatch)
		if err != nil || len(leaves) == 0 {
			return err
		}
		more = len(leaves) == callsBatch
		if err := s.note(ctx, leaves); err != nil {
			return err
		}
		return s.Store.MoveCursor(ctx, callsCursor, leaves[len(leaves)-1].Index+1)
	})
	return more, err
}

// note sums a batch up first, so that a burst is one write.
func (s *Service) note(ctx context.Context, leaves []ledger.Leaf) error {
	refused := map[[2]string]*RefusedTally{}
	services := map[string]*service{}
	var order [][2]string
	var resources []string
	for _, leaf := range leaves {
		if leaf.Kind != ledger.Call && leaf.Kind != ledger.RefusedCall {
			continue
		}
		c, err := read(leaf)
		if err != nil {
			return err
		}
		if leaf.Kind == ledger.RefusedCall {
			key := [2]string{c.Grant, day(leaf.At)}
			if c.Grant == "" || c.Consumer == "" || !slices.Contains(beyond, c.Code) {
				continue
			}
			if refused[key] == nil {
				refused[key] = &RefusedTally{Grant: c.Grant, Day: key[1], Consumer: c.Consumer, First: leaf.ID}
				order = append(order, key)
			}
			refused[key].Refused++
			refused[key].Last = leaf.ID
			continue
		}
		if c.Resource == "" || c.Provider == "" {
			continue
		}
		if services[c.Resource] == nil {
			services[c.Resource] = &service{outage: Outage{Resource: c.Resource, Provider: c.Provider}}
			resources = append(resources, c.Resource)
		}
		services[c.Resource].add(c, leaf.At)
	}
	for _, key := range order {
		if err := s.tally(ctx, *refused[key]); err != nil {
			return err
		}
	}
	for _, r := range resources {
		if err := s.keep(ctx, *services[r]); err != nil {
			return err
		}
	}
	return nil
}

func read(leaf ledger.Leaf) (call, error) {
	var c call
	e, err := ledger.DecodeEntry(leaf.Data)
	if err != nil {
		return c, fmt.Errorf("ledger entry %d: %w", leaf.Index, err)
	}
	raw, _ := e.Facts.(json.RawMessage)
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, fmt.Errorf("ledger entry %d: %w", leaf.Index, err)
	}
	return c, nil
}

// tally adds refused calls of one grant's day and reports the day when it
// passes the threshold.
func (s *Service) tally(ctx context.Context, t RefusedTally) error {
	whole, err := s.Store.AddRefused(ctx, t)
	if err != nil || whole.Refused < s.RefusedCalls {
		return err
	}
	_, _, err = s.Report(ctx, Violation{Key: "calls:" + whole.Grant + ":" + whole.Day, Clause: "CN-40.2", Department: whole.Consumer,
		Grant: whole.Grant, Facts: map[string]any{"day": whole.Day, "refused_calls": whole.Refused, "threshold": s.RefusedCalls,
			"first_entry": whole.First, "last_entry": whole.Last}})
	return err
}
