-- +goose Up
-- The clocks of cases: an index, written with the case. What the sweeper did
-- (reminded, overdue_at, next_at) is written by the sweeper alone.
CREATE TABLE case_clocks (
    case_id            TEXT NOT NULL REFERENCES cases (id),
    clock              TEXT NOT NULL,
    term               TEXT NOT NULL,
    clause             TEXT NOT NULL,
    started_at         INTEGER NOT NULL,
    due                INTEGER NOT NULL,
    provisional        INTEGER NOT NULL,
    extended_by        INTEGER NOT NULL,
    stopped_at         INTEGER,
    department         TEXT NOT NULL,
    relation           TEXT NOT NULL,
    authority          TEXT NOT NULL,
    authority_relation TEXT NOT NULL,
    breach             TEXT NOT NULL,
    reminded           INTEGER NOT NULL,
    next_at            INTEGER,
    overdue_at         INTEGER,
    PRIMARY KEY (case_id, clock),
    -- The sweeper is done with what stopped and with what it marked.
    CHECK (next_at IS NULL OR (stopped_at IS NULL AND overdue_at IS NULL)),
    CHECK (next_at IS NOT NULL OR stopped_at IS NOT NULL OR overdue_at IS NOT NULL)
) STRICT;
-- What the sweeper looks at: an idle sweep is one probe, however many clocks run.
CREATE INDEX case_clocks_waiting ON case_clocks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX case_clocks_by_department ON case_clocks (department, due) WHERE stopped_at IS NULL;
CREATE INDEX case_clocks_provisional ON case_clocks (case_id, clock) WHERE provisional AND stopped_at IS NULL;

-- A to-do list reads its first lines in order, from the index alone.
DROP INDEX case_turns_by_department;
CREATE INDEX case_turns_todo ON case_turns (department, due, case_id, relation);

-- A message whose handler failed is given out again after a pause.
ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN not_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- Where a department wants its notices sent, besides the inbox. What ended
-- stays, for the deliveries that were made to it.
CREATE TABLE notice_subscriptions (
    id         TEXT PRIMARY KEY,
    department TEXT NOT NULL REFERENCES departments (id),
    channel    TEXT NOT NULL CHECK (channel IN ('email', 'webhook')),
    address    TEXT NOT NULL CHECK (address <> ''),
    secret     BLOB NOT NULL, -- sealed; empty for e-mail
    created_by TEXT NOT NULL REFERENCES persons (id),
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX notice_subscriptions_once ON notice_subscriptions (department, channel, address) WHERE ended_at IS NULL;

CREATE TABLE notice_deliveries (
    id           TEXT PRIMARY KEY,
    notice       TEXT NOT NULL REFERENCES notices (id),
    subscription TEXT NOT NULL REFERENCES notice_subscriptions (id),
    department   TEXT NOT NULL REFERENCES departments (id),
    state        TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts     INTEGER NOT NULL,
    next_at      INTEGER,
    failure      TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    ended_at     INTEGER,
    UNIQUE (notice, subscription),
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
) STRICT;
CREATE INDEX notice_deliveries_waiting ON notice_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_deliveries_by_department ON notice_deliveries (department, id);
