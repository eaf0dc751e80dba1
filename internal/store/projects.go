package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/project"
)

// projectStore implements project.Store.
type projectStore struct{ *database }

// Projects gives the store of documents about projects.
func (s *Store) Projects() project.Store { return projectStore{s.db} }

type documentRow struct {
	bun.BaseModel `bun:"table:project_documents,alias:d"`

	ID         string `bun:"id,pk"`
	Number     string `bun:"number"`
	Kind       string `bun:"kind"`
	CaseID     string `bun:"case_id"`
	Department string `bun:"department"`
	Region     string `bun:"region"`
	Title      string `bun:"title"`
	Body       string `bun:"body"` // JSON
	Digest     string `bun:"digest"`
	IssuedAt   micros `bun:"issued_at"`
}

func (r documentRow) document() (project.Document, error) {
	body, err := decode[project.Body]("document", r.Body)
	return project.Document{ID: r.ID, Number: r.Number, Kind: project.Kind(r.Kind), Case: r.CaseID, Department: r.Department,
		Region: r.Region, Title: r.Title, Body: body, Digest: r.Digest, IssuedAt: r.IssuedAt.Time()}, err
}

func (s projectStore) NextDocument(ctx context.Context, series string) (int, error) {
	n, err := s.next(ctx, "document:"+series)
	return int(n), err
}

func (s projectStore) InsertDocument(ctx context.Context, d project.Document) error {
	body, err := encode("document", d.Body)
	if err != nil {
		return err
	}
	row := documentRow{ID: d.ID, Number: d.Number, Kind: string(d.Kind), CaseID: d.Case, Department: d.Department, Region: d.Region,
		Title: d.Title, Body: body, Digest: d.Digest, IssuedAt: toMicros(d.IssuedAt)}
	return s.insert(ctx, "document", s.w(ctx).NewInsert().Model(&row))
}

func (s projectStore) Document(ctx context.Context, id string) (project.Document, error) {
	var row documentRow
	if err := s.one(ctx, "document", "文书", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return project.Document{}, err
	}
	return row.document()
}

func (s projectStore) Documents(ctx context.Context, f project.Filter) ([]project.Document, error) {
	var rows []documentRow
	q := insideRegion(s.r(ctx).NewSelect().Model(&rows), "region", f.Region).OrderExpr("id DESC").Limit(limitOr(f.Limit))
	if f.Case != "" {
		q = q.Where("case_id = ?", f.Case)
	}
	if f.Department != "" {
		q = q.Where("department = ?", f.Department)
	}
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list documents", err)
	}
	return convert(rows, documentRow.document)
}

func (s projectStore) Called(ctx context.Context, resource string) (bool, error) {
	called, err := s.r(ctx).NewSelect().Model((*grantRow)(nil)).Where("resource = ? AND delivered_at IS NOT NULL", resource).Exists(ctx)
	return called, s.failed(ctx, "look for a call", err)
}
