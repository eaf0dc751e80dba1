-- +goose Up
-- Purposes agreed to after the grant (CN-25.1), and when what was shared was
-- disposed of (CN-27.1).
ALTER TABLE grants ADD COLUMN more_purposes JSONB NOT NULL DEFAULT '[]';
ALTER TABLE grants ADD COLUMN disposed_at BIGINT;

-- What happened to grants. One line for each version of a grant; the act that
-- caused it is proved by the ledger.
CREATE TABLE grant_changes (
    id         TEXT COLLATE "C" PRIMARY KEY,
    grant_id   TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
    version    BIGINT NOT NULL,
    case_id    TEXT COLLATE "C" NOT NULL,
    act_id     TEXT COLLATE "C" NOT NULL,
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind IN ('issued', 'delivered', 'suspended', 'restored', 'terminated', 'service_change', 'widened', 'third_party', 'altered', 'closed')),
    clause     TEXT COLLATE "C" NOT NULL,
    department TEXT COLLATE "C" REFERENCES departments (id),
    changed    JSONB NOT NULL,
    at         BIGINT NOT NULL,
    UNIQUE (grant_id, version)
);
CREATE TRIGGER grant_changes_append_only BEFORE UPDATE OR DELETE ON grant_changes
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER grant_changes_no_truncate BEFORE TRUNCATE ON grant_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Consents to pass data on to a third party (CN-25.1).
CREATE TABLE third_party_consents (
    id       TEXT COLLATE "C" PRIMARY KEY,
    grant_id TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
    case_id  TEXT COLLATE "C" NOT NULL UNIQUE,
    name     TEXT NOT NULL CHECK (name <> ''),
    uscc     TEXT COLLATE "C" NOT NULL,
    items    JSONB NOT NULL,
    purpose  TEXT NOT NULL,
    until    BIGINT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX third_party_consents_by_grant ON third_party_consents (grant_id, id);
CREATE TRIGGER third_party_consents_append_only BEFORE UPDATE OR DELETE ON third_party_consents
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER third_party_consents_no_truncate BEFORE TRUNCATE ON third_party_consents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Records of how shared data were used (CN-29.2, XN-18). They are never changed,
-- and cannot be deleted before retain_until: at least three years.
CREATE TABLE usage_records (
    id           TEXT COLLATE "C" PRIMARY KEY,
    grant_id     TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
    consumer     TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    provider     TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    scenario     TEXT NOT NULL,
    process      TEXT NOT NULL,
    effect       TEXT NOT NULL,
    storage      TEXT NOT NULL,
    destruction  TEXT NOT NULL,
    user_account TEXT NOT NULL CHECK (user_account <> ''),
    approver     TEXT NOT NULL CHECK (approver <> ''),
    content      TEXT NOT NULL,
    used_from    BIGINT NOT NULL,
    used_to      BIGINT NOT NULL,
    way          TEXT COLLATE "C" NOT NULL CHECK (way IN ('service_api', 'batch_exchange', 'file_download')),
    medium       TEXT COLLATE "C" NOT NULL CHECK (medium IN ('online', 'database', 'file', 'removable', 'paper', 'other')),
    corrects     TEXT COLLATE "C" REFERENCES usage_records (id),
    filed_by     TEXT COLLATE "C" NOT NULL,
    filed_at     BIGINT NOT NULL,
    retain_until BIGINT NOT NULL,
    CHECK (used_to >= used_from),
    -- three years of at least 365 days, in microseconds
    CHECK (retain_until >= used_to + 94608000000000 AND retain_until >= filed_at + 94608000000000)
);
CREATE INDEX usage_records_by_grant ON usage_records (grant_id, id);
-- +goose StatementBegin
CREATE FUNCTION refuse_early_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.retain_until > extract(epoch FROM clock_timestamp()) * 1000000 THEN
        RAISE EXCEPTION '% are kept until %', TG_TABLE_NAME, OLD.retain_until USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
-- +goose StatementEnd
CREATE TRIGGER usage_records_no_update BEFORE UPDATE ON usage_records
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER usage_records_keep BEFORE DELETE ON usage_records
    FOR EACH ROW EXECUTE FUNCTION refuse_early_deletion();
CREATE TRIGGER usage_records_no_truncate BEFORE TRUNCATE ON usage_records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
