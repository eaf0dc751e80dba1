package store

import (
	"context"
	"database/sql"
	"slices"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/collection"
)

// NameItems writes names by distinct name: many items share few.
func (s collectionStore) NameItems(ctx context.Context, limit int) (int, error) {
	named := 0
	err := s.Do(ctx, func(ctx context.Context) error {
		named = 0
		lock := ""
		if s.engine == enginePostgres {
			lock = " FOR UPDATE SKIP LOCKED"
		}
		keys := map[string][][2]string{}
		err := s.query(ctx, "find items without a name", "SELECT resource, code, name FROM published_items WHERE norm IS NULL ORDER BY resource, code LIMIT ?"+lock,
			[]any{limit}, func(rows *sql.Rows) error {
				var key [2]string
				var name string
				err := rows.Scan(&key[0], &key[1], &name)
				norm := collection.Normalise(name)
				keys[norm] = append(keys[norm], key)
				named++
				return err
			})
		if err != nil || named == 0 {
			return err
		}
		names := make([]string, 0, len(keys))
		for name := range keys {
			names = append(names, name)
		}
		if err := s.knowNames(ctx, names); err != nil {
			return err
		}
		for _, name := range names {
			for chunk := range slices.Chunk(keys[name], nameChunk) {
				args := []any{name}
				for _, k := range chunk {
					args = append(args, k[0], k[1])
				}
				if _, err := s.exec(ctx, "name items", "UPDATE published_items SET norm = ? WHERE (resource, code) IN (VALUES "+valuesList(len(chunk), 2)+")", args...); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return named, err
}

// knowNames adds the names, and their pairs of letters, that are not known yet.
func (d *database) knowNames(ctx context.Context, names []string) error {
	names = slices.Clone(names)
	slices.Sort(names) // in order: two that publish at once wait for each other
	names = slices.Compact(names)
	for chunk := range slices.Chunk(names, nameChunk) {
		args := make([]any, len(chunk))
		for i, n := range chunk {
			args[i] = n
		}
		known, err := d.texts(ctx, "find names", "SELECT norm FROM item_names WHERE norm IN "+valuesList(1, len(chunk)), args)
		if err != nil {
			return err
		}
		fresh := slices.DeleteFunc(slices.Clone(chunk), func(n string) bool { return n == "" || slices.Contains(known, n) })
		if err := d.addNames(ctx, fresh); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) addNames(ctx context.Context, names []string) error {
	var rows, pairs []any
	flush := func(table string, width int, args *[]any) error {
		if len(*args) == 0 {
			return nil
		}
		_, err := d.exec(ctx, "add names", "INSERT INTO "+table+" VALUES "+valuesList(len(*args)/width, width)+" ON CONFLICT DO NOTHING", *args...)
		*args = nil
		return err
	}
	for _, name := range names {
		n := utf8.RuneCountInString(name)
		rows = append(rows, name, reversed(name), n)
		for _, p := range collection.Pairs(name) {
			pairs = append(pairs, p, n, name)
		}
		if len(pairs) > maxParameters/2 {
			if err := flush("item_name_pairs", 3, &pairs); err != nil {
				return err
			}
		}
	}
	if err := flush("item_names", 3, &rows); err != nil {
		return err
	}
	return flush("item_name_pairs", 3, &pairs)
}
