package store_test

import (
	"os"
	"path"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

func names(t *testing.T, engine string) []string {
	t.Helper()
	entries, err := store.Migrations.ReadDir(path.Join("migrations", engine))
	ok(t, err)
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestMigrationsAreNamedAlike(t *testing.T) {
	lite, pg := names(t, "sqlite"), names(t, "postgres")
	if len(lite) == 0 || !reflect.DeepEqual(lite, pg) {
		t.Errorf("sqlite %v\npostgres %v", lite, pg)
	}
}

func TestMigrateTwice(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, url string) {
		ctx := t.Context()
		s := open(t, url)
		f := wantFault(t, s.Ready(ctx), "database_not_migrated")
		if f.Facts["version"] != int64(0) {
			t.Errorf("facts %v", f.Facts)
		}
		ok(t, s.Migrate(ctx))
		ok(t, s.Migrate(ctx))
		ok(t, s.Ready(ctx))
		if v, want := get(s.Version(ctx))(t), get(s.Wanted())(t); v != want || int(v) != len(names(t, "sqlite")) {
			t.Errorf("version %d, wanted %d", v, want)
		}
	})
}

func TestReplicasMigrateTogether(t *testing.T) {
	t.Parallel()
	testdb.Each(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		for range 3 {
			s := open(t, url)
			wg.Go(func() {
				if err := s.Migrate(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		ok(t, open(t, url).Ready(t.Context()))
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, migrate, func(t *testing.T, url string) {
		s := open(t, url)
		ok(t, s.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, `+
			map[bool]string{true: "TRUE", false: "1"}[s.Concurrent()]+`)`))
		wantFault(t, s.Ready(t.Context()), "database_newer")
		wantFault(t, s.Migrate(t.Context()), "database_newer")
		_, err := store.Open(t.Context(), url)
		wantFault(t, err, "database_newer")
	})
}

func TestOpenRefusesWhatItCannotOpen(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"", "mysql://x", "sqlite://", "sqlite://:memory:", "postgres://user:secret@[bad"} {
		_, err := store.Open(t.Context(), url)
		if err == nil {
			t.Errorf("%q opened", url)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", url, err)
		}
	}
	_, err := store.Open(t.Context(), "postgres://nobody:secret@127.0.0.1:1/x?connect_timeout=2")
	if !store.IsUnavailable(err) || strings.Contains(err.Error(), "secret") {
		t.Errorf("unreachable: %v", err)
	}
}

func TestSQLiteFilesAreTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "数据 #1?%20", "node")
	s := open(t, "sqlite://"+dir+"/")
	ok(t, s.Migrate(t.Context()))
	for name, want := range map[string]os.FileMode{dir: 0o700, filepath.Join(dir, "shuqiao.db"): 0o600} {
		info, err := os.Stat(name)
		ok(t, err)
		if info.Mode().Perm() != want {
			t.Errorf("%s: %v, want %v", name, info.Mode().Perm(), want)
		}
	}
	if entries := get(os.ReadDir(filepath.Dir(dir)))(t); len(entries) != 1 {
		t.Errorf("the path was taken for something else: %v", entries)
	}
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		if got := get(s.Text(t.Context(), "PRAGMA "+pragma))(t); got != want {
			t.Errorf("%s is %s", pragma, got)
		}
	}
}
