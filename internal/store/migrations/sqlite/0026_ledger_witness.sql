-- +goose Up
-- What witnesses have cosigned of this log's checkpoints.
CREATE TABLE ledger_cosignatures (
    size    INTEGER NOT NULL REFERENCES ledger_checkpoints (size),
    witness TEXT NOT NULL, -- name and key ID
    line    BLOB NOT NULL,
    PRIMARY KEY (size, witness)
) STRICT;

-- One row: the largest checkpoint that reached the quorum.
CREATE TABLE ledger_witnessed (
    id   INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL CHECK (size >= 0)
) STRICT;

-- How each witness of this log stands to it.
CREATE TABLE ledger_witnesses (
    witness   TEXT PRIMARY KEY,
    size      INTEGER NOT NULL CHECK (size >= 0), -- of the last checkpoint it cosigned
    at        INTEGER NOT NULL,                   -- when it did
    diverged  TEXT NOT NULL,                      -- how it contradicted this log; '' : never
    since     INTEGER NOT NULL                    -- when it first did
) STRICT;

-- The logs that this node witnesses: the last checkpoint it cosigned of each.
CREATE TABLE witness_logs (
    origin TEXT PRIMARY KEY,
    size   INTEGER NOT NULL CHECK (size >= 0),
    root   BLOB NOT NULL,
    note   BLOB NOT NULL,
    at     INTEGER NOT NULL
) STRICT;

-- Signed checkpoints that did not fit, each once: evidence.
CREATE TABLE witness_evidence (
    id     TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    size   INTEGER NOT NULL,
    root   BLOB NOT NULL,
    kind   TEXT NOT NULL CHECK (kind IN ('split', 'unproven')),
    note   BLOB NOT NULL, -- as submitted
    held   BLOB NOT NULL, -- the one cosigned before
    at     INTEGER NOT NULL,
    UNIQUE (origin, size, root)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER witness_evidence_no_update BEFORE UPDATE ON witness_evidence
BEGIN SELECT RAISE(ABORT, 'witness_evidence is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER witness_evidence_no_delete BEFORE DELETE ON witness_evidence
BEGIN SELECT RAISE(ABORT, 'witness_evidence is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER witness_logs_forward BEFORE UPDATE ON witness_logs
WHEN NEW.origin <> OLD.origin OR NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.root <> OLD.root
BEGIN SELECT RAISE(ABORT, 'witness_logs does not go back'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER witness_logs_no_delete BEFORE DELETE ON witness_logs
BEGIN SELECT RAISE(ABORT, 'witness_logs does not go back'); END;
-- +goose StatementEnd

-- Bundles of 256 entries whose bytes are in the archive. before is never less
-- than three years ago (CN-29.2).
CREATE TABLE ledger_archived (
    bundle INTEGER PRIMARY KEY CHECK (bundle >= 0),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    before INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    CHECK (at - before >= 94694400000000)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER ledger_archived_no_update BEFORE UPDATE ON ledger_archived
BEGIN SELECT RAISE(ABORT, 'ledger_archived is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_archived_no_delete BEFORE DELETE ON ledger_archived
BEGIN SELECT RAISE(ABORT, 'ledger_archived is append-only'); END;
-- +goose StatementEnd

-- The one change that an entry may have: its bytes go, when its bundle is
-- recorded as archived and it is old enough. Its row stays.
DROP TRIGGER ledger_entries_no_update;
-- +goose StatementBegin
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
WHEN NOT (NEW.idx = OLD.idx AND NEW.id = OLD.id AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.hash = OLD.hash
    AND length(NEW.data) = 0
    AND EXISTS (SELECT 1 FROM ledger_archived a WHERE a.bundle = OLD.idx / 256 AND OLD.at < a.before))
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
-- +goose StatementEnd

-- Which calls asked with an identifier: a projection of the ledger by the keyed
-- digests in it.
CREATE TABLE identifier_calls (
    identifier TEXT NOT NULL,
    idx        INTEGER NOT NULL,
    PRIMARY KEY (identifier, idx)
) STRICT, WITHOUT ROWID;
INSERT INTO projections (name, next_index) VALUES ('identifier_calls', 0);
