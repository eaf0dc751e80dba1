package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/contractor"
)

// entrustmentStore implements contractor.Store.
type entrustmentStore struct{ *database }

// Entrustments gives the store of the register of contractors.
func (s *Store) Entrustments() contractor.Store { return entrustmentStore{s.db} }

type entrustmentRow struct {
	bun.BaseModel `bun:"table:entrustments,alias:e"`

	ID         string  `bun:"id,pk"`
	CaseID     string  `bun:"case_id"`
	Department string  `bun:"department"`
	Contractor string  `bun:"contractor"`
	USCC       string  `bun:"uscc"`
	Work       string  `bun:"work"`
	Grants     string  `bun:"grants"`    // JSON list
	Resources  string  `bun:"resources"` // JSON list
	Agreement  string  `bun:"agreement"`
	NotBefore  micros  `bun:"not_before"`
	NotAfter   micros  `bun:"not_after"`
	StoppedAt  *micros `bun:"stopped_at"`
	EndedAt    *micros `bun:"ended_at"`
	InHouse    bool    `bun:"in_house"`
	Version    int     `bun:"version"`
	CreatedAt  micros  `bun:"created_at"`
}

type entrustedSystemRow struct {
	bun.BaseModel `bun:"table:entrustment_systems,alias:x"`

	Entrustment string `bun:"entrustment,pk"`
	System      string `bun:"system,pk"`
}

func entrustmentRowOf(e contractor.Entrustment) (entrustmentRow, error) {
	row := entrustmentRow{ID: e.ID, CaseID: e.Case, Department: e.Department, Contractor: e.Contractor, USCC: e.USCC, Work: e.Work,
		Agreement: e.Agreement, NotBefore: toMicros(e.NotBefore), NotAfter: toMicros(e.NotAfter), StoppedAt: toMicrosPtr(e.StoppedAt),
		EndedAt: toMicrosPtr(e.EndedAt), InHouse: e.InHouse, Version: e.Version, CreatedAt: toMicros(e.CreatedAt)}
	var errs [2]error
	row.Grants, errs[0] = encode("grants", listOf(e.Grants))
	row.Resources, errs[1] = encode("resources", listOf(e.Resources))
	return row, errors.Join(errs[:]...)
}

func (r entrustmentRow) entrustment() (contractor.Entrustment, error) {
	e := contractor.Entrustment{ID: r.ID, Case: r.CaseID, Department: r.Department, Contractor: r.Contractor, USCC: r.USCC, Work: r.Work,
		Agreement: r.Agreement, NotBefore: r.NotBefore.Time(), NotAfter: r.NotAfter.Time(), StoppedAt: r.StoppedAt.timePtr(),
		EndedAt: r.EndedAt.timePtr(), InHouse: r.InHouse, Version: r.Version, CreatedAt: r.CreatedAt.Time()}
	var errs [2]error
	e.Grants, errs[0] = decode[[]string]("grants", r.Grants)
	e.Resources, errs[1] = decode[[]string]("resources", r.Resources)
	return e, errors.Join(errs[:]...)
}

func (s entrustmentStore) InsertEntrustment(ctx context.Context, e contractor.Entrustment) error {
	row, err := entrustmentRowOf(e)
	if err != nil {
		return err
	}
	systems := make([]entrustedSystemRow, 0, len(e.Systems))
	for _, id := range e.Systems {
		systems = append(systems, entrustedSystemRow{Entrustment: e.ID, System: id})
	}
	return s.changing(ctx, func(ctx context.Context) error {
		if err := s.insert(ctx, "entrustment", s.w(ctx).NewInsert().Model(&row)); err != nil || len(systems) == 0 {
			return err
		}
		return s.insert(ctx, "entrusted systems", s.w(ctx).NewInsert().Model(&systems))
	})
}

func (s entrustmentStore) UpdateEntrustment(ctx context.Context, e contractor.Entrustment) error {
	row, err := entrustmentRowOf(e)
	if err != nil {
		return err
	}
	row.Version = e.Version + 1
	return s.changing(ctx, func(ctx context.Context) error {
		return s.swap(ctx, "entrustments", "委托", e.ID, s.w(ctx).NewUpdate().Model(&row).
			Column("stopped_at", "ended_at", "in_house", "version").WherePK().Where("version = ?", e.Version))
	})
}

func (s entrustmentStore) EntrustmentOfCase(ctx context.Context, caseID string) (contractor.Entrustment, error) {
	var row entrustmentRow
	if err := s.one(ctx, "entrustment", "委托", caseID, s.r(ctx).NewSelect().Model(&row).Where("case_id = ?", caseID)); err != nil {
		return contractor.Entrustment{}, err
	}
	list, err := s.withSystems(ctx, []entrustmentRow{row})
	if err != nil {
		return contractor.Entrustment{}, err
	}
	return list[0], nil
}

func (s entrustmentStore) EntrustmentsOf(ctx context.Context, system string) ([]contractor.Entrustment, error) {
	var rows []entrustmentRow
	err := s.r(ctx).NewSelect().Model(&rows).
		Where("id IN (SELECT x.entrustment FROM entrustment_systems AS x WHERE x.system = ?)", system).Order("id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list entrustments", err)
	}
	return s.withSystems(ctx, rows)
}

func (s entrustmentStore) Entrustments(ctx context.Context, f contractor.Filter) ([]contractor.Entrustment, error) {
	var rows []entrustmentRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("department = ?", f.Department).OrderExpr("e.id DESC").Limit(limitOr(f.Limit))
	if f.After != "" {
		q = q.Where("e.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list entrustments", err)
	}
	return s.withSystems(ctx, rows)
}

// withSystems reads the systems of several entrustments at once.
func (s entrustmentStore) withSystems(ctx context.Context, rows []entrustmentRow) ([]contractor.Entrustment, error) {
	out, err := convert(rows, entrustmentRow.entrustment)
	if err != nil || len(out) == 0 {
		return out, err
	}
	at, ids := make(map[string]int, len(out)), make([]string, len(out))
	for i, e := range out {
		at[e.ID], ids[i] = i, e.ID
	}
	var systems []entrustedSystemRow
	if err := s.r(ctx).NewSelect().Model(&systems).Where("entrustment IN (?)", bun.List(ids)).Order("entrustment", "system").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list entrusted systems", err)
	}
	for _, x := range systems {
		e := &out[at[x.Entrustment]]
		e.Systems = append(e.Systems, x.System)
	}
	return out, nil
}
