-- +goose Up
-- Small settings of this node, such as its keys: written once.
CREATE TABLE node_settings (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BYTEA NOT NULL
);
