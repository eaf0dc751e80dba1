package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// base is when the first entry was published, in microseconds; each next one a
// second later.
const base = 1_700_000_000_000_000

var (
	resourceColumns = []string{"id", "code", "provider", "region", "published", "pending", "version", "created_at"}
	versionColumns  = []string{"id", "resource", "number", "status", "entry", "name", "attribute", "abstract", "methods", "collection", "items", "search",
		"digest", "created_at", "published_at", "revision"}
)

func (r *resource) resourceRow(i int) []any {
	return []any{r.id, r.code, r.provider, r.region, 1, 0, 1, int64(base + i*1_000_000)}
}

func (r *resource) versionRow(i int) []any {
	e := r.entry
	methods, _ := json.Marshal(e.Methods)
	text := []string{e.Name, e.Abstract}
	for _, x := range e.Items {
		text = append(text, x.Name, x.Code)
	}
	at := int64(base + i*1_000_000)
	return []any{uuid("01930000", i), r.id, 1, "published", entryJSON(e), e.Name, string(e.Attribute), e.Abstract, string(methods), string(e.Collection),
		r.items, strings.ToLower(strings.Join(text, "\n")), "", at, at, 1}
}

// loader fills a migrated database with SQL of its own: through the procedures
// three million publications would take weeks.
type loader struct {
	gen   *generator
	count int
	items int
}

func (l *loader) regionRows() [][]any {
	var rows [][]any
	paths := map[string]string{}
	for _, r := range append(nation(), l.gen.places...) {
		parent := any(nil)
		path := r.Code + "/"
		if r.Parent != "" {
			parent, path = r.Parent, paths[r.Parent]+path
		}
		paths[r.Code] = path
		rows = append(rows, []any{r.Code, r.Name, parent, r.Level.String(), path})
	}
	return rows
}

func (l *loader) departmentRows() [][]any {
	var rows [][]any
	for i := range l.gen.providers {
		id, name, region := l.gen.provider(i)
		rows = append(rows, []any{id, name, fmt.Sprintf("u%d", i), region, "department", "综合", 1, int64(base)})
	}
	return rows
}

var (
	regionColumns     = []string{"code", "name", "parent", "level", "path"}
	departmentColumns = []string{"id", "name", "uscc", "region", "kind", "sector", "version", "created_at"}
)

const chunk = 50_000

// postgres loads by COPY, triggers and references left aside.
func (l *loader) postgres(ctx context.Context, url string) error {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "SET session_replication_role = replica; SET synchronous_commit = off"); err != nil {
		return err
	}
	copyIn := func(table string, columns []string, rows [][]any) error {
		_, err := conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		return nil
	}
	if err := copyIn("regions", regionColumns, l.regionRows()); err != nil {
		return err
	}
	if err := copyIn("departments", departmentColumns, l.departmentRows()); err != nil {
		return err
	}
	for from := 0; from < l.count; from += chunk {
		resources, versions := l.rows(from)
		if err := copyIn("resources", resourceColumns, resources); err != nil {
			return err
		}
		if err := copyIn("resource_versions", versionColumns, versions); err != nil {
			return err
		}
	}
	for _, s := range []string{"VACUUM (ANALYZE) resources", "VACUUM (ANALYZE) resource_versions", "ANALYZE"} {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) rows(from int) (resources, versions [][]any) {
	for i := from; i < min(from+chunk, l.count); i++ {
		r := l.gen.resource(i)
		l.items += r.items
		resources, versions = append(resources, r.resourceRow(i)), append(versions, r.versionRow(i))
	}
	return resources, versions
}

// sqlite loads by inserts, each chunk in a transaction.
func (l *loader) sqlite(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(OFF)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(OFF)&_pragma=cache_size(-200000)")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	put := func(table string, columns []string, rows [][]any) error {
		tx, err := db.BeginTx(ctx, nil)
		if err != nil {
			return err
		}
		defer func() { _ = tx.Rollback() }()
		marks := strings.TrimSuffix(strings.Repeat("?,", len(columns)), ",")
		st, err := tx.PrepareContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES ("+marks+")")
		if err != nil {
			return err
		}
		for _, row := range rows {
			if _, err := st.ExecContext(ctx, row...); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return tx.Commit()
	}
	if err := put("regions", regionColumns, l.regionRows()); err != nil {
		return err
	}
	if err := put("departments", departmentColumns, l.departmentRows()); err != nil {
		return err
	}
	for from := 0; from < l.count; from += chunk {
		resources, versions := l.rows(from)
		if err := put("resources", resourceColumns, resources); err != nil {
			return err
		}
		if err := put("resource_versions", versionColumns, versions); err != nil {
			return err
		}
	}
	_, err = db.ExecContext(ctx, "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)")
	return err
}

// openPlain opens the database for the publisher, with all its triggers.
func openPlain(url string) (*sql.DB, func(string) string, error) {
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)")
		return db, func(q string) string { return q }, err
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, nil, err
	}
	return stdlib.OpenDB(*cfg), func(q string) string {
		for n := 1; strings.Contains(q, "?"); n++ {
			q = strings.Replace(q, "?", fmt.Sprintf("$%d", n), 1)
		}
		return q
	}, nil
}
