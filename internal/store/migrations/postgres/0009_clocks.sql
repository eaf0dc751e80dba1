-- +goose Up
-- The clocks of cases: an index, written with the case. What the sweeper did
-- (reminded, overdue_at, next_at) is written by the sweeper alone.
CREATE TABLE case_clocks (
    case_id            TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    clock              TEXT COLLATE "C" NOT NULL,
    term               TEXT COLLATE "C" NOT NULL,
    clause             TEXT COLLATE "C" NOT NULL,
    started_at         BIGINT NOT NULL,
    due                BIGINT NOT NULL,
    provisional        BOOLEAN NOT NULL,
    extended_by        BIGINT NOT NULL,
    stopped_at         BIGINT,
    department         TEXT COLLATE "C" NOT NULL,
    relation           TEXT COLLATE "C" NOT NULL,
    authority          TEXT COLLATE "C" NOT NULL,
    authority_relation TEXT COLLATE "C" NOT NULL,
    breach             TEXT COLLATE "C" NOT NULL,
    reminded           BIGINT NOT NULL,
    next_at            BIGINT,
    overdue_at         BIGINT,
    PRIMARY KEY (case_id, clock),
    -- The sweeper is done with what stopped and with what it marked.
    CHECK (next_at IS NULL OR (stopped_at IS NULL AND overdue_at IS NULL)),
    CHECK (next_at IS NOT NULL OR stopped_at IS NOT NULL OR overdue_at IS NOT NULL)
);
-- What the sweeper looks at: an idle sweep is one probe, however many clocks run.
CREATE INDEX case_clocks_waiting ON case_clocks (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX case_clocks_by_department ON case_clocks (department, due) WHERE stopped_at IS NULL;
CREATE INDEX case_clocks_provisional ON case_clocks (case_id, clock) WHERE provisional AND stopped_at IS NULL;

-- A to-do list reads its first lines in order, from the index alone.
DROP INDEX case_turns_by_department;
CREATE INDEX case_turns_todo ON case_turns (department, due, case_id, relation);

-- A message whose handler failed is given out again after a pause.
ALTER TABLE outbox ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
ALTER TABLE notices ADD COLUMN subject TEXT NOT NULL DEFAULT '';

-- Where a department wants its notices sent, besides the inbox. What ended
-- stays, for the deliveries that were made to it.
CREATE TABLE notice_subscriptions (
    id         TEXT COLLATE "C" PRIMARY KEY,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    channel    TEXT COLLATE "C" NOT NULL CHECK (channel IN ('email', 'webhook')),
    address    TEXT COLLATE "C" NOT NULL CHECK (address <> ''),
    secret     BYTEA NOT NULL, -- sealed; empty for e-mail
    created_by TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE UNIQUE INDEX notice_subscriptions_once ON notice_subscriptions (department, channel, address) WHERE ended_at IS NULL;

CREATE TABLE notice_deliveries (
    id           TEXT COLLATE "C" PRIMARY KEY,
    notice       TEXT COLLATE "C" NOT NULL REFERENCES notices (id),
    subscription TEXT COLLATE "C" NOT NULL REFERENCES notice_subscriptions (id),
    department   TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'sent', 'dead')),
    attempts     BIGINT NOT NULL,
    next_at      BIGINT,
    failure      TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    UNIQUE (notice, subscription),
    CHECK ((state = 'waiting') = (next_at IS NOT NULL)),
    CHECK ((state = 'waiting') = (ended_at IS NULL))
);
CREATE INDEX notice_deliveries_waiting ON notice_deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX notice_deliveries_by_department ON notice_deliveries (department, id);
