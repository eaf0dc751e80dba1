-- +goose Up
-- Risk monitoring of calls (CN-35): how many calls a grant made in an hour.
CREATE TABLE monitor_hours (
    grant_id TEXT COLLATE "C" NOT NULL,
    hour     BIGINT NOT NULL, -- its beginning
    calls    BIGINT NOT NULL CHECK (calls >= 0),
    refused  BIGINT NOT NULL CHECK (refused >= 0),
    lookups  BIGINT NOT NULL CHECK (lookups >= 0),
    misses   BIGINT NOT NULL CHECK (misses >= 0),
    PRIMARY KEY (grant_id, hour)
);
CREATE INDEX monitor_hours_by_hour ON monitor_hours (hour);

-- Networks (/24, /48) that systems called from.
CREATE TABLE monitor_networks (
    system     TEXT COLLATE "C" NOT NULL,
    network    TEXT COLLATE "C" NOT NULL,
    first_seen BIGINT NOT NULL,
    PRIMARY KEY (system, network)
);

-- What a rule saw, once for each window, and what somebody made of it.
CREATE TABLE risk_signals (
    id             TEXT COLLATE "C" PRIMARY KEY,
    key            TEXT COLLATE "C" NOT NULL UNIQUE,
    kind           TEXT COLLATE "C" NOT NULL,
    name           TEXT NOT NULL,
    grant_id       TEXT COLLATE "C" NOT NULL, -- '': about the system
    system         TEXT COLLATE "C" NOT NULL,
    resource       TEXT COLLATE "C" NOT NULL,
    consumer       TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    provider       TEXT COLLATE "C" NOT NULL,
    facts          JSONB NOT NULL, -- counts and networks, nothing of persons
    clause         TEXT COLLATE "C" NOT NULL,
    at             BIGINT NOT NULL,
    measure        TEXT COLLATE "C" NOT NULL CHECK (measure IN ('signal', 'slow', 'pause', 'cut_off')),
    cutoff         TEXT COLLATE "C" NOT NULL,
    state          TEXT COLLATE "C" NOT NULL CHECK (state IN ('open', 'confirmed', 'dismissed')),
    decided_by     TEXT COLLATE "C" NOT NULL,
    decided_for    TEXT COLLATE "C" NOT NULL,
    decided_at     BIGINT,
    reason         TEXT NOT NULL,
    case_id        TEXT COLLATE "C" NOT NULL,
    case_procedure TEXT COLLATE "C" NOT NULL,
    CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX risk_signals_by_consumer ON risk_signals (consumer, id);
CREATE INDEX risk_signals_by_provider ON risk_signals (provider, id);
CREATE INDEX risk_signals_by_grant ON risk_signals (grant_id, id);
CREATE INDEX risk_signals_dismissed ON risk_signals (kind, grant_id, system, decided_at) WHERE state = 'dismissed';

-- What is slowed, paused or cut off. A row is lifted once and never deleted.
CREATE TABLE cutoffs (
    id          TEXT COLLATE "C" PRIMARY KEY,
    target      TEXT COLLATE "C" NOT NULL CHECK (target IN ('all', 'system', 'consumer', 'provider', 'resource', 'grant')),
    target_id   TEXT COLLATE "C" NOT NULL,
    measure     TEXT COLLATE "C" NOT NULL CHECK (measure IN ('slow', 'pause', 'cut_off')),
    rate        BIGINT NOT NULL CHECK (rate >= 0),
    side        TEXT COLLATE "C" NOT NULL CHECK (side IN ('self', 'authority', 'platform', 'operator')),
    department  TEXT COLLATE "C" NOT NULL,
    person      TEXT COLLATE "C" NOT NULL,
    signal      TEXT COLLATE "C" NOT NULL,
    consumer    TEXT COLLATE "C" NOT NULL,
    provider    TEXT COLLATE "C" NOT NULL,
    clause      TEXT COLLATE "C" NOT NULL,
    reason      TEXT NOT NULL CHECK (reason <> ''),
    at          BIGINT NOT NULL,
    ends_at     BIGINT, -- NULL: until lifted
    lifted_at   BIGINT,
    lifted_by   TEXT COLLATE "C" NOT NULL,
    lifted_for  TEXT COLLATE "C" NOT NULL,
    lift_reason TEXT NOT NULL,
    CHECK ((target = 'all') = (target_id = '')),
    CHECK ((measure = 'slow') = (rate > 0)),
    CHECK (lifted_at IS NULL OR (lifted_by <> '' AND lift_reason <> ''))
);
CREATE INDEX cutoffs_in_force ON cutoffs (ends_at) WHERE lifted_at IS NULL;
CREATE TRIGGER cutoffs_no_delete BEFORE DELETE ON cutoffs
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cutoffs_no_truncate BEFORE TRUNCATE ON cutoffs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
