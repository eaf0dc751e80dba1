-- +goose Up
-- The texts of the rules that cases were received under.
CREATE TABLE rulebooks (
    key    TEXT COLLATE "C" PRIMARY KEY,
    code   TEXT COLLATE "C" NOT NULL,
    source BYTEA NOT NULL
);

CREATE TABLE cases (
    id        TEXT COLLATE "C" PRIMARY KEY,
    number    TEXT COLLATE "C" NOT NULL UNIQUE,
    procedure TEXT COLLATE "C" NOT NULL,
    rules_key TEXT COLLATE "C" NOT NULL,
    region    TEXT COLLATE "C" NOT NULL REFERENCES regions (code),
    subject   TEXT COLLATE "C" NOT NULL,
    title     TEXT NOT NULL,
    stage     TEXT COLLATE "C" NOT NULL,
    version   BIGINT NOT NULL CHECK (version >= 1),
    parties   JSONB NOT NULL,
    facts     JSONB NOT NULL,
    clocks    JSONB NOT NULL,
    taken     JSONB NOT NULL,
    opened_at BIGINT NOT NULL,
    moved_at  BIGINT NOT NULL,
    closed_at BIGINT
);
CREATE INDEX cases_by_subject ON cases (subject, id);
CREATE INDEX cases_by_procedure ON cases (procedure, stage, id);

-- Index over the parties of cases, written with the case.
CREATE TABLE case_parties (
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    party      TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    PRIMARY KEY (case_id, party)
);
CREATE INDEX case_parties_by_department ON case_parties (department, case_id);

-- Whose turn it is in open cases: an index, written with the case.
CREATE TABLE case_turns (
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id),
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    relation   TEXT COLLATE "C" NOT NULL,
    due        BIGINT,
    PRIMARY KEY (case_id, department, relation)
);
CREATE INDEX case_turns_by_department ON case_turns (department, relation, due);

-- Append-only. Fields and results keep their very text: a digest is over them.
CREATE TABLE acts (
    id         TEXT COLLATE "C" PRIMARY KEY,
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    version    BIGINT NOT NULL CHECK (version >= 1),
    procedure  TEXT COLLATE "C" NOT NULL,
    rules_key  TEXT COLLATE "C" NOT NULL,
    action     TEXT COLLATE "C" NOT NULL,
    clause     TEXT COLLATE "C" NOT NULL,
    person     TEXT COLLATE "C" REFERENCES persons (id),
    system     TEXT COLLATE "C" REFERENCES systems (id),
    department TEXT COLLATE "C" REFERENCES departments (id),
    relation   TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    from_stage TEXT COLLATE "C" NOT NULL,
    to_stage   TEXT COLLATE "C" NOT NULL,
    fields     JSON NOT NULL,
    results    JSON NOT NULL,
    UNIQUE (case_id, version)
);
CREATE TRIGGER acts_append_only BEFORE UPDATE OR DELETE ON acts
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER acts_no_truncate BEFORE TRUNCATE ON acts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE outbox (
    id        TEXT COLLATE "C" PRIMARY KEY,
    kind      TEXT COLLATE "C" NOT NULL,
    case_id   TEXT COLLATE "C" REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    payload   BYTEA NOT NULL,
    at        BIGINT NOT NULL,
    handled_at BIGINT
);
CREATE INDEX outbox_waiting ON outbox (at, id) WHERE handled_at IS NULL;

CREATE TABLE notices (
    id         TEXT COLLATE "C" PRIMARY KEY,
    case_id    TEXT COLLATE "C" REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    relation   TEXT COLLATE "C" NOT NULL,
    text       TEXT NOT NULL,
    clause     TEXT COLLATE "C" NOT NULL,
    due        BIGINT,
    at         BIGINT NOT NULL
);
CREATE INDEX notices_by_department ON notices (department, relation, at);
