package backup_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/backup"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

var noon = time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC)

func migrate(url string) error {
	s, err := store.Open(context.Background(), url)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Migrate(context.Background())
}

// node is a database with a log of some entries.
type node struct {
	backup.Source
	t      *testing.T
	clk    *clock.Fake
	signer *ledger.Signer
}

// at opens a log of the same key on another database.
func (n *node) at(url string) *ledger.Log {
	n.t.Helper()
	s, err := store.Open(n.t.Context(), url)
	if err != nil {
		n.t.Fatal(err)
	}
	n.t.Cleanup(func() { _ = s.Close() })
	log, err := ledger.New(s.Ledger(), n.signer, "backup.test", n.clk)
	if err != nil {
		n.t.Fatal(err)
	}
	return log
}

func newNode(t *testing.T, url string) *node {
	t.Helper()
	s, err := store.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	skey, _, err := ledger.GenerateKey("backup.test", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	clk := clock.NewFake(noon)
	log, err := ledger.New(s.Ledger(), signer, "backup.test", clk)
	if err != nil {
		t.Fatal(err)
	}
	return &node{t: t, clk: clk, signer: signer, Source: backup.Source{Store: s, Log: log, DatabaseURL: url, Node: "backup.test", Product: "test",
		Master: bytes.Repeat([]byte{7}, 32), Clock: clk}}
}

func (n *node) append(entries int) {
	n.t.Helper()
	for range entries {
		if _, err := n.Log.AppendIn(n.t.Context(), ledger.Entry{ID: ident.New(), Kind: ledger.Act, At: noon, Facts: struct{}{}}); err != nil {
			n.t.Fatal(err)
		}
	}
}

func (n *node) take(to string) backup.Manifest {
	n.t.Helper()
	m, err := backup.Take(n.t.Context(), n.Source, to)
	if err != nil {
		n.t.Fatal(err)
	}
	return m
}

// What was taken opens, is authentic under its own key alone, and every byte
// of every file counts.
func TestABackupIsWhole(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, migrate, func(t *testing.T, url string) {
		n := newNode(t, url)
		n.append(3)
		n.Passphrase = strings.Repeat("口令", 10)
		dir := filepath.Join(t.TempDir(), "b")
		m := n.take(dir)
		if m.Log.Size != 3 || m.Log.Checkpoint == "" || m.Node != "backup.test" || m.MasterKey != "sealed" || len(m.Files) != 3 {
			t.Errorf("%+v", m)
		}
		again, err := backup.Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Authentic(n.Master); err != nil {
			t.Error(err)
		}
		if err := again.Authentic(make([]byte, 32)); !fault.Is(err, "backup_master_key") {
			t.Errorf("another key: %v", err)
		}
		again.Log.Size++
		if err := again.Authentic(n.Master); !fault.Is(err, "backup_master_key") {
			t.Errorf("another size: %v", err)
		}
		if _, err := backup.Take(t.Context(), n.Source, dir); !fault.Is(err, "backup_exists") {
			t.Errorf("over another: %v", err)
		}
		for _, f := range m.Files {
			path := filepath.Join(dir, f.Name)
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, change := range [][]byte{whole[:len(whole)-1], append(bytes.Clone(whole), 0), append([]byte{whole[0] ^ 1}, whole[1:]...), nil} {
				if change == nil {
					err = os.Remove(path)
				} else {
					err = os.WriteFile(path, change, 0o600)
				}
				if err != nil {
					t.Fatal(err)
				}
				if _, err := backup.Open(dir); !fault.Is(err, "backup_damaged") {
					t.Errorf("%s changed: %v", f.Name, err)
				}
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		left, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), ".backup-*"))
		if len(left) != 0 {
			t.Errorf("left behind: %v", left)
		}
	})
}

// What does not fit is refused before anything is written.
func TestWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	latest, err := store.Latest()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		schema        int64
		database, url string
		want          string
	}{
		{latest, "sqlite", "sqlite:///x", ""},
		{1, "postgres", "postgres://x/y", ""},
		{latest + 1, "sqlite", "sqlite:///x", "backup_newer"},
		{latest, "sqlite", "postgres://x/y", "backup_other_engine"},
		{latest, "postgres", "sqlite:///x", "backup_other_engine"},
	} {
		err := backup.Manifest{Schema: c.schema, Database: c.database}.Fits(c.url)
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
	dir := t.TempDir()
	if _, err := backup.Open(dir); !fault.Is(err, "not_a_backup") {
		t.Errorf("an empty directory: %v", err)
	}
	for _, name := range []string{"../x", ".", "", "a/b"} {
		text, _ := json.Marshal(backup.Manifest{Format: backup.Format, Database: "sqlite", Files: []backup.File{{Name: name}}})
		if err := os.WriteFile(filepath.Join(dir, backup.ManifestFile), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := backup.Open(dir); !fault.Is(err, "backup_damaged") {
			t.Errorf("a file called %q: %v", name, err)
		}
	}
}

// The log of a copy is compared with what the outside knows: longer, shorter,
// another.
func TestCompare(t *testing.T) {
	t.Parallel()
	n := newNode(t, testdb.SQLiteMigrated(t, migrate))
	none := func(uint64, uint64) ([][]byte, error) { return nil, nil }
	n.append(3)
	at3, err := n.Log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "b")
	m := n.take(dir)
	if err := m.Verify(t.Context(), n.Log); err != nil {
		t.Errorf("of itself: %v", err)
	}
	n.append(4)
	at7, err := n.Log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Verify(t.Context(), n.Log); !fault.Is(err, "backup_log_differs") {
		t.Errorf("after more entries: %v", err)
	}
	k, err := backup.Compare(t.Context(), n.Log, at3, none)
	if err != nil || k.Missing != 0 || !k.Proved || k.Size != 3 {
		t.Errorf("older: %+v, %v", k, err)
	}
	// The copy of three entries, under the same key.
	url := "sqlite://" + filepath.Join(t.TempDir(), "shuqiao.db")
	if err := m.Load(t.Context(), dir, url, ""); err != nil {
		t.Fatal(err)
	}
	if err := m.Load(t.Context(), dir, url, ""); !fault.Is(err, "restore_target_not_empty") {
		t.Errorf("over another: %v", err)
	}
	copied := n.at(url)
	if k, err = backup.Compare(t.Context(), copied, at7, none); err != nil || k.Missing != 4 || k.Proved {
		t.Errorf("a longer log that proves nothing: %+v, %v", k, err)
	}
	if k, err = backup.Compare(t.Context(), copied, at7, func(from, to uint64) ([][]byte, error) { return n.Log.Consistency(t.Context(), from, to) }); err != nil || k.Missing != 4 || !k.Proved {
		t.Errorf("a longer log: %+v, %v", k, err)
	}
	// The copy goes on by itself, and is no longer that log.
	for range 5 {
		if _, err := copied.AppendIn(t.Context(), ledger.Entry{ID: ident.New(), Kind: ledger.Act, At: noon, Facts: struct{}{}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := backup.Compare(t.Context(), copied, at7, none); !fault.Is(err, "ledger_forked") {
		t.Errorf("a fork: %v", err)
	}
	other := newNode(t, testdb.SQLiteMigrated(t, migrate))
	other.append(2)
	foreign, err := other.Log.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Compare(t.Context(), copied, foreign, none); !fault.Is(err, "checkpoint_of_another_log") {
		t.Errorf("of another key: %v", err)
	}
}

// Scheduled backups come when their time has come, the oldest go, what
// somebody else put there stays.
func TestSchedule(t *testing.T) {
	t.Parallel()
	n := newNode(t, testdb.SQLiteMigrated(t, migrate))
	n.append(1)
	s := backup.Schedule{Dir: filepath.Join(t.TempDir(), "backups"), Every: time.Hour, Keep: 2}
	run := func(want bool) {
		t.Helper()
		made, err := s.Run(t.Context(), n.Source)
		if err != nil || made != want {
			t.Errorf("made %v, %v", made, err)
		}
	}
	run(true)
	run(false)
	if err := os.MkdirAll(filepath.Join(s.Dir, "20200101T000000Z"), 0o700); err != nil { // no manifest: not ours
		t.Fatal(err)
	}
	for range 3 {
		n.clk.Advance(time.Hour)
		run(true)
		run(false)
	}
	entries, err := os.ReadDir(s.Dir)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); err != nil || got != "20200101T000000Z 20261123T060000Z 20261123T070000Z" {
		t.Errorf("%s, %v", got, err)
	}
	n.clk.Set(noon) // the clock was set back: better one too many than none
	run(true)
}

// A sealed key opens with its passphrase for its node and with nothing else.
func TestSealedKey(t *testing.T) {
	t.Parallel()
	master := bytes.Repeat([]byte{3}, 32)
	box, err := backup.Seal(master, "a.test", "correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := backup.Unseal(box, "a.test", "correct horse battery"); err != nil || !bytes.Equal(got, master) {
		t.Errorf("%x, %v", got, err)
	}
	for name, c := range map[string][3]string{
		"another passphrase": {string(box), "a.test", "correct horse batterz"},
		"another node":       {string(box), "b.test", "correct horse battery"},
		"no JSON":            {"x", "a.test", "correct horse battery"},
		"much memory":        {strings.Replace(string(box), `"argon2id_memory_kib": 262144`, `"argon2id_memory_kib": 4294967295`, 1), "a.test", "correct horse battery"},
	} {
		if _, err := backup.Unseal([]byte(c[0]), c[1], c[2]); !fault.Is(err, "passphrase_wrong") {
			t.Errorf("%s: %v", name, err)
		}
	}
	file := filepath.Join(t.TempDir(), "p")
	if err := os.WriteFile(file, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := backup.Passphrase(file); !fault.Is(err, "passphrase_short") {
		t.Errorf("a short one: %v", err)
	}
}

// PostgreSQL without its programs says so.
func TestToolsThatAreMissing(t *testing.T) {
	t.Parallel()
	n := newNode(t, testdb.PostgresMigrated(t, migrate))
	n.PGBin = t.TempDir()
	if _, err := backup.Take(t.Context(), n.Source, filepath.Join(t.TempDir(), "b")); !fault.Is(err, "pg_tools_missing") {
		t.Errorf("%v", err)
	}
}
