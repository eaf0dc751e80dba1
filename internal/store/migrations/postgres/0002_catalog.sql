-- +goose Up
CREATE TABLE resources (
    id         TEXT COLLATE "C" PRIMARY KEY,
    code       TEXT COLLATE "C" NOT NULL UNIQUE,
    provider   TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region     TEXT COLLATE "C" NOT NULL REFERENCES regions (code),
    published  BIGINT NOT NULL CHECK (published >= 0), -- version numbers; 0: none
    pending    BIGINT NOT NULL CHECK (pending >= 0),
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (published = 0 OR published <> pending)
);
CREATE INDEX resources_by_provider ON resources (provider, id);

-- The columns from name to search repeat parts of entry, for lists. They are
-- written with it, never alone.
CREATE TABLE resource_versions (
    id           TEXT COLLATE "C" PRIMARY KEY,
    resource     TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    number       BIGINT NOT NULL CHECK (number >= 1),
    status       TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'submitted', 'published', 'superseded', 'abandoned')),
    entry        JSONB NOT NULL,
    name         TEXT NOT NULL,
    attribute    TEXT COLLATE "C" NOT NULL CHECK (attribute IN ('', 'unconditional', 'conditional', 'withheld')),
    abstract     TEXT NOT NULL,
    methods      JSONB NOT NULL,
    collection   TEXT COLLATE "C" NOT NULL CHECK (collection IN ('', 'hosted_copy', 'linked_service')),
    items        BIGINT NOT NULL,
    search       TEXT NOT NULL, -- lower case: name, abstract and items
    case_id      TEXT COLLATE "C",           -- publication case, once submitted
    digest       TEXT COLLATE "C" NOT NULL,
    created_by   TEXT COLLATE "C" REFERENCES persons (id),
    created_at   BIGINT NOT NULL,
    published_at BIGINT,
    revision     BIGINT NOT NULL,
    UNIQUE (resource, number),
    CHECK (published_at IS NOT NULL OR status NOT IN ('published', 'superseded'))
);

-- Each published version stays for ever as it was.
CREATE TRIGGER resource_versions_keep_entry BEFORE UPDATE ON resource_versions
    FOR EACH ROW WHEN (OLD.status IN ('published', 'superseded') AND (
        NEW.entry IS DISTINCT FROM OLD.entry OR NEW.digest <> OLD.digest OR NEW.published_at IS DISTINCT FROM OLD.published_at
        OR NEW.resource <> OLD.resource OR NEW.number <> OLD.number OR NEW.status NOT IN ('published', 'superseded')))
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER resource_versions_keep BEFORE DELETE ON resource_versions
    FOR EACH ROW WHEN (OLD.status IN ('published', 'superseded'))
    EXECUTE FUNCTION refuse_change();

-- The tables that hold hosted resources' rows, and of what items they are made.
CREATE TABLE hosted_tables (
    resource   TEXT COLLATE "C" PRIMARY KEY REFERENCES resources (id),
    definition TEXT NOT NULL
);
