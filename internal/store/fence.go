package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// FenceKind says why a log must not grow.
type FenceKind string

const (
	// HandedOver: another place goes on with this log.
	HandedOver FenceKind = "handed_over"
	// Restored: it came from a backup, which nobody has acknowledged yet.
	Restored FenceKind = "restored"
)

// Fence stops the ledger of a database, and with it every act and every call,
// on all replicas at once: a trigger refuses to move the head.
type Fence struct {
	ID    string
	Kind  FenceKind
	At    time.Time
	Facts string // JSON, as whoever put it up knows
}

type fenceRow struct {
	bun.BaseModel `bun:"table:node_fences,alias:f"`

	ID       string  `bun:"id,pk"`
	Kind     string  `bun:"kind"`
	At       micros  `bun:"at"`
	Facts    string  `bun:"facts"`
	LiftedAt *micros `bun:"lifted_at"`
	Entry    string  `bun:"entry"`
}

// Fenced gives the fence that stands, or nil.
func (n *Node) Fenced(ctx context.Context) (*Fence, error) {
	var rows []fenceRow
	err := n.db.r(ctx).NewSelect().Model(&rows).Where("lifted_at IS NULL").Order("at", "id").Scan(ctx)
	if err != nil {
		return nil, n.db.fail(ctx, "read the fence", err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	r := rows[len(rows)-1]
	return &Fence{ID: r.ID, Kind: FenceKind(r.Kind), At: r.At.Time(), Facts: r.Facts}, nil
}

// PutFence puts a fence up. What is appended before, in the same transaction,
// is the last that the log takes.
func (n *Node) PutFence(ctx context.Context, f Fence) error {
	return n.db.insert(ctx, "fence", n.db.w(ctx).NewInsert().Model(&fenceRow{ID: f.ID, Kind: string(f.Kind), At: toMicros(f.At), Facts: f.Facts}))
}

// LiftFences takes down all that stand, for the ledger entry that says so.
func (n *Node) LiftFences(ctx context.Context, at time.Time, entry string) error {
	_, err := n.db.affected(ctx, "lift fences", n.db.w(ctx).NewUpdate().Model((*fenceRow)(nil)).
		Set("lifted_at = ?", toMicros(at)).Set("entry = ?", entry).Where("lifted_at IS NULL"))
	return err
}

// fenced is the fault of an append that a fence refused; nil for other errors.
func fenced(err error) *fault.Fault {
	const text = "ledger is fenced" // as in the migrations
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Message != text || err == nil || !strings.Contains(err.Error(), text) {
		return nil
	}
	return fault.New(fault.Unavailable, "node_fenced", "本节点的存证日志已停止写入:已移交他处,或者恢复后尚未确认").Because(err)
}

// ForgetSessions ends all sessions: those of a restored database may have been
// ended after the backup.
func (n *Node) ForgetSessions(ctx context.Context) error {
	_, err := n.db.exec(ctx, "forget sessions", "DELETE FROM sessions")
	return err
}

// Kind tells the engine: "sqlite" or "postgres".
func (s *Store) Kind() string { return string(s.db.engine) }

// Empty tells whether the database has no tables at all.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master`
	if s.db.engine == enginePostgres {
		query = `SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema')`
	}
	n := 0
	err := s.db.query(ctx, "look for tables", query, nil, func(rows *sql.Rows) error { return rows.Scan(&n) })
	return n == 0, err
}
