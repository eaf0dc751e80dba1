-- +goose Up
-- Calls by whom, of whom, under which grant, when and with what status: where in
-- the ledger a side's calls stand. A projection; the facts are in the entries.
CREATE TABLE call_logs (
    idx      BIGINT PRIMARY KEY CHECK (idx >= 0),
    at       BIGINT NOT NULL,
    consumer TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    grant_id TEXT COLLATE "C" NOT NULL,
    status   BIGINT NOT NULL
);
CREATE INDEX call_logs_by_consumer ON call_logs (consumer, at, idx);
CREATE INDEX call_logs_by_provider ON call_logs (provider, at, idx) WHERE provider <> '';
CREATE INDEX call_logs_by_grant ON call_logs (grant_id, at, idx) WHERE grant_id <> '';
-- Refusals are few among many.
CREATE INDEX call_logs_refused_to ON call_logs (consumer, at, idx) WHERE status <> 200;
CREATE INDEX call_logs_refused_by ON call_logs (provider, at, idx) WHERE status <> 200 AND provider <> '';
INSERT INTO projections (name, next_index) VALUES ('call_logs', 0);

-- A side's own log compared with the ledger (CN-29.2).
CREATE TABLE reconciliations (
    id             TEXT COLLATE "C" PRIMARY KEY,
    side           TEXT COLLATE "C" NOT NULL CHECK (side IN ('consumer', 'provider')),
    department     TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    grant_id       TEXT COLLATE "C" NOT NULL, -- '': all
    resource       TEXT COLLATE "C" NOT NULL, -- '': all
    period_from    BIGINT NOT NULL,
    period_to      BIGINT NOT NULL,
    refused        BOOLEAN NOT NULL,
    tolerance      BIGINT NOT NULL CHECK (tolerance > 0), -- microseconds
    state          TEXT COLLATE "C" NOT NULL CHECK (state IN ('receiving', 'theirs', 'ours', 'clearing', 'done')),
    version        BIGINT NOT NULL,
    ledger_size    BIGINT NOT NULL CHECK (ledger_size >= 0),
    lines          BIGINT NOT NULL CHECK (lines >= 0),
    sha256         TEXT COLLATE "C" NOT NULL,
    matched        BIGINT NOT NULL CHECK (matched >= 0),
    counts         JSONB NOT NULL,
    after_receipt  TEXT COLLATE "C" NOT NULL,
    after_at       BIGINT, -- NULL: from the beginning
    after_index    BIGINT NOT NULL,
    created_by     TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    created_at     BIGINT NOT NULL,
    finished_at    BIGINT,
    case_id        TEXT COLLATE "C" NOT NULL,
    case_procedure TEXT COLLATE "C" NOT NULL,
    CHECK (period_to > period_from)
);
CREATE INDEX reconciliations_by_department ON reconciliations (department, id);
CREATE INDEX reconciliations_open ON reconciliations (id) WHERE state <> 'done';

-- The lines of the log that is being compared; cleared away afterwards.
CREATE TABLE reconciliation_lines (
    reconciliation TEXT COLLATE "C" NOT NULL REFERENCES reconciliations (id),
    receipt        TEXT COLLATE "C" NOT NULL,
    line           BIGINT NOT NULL,
    at             BIGINT, -- NULL: not given
    grant_id       TEXT COLLATE "C" NOT NULL,
    sha256         TEXT COLLATE "C" NOT NULL,
    row_count      BIGINT NOT NULL, -- -1: not given
    again          BIGINT NOT NULL,
    PRIMARY KEY (reconciliation, receipt)
);

CREATE TABLE reconciliation_mismatches (
    reconciliation TEXT COLLATE "C" NOT NULL REFERENCES reconciliations (id),
    seq            BIGINT NOT NULL,
    kind           TEXT COLLATE "C" NOT NULL,
    receipt        TEXT COLLATE "C" NOT NULL,
    line           BIGINT NOT NULL,
    at             BIGINT, -- NULL: not known
    grant_id       TEXT COLLATE "C" NOT NULL,
    ours           TEXT COLLATE "C" NOT NULL,
    theirs         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (reconciliation, seq)
);

-- Terms that have passed are counted for the operators; they are few.
CREATE INDEX case_clocks_overdue ON case_clocks (overdue_at) WHERE overdue_at IS NOT NULL AND stopped_at IS NULL;
