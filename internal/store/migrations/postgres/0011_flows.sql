-- +goose Up
-- What consumers hold in combination (CN-25.2): one row for each consumer and rule.
CREATE TABLE aggregation_risks (
    consumer      TEXT COLLATE "C" NOT NULL REFERENCES departments (id),
    rule          TEXT COLLATE "C" NOT NULL,
    raises_to     TEXT COLLATE "C" NOT NULL,
    resources     JSONB NOT NULL,
    assessed_case TEXT COLLATE "C" REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    conclusion    TEXT COLLATE "C" NOT NULL CHECK (conclusion IN ('', 'pass', 'fail')),
    first_seen    BIGINT NOT NULL,
    last_seen     BIGINT NOT NULL,
    cleared_at    BIGINT,
    PRIMARY KEY (consumer, rule),
    CHECK ((assessed_case IS NULL) = (conclusion = ''))
);
CREATE INDEX aggregation_risks_in_force ON aggregation_risks (consumer, rule) WHERE cleared_at IS NULL;

-- One dispute at a time about a case or a grant (CN-28).
CREATE UNIQUE INDEX cases_one_open_dispute ON cases (subject) WHERE procedure = 'dispute' AND closed_at IS NULL;
