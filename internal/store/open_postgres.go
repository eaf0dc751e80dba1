package store

import (
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// The pool of a replica. A node with more replicas than max_connections/32
// puts a pooler between; no statement is prepared by name, so any will do.
const (
	postgresMaxConns     = 32
	postgresIdleConns    = 16
	postgresConnLifetime = 30 * time.Minute
	postgresIdleTime     = 5 * time.Minute
)

func openPostgres(url string) (*database, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		// The cause repeats parts of the URL.
		return nil, errors.New("postgres: the database URL is not valid")
	}
	// bun writes the values into the text, so that hardly two statements are
	// equal and a cache of prepared ones would only grow.
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	if cfg.RuntimeParams["application_name"] == "" {
		cfg.RuntimeParams["application_name"] = "shuqiao"
	}
	// A server told otherwise would read a backslash in a literal as an escape.
	cfg.RuntimeParams["standard_conforming_strings"] = "on"
	cfg.RuntimeParams["default_transaction_isolation"] = "read committed"

	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(postgresMaxConns)
	pool.SetMaxIdleConns(postgresIdleConns)
	pool.SetConnMaxLifetime(postgresConnLifetime)
	pool.SetConnMaxIdleTime(postgresIdleTime)
	db := bun.NewDB(pool, pgdialect.New())
	return &database{engine: enginePostgres, write: db, read: db}, nil
}
