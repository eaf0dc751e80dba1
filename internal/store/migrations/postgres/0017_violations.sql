-- +goose Up
-- Why a grant is suspended: one row for each cause on each side (CN-27.2, CN-35.3). A side's flag
-- in grants is derived: it is set while a hold of that side is open.
CREATE TABLE grant_holds (
    id          TEXT COLLATE "C" PRIMARY KEY,
    grant_id    TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
    side        TEXT COLLATE "C" NOT NULL CHECK (side IN ('consumer', 'provider', 'authority')),
    cause       TEXT COLLATE "C" NOT NULL CHECK (cause IN ('suspension', 'incident')),
    case_id     TEXT COLLATE "C" NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    held_at     BIGINT NOT NULL,
    released_at BIGINT,
    released_by TEXT COLLATE "C", -- the case that released it
    CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX grant_holds_open ON grant_holds (grant_id, side, case_id) WHERE released_at IS NULL;
-- One suspension of a side at a time; incidents may overlap.
CREATE UNIQUE INDEX grant_holds_one_suspension ON grant_holds (grant_id, side) WHERE released_at IS NULL AND cause = 'suspension';

INSERT INTO grant_holds (id, grant_id, side, cause, case_id, held_at)
SELECT x.id, x.target_id, x.side, 'incident', x.case_id, x.cut_at
FROM incident_cuts AS x JOIN grants AS g ON g.id = x.target_id
WHERE x.target = 'grant' AND x.lifted_at IS NULL;
INSERT INTO grant_holds (id, grant_id, side, cause, case_id, held_at)
SELECT DISTINCT ON (g.id, c.facts ->> 'side') c.id, g.id, c.facts ->> 'side', 'suspension', c.id, c.opened_at
FROM cases AS c JOIN grants AS g ON g.id = c.subject
WHERE c.procedure = 'suspension' AND c.stage <> 'restored' AND CASE c.facts ->> 'side'
    WHEN 'consumer' THEN g.suspended_consumer WHEN 'provider' THEN g.suspended_provider
    WHEN 'authority' THEN g.suspended_authority ELSE FALSE END
ORDER BY g.id, c.facts ->> 'side', c.opened_at DESC;

-- Refused calls, tallied for each liability clause apart.
ALTER TABLE refused_calls RENAME TO refused_calls_before;
CREATE TABLE refused_calls (
    clause   TEXT COLLATE "C" NOT NULL,
    subject  TEXT COLLATE "C" NOT NULL, -- grant or system
    day      TEXT COLLATE "C" NOT NULL,
    consumer TEXT COLLATE "C" NOT NULL,
    refused  BIGINT NOT NULL,
    first_entry TEXT COLLATE "C" NOT NULL,
    last_entry  TEXT COLLATE "C" NOT NULL,
    CONSTRAINT refused_calls_key PRIMARY KEY (clause, subject, day)
);
INSERT INTO refused_calls SELECT 'CN-40.2', grant_id, day, consumer, refused, first_entry, last_entry FROM refused_calls_before;
DROP TABLE refused_calls_before;

-- Refusals to share that a binding decision found to be without ground (CN-15.1, CN-39.2).
CREATE TABLE overruled_refusals (
    entry    TEXT COLLATE "C" PRIMARY KEY, -- the act's entry in the ledger
    provider TEXT COLLATE "C" NOT NULL,
    case_id  TEXT COLLATE "C" NOT NULL,
    action   TEXT COLLATE "C" NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX overruled_refusals_by_provider ON overruled_refusals (provider, at);
