-- +goose Up
-- Who received which record: a projection of the ledger's calls. identifier is the
-- keyed digest of a queried identifier; '' stands for calls that named none.
CREATE TABLE record_accesses (
    resource   TEXT NOT NULL,
    identifier TEXT NOT NULL,
    grant_id   TEXT NOT NULL,
    consumer   TEXT NOT NULL,
    calls      INTEGER NOT NULL CHECK (calls >= 1),
    last_entry TEXT NOT NULL,
    last_index INTEGER NOT NULL CHECK (last_index >= 0),
    last_at    INTEGER NOT NULL,
    PRIMARY KEY (resource, identifier, grant_id, consumer)
) STRICT;

-- How far a projection has read the ledger: the index of the next entry.
CREATE TABLE projections (
    name       TEXT PRIMARY KEY,
    next_index INTEGER NOT NULL CHECK (next_index >= 0)
) STRICT;
INSERT INTO projections (name, next_index) VALUES ('record_accesses', 0);

-- The key of a record and the values in question, sealed (CN-26.2, CN-37.1).
CREATE TABLE correction_records (
    id          TEXT PRIMARY KEY,
    case_id     TEXT UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    grant_id    TEXT NOT NULL REFERENCES grants (id),
    consumer    TEXT NOT NULL REFERENCES departments (id),
    provider    TEXT NOT NULL REFERENCES departments (id),
    items       TEXT NOT NULL CHECK (json_valid(items)),
    identifiers TEXT NOT NULL CHECK (json_valid(identifiers)),
    sealed      BLOB NOT NULL,
    filed       BLOB, -- the right values as the provider files them, sealed
    created_at  INTEGER NOT NULL
) STRICT;

-- Complaints of the public: what they wrote, sealed (CN-37.2).
CREATE TABLE complaints (
    id         TEXT PRIMARY KEY,
    number     TEXT NOT NULL UNIQUE,
    code_hash  BLOB NOT NULL,
    case_id    TEXT UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    handler    TEXT NOT NULL REFERENCES departments (id),
    handlers   TEXT NOT NULL CHECK (json_valid(handlers)), -- all that had it, in order
    kind       TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- What an incident's emergency response cut off, and whether the response alone did.
CREATE TABLE incident_cuts (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    target     TEXT NOT NULL CHECK (target IN ('grant', 'system')),
    target_id  TEXT NOT NULL,
    side       TEXT NOT NULL CHECK (side IN ('consumer', 'provider', 'authority', 'owner')),
    department TEXT NOT NULL REFERENCES departments (id),
    was_cut    INTEGER NOT NULL CHECK (was_cut IN (0, 1)),
    cut_at     INTEGER NOT NULL,
    lifted_at  INTEGER
) STRICT;
CREATE INDEX incident_cuts_by_case ON incident_cuts (case_id, id);
CREATE UNIQUE INDEX incident_cuts_open ON incident_cuts (case_id, target_id, side) WHERE lifted_at IS NULL;
CREATE INDEX incident_cuts_by_target ON incident_cuts (target_id, side) WHERE lifted_at IS NULL;

-- Approved entrustments (CN-36). Whether one is in force is derived from the time.
CREATE TABLE entrustments (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT NOT NULL REFERENCES departments (id),
    contractor TEXT NOT NULL,
    uscc       TEXT NOT NULL,
    work       TEXT NOT NULL,
    grants     TEXT NOT NULL CHECK (json_valid(grants)),
    resources  TEXT NOT NULL CHECK (json_valid(resources)),
    agreement  TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after  INTEGER NOT NULL,
    stopped_at INTEGER,
    ended_at   INTEGER,
    in_house   INTEGER NOT NULL CHECK (in_house IN (0, 1)), -- after the end the department runs the systems itself
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (not_after > not_before)
) STRICT;
CREATE INDEX entrustments_by_department ON entrustments (department, id);

CREATE TABLE entrustment_systems (
    entrustment TEXT NOT NULL REFERENCES entrustments (id),
    system      TEXT NOT NULL REFERENCES systems (id),
    PRIMARY KEY (entrustment, system)
) STRICT;
CREATE INDEX entrustment_systems_by_system ON entrustment_systems (system, entrustment);
