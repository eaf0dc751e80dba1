package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// catalogStore implements catalog.Store.
type catalogStore struct{ *database }

type resourceRow struct {
	bun.BaseModel `bun:"table:resources,alias:r"`

	ID        string `bun:"id,pk"`
	Code      string `bun:"code"`
	Provider  string `bun:"provider"`
	Region    string `bun:"region"`
	Published int    `bun:"published"`
	Pending   int    `bun:"pending"`
	Version   int    `bun:"version"`
	CreatedAt micros `bun:"created_at"`
}

func resourceRowOf(r catalog.Resource) resourceRow {
	return resourceRow{ID: r.ID, Code: r.Code, Provider: r.Provider, Region: r.Region, Published: r.Published,
		Pending: r.Pending, Version: r.Version, CreatedAt: toMicros(r.CreatedAt)}
}

func (r resourceRow) resource() catalog.Resource {
	return catalog.Resource{ID: r.ID, Code: r.Code, Provider: r.Provider, Region: r.Region, Published: r.Published,
		Pending: r.Pending, Version: r.Version, CreatedAt: r.CreatedAt.Time()}
}

func (s catalogStore) NextSerial(ctx context.Context, classCode string) (int, error) {
	n, err := s.next(ctx, "resource:"+classCode)
	return int(n), err
}

func (s catalogStore) InsertResource(ctx context.Context, r catalog.Resource) error {
	row := resourceRowOf(r)
	return s.insert(ctx, "resource", s.w(ctx).NewInsert().Model(&row))
}

func (s catalogStore) UpdateResource(ctx context.Context, r catalog.Resource) error {
	row := resourceRowOf(r)
	row.Version = r.Version + 1
	err := s.swap(ctx, "resources", "目录条目", r.ID, s.w(ctx).NewUpdate().Model(&row).
		ExcludeColumn("created_at").WherePK().Where("version = ?", r.Version))
	if err != nil {
		return err
	}
	return s.claimNames(ctx, r.ID)
}

func (s catalogStore) Resource(ctx context.Context, id string) (catalog.Resource, error) {
	return s.resource(ctx, "id", id)
}

func (s catalogStore) resource(ctx context.Context, column, value string) (catalog.Resource, error) {
	var row resourceRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "resource", "目录条目", value, q); err != nil {
		return catalog.Resource{}, err
	}
	return row.resource(), nil
}

func (s catalogStore) NameTaken(ctx context.Context, provider, name, exceptResource string) (bool, error) {
	taken, err := s.r(ctx).NewSelect().Table("resource_names").
		Where("provider = ? AND name = ? AND resource <> ?", provider, name, exceptResource).Exists(ctx)
	return taken, s.failed(ctx, "look for the name", err)
}
