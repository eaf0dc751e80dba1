-- +goose Up
-- Reverse cataloguing (HB-7, CN-17): databases that departments registered, the
-- schemas read from them (no data), and which entry was made of which table.
CREATE TABLE reverse_sources (
    id         TEXT COLLATE "C" PRIMARY KEY,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    name       TEXT NOT NULL,
    engine     TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA NOT NULL, -- address, user and password; empty once ended
    created_by TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE INDEX reverse_sources_by_department ON reverse_sources (department, id) WHERE ended_at IS NULL;

CREATE TABLE reverse_runs (
    id          TEXT COLLATE "C" PRIMARY KEY,
    source      TEXT COLLATE "C" NOT NULL REFERENCES reverse_sources (id),
    state       TEXT COLLATE "C" NOT NULL,
    sample      BOOLEAN NOT NULL,
    asked_by    TEXT COLLATE "C" NOT NULL,
    asked_at    BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, -- 0: nobody's
    attempts    BIGINT NOT NULL,
    ended_at    BIGINT,
    failure     TEXT NOT NULL,
    message     TEXT NOT NULL,
    digest      TEXT COLLATE "C" NOT NULL,
    tables      BIGINT NOT NULL,
    content     JSONB NOT NULL -- the schema: names, types, comments
);
CREATE INDEX reverse_runs_by_source ON reverse_runs (source, id);
CREATE UNIQUE INDEX reverse_runs_one_at_a_time ON reverse_runs (source) WHERE state IN ('waiting', 'running');

CREATE TABLE reverse_links (
    source     TEXT COLLATE "C" NOT NULL REFERENCES reverse_sources (id),
    resource   TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    table_key  TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (source, resource)
);
