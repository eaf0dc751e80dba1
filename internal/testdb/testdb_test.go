package testdb_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/shuqiao/shuqiao/internal/testdb"
)

// open opens either form of URL, as the store does.
func open(url string) (*sql.DB, error) {
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		return sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)")
	}
	return sql.Open("pgx", url)
}

// exec opens url, runs the statement and closes.
func exec(t *testing.T, url, query string) {
	t.Helper()
	db, err := open(url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query); err != nil {
		t.Fatal(err)
	}
}

func TestEachGivesAFreshDatabase(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		testdb.Each(t, func(t *testing.T, url string) {
			if seen[url] {
				t.Fatalf("%s a second time", url)
			}
			seen[url] = true
			exec(t, url, "CREATE TABLE thing (id INTEGER PRIMARY KEY)") // fails on a used one
		})
	}
}

var migrations atomic.Int32

func migrate(url string) error {
	migrations.Add(1)
	db, err := open(url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec("CREATE TABLE thing (id INTEGER PRIMARY KEY); INSERT INTO thing VALUES (1)")
	return err
}

func TestEachMigratedMigratesOnceAndCopies(t *testing.T) {
	t.Run("tests", func(t *testing.T) {
		for i := range 4 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				testdb.EachMigrated(t, migrate, func(t *testing.T, url string) {
					t.Parallel()
					exec(t, url, "INSERT INTO thing VALUES (2)") // fails on a shared one
				})
			})
		}
	})
	if n := migrations.Load(); n > 2 {
		t.Errorf("migrated %d times, want once for each engine", n)
	}
}

func TestPostgresIsDroppedAfterTheTest(t *testing.T) {
	var url string
	t.Run("inner", func(t *testing.T) {
		url = testdb.Postgres(t)
		db, err := open(url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() }) // runs before the drop
		leaked, err := pgx.Connect(context.Background(), url)
		if err != nil {
			t.Fatal(err)
		}
		_ = leaked // left open on purpose
	})
	if url == "" {
		t.Skip("the inner test had no PostgreSQL")
	}
	conn, err := pgx.Connect(t.Context(), url)
	if err == nil {
		_ = conn.Close(t.Context())
		t.Fatal("the database is still there")
	}
	if !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("unexpected error: %v", err)
	}
}

func TestSQLiteFileGoesWithTheTest(t *testing.T) {
	var path string
	t.Run("inner", func(t *testing.T) {
		url := testdb.SQLite(t)
		exec(t, url, "CREATE TABLE thing (id INTEGER)")
		path = strings.TrimPrefix(url, "sqlite://")
		if _, err := os.Stat(path); err != nil {
			t.Fatal(err)
		}
	})
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", path, err)
	}
}
