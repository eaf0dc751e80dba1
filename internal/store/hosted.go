package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
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
			ON CONFLICT (resource) DO NOTHING`, resource, checked.definition())
		if err != nil {
			return err
		}
		made, err := res.RowsAffected()
		if err != nil {
			return s.fail(ctx, "note hosted table", err)
		}
		if made == 0 {
			return s.sameDefinition(ctx, resource, checked)
		}
		_, err = s.exec(ctx, "create hosted table", checked.ddl(s.engine, table))
		return err
	})
}

// definition gives what the table of a resource is made of. It never changes
// once made, so what is committed is remembered.
func (s hostedStore) definition(ctx context.Context, resource string) (string, error) {
	if known, ok := s.hostedTables.Load(resource); ok {
		return known.(string), nil
	}
	var definition string
	err := s.query(ctx, "read hosted table", "SELECT definition FROM hosted_tables WHERE resource = ?", []any{resource},
		func(rows *sql.Rows) error { return rows.Scan(&definition) })
	if err == nil && definition == "" {
		err = fault.Missing("汇聚数据表", resource)
	}
	if err == nil && !s.InTx(ctx) {
		s.hostedTables.Store(resource, definition)
	}
	return definition, err
}

// sameDefinition refuses items that are not those of the table.
func (s hostedStore) sameDefinition(ctx context.Context, resource string, items hostedItems) error {
	have, err := s.definition(ctx, resource)
	if err == nil && have != items.definition() {
		err = fault.New(fault.Conflict, "hosted_table_differs", "数据项与已建立的汇聚表不一致")
	}
	return err
}

// itemsOf gives the items of a resource's table, for those who ask without
// them: codes and keys, and a type of the same kind.
func (s hostedStore) itemsOf(ctx context.Context, resource string) (hostedItems, error) {
	definition, err := s.definition(ctx, resource)
	if err != nil {
		return hostedItems{}, err
	}
	types := map[string]string{string(kindText): "C", string(kindInteger): "I", string(kindNumber): "N", string(kindBoolean): "L"}
	var items []catalog.Item
	for _, line := range strings.Split(definition, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			return hostedItems{}, fmt.Errorf("hosted table of %s: definition %q", resource, line)
		}
		items = append(items, catalog.Item{Code: words[0], Type: types[words[1]], Key: words[len(words)-1] == "key"})
	}
	return checkItems(items)
}

// Query reads the rows inside all conditions. Rows are ordered by the key
// items in the order of q.Items; After takes the values of the last row seen.
// The limit is 100 when none is given.
func (s hostedStore) Query(ctx context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	table, err := hostedTable(q.Resource)
	if err != nil {
		return nil, err
	}
	items, err := checkItems(q.Items)
	if err != nil {
		return nil, err
	}
	if err := s.sameDefinition(ctx, q.Resource, items); err != nil {
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
	args = append(args, limitOr(q.Limit))
	statement := "SELECT " + strings.Join(columnsOf(selected), ", ") + " FROM " + table + whereClause(where) +
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
	items, err := s.itemsOf(ctx, resource)
	if err != nil {
		return 0, err
	}
	where, args, err := items.where(conditions)
	if err != nil {
		return 0, err
	}
	n := -1
	err = s.query(ctx, "count hosted rows", "SELECT count(*) FROM "+table+whereClause(where), args,
		func(rows *sql.Rows) error { return rows.Scan(&n) })
	if err == nil && n < 0 {
		err = errors.New("count hosted rows: no answer")
	}
	return n, err
}
