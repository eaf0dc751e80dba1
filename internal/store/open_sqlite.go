package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// sqliteFile is the name of the database in a directory.
const sqliteFile = "shuqiao.db"

// sqlitePragmas are set on every connection. FULL makes a commit survive a
// power cut in WAL mode too; recursive_triggers lets the triggers that keep
// acts see a REPLACE.
var sqlitePragmas = []string{
	"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)",
	"foreign_keys(ON)", "recursive_triggers(ON)", "temp_store(MEMORY)",
}

// openSQLite opens one writer, whose transactions take the write lock at
// once, and a pool of readers, which never wait for it.
func openSQLite(path string) (*database, error) {
	path, err := sqlitePath(path)
	if err != nil {
		return nil, err
	}
	writer, err := sql.Open("sqlite", sqliteDSN(path, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", sqliteDSN(path, "_pragma=query_only(ON)"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return &database{
		engine: engineSQLite,
		write:  bun.NewDB(writer, sqlitedialect.New()),
		read:   bun.NewDB(reader, sqlitedialect.New()),
	}, nil
}

// sqlitePath makes directory and file, readable by their owner alone.
func sqlitePath(path string) (string, error) {
	if path == "" || strings.Contains(path, ":memory:") {
		return "", errors.New("sqlite: a path is needed; a database in memory cannot have several connections")
	}
	if info, err := os.Stat(path); strings.HasSuffix(path, "/") || err == nil && info.IsDir() {
		path = filepath.Join(path, sqliteFile)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", fmt.Errorf("sqlite directory: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return "", fmt.Errorf("sqlite file: %w", err)
	}
	return path, f.Close()
}

func sqliteDSN(path string, options ...string) string {
	for _, p := range sqlitePragmas {
		options = append(options, "_pragma="+p)
	}
	// In a file: URI a ? or # of the path would end it.
	u := url.URL{Path: filepath.ToSlash(path)}
	return "file:" + u.EscapedPath() + "?" + strings.Join(options, "&")
}
