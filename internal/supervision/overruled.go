package supervision

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Overruled is a refusal to share that a binding decision found to be without
// ground.
type Overruled struct {
	Entry    string // the decision's entry in the ledger
	Provider string
	Case     string
	Action   string // "procedure.action"
	At       time.Time
}

// act is what this reader takes from an act's entry; see casework.ActFacts.
type act struct {
	Case      string `json:"case"`
	Procedure string `json:"procedure"`
	Action    string `json:"action"`
}

// overrule keeps an act that overruled a refusal, and reports the provider
// whose refusals were overruled too often (CN-39.2). Other acts are nothing to
// it.
func (s *Service) overrule(ctx context.Context, leaf ledger.Leaf) error {
	var a act
	if err := leaf.ReadFacts(&a); err != nil {
		return err
	}
	action := a.Procedure + "." + a.Action
	if !slices.Contains(watched.Overruled.Acts, action) {
		return nil
	}
	parties, err := s.Store.Parties(ctx, a.Case)
	if err != nil || parties["provider"] == "" {
		return err
	}
	x := Overruled{Entry: leaf.ID, Provider: parties["provider"], Case: a.Case, Action: action, At: leaf.At}
	if err := s.Store.NoteOverruled(ctx, x); err != nil {
		return err
	}
	list, err := s.Store.OverruledOf(ctx, x.Provider, leaf.At.AddDate(0, 0, -watched.Overruled.Days))
	if err != nil || len(list) < watched.Overruled.Threshold {
		return err
	}
	cases := make([]string, len(list))
	for i, o := range list {
		cases[i] = o.Case
	}
	return s.see(ctx, Violation{Key: "overruled:" + x.Provider + ":" + list[0].Entry, Clause: watched.Overruled.Clause, Department: x.Provider,
		Case: x.Case, Facts: map[string]any{"overruled_cases": cases, "first_entry": list[0].Entry, "last_entry": x.Entry,
			"threshold": watched.Overruled.Threshold, "threshold_days": watched.Overruled.Days}})
}
