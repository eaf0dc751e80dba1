package testdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// templatePrefix begins the name of a template database; the Unix second of its
// making follows. Nothing tells a test binary that its last test has ended, so
// templates stay behind on a server that outlives it; the next binary that makes
// one clears away those older than templateAge.
const (
	templatePrefix = "shuqiao_tpl_"
	templateAge    = 3 * time.Hour
)

// templates caches what was made once, by the code of the migrating function.
type templates[T any] struct {
	mu   sync.Mutex
	made map[uintptr]func() (T, error)
}

// get makes the template of migrate on the first call and gives it on each.
func (c *templates[T]) get(migrate func(string) error, build func(func(string) error) (T, error)) (T, error) {
	key := reflect.ValueOf(migrate).Pointer()
	c.mu.Lock()
	once, ok := c.made[key]
	if !ok {
		if c.made == nil {
			c.made = make(map[uintptr]func() (T, error))
		}
		once = sync.OnceValues(func() (T, error) { return build(migrate) })
		c.made[key] = once
	}
	c.mu.Unlock()
	return once()
}

var (
	sqliteTemplates   templates[[]byte]
	postgresTemplates templates[string]
)

// SQLiteMigrated gives the URL of an SQLite database that migrate has prepared.
func SQLiteMigrated(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	content, err := sqliteTemplates.get(migrate, buildSQLite)
	if err != nil {
		t.Fatalf("migrate SQLite: %v", err)
	}
	dir := newDir(t)
	if err := os.WriteFile(filepath.Join(dir, fileName), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return sqliteURL(dir)
}

// PostgresMigrated gives the URL of a PostgreSQL database that migrate has
// prepared. Like Postgres it skips the test where there is none.
func PostgresMigrated(t testing.TB, migrate func(url string) error) string {
	t.Helper()
	admin := server(t)
	template, err := postgresTemplates.get(migrate, func(migrate func(string) error) (string, error) {
		return buildPostgres(admin, migrate)
	})
	if err != nil {
		t.Fatalf("migrate PostgreSQL: %v", err)
	}
	return newDatabase(t, admin, template)
}

// buildSQLite migrates a file and reads it. What is still in a write-ahead log
// is not in the file: SQLite empties the log when the last connection closes.
func buildSQLite(migrate func(string) error) (content []byte, err error) {
	dir, err := os.MkdirTemp("", "shuqiao-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := migrate(sqliteURL(dir)); err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, fileName+"-wal")); err == nil {
		return nil, errors.New("the migration returned with its database open: there is a -wal file")
	}
	return os.ReadFile(filepath.Join(dir, fileName))
}

// buildPostgres migrates a new database and gives its name.
func buildPostgres(admin string, migrate func(string) error) (string, error) {
	if err := sweepTemplates(admin, time.Now().Add(-templateAge)); err != nil {
		return "", fmt.Errorf("clear old templates: %w", err)
	}
	name := randomName(templatePrefix + strconv.FormatInt(time.Now().Unix(), 10) + "_")
	if err := create(admin, name, ""); err != nil {
		return "", err
	}
	u, err := databaseURL(admin, name)
	if err == nil {
		err = migrate(u)
	}
	if err != nil {
		return "", errors.Join(err, execute(admin, "DROP DATABASE "+quote(name)+" WITH (FORCE)"))
	}
	// A session that is just ending would make the first copies fail ("source
	// database is being accessed by other users").
	return name, execute(admin,
		"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", name)
}

// sweepTemplates drops the templates made before the given time. A process that
// sweeps at the same moment may have been quicker: hence IF EXISTS.
func sweepTemplates(admin string, before time.Time) error {
	return connected(admin, func(ctx context.Context, conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "SELECT datname FROM pg_database WHERE starts_with(datname, $1)", templatePrefix)
		if err != nil {
			return err
		}
		names, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		for _, name := range names {
			if made, ok := madeAt(name); !ok || !made.Before(before) {
				continue
			}
			if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)"); err != nil {
				return err
			}
		}
		return nil
	})
}

// madeAt reads the time out of a template's name.
func madeAt(name string) (time.Time, bool) {
	rest, ok := strings.CutPrefix(name, templatePrefix)
	if !ok {
		return time.Time{}, false
	}
	seconds, _, _ := strings.Cut(rest, "_")
	n, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0), err == nil
}
