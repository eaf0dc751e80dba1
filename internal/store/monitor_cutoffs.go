package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/monitor"
)

type cutoffRow struct {
	bun.BaseModel `bun:"table:cutoffs,alias:c"`

	ID         string  `bun:"id,pk"`
	Target     string  `bun:"target"`
	TargetID   string  `bun:"target_id"`
	Measure    string  `bun:"measure"`
	Rate       int     `bun:"rate"`
	Side       string  `bun:"side"`
	Department string  `bun:"department"`
	Person     string  `bun:"person"`
	Signal     string  `bun:"signal"`
	Consumer   string  `bun:"consumer"`
	Provider   string  `bun:"provider"`
	Clause     string  `bun:"clause"`
	Reason     string  `bun:"reason"`
	At         micros  `bun:"at"`
	EndsAt     *micros `bun:"ends_at"`
	LiftedAt   *micros `bun:"lifted_at"`
	LiftedBy   string  `bun:"lifted_by"`
	LiftedFor  string  `bun:"lifted_for"`
	LiftReason string  `bun:"lift_reason"`
}

func cutoffRowOf(c monitor.Cutoff) cutoffRow {
	return cutoffRow{ID: c.ID, Target: string(c.Target), TargetID: c.TargetID, Measure: string(c.Measure), Rate: c.Rate, Side: string(c.Side),
		Department: c.Department, Person: c.Person, Signal: c.Signal, Consumer: c.Consumer, Provider: c.Provider, Clause: c.Clause, Reason: c.Reason,
		At: toMicros(c.At), EndsAt: toMicrosPtr(c.Until), LiftedAt: toMicrosPtr(c.LiftedAt), LiftedBy: c.LiftedBy, LiftedFor: c.LiftedFor, LiftReason: c.LiftReason}
}

func (r cutoffRow) cutoff() (monitor.Cutoff, error) {
	return monitor.Cutoff{ID: r.ID, Target: monitor.Target(r.Target), TargetID: r.TargetID, Measure: monitor.Measure(r.Measure), Rate: r.Rate,
		Side: monitor.Side(r.Side), Department: r.Department, Person: r.Person, Signal: r.Signal, Consumer: r.Consumer, Provider: r.Provider,
		Clause: r.Clause, Reason: r.Reason, At: r.At.Time(), Until: r.EndsAt.timePtr(), LiftedAt: r.LiftedAt.timePtr(), LiftedBy: r.LiftedBy,
		LiftedFor: r.LiftedFor, LiftReason: r.LiftReason}, nil
}

func (s monitorStore) InsertCutoff(ctx context.Context, c monitor.Cutoff) error {
	row := cutoffRowOf(c)
	return s.changing(ctx, func(ctx context.Context) error {
		return s.insert(ctx, "cutoff", s.w(ctx).NewInsert().Model(&row))
	})
}

// LiftCutoff lifts what nobody has lifted.
func (s monitorStore) LiftCutoff(ctx context.Context, c monitor.Cutoff) error {
	row := cutoffRowOf(c)
	return s.changing(ctx, func(ctx context.Context) error {
		return s.swap(ctx, "cutoffs", "紧急措施", c.ID, s.w(ctx).NewUpdate().Model(&row).
			Column("lifted_at", "lifted_by", "lifted_for", "lift_reason").WherePK().Where("lifted_at IS NULL"))
	})
}

func (s monitorStore) Cutoff(ctx context.Context, id string) (monitor.Cutoff, error) {
	var row cutoffRow
	if err := s.one(ctx, "cutoff", "紧急措施", id, s.r(ctx).NewSelect().Model(&row).Where("c.id = ?", id)); err != nil {
		return monitor.Cutoff{}, err
	}
	return row.cutoff()
}

// Cutoffs lists the newest first.
func (s monitorStore) Cutoffs(ctx context.Context, f monitor.Filter) ([]monitor.Cutoff, error) {
	var rows []cutoffRow
	q := seen(s.r(ctx).NewSelect().Model(&rows), "c", f, "c.target = 'all' OR ").OrderExpr("c.id DESC").Limit(limitOr(f.Limit))
	if !f.InForce.IsZero() {
		q = q.Where("c.lifted_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > ?)", toMicros(f.InForce))
	}
	if f.After != "" {
		q = q.Where("c.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list cutoffs", err)
	}
	return convert(rows, cutoffRow.cutoff)
}

// InForce lists all of them, however many: the gateway must not miss one.
func (s monitorStore) InForce(ctx context.Context, at time.Time) ([]monitor.Cutoff, error) {
	var rows []cutoffRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("c.lifted_at IS NULL AND (c.ends_at IS NULL OR c.ends_at > ?)", toMicros(at)).Order("c.id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list cutoffs in force", err)
	}
	return convert(rows, cutoffRow.cutoff)
}

// concernedBy narrows grants to those that a target stops. A system's ID is a
// UUID: it cannot be part of another text in the list.
var concernedBy = map[monitor.Target]string{
	monitor.System: " AND CAST(systems AS TEXT) LIKE '%' || ? || '%'", monitor.Consumer: " AND consumer = ?", monitor.Provider: " AND provider = ?",
	monitor.Resource: " AND resource = ?", monitor.Grant: " AND id = ?",
}

func (s monitorStore) Concerned(ctx context.Context, t monitor.Target, id string, at time.Time) ([]string, error) {
	where, args := " FROM grants WHERE terminated_at IS NULL AND not_after > ?", []any{int64(toMicros(at))}
	if narrow := concernedBy[t]; narrow != "" {
		where, args = where+narrow, append(args, id)
	}
	var out []string
	err := s.query(ctx, "list departments concerned", "SELECT consumer"+where+" UNION SELECT provider"+where+" ORDER BY 1", append(args, args...),
		func(rows *sql.Rows) error {
			var d string
			err := rows.Scan(&d)
			out = append(out, d)
			return err
		})
	return out, err
}
