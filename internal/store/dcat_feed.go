package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/search"
)

// DCATFeed gives the feed of changes for harvesters.
func (s *Store) DCATFeed() dcat.Feed { return dcatFeed{s.CatalogFeed()} }

// dcatFeed implements dcat.Feed on the catalog's own feed.
type dcatFeed struct{ *CatalogFeed }

func (f dcatFeed) Changes(ctx context.Context, position string, limit int) ([]dcat.Change, string, bool, error) {
	changes, next, more, err := f.PublicChanges(ctx, position, limit)
	if errors.Is(err, search.ErrPositionVoid) {
		return nil, "", false, dcat.CursorVoid()
	}
	// A harvester that finds nothing keeps its position, so that it can be told
	// "not changed" the next time. One inside a long answer has to go on.
	if len(changes) == 0 && !strings.Contains(position, "/") && position != "" {
		next = position
	}
	out := make([]dcat.Change, 0, len(changes))
	for _, c := range changes {
		out = append(out, dcat.Change{Resource: c.Resource, Gone: c.Gone})
	}
	return out, next, more, err
}

// State is the number of the last change, on PostgreSQL with the transactions
// under way that could still bring an earlier one.
func (f dcatFeed) State(ctx context.Context) (name string, last time.Time, err error) {
	number := "CAST(f.published AS TEXT)"
	if f.engine == enginePostgres {
		number = `f.published::text || '.' || coalesce(
			(SELECT string_agg(x::text, ',' ORDER BY x) FROM pg_snapshot_xip(pg_current_snapshot()) AS x WHERE x < f.published), '')`
	}
	var at sql.NullInt64
	err = f.query(ctx, "read the last change", "SELECT "+number+`, v.published_at FROM catalog_feed AS f
		LEFT JOIN resources AS r ON r.id = f.id LEFT JOIN resource_versions AS v ON v.resource = r.id AND v.number = r.published
		WHERE f.kind = 'resource' AND f.published IS NOT NULL ORDER BY f.published DESC LIMIT 1`, nil,
		func(rows *sql.Rows) error { return rows.Scan(&name, &at) })
	if at.Valid {
		last = micros(at.Int64).Time()
	}
	return name, last, err
}
