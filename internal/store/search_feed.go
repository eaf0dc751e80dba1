package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/search"
)

// CatalogFeed is the feed of changes of the catalog: for the search index,
// which follows every change, and for harvesters, who follow what is public. A
// position is an opaque text; the empty one is the beginning. It stays good for
// as long as the database lives: each changed thing is told once, in its last
// state, so the feed never grows beyond the catalog.
//
// On PostgreSQL a position is a snapshot of transactions: what committed after
// it is exactly what it does not see, however the transactions overlapped. On
// SQLite, where writers come one after the other, it is a number.
type CatalogFeed struct{ *database }

// CatalogFeed gives the feed of changes of the catalog.
func (s *Store) CatalogFeed() *CatalogFeed { return &CatalogFeed{s.db} }

// PublicChange is a published entry that is new, changed or gone.
type PublicChange struct {
	Resource string
	Gone     bool // no longer published
}

// feedLine is a line of the feed.
type feedLine struct {
	kind, id, changed string
}

// Epoch identifies the database: positions of another one are void.
func (f *CatalogFeed) Epoch(ctx context.Context) (string, error) {
	if f.engine == engineSQLite {
		return f.text(ctx, "read epoch", "SELECT epoch FROM catalog_feed_epoch")
	}
	allowed, err := f.text(ctx, "read epoch", "SELECT has_function_privilege('pg_control_system()', 'EXECUTE')::text")
	if err != nil {
		return "", err
	}
	database, err := f.text(ctx, "read epoch", "SELECT oid::text FROM pg_database WHERE datname = current_database()")
	if err != nil || allowed != "true" {
		return database, err
	}
	cluster, err := f.text(ctx, "read epoch", "SELECT system_identifier::text FROM pg_control_system()")
	return cluster + "." + database, err
}

func (f *CatalogFeed) text(ctx context.Context, what, query string) (string, error) {
	var out string
	err := f.query(ctx, what, query, nil, func(rows *sql.Rows) error { return rows.Scan(&out) })
	return out, err
}

// Position is where the feed stands now.
func (f *CatalogFeed) Position(ctx context.Context) (string, error) {
	if f.engine == engineSQLite {
		return f.text(ctx, "read feed", "SELECT CAST(coalesce(max(changed), 0) AS TEXT) FROM catalog_feed")
	}
	// A dump that was restored into another cluster brings numbers of its own;
	// those ahead of this cluster's would be told again and again.
	for _, column := range []string{"changed", "published"} {
		_, err := f.exec(ctx, "heal feed", "UPDATE catalog_feed SET "+column+" = pg_current_xact_id() WHERE "+column+" > pg_snapshot_xmax(pg_current_snapshot())")
		if err != nil {
			return "", err
		}
	}
	return f.snapshot(ctx)
}

func (f *CatalogFeed) snapshot(ctx context.Context) (string, error) {
	return f.text(ctx, "read feed", "SELECT pg_current_snapshot()::text")
}

// Changes gives what changed after the position, published or not.
func (f *CatalogFeed) Changes(ctx context.Context, position string, limit int) ([]search.Change, string, bool, error) {
	lines, next, more, err := f.after(ctx, "changed", position, limit)
	if err != nil {
		return nil, "", false, err
	}
	out := make([]search.Change, 0, len(lines))
	for _, l := range lines {
		if l.kind == "resource" {
			out = append(out, search.Change{Resource: l.id})
		} else {
			out = append(out, search.Change{Directory: true})
		}
	}
	return out, next, more, nil
}

// PublicChanges gives the entries whose published state changed after the
// position, and the position to go on from; more: at once. A void position is
// search.ErrPositionVoid: the harvester begins anew.
func (f *CatalogFeed) PublicChanges(ctx context.Context, position string, limit int) ([]PublicChange, string, bool, error) {
	lines, next, more, err := f.after(ctx, "published", position, limit)
	if err != nil || len(lines) == 0 {
		return nil, next, more, err
	}
	args := make([]any, 0, len(lines))
	for _, l := range lines {
		args = append(args, l.id)
	}
	live := map[string]bool{}
	err = f.query(ctx, "read feed", "SELECT id FROM resources WHERE published > 0 AND id IN "+valuesList(1, len(args)), args, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		live[id] = true
		return err
	})
	out := make([]PublicChange, 0, len(lines))
	for _, l := range lines {
		out = append(out, PublicChange{Resource: l.id, Gone: !live[l.id]})
	}
	return out, next, more, err
}

// after reads the feed by one of its two columns.
func (f *CatalogFeed) after(ctx context.Context, column, position string, limit int) ([]feedLine, string, bool, error) {
	limit = min(max(limit, 1), maxParameters)
	if f.engine == engineSQLite {
		return f.afterNumber(ctx, column, position, limit)
	}
	return f.afterSnapshot(ctx, column, position, limit)
}

func (f *CatalogFeed) lines(ctx context.Context, query string, args ...any) ([]feedLine, error) {
	var out []feedLine
	err := f.query(ctx, "read feed", query, args, func(rows *sql.Rows) error {
		var l feedLine
		err := rows.Scan(&l.kind, &l.id, &l.changed)
		out = append(out, l)
		return err
	})
	return out, err
}

func (f *CatalogFeed) afterNumber(ctx context.Context, column, position string, limit int) ([]feedLine, string, bool, error) {
	after, err := strconv.ParseInt("0"+position, 10, 64)
	if err != nil {
		return nil, "", false, search.ErrPositionVoid
	}
	var last int64
	newest, err := f.text(ctx, "read feed", "SELECT CAST(coalesce(max(changed), 0) AS TEXT) FROM catalog_feed")
	if err == nil {
		last, err = strconv.ParseInt(newest, 10, 64)
	}
	if err != nil {
		return nil, "", false, err
	}
	if after > last { // an older copy of the database was put back
		return nil, "", false, search.ErrPositionVoid
	}
	lines, err := f.lines(ctx, "SELECT kind, id, "+column+" FROM catalog_feed WHERE "+column+" > ? ORDER BY "+column+" LIMIT ?", after, limit)
	if err != nil {
		return nil, "", false, err
	}
	next := position
	if len(lines) > 0 {
		next = lines[len(lines)-1].changed
	}
	return lines, next, len(lines) == limit, nil
}

// snapshotPosition is a position on PostgreSQL: what the reader has seen, and in
// the middle of a long answer, where that will end and the last line given.
type snapshotPosition struct {
	seen, until   string
	changed, last string
}

func parseSnapshotPosition(s string) (p snapshotPosition, ok bool) {
	parts := strings.Split(s, "/")
	switch {
	case s == "":
		return snapshotPosition{seen: "1:1:", changed: "0"}, true
	case len(parts) == 1:
		return snapshotPosition{seen: s, changed: "0"}, true
	case len(parts) == 4:
		return snapshotPosition{parts[0], parts[1], parts[2], parts[3]}, true
	}
	return p, false
}

// validSnapshot keeps out what PostgreSQL would refuse.
func validSnapshot(s string) bool {
	parts := strings.Split(s, ":")
	if len(parts) != 3 {
		return false
	}
	for i, list := range parts {
		for _, n := range strings.Split(list, ",") {
			if _, err := strconv.ParseUint(n, 10, 64); err != nil && !(i == 2 && list == "") {
				return false
			}
		}
	}
	return true
}

func (f *CatalogFeed) afterSnapshot(ctx context.Context, column, position string, limit int) ([]feedLine, string, bool, error) {
	p, ok := parseSnapshotPosition(position)
	if _, err := strconv.ParseUint(p.changed, 10, 64); !ok || err != nil || !validSnapshot(p.seen) || p.until != "" && !validSnapshot(p.until) {
		return nil, "", false, search.ErrPositionVoid
	}
	now, err := f.snapshot(ctx)
	if err != nil {
		return nil, "", false, err
	}
	if p.until == "" {
		p.until = now
	}
	if xmin(p.seen) > xmax(now) { // of another cluster, or before a restore
		return nil, "", false, search.ErrPositionVoid
	}
	// What committed since the snapshot was taken is told as well, and once more
	// the next time: harmless. Ordered by the column that has the index, as a
	// number: without its table the name would be that of the text selected.
	lines, err := f.lines(ctx, fmt.Sprintf(`SELECT kind, id, %[1]s::text FROM catalog_feed
		WHERE %[1]s >= pg_snapshot_xmin(?::text::pg_snapshot) AND NOT pg_visible_in_snapshot(%[1]s, ?::text::pg_snapshot)
		AND %[1]s >= ?::text::xid8 AND (%[1]s, id) > (?::text::xid8, ?::text)
		ORDER BY catalog_feed.%[1]s, id LIMIT ?`, column), p.seen, p.seen, p.changed, p.changed, p.last, limit)
	if err != nil {
		return nil, "", false, err
	}
	if len(lines) < limit {
		return lines, p.until, false, nil
	}
	last := lines[len(lines)-1]
	return lines, strings.Join([]string{p.seen, p.until, last.changed, last.id}, "/"), true, nil
}

func xmin(snapshot string) uint64 {
	s, _, _ := strings.Cut(snapshot, ":")
	n, _ := strconv.ParseUint(s, 10, 64)
	return n
}

func xmax(snapshot string) uint64 {
	_, s, _ := strings.Cut(snapshot, ":")
	return xmin(s)
}
