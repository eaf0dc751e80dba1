package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Risks gives the store of what consumers hold in combination.
func (s *Store) Risks() sharing.RiskStore { return riskStore{s.db} }

// riskStore implements sharing.RiskStore.
type riskStore struct{ *database }

type riskRow struct {
	bun.BaseModel `bun:"table:aggregation_risks,alias:r"`

	Consumer     string  `bun:"consumer,pk"`
	Rule         string  `bun:"rule,pk"`
	RaisesTo     string  `bun:"raises_to"`
	Resources    string  `bun:"resources"` // JSON list
	AssessedCase string  `bun:"assessed_case,nullzero"`
	Conclusion   string  `bun:"conclusion"`
	FirstSeen    micros  `bun:"first_seen"`
	LastSeen     micros  `bun:"last_seen"`
	ClearedAt    *micros `bun:"cleared_at"`
}

func (r riskRow) risk() (sharing.Risk, error) {
	resources, err := decode[[]string]("resources", r.Resources)
	return sharing.Risk{Consumer: r.Consumer, Rule: r.Rule, RaisesTo: catalog.Level(r.RaisesTo), Resources: resources,
		AssessedCase: r.AssessedCase, Conclusion: r.Conclusion, FirstSeen: r.FirstSeen.Time(), LastSeen: r.LastSeen.Time(),
		ClearedAt: r.ClearedAt.timePtr()}, err
}

func (s riskStore) PutRisk(ctx context.Context, r sharing.Risk) error {
	resources, err := encode("resources", r.Resources)
	if err != nil {
		return err
	}
	row := riskRow{Consumer: r.Consumer, Rule: r.Rule, RaisesTo: string(r.RaisesTo), Resources: resources,
		AssessedCase: r.AssessedCase, Conclusion: r.Conclusion, FirstSeen: toMicros(r.FirstSeen), LastSeen: toMicros(r.LastSeen),
		ClearedAt: toMicrosPtr(r.ClearedAt)}
	return s.insert(ctx, "aggregation risk", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (consumer, rule) DO UPDATE").
		Set("raises_to = EXCLUDED.raises_to").Set("resources = EXCLUDED.resources").
		Set("assessed_case = EXCLUDED.assessed_case").Set("conclusion = EXCLUDED.conclusion").
		Set("first_seen = EXCLUDED.first_seen").Set("last_seen = EXCLUDED.last_seen").Set("cleared_at = EXCLUDED.cleared_at"))
}

func (s riskStore) Risk(ctx context.Context, consumer, rule string) (sharing.Risk, error) {
	var row riskRow
	q := s.r(ctx).NewSelect().Model(&row).Where("consumer = ? AND rule = ?", consumer, rule)
	if err := s.one(ctx, "aggregation risk", "汇聚风险", rule, q); err != nil {
		return sharing.Risk{}, err
	}
	return row.risk()
}

func (s riskStore) Risks(ctx context.Context) ([]sharing.Risk, error) {
	var rows []riskRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("cleared_at IS NULL").Order("consumer", "rule").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list aggregation risks", err)
	}
	return convert(rows, riskRow.risk)
}
