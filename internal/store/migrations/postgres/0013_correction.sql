-- +goose Up
-- Who received which record: a projection of the ledger's calls. identifier is the
-- keyed digest of a queried identifier; '' stands for calls that named none.
CREATE TABLE record_accesses (
    resource   TEXT COLLATE "C" NOT NULL,
    identifier TEXT COLLATE "C" NOT NULL,
    grant_id   TEXT COLLATE "C" NOT NULL,
    consumer   TEXT COLLATE "C" NOT NULL,
    calls      BIGINT NOT NULL CHECK (calls >= 1),
    last_entry TEXT COLLATE "C" NOT NULL,
    last_index BIGINT NOT NULL CHECK (last_index >= 0),
    last_at    BIGINT NOT NULL,
    PRIMARY KEY (resource, identifier, grant_id, consumer)
);

-- How far a projection has read the ledger: the index of the next entry.
CREATE TABLE projections (
    name       TEXT COLLATE "C" PRIMARY KEY,
    next_index BIGINT NOT NULL CHECK (next_index >= 0)
);
INSERT INTO projections (name, next_index) VALUES ('record_accesses', 0);

-- The key of a record and the values in question, sealed (CN-26.2, CN-37.1).
CREATE TABLE correction_records (
    id          TEXT COLLATE "C" PRIMARY KEY,
    case_id     TEXT COLLATE "C" UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    grant_id    TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
    consumer    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    provider    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    items       JSONB NOT NULL,
    identifiers JSONB NOT NULL,
    sealed      BYTEA NOT NULL,
    filed       BYTEA, -- the right values as the provider files them, sealed
    created_at  BIGINT NOT NULL
);

-- Complaints of the public: what they wrote, sealed (CN-37.2).
CREATE TABLE complaints (
    id         TEXT COLLATE "C" PRIMARY KEY,
    number     TEXT COLLATE "C" NOT NULL UNIQUE,
    code_hash  BYTEA NOT NULL,
    case_id    TEXT COLLATE "C" UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    handler    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    handlers   JSONB NOT NULL, -- all that had it, in order
    kind       TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- What an incident's emergency response cut off, and whether the response alone did.
CREATE TABLE incident_cuts (
    id         TEXT COLLATE "C" PRIMARY KEY,
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    target     TEXT COLLATE "C" NOT NULL CHECK (target IN ('grant', 'system')),
    target_id  TEXT COLLATE "C" NOT NULL,
    side       TEXT COLLATE "C" NOT NULL CHECK (side IN ('consumer', 'provider', 'authority', 'owner')),
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    was_cut    BOOLEAN NOT NULL,
    cut_at     BIGINT NOT NULL,
    lifted_at  BIGINT
);
CREATE INDEX incident_cuts_by_case ON incident_cuts (case_id, id);
CREATE UNIQUE INDEX incident_cuts_open ON incident_cuts (case_id, target_id, side) WHERE lifted_at IS NULL;
CREATE INDEX incident_cuts_by_target ON incident_cuts (target_id, side) WHERE lifted_at IS NULL;

-- Approved entrustments (CN-36). Whether one is in force is derived from the time.
CREATE TABLE entrustments (
    id         TEXT COLLATE "C" PRIMARY KEY,
    case_id    TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    contractor TEXT NOT NULL,
    uscc       TEXT COLLATE "C" NOT NULL,
    work       TEXT COLLATE "C" NOT NULL,
    grants     JSONB NOT NULL,
    resources  JSONB NOT NULL,
    agreement  TEXT COLLATE "C" NOT NULL,
    not_before BIGINT NOT NULL,
    not_after  BIGINT NOT NULL,
    stopped_at BIGINT,
    ended_at   BIGINT,
    in_house   BOOLEAN NOT NULL, -- after the end the department runs the systems itself
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (not_after > not_before)
);
CREATE INDEX entrustments_by_department ON entrustments (department, id);

CREATE TABLE entrustment_systems (
    entrustment TEXT COLLATE "C" NOT NULL REFERENCES entrustments (id),
    system      TEXT COLLATE "C" NOT NULL REFERENCES systems (id),
    PRIMARY KEY (entrustment, system)
);
CREATE INDEX entrustment_systems_by_system ON entrustment_systems (system, entrustment);
