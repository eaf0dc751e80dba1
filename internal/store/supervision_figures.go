package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/shuqiao/shuqiao/internal/supervision"
)

// inTerritory narrows departments (alias d, joined with regions r) to a
// subtree of the regions.
const inTerritory = " r.path >= ? AND r.path < ? "

// counts runs a query that gives a department and two numbers.
func (s supervisionStore) counts(ctx context.Context, what, query string, args []any, take func(department string, a, b, c int)) error {
	return s.query(ctx, what, query, args, func(rows *sql.Rows) error {
		var department string
		var a, b, c int
		if err := rows.Scan(&department, &a, &b, &c); err != nil {
			return err
		}
		take(department, a, b, c)
		return nil
	})
}

func (s supervisionStore) CatalogFigures(ctx context.Context, path string, to time.Time) (map[string]supervision.CatalogFigures, error) {
	const live = "EXISTS (SELECT 1 FROM resource_versions AS v WHERE v.resource = x.id AND v.status IN ('published', 'superseded') AND v.published_at < ?)"
	query := `SELECT x.provider, count(*),
			coalesce(sum(CASE WHEN x.published > 0 AND ` + live + ` THEN 1 ELSE 0 END), 0),
			coalesce(sum(CASE WHEN x.published > 0 AND ` + live + ` AND (EXISTS (SELECT 1 FROM hosted_tables AS h WHERE h.resource = x.id)
				OR EXISTS (SELECT 1 FROM resource_versions AS p WHERE p.resource = x.id AND p.number = x.published AND p.collection = 'linked_service'))
				THEN 1 ELSE 0 END), 0)
		FROM resources AS x JOIN departments AS d ON d.id = x.provider JOIN regions AS r ON r.code = d.region
		WHERE x.created_at < ? AND (x.published > 0 OR x.pending > 0) AND` + inTerritory + `GROUP BY x.provider`
	out := map[string]supervision.CatalogFigures{}
	end := int64(toMicros(to))
	err := s.counts(ctx, "count the catalog", query, []any{end, end, end, path, prefixEnd(path)}, func(department string, a, b, c int) {
		out[department] = supervision.CatalogFigures{Entries: a, Published: b, Linked: c}
	})
	return out, err
}

func (s supervisionStore) ClockFigures(ctx context.Context, clocks []string, path string, from, to, now time.Time) (map[string]supervision.ClockFigures, error) {
	out := map[string]supervision.ClockFigures{}
	if len(clocks) == 0 {
		return out, nil
	}
	end := int64(min(toMicros(to), toMicros(now)))
	begin := int64(toMicros(from))
	// A clock stopped by a withdrawal or a supplement notice was not answered.
	const kept = "k.stopped_at IS NOT NULL AND k.stopped_at < k.due AND c.stage NOT IN ('withdrawn', 'supplementing') AND k.stopped_at >= ? AND k.stopped_at < ?"
	const late = "(k.stopped_at IS NULL OR k.stopped_at >= k.due) AND k.due >= ? AND k.due <= ?"
	query := `SELECT k.department, sum(CASE WHEN ` + kept + ` THEN 1 ELSE 0 END), sum(CASE WHEN ` + late + ` THEN 1 ELSE 0 END), count(*)
		FROM case_clocks AS k JOIN cases AS c ON c.id = k.case_id
		JOIN departments AS d ON d.id = k.department JOIN regions AS r ON r.code = d.region
		WHERE c.procedure || '.' || k.clock IN ` + valuesList(1, len(clocks)) + ` AND` + inTerritory + `
			AND ((k.stopped_at >= ? AND k.stopped_at < ?) OR (k.due >= ? AND k.due <= ?))
		GROUP BY k.department`
	args := []any{begin, end, begin, end}
	for _, name := range clocks {
		args = append(args, name)
	}
	args = append(args, path, prefixEnd(path), begin, end, begin, end)
	err := s.counts(ctx, "count the clocks", query, args, func(department string, a, b, _ int) {
		out[department] = supervision.ClockFigures{Kept: a, Late: b}
	})
	return out, err
}

func (s supervisionStore) GrantFigures(ctx context.Context, path string, from, to time.Time) (map[string]supervision.UseFigures, error) {
	out := map[string]supervision.UseFigures{}
	begin, end := int64(toMicros(from)), int64(toMicros(to))
	err := s.counts(ctx, "count the grants", `SELECT g.consumer, count(*),
			coalesce(sum(CASE WHEN g.delivered_at IS NOT NULL AND g.delivered_at < ? THEN 1 ELSE 0 END), 0), 0
		FROM grants AS g JOIN departments AS d ON d.id = g.consumer JOIN regions AS r ON r.code = d.region
		WHERE g.not_before < ? AND g.not_after > ? AND (g.terminated_at IS NULL OR g.terminated_at > ?) AND`+inTerritory+`GROUP BY g.consumer`,
		[]any{end, end, begin, begin, path, prefixEnd(path)}, func(department string, a, b, _ int) {
			out[department] = supervision.UseFigures{Granted: a, Used: b}
		})
	return out, err
}

func (s supervisionStore) Breaches(ctx context.Context, path string, from, to time.Time) (map[string]int, error) {
	out := map[string]int{}
	err := s.counts(ctx, "count the violations", `SELECT v.department, count(*), 0, 0
		FROM violations AS v JOIN cases AS c ON c.id = v.rectification
		JOIN departments AS d ON d.id = v.department JOIN regions AS r ON r.code = d.region
		WHERE v.at >= ? AND v.at < ? AND c.stage <> 'dismissed' AND`+inTerritory+`GROUP BY v.department`,
		[]any{int64(toMicros(from)), int64(toMicros(to)), path, prefixEnd(path)},
		func(department string, a, _, _ int) { out[department] = a })
	return out, err
}

func (s supervisionStore) Complaints(ctx context.Context, path string, from, to time.Time) (map[string]int, error) {
	about, result := "json_extract(c.facts, '$.about')", "coalesce(json_extract(c.facts, '$.result'), '')"
	if s.engine == enginePostgres {
		about, result = "c.facts->>'about'", "coalesce(c.facts->>'result', '')"
	}
	out := map[string]int{}
	err := s.counts(ctx, "count the complaints", `SELECT d.id, count(*), 0, 0
		FROM cases AS c JOIN departments AS d ON d.id = `+about+` JOIN regions AS r ON r.code = d.region
		WHERE c.procedure = 'complaint' AND c.stage NOT IN ('not_accepted', 'transferred') AND `+result+` <> 'unfounded'
			AND c.opened_at >= ? AND c.opened_at < ? AND`+inTerritory+`GROUP BY d.id`,
		[]any{int64(toMicros(from)), int64(toMicros(to)), path, prefixEnd(path)},
		func(department string, a, _, _ int) { out[department] = a })
	return out, err
}
