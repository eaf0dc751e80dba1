package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

const (
	// loadChunk is how many rows one statement takes at most.
	loadChunk = 500
	// maxRowFaults bounds how many faults of rows one answer tells.
	maxRowFaults = 100
)

// Load adds rows, or replaces those with the same key, all or none. Of rows
// with the same key the last counts. An item that a row does not name is
// empty. Faults name row and item: "rows[12].name", at most 100 of them.
func (s hostedStore) Load(ctx context.Context, resource string, items []catalog.Item, rows []catalog.Row) error {
	table, err := hostedTable(resource)
	if err != nil {
		return err
	}
	checked, err := checkItems(items)
	if err != nil {
		return err
	}
	cells, err := checked.cells(rows)
	if err != nil {
		return err
	}
	return s.Do(ctx, func(ctx context.Context) error {
		shape, err := s.shape(ctx, resource, true)
		if err != nil {
			return err
		}
		if !shape.serves(checked) {
			return tableDiffers()
		}
		chunk := min(loadChunk, maxParameters/len(checked.all))
		for len(cells) > 0 {
			n := min(max(chunk, 1), len(cells))
			args := make([]any, 0, n*len(checked.all))
			for _, row := range cells[:n] {
				args = append(args, row...)
			}
			cells = cells[n:]
			if _, err := s.exec(ctx, "load hosted rows", checked.upsert(table, n), args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// upsert is the statement that adds or replaces n rows.
func (h hostedItems) upsert(table string, n int) string {
	var set []string
	for _, i := range h.all {
		if !i.Key {
			set = append(set, hostedColumn(i.Code)+" = EXCLUDED."+hostedColumn(i.Code))
		}
	}
	action := "DO NOTHING"
	if len(set) > 0 {
		action = "DO UPDATE SET " + strings.Join(set, ", ")
	}
	return "INSERT INTO " + table + " (" + strings.Join(columnsOf(h.all), ", ") + ") VALUES " +
		valuesList(n, len(h.all)) + " ON CONFLICT (" + strings.Join(columnsOf(h.keys), ", ") + ") " + action
}

// cells makes rows of column values in the order of the items, one for each
// key: PostgreSQL does not update a row twice in one statement.
func (h hostedItems) cells(rows []catalog.Row) ([][]any, error) {
	var c fault.Collector
	faults := 0
	tell := func(n int, code string, bad fieldError) {
		if faults++; faults <= maxRowFaults {
			c.Add(fmt.Sprintf("rows[%d].%s", n, code), bad.code, bad.message, "")
		}
	}
	at := make(map[string]int, len(rows))
	out := make([][]any, 0, len(rows))
	for n, row := range rows {
		for code := range row {
			if _, known := h.byCode[code]; !known {
				tell(n, code, fieldError{"not_in_list", "没有这个数据项"})
			}
		}
		cells := make([]any, 0, len(h.all))
		var key strings.Builder
		for _, item := range h.all {
			v, bad := columnValue(item, row[item.Code])
			switch {
			case bad != nil:
				tell(n, item.Code, *bad)
			case v == nil && (item.Key || !item.Nullable):
				tell(n, item.Code, fieldError{"required", "不能为空"})
			}
			if item.Key {
				fmt.Fprintf(&key, "%T%v\x00", v, v) // no text has a NUL
			}
			cells = append(cells, v)
		}
		if i, twice := at[key.String()]; twice {
			out[i] = cells
			continue
		}
		at[key.String()] = len(out)
		out = append(out, cells)
	}
	return out, c.Err("rows_invalid", "数据行有误", "")
}
