-- +goose Up
-- Imports of catalog tables (HB-7, CN-12): the files handed in, what would become
-- of each resource in them, and what departments said their columns are.
CREATE TABLE imports (
    id          TEXT COLLATE "C" PRIMARY KEY,
    department  TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    state       TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    lease_until BIGINT NOT NULL, -- 0: nobody's
    attempts    BIGINT NOT NULL,
    rows_done   BIGINT NOT NULL,
    rows_total  BIGINT NOT NULL,
    kept        BOOLEAN NOT NULL, -- files or rows are still there
    revision    BIGINT NOT NULL,
    body        JSONB NOT NULL
);
CREATE INDEX imports_by_department ON imports (department, id);
CREATE INDEX imports_at_work ON imports (id) WHERE state IN ('waiting', 'checking', 'queued', 'committing');
CREATE INDEX imports_kept ON imports (created_at) WHERE kept;

CREATE TABLE import_blobs (
    import TEXT COLLATE "C" NOT NULL REFERENCES imports (id),
    blob   TEXT COLLATE "C" NOT NULL,
    seq    BIGINT NOT NULL,
    data   BYTEA NOT NULL,
    PRIMARY KEY (import, blob, seq)
);

CREATE TABLE import_rows (
    import  TEXT COLLATE "C" NOT NULL REFERENCES imports (id),
    seq     BIGINT NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    done    BOOLEAN NOT NULL,
    body    JSONB NOT NULL, -- what would become of the resource, and why
    entry   JSONB,          -- what is to be saved
    PRIMARY KEY (import, seq)
);

CREATE TABLE import_mappings (
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    signature  TEXT COLLATE "C" NOT NULL, -- of the headings
    body       JSONB NOT NULL,
    kept_at    BIGINT NOT NULL,
    PRIMARY KEY (department, signature)
);
