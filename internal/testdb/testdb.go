package testdb

import (
	"os"
	"path/filepath"
	"testing"
)

// fileName is the name of the database file in a SQLite directory.
const fileName = "shuqiao.db"

// SQLite gives the URL of an SQLite database that does not exist yet, in a
// directory that goes when the test ends.
func SQLite(t testing.TB) string {
	t.Helper()
	return sqliteURL(newDir(t))
}

// Postgres gives the URL of a fresh, empty PostgreSQL database. It is dropped when
// the test ends, connections that are still open notwithstanding. The test is
// skipped, with the reason, where there is no PostgreSQL.
func Postgres(t testing.TB) string {
	t.Helper()
	return newDatabase(t, server(t), "")
}

// Each runs f as a subtest on an empty database of each engine.
func Each(t *testing.T, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { f(t, Postgres(t)) })
}

// EachMigrated is Each on a database that migrate has brought to the current
// schema. migrate runs once for each engine in a test binary; each test gets a
// copy of the outcome. It has to close its connections before it returns.
//
// Two functions make two templates; what counts is the function's code, so
// closures of one function literal share one template.
func EachMigrated(t *testing.T, migrate func(url string) error, f func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { f(t, SQLiteMigrated(t, migrate)) })
	t.Run("postgres", func(t *testing.T) { f(t, PostgresMigrated(t, migrate)) })
}

// newDir makes a directory that goes when the test ends. It is not t.TempDir,
// whose path has the test's name in it: a character such as # or % there means
// something else in a file: URI, and the test would meet another test's file.
func newDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "shuqiao-db-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Errorf("remove the test's database: %v", err)
		}
	})
	return dir
}

// sqliteURL is the URL of the database file in dir.
func sqliteURL(dir string) string {
	return "sqlite://" + filepath.ToSlash(filepath.Join(dir, fileName))
}
