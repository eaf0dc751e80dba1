package store

import (
	"context"
	"database/sql"
	"time"
)

// Figures are how the node stands, for its operators.
type Figures struct {
	LedgerEntries uint64
	Projections   map[string]uint64 // name → next entry that it reads
	OutboxWaiting int
	OutboxOldest  time.Time // zero: none waits
	ClocksRunning int
	ClocksOverdue int
}

// Figures counts, up to a limit: what is more is as bad.
func (s *Store) Figures(ctx context.Context, limit int) (Figures, error) {
	f := Figures{Projections: map[string]uint64{}}
	one := func(what, query string, into any, args ...any) func() error {
		return func() error {
			return s.db.query(ctx, what, query, args, func(rows *sql.Rows) error { return rows.Scan(into) })
		}
	}
	var size int64
	var oldest *int64
	for _, ask := range []func() error{
		one("read the ledger's size", "SELECT size FROM ledger_head WHERE id = 1", &size),
		one("count waiting messages", "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE handled_at IS NULL LIMIT ?) x", &f.OutboxWaiting, limit),
		one("find the oldest message", "SELECT min(at) FROM outbox WHERE handled_at IS NULL", &oldest),
		one("count running clocks", "SELECT count(*) FROM (SELECT 1 FROM case_clocks WHERE stopped_at IS NULL LIMIT ?) x", &f.ClocksRunning, limit),
		one("count overdue clocks", "SELECT count(*) FROM (SELECT 1 FROM case_clocks WHERE stopped_at IS NULL AND overdue_at IS NOT NULL LIMIT ?) x",
			&f.ClocksOverdue, limit),
	} {
		if err := ask(); err != nil {
			return f, err
		}
	}
	f.LedgerEntries = uint64(size)
	if oldest != nil {
		f.OutboxOldest = micros(*oldest).Time()
	}
	return f, s.db.query(ctx, "read projections", "SELECT name, next_index FROM projections", nil, func(rows *sql.Rows) error {
		var name string
		var next int64
		if err := rows.Scan(&name, &next); err != nil {
			return err
		}
		f.Projections[name] = uint64(next)
		return nil
	})
}

// Pools gives the state of the connection pools by name.
func (s *Store) Pools() map[string]sql.DBStats {
	out := map[string]sql.DBStats{"write": s.db.write.Stats()}
	if s.db.read != s.db.write {
		out["read"] = s.db.read.Stats()
	}
	return out
}
