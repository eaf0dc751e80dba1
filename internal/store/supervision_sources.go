package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/supervision"
)

func (s supervisionStore) Parties(ctx context.Context, caseID string) (map[string]string, error) {
	c, err := s.caseOf(ctx, caseID)
	return c.Parties, err
}

// caseOf reads a case; one that is not here is empty.
func (s supervisionStore) caseOf(ctx context.Context, id string) (procedure.Case, error) {
	var row caseRow
	err := s.one(ctx, "case", "办件", id, s.r(ctx).NewSelect().Model(&row).Where("c.id = ?", id))
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return procedure.Case{}, nil
	}
	if err != nil {
		return procedure.Case{}, err
	}
	return row.toCase()
}

func (s supervisionStore) ConsumerIn(ctx context.Context, caseID, department string) (bool, error) {
	c, err := s.caseOf(ctx, caseID)
	if err != nil {
		return false, err
	}
	named := append(procedure.Texts(c.Facts["grants"]), procedure.Texts(c.Facts["cut_grants"])...)
	if len(named) == 0 {
		return false, nil
	}
	found, err := s.r(ctx).NewSelect().Table("grants").Where("id IN (?) AND consumer = ?", bun.List(named), department).Exists(ctx)
	return found, s.failed(ctx, "read grants of a case", err)
}

type overruledRow struct {
	bun.BaseModel `bun:"table:overruled_refusals,alias:o"`

	Entry    string `bun:"entry,pk"`
	Provider string `bun:"provider"`
	CaseID   string `bun:"case_id"`
	Action   string `bun:"action"`
	At       micros `bun:"at"`
}

func (r overruledRow) overruled() (supervision.Overruled, error) {
	return supervision.Overruled{Entry: r.Entry, Provider: r.Provider, Case: r.CaseID, Action: r.Action, At: r.At.Time()}, nil
}

func (s supervisionStore) NoteOverruled(ctx context.Context, o supervision.Overruled) error {
	return s.insert(ctx, "overruled refusal", s.w(ctx).NewInsert().
		Model(&overruledRow{Entry: o.Entry, Provider: o.Provider, CaseID: o.Case, Action: o.Action, At: toMicros(o.At)}).
		On("CONFLICT (entry) DO NOTHING"))
}

func (s supervisionStore) OverruledOf(ctx context.Context, provider string, since time.Time) ([]supervision.Overruled, error) {
	var rows []overruledRow
	err := s.r(ctx).NewSelect().Model(&rows).Where("provider = ? AND at >= ?", provider, toMicros(since)).Order("at", "entry").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list overruled refusals", err)
	}
	return convert(rows, overruledRow.overruled)
}

func (s supervisionStore) Rivals(ctx context.Context) ([]supervision.Rival, error) {
	var out []supervision.Rival
	err := s.query(ctx, "list entries beside the source", `SELECT d.id, d.authority, d.element, d.department, i.provider, i.resource, v.published_at, d.designated_at
		FROM source_designations AS d JOIN published_items AS i ON i.element = d.element
		JOIN resources AS x ON x.id = i.resource
		JOIN resource_versions AS v ON v.resource = x.id AND v.number = x.published
		WHERE d.ended_at IS NULL AND i.provider <> d.department AND i.authoritative AND v.published_at < d.designated_at
			AND NOT EXISTS (SELECT 1 FROM violations AS w WHERE w.key = 'rival:' || d.id || ':' || i.resource)
		GROUP BY d.id, d.authority, d.element, d.department, i.provider, i.resource, v.published_at, d.designated_at
		ORDER BY d.id, i.resource`, nil, func(rows *sql.Rows) error {
		var r supervision.Rival
		var published, designated int64
		if err := rows.Scan(&r.Designation, &r.Authority, &r.Element, &r.Source, &r.Provider, &r.Resource, &published, &designated); err != nil {
			return err
		}
		r.PublishedAt, r.DesignatedAt = micros(published).Time(), micros(designated).Time()
		out = append(out, r)
		return nil
	})
	return out, err
}

// CollectedAnyway takes the first publication of a resource: an entry that was
// there before the plan was declined says nothing of a later collection.
func (s supervisionStore) CollectedAnyway(ctx context.Context) ([]supervision.Anyway, error) {
	collector, element := "p.parties ->> 'collector'", "i.value ->> 'element'"
	expand := func(alias string) string { return "json_each(" + alias + ".facts, '$.items') AS i" }
	if s.engine == enginePostgres {
		expand = func(alias string) string {
			return "LATERAL jsonb_array_elements(CASE jsonb_typeof(" + alias + ".facts -> 'items') WHEN 'array' THEN " + alias + ".facts -> 'items' ELSE '[]'::jsonb END) AS i (value)"
		}
	}
	var out []supervision.Anyway
	err := s.query(ctx, "list what was collected anyway", `WITH declined AS (
			SELECT DISTINCT p.id, `+collector+` AS department, `+element+` AS element, p.closed_at
			FROM cases AS p CROSS JOIN `+expand("p")+`
			WHERE p.procedure = 'collection_plan' AND p.stage = 'declined' AND coalesce(`+element+`, '') <> ''
		), first_published AS (
			SELECT d.id, d.department, d.element, d.closed_at, i.resource,
				(SELECT min(v.published_at) FROM resource_versions AS v WHERE v.resource = i.resource AND v.published_at IS NOT NULL) AS published_at
			FROM declined AS d JOIN published_items AS i ON i.element = d.element AND i.provider = d.department
		)
		SELECT DISTINCT f.id, f.department, f.element, f.resource, f.closed_at, f.published_at FROM first_published AS f
		WHERE f.published_at > f.closed_at
			AND NOT EXISTS (SELECT 1 FROM violations AS w WHERE w.key = 'collected:' || f.id || ':' || f.resource)
			AND EXISTS (SELECT 1 FROM published_items AS o WHERE o.element = f.element AND o.provider <> f.department AND o.attribute <> 'withheld'
				AND (SELECT min(v.published_at) FROM resource_versions AS v WHERE v.resource = o.resource AND v.published_at IS NOT NULL) < f.published_at)
			AND NOT EXISTS (SELECT 1 FROM cases AS p CROSS JOIN `+expand("p")+`
				WHERE p.procedure = 'collection_plan' AND p.stage = 'approved' AND `+collector+` = f.department AND `+element+` = f.element)
			AND NOT EXISTS (SELECT 1 FROM grants AS g JOIN published_items AS o ON o.resource = g.resource
				WHERE g.consumer = f.department AND o.element = f.element)
		ORDER BY f.id, f.resource`, nil, func(rows *sql.Rows) error {
		var x supervision.Anyway
		var declined, published int64
		if err := rows.Scan(&x.Plan, &x.Department, &x.Element, &x.Resource, &declined, &published); err != nil {
			return err
		}
		x.DeclinedAt, x.PublishedAt = micros(declined).Time(), micros(published).Time()
		out = append(out, x)
		return nil
	})
	return out, err
}
