package store

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
)

// The columns of a found item, and the condition that the index of names is
// built under: it is written out, so that the planner sees that they agree.
const (
	foundColumns = "resource, resource_name, provider, region, attribute, code, name, element, authoritative"
	isShared     = "attribute <> 'withheld'"
)

// found runs a select of foundColumns.
func (d *database) found(ctx context.Context, query string, args []any) ([]catalog.PublishedItem, error) {
	var out []catalog.PublishedItem
	err := d.query(ctx, "find published items", query, args, func(rows *sql.Rows) error {
		var x catalog.PublishedItem
		err := rows.Scan(&x.Resource, &x.ResourceName, &x.Provider, &x.Region, &x.Attribute, &x.Code, &x.Name, &x.Element, &x.Authoritative)
		out = append(out, x)
		return err
	})
	return out, err
}

// regionRange is the half-open range of the codes inside a territory; the
// nation's is everything.
func regionRange(region string) (from, to string) {
	if region == "" || region == "100000" {
		return "", "\U0010FFFF"
	}
	prefix := region
	for len(prefix) <= 6 && len(prefix) > 2 && strings.HasSuffix(prefix, "00") {
		prefix = prefix[:len(prefix)-2]
	}
	return prefix, prefixEnd(prefix)
}

// placed gives the conditions of a place, one for each separate range of an
// index on (…, region, resource, code), with their values.
func placed(at collection.Place) (conditions []string, args [][]any) {
	if !at.Inside {
		for _, code := range at.Covering {
			conditions = append(conditions, "region = ? AND provider <> ?")
			args = append(args, []any{code, at.Except})
		}
		return conditions, args
	}
	from, to := regionRange(at.Region)
	values := []any{from, to}
	for _, code := range at.Covering {
		values = append(values, code)
	}
	return []string{"region >= ? AND region < ? AND region NOT IN " + valuesList(1, len(at.Covering)) + " AND provider <> ?"},
		[][]any{append(values, at.Except)}
}

// maxUnion bounds the selects that one statement joins: SQLite takes 500.
const maxUnion = 100

// union reads the first rows of each of many ranges until there are enough: the
// first of all are among them.
func (d *database) union(ctx context.Context, keys []string, equal string, at collection.Place, limit int) ([]catalog.PublishedItem, error) {
	conditions, values := placed(at)
	var out []catalog.PublishedItem
	var parts []string
	var args []any
	flush := func() error {
		if len(parts) == 0 {
			return nil
		}
		items, err := d.found(ctx, strings.Join(parts, " UNION ALL "), args)
		out, parts, args = append(out, items...), nil, nil
		return err
	}
	for _, key := range keys {
		if len(out) >= limit {
			break
		}
		for i, condition := range conditions {
			parts = append(parts, "SELECT * FROM (SELECT "+foundColumns+" FROM published_items WHERE "+equal+" AND "+isShared+" AND "+condition+
				" ORDER BY region, resource, code LIMIT ?) AS part")
			args = append(append(append(args, key), values[i]...), limit)
		}
		if len(parts)+len(conditions) > maxUnion {
			if err := flush(); err != nil {
				return nil, err
			}
		}
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return out, nil
}

func (s collectionStore) ItemsOfElementAt(ctx context.Context, element string, at collection.Place, limit int) ([]catalog.PublishedItem, error) {
	return s.union(ctx, []string{element}, "element = ? AND element <> ''", at, limit)
}

func (s collectionStore) ItemsNamed(ctx context.Context, names []string, at collection.Place, limit int) ([]catalog.PublishedItem, error) {
	return s.union(ctx, names, "norm = ?", at, limit)
}

// nameChunk bounds the names of one statement.
const nameChunk = 1000

func (s collectionStore) NamesAt(ctx context.Context, names []string, at collection.Place, limit int) ([]string, error) {
	names = slices.Clone(names)
	slices.SortFunc(names, byLength)
	conditions, values := placed(at)
	condition, place := conditions[0], values[0]
	if !at.Inside {
		condition, place = "region IN "+valuesList(1, len(at.Covering))+" AND provider <> ?", nil
		for _, code := range at.Covering {
			place = append(place, code)
		}
		place = append(place, at.Except)
	}
	var out []string
	for chunk := range slices.Chunk(names, nameChunk) {
		args := make([]any, 0, len(chunk)+len(place)+1)
		for _, n := range chunk {
			args = append(args, n)
		}
		args = append(append(args, place...), limit-len(out))
		more, err := s.texts(ctx, "find names at a place", `SELECT n.norm FROM item_names AS n WHERE n.norm IN `+valuesList(1, len(chunk))+
			` AND EXISTS (SELECT 1 FROM published_items WHERE norm = n.norm AND `+isShared+` AND `+condition+`) ORDER BY n.len, n.norm LIMIT ?`, args)
		if err != nil {
			return nil, err
		}
		if out = append(out, more...); len(out) >= limit {
			break // the chunks come in the order of the answer
		}
	}
	return out, nil
}

// byLength orders names, the shorter first, then by code points.
func byLength(a, b string) int {
	if n := utf8.RuneCountInString(a) - utf8.RuneCountInString(b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}

func (s collectionStore) NamesEnding(ctx context.Context, text string, limit int) ([]string, error) {
	from := reversed(text)
	return s.texts(ctx, "find names that end alike", "SELECT norm FROM item_names WHERE reversed >= ? AND reversed < ? ORDER BY len, norm LIMIT ?",
		[]any{from, prefixEnd(from), limit})
}

func (s collectionStore) NamesSharing(ctx context.Context, pairs []string, least, minLen, maxLen, limit int) ([]string, error) {
	args := make([]any, 0, len(pairs)+4)
	for _, p := range pairs {
		args = append(args, p)
	}
	args = append(args, minLen, maxLen, least, limit)
	return s.texts(ctx, "find names that share letters", "SELECT norm FROM item_name_pairs WHERE pair IN "+valuesList(1, len(pairs))+
		" AND len >= ? AND len <= ? GROUP BY norm, len HAVING count(*) >= ? ORDER BY len, norm LIMIT ?", args)
}

// texts runs a select of one text column.
func (d *database) texts(ctx context.Context, what, query string, args []any) ([]string, error) {
	var out []string
	err := d.query(ctx, what, query, args, func(rows *sql.Rows) error {
		var x string
		err := rows.Scan(&x)
		out = append(out, x)
		return err
	})
	return out, err
}

func reversed(text string) string {
	r := []rune(text)
	slices.Reverse(r)
	return string(r)
}

func (s collectionStore) EachUnnamed(ctx context.Context, fn func(catalog.PublishedItem) error) error {
	resource, code := "", ""
	for {
		page, err := s.found(ctx, "SELECT "+foundColumns+" FROM published_items WHERE norm IS NULL AND (resource, code) > (?, ?) AND "+isShared+
			" ORDER BY resource, code LIMIT ?", []any{resource, code, itemPage})
		if err != nil {
			return err
		}
		for _, x := range page {
			if err := fn(x); err != nil {
				return err
			}
		}
		if len(page) < itemPage {
			return nil
		}
		resource, code = page[len(page)-1].Resource, page[len(page)-1].Code
	}
}
