-- +goose Up
-- Purposes agreed to after the grant (CN-25.1), and when what was shared was
-- disposed of (CN-27.1).
ALTER TABLE grants ADD COLUMN more_purposes TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(more_purposes));
ALTER TABLE grants ADD COLUMN disposed_at INTEGER;

-- What happened to grants. One line for each version of a grant; the act that
-- caused it is proved by the ledger.
CREATE TABLE grant_changes (
    id         TEXT PRIMARY KEY,
    grant_id   TEXT NOT NULL REFERENCES grants (id),
    version    INTEGER NOT NULL,
    case_id    TEXT NOT NULL,
    act_id     TEXT NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('issued', 'delivered', 'suspended', 'restored', 'terminated', 'service_change', 'widened', 'third_party', 'altered', 'closed')),
    clause     TEXT NOT NULL,
    department TEXT REFERENCES departments (id),
    changed    TEXT NOT NULL CHECK (json_valid(changed)),
    at         INTEGER NOT NULL,
    UNIQUE (grant_id, version)
) STRICT;
-- +goose StatementBegin
CREATE TRIGGER grant_changes_no_update BEFORE UPDATE ON grant_changes
BEGIN SELECT RAISE(ABORT, 'grant_changes is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grant_changes_no_delete BEFORE DELETE ON grant_changes
BEGIN SELECT RAISE(ABORT, 'grant_changes is append-only'); END;
-- +goose StatementEnd

-- Consents to pass data on to a third party (CN-25.1).
CREATE TABLE third_party_consents (
    id       TEXT PRIMARY KEY,
    grant_id TEXT NOT NULL REFERENCES grants (id),
    case_id  TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL CHECK (name <> ''),
    uscc     TEXT NOT NULL,
    items    TEXT NOT NULL CHECK (json_valid(items)),
    purpose  TEXT NOT NULL,
    until    INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX third_party_consents_by_grant ON third_party_consents (grant_id, id);
-- +goose StatementBegin
CREATE TRIGGER third_party_consents_no_update BEFORE UPDATE ON third_party_consents
BEGIN SELECT RAISE(ABORT, 'third_party_consents is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER third_party_consents_no_delete BEFORE DELETE ON third_party_consents
BEGIN SELECT RAISE(ABORT, 'third_party_consents is append-only'); END;
-- +goose StatementEnd

-- Records of how shared data were used (CN-29.2, XN-18). They are never changed,
-- and cannot be deleted before retain_until: at least three years.
CREATE TABLE usage_records (
    id           TEXT PRIMARY KEY,
    grant_id     TEXT NOT NULL REFERENCES grants (id),
    consumer     TEXT NOT NULL REFERENCES departments (id),
    provider     TEXT NOT NULL REFERENCES departments (id),
    scenario     TEXT NOT NULL,
    process      TEXT NOT NULL,
    effect       TEXT NOT NULL,
    storage      TEXT NOT NULL,
    destruction  TEXT NOT NULL,
    user_account TEXT NOT NULL CHECK (user_account <> ''),
    approver     TEXT NOT NULL CHECK (approver <> ''),
    content      TEXT NOT NULL,
    used_from    INTEGER NOT NULL,
    used_to      INTEGER NOT NULL,
    way          TEXT NOT NULL CHECK (way IN ('service_api', 'batch_exchange', 'file_download')),
    medium       TEXT NOT NULL CHECK (medium IN ('online', 'database', 'file', 'removable', 'paper', 'other')),
    corrects     TEXT REFERENCES usage_records (id),
    filed_by     TEXT NOT NULL,
    filed_at     INTEGER NOT NULL,
    retain_until INTEGER NOT NULL,
    CHECK (used_to >= used_from),
    -- three years of at least 365 days, in microseconds
    CHECK (retain_until >= used_to + 94608000000000 AND retain_until >= filed_at + 94608000000000)
) STRICT;
CREATE INDEX usage_records_by_grant ON usage_records (grant_id, id);
-- +goose StatementBegin
CREATE TRIGGER usage_records_no_update BEFORE UPDATE ON usage_records
BEGIN SELECT RAISE(ABORT, 'usage_records are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER usage_records_keep BEFORE DELETE ON usage_records
WHEN OLD.retain_until > CAST(strftime('%s', 'now') AS INTEGER) * 1000000
BEGIN SELECT RAISE(ABORT, 'usage_records are kept for at least three years'); END;
-- +goose StatementEnd
