-- +goose Up
-- What changed in the catalog and when: one row for each thing, moved forward
-- by every change. Writers come one after the other here, so a number does. It
-- is looked up by ORDER BY ... LIMIT 1: max() in this place would read the whole
-- table.
CREATE TABLE catalog_feed (
    kind      TEXT NOT NULL CHECK (kind IN ('resource', 'department', 'authority')),
    id        TEXT NOT NULL,
    changed   INTEGER NOT NULL, -- number of the last change
    published INTEGER,          -- of the last one that changed what the public sees; NULL: never
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX catalog_feed_changed ON catalog_feed (changed);
CREATE INDEX catalog_feed_published ON catalog_feed (published) WHERE published IS NOT NULL;

-- Tells this database from others that a derived index may belong to.
CREATE TABLE catalog_feed_epoch (epoch TEXT NOT NULL) STRICT;
INSERT INTO catalog_feed_epoch VALUES (lower(hex(randomblob(16))));

INSERT INTO catalog_feed (kind, id, changed, published)
SELECT 'resource', id, row_number() OVER (ORDER BY id), CASE WHEN published > 0 THEN row_number() OVER (ORDER BY id) END FROM resources;

-- +goose StatementBegin
CREATE TRIGGER catalog_feed_resources_new AFTER INSERT ON resources
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', NEW.id, n, CASE WHEN NEW.published > 0 THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_resources AFTER UPDATE ON resources
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', NEW.id, n, CASE WHEN NEW.published <> OLD.published THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_resources_gone AFTER DELETE ON resources
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', OLD.id, n, CASE WHEN OLD.published > 0 THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd

-- For versions and quality runs, which change no number of the resource.
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_versions_new AFTER INSERT ON resource_versions
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', NEW.resource, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_versions AFTER UPDATE ON resource_versions
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', NEW.resource, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_versions_gone AFTER DELETE ON resource_versions
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', OLD.resource, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_quality AFTER INSERT ON quality_runs
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'resource', NEW.resource, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER catalog_feed_new_departments AFTER INSERT ON departments
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'department', NEW.id, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_departments AFTER UPDATE OF name, region ON departments
WHEN NEW.name <> OLD.name OR NEW.region <> OLD.region
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'department', NEW.id, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_new_authorities AFTER INSERT ON authorities
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'authority', NEW.region, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_authorities AFTER UPDATE ON authorities
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'authority', NEW.region, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER catalog_feed_authorities_gone AFTER DELETE ON authorities
BEGIN
    INSERT INTO catalog_feed (kind, id, changed, published)
    SELECT 'authority', OLD.region, n, CASE WHEN false THEN n END FROM (SELECT coalesce((SELECT changed FROM catalog_feed ORDER BY changed DESC LIMIT 1), 0) + 1 AS n) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET changed = excluded.changed, published = coalesce(excluded.published, catalog_feed.published);
END;
-- +goose StatementEnd
