-- +goose Up
-- Each breach once, whoever saw it and however often (CN-39 to CN-41).
CREATE TABLE violations (
    id            TEXT PRIMARY KEY,
    key           TEXT NOT NULL UNIQUE,
    clause        TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('provider', 'consumer', 'authority', 'department')),
    department    TEXT NOT NULL REFERENCES departments (id),
    case_id       TEXT, -- may live on another node
    grant_id      TEXT,
    resource      TEXT,
    facts         TEXT NOT NULL CHECK (json_valid(facts)),
    source        TEXT NOT NULL CHECK (source IN ('detected', 'filed')),
    at            INTEGER NOT NULL,
    rectification TEXT UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX violations_by_department ON violations (department, id);
CREATE INDEX violations_by_clause ON violations (clause, id);
CREATE INDEX violations_by_time ON violations (at);

CREATE TABLE circulars (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    number       TEXT NOT NULL,
    issuer       TEXT NOT NULL REFERENCES departments (id),
    territory    TEXT NOT NULL REFERENCES regions (code),
    title        TEXT NOT NULL,
    kind         TEXT NOT NULL CHECK (kind IN ('criticism', 'situation', 'commendation')),
    text         TEXT NOT NULL,
    departments  TEXT NOT NULL CHECK (json_valid(departments)),
    clauses      TEXT NOT NULL CHECK (json_valid(clauses)),
    published_at INTEGER NOT NULL
) STRICT;
CREATE INDEX circulars_by_territory ON circulars (territory, id);
-- +goose StatementBegin
CREATE TRIGGER circulars_no_update BEFORE UPDATE ON circulars
BEGIN SELECT RAISE(ABORT, 'circulars is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER circulars_no_delete BEFORE DELETE ON circulars
BEGIN SELECT RAISE(ABORT, 'circulars is append-only'); END;
-- +goose StatementEnd

-- How far the readers of the ledger have come, and what they counted.
CREATE TABLE supervision_cursors (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT;
CREATE TABLE refused_calls (
    grant_id TEXT NOT NULL,
    day      TEXT NOT NULL,
    consumer TEXT NOT NULL,
    refused  INTEGER NOT NULL,
    first_entry TEXT NOT NULL,
    last_entry  TEXT NOT NULL,
    PRIMARY KEY (grant_id, day)
) STRICT;
CREATE TABLE service_outages (
    resource TEXT PRIMARY KEY,
    provider TEXT NOT NULL,
    grant_id TEXT NOT NULL,
    since    INTEGER NOT NULL,
    last     INTEGER NOT NULL,
    failures INTEGER NOT NULL
) STRICT;
CREATE INDEX service_outages_by_begin ON service_outages (since);
CREATE INDEX grants_ended ON grants (terminated_at) WHERE terminated_at IS NOT NULL;
CREATE INDEX case_clocks_stopped ON case_clocks (stopped_at) WHERE stopped_at IS NOT NULL;
