-- +goose Up
-- Reverse cataloguing (HB-7, CN-17): databases that departments registered, the
-- schemas read from them (no data), and which entry was made of which table.
CREATE TABLE reverse_sources (
    id         TEXT PRIMARY KEY,
    department TEXT NOT NULL REFERENCES departments (id),
    name       TEXT NOT NULL,
    engine     TEXT NOT NULL,
    sealed     BLOB NOT NULL, -- address, user and password; empty once ended
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE INDEX reverse_sources_by_department ON reverse_sources (department, id) WHERE ended_at IS NULL;

CREATE TABLE reverse_runs (
    id          TEXT PRIMARY KEY,
    source      TEXT NOT NULL REFERENCES reverse_sources (id),
    state       TEXT NOT NULL,
    sample      INTEGER NOT NULL CHECK (sample IN (0, 1)),
    asked_by    TEXT NOT NULL,
    asked_at    INTEGER NOT NULL,
    lease_until INTEGER NOT NULL, -- 0: nobody's
    attempts    INTEGER NOT NULL,
    ended_at    INTEGER,
    failure     TEXT NOT NULL,
    message     TEXT NOT NULL,
    digest      TEXT NOT NULL,
    tables      INTEGER NOT NULL,
    content     TEXT NOT NULL CHECK (json_valid(content)) -- the schema: names, types, comments
) STRICT;
CREATE INDEX reverse_runs_by_source ON reverse_runs (source, id);
CREATE UNIQUE INDEX reverse_runs_one_at_a_time ON reverse_runs (source) WHERE state IN ('waiting', 'running');

CREATE TABLE reverse_links (
    source     TEXT NOT NULL REFERENCES reverse_sources (id),
    resource   TEXT NOT NULL REFERENCES resources (id),
    table_key  TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (source, resource)
) STRICT;
