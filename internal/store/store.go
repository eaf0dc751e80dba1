package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// engine is one of the two kinds of databases.
type engine string

const (
	engineSQLite   engine = "sqlite"
	enginePostgres engine = "postgres"
)

// database is what the repositories share: the connections. Writes and
// transactions go to write; reads outside a transaction go to read, which is
// the same pool on PostgreSQL.
type database struct {
	engine engine
	write  *bun.DB
	read   *bun.DB

	hostedTables sync.Map // resource ID → hostedShape: what was last read of its table
}

// Store is an open database.
type Store struct{ db *database }

// Open opens the database at url: sqlite://PATH (a file, or a directory, in
// which the file is shuqiao.db; directories are made for the owner alone) or
// postgres://… (all that pgx understands). A database that a newer release has
// migrated is refused with the fault "database_newer"; one that is not
// migrated yet opens, for Migrate to be called: see Ready.
func Open(ctx context.Context, url string) (*Store, error) {
	var db *database
	var err error
	switch scheme, rest, _ := strings.Cut(url, "://"); scheme {
	case "sqlite":
		db, err = openSQLite(rest)
	case "postgres", "postgresql":
		db, err = openPostgres(url)
	default:
		// The URL itself stays out of the message: it may hold a password.
		return nil, errors.New("database URL: want sqlite://PATH or postgres://…")
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	s := &Store{db: db}
	if err := s.Ping(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", err), s.Close())
	}
	if err := s.refuseNewer(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Close closes all connections.
func (s *Store) Close() error {
	if s.db.read == s.db.write {
		return s.db.write.Close()
	}
	// The writer last: SQLite empties the write-ahead log when the last
	// connection that may write closes.
	return errors.Join(s.db.read.Close(), s.db.write.Close())
}

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.write.PingContext(ctx); err != nil {
		return err
	}
	return s.db.read.PingContext(ctx)
}

// InTx tells whether ctx carries a transaction of this store.
func (s *Store) InTx(ctx context.Context) bool { return s.db.InTx(ctx) }

// Do runs fn in one transaction; see the package comment.
func (s *Store) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	return s.db.Do(ctx, fn)
}

// Org gives the store of regions, departments, people and systems.
func (s *Store) Org() org.Store { return orgStore{s.db} }

// Catalog gives the store of resources and their versions.
func (s *Store) Catalog() catalog.Store { return catalogStore{s.db} }

// Hosted gives the store of the rows of hosted resources.
func (s *Store) Hosted() catalog.Hosted { return hostedStore{s.db} }

// Sharing gives the store of grants.
func (s *Store) Sharing() sharing.Store { return sharingStore{s.db} }

// Cases gives the store of cases, acts, outbox and notices.
func (s *Store) Cases() casework.Store { return caseStore{s.db} }

// Ledger gives the store of the transparency log.
func (s *Store) Ledger() ledger.Store { return ledgerStore{s.db} }

// Access gives the store of sessions.
func (s *Store) Access() access.Store { return accessStore{s.db} }

// Gateway gives the gateway's memories.
func (s *Store) Gateway() gateway.Store { return gatewayStore{s.db} }

// Node gives the settings of this node.
func (s *Store) Node() *Node { return &Node{s.db} }

// r gives the connection to read with: the running transaction, else the
// readers.
func (d *database) r(ctx context.Context) bun.IDB {
	if sc := d.scopeOf(ctx); sc != nil {
		return sc.tx
	}
	return d.read
}

// w gives the connection to write with: the running transaction, else the
// writer.
func (d *database) w(ctx context.Context) bun.IDB {
	if sc := d.scopeOf(ctx); sc != nil {
		return sc.tx
	}
	return d.write
}

// rawConn is what *sql.DB and *sql.Tx have in common.
type rawConn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// raw gives the connection beneath bun, whose placeholders are the driver's
// own: for the hot paths and for hosted tables, whose columns no model knows.
func (d *database) raw(ctx context.Context, write bool) rawConn {
	switch sc := d.scopeOf(ctx); {
	case sc != nil:
		return sc.tx.Tx
	case write:
		return d.write.DB
	}
	return d.read.DB
}
