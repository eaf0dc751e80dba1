package store

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// evolve changes the table of a resource to the items, inside the running
// transaction. Rows stay; a removed item's column stays with its values and is
// served no more; one that comes back has them again.
func (s hostedStore) evolve(ctx context.Context, resource, table string, items hostedItems) error {
	shape, err := s.shape(ctx, resource, true)
	if err != nil || shape.serves(items) {
		return err
	}
	next, err := shape.follow(items)
	if err != nil {
		return err
	}
	if s.engine == enginePostgres {
		err = s.alterPostgres(ctx, table, shape, next)
	} else {
		err = s.alterSQLite(ctx, table, shape, next)
	}
	if err != nil {
		return err
	}
	res, err := s.exec(ctx, "note hosted table", `UPDATE hosted_tables SET definition = ?, generation = generation + 1
		WHERE resource = ? AND generation = ?`, definitionOf(next), resource, shape.generation)
	if err != nil {
		return err
	}
	n, err := res.RowsAffected()
	if err == nil && n != 1 {
		return changedMeanwhile()
	}
	s.hostedTables.Delete(resource)
	return s.failed(ctx, "note hosted table", err)
}

// follow gives the columns after a change to the items. Keys never change.
func (s hostedShape) follow(items hostedItems) (map[string]hostedColumnShape, error) {
	next := maps.Clone(s.columns)
	want := items.columns()
	for code, c := range next {
		if w, asked := want[code]; asked {
			if w.key != c.key && !c.gone || w.key && c.gone || w.key && w.kind != c.kind ||
				w.kind != c.kind && (c.gone || !widenings[[2]itemKind{c.kind, w.kind}]) {
				return nil, tableDiffers()
			}
			next[code] = w
			continue
		}
		if c.key {
			return nil, tableDiffers()
		}
		c.gone, c.null = true, false
		next[code] = c
	}
	for code, w := range want {
		if _, there := next[code]; there {
			continue
		}
		if w.key {
			return nil, tableDiffers()
		}
		next[code] = w
	}
	return next, nil
}

// alterPostgres changes the columns in place. Nothing but the key has to be
// there: what an item demands is checked when rows are loaded.
func (s hostedStore) alterPostgres(ctx context.Context, table string, shape hostedShape, next map[string]hostedColumnShape) error {
	var steps []string
	for _, code := range slices.Sorted(maps.Keys(next)) {
		c, column := next[code], hostedColumn(code)
		old, there := shape.columns[code]
		kind := columnType(s.engine, c.kind, column)
		switch {
		case !there:
			steps = append(steps, "ADD COLUMN "+column+" "+kind)
		case old.kind != c.kind:
			steps = append(steps, "ALTER COLUMN "+column+" TYPE "+kind+" USING "+column+"::"+strings.TrimSuffix(kind, ` COLLATE "C"`))
		}
		if there && !c.key {
			steps = append(steps, "ALTER COLUMN "+column+" DROP NOT NULL")
		}
	}
	if len(steps) == 0 {
		return nil
	}
	_, err := s.exec(ctx, "change hosted table", "ALTER TABLE "+table+" "+strings.Join(steps, ", "))
	return err
}

// alterSQLite makes the table anew and moves the rows: SQLite can neither change
// the type of a column nor take back that it must be there.
func (s hostedStore) alterSQLite(ctx context.Context, table string, shape hostedShape, next map[string]hostedColumnShape) error {
	codes := slices.Sorted(maps.Keys(next))
	var items []catalog.Item
	var into, from []string
	for _, code := range codes {
		c, column := next[code], hostedColumn(code)
		items = append(items, catalog.Item{Code: code, Type: kindTypes[c.kind], Key: c.key, Nullable: true})
		if old, there := shape.columns[code]; there {
			into = append(into, column)
			if old.kind != c.kind && c.kind == kindText {
				column = "CAST(" + column + " AS TEXT)"
			}
			from = append(from, column)
		}
	}
	checked, err := checkItems(items)
	if err != nil {
		return err
	}
	fresh := table + "_next"
	for _, statement := range []string{
		checked.ddl(s.engine, fresh),
		"INSERT INTO " + fresh + " (" + strings.Join(into, ", ") + ") SELECT " + strings.Join(from, ", ") + " FROM " + table,
		"DROP TABLE " + table,
		"ALTER TABLE " + fresh + " RENAME TO " + table,
	} {
		if _, err := s.exec(ctx, "change hosted table", statement); err != nil {
			return err
		}
	}
	return nil
}
