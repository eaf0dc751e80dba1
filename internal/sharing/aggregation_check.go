package sharing

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// aggregation refuses to agree to what would give the consumer a combination
// that a rule names, until an assessment of each such rule with the conclusion
// that the risk is under control is on the case (CN-25.2).
func (f *Flows) aggregation(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	found, err := f.wouldHold(ctx, c)
	if err != nil || len(found) == 0 {
		return err
	}
	assessed := procedure.Texts(c.Facts["aggregation_rules"])
	var missing, names []string
	for _, h := range found {
		if !slices.Contains(assessed, h.Rule.ID) {
			missing = append(missing, h.Rule.ID)
			names = append(names, h.Rule.Name)
		}
	}
	if len(missing) > 0 {
		return fault.Newf(fault.Illegal, "aggregation_assessment_required",
			"同意后需求部门将汇聚“%s”,应当先作汇聚风险评估", strings.Join(names, "”、“")).
			Under("CN-25.2").With("rules", missing).With("raises_to", raisesTo(found))
	}
	if procedure.Text(c.Facts["aggregation_conclusion"]) != "pass" {
		return fault.New(fault.Illegal, "aggregation_risk", "汇聚风险评估的结论为风险不可控,应当减少数据项或者不同意共享").
			Under("CN-25.2").With("rules", assessed)
	}
	return nil
}

// wouldHold gives the rules that the case would have the consumer meet.
func (f *Flows) wouldHold(ctx context.Context, c *procedure.Case) ([]AggregationHit, error) {
	if Mode(procedure.Text(c.Facts["mode"])) == Verify {
		return nil, nil // only match or no match: nothing is held
	}
	v, err := f.version(ctx, c)
	if err != nil {
		return nil, err
	}
	codes := procedure.Texts(c.Facts["agreed_items"])
	if len(codes) == 0 {
		codes = procedure.Texts(c.Facts["items"])
	}
	asked := itemsOf(c.Subject, v, codes)
	if len(asked) == 0 {
		return nil, nil
	}
	grants, err := f.allGrants(ctx, GrantFilter{Consumer: c.Parties["consumer"]})
	if err != nil {
		return nil, err
	}
	have, err := f.holdings(ctx, grants)
	if err != nil {
		return nil, err
	}
	return hits(f.rules, have, asked), nil
}

// allGrants pages through the store.
func (s *Service) allGrants(ctx context.Context, filter GrantFilter) ([]Grant, error) {
	const page = 200
	filter.Limit = page
	var all []Grant
	for {
		some, err := s.store.Grants(ctx, filter)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
		if len(some) < page {
			return all, nil
		}
		filter.After = some[len(some)-1].ID
	}
}

// holdings gives what the grants that are not at their end let be seen. A
// suspended grant counts: what was seen under it is still there.
func (s *Service) holdings(ctx context.Context, grants []Grant) ([]held, error) {
	now := s.clock.Now()
	type key struct {
		resource string
		number   int
	}
	versions := map[key]catalog.Version{}
	var out []held
	for _, g := range grants {
		if st := g.StatusAt(now); st == Terminated || st == Expired || g.Mode == Verify {
			continue
		}
		k := key{g.Resource, g.ResourceVersion}
		v, ok := versions[k]
		if !ok {
			var err error
			if v, err = s.resources.Version(ctx, g.Resource, g.ResourceVersion); err != nil {
				return nil, err
			}
			versions[k] = v
		}
		out = append(out, itemsOf(g.Resource, v, g.Items)...)
	}
	return out, nil
}

func itemsOf(resource string, v catalog.Version, codes []string) []held {
	var out []held
	for _, x := range v.Entry.Items {
		if slices.Contains(codes, x.Code) {
			out = append(out, held{resource, x})
		}
	}
	return out
}

func raisesTo(found []AggregationHit) catalog.Level {
	highest := 0
	for _, h := range found {
		highest = max(highest, slices.Index(levels, h.Rule.RaisesTo))
	}
	return levels[highest]
}

// aggregationRules: an assessment names rules that there are.
func (f *Flows) aggregationRules(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	for _, id := range procedure.Texts(step.Fields["aggregation_rules"]) {
		if !slices.ContainsFunc(f.rules, func(r AggregationRule) bool { return r.ID == id }) {
			faults.Add("fields.aggregation_rules", "unknown_rule", "没有名为“"+id+"”的汇聚情形", "CN-25.2")
		}
	}
	return faults.Err("assessment_invalid", "汇聚风险评估填写有误", "")
}

// noteAggregation keeps with the act which rules the application would meet
// and the level they raise it to, and the assessment with each rule's record.
func (f *Flows) noteAggregation(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	found, err := f.wouldHold(ctx, c)
	if err != nil {
		return err
	}
	met := []string{}
	assessed := procedure.Texts(act.Fields["aggregation_rules"])
	for _, h := range found {
		met = append(met, h.Rule.ID)
		if !slices.Contains(assessed, h.Rule.ID) {
			continue
		}
		if err := f.assess(ctx, c, h, act); err != nil {
			return err
		}
	}
	act.Results["aggregation_met"] = met
	if len(found) > 0 {
		act.Results["aggregation_level"] = string(raisesTo(found))
	}
	return nil
}

func (f *Flows) assess(ctx context.Context, c *procedure.Case, h AggregationHit, act *procedure.Act) error {
	r, err := f.risks.Risk(ctx, c.Parties["consumer"], h.Rule.ID)
	if x, ok := fault.As(err); ok && x.Kind == fault.NotFound {
		// Assessed before it is held: the daily scan says when it is.
		at := act.At
		r, err = Risk{Consumer: c.Parties["consumer"], Rule: h.Rule.ID, FirstSeen: at, LastSeen: at, ClearedAt: &at}, nil
	}
	if err != nil {
		return err
	}
	r.RaisesTo, r.Resources = h.Rule.RaisesTo, h.Resources
	r.AssessedCase, r.Conclusion = c.ID, procedure.Text(act.Fields["aggregation_conclusion"])
	return f.risks.PutRisk(ctx, r)
}

// Risk is a combination that a consumer holds, or held (CN-25.2).
type Risk struct {
	Consumer     string // department
	Rule         string // rule's ID
	RaisesTo     catalog.Level
	Resources    []string
	AssessedCase string // the case with the last assessment; empty: never assessed
	Conclusion   string // of that assessment: "pass" or "fail"
	FirstSeen    time.Time
	LastSeen     time.Time
	ClearedAt    *time.Time // no longer held since; also before it is first held
}

// RiskStore keeps risks, one for each consumer and rule.
type RiskStore interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	PutRisk(ctx context.Context, r Risk) error // insert or replace
	Risk(ctx context.Context, consumer, rule string) (Risk, error)
	Risks(ctx context.Context) ([]Risk, error) // those not cleared, by consumer and rule
}
