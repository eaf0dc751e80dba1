-- +goose Up
-- What departments look for and the catalog does not have (CN-20.1, HB-21): what
-- everybody may know of a demand, who else needs it, whom it was assigned to.
-- The cases are the truth; these rows are written in their transactions.
CREATE TABLE demands (
    id           TEXT COLLATE "C" PRIMARY KEY REFERENCES cases (id),
    number       TEXT NOT NULL,
    department   TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    region       TEXT COLLATE "C" NOT NULL,
    name         TEXT NOT NULL,
    data         TEXT NOT NULL,
    items        JSONB NOT NULL,
    scope        TEXT NOT NULL,
    words        TEXT NOT NULL,
    urgency      TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'answered', 'closed')),
    resource     TEXT COLLATE "C" REFERENCES resources (id),
    merged_into  TEXT COLLATE "C" REFERENCES demands (id),
    announced_at BIGINT NOT NULL,
    closed_at    BIGINT
);
CREATE INDEX demands_by_state ON demands (state, id);
CREATE INDEX demands_by_department ON demands (department, id);

CREATE TABLE demand_joins (
    demand     TEXT COLLATE "C" NOT NULL REFERENCES demands (id),
    department TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    person     TEXT COLLATE "C" NOT NULL,
    note       TEXT NOT NULL,
    joined_at  BIGINT NOT NULL,
    PRIMARY KEY (demand, department)
);
CREATE INDEX demand_joins_by_department ON demand_joins (department);

CREATE TABLE demand_assignments (
    id         TEXT COLLATE "C" PRIMARY KEY REFERENCES cases (id),
    demand     TEXT COLLATE "C" NOT NULL REFERENCES demands (id),
    provider   TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    resource   TEXT COLLATE "C" REFERENCES resources (id),
    -- the version whose publication answers the demand, or a later one
    version    BIGINT NOT NULL,
    open       BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX demand_assignments_by_demand ON demand_assignments (demand, id);
CREATE INDEX demand_assignments_waiting ON demand_assignments (resource) WHERE open;

-- What a person has put aside to apply for together (CN-20.2).
CREATE TABLE cart_entries (
    person      TEXT COLLATE "C" NOT NULL REFERENCES persons (id),
    resource    TEXT COLLATE "C" NOT NULL REFERENCES resources (id),
    department  TEXT COLLATE "C" NOT NULL,
    items       JSONB NOT NULL,
    clear_items JSONB NOT NULL,
    fields      JSONB NOT NULL, -- rows, method, mode: what differs from the common form
    version     BIGINT NOT NULL, -- of the resource, when it was put in or last changed
    added_at    BIGINT NOT NULL,
    PRIMARY KEY (person, resource)
);
