-- +goose Up
-- How far the records of each write-ahead journal stand in the tree. It moves
-- in the transaction that puts them there.
CREATE TABLE ledger_journals (
    id         TEXT COLLATE "C" PRIMARY KEY,
    integrated BIGINT NOT NULL CHECK (integrated >= 0)
);
