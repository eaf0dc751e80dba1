-- +goose Up
-- What changed in the catalog and when: one row for each thing, moved forward
-- by every transaction that changes it. Readers (the search index of each
-- replica, harvesters) ask for what a snapshot of theirs has not seen yet, so
-- that nothing is lost whatever order transactions commit in.
CREATE TABLE catalog_feed (
    kind      TEXT COLLATE "C" NOT NULL CHECK (kind IN ('resource', 'department', 'authority')),
    id        TEXT COLLATE "C" NOT NULL,
    changed   XID8 NOT NULL, -- last transaction that changed it
    published XID8,          -- last one that changed what the public sees; NULL: never
    PRIMARY KEY (kind, id)
);
CREATE INDEX catalog_feed_changed ON catalog_feed (changed);
CREATE INDEX catalog_feed_published ON catalog_feed (published) WHERE published IS NOT NULL;

INSERT INTO catalog_feed (kind, id, changed, published)
SELECT 'resource', id, pg_current_xact_id(), CASE WHEN published > 0 THEN pg_current_xact_id() END FROM resources;

-- +goose StatementBegin
CREATE FUNCTION catalog_feed_note(of_kind TEXT, of_id TEXT, public_too BOOLEAN) RETURNS void LANGUAGE sql AS $$
    INSERT INTO catalog_feed (kind, id, changed, published)
    VALUES (of_kind, of_id, pg_current_xact_id(), CASE WHEN public_too THEN pg_current_xact_id() END)
    ON CONFLICT (kind, id) DO UPDATE SET changed = EXCLUDED.changed, published = coalesce(EXCLUDED.published, catalog_feed.published)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION catalog_feed_resource() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM catalog_feed_note('resource', NEW.id, NEW.published > 0);
    ELSIF TG_OP = 'UPDATE' THEN
        PERFORM catalog_feed_note('resource', NEW.id, NEW.published <> OLD.published);
    ELSE
        PERFORM catalog_feed_note('resource', OLD.id, OLD.published > 0);
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER catalog_feed_resources AFTER INSERT OR UPDATE OR DELETE ON resources
    FOR EACH ROW EXECUTE FUNCTION catalog_feed_resource();

-- For versions and quality runs, which change no number of the resource.
-- +goose StatementBegin
CREATE FUNCTION catalog_feed_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_feed_note('resource', CASE WHEN TG_OP = 'DELETE' THEN OLD.resource ELSE NEW.resource END, false);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER catalog_feed_versions AFTER INSERT OR UPDATE OR DELETE ON resource_versions
    FOR EACH ROW EXECUTE FUNCTION catalog_feed_part();
CREATE TRIGGER catalog_feed_quality AFTER INSERT ON quality_runs
    FOR EACH ROW EXECUTE FUNCTION catalog_feed_part();

-- +goose StatementBegin
CREATE FUNCTION catalog_feed_department() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_feed_note('department', NEW.id, false);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER catalog_feed_new_departments AFTER INSERT ON departments
    FOR EACH ROW EXECUTE FUNCTION catalog_feed_department();
CREATE TRIGGER catalog_feed_departments AFTER UPDATE OF name, region ON departments
    FOR EACH ROW WHEN (NEW.name <> OLD.name OR NEW.region <> OLD.region) EXECUTE FUNCTION catalog_feed_department();

-- +goose StatementBegin
CREATE FUNCTION catalog_feed_authority() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM catalog_feed_note('authority', CASE WHEN TG_OP = 'DELETE' THEN OLD.region ELSE NEW.region END, false);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER catalog_feed_authorities AFTER INSERT OR UPDATE OR DELETE ON authorities
    FOR EACH ROW EXECUTE FUNCTION catalog_feed_authority();
