package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Latest gives the schema version of this release.
func Latest() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil || len(names) == 0 {
		return 0, errors.Join(err, errors.New("schema version: no migrations"))
	}
	name := names[len(names)-1]
	number, _, _ := strings.Cut(name[strings.LastIndexByte(name, '/')+1:], "_")
	return strconv.ParseInt(number, 10, 64)
}

// Vacuum writes a consistent copy of an SQLite database to a new file, while
// others read and write it. It reads on a connection of its own: the writer
// is not held up; what is written meanwhile is not in the copy.
func Vacuum(ctx context.Context, databaseURL, to string) error {
	path, ok := strings.CutPrefix(databaseURL, "sqlite://")
	if !ok {
		return errors.New("copy a database: it is not SQLite")
	}
	path, err := sqlitePath(path)
	if err != nil {
		return err
	}
	db, err := sql.Open("sqlite", sqliteDSN(path))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(ctx, "VACUUM INTO ?", to); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	return syncFile(to)
}

// syncFile makes a file survive a power cut; VACUUM INTO does not.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Sync(), f.Close())
}

// Snapshot is a view of a PostgreSQL database that a dump can share.
type Snapshot struct {
	// Name is what pg_dump --snapshot takes; it holds until Close.
	Name string
	tx   *sql.Tx
	db   *sql.DB
}

// OpenSnapshot begins a transaction that sees one state of a PostgreSQL
// database, and exports it. The connection is its own.
func OpenSnapshot(ctx context.Context, databaseURL string) (*Snapshot, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, errors.New("postgres: the database URL is not valid")
	}
	s := &Snapshot{db: stdlib.OpenDB(*cfg)}
	s.tx, err = s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err == nil {
		err = s.tx.QueryRowContext(ctx, "SELECT pg_export_snapshot()").Scan(&s.Name)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("export a snapshot: %w", err), s.Close())
	}
	return s, nil
}

// Head reads size and root of the ledger, its latest checkpoint, the schema's
// version and the size of the database as the snapshot sees them.
func (s *Snapshot) Head(ctx context.Context) (size uint64, root, checkpoint []byte, version int64, err error) {
	var n int64
	err = s.tx.QueryRowContext(ctx, `SELECT h.size, coalesce(h.root, ''::bytea),
		coalesce((SELECT note FROM ledger_checkpoints ORDER BY size DESC LIMIT 1), ''::bytea),
		(SELECT max(version_id) FROM goose_db_version WHERE is_applied) FROM ledger_head AS h WHERE h.id = 1`).
		Scan(&n, &root, &checkpoint, &version)
	if err != nil {
		err = fmt.Errorf("read the ledger's head: %w", err)
	}
	return uint64(n), root, checkpoint, version, err
}

// Close ends the transaction and its connection.
func (s *Snapshot) Close() error {
	var err error
	if s.tx != nil {
		err = s.tx.Rollback()
	}
	return errors.Join(err, s.db.Close())
}
