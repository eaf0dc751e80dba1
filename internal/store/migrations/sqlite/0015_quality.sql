-- +goose Up
-- Quality of hosted data (CN-18): rules that the provider filed, and runs. Both
-- grow only.
CREATE TABLE quality_rules (
    resource TEXT NOT NULL REFERENCES resources (id),
    version  INTEGER NOT NULL CHECK (version > 0),
    rules    TEXT NOT NULL CHECK (json_valid(rules)),
    filed_at INTEGER NOT NULL,
    filed_by TEXT NOT NULL,
    PRIMARY KEY (resource, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER quality_rules_no_update BEFORE UPDATE ON quality_rules
BEGIN SELECT RAISE(ABORT, 'quality_rules is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quality_rules_no_delete BEFORE DELETE ON quality_rules
BEGIN SELECT RAISE(ABORT, 'quality_rules is append-only'); END;
-- +goose StatementEnd

CREATE TABLE quality_runs (
    id            TEXT PRIMARY KEY,
    resource      TEXT NOT NULL REFERENCES resources (id),
    version       INTEGER NOT NULL, -- of the catalog entry
    rules_version INTEGER NOT NULL, -- 0: none filed
    run_at        INTEGER NOT NULL,
    run_by        TEXT NOT NULL,
    result        TEXT NOT NULL CHECK (json_valid(result)) -- counts and scores, no values
) STRICT;
CREATE INDEX quality_runs_by_resource ON quality_runs (resource, run_at, id);
-- +goose StatementBegin
CREATE TRIGGER quality_runs_no_update BEFORE UPDATE ON quality_runs
BEGIN SELECT RAISE(ABORT, 'quality_runs is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER quality_runs_no_delete BEFORE DELETE ON quality_runs
BEGIN SELECT RAISE(ABORT, 'quality_runs is append-only'); END;
-- +goose StatementEnd

-- When a hosted resource was last loaded.
CREATE TABLE hosted_loads (
    resource  TEXT PRIMARY KEY REFERENCES resources (id),
    loaded_at INTEGER NOT NULL
) STRICT;
