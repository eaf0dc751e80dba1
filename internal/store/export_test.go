package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
)

// Concurrent tells whether writers run beside each other.
func (s *Store) Concurrent() bool { return s.db.engine == enginePostgres }

// Exec runs a statement as somebody with a database console would.
func (s *Store) Exec(ctx context.Context, statement string) error {
	_, err := s.db.write.DB.ExecContext(ctx, statement)
	return err
}

// Text reads one value as text.
func (s *Store) Text(ctx context.Context, query string) (string, error) {
	var v string
	err := s.db.write.DB.QueryRowContext(ctx, query).Scan(&v)
	return v, err
}

// PrefixEnd, RoundTrip and Order give the tests what they check.
var PrefixEnd = prefixEnd

// RoundTrip sends a time through the stored form.
func RoundTrip(t time.Time) time.Time { return toMicros(t).Time() }

// Order compares the stored forms of two times.
func Order(a, b time.Time) int {
	switch x, y := toMicros(a), toMicros(b); {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// Migrations is the embedded tree.
var Migrations = migrations

// IsSerialization tells whether an error is worth another attempt.
var IsSerialization = isSerialization

// TxText reads one value as text in the running transaction.
func (s *Store) TxText(ctx context.Context, query string) (string, error) {
	var v string
	err := s.db.query(ctx, "test", query, nil, func(rows *sql.Rows) error { return rows.Scan(&v) })
	return v, err
}

// Clock reads one clock of a case, running or not.
func (s *Store) Clock(ctx context.Context, caseID, clock string) (casework.Deadline, error) {
	var row clockRow
	err := s.db.write.NewSelect().Model(&row).Where("case_id = ? AND clock = ?", caseID, clock).Scan(ctx)
	return row.deadline(), err
}

// Remembered and Remember are what this node remembers of a hosted table.
func (s *Store) Remembered(resource string) any {
	v, _ := s.db.hostedTables.Load(resource)
	return v
}

// Remember puts back what was remembered, as a node has it that heard nothing.
func (s *Store) Remember(resource string, shape any) { s.db.hostedTables.Store(resource, shape) }

// HostedTable names the table of a resource.
func (s *Store) HostedTable(resource string) string {
	name, _ := hostedTable(resource)
	return name
}
