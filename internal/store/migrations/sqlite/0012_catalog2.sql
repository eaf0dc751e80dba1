-- +goose Up
-- The items of published entries, one row each: an index over the entries,
-- written with the version that is published, never alone.
CREATE TABLE published_items (
    resource      TEXT NOT NULL REFERENCES resources (id),
    code          TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    provider      TEXT NOT NULL REFERENCES departments (id),
    region        TEXT NOT NULL,
    attribute     TEXT NOT NULL,
    name          TEXT NOT NULL,
    element       TEXT NOT NULL, -- '': none
    authoritative INTEGER NOT NULL CHECK (authoritative IN (0, 1)),
    PRIMARY KEY (resource, code)
) STRICT;
CREATE INDEX published_items_by_element ON published_items (element, resource) WHERE element <> '';

INSERT INTO published_items
SELECT r.id, i.value ->> 'code', v.name, r.provider, r.region, v.attribute, coalesce(i.value ->> 'name', ''),
       coalesce(i.value ->> 'element', ''), coalesce(i.value ->> 'authoritative', 0)
FROM resources AS r
JOIN resource_versions AS v ON v.resource = r.id AND v.number = r.published
JOIN json_each(v.entry, '$.items') AS i ON i.type = 'object';

-- Updates that a change of the law or of duties asks for (CN-17.2).
CREATE TABLE expected_updates (
    case_id      TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    resource     TEXT NOT NULL REFERENCES resources (id),
    publication  TEXT NOT NULL, -- publication case; '': none yet
    filed_at     INTEGER,
    published_at INTEGER,
    PRIMARY KEY (case_id, resource),
    CHECK ((publication = '') = (filed_at IS NULL)),
    CHECK (published_at IS NULL OR filed_at IS NOT NULL)
) STRICT;
CREATE INDEX expected_updates_open ON expected_updates (resource) WHERE published_at IS NULL;

-- The authority's consent to a stricter sharing attribute (CN-15.1).
CREATE TABLE attribute_leaves (
    id        TEXT PRIMARY KEY,
    resource  TEXT NOT NULL REFERENCES resources (id),
    version   INTEGER NOT NULL CHECK (version >= 1),
    attribute TEXT NOT NULL CHECK (attribute IN ('conditional', 'withheld')),
    removed   TEXT NOT NULL CHECK (json_valid(removed)), -- list of purposes
    case_id   TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    at        INTEGER NOT NULL
) STRICT;
CREATE INDEX attribute_leaves_by_resource ON attribute_leaves (resource, version);

-- The negative list (HB-11): who decided, by which document.
CREATE TABLE negative_list (
    id                TEXT PRIMARY KEY,
    resource          TEXT NOT NULL REFERENCES resources (id),
    provider          TEXT NOT NULL REFERENCES departments (id),
    region            TEXT NOT NULL,
    authority         TEXT NOT NULL REFERENCES departments (id),
    name              TEXT NOT NULL,
    reason            TEXT NOT NULL CHECK (reason <> ''),
    legal_basis       TEXT NOT NULL CHECK (legal_basis <> ''),
    approval_number   TEXT NOT NULL CHECK (approval_number <> ''),
    approved_on       TEXT NOT NULL,
    approval_document TEXT NOT NULL CHECK (length(approval_document) = 64),
    case_id           TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    listed_at         INTEGER NOT NULL,
    ended_at          INTEGER
) STRICT;
CREATE UNIQUE INDEX negative_list_running ON negative_list (resource) WHERE ended_at IS NULL;

-- Source departments (CN-19.2): of an authority one for each standard element.
CREATE TABLE source_designations (
    id            TEXT PRIMARY KEY,
    authority     TEXT NOT NULL REFERENCES departments (id),
    region        TEXT NOT NULL,
    element       TEXT NOT NULL CHECK (element <> ''),
    name          TEXT NOT NULL,
    department    TEXT NOT NULL REFERENCES departments (id),
    case_id       TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    designated_at INTEGER NOT NULL,
    ended_at      INTEGER
) STRICT;
CREATE UNIQUE INDEX source_designations_running ON source_designations (authority, element) WHERE ended_at IS NULL;

CREATE TABLE source_consultations (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    of_case     TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department  TEXT NOT NULL REFERENCES departments (id),
    opinion     TEXT NOT NULL CHECK (opinion IN ('', 'agree', 'disagree')),
    answered_at INTEGER,
    UNIQUE (of_case, department),
    CHECK ((opinion = '') = (answered_at IS NULL))
) STRICT;

-- Collection-responsibility lists (HB-10): the running one of each department.
CREATE TABLE collection_duties (
    id         TEXT PRIMARY KEY,
    department TEXT NOT NULL REFERENCES departments (id),
    region     TEXT NOT NULL,
    name       TEXT NOT NULL CHECK (name <> ''),
    element    TEXT NOT NULL,
    resource   TEXT NOT NULL, -- '': added by the authority
    frequency  TEXT NOT NULL,
    case_id    TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    decided_at INTEGER NOT NULL
) STRICT;
CREATE INDEX collection_duties_by_department ON collection_duties (department, name);

-- Resources that are not collected in real time, and why (XN-13).
CREATE TABLE realtime_exemptions (
    id             TEXT PRIMARY KEY,
    resource       TEXT NOT NULL REFERENCES resources (id),
    provider       TEXT NOT NULL REFERENCES departments (id),
    region         TEXT NOT NULL,
    name           TEXT NOT NULL,
    reason         TEXT NOT NULL CHECK (reason <> ''),
    interval_hours INTEGER NOT NULL CHECK (interval_hours >= 1),
    case_id        TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    filed_at       INTEGER NOT NULL,
    ended_at       INTEGER
) STRICT;
CREATE UNIQUE INDEX realtime_exemptions_running ON realtime_exemptions (resource) WHERE ended_at IS NULL;

-- Base and theme libraries (HB-13). The ID is that of the case that keeps it.
CREATE TABLE libraries (
    id         TEXT PRIMARY KEY REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    kind       TEXT NOT NULL CHECK (kind IN ('base', 'theme')),
    domain     TEXT NOT NULL CHECK (domain <> ''),
    name       TEXT NOT NULL CHECK (name <> ''),
    lead       TEXT NOT NULL REFERENCES departments (id),
    region     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT;
CREATE UNIQUE INDEX libraries_running ON libraries (region, domain) WHERE ended_at IS NULL;

CREATE TABLE library_resources (
    library  TEXT NOT NULL REFERENCES libraries (id) DEFERRABLE INITIALLY DEFERRED,
    resource TEXT NOT NULL REFERENCES resources (id),
    PRIMARY KEY (library, resource)
) STRICT;

-- Numbered documents about projects (XN-14, XN-10): written once.
CREATE TABLE project_documents (
    id         TEXT PRIMARY KEY,
    number     TEXT NOT NULL UNIQUE,
    kind       TEXT NOT NULL CHECK (kind IN ('acceptance', 'refusal', 'funding_opinion')),
    case_id    TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    department TEXT NOT NULL REFERENCES departments (id),
    region     TEXT NOT NULL,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL CHECK (json_valid(body)), -- its very text: a digest is over it
    digest     TEXT NOT NULL CHECK (length(digest) = 64),
    issued_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX project_documents_by_department ON project_documents (department, id);
CREATE INDEX project_documents_by_case ON project_documents (case_id, id);
-- +goose StatementBegin
CREATE TRIGGER project_documents_no_update BEFORE UPDATE ON project_documents
BEGIN SELECT RAISE(ABORT, 'project_documents is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER project_documents_no_delete BEFORE DELETE ON project_documents
BEGIN SELECT RAISE(ABORT, 'project_documents is append-only'); END;
-- +goose StatementEnd
