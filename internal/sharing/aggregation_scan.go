package sharing

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// ScanAggregation looks at what every consumer holds in combination now and
// keeps the hits: new ones, those still there, and those that ended. It gives
// the hits in force, by consumer and rule. Running it twice changes nothing
// but the time last seen (CN-25.2: daily).
func (f *Flows) ScanAggregation(ctx context.Context) ([]Risk, error) {
	grants, err := f.allGrants(ctx, GrantFilter{})
	if err != nil {
		return nil, err
	}
	byConsumer := map[string][]Grant{}
	for _, g := range grants {
		byConsumer[g.Consumer] = append(byConsumer[g.Consumer], g)
	}
	found := map[string][]AggregationHit{}
	for consumer, theirs := range byConsumer {
		have, err := f.holdings(ctx, theirs)
		if err != nil {
			return nil, err
		}
		found[consumer] = hits(f.rules, have, nil)
	}
	var now []Risk
	err = f.risks.Do(ctx, func(ctx context.Context) error {
		now = nil
		for _, consumer := range slices.Sorted(maps.Keys(found)) {
			for _, h := range found[consumer] {
				r, err := f.seen(ctx, consumer, h)
				if err != nil {
					return err
				}
				now = append(now, r)
			}
		}
		return f.clear(ctx, now)
	})
	return now, err
}

// seen keeps a hit.
func (f *Flows) seen(ctx context.Context, consumer string, h AggregationHit) (Risk, error) {
	at := f.clock.Now()
	r, err := f.risks.Risk(ctx, consumer, h.Rule.ID)
	if x, ok := fault.As(err); ok && x.Kind == fault.NotFound {
		r, err = Risk{Consumer: consumer, Rule: h.Rule.ID, FirstSeen: at}, nil
	}
	if err != nil {
		return Risk{}, err
	}
	if r.ClearedAt != nil {
		r.FirstSeen, r.ClearedAt = at, nil
	}
	r.RaisesTo, r.Resources, r.LastSeen = h.Rule.RaisesTo, h.Resources, at
	return r, f.risks.PutRisk(ctx, r)
}

// clear marks what was not seen any more.
func (f *Flows) clear(ctx context.Context, now []Risk) error {
	open, err := f.risks.Risks(ctx)
	if err != nil {
		return err
	}
	at := f.clock.Now()
	for _, r := range open {
		same := func(x Risk) bool { return x.Consumer == r.Consumer && x.Rule == r.Rule }
		if slices.ContainsFunc(now, same) {
			continue
		}
		r.ClearedAt = &at
		if err := f.risks.PutRisk(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// RiskView is a risk with its rule's name, for those who may see it.
type RiskView struct {
	Risk
	RuleName string
	Clause   string
	// Demanded: no assessment with the conclusion that the risk is under
	// control is on file for it.
	Demanded bool
}

// Risks gives the combinations in force: those of the reader's own department,
// and for an authority's supervisors and auditors those of its territory.
func (f *Flows) Risks(ctx context.Context, p org.Principal) ([]RiskView, error) {
	open, err := f.risks.Risks(ctx)
	if err != nil {
		return nil, err
	}
	oversees := p.Territory != "" && p.HasAny(org.Supervisor, org.Auditor)
	out := []RiskView{}
	for _, r := range open {
		if r.Consumer != p.Department.ID {
			if !oversees {
				continue
			}
			d, err := f.systems.Department(ctx, r.Consumer)
			if err != nil {
				return nil, err
			}
			if !rulebook.Covers(p.Territory, d.Region) {
				continue
			}
		}
		v := RiskView{Risk: r, Demanded: r.Conclusion != "pass"}
		if i := slices.IndexFunc(f.rules, func(x AggregationRule) bool { return x.ID == r.Rule }); i >= 0 {
			v.RuleName, v.Clause = f.rules[i].Name, f.rules[i].Clause
		}
		out = append(out, v)
	}
	return out, nil
}
