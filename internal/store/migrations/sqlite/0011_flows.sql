-- +goose Up
-- What consumers hold in combination (CN-25.2): one row for each consumer and rule.
CREATE TABLE aggregation_risks (
    consumer      TEXT NOT NULL REFERENCES departments (id),
    rule          TEXT NOT NULL,
    raises_to     TEXT NOT NULL,
    resources     TEXT NOT NULL CHECK (json_valid(resources)),
    assessed_case TEXT REFERENCES cases (id) DEFERRABLE INITIALLY DEFERRED,
    conclusion    TEXT NOT NULL CHECK (conclusion IN ('', 'pass', 'fail')),
    first_seen    INTEGER NOT NULL,
    last_seen     INTEGER NOT NULL,
    cleared_at    INTEGER,
    PRIMARY KEY (consumer, rule),
    CHECK ((assessed_case IS NULL) = (conclusion = ''))
) STRICT;
CREATE INDEX aggregation_risks_in_force ON aggregation_risks (consumer, rule) WHERE cleared_at IS NULL;

-- One dispute at a time about a case or a grant (CN-28).
CREATE UNIQUE INDEX cases_one_open_dispute ON cases (subject) WHERE procedure = 'dispute' AND closed_at IS NULL;
