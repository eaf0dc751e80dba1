-- +goose Up
-- Imports of catalog tables (HB-7, CN-12): the files handed in, what would become
-- of each resource in them, and what departments said their columns are.
CREATE TABLE imports (
    id          TEXT PRIMARY KEY,
    department  TEXT NOT NULL REFERENCES departments (id),
    state       TEXT NOT NULL,
    created_at  INTEGER NOT NULL,
    lease_until INTEGER NOT NULL, -- 0: nobody's
    attempts    INTEGER NOT NULL,
    rows_done   INTEGER NOT NULL,
    rows_total  INTEGER NOT NULL,
    kept        INTEGER NOT NULL CHECK (kept IN (0, 1)), -- files or rows are still there
    revision    INTEGER NOT NULL,
    body        TEXT NOT NULL CHECK (json_valid(body))
) STRICT;
CREATE INDEX imports_by_department ON imports (department, id);
CREATE INDEX imports_at_work ON imports (id) WHERE state IN ('waiting', 'checking', 'queued', 'committing');
CREATE INDEX imports_kept ON imports (created_at) WHERE kept = 1;

CREATE TABLE import_blobs (
    import TEXT NOT NULL REFERENCES imports (id),
    blob   TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    data   BLOB NOT NULL,
    PRIMARY KEY (import, blob, seq)
) STRICT;

CREATE TABLE import_rows (
    import  TEXT NOT NULL REFERENCES imports (id),
    seq     INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    done    INTEGER NOT NULL CHECK (done IN (0, 1)),
    body    TEXT NOT NULL CHECK (json_valid(body)), -- what would become of the resource, and why
    entry   TEXT CHECK (json_valid(entry)),         -- what is to be saved
    PRIMARY KEY (import, seq)
) STRICT;

CREATE TABLE import_mappings (
    department TEXT NOT NULL REFERENCES departments (id),
    signature  TEXT NOT NULL, -- of the headings
    body       TEXT NOT NULL CHECK (json_valid(body)),
    kept_at    INTEGER NOT NULL,
    PRIMARY KEY (department, signature)
) STRICT;
