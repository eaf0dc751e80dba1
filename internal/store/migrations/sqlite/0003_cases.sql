-- +goose Up
-- The texts of the rules that cases were received under.
CREATE TABLE rulebooks (
    key    TEXT PRIMARY KEY,
    code   TEXT NOT NULL,
    source BLOB NOT NULL
) STRICT;

CREATE TABLE cases (
    id        TEXT PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    procedure TEXT NOT NULL,
    rules_key TEXT NOT NULL,
    region    TEXT NOT NULL REFERENCES regions (code),
    subject   TEXT NOT NULL,
    title     TEXT NOT NULL,
    stage     TEXT NOT NULL,
    version   INTEGER NOT NULL CHECK (version >= 1),
    parties   TEXT NOT NULL CHECK (json_valid(parties)),
    facts     TEXT NOT NULL CHECK (json_valid(facts)),
    clocks    TEXT NOT NULL CHECK (json_valid(clocks)),
    taken     TEXT NOT NULL CHECK (json_valid(taken)),
    opened_at INTEGER NOT NULL,
    moved_at  INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;
CREATE INDEX cases_by_subject ON cases (subject, id);
CREATE INDEX cases_by_procedure ON cases (procedure, stage, id);

-- Index over the parties of cases, written with the case.
CREATE TABLE case_parties (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    party      TEXT NOT NULL,
    department TEXT NOT NULL REFERENCES departments (id),
    PRIMARY KEY (case_id, party)
) STRICT;
CREATE INDEX case_parties_by_department ON case_parties (department, case_id);

-- Whose turn it is in open cases: an index, written with the case.
CREATE TABLE case_turns (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    department TEXT NOT NULL REFERENCES departments (id),
    relation   TEXT NOT NULL,
    due        INTEGER,
    PRIMARY KEY (case_id, department, relation)
) STRICT;
CREATE INDEX case_turns_by_department ON case_turns (department, relation, due);

-- Append-only. Fields and results keep their very text: a digest is over them.
CREATE TABLE acts (
    id         TEXT PRIMARY KEY,
    case_id    TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    version    INTEGER NOT NULL CHECK (version >= 1),
    procedure  TEXT NOT NULL,
    rules_key  TEXT NOT NULL,
    action     TEXT NOT NULL,
    clause     TEXT NOT NULL,
    person     TEXT REFERENCES persons (id),
    system     TEXT REFERENCES systems (id),
    department TEXT REFERENCES departments (id),
    relation   TEXT NOT NULL,
    at         INTEGER NOT NULL,
    from_stage TEXT NOT NULL,
    to_stage   TEXT NOT NULL,
    fields     TEXT NOT NULL CHECK (json_valid(fields)),
    results    TEXT NOT NULL CHECK (json_valid(results)),
    UNIQUE (case_id, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER acts_no_update BEFORE UPDATE ON acts
BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER acts_no_delete BEFORE DELETE ON acts
BEGIN SELECT RAISE(ABORT, 'acts is append-only'); END;
-- +goose StatementEnd

CREATE TABLE outbox (
    id        TEXT PRIMARY KEY,
    kind      TEXT NOT NULL,
    case_id   TEXT REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    payload   BLOB NOT NULL,
    at        INTEGER NOT NULL,
    handled_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (at, id) WHERE handled_at IS NULL;

CREATE TABLE notices (
    id         TEXT PRIMARY KEY,
    case_id    TEXT REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT NOT NULL REFERENCES departments (id),
    relation   TEXT NOT NULL,
    text       TEXT NOT NULL,
    clause     TEXT NOT NULL,
    due        INTEGER,
    at         INTEGER NOT NULL
) STRICT;
CREATE INDEX notices_by_department ON notices (department, relation, at);
