-- +goose Up
-- Counters: serial numbers, case numbers and the version of all grants.
CREATE TABLE counters (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT;

CREATE TABLE regions (
    code   TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    parent TEXT REFERENCES regions (code),
    level  TEXT NOT NULL CHECK (level IN ('nation', 'province', 'city', 'county', 'township', 'village')),
    path   TEXT NOT NULL UNIQUE,
    CHECK (path LIKE '%' || code || '/')
) STRICT;
CREATE INDEX regions_by_parent ON regions (parent, code);

CREATE TABLE departments (
    id              TEXT PRIMARY KEY,
    name            TEXT NOT NULL CHECK (name <> ''),
    uscc            TEXT NOT NULL UNIQUE CHECK (uscc <> ''),
    region          TEXT NOT NULL REFERENCES regions (code),
    kind            TEXT NOT NULL CHECK (kind IN ('department', 'authorised', 'other_state_organ')),
    sector          TEXT NOT NULL,
    parent          TEXT REFERENCES departments (id),
    -- The sharing office (CN-11); all NULL when none is filed.
    office_name     TEXT,
    office_head     TEXT,
    office_leader   TEXT,
    office_manager  TEXT,
    office_contact  TEXT,
    office_filed_at INTEGER,
    version         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    CHECK ((office_name IS NULL) = (office_filed_at IS NULL) AND (office_contact IS NULL) = (office_filed_at IS NULL)),
    CHECK (office_filed_at IS NOT NULL OR (office_head IS NULL AND office_leader IS NULL AND office_manager IS NULL)),
    FOREIGN KEY (office_head) REFERENCES persons (id),
    FOREIGN KEY (office_leader) REFERENCES persons (id),
    FOREIGN KEY (office_manager) REFERENCES persons (id)
) STRICT;
CREATE INDEX departments_by_region ON departments (region, id);

-- At most one authority for a region, and one region for an authority (CN-8).
CREATE TABLE authorities (
    region     TEXT PRIMARY KEY REFERENCES regions (code),
    department TEXT NOT NULL UNIQUE REFERENCES departments (id)
) STRICT;

CREATE TABLE persons (
    id         TEXT PRIMARY KEY,
    department TEXT NOT NULL REFERENCES departments (id),
    name       TEXT NOT NULL,
    username   TEXT NOT NULL UNIQUE CHECK (username <> ''),
    roles      TEXT NOT NULL CHECK (json_valid(roles)),
    disabled   INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX persons_by_department ON persons (department, id);

-- What accounts sign in with, apart from the people themselves.
CREATE TABLE person_secrets (
    person        TEXT PRIMARY KEY REFERENCES persons (id),
    password_hash TEXT NOT NULL,
    totp_secret   BLOB,
    totp_last     INTEGER NOT NULL,
    failures      INTEGER NOT NULL CHECK (failures >= 0),
    locked_until  INTEGER
) STRICT;

CREATE TABLE systems (
    id          TEXT PRIMARY KEY,
    department  TEXT NOT NULL REFERENCES departments (id),
    name        TEXT NOT NULL,
    -- The classified-protection assessment (XN-21); all NULL when none is filed.
    mlps_level  INTEGER CHECK (mlps_level BETWEEN 1 AND 5),
    mlps_report TEXT,
    mlps_by     TEXT,
    mlps_until  INTEGER,
    disabled_at INTEGER,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    CHECK ((mlps_level IS NULL) = (mlps_until IS NULL) AND (mlps_report IS NULL) = (mlps_until IS NULL)
       AND (mlps_by IS NULL) = (mlps_until IS NULL))
) STRICT;
CREATE INDEX systems_by_department ON systems (department, id);

CREATE TABLE credentials (
    id         TEXT PRIMARY KEY,
    system     TEXT NOT NULL REFERENCES systems (id),
    kind       TEXT NOT NULL CHECK (kind IN ('cert', 'jwk')),
    value      TEXT NOT NULL,
    thumb      TEXT NOT NULL UNIQUE CHECK (thumb <> ''),
    not_after  INTEGER NOT NULL,
    revoked_at INTEGER,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX credentials_by_system ON credentials (system, id);
