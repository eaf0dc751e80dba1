-- +goose Up
-- Quality of hosted data (CN-18): rules that the provider filed, and runs. Both
-- grow only.
CREATE TABLE quality_rules (
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    version  BIGINT NOT NULL CHECK (version > 0),
    rules    JSONB NOT NULL,
    filed_at BIGINT NOT NULL,
    filed_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (resource, version)
);
CREATE TRIGGER quality_rules_append_only BEFORE UPDATE OR DELETE ON quality_rules
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quality_rules_no_truncate BEFORE TRUNCATE ON quality_rules
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE quality_runs (
    id            TEXT COLLATE "C" PRIMARY KEY,
    resource      TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    version       BIGINT NOT NULL, -- of the catalog entry
    rules_version BIGINT NOT NULL, -- 0: none filed
    run_at        BIGINT NOT NULL,
    run_by        TEXT COLLATE "C" NOT NULL,
    result        JSONB NOT NULL -- counts and scores, no values
);
CREATE INDEX quality_runs_by_resource ON quality_runs (resource, run_at, id);
CREATE TRIGGER quality_runs_append_only BEFORE UPDATE OR DELETE ON quality_runs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER quality_runs_no_truncate BEFORE TRUNCATE ON quality_runs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- When a hosted resource was last loaded.
CREATE TABLE hosted_loads (
    resource  TEXT COLLATE "C" PRIMARY KEY REFERENCES resources (id),
    loaded_at BIGINT NOT NULL
);
