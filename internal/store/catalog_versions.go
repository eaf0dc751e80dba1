package store

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

type versionRow struct {
	bun.BaseModel `bun:"table:resource_versions,alias:v"`

	ID       string `bun:"id,pk"`
	Resource string `bun:"resource"`
	Number   int    `bun:"number"`
	Status   string `bun:"status"`
	Entry    string `bun:"entry"` // JSON

	// Repeated from the entry, for lists.
	Name       string `bun:"name"`
	Attribute  string `bun:"attribute"`
	Abstract   string `bun:"abstract"`
	Methods    string `bun:"methods"` // JSON
	Collection string `bun:"collection"`
	Items      int    `bun:"items"`
	Search     string `bun:"search"`

	CaseID      string  `bun:"case_id,nullzero"`
	Digest      string  `bun:"digest"`
	CreatedBy   string  `bun:"created_by,nullzero"`
	CreatedAt   micros  `bun:"created_at"`
	PublishedAt *micros `bun:"published_at"`
	Revision    int     `bun:"revision"`
	Reason      string  `bun:"reason"`
}

func versionRowOf(v catalog.Version) (versionRow, error) {
	entry, err := encode("entry", v.Entry)
	if err != nil {
		return versionRow{}, err
	}
	methods, err := encode("methods", v.Entry.Methods)
	if err != nil {
		return versionRow{}, err
	}
	return versionRow{ID: v.ID, Resource: v.Resource, Number: v.Number, Status: string(v.Status), Entry: entry,
		Name: v.Entry.Name, Attribute: string(v.Entry.Attribute), Abstract: v.Entry.Abstract, Methods: methods,
		Collection: string(v.Entry.Collection), Items: len(v.Entry.Items), Search: searchText(v.Entry),
		CaseID: v.Case, Digest: v.Digest, CreatedBy: v.CreatedBy, CreatedAt: toMicros(v.CreatedAt),
		PublishedAt: toMicrosPtr(v.PublishedAt), Revision: v.Revision, Reason: v.Reason}, nil
}

// searchText is what a search of the catalog looks into, in lower case, with
// line breaks between the parts, so that nothing is found across two of them.
func searchText(e catalog.Entry) string {
	parts := []string{e.Name, e.Abstract}
	for _, i := range e.Items {
		parts = append(parts, i.Name, i.Code)
	}
	return strings.ToLower(strings.Join(parts, "\n"))
}

func (r versionRow) version() (catalog.Version, error) {
	entry, err := decode[catalog.Entry]("entry", r.Entry)
	return catalog.Version{ID: r.ID, Resource: r.Resource, Number: r.Number, Status: catalog.VersionStatus(r.Status),
		Entry: entry, Case: r.CaseID, Digest: r.Digest, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.Time(),
		PublishedAt: r.PublishedAt.timePtr(), Revision: r.Revision, Reason: r.Reason}, err
}

func (s catalogStore) InsertVersion(ctx context.Context, v catalog.Version) error {
	row, err := versionRowOf(v)
	if err != nil {
		return err
	}
	if err := s.insert(ctx, "resource version", s.w(ctx).NewInsert().Model(&row)); err != nil {
		return err
	}
	if err := s.claimNames(ctx, v.Resource); err != nil {
		return err
	}
	return s.indexItems(ctx, v)
}

// UpdateVersion replaces everything but what identifies the version. The
// schema refuses to change the entry of a published one.
func (s catalogStore) UpdateVersion(ctx context.Context, v catalog.Version) error {
	row, err := versionRowOf(v)
	if err != nil {
		return err
	}
	row.Revision = v.Revision + 1
	err = s.swap(ctx, "resource_versions", "目录版本", v.ID, s.w(ctx).NewUpdate().Model(&row).
		ExcludeColumn("resource", "number", "created_by", "created_at").WherePK().Where("revision = ?", v.Revision))
	if err != nil {
		return err
	}
	if err := s.claimNames(ctx, v.Resource); err != nil {
		return err
	}
	return s.indexItems(ctx, v)
}

func (s catalogStore) Version(ctx context.Context, resource string, number int) (catalog.Version, error) {
	var row versionRow
	q := s.r(ctx).NewSelect().Model(&row).Where("resource = ? AND number = ?", resource, number)
	if err := s.one(ctx, "resource version", "目录版本", resource, q); err != nil {
		return catalog.Version{}, err
	}
	return row.version()
}

func (s catalogStore) VersionByID(ctx context.Context, id string) (catalog.Version, error) {
	var row versionRow
	if err := s.one(ctx, "resource version", "目录版本", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return catalog.Version{}, err
	}
	return row.version()
}

// Versions lists all of a resource, the first first.
func (s catalogStore) Versions(ctx context.Context, resource string) ([]catalog.Version, error) {
	var rows []versionRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("resource = ?", resource).Order("number").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list resource versions", err)
	}
	return convert(rows, versionRow.version)
}
