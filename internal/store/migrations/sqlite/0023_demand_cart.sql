-- +goose Up
-- What departments look for and the catalog does not have (CN-20.1, HB-21): what
-- everybody may know of a demand, who else needs it, whom it was assigned to.
-- The cases are the truth; these rows are written in their transactions.
CREATE TABLE demands (
    id           TEXT PRIMARY KEY REFERENCES cases (id),
    number       TEXT NOT NULL,
    department   TEXT NOT NULL REFERENCES departments (id),
    region       TEXT NOT NULL,
    name         TEXT NOT NULL,
    data         TEXT NOT NULL,
    items        TEXT NOT NULL CHECK (json_valid(items)),
    scope        TEXT NOT NULL,
    words        TEXT NOT NULL,
    urgency      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    resource     TEXT REFERENCES resources (id),
    merged_into  TEXT REFERENCES demands (id),
    announced_at INTEGER NOT NULL,
    closed_at    INTEGER
) STRICT;
CREATE INDEX demands_by_state ON demands (state, id);
CREATE INDEX demands_by_department ON demands (department, id);

CREATE TABLE demand_joins (
    demand     TEXT NOT NULL REFERENCES demands (id),
    department TEXT NOT NULL REFERENCES departments (id),
    person     TEXT NOT NULL,
    note       TEXT NOT NULL,
    joined_at  INTEGER NOT NULL,
    PRIMARY KEY (demand, department)
) STRICT;
CREATE INDEX demand_joins_by_department ON demand_joins (department);

CREATE TABLE demand_assignments (
    id         TEXT PRIMARY KEY REFERENCES cases (id),
    demand     TEXT NOT NULL REFERENCES demands (id),
    provider   TEXT NOT NULL REFERENCES departments (id),
    resource   TEXT REFERENCES resources (id),
    -- the version whose publication answers the demand, or a later one
    version    INTEGER NOT NULL,
    open       INTEGER NOT NULL CHECK (open IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX demand_assignments_by_demand ON demand_assignments (demand, id);
CREATE INDEX demand_assignments_waiting ON demand_assignments (resource) WHERE open = 1;

-- What a person has put aside to apply for together (CN-20.2).
CREATE TABLE cart_entries (
    person      TEXT NOT NULL REFERENCES persons (id),
    resource    TEXT NOT NULL REFERENCES resources (id),
    department  TEXT NOT NULL,
    items       TEXT NOT NULL CHECK (json_valid(items)),
    clear_items TEXT NOT NULL CHECK (json_valid(clear_items)),
    fields      TEXT NOT NULL CHECK (json_valid(fields)), -- rows, method, mode: what differs from the common form
    version     INTEGER NOT NULL, -- of the resource, when it was put in or last changed
    added_at    INTEGER NOT NULL,
    PRIMARY KEY (person, resource)
) STRICT;
