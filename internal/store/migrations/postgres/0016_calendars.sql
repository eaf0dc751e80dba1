-- +goose Up
-- The State Council's yearly holiday notices that were filed at run time. They
-- grow only: the last version of a year is the one in force.
CREATE TABLE calendar_notices (
    id         TEXT COLLATE "C" PRIMARY KEY,
    year       BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    version    BIGINT NOT NULL CHECK (version > 0),
    title      TEXT NOT NULL CHECK (title <> ''),
    document   TEXT NOT NULL, -- its number; may be empty
    days       JSONB NOT NULL,
    replaces   TEXT COLLATE "C" NOT NULL, -- empty: the year's first
    reason     TEXT NOT NULL CHECK (replaces = '' OR reason <> ''),
    digest     TEXT COLLATE "C" NOT NULL,
    filed_at   BIGINT NOT NULL,
    filed_by   TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL,
    UNIQUE (year, version)
);
CREATE TRIGGER calendar_notices_append_only BEFORE UPDATE OR DELETE ON calendar_notices
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER calendar_notices_no_truncate BEFORE TRUNCATE ON calendar_notices
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A fence stops the log of this database: what was handed over to another
-- place, or was restored and is not acknowledged yet, must not grow.
CREATE TABLE node_fences (
    id        TEXT COLLATE "C" PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('handed_over', 'restored')),
    at        BIGINT NOT NULL,
    facts     JSONB NOT NULL,
    lifted_at BIGINT,
    entry     TEXT COLLATE "C" NOT NULL -- of the ledger, that lifted it; empty: none yet
);
-- +goose StatementBegin
CREATE FUNCTION refuse_fenced() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM node_fences WHERE lifted_at IS NULL) THEN
        RAISE EXCEPTION 'ledger is fenced';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER ledger_head_fenced BEFORE UPDATE ON ledger_head
    FOR EACH ROW EXECUTE FUNCTION refuse_fenced();

-- What house-keeping looks for.
CREATE INDEX outbox_handled ON outbox (handled_at) WHERE handled_at IS NOT NULL;
CREATE INDEX daily_calls_by_day ON daily_calls (day);
