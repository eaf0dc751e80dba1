package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// migrations holds one directory for each engine, with the same numbers and
// names in both. A migration that was released is never edited, and there is
// no way down: going back means restoring a backup.
//
//go:embed migrations/sqlite/*.sql migrations/postgres/*.sql
var migrations embed.FS

// Migrate brings the database to the schema of this release. It may be called
// again and by several replicas at once.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.refuseNewer(ctx); err != nil {
		return err
	}
	p, err := s.provider()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if _, err = p.Up(ctx); err != nil && s.db.engine == engineSQLite {
		// Another process may have run the same migration between our look and
		// our turn. Whoever comes second finds it done.
		_, err = p.Up(ctx)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// Version gives the number of the last migration that the database has seen;
// 0: none.
func (s *Store) Version(ctx context.Context) (int64, error) {
	exists := `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'goose_db_version')`
	if s.db.engine == enginePostgres {
		exists = `SELECT to_regclass('goose_db_version') IS NOT NULL`
	}
	var there bool
	if err := s.db.write.DB.QueryRowContext(ctx, exists).Scan(&there); err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	if !there {
		return 0, nil
	}
	var v sql.NullInt64
	err := s.db.write.DB.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&v)
	if err != nil {
		return 0, fmt.Errorf("schema version: %w", err)
	}
	return v.Int64, nil
}

// Wanted gives the schema version of this release.
func (s *Store) Wanted() (int64, error) {
	p, err := s.provider()
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil
}

// Ready tells whether the schema is that of this release: nil, or the fault
// "database_not_migrated" or "database_newer", which carry both versions.
func (s *Store) Ready(ctx context.Context) error {
	have, want, err := s.versions(ctx)
	if err != nil {
		return err
	}
	if have < want {
		return fault.Newf(fault.Unavailable, "database_not_migrated",
			"数据库结构版本为 %d，本版程序需要 %d，请先执行数据库升级", have, want).
			With("version", have).With("wanted", want)
	}
	return newer(have, want)
}

func (s *Store) refuseNewer(ctx context.Context) error {
	have, want, err := s.versions(ctx)
	if err != nil {
		return err
	}
	return newer(have, want)
}

func newer(have, want int64) error {
	if have <= want {
		return nil
	}
	return fault.Newf(fault.Unavailable, "database_newer",
		"数据库结构版本为 %d，高于本版程序支持的 %d，请使用新版程序", have, want).
		With("version", have).With("wanted", want)
}

func (s *Store) versions(ctx context.Context) (have, want int64, err error) {
	if want, err = s.Wanted(); err != nil {
		return 0, 0, err
	}
	have, err = s.Version(ctx)
	return have, want, err
}

// provider makes goose's view of this database's migrations. On PostgreSQL a
// session lock lets one replica migrate at a time.
func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(s.db.engine))
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if s.db.engine == enginePostgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 300))
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(dialect, s.db.write.DB, files, options...)
}
