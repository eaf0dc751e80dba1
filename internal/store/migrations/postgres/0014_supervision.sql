-- +goose Up
-- Each breach once, whoever saw it and however often (CN-39 to CN-41).
CREATE TABLE violations (
    id            TEXT COLLATE "C" PRIMARY KEY,
    key           TEXT COLLATE "C" NOT NULL UNIQUE,
    clause        TEXT COLLATE "C" NOT NULL,
    role          TEXT COLLATE "C" NOT NULL CHECK (role IN ('provider', 'consumer', 'authority', 'department')),
    department    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    case_id       TEXT COLLATE "C", -- may live on another node
    grant_id      TEXT COLLATE "C",
    resource      TEXT COLLATE "C",
    facts         JSONB NOT NULL,
    source        TEXT COLLATE "C" NOT NULL CHECK (source IN ('detected', 'filed')),
    at            BIGINT NOT NULL,
    rectification TEXT COLLATE "C" UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX violations_by_department ON violations (department, id);
CREATE INDEX violations_by_clause ON violations (clause, id);
CREATE INDEX violations_by_time ON violations (at);

CREATE TABLE circulars (
    id           TEXT COLLATE "C" PRIMARY KEY,
    case_id      TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    number       TEXT COLLATE "C" NOT NULL,
    issuer       TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    territory    TEXT COLLATE "C" NOT NULL REFERENCES regions (code),
    title        TEXT NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL CHECK (kind IN ('criticism', 'situation', 'commendation')),
    text         TEXT NOT NULL,
    departments  JSONB NOT NULL,
    clauses      JSONB NOT NULL,
    published_at BIGINT NOT NULL
);
CREATE INDEX circulars_by_territory ON circulars (territory, id);
CREATE TRIGGER circulars_append_only BEFORE UPDATE OR DELETE ON circulars
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER circulars_no_truncate BEFORE TRUNCATE ON circulars
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How far the readers of the ledger have come, and what they counted.
CREATE TABLE supervision_cursors (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL CHECK (value >= 0)
);
CREATE TABLE refused_calls (
    grant_id TEXT COLLATE "C" NOT NULL,
    day      TEXT COLLATE "C" NOT NULL,
    consumer TEXT COLLATE "C" NOT NULL,
    refused  BIGINT NOT NULL,
    first_entry TEXT COLLATE "C" NOT NULL,
    last_entry  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (grant_id, day)
);
CREATE TABLE service_outages (
    resource TEXT COLLATE "C" PRIMARY KEY,
    provider TEXT COLLATE "C" NOT NULL,
    grant_id TEXT COLLATE "C" NOT NULL,
    since    BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    failures BIGINT NOT NULL
);
CREATE INDEX service_outages_by_begin ON service_outages (since);
CREATE INDEX grants_ended ON grants (terminated_at) WHERE terminated_at IS NOT NULL;
CREATE INDEX case_clocks_stopped ON case_clocks (stopped_at) WHERE stopped_at IS NOT NULL;
