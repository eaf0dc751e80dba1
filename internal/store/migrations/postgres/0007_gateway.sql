-- +goose Up
-- Client assertions that were used: each works once.
CREATE TABLE used_assertions (
    system     TEXT COLLATE "C" NOT NULL,
    id         TEXT COLLATE "C" NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (system, id)
);
CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);

-- Calls of a grant on a day. last_taken is how many the last statement got: it
-- lets one statement raise the counter and tell by how much.
CREATE TABLE daily_calls (
    grant_id   TEXT COLLATE "C" NOT NULL,
    day        TEXT COLLATE "C" NOT NULL,
    taken      BIGINT NOT NULL CHECK (taken >= 0),
    last_taken BIGINT NOT NULL CHECK (last_taken >= 0),
    PRIMARY KEY (grant_id, day)
);
