-- +goose Up
CREATE TABLE resources (
    id         TEXT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    provider   TEXT NOT NULL REFERENCES departments (id),
    region     TEXT NOT NULL REFERENCES regions (code),
    published  INTEGER NOT NULL CHECK (published >= 0), -- version numbers; 0: none
    pending    INTEGER NOT NULL CHECK (pending >= 0),
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (published = 0 OR published <> pending)
) STRICT;
CREATE INDEX resources_by_provider ON resources (provider, id);

-- The columns from name to search repeat parts of entry, for lists. They are
-- written with it, never alone.
CREATE TABLE resource_versions (
    id           TEXT PRIMARY KEY,
    resource     TEXT NOT NULL REFERENCES resources (id),
    number       INTEGER NOT NULL CHECK (number >= 1),
    status       TEXT NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'superseded', 'abandoned')),
    entry        TEXT NOT NULL CHECK (json_valid(entry)),
    name         TEXT NOT NULL,
    attribute    TEXT NOT NULL CHECK (attribute IN ('', 'unconditional', 'conditional', 'withheld')),
    abstract     TEXT NOT NULL,
    methods      TEXT NOT NULL CHECK (json_valid(methods)),
    collection   TEXT NOT NULL CHECK (collection IN ('', 'hosted_copy', 'linked_service')),
    items        INTEGER NOT NULL,
    search       TEXT NOT NULL, -- lower case: name, abstract and items
    case_id      TEXT,           -- publication case, once submitted
    digest       TEXT NOT NULL,
    created_by   TEXT REFERENCES persons (id),
    created_at   INTEGER NOT NULL,
    published_at INTEGER,
    revision     INTEGER NOT NULL,
    UNIQUE (resource, number),
    CHECK (published_at IS NOT NULL OR status NOT IN ('published', 'superseded'))
) STRICT;

-- Each published version stays for ever as it was.
-- +goose StatementBegin
CREATE TRIGGER resource_versions_keep_entry BEFORE UPDATE ON resource_versions
WHEN OLD.status IN ('published', 'superseded') AND (
        NEW.entry IS NOT OLD.entry OR NEW.digest <> OLD.digest OR NEW.published_at IS NOT OLD.published_at
        OR NEW.resource <> OLD.resource OR NEW.number <> OLD.number OR NEW.status NOT IN ('published', 'superseded'))
BEGIN SELECT RAISE(ABORT, 'a published version stays as it was'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER resource_versions_keep BEFORE DELETE ON resource_versions
WHEN OLD.status IN ('published', 'superseded')
BEGIN SELECT RAISE(ABORT, 'a published version stays as it was'); END;
-- +goose StatementEnd

-- The tables that hold hosted resources' rows, and of what items they are made.
CREATE TABLE hosted_tables (
    resource   TEXT PRIMARY KEY REFERENCES resources (id),
    definition TEXT NOT NULL
) STRICT;
