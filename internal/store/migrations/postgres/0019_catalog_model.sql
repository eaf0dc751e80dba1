-- +goose Up
-- How often the table of a hosted resource was changed: who read an earlier
-- definition finds out.
ALTER TABLE hosted_tables ADD COLUMN generation BIGINT NOT NULL DEFAULT 1;

-- Why a version was made.
ALTER TABLE resource_versions ADD COLUMN reason TEXT NOT NULL DEFAULT '';

-- The names that published and pending versions bear: one of a name in a
-- department (CN-12). Written with versions and resources, never alone.
CREATE TABLE resource_names (
    provider TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    name     TEXT COLLATE "C" NOT NULL CHECK (name <> ''),
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    PRIMARY KEY (provider, name)
);
CREATE INDEX resource_names_by_resource ON resource_names (resource);
INSERT INTO resource_names
SELECT r.provider, v.name, min(r.id)
FROM resources AS r
JOIN resource_versions AS v ON v.resource = r.id AND v.number IN (r.published, r.pending)
WHERE v.name <> '' GROUP BY r.provider, v.name;

-- Earlier codes of resources that changed their class: they are never given to
-- another.
CREATE TABLE resource_codes (
    code     TEXT COLLATE "C" PRIMARY KEY,
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    kept_at  BIGINT NOT NULL
);
CREATE INDEX resource_codes_by_resource ON resource_codes (resource);
CREATE TRIGGER resource_codes_no_update BEFORE UPDATE ON resource_codes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resource_codes_no_delete BEFORE DELETE ON resource_codes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Classes (目, 细目) that authorities added to those that every node has.
CREATE TABLE catalog_classes (
    code      TEXT COLLATE "C" PRIMARY KEY,
    parent    TEXT COLLATE "C" NOT NULL,
    name      TEXT NOT NULL CHECK (name <> ''),
    note      TEXT NOT NULL,
    region    TEXT COLLATE "C" NOT NULL,
    authority TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    added_by  TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    added_at  BIGINT NOT NULL,
    ended_at  BIGINT,
    reason    TEXT NOT NULL,
    CHECK ((reason = '') = (ended_at IS NULL))
);
CREATE TRIGGER catalog_classes_no_delete BEFORE DELETE ON catalog_classes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Standard data elements that authorities filed: every version stays.
CREATE TABLE standard_elements (
    code         TEXT COLLATE "C" NOT NULL,
    version      BIGINT NOT NULL CHECK (version >= 1),
    name         TEXT NOT NULL CHECK (name <> ''),
    english_name TEXT NOT NULL,
    body         JSONB NOT NULL, -- the whole element
    search       TEXT NOT NULL, -- lower case: code and names
    authority    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    filed_by     TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    filed_at     BIGINT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (code, version)
);
CREATE TRIGGER standard_elements_no_update BEFORE UPDATE ON standard_elements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER standard_elements_no_delete BEFORE DELETE ON standard_elements
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
