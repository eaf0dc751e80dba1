-- +goose Up
-- What witnesses have cosigned of this log's checkpoints.
CREATE TABLE ledger_cosignatures (
    size    BIGINT NOT NULL REFERENCES ledger_checkpoints (size),
    witness TEXT COLLATE "C" NOT NULL, -- name and key ID
    line    BYTEA NOT NULL,
    PRIMARY KEY (size, witness)
);

-- One row: the largest checkpoint that reached the quorum.
CREATE TABLE ledger_witnessed (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL CHECK (size >= 0)
);

-- How each witness of this log stands to it.
CREATE TABLE ledger_witnesses (
    witness   TEXT COLLATE "C" PRIMARY KEY,
    size      BIGINT NOT NULL CHECK (size >= 0), -- of the last checkpoint it cosigned
    at        BIGINT NOT NULL,                   -- when it did
    diverged  TEXT NOT NULL,                     -- how it contradicted this log; '' : never
    since     BIGINT NOT NULL                    -- when it first did
);

-- The logs that this node witnesses: the last checkpoint it cosigned of each.
CREATE TABLE witness_logs (
    origin TEXT COLLATE "C" PRIMARY KEY,
    size   BIGINT NOT NULL CHECK (size >= 0),
    root   BYTEA NOT NULL,
    note   BYTEA NOT NULL,
    at     BIGINT NOT NULL
);

-- Signed checkpoints that did not fit, each once: evidence.
CREATE TABLE witness_evidence (
    id     TEXT COLLATE "C" PRIMARY KEY,
    origin TEXT COLLATE "C" NOT NULL,
    size   BIGINT NOT NULL,
    root   BYTEA NOT NULL,
    kind   TEXT COLLATE "C" NOT NULL CHECK (kind IN ('split', 'unproven')),
    note   BYTEA NOT NULL, -- as submitted
    held   BYTEA NOT NULL, -- the one cosigned before
    at     BIGINT NOT NULL,
    UNIQUE (origin, size, root)
);
CREATE TRIGGER witness_evidence_append_only BEFORE UPDATE OR DELETE ON witness_evidence
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER witness_evidence_no_truncate BEFORE TRUNCATE ON witness_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER witness_logs_forward BEFORE UPDATE ON witness_logs FOR EACH ROW
    WHEN (NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.root <> OLD.root)
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER witness_logs_no_delete BEFORE DELETE ON witness_logs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER witness_logs_no_truncate BEFORE TRUNCATE ON witness_logs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Bundles of 256 entries whose bytes are in the archive. before is never less
-- than three years ago (CN-29.2).
CREATE TABLE ledger_archived (
    bundle BIGINT PRIMARY KEY CHECK (bundle >= 0),
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    before BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    CHECK (at - before >= 94694400000000)
);
CREATE TRIGGER ledger_archived_append_only BEFORE UPDATE OR DELETE ON ledger_archived
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_archived_no_truncate BEFORE TRUNCATE ON ledger_archived
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The one change that an entry may have: its bytes go, when its bundle is
-- recorded as archived and it is old enough. Its row stays.
-- +goose StatementBegin
CREATE FUNCTION ledger_entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.idx = OLD.idx AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.hash = OLD.hash
        AND length(NEW.data) = 0
        AND EXISTS (SELECT 1 FROM ledger_archived a WHERE a.bundle = OLD.idx / 256 AND OLD.at < a.before) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'ledger_entries is append-only';
END $$;
-- +goose StatementEnd
DROP TRIGGER ledger_entries_append_only ON ledger_entries;
CREATE TRIGGER ledger_entries_append_only BEFORE DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_guard BEFORE UPDATE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION ledger_entries_guard();

-- Which calls asked with an identifier: a projection of the ledger by the keyed
-- digests in it.
CREATE TABLE identifier_calls (
    identifier TEXT COLLATE "C" NOT NULL,
    idx        BIGINT NOT NULL,
    PRIMARY KEY (identifier, idx)
);
INSERT INTO projections (name, next_index) VALUES ('identifier_calls', 0);
