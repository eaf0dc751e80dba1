-- +goose Up
-- One row: where the next append continues.
CREATE TABLE ledger_head (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    size     INTEGER NOT NULL CHECK (size >= 0),
    root     BLOB,
    frontier TEXT NOT NULL -- JSON list of base64 hashes, left to right
) STRICT;
INSERT INTO ledger_head (id, size, root, frontier) VALUES (1, 0, NULL, '[]');

CREATE TABLE ledger_entries (
    idx  INTEGER PRIMARY KEY CHECK (idx >= 0),
    id   TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    at   INTEGER NOT NULL,
    data BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger_entries is append-only'); END;
-- +goose StatementEnd

CREATE TABLE ledger_tiles (
    level  INTEGER NOT NULL CHECK (level BETWEEN 0 AND 255),
    idx    INTEGER NOT NULL CHECK (idx >= 0),
    hashes BLOB NOT NULL,
    PRIMARY KEY (level, idx)
) STRICT;

CREATE TABLE ledger_checkpoints (
    size INTEGER PRIMARY KEY CHECK (size >= 0),
    note BLOB NOT NULL
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER ledger_checkpoints_no_update BEFORE UPDATE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER ledger_checkpoints_no_delete BEFORE DELETE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints is append-only'); END;
-- +goose StatementEnd
