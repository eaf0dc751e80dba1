-- +goose Up
-- The case may live on another node: no reference.
CREATE TABLE grants (
    id                  TEXT COLLATE "C" PRIMARY KEY,
    case_id             TEXT COLLATE "C" NOT NULL UNIQUE,
    resource            TEXT COLLATE "C" NOT NULL,
    resource_version    BIGINT NOT NULL,
    consumer            TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    provider            TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    systems             JSONB NOT NULL,
    items               JSONB NOT NULL,
    clear_items         JSONB NOT NULL,
    row_scope           JSONB NOT NULL,
    purpose             TEXT NOT NULL,
    scenario            TEXT NOT NULL,
    mode                TEXT COLLATE "C" NOT NULL CHECK (mode IN ('query', 'verify')),
    method              TEXT COLLATE "C" NOT NULL CHECK (method IN ('service_api', 'batch_exchange', 'file_download')),
    not_before          BIGINT NOT NULL,
    not_after           BIGINT NOT NULL,
    rate_per_second     BIGINT NOT NULL CHECK (rate_per_second >= 0),
    daily_calls         BIGINT NOT NULL CHECK (daily_calls >= 0),
    suspended_consumer  BOOLEAN NOT NULL,
    suspended_provider  BOOLEAN NOT NULL,
    suspended_authority BOOLEAN NOT NULL,
    terminated_at       BIGINT,
    delivered_at        BIGINT,
    version             BIGINT NOT NULL,
    created_at          BIGINT NOT NULL,
    FOREIGN KEY (resource, resource_version) REFERENCES resource_versions (resource, number),
    CHECK (not_after > not_before)
);
CREATE INDEX grants_by_consumer ON grants (consumer, id);
CREATE INDEX grants_by_provider ON grants (provider, id);
CREATE INDEX grants_by_resource ON grants (resource, id);
