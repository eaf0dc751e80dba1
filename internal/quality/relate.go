package quality

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// relations of two values, by their order.
var relations = map[string]func(order int) bool{
	"lt": func(n int) bool { return n < 0 }, "le": func(n int) bool { return n <= 0 }, "eq": func(n int) bool { return n == 0 },
	"ne": func(n int) bool { return n != 0 }, "ge": func(n int) bool { return n >= 0 }, "gt": func(n int) bool { return n > 0 },
}

// family is what of an item's type decides whether values can be compared.
func family(x catalog.Item) string {
	switch {
	case isNumber(x):
		return "number"
	case x.Type == "D" || x.Type == "T":
		return "time"
	case x.Type == "L":
		return "truth"
	}
	return "text"
}

// related looks whether the values of two items of a row stand in a relation.
// Rows in which one of them is empty, or not of its type, are left to the rules
// on those.
func related(items []catalog.Item, item catalog.Item, r Rule) func(context.Context, []catalog.Row) ([]verdict, error) {
	other := items[slices.IndexFunc(items, func(x catalog.Item) bool { return x.Code == r.Other })]
	holds := relations[r.Op]
	return perRow(func(row catalog.Row) verdict {
		a, b := row[r.Item], row[r.Other]
		if empty(a) || empty(b) {
			return skipped
		}
		n, ok := orderOf(item, other, text(a), text(b))
		if !ok {
			return skipped
		}
		return verdictOf(holds(n))
	})
}

// orderOf compares two values of the same family.
func orderOf(x, y catalog.Item, a, b string) (order int, ok bool) {
	switch family(x) {
	case "number":
		m, okA := bound(x, a)
		n, okB := bound(y, b)
		return cmp.Compare(m, n), okA && okB
	case "time":
		s, okA := instant(a)
		t, okB := instant(b)
		return s.Compare(t), okA && okB
	}
	return strings.Compare(a, b), true
}

// instant reads a date or a date with time; a date is its beginning.
func instant(s string) (time.Time, bool) {
	for _, layout := range append([]string{time.DateOnly}, timeLayouts...) {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
