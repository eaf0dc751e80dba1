package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/incident"
)

// incidentStore implements incident.Store.
type incidentStore struct{ *database }

// Incidents gives the store of what incidents cut off.
func (s *Store) Incidents() incident.Store { return incidentStore{s.db} }

type cutRow struct {
	bun.BaseModel `bun:"table:incident_cuts,alias:x"`

	ID         string  `bun:"id,pk"`
	CaseID     string  `bun:"case_id"`
	Target     string  `bun:"target"`
	TargetID   string  `bun:"target_id"`
	Side       string  `bun:"side"`
	Department string  `bun:"department"`
	WasCut     bool    `bun:"was_cut"`
	CutAt      micros  `bun:"cut_at"`
	LiftedAt   *micros `bun:"lifted_at"`
}

func cutRowOf(c incident.Cut) cutRow {
	return cutRow{ID: c.ID, CaseID: c.Case, Target: string(c.Target), TargetID: c.TargetID, Side: string(c.Side),
		Department: c.Department, WasCut: c.WasCut, CutAt: toMicros(c.At), LiftedAt: toMicrosPtr(c.LiftedAt)}
}

func (r cutRow) cut() (incident.Cut, error) {
	return incident.Cut{ID: r.ID, Case: r.CaseID, Target: incident.Target(r.Target), TargetID: r.TargetID, Side: incident.Side(r.Side),
		Department: r.Department, WasCut: r.WasCut, At: r.CutAt.Time(), LiftedAt: r.LiftedAt.timePtr()}, nil
}

func (s incidentStore) InsertCut(ctx context.Context, c incident.Cut) error {
	row := cutRowOf(c)
	return s.insert(ctx, "cut", s.w(ctx).NewInsert().Model(&row))
}

func (s incidentStore) UpdateCut(ctx context.Context, c incident.Cut) error {
	row := cutRowOf(c)
	n, err := s.affected(ctx, "update cut", s.w(ctx).NewUpdate().Model(&row).Column("was_cut", "lifted_at").
		WherePK().Where("lifted_at IS NULL"))
	if err == nil && n == 0 {
		err = fault.Missing("紧急暂停", c.ID)
	}
	return err
}

func (s incidentStore) CutsOfCase(ctx context.Context, caseID string) ([]incident.Cut, error) {
	return s.cuts(ctx, "case_id = ?", caseID)
}

func (s incidentStore) CutsOf(ctx context.Context, targetID string, side incident.Side) ([]incident.Cut, error) {
	return s.cuts(ctx, "target_id = ? AND side = ?", targetID, string(side))
}

// cuts lists those that are not lifted.
func (s incidentStore) cuts(ctx context.Context, where string, args ...any) ([]incident.Cut, error) {
	var rows []cutRow
	err := s.r(ctx).NewSelect().Model(&rows).Where(where, args...).Where("lifted_at IS NULL").Order("id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list cuts", err)
	}
	return convert(rows, cutRow.cut)
}
