package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// hostedStore implements catalog.Hosted.
type hostedStore struct{ *database }

func (s hostedStore) CreateTable(ctx context.Context, resource string, items []catalog.Item) error {
	table, err := hostedTable(resource)
	if err != nil {
		return err
	}
	checked, err := checkItems(items)
	if err != nil {
		return err
	}
	return s.Do(ctx, func(ctx context.Context) error {
		// The row is the lock: of two that make the table at once, one waits
		// here and then finds it made.
		res, err := s.exec(ctx, "note hosted table", `INSERT INTO hosted_tables (resource, definition) VALUES (?, ?)
			ON CONFLICT (resource) DO NOTHING`, resource, definitionOf(checked.columns()))
		if err != nil {
			return err
		}
		made, err := res.RowsAffected()
		if err != nil {
			return s.fail(ctx, "note hosted table", err)
		}
		if made == 0 {
			return s.evolve(ctx, resource, table, checked)
		}
		_, err = s.exec(ctx, "create hosted table", checked.ddl(s.engine, table))
		return err
	})
}

// Query reads the rows inside all conditions. Rows are ordered by the key
// items in the order of q.Items; After takes the values of the last row seen. The
// items may be those of an earlier version: what was removed since is null, and
// a condition on it holds for no row. The limit is 100 when none is given.
func (s hostedStore) Query(ctx context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	table, err := hostedTable(q.Resource)
	if err != nil {
		return nil, err
	}
	items, err := checkItems(q.Items)
	if err != nil {
		return nil, err
	}
	var out []catalog.Row
	err = s.steady(ctx, q.Resource, func(shape hostedShape) (bool, error) {
		out, err = s.queryShape(ctx, table, q, items, shape)
		return len(out) > 0, err
	})
	return out, err
}

// queryShape reads from a table of the given shape; from one of another shape
// nothing.
func (s hostedStore) queryShape(ctx context.Context, table string, q catalog.HostedQuery, items hostedItems, shape hostedShape) ([]catalog.Row, error) {
	items, err := shape.reads(items)
	if err != nil {
		return nil, err
	}
	selected, err := items.selected(q.Select)
	if err != nil {
		return nil, err
	}
	where, args, err := items.where(q.Where)
	if err != nil {
		return nil, err
	}
	keys := columnsOf(items.keys)
	if len(q.After) > 0 {
		after, err := items.after(q.After)
		if err != nil {
			return nil, err
		}
		where = append(where, "("+strings.Join(keys, ", ")+") > "+valuesList(1, len(keys)))
		args = append(args, after...)
	}
	where = append(where, unchanged)
	args = append(args, q.Resource, shape.generation, limitOr(q.Limit))
	statement := "SELECT " + strings.Join(items.expressions(selected), ", ") + " FROM " + table + whereClause(where) +
		" ORDER BY " + strings.Join(keys, ", ") + " LIMIT ?"
	return s.rows(ctx, statement, args, selected)
}

func (s hostedStore) rows(ctx context.Context, statement string, args []any, selected []catalog.Item) ([]catalog.Row, error) {
	var out []catalog.Row
	cells := make([]any, len(selected))
	into := make([]any, len(selected))
	for i := range cells {
		into[i] = &cells[i]
	}
	err := s.query(ctx, "query hosted table", statement, args, func(rows *sql.Rows) error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := make(catalog.Row, len(selected))
		for i, item := range selected {
			v, err := rowValue(item, cells[i])
			if err != nil {
				return err
			}
			row[item.Code] = v
		}
		out = append(out, row)
		return nil
	})
	return out, err
}

// Count counts the rows inside all conditions.
func (s hostedStore) Count(ctx context.Context, resource string, conditions []catalog.Condition) (int, error) {
	table, err := hostedTable(resource)
	if err != nil {
		return 0, err
	}
	n := -1
	err = s.steady(ctx, resource, func(shape hostedShape) (bool, error) {
		items, err := checkItems(shape.items())
		if err != nil {
			return false, err
		}
		where, args, err := items.where(conditions)
		if err != nil {
			return false, err
		}
		err = s.query(ctx, "count hosted rows", "SELECT count(*) FROM "+table+whereClause(append(where, unchanged)),
			append(args, resource, shape.generation), func(rows *sql.Rows) error { return rows.Scan(&n) })
		return n > 0, err
	})
	if err == nil && n < 0 {
		err = errors.New("count hosted rows: no answer")
	}
	return n, err
}
