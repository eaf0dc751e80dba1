-- +goose Up
-- Why a grant is suspended: one row for each cause on each side (CN-27.2, CN-35.3). A side's flag
-- in grants is derived: it is set while a hold of that side is open.
CREATE TABLE grant_holds (
    id          TEXT PRIMARY KEY,
    grant_id    TEXT NOT NULL REFERENCES grants (id),
    side        TEXT NOT NULL CHECK (side IN ('consumer', 'provider', 'authority')),
    cause       TEXT NOT NULL CHECK (cause IN ('suspension', 'incident')),
    case_id     TEXT NOT NULL REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    held_at     INTEGER NOT NULL,
    released_at INTEGER,
    released_by TEXT, -- the case that released it
    CHECK ((released_at IS NULL) = (released_by IS NULL))
) STRICT;
CREATE UNIQUE INDEX grant_holds_open ON grant_holds (grant_id, side, case_id) WHERE released_at IS NULL;
-- One suspension of a side at a time; incidents may overlap.
CREATE UNIQUE INDEX grant_holds_one_suspension ON grant_holds (grant_id, side) WHERE released_at IS NULL AND cause = 'suspension';

INSERT INTO grant_holds (id, grant_id, side, cause, case_id, held_at)
SELECT x.id, x.target_id, x.side, 'incident', x.case_id, x.cut_at
FROM incident_cuts AS x JOIN grants AS g ON g.id = x.target_id
WHERE x.target = 'grant' AND x.lifted_at IS NULL;
INSERT INTO grant_holds (id, grant_id, side, cause, case_id, held_at)
SELECT c.id, g.id, c.facts ->> 'side', 'suspension', c.id, max(c.opened_at)
FROM cases AS c JOIN grants AS g ON g.id = c.subject
WHERE c.procedure = 'suspension' AND c.stage <> 'restored' AND CASE c.facts ->> 'side'
    WHEN 'consumer' THEN g.suspended_consumer WHEN 'provider' THEN g.suspended_provider
    WHEN 'authority' THEN g.suspended_authority ELSE 0 END
GROUP BY g.id, c.facts ->> 'side';

-- Refused calls, tallied for each liability clause apart.
ALTER TABLE refused_calls RENAME TO refused_calls_before;
CREATE TABLE refused_calls (
    clause   TEXT NOT NULL,
    subject  TEXT NOT NULL, -- grant or system
    day      TEXT NOT NULL,
    consumer TEXT NOT NULL,
    refused  INTEGER NOT NULL,
    first_entry TEXT NOT NULL,
    last_entry  TEXT NOT NULL,
    PRIMARY KEY (clause, subject, day)
) STRICT;
INSERT INTO refused_calls SELECT 'CN-40.2', grant_id, day, consumer, refused, first_entry, last_entry FROM refused_calls_before;
DROP TABLE refused_calls_before;

-- Refusals to share that a binding decision found to be without ground (CN-15.1, CN-39.2).
CREATE TABLE overruled_refusals (
    entry    TEXT PRIMARY KEY, -- the act's entry in the ledger
    provider TEXT NOT NULL,
    case_id  TEXT NOT NULL,
    action   TEXT NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX overruled_refusals_by_provider ON overruled_refusals (provider, at);
