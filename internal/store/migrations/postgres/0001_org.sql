-- +goose Up
-- What is evidence is never changed.
-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd

-- Counters: serial numbers, case numbers and the version of all grants.
CREATE TABLE counters (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL CHECK (value >= 0)
);

CREATE TABLE regions (
    code   TEXT COLLATE "C" PRIMARY KEY,
    name   TEXT NOT NULL,
    parent TEXT COLLATE "C" REFERENCES regions (code),
    level  TEXT COLLATE "C" NOT NULL CHECK (level IN ('nation', 'province', 'city', 'county', 'township', 'village')),
    path   TEXT COLLATE "C" NOT NULL UNIQUE,
    CHECK (path LIKE '%' || code || '/')
);
CREATE INDEX regions_by_parent ON regions (parent, code);

CREATE TABLE departments (
    id              TEXT COLLATE "C" PRIMARY KEY,
    name            TEXT NOT NULL CHECK (name <> ''),
    uscc            TEXT COLLATE "C" NOT NULL UNIQUE CHECK (uscc <> ''),
    region          TEXT COLLATE "C" NOT NULL REFERENCES regions (code),
    kind            TEXT COLLATE "C" NOT NULL CHECK (kind IN ('department', 'authorised', 'other_state_organ')),
    sector          TEXT NOT NULL,
    parent          TEXT COLLATE "C" REFERENCES departments (id),
    -- The sharing office (CN-11); all NULL when none is filed.
    office_name     TEXT,
    office_head     TEXT COLLATE "C",
    office_leader   TEXT COLLATE "C",
    office_manager  TEXT COLLATE "C",
    office_contact  TEXT,
    office_filed_at BIGINT,
    version         BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    CHECK ((office_name IS NULL) = (office_filed_at IS NULL) AND (office_contact IS NULL) = (office_filed_at IS NULL)),
    CHECK (office_filed_at IS NOT NULL OR (office_head IS NULL AND office_leader IS NULL AND office_manager IS NULL))
);
CREATE INDEX departments_by_region ON departments (region, id);

-- At most one authority for a region, and one region for an authority (CN-8).
CREATE TABLE authorities (
    region     TEXT COLLATE "C" PRIMARY KEY REFERENCES regions (code),
    department TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES departments (id)
);

CREATE TABLE persons (
    id         TEXT COLLATE "C" PRIMARY KEY,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    name       TEXT NOT NULL,
    username   TEXT COLLATE "C" NOT NULL UNIQUE CHECK (username <> ''),
    roles      JSONB NOT NULL,
    disabled   BOOLEAN NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX persons_by_department ON persons (department, id);

ALTER TABLE departments
    ADD FOREIGN KEY (office_head) REFERENCES persons (id),
    ADD FOREIGN KEY (office_leader) REFERENCES persons (id),
    ADD FOREIGN KEY (office_manager) REFERENCES persons (id);

-- What accounts sign in with, apart from the people themselves.
CREATE TABLE person_secrets (
    person        TEXT COLLATE "C" PRIMARY KEY REFERENCES persons (id),
    password_hash TEXT NOT NULL,
    totp_secret   BYTEA,
    totp_last     BIGINT NOT NULL,
    failures      BIGINT NOT NULL CHECK (failures >= 0),
    locked_until  BIGINT
);

CREATE TABLE systems (
    id          TEXT COLLATE "C" PRIMARY KEY,
    department  TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    name        TEXT NOT NULL,
    -- The classified-protection assessment (XN-21); all NULL when none is filed.
    mlps_level  BIGINT CHECK (mlps_level BETWEEN 1 AND 5),
    mlps_report TEXT,
    mlps_by     TEXT,
    mlps_until  BIGINT,
    disabled_at BIGINT,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    CHECK ((mlps_level IS NULL) = (mlps_until IS NULL) AND (mlps_report IS NULL) = (mlps_until IS NULL)
       AND (mlps_by IS NULL) = (mlps_until IS NULL))
);
CREATE INDEX systems_by_department ON systems (department, id);

CREATE TABLE credentials (
    id         TEXT COLLATE "C" PRIMARY KEY,
    system     TEXT COLLATE "C" NOT NULL REFERENCES systems (id),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('cert', 'jwk')),
    value      TEXT NOT NULL,
    thumb      TEXT COLLATE "C" NOT NULL UNIQUE CHECK (thumb <> ''),
    not_after  BIGINT NOT NULL,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX credentials_by_system ON credentials (system, id);
