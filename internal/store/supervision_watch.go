package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/supervision"
)

// LockCursor takes the row's lock by writing it: on both engines the next
// reader waits for the transaction.
func (s supervisionStore) LockCursor(ctx context.Context, name string) (uint64, error) {
	var value int64
	err := s.w(ctx).NewRaw(`INSERT INTO supervision_cursors (name, value) VALUES (?, 0)
		ON CONFLICT (name) DO UPDATE SET value = supervision_cursors.value RETURNING value`, name).Scan(ctx, &value)
	return uint64(value), s.failed(ctx, "lock cursor", err)
}

func (s supervisionStore) MoveCursor(ctx context.Context, name string, to uint64) error {
	_, err := s.exec(ctx, "move cursor", "UPDATE supervision_cursors SET value = ? WHERE name = ?", int64(to), name)
	return err
}

type refusedRow struct {
	bun.BaseModel `bun:"table:refused_calls,alias:t"`

	Clause     string `bun:"clause,pk"`
	Subject    string `bun:"subject,pk"`
	Day        string `bun:"day,pk"`
	Consumer   string `bun:"consumer"`
	Refused    int    `bun:"refused"`
	FirstEntry string `bun:"first_entry"`
	LastEntry  string `bun:"last_entry"`
}

func (s supervisionStore) AddRefused(ctx context.Context, t supervision.RefusedTally) (supervision.RefusedTally, error) {
	row := refusedRow{Clause: t.Clause, Subject: t.Subject, Day: t.Day, Consumer: t.Consumer, Refused: t.Refused, FirstEntry: t.First, LastEntry: t.Last}
	err := s.w(ctx).NewInsert().Model(&row).On("CONFLICT (clause, subject, day) DO UPDATE").
		Set("refused = t.refused + EXCLUDED.refused").Set("last_entry = EXCLUDED.last_entry").
		Returning("refused, first_entry, last_entry").Scan(ctx)
	t.Refused, t.First, t.Last = row.Refused, row.FirstEntry, row.LastEntry
	return t, s.failed(ctx, "count refused calls", err)
}

type outageRow struct {
	bun.BaseModel `bun:"table:service_outages,alias:o"`

	Resource string `bun:"resource,pk"`
	Provider string `bun:"provider"`
	GrantID  string `bun:"grant_id"`
	Since    micros `bun:"since"`
	Last     micros `bun:"last"`
	Failures int    `bun:"failures"`
}

func (r outageRow) outage() (supervision.Outage, error) {
	return supervision.Outage{Resource: r.Resource, Provider: r.Provider, Grant: r.GrantID, Since: r.Since.Time(),
		Last: r.Last.Time(), Failures: r.Failures}, nil
}

func (s supervisionStore) NoteFailures(ctx context.Context, o supervision.Outage) error {
	return s.insert(ctx, "outage", s.w(ctx).NewInsert().
		Model(&outageRow{Resource: o.Resource, Provider: o.Provider, GrantID: o.Grant, Since: toMicros(o.Since), Last: toMicros(o.Last), Failures: o.Failures}).
		On("CONFLICT (resource) DO UPDATE").Set("provider = EXCLUDED.provider").Set("grant_id = EXCLUDED.grant_id").
		Set("last = EXCLUDED.last").Set("failures = o.failures + EXCLUDED.failures"))
}

func (s supervisionStore) NoteSuccess(ctx context.Context, resource string) error {
	_, err := s.exec(ctx, "end outage", "DELETE FROM service_outages WHERE resource = ?", resource)
	return err
}

func (s supervisionStore) Outages(ctx context.Context, since time.Time) ([]supervision.Outage, error) {
	var rows []outageRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("since <= ?", toMicros(since)).Order("resource").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list outages", err)
	}
	return convert(rows, outageRow.outage)
}

func (s supervisionStore) EndedAlone(ctx context.Context, since time.Time) ([]sharing.Grant, error) {
	var rows []grantRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("g.terminated_at >= ?", toMicros(since)).
		Where("NOT EXISTS (SELECT 1 FROM cases AS c WHERE c.subject = g.id AND c.procedure IN ('service_change', 'suspension', 'disposal', 'grant_change'))").
		Where("NOT EXISTS (SELECT 1 FROM violations AS v WHERE v.key = 'ended:' || g.id)").Order("g.id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list ended grants", err)
	}
	return convert(rows, grantRow.grant)
}

func (s supervisionStore) Lapsed(ctx context.Context, now time.Time, limit int) ([]procedure.Case, error) {
	var rows []caseRow
	err := s.r(ctx).NewSelect().Model(&rows).ColumnExpr("c.*").
		Join("JOIN case_clocks AS k ON k.case_id = c.id").
		Where("c.procedure = 'rectification' AND c.stage = 'ordered' AND k.clock = 'rectify'").
		Where("k.stopped_at IS NULL AND k.due <= ?", toMicros(now)).
		OrderExpr("k.due, c.id").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list lapsed orders", err)
	}
	return convert(rows, caseRow.toCase)
}

func (s supervisionStore) SharedElements(ctx context.Context) ([]supervision.ElementOf, error) {
	var out []supervision.ElementOf
	err := s.query(ctx, "list shared elements", `SELECT i.element, x.provider, min(v.published_at)
		FROM published_items AS i JOIN resources AS x ON x.id = i.resource
		JOIN resource_versions AS v ON v.resource = x.id AND v.number = x.published
		WHERE i.element <> '' AND EXISTS (SELECT 1 FROM published_items AS o
			WHERE o.element = i.element AND o.element <> '' AND o.provider <> i.provider)
		GROUP BY i.element, x.provider ORDER BY i.element, x.provider`, nil, func(rows *sql.Rows) error {
		var e supervision.ElementOf
		var since int64
		if err := rows.Scan(&e.Element, &e.Provider, &since); err != nil {
			return err
		}
		e.Since = micros(since).Time()
		out = append(out, e)
		return nil
	})
	return out, err
}

func (s supervisionStore) Designated(ctx context.Context, authority, element string) (bool, error) {
	done, err := s.r(ctx).NewSelect().Table("source_designations").
		Where("authority = ? AND element = ? AND ended_at IS NULL", authority, element).Exists(ctx)
	return done, s.failed(ctx, "read designation", err)
}

func (s supervisionStore) Unrecorded(ctx context.Context, usedBy time.Time) ([]sharing.Grant, error) {
	var rows []grantRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("g.method <> 'service_api' AND g.delivered_at <= ?", toMicros(usedBy)).
		Where("NOT EXISTS (SELECT 1 FROM usage_records AS u WHERE u.grant_id = g.id)").
		Where("NOT EXISTS (SELECT 1 FROM violations AS v WHERE v.key = 'records:' || g.id)").Order("g.id").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list grants without records", err)
	}
	return convert(rows, grantRow.grant)
}
