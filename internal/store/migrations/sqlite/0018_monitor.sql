-- +goose Up
-- Risk monitoring of calls (CN-35): how many calls a grant made in an hour.
CREATE TABLE monitor_hours (
    grant_id TEXT NOT NULL,
    hour     INTEGER NOT NULL, -- its beginning
    calls    INTEGER NOT NULL CHECK (calls >= 0),
    refused  INTEGER NOT NULL CHECK (refused >= 0),
    lookups  INTEGER NOT NULL CHECK (lookups >= 0),
    misses   INTEGER NOT NULL CHECK (misses >= 0),
    PRIMARY KEY (grant_id, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX monitor_hours_by_hour ON monitor_hours (hour);

-- Networks (/24, /48) that systems called from.
CREATE TABLE monitor_networks (
    system     TEXT NOT NULL,
    network    TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    PRIMARY KEY (system, network)
) STRICT, WITHOUT ROWID;

-- What a rule saw, once for each window, and what somebody made of it.
CREATE TABLE risk_signals (
    id             TEXT PRIMARY KEY,
    key            TEXT NOT NULL UNIQUE,
    kind           TEXT NOT NULL,
    name           TEXT NOT NULL,
    grant_id       TEXT NOT NULL, -- '': about the system
    system         TEXT NOT NULL,
    resource       TEXT NOT NULL,
    consumer       TEXT NOT NULL REFERENCES departments (id),
    provider       TEXT NOT NULL,
    facts          TEXT NOT NULL CHECK (json_valid(facts)), -- counts and networks, nothing of persons
    clause         TEXT NOT NULL,
    at             INTEGER NOT NULL,
    measure        TEXT NOT NULL CHECK (measure IN ('signal', 'slow', 'pause', 'cut_off')),
    cutoff         TEXT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'confirmed', 'dismissed')),
    decided_by     TEXT NOT NULL,
    decided_for    TEXT NOT NULL,
    decided_at     INTEGER,
    reason         TEXT NOT NULL,
    case_id        TEXT NOT NULL,
    case_procedure TEXT NOT NULL,
    CHECK ((state = 'open') = (decided_at IS NULL))
) STRICT;
CREATE INDEX risk_signals_by_consumer ON risk_signals (consumer, id);
CREATE INDEX risk_signals_by_provider ON risk_signals (provider, id);
CREATE INDEX risk_signals_by_grant ON risk_signals (grant_id, id);
CREATE INDEX risk_signals_dismissed ON risk_signals (kind, grant_id, system, decided_at) WHERE state = 'dismissed';

-- What is slowed, paused or cut off. A row is lifted once and never deleted.
CREATE TABLE cutoffs (
    id          TEXT PRIMARY KEY,
    target      TEXT NOT NULL CHECK (target IN ('all', 'system', 'consumer', 'provider', 'resource', 'grant')),
    target_id   TEXT NOT NULL,
    measure     TEXT NOT NULL CHECK (measure IN ('slow', 'pause', 'cut_off')),
    rate        INTEGER NOT NULL CHECK (rate >= 0),
    side        TEXT NOT NULL CHECK (side IN ('self', 'authority', 'platform', 'operator')),
    department  TEXT NOT NULL,
    person      TEXT NOT NULL,
    signal      TEXT NOT NULL,
    consumer    TEXT NOT NULL,
    provider    TEXT NOT NULL,
    clause      TEXT NOT NULL,
    reason      TEXT NOT NULL CHECK (reason <> ''),
    at          INTEGER NOT NULL,
    ends_at     INTEGER, -- NULL: until lifted
    lifted_at   INTEGER,
    lifted_by   TEXT NOT NULL,
    lifted_for  TEXT NOT NULL,
    lift_reason TEXT NOT NULL,
    CHECK ((target = 'all') = (target_id = '')),
    CHECK ((measure = 'slow') = (rate > 0)),
    CHECK (lifted_at IS NULL OR (lifted_by <> '' AND lift_reason <> ''))
) STRICT;
CREATE INDEX cutoffs_in_force ON cutoffs (ends_at) WHERE lifted_at IS NULL;
-- +goose StatementBegin
CREATE TRIGGER cutoffs_no_delete BEFORE DELETE ON cutoffs
BEGIN SELECT RAISE(ABORT, 'cutoffs are lifted and never deleted'); END;
-- +goose StatementEnd
