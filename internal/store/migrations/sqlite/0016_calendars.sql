-- +goose Up
-- The State Council's yearly holiday notices that were filed at run time. They
-- grow only: the last version of a year is the one in force.
CREATE TABLE calendar_notices (
    id         TEXT PRIMARY KEY,
    year       INTEGER NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    version    INTEGER NOT NULL CHECK (version > 0),
    title      TEXT NOT NULL CHECK (title <> ''),
    document   TEXT NOT NULL, -- its number; may be empty
    days       TEXT NOT NULL CHECK (json_valid(days)),
    replaces   TEXT NOT NULL, -- empty: the year's first
    reason     TEXT NOT NULL CHECK (replaces = '' OR reason <> ''),
    digest     TEXT NOT NULL,
    filed_at   INTEGER NOT NULL,
    filed_by   TEXT NOT NULL,
    department TEXT NOT NULL,
    UNIQUE (year, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER calendar_notices_no_update BEFORE UPDATE ON calendar_notices
BEGIN SELECT RAISE(ABORT, 'calendar_notices is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calendar_notices_no_delete BEFORE DELETE ON calendar_notices
BEGIN SELECT RAISE(ABORT, 'calendar_notices is append-only'); END;
-- +goose StatementEnd

-- A fence stops the log of this database: what was handed over to another
-- place, or was restored and is not acknowledged yet, must not grow.
CREATE TABLE node_fences (
    id        TEXT PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('handed_over', 'restored')),
    at        INTEGER NOT NULL,
    facts     TEXT NOT NULL CHECK (json_valid(facts)),
    lifted_at INTEGER,
    entry     TEXT NOT NULL -- of the ledger, that lifted it; empty: none yet
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER ledger_head_fenced BEFORE UPDATE ON ledger_head
WHEN EXISTS (SELECT 1 FROM node_fences WHERE lifted_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'ledger is fenced'); END;
-- +goose StatementEnd

-- What house-keeping looks for.
CREATE INDEX outbox_handled ON outbox (handled_at) WHERE handled_at IS NOT NULL;
CREATE INDEX daily_calls_by_day ON daily_calls (day);
