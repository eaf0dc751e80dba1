-- +goose Up
-- How often the table of a hosted resource was changed: who read an earlier
-- definition finds out.
ALTER TABLE hosted_tables ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;

-- Why a version was made.
ALTER TABLE resource_versions ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- The names that published and pending versions bear: one of a name in a
-- department (CN-12). Written with versions and resources, never alone.
CREATE TABLE resource_names (
    provider TEXT NOT NULL REFERENCES departments (id),
    name     TEXT NOT NULL CHECK (name <> ''),
    resource TEXT NOT NULL REFERENCES resources (id),
    PRIMARY KEY (provider, name)
) STRICT;
CREATE INDEX resource_names_by_resource ON resource_names (resource);
INSERT INTO resource_names
SELECT r.provider, v.name, min(r.id)
FROM resources AS r
JOIN resource_versions AS v ON v.resource = r.id AND v.number IN (r.published, r.pending)
WHERE v.name <> '' GROUP BY r.provider, v.name;

-- Earlier codes of resources that changed their class: they are never given to
-- another.
CREATE TABLE resource_codes (
    code     TEXT PRIMARY KEY,
    resource TEXT NOT NULL REFERENCES resources (id),
    kept_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX resource_codes_by_resource ON resource_codes (resource);
-- +goose StatementBegin
CREATE TRIGGER resource_codes_no_update BEFORE UPDATE ON resource_codes
BEGIN SELECT RAISE(ABORT, 'resource_codes is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER resource_codes_no_delete BEFORE DELETE ON resource_codes
BEGIN SELECT RAISE(ABORT, 'resource_codes is append-only'); END;
-- +goose StatementEnd

-- Classes (目, 细目) that authorities added to those that every node has.
CREATE TABLE catalog_classes (
    code      TEXT PRIMARY KEY,
    parent    TEXT NOT NULL,
    name      TEXT NOT NULL CHECK (name <> ''),
    note      TEXT NOT NULL,
    region    TEXT NOT NULL,
    authority TEXT NOT NULL REFERENCES departments (id),
    added_by  TEXT NOT NULL REFERENCES persons (id),
    added_at  INTEGER NOT NULL,
    ended_at  INTEGER,
    reason    TEXT NOT NULL,
    CHECK ((reason = '') = (ended_at IS NULL))
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER catalog_classes_no_delete BEFORE DELETE ON catalog_classes
BEGIN SELECT RAISE(ABORT, 'the code of a class is never used again'); END;
-- +goose StatementEnd

-- Standard data elements that authorities filed: every version stays.
CREATE TABLE standard_elements (
    code         TEXT NOT NULL,
    version      INTEGER NOT NULL CHECK (version >= 1),
    name         TEXT NOT NULL CHECK (name <> ''),
    english_name TEXT NOT NULL,
    body         TEXT NOT NULL CHECK (json_valid(body)), -- the whole element
    search       TEXT NOT NULL, -- lower case: code and names
    authority    TEXT NOT NULL REFERENCES departments (id),
    filed_by     TEXT NOT NULL REFERENCES persons (id),
    filed_at     INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (code, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER standard_elements_no_update BEFORE UPDATE ON standard_elements
BEGIN SELECT RAISE(ABORT, 'standard_elements is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER standard_elements_no_delete BEFORE DELETE ON standard_elements
BEGIN SELECT RAISE(ABORT, 'standard_elements is append-only'); END;
-- +goose StatementEnd
