package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// one reads the single row that q selects into its model. None is the fault
// "not_found" for a thing of the Chinese kind.
func (d *database) one(ctx context.Context, what, kind, id string, q *bun.SelectQuery) error {
	err := q.Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Missing(kind, id)
	}
	return d.failed(ctx, "read "+what, err)
}

// insert runs an insert.
func (d *database) insert(ctx context.Context, what string, q *bun.InsertQuery) error {
	_, err := q.Exec(ctx)
	return d.failed(ctx, "insert "+what, err)
}

// affected runs an update or delete and gives the number of rows it met.
func (d *database) affected(ctx context.Context, what string, q interface {
	Exec(ctx context.Context, dest ...any) (sql.Result, error)
}) (int, error) {
	res, err := q.Exec(ctx)
	if err != nil {
		return 0, d.fail(ctx, what, err)
	}
	n, err := res.RowsAffected()
	return int(n), d.failed(ctx, what, err)
}

// swap runs a compare-and-set of one row of a table with the key "id". When
// nothing was updated it finds out which of the two reasons it has.
func (d *database) swap(ctx context.Context, table, kind, id string, q *bun.UpdateQuery) error {
	n, err := d.affected(ctx, "update "+table, q)
	if err != nil || n == 1 {
		return err
	}
	exists, err := d.w(ctx).NewSelect().Table(table).Where("id = ?", id).Exists(ctx)
	switch {
	case err != nil:
		return d.fail(ctx, "read "+table, err)
	case !exists:
		return fault.Missing(kind, id)
	}
	return changedMeanwhile()
}

// exec runs a statement with ? placeholders on the driver itself.
func (d *database) exec(ctx context.Context, what, query string, args ...any) (sql.Result, error) {
	res, err := d.raw(ctx, true).ExecContext(ctx, d.rebind(query), args...)
	return res, d.failed(ctx, what, err)
}

// query runs a select with ? placeholders on the driver itself and hands each
// row to scan.
func (d *database) query(ctx context.Context, what, query string, args []any, scan func(*sql.Rows) error) error {
	rows, err := d.raw(ctx, false).QueryContext(ctx, d.rebind(query), args...)
	if err != nil {
		return d.fail(ctx, what, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
	}
	return d.failed(ctx, what, errors.Join(rows.Err(), rows.Close()))
}

// rebind writes the placeholders of PostgreSQL. No statement of this package
// has a question mark in a literal.
func (d *database) rebind(query string) string {
	if d.engine != enginePostgres {
		return query
	}
	var b strings.Builder
	b.Grow(len(query) + 32)
	n := 0
	for i := range len(query) {
		if query[i] != '?' {
			b.WriteByte(query[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// maxParameters bounds the placeholders of one statement: SQLite takes 32,766,
// PostgreSQL 65,535.
const maxParameters = 30_000

// valuesList is "(?,?),(?,?)" for rows of the given width.
func valuesList(rows, width int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", width), ",") + ")"
	return strings.TrimSuffix(strings.Repeat(one+",", rows), ",")
}

// next counts up a named counter and gives its new value. The row is locked
// until the transaction ends, so that numbers have no gaps.
func (d *database) next(ctx context.Context, name string) (int64, error) {
	var n int64
	err := d.w(ctx).NewRaw(`INSERT INTO counters (name, value) VALUES (?, 1)
		ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value`, name).Scan(ctx, &n)
	return n, d.failed(ctx, "count up", err)
}
