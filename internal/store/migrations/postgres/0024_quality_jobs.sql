-- +goose Up
-- The name that an item is compared by (CN-19.1), NULL until a job has written
-- it. A release that changes how names are normalised sets it to NULL again.
ALTER TABLE published_items ADD COLUMN norm TEXT COLLATE "C";
CREATE INDEX published_items_by_norm ON published_items (norm, region, resource, code) WHERE attribute <> 'withheld';
CREATE INDEX published_items_unnamed ON published_items (resource, code) WHERE norm IS NULL;
CREATE INDEX published_items_by_place ON published_items (element, region, resource, code) WHERE element <> '';
DROP INDEX published_items_by_element;

-- Every name that an item bears or bore, and the pairs of letters in it: what
-- similar names are looked up by. They grow only; a name that no item bears any
-- more finds nothing.
CREATE TABLE item_names (
    norm     TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    reversed TEXT COLLATE "C" NOT NULL,
    len      BIGINT NOT NULL -- characters
);
CREATE INDEX item_names_reversed ON item_names (reversed, len);
CREATE TABLE item_name_pairs (
    pair TEXT COLLATE "C" NOT NULL,
    len  BIGINT NOT NULL, -- of the name
    norm TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (pair, len, norm)
);

-- How many items of a standard element a department publishes: sums over
-- published_items, written with them.
CREATE TABLE provider_elements (
    provider      TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    element       TEXT COLLATE "C" NOT NULL,
    region        TEXT COLLATE "C" NOT NULL,
    resources     BIGINT NOT NULL,
    items         BIGINT NOT NULL,
    authoritative BIGINT NOT NULL,
    PRIMARY KEY (provider, element)
);
CREATE INDEX provider_elements_by_element ON provider_elements (element, region, provider);
CREATE INDEX provider_elements_by_region ON provider_elements (region, element, provider, resources, items, authoritative);
CREATE INDEX source_designations_by_department ON source_designations (department, element) WHERE ended_at IS NULL;
INSERT INTO provider_elements
SELECT provider, element, min(region), count(DISTINCT resource), count(*), count(*) FILTER (WHERE authoritative)
FROM published_items WHERE element <> '' GROUP BY provider, element;

-- Measurements asked for, and what became of them.
CREATE TABLE quality_jobs (
    id          TEXT COLLATE "C" PRIMARY KEY,
    resource    TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
    asked_by    TEXT COLLATE "C" NOT NULL, -- person; '': the platform, by the frequency
    department  TEXT COLLATE "C" NOT NULL, -- of whoever asked; '': the platform
    queued_at   BIGINT NOT NULL,
    started_at  BIGINT,
    ended_at    BIGINT,
    rows_total  BIGINT NOT NULL,
    rows_read   BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    worker      TEXT COLLATE "C" NOT NULL,
    cancelled   BOOLEAN NOT NULL, -- somebody asked to stop
    run         TEXT COLLATE "C" NOT NULL, -- '': none came of it
    code        TEXT COLLATE "C" NOT NULL, -- why it failed
    message     TEXT NOT NULL
);
CREATE UNIQUE INDEX quality_jobs_open ON quality_jobs (resource) WHERE state IN ('queued', 'running');
CREATE INDEX quality_jobs_waiting ON quality_jobs (lease_until, id) WHERE state IN ('queued', 'running');
CREATE INDEX quality_jobs_by_resource ON quality_jobs (resource, id);

-- When a hosted resource is measured next without being asked.
CREATE TABLE quality_schedule (
    resource TEXT COLLATE "C" PRIMARY KEY REFERENCES resources (id),
    next_at  BIGINT NOT NULL
);
CREATE INDEX quality_schedule_next ON quality_schedule (next_at, resource);
INSERT INTO quality_schedule SELECT resource, loaded_at + 3600000000 FROM hosted_loads;

-- The last run of each resource.
CREATE TABLE quality_scores (
    resource TEXT COLLATE "C" PRIMARY KEY REFERENCES resources (id),
    run      TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region   TEXT COLLATE "C" NOT NULL,
    total    DOUBLE PRECISION NOT NULL,
    band     TEXT COLLATE "C" NOT NULL CHECK (band IN ('excellent', 'good', 'fair', 'poor')),
    run_at   BIGINT NOT NULL
);
CREATE INDEX quality_scores_by_place ON quality_scores (region, provider, total);
INSERT INTO quality_scores
SELECT resource, id, provider, region, total,
       CASE WHEN total >= 90 THEN 'excellent' WHEN total >= 75 THEN 'good' WHEN total >= 60 THEN 'fair' ELSE 'poor' END, run_at
FROM (SELECT q.resource, q.id, r.provider, r.region, (q.result ->> 'total')::float8 AS total, q.run_at,
             row_number() OVER (PARTITION BY q.resource ORDER BY q.run_at DESC, q.id DESC) AS n
      FROM quality_runs AS q JOIN resources AS r ON r.id = q.resource) AS runs
WHERE n = 1;

-- How well the published entries themselves are filled, and in what they are
-- not. version 0: not looked at yet.
CREATE TABLE entry_quality (
    resource   TEXT COLLATE "C" PRIMARY KEY REFERENCES resources (id),
    version    BIGINT NOT NULL,
    provider   TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region     TEXT COLLATE "C" NOT NULL,
    score      DOUBLE PRECISION NOT NULL,
    checked_at BIGINT NOT NULL,
    due_at     BIGINT -- when to look again; NULL: with the next version or load
);
CREATE INDEX entry_quality_due ON entry_quality (due_at, resource) WHERE due_at IS NOT NULL;
CREATE INDEX entry_quality_by_place ON entry_quality (region, provider, score) WHERE version > 0;
CREATE INDEX entry_quality_by_provider ON entry_quality (provider, score, resource) WHERE version > 0;
CREATE TABLE entry_findings (
    resource TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    kind     TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    failed   BIGINT NOT NULL, -- things
    checked  BIGINT NOT NULL, -- of so many
    PRIMARY KEY (resource, kind)
);
CREATE INDEX entry_findings_by_provider ON entry_findings (provider, kind, resource);
INSERT INTO entry_quality SELECT id, 0, provider, region, 0, 0, 0 FROM resources WHERE published > 0;
