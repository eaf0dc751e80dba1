-- +goose Up
-- Small settings of this node, such as its keys: written once.
CREATE TABLE node_settings (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;
