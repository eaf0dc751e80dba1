-- +goose Up
-- The case may live on another node: no reference.
CREATE TABLE grants (
    id                  TEXT PRIMARY KEY,
    case_id             TEXT NOT NULL UNIQUE,
    resource            TEXT NOT NULL,
    resource_version    INTEGER NOT NULL,
    consumer            TEXT NOT NULL REFERENCES departments (id),
    provider            TEXT NOT NULL REFERENCES departments (id),
    systems             TEXT NOT NULL CHECK (json_valid(systems)),
    items               TEXT NOT NULL CHECK (json_valid(items)),
    clear_items         TEXT NOT NULL CHECK (json_valid(clear_items)),
    row_scope           TEXT NOT NULL CHECK (json_valid(row_scope)),
    purpose             TEXT NOT NULL,
    scenario            TEXT NOT NULL,
    mode                TEXT NOT NULL CHECK (mode IN ('query', 'verify')),
    method              TEXT NOT NULL CHECK (method IN ('service_api', 'batch_exchange', 'file_download')),
    not_before          INTEGER NOT NULL,
    not_after           INTEGER NOT NULL,
    rate_per_second     INTEGER NOT NULL CHECK (rate_per_second >= 0),
    daily_calls         INTEGER NOT NULL CHECK (daily_calls >= 0),
    suspended_consumer  INTEGER NOT NULL CHECK (suspended_consumer IN (0, 1)),
    suspended_provider  INTEGER NOT NULL CHECK (suspended_provider IN (0, 1)),
    suspended_authority INTEGER NOT NULL CHECK (suspended_authority IN (0, 1)),
    terminated_at       INTEGER,
    delivered_at        INTEGER,
    version             INTEGER NOT NULL,
    created_at          INTEGER NOT NULL,
    FOREIGN KEY (resource, resource_version) REFERENCES resource_versions (resource, number),
    CHECK (not_after > not_before)
) STRICT;
CREATE INDEX grants_by_consumer ON grants (consumer, id);
CREATE INDEX grants_by_provider ON grants (provider, id);
CREATE INDEX grants_by_resource ON grants (resource, id);
