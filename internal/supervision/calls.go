package supervision

import (
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// callsCursor names the reader of the ledger.
const callsCursor = "supervision.calls"

// callsBatch is how many entries one transaction reads.
const callsBatch = 1000

// call is what this reader takes from a call's entry; see gateway.Facts.
type call struct {
	Grant    string `json:"grant"`
	System   string `json:"system"`
	Resource string `json:"resource"`
	Consumer string `json:"consumer"`
	Provider string `json:"provider"`
	Code     string `json:"code"`
}

// ReadCalls reads the ledger from where it last came to: refused calls by grant
// or system and day (CN-40.2, CN-40.3, CN-40.6), outages of linked services
// (CN-39.7), and acts that overruled a refusal to share (CN-39.2). What passes
// its threshold is reported, once. It tells whether there is more to read. What
// was read and what was found commit together.
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
	refused := map[[3]string]*RefusedTally{}
	services := map[string]*service{}
	var order [][3]string
	var resources []string
	for _, leaf := range leaves {
		if leaf.Kind == ledger.Act {
			if err := s.overrule(ctx, leaf); err != nil {
				return err
			}
			continue
		}
		if leaf.Kind != ledger.Call && leaf.Kind != ledger.RefusedCall {
			continue
		}
		var c call
		if err := leaf.ReadFacts(&c); err != nil {
			return err
		}
		if leaf.Kind == ledger.RefusedCall {
			rule, counts := watched.ruleOf(c.Code)
			key := [3]string{rule.Clause, rule.subject(c), day(leaf.At)}
			if !counts || key[1] == "" || c.Consumer == "" {
				continue
			}
			if refused[key] == nil {
				refused[key] = &RefusedTally{Clause: key[0], Subject: key[1], Day: key[2], Consumer: c.Consumer, First: leaf.ID}
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

// decode reads the facts of an entry.
// tally adds refused calls of one day and reports the day when it passes the
// threshold.
func (s *Service) tally(ctx context.Context, t RefusedTally) error {
	whole, err := s.Store.AddRefused(ctx, t)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(watched.Refusals, func(r refusalRule) bool { return r.Clause == t.Clause })
	rule := watched.Refusals[i] // the tally was made by it
	threshold := rule.Threshold
	if rule.Clause == scopeClause {
		threshold = s.RefusedCalls
	}
	if whole.Refused < threshold {
		return nil
	}
	v := Violation{Key: "calls:" + t.Clause + ":" + t.Subject + ":" + t.Day, Clause: t.Clause, Department: whole.Consumer,
		Facts: map[string]any{"day": whole.Day, "codes": rule.Codes, "refused_calls": whole.Refused, "threshold": threshold,
			"first_entry": whole.First, "last_entry": whole.Last}}
	if t.Clause == scopeClause {
		v.Key = "calls:" + t.Subject + ":" + t.Day // as releases before wrote it
	}
	if rule.By == bySystem {
		v.Facts["system"] = t.Subject
	} else {
		v.Grant = t.Subject
	}
	return s.see(ctx, v)
}

// scopeClause is the clause whose threshold the configuration may set.
const scopeClause = "CN-40.2"

// see reports what a detector found. A department that this node does not know
// is another node's matter, and must not keep the reader from going on.
func (s *Service) see(ctx context.Context, v Violation) error {
	_, _, err := s.Report(ctx, v)
	if fault.Is(err, "department_unknown") || fault.Is(err, "clause_not_in_force") {
		return nil
	}
	return err
}
