-- +goose Up
-- Calls by whom, of whom, under which grant, when and with what status: where in
-- the ledger a side's calls stand. A projection; the facts are in the entries.
CREATE TABLE call_logs (
    idx      INTEGER PRIMARY KEY CHECK (idx >= 0),
    at       INTEGER NOT NULL,
    consumer TEXT NOT NULL,
    provider TEXT NOT NULL,
    grant_id TEXT NOT NULL,
    status   INTEGER NOT NULL
) STRICT;
CREATE INDEX call_logs_by_consumer ON call_logs (consumer, at, idx);
CREATE INDEX call_logs_by_provider ON call_logs (provider, at, idx) WHERE provider <> '';
CREATE INDEX call_logs_by_grant ON call_logs (grant_id, at, idx) WHERE grant_id <> '';
-- Refusals are few among many.
CREATE INDEX call_logs_refused_to ON call_logs (consumer, at, idx) WHERE status <> 200;
CREATE INDEX call_logs_refused_by ON call_logs (provider, at, idx) WHERE status <> 200 AND provider <> '';
INSERT INTO projections (name, next_index) VALUES ('call_logs', 0);

-- A side's own log compared with the ledger (CN-29.2).
CREATE TABLE reconciliations (
    id             TEXT PRIMARY KEY,
    side           TEXT NOT NULL CHECK (side IN ('consumer', 'provider')),
    department     TEXT NOT NULL REFERENCES departments (id),
    grant_id       TEXT NOT NULL, -- '': all
    resource       TEXT NOT NULL, -- '': all
    period_from    INTEGER NOT NULL,
    period_to      INTEGER NOT NULL,
    refused        INTEGER NOT NULL CHECK (refused IN (0, 1)),
    tolerance      INTEGER NOT NULL CHECK (tolerance > 0), -- microseconds
    state          TEXT NOT NULL CHECK (state IN ('receiving', 'theirs', 'ours', 'clearing', 'done')),
    version        INTEGER NOT NULL,
    ledger_size    INTEGER NOT NULL CHECK (ledger_size >= 0),
    lines          INTEGER NOT NULL CHECK (lines >= 0),
    sha256         TEXT NOT NULL,
    matched        INTEGER NOT NULL CHECK (matched >= 0),
    counts         TEXT NOT NULL CHECK (json_valid(counts)),
    after_receipt  TEXT NOT NULL,
    after_at       INTEGER, -- NULL: from the beginning
    after_index    INTEGER NOT NULL,
    created_by     TEXT NOT NULL REFERENCES persons (id),
    created_at     INTEGER NOT NULL,
    finished_at    INTEGER,
    case_id        TEXT NOT NULL,
    case_procedure TEXT NOT NULL,
    CHECK (period_to > period_from)
) STRICT;
CREATE INDEX reconciliations_by_department ON reconciliations (department, id);
CREATE INDEX reconciliations_open ON reconciliations (id) WHERE state <> 'done';

-- The lines of the log that is being compared; cleared away afterwards.
CREATE TABLE reconciliation_lines (
    reconciliation TEXT NOT NULL REFERENCES reconciliations (id),
    receipt        TEXT NOT NULL,
    line           INTEGER NOT NULL,
    at             INTEGER, -- NULL: not given
    grant_id       TEXT NOT NULL,
    sha256         TEXT NOT NULL,
    row_count      INTEGER NOT NULL, -- -1: not given
    again          INTEGER NOT NULL,
    PRIMARY KEY (reconciliation, receipt)
) STRICT, WITHOUT ROWID;

CREATE TABLE reconciliation_mismatches (
    reconciliation TEXT NOT NULL REFERENCES reconciliations (id),
    seq            INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    receipt        TEXT NOT NULL,
    line           INTEGER NOT NULL,
    at             INTEGER, -- NULL: not known
    grant_id       TEXT NOT NULL,
    ours           TEXT NOT NULL,
    theirs         TEXT NOT NULL,
    PRIMARY KEY (reconciliation, seq)
) STRICT, WITHOUT ROWID;

-- Terms that have passed are counted for the operators; they are few.
CREATE INDEX case_clocks_overdue ON case_clocks (overdue_at) WHERE overdue_at IS NOT NULL AND stopped_at IS NULL;
