package casework

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Opening is a way in which somebody may start a case about a record.
type Opening struct {
	Procedure     string
	ProcedureName string
	Action        ActionView
}

// Openings lists the opening actions that the principal is entitled to, of the
// procedures that one of the prepares fills, between these parties. It asks who
// may act; whether the record allows it now, the checks tell on opening.
func (e *Engine) Openings(ctx context.Context, p org.Principal, parties map[string]string, prepares ...string) ([]Opening, error) {
	rules, err := e.Rules.InForce(p.Department.Region, e.Clock.Now())
	if err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, b := range rules.Books {
		for id := range b.Procedures {
			ids[id] = true
		}
	}
	out := []Opening{}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		proc, err := rules.Procedure(id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(prepares, proc.Prepare) {
			continue
		}
		c := &procedure.Case{Parties: map[string]string{}, Facts: map[string]any{}}
		for party := range proc.Parties {
			if department := parties[party]; department != "" {
				c.Parties[party] = department
			}
		}
		if err := e.computeAuthorities(ctx, proc, c); err != nil {
			return nil, err
		}
		out = append(out, openings(rules, proc, c, Relations(c, p))...)
	}
	return out, nil
}

func openings(rules *rulebook.Rules, proc *rulebook.Procedure, c *procedure.Case, relations []string) []Opening {
	var out []Opening
	for _, id := range slices.Sorted(maps.Keys(proc.Actions)) {
		a := proc.Actions[id]
		entitled := slices.ContainsFunc(a.By, func(r string) bool { return slices.Contains(relations, r) })
		if a.Opens && entitled {
			out = append(out, Opening{Procedure: proc.ID, ProcedureName: proc.Name, Action: actionView(rules, proc, a, c)})
		}
	}
	return out
}
