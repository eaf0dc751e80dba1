package store

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// hostedShape is what the table of a resource is made of, as it was read.
type hostedShape struct {
	definition string
	generation int64 // counts its changes
	columns    map[string]hostedColumnShape
}

// hostedColumnShape is one column. A gone one belongs to an item that was
// removed: it keeps its values and is not served.
type hostedColumnShape struct {
	kind      itemKind
	key, null bool
	gone      bool
}

func (c hostedColumnShape) line(code string) string {
	line := code + " " + string(c.kind)
	switch {
	case c.gone:
		line += " gone"
	case c.key:
		line += " key"
	case c.null:
		line += " null"
	}
	return line
}

// columnsOfItems is what a list of items asks of its table.
func (h hostedItems) columns() map[string]hostedColumnShape {
	out := make(map[string]hostedColumnShape, len(h.all))
	for _, i := range h.all {
		out[i.Code] = hostedColumnShape{kind: itemKinds[i.Type], key: i.Key, null: i.Nullable && !i.Key}
	}
	return out
}

// definitionOf writes columns down, in any order the same: codes, kinds, keys
// and which may be empty.
func definitionOf(columns map[string]hostedColumnShape) string {
	lines := make([]string, 0, len(columns))
	for code, c := range columns {
		lines = append(lines, c.line(code))
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

// parseDefinition reads what definitionOf wrote.
func parseDefinition(definition string) (map[string]hostedColumnShape, error) {
	out := map[string]hostedColumnShape{}
	for _, line := range strings.Split(definition, "\n") {
		words := strings.Fields(line)
		if len(words) < 2 {
			return nil, fmt.Errorf("hosted table: definition line %q", line)
		}
		last := words[len(words)-1]
		out[words[0]] = hostedColumnShape{kind: itemKind(words[1]), key: last == "key", null: last == "null", gone: last == "gone"}
	}
	return out, nil
}

// serves tells whether the columns that are served are just those of the items.
func (s hostedShape) serves(items hostedItems) bool {
	want := items.columns()
	for code, c := range s.columns {
		if c.gone {
			continue
		}
		if want[code] != c {
			return false
		}
		delete(want, code)
	}
	return len(want) == 0
}

// widenings are the changes of kind that lose nothing and read the same on both
// engines.
var widenings = map[[2]itemKind]bool{{kindInteger, kindNumber}: true, {kindInteger, kindText}: true}

// reads gives the items of any version as the table has them now: with the kind
// of their column, and marked when they are gone. Items that the table never
// had, or had otherwise, are the fault "hosted_table_differs".
func (s hostedShape) reads(items hostedItems) (hostedItems, error) {
	keys := 0
	for _, c := range s.columns {
		if c.key {
			keys++
		}
	}
	out := hostedItems{byCode: make(map[string]catalog.Item, len(items.all)), gone: map[string]bool{}}
	for _, i := range items.all {
		c, there := s.columns[i.Code]
		kind := itemKinds[i.Type]
		if !there || c.key != i.Key || c.kind != kind && !c.gone && !widenings[[2]itemKind{kind, c.kind}] {
			return out, tableDiffers()
		}
		if c.kind != kind {
			i.Type = kindTypes[c.kind]
		}
		if c.gone {
			out.gone[i.Code] = true
		}
		out.all = append(out.all, i)
		out.byCode[i.Code] = i
		if i.Key {
			out.keys = append(out.keys, i)
		}
	}
	if keys != len(out.keys) {
		return out, tableDiffers()
	}
	return out, nil
}

func tableDiffers() error {
	return fault.New(fault.Conflict, "hosted_table_differs", "数据项与已建立的汇聚表不一致")
}

// kindTypes is a type of each kind, for those who ask without the items.
var kindTypes = map[itemKind]string{kindText: "C", kindInteger: "I", kindNumber: "N", kindBoolean: "L"}

// items gives what is served of a table, for those who ask without the items:
// codes and keys, and a type of the same kind.
func (s hostedShape) items() []catalog.Item {
	var items []catalog.Item
	for _, line := range strings.Split(s.definition, "\n") {
		code, _, _ := strings.Cut(line, " ")
		c := s.columns[code]
		if !c.gone {
			items = append(items, catalog.Item{Code: code, Type: kindTypes[c.kind], Key: c.key})
		}
	}
	return items
}

// shape reads what the table of a resource is made of; none is "not_found". What
// was read before is remembered, but not inside a transaction, which may have
// changed it: who uses a remembered one asks for its generation in the same
// statement.
func (s hostedStore) shape(ctx context.Context, resource string, fresh bool) (hostedShape, error) {
	if known, ok := s.hostedTables.Load(resource); ok && !fresh && !s.InTx(ctx) {
		return known.(hostedShape), nil
	}
	var out hostedShape
	err := s.query(ctx, "read hosted table", "SELECT definition, generation FROM hosted_tables WHERE resource = ?", []any{resource},
		func(rows *sql.Rows) error { return rows.Scan(&out.definition, &out.generation) })
	if err == nil && out.definition == "" {
		err = fault.Missing("汇聚数据表", resource)
	}
	if err != nil {
		return hostedShape{}, err
	}
	if out.columns, err = parseDefinition(out.definition); err != nil {
		return hostedShape{}, err
	}
	if !s.InTx(ctx) {
		s.hostedTables.Store(resource, out)
	}
	return out, nil
}

// unchanged is the term that holds while a table is of the generation. It is
// asked in the statement that reads the rows, so that a column that was removed
// a moment ago on another node is not served.
const unchanged = "(SELECT generation FROM hosted_tables WHERE resource = ?) = ?"

// attempts bounds how often a read follows a table that keeps changing.
const attempts = 3

// steady runs a read against the shape that is remembered, and again when it
// found nothing, or failed, because the table was changed meanwhile.
func (s hostedStore) steady(ctx context.Context, resource string, read func(hostedShape) (found bool, err error)) error {
	shape, err := s.shape(ctx, resource, false)
	for try := 1; err == nil; try++ {
		found, readErr := read(shape)
		if found || try == attempts || s.InTx(ctx) {
			return readErr
		}
		var now hostedShape
		if now, err = s.shape(ctx, resource, true); err == nil && now.generation == shape.generation {
			return readErr
		}
		shape = now
	}
	return err
}
