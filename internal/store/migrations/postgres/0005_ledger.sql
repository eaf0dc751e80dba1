-- +goose Up
-- One row: where the next append continues.
CREATE TABLE ledger_head (
    id       BIGINT PRIMARY KEY CHECK (id = 1),
    size     BIGINT NOT NULL CHECK (size >= 0),
    root     BYTEA,
    frontier TEXT NOT NULL -- JSON list of base64 hashes, left to right
);
INSERT INTO ledger_head (id, size, root, frontier) VALUES (1, 0, NULL, '[]');

CREATE TABLE ledger_entries (
    idx  BIGINT PRIMARY KEY CHECK (idx >= 0),
    id   TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT COLLATE "C" NOT NULL,
    at   BIGINT NOT NULL,
    data BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entries_no_truncate BEFORE TRUNCATE ON ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE ledger_tiles (
    level  BIGINT NOT NULL CHECK (level BETWEEN 0 AND 255),
    idx    BIGINT NOT NULL CHECK (idx >= 0),
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, idx)
);

CREATE TABLE ledger_checkpoints (
    size BIGINT PRIMARY KEY CHECK (size >= 0),
    note BYTEA NOT NULL
);
CREATE TRIGGER ledger_checkpoints_append_only BEFORE UPDATE OR DELETE ON ledger_checkpoints
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_checkpoints_no_truncate BEFORE TRUNCATE ON ledger_checkpoints
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
