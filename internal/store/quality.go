package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/quality"
)

// qualityStore implements quality.Store. It has no way to change or delete a
// version of the rules or a run.
type qualityStore struct{ *database }

// Quality gives the store of quality rules and runs.
func (s *Store) Quality() quality.Store { return qualityStore{s.db} }

type qualityRulesRow struct {
	bun.BaseModel `bun:"table:quality_rules,alias:q"`

	Resource string `bun:"resource,pk"`
	Version  int    `bun:"version,pk"`
	Rules    string `bun:"rules"`
	FiledAt  micros `bun:"filed_at"`
	FiledBy  string `bun:"filed_by"`
}

func (s qualityStore) QualityRules(ctx context.Context, resource string) (quality.RuleSet, error) {
	var rows []qualityRulesRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("q.resource = ?", resource).Order("q.version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return quality.RuleSet{}, s.fail(ctx, "read quality rules", err)
	}
	if len(rows) == 0 {
		return quality.RuleSet{Resource: resource}, nil
	}
	r := rows[0]
	set := quality.RuleSet{Resource: r.Resource, Version: r.Version, At: r.FiledAt.Time(), By: r.FiledBy}
	set.Rules, err = decode[[]quality.Rule]("quality rules", r.Rules)
	return set, err
}

func (s qualityStore) InsertQualityRules(ctx context.Context, set quality.RuleSet) error {
	rules, err := encode("quality rules", append([]quality.Rule{}, set.Rules...)) // [] and not null
	if err != nil {
		return err
	}
	row := qualityRulesRow{Resource: set.Resource, Version: set.Version, Rules: rules, FiledAt: toMicros(set.At), FiledBy: set.By}
	err = s.insert(ctx, "quality rules", s.w(ctx).NewInsert().Model(&row))
	if fault.Is(err, "already_exists") {
		return changedMeanwhile().Because(err)
	}
	return err
}

type qualityRunRow struct {
	bun.BaseModel `bun:"table:quality_runs,alias:q"`

	ID           string `bun:"id,pk"`
	Resource     string `bun:"resource"`
	Version      int    `bun:"version"`
	RulesVersion int    `bun:"rules_version"`
	RunAt        micros `bun:"run_at"`
	RunBy        string `bun:"run_by"`
	Result       string `bun:"result"`
}

func (r qualityRunRow) run() (quality.Run, error) {
	result, err := decode[quality.Result]("quality result", r.Result)
	return quality.Run{ID: r.ID, Resource: r.Resource, Entry: r.Version, Rules: r.RulesVersion, At: r.RunAt.Time(), By: r.RunBy, Result: result}, err
}

func (s qualityStore) InsertQualityRun(ctx context.Context, r quality.Run) error {
	result, err := encode("quality result", r.Result)
	if err != nil {
		return err
	}
	row := qualityRunRow{ID: r.ID, Resource: r.Resource, Version: r.Entry, RulesVersion: r.Rules, RunAt: toMicros(r.At), RunBy: r.By, Result: result}
	return s.Do(ctx, func(ctx context.Context) error {
		if err := s.insert(ctx, "quality run", s.w(ctx).NewInsert().Model(&row)); err != nil {
			return err
		}
		return s.noteScore(ctx, r)
	})
}

func (s qualityStore) QualityRuns(ctx context.Context, resource string, limit int) ([]quality.Run, error) {
	var rows []qualityRunRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("q.resource = ?", resource).Order("q.run_at DESC", "q.id DESC").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list quality runs", err)
	}
	return convert(rows, qualityRunRow.run)
}

func (s qualityStore) NoteLoad(ctx context.Context, resource string, at time.Time) error {
	_, err := s.exec(ctx, "note load", `INSERT INTO hosted_loads (resource, loaded_at) VALUES (?, ?)
		ON CONFLICT (resource) DO UPDATE SET loaded_at = EXCLUDED.loaded_at`, resource, int64(toMicros(at)))
	if err != nil {
		return err
	}
	return s.loaded(ctx, resource, at)
}

func (s qualityStore) LoadedAt(ctx context.Context, resource string) (time.Time, error) {
	var at time.Time
	err := s.query(ctx, "read load", "SELECT loaded_at FROM hosted_loads WHERE resource = ?", []any{resource}, func(rows *sql.Rows) error {
		var m micros
		err := rows.Scan(&m)
		at = m.Time()
		return err
	})
	return at, err
}

func (s qualityStore) KnownRegions(ctx context.Context, codes []string) (map[string]bool, error) {
	known := make(map[string]bool, len(codes))
	if len(codes) == 0 {
		return known, nil
	}
	args := make([]any, 0, len(codes))
	for _, c := range codes {
		args = append(args, c)
	}
	err := s.query(ctx, "find regions", "SELECT code FROM regions WHERE code IN "+valuesList(1, len(codes)), args, func(rows *sql.Rows) error {
		var code string
		err := rows.Scan(&code)
		known[code] = true
		return err
	})
	return known, err
}
