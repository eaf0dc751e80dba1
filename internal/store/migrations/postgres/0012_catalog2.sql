-- +goose Up
-- The items of published entries, one row each: an index over the entries,
-- written with the version that is published, never alone.
CREATE TABLE published_items (
    resource      TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    code          TEXT COLLATE "C" NOT NULL,
    resource_name TEXT NOT NULL,
    provider      TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region        TEXT COLLATE "C" NOT NULL,
    attribute     TEXT COLLATE "C" NOT NULL,
    name          TEXT NOT NULL,
    element       TEXT COLLATE "C" NOT NULL, -- '': none
    authoritative BOOLEAN NOT NULL,
    PRIMARY KEY (resource, code)
);
CREATE INDEX published_items_by_element ON published_items (element, resource) WHERE element <> '';

INSERT INTO published_items
SELECT r.id, i.item ->> 'code', v.name, r.provider, r.region, v.attribute, coalesce(i.item ->> 'name', ''),
       coalesce(i.item ->> 'element', ''), coalesce((i.item ->> 'authoritative')::boolean, false)
FROM resources AS r
JOIN resource_versions AS v ON v.resource = r.id AND v.number = r.published
CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(v.entry -> 'items') WHEN 'array' THEN v.entry -> 'items' ELSE '[]'::jsonb END) AS i (item);

-- Updates that a change of the law or of duties asks for (CN-17.2).
CREATE TABLE expected_updates (
    case_id      TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    resource     TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    publication  TEXT COLLATE "C" NOT NULL, -- publication case; '': none yet
    filed_at     BIGINT,
    published_at BIGINT,
    PRIMARY KEY (case_id, resource),
    CHECK ((publication = '') = (filed_at IS NULL)),
    CHECK (published_at IS NULL OR filed_at IS NOT NULL)
);
CREATE INDEX expected_updates_open ON expected_updates (resource) WHERE published_at IS NULL;

-- The authority's consent to a stricter sharing attribute (CN-15.1).
CREATE TABLE attribute_leaves (
    id        TEXT COLLATE "C" PRIMARY KEY,
    resource  TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    version   BIGINT NOT NULL CHECK (version >= 1),
    attribute TEXT COLLATE "C" NOT NULL CHECK (attribute IN ('conditional', 'withheld')),
    removed   JSONB NOT NULL, -- list of purposes
    case_id   TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    at        BIGINT NOT NULL
);
CREATE INDEX attribute_leaves_by_resource ON attribute_leaves (resource, version);

-- The negative list (HB-11): who decided, by which document.
CREATE TABLE negative_list (
    id                TEXT COLLATE "C" PRIMARY KEY,
    resource          TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    provider          TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region            TEXT COLLATE "C" NOT NULL,
    authority         TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    name              TEXT NOT NULL,
    reason            TEXT NOT NULL CHECK (reason <> ''),
    legal_basis       TEXT NOT NULL CHECK (legal_basis <> ''),
    approval_number   TEXT NOT NULL CHECK (approval_number <> ''),
    approved_on       TEXT COLLATE "C" NOT NULL,
    approval_document TEXT COLLATE "C" NOT NULL CHECK (length(approval_document) = 64),
    case_id           TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    listed_at         BIGINT NOT NULL,
    ended_at          BIGINT
);
CREATE UNIQUE INDEX negative_list_running ON negative_list (resource) WHERE ended_at IS NULL;

-- Source departments (CN-19.2): of an authority one for each standard element.
CREATE TABLE source_designations (
    id            TEXT COLLATE "C" PRIMARY KEY,
    authority     TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region        TEXT COLLATE "C" NOT NULL,
    element       TEXT COLLATE "C" NOT NULL CHECK (element <> ''),
    name          TEXT NOT NULL,
    department    TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    case_id       TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    designated_at BIGINT NOT NULL,
    ended_at      BIGINT
);
CREATE UNIQUE INDEX source_designations_running ON source_designations (authority, element) WHERE ended_at IS NULL;

CREATE TABLE source_consultations (
    case_id     TEXT COLLATE "C" PRIMARY KEY REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    of_case     TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department  TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    opinion     TEXT COLLATE "C" NOT NULL CHECK (opinion IN ('', 'agree', 'disagree')),
    answered_at BIGINT,
    UNIQUE (of_case, department),
    CHECK ((opinion = '') = (answered_at IS NULL))
);

-- Collection-responsibility lists (HB-10): the running one of each department.
CREATE TABLE collection_duties (
    id         TEXT COLLATE "C" PRIMARY KEY,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region     TEXT COLLATE "C" NOT NULL,
    name       TEXT NOT NULL CHECK (name <> ''),
    element    TEXT COLLATE "C" NOT NULL,
    resource   TEXT COLLATE "C" NOT NULL, -- '': added by the authority
    frequency  TEXT NOT NULL,
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    decided_at BIGINT NOT NULL
);
CREATE INDEX collection_duties_by_department ON collection_duties (department, name);

-- Resources that are not collected in real time, and why (XN-13).
CREATE TABLE realtime_exemptions (
    id             TEXT COLLATE "C" PRIMARY KEY,
    resource       TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    provider       TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region         TEXT COLLATE "C" NOT NULL,
    name           TEXT NOT NULL,
    reason         TEXT NOT NULL CHECK (reason <> ''),
    interval_hours BIGINT NOT NULL CHECK (interval_hours >= 1),
    case_id        TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    filed_at       BIGINT NOT NULL,
    ended_at       BIGINT
);
CREATE UNIQUE INDEX realtime_exemptions_running ON realtime_exemptions (resource) WHERE ended_at IS NULL;

-- Base and theme libraries (HB-13). The ID is that of the case that keeps it.
CREATE TABLE libraries (
    id         TEXT COLLATE "C" PRIMARY KEY REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('base', 'theme')),
    domain     TEXT COLLATE "C" NOT NULL CHECK (domain <> ''),
    name       TEXT NOT NULL CHECK (name <> ''),
    lead       TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region     TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at   BIGINT
);
CREATE UNIQUE INDEX libraries_running ON libraries (region, domain) WHERE ended_at IS NULL;

CREATE TABLE library_resources (
    library  TEXT COLLATE "C" NOT NULL REFERENCES libraries (id) DEFERRABLE INITIALLY DEFERRED,
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    PRIMARY KEY (library, resource)
);

-- Numbered documents about projects (XN-14, XN-10): written once.
CREATE TABLE project_documents (
    id         TEXT COLLATE "C" PRIMARY KEY,
    number     TEXT COLLATE "C" NOT NULL UNIQUE,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('acceptance', 'refusal', 'funding_opinion')),
    case_id    TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region     TEXT COLLATE "C" NOT NULL,
    title      TEXT NOT NULL,
    body       JSON NOT NULL, -- its very text: a digest is over it
    digest     TEXT COLLATE "C" NOT NULL CHECK (length(digest) = 64),
    issued_at  BIGINT NOT NULL
);
CREATE INDEX project_documents_by_department ON project_documents (department, id);
CREATE INDEX project_documents_by_case ON project_documents (case_id, id);
CREATE TRIGGER project_documents_keep BEFORE UPDATE OR DELETE ON project_documents
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
