package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// dutyStore implements the stores of the duties around the catalog:
// catalog.ChangeStore, catalog.ReviewStore and catalog.SourceStore.
type dutyStore struct{ *database }

// Changes gives the store of the updates that changes ask for.
func (s *Store) Changes() catalog.ChangeStore { return dutyStore{s.db} }

// Reviews gives the store of stricter attributes and the negative list.
func (s *Store) Reviews() catalog.ReviewStore { return dutyStore{s.db} }

// Sources gives the store of source departments.
func (s *Store) Sources() catalog.SourceStore { return dutyStore{s.db} }

type expectedRow struct {
	bun.BaseModel `bun:"table:expected_updates,alias:u"`

	CaseID      string  `bun:"case_id,pk"`
	Resource    string  `bun:"resource,pk"`
	Publication string  `bun:"publication"`
	FiledAt     *micros `bun:"filed_at"`
	PublishedAt *micros `bun:"published_at"`
}

func expectedRowOf(u catalog.ExpectedUpdate) expectedRow {
	return expectedRow{CaseID: u.Case, Resource: u.Resource, Publication: u.Publication, FiledAt: toMicrosPtr(u.FiledAt), PublishedAt: toMicrosPtr(u.PublishedAt)}
}

func (s dutyStore) InsertExpected(ctx context.Context, u catalog.ExpectedUpdate) error {
	row := expectedRowOf(u)
	return s.insert(ctx, "expected update", s.w(ctx).NewInsert().Model(&row))
}

func (s dutyStore) UpdateExpected(ctx context.Context, u catalog.ExpectedUpdate) error {
	row := expectedRowOf(u)
	_, err := s.affected(ctx, "update expected update", s.w(ctx).NewUpdate().Model(&row).WherePK())
	return err
}

func (s dutyStore) ExpectedOfResource(ctx context.Context, resource string) ([]catalog.ExpectedUpdate, error) {
	return s.expected(ctx, "resource = ? AND published_at IS NULL", resource)
}

func (s dutyStore) ExpectedOfCase(ctx context.Context, caseID string) ([]catalog.ExpectedUpdate, error) {
	return s.expected(ctx, "case_id = ?", caseID)
}

func (s dutyStore) expected(ctx context.Context, where, value string) ([]catalog.ExpectedUpdate, error) {
	var rows []expectedRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where(where, value).Order("case_id", "resource").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list expected updates", err)
	}
	return convert(rows, func(r expectedRow) (catalog.ExpectedUpdate, error) {
		return catalog.ExpectedUpdate{Case: r.CaseID, Resource: r.Resource, Publication: r.Publication,
			FiledAt: r.FiledAt.timePtr(), PublishedAt: r.PublishedAt.timePtr()}, nil
	})
}

func (s dutyStore) DropExpected(ctx context.Context, caseID string) error {
	_, err := s.affected(ctx, "drop expected updates", s.w(ctx).NewDelete().Model((*expectedRow)(nil)).
		Where("case_id = ? AND published_at IS NULL", caseID))
	return err
}

type leaveRow struct {
	bun.BaseModel `bun:"table:attribute_leaves,alias:l"`

	ID        string `bun:"id,pk"`
	Resource  string `bun:"resource"`
	Version   int    `bun:"version"`
	Attribute string `bun:"attribute"`
	Removed   string `bun:"removed"` // JSON list
	CaseID    string `bun:"case_id"`
	At        micros `bun:"at"`
}

func (s dutyStore) InsertLeave(ctx context.Context, l catalog.Leave) error {
	removed, err := encode("removed purposes", l.Removed)
	if err != nil {
		return err
	}
	row := leaveRow{ID: l.ID, Resource: l.Resource, Version: l.Version, Attribute: string(l.Attribute), Removed: removed, CaseID: l.Case, At: toMicros(l.At)}
	return s.insert(ctx, "attribute leave", s.w(ctx).NewInsert().Model(&row))
}

func (s dutyStore) Leaves(ctx context.Context, resource string, version int) ([]catalog.Leave, error) {
	var rows []leaveRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("resource = ? AND version = ?", resource, version).Order("id").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list attribute leaves", err)
	}
	return convert(rows, func(r leaveRow) (catalog.Leave, error) {
		removed, err := decode[[]string]("removed purposes", r.Removed)
		return catalog.Leave{ID: r.ID, Resource: r.Resource, Version: r.Version, Attribute: catalog.Attribute(r.Attribute),
			Removed: removed, Case: r.CaseID, At: r.At.Time()}, err
	})
}

type negativeRow struct {
	bun.BaseModel `bun:"table:negative_list,alias:n"`

	ID               string  `bun:"id,pk"`
	Resource         string  `bun:"resource"`
	Provider         string  `bun:"provider"`
	Region           string  `bun:"region"`
	Authority        string  `bun:"authority"`
	Name             string  `bun:"name"`
	Reason           string  `bun:"reason"`
	LegalBasis       string  `bun:"legal_basis"`
	ApprovalNumber   string  `bun:"approval_number"`
	ApprovedOn       string  `bun:"approved_on"`
	ApprovalDocument string  `bun:"approval_document"`
	CaseID           string  `bun:"case_id"`
	ListedAt         micros  `bun:"listed_at"`
	EndedAt          *micros `bun:"ended_at"`
}

func (r negativeRow) entry() (catalog.NegativeEntry, error) {
	return catalog.NegativeEntry{ID: r.ID, Resource: r.Resource, Provider: r.Provider, Region: r.Region, Authority: r.Authority,
		Name: r.Name, Reason: r.Reason, LegalBasis: r.LegalBasis, ApprovalNumber: r.ApprovalNumber, ApprovedOn: r.ApprovedOn,
		ApprovalDocument: r.ApprovalDocument, Case: r.CaseID, ListedAt: r.ListedAt.Time(), EndedAt: r.EndedAt.timePtr()}, nil
}

func (s dutyStore) InsertNegative(ctx context.Context, n catalog.NegativeEntry) error {
	row := negativeRow{ID: n.ID, Resource: n.Resource, Provider: n.Provider, Region: n.Region, Authority: n.Authority,
		Name: n.Name, Reason: n.Reason, LegalBasis: n.LegalBasis, ApprovalNumber: n.ApprovalNumber, ApprovedOn: n.ApprovedOn,
		ApprovalDocument: n.ApprovalDocument, CaseID: n.Case, ListedAt: toMicros(n.ListedAt), EndedAt: toMicrosPtr(n.EndedAt)}
	return s.insert(ctx, "negative list", s.w(ctx).NewInsert().Model(&row))
}

func (s dutyStore) Negative(ctx context.Context, resource string) (catalog.NegativeEntry, error) {
	var row negativeRow
	q := s.r(ctx).NewSelect().Model(&row).Where("resource = ? AND ended_at IS NULL", resource)
	if err := s.one(ctx, "negative list", "负面清单条目", resource, q); err != nil {
		return catalog.NegativeEntry{}, err
	}
	return row.entry()
}

func (s dutyStore) EndNegative(ctx context.Context, resource string, at time.Time) error {
	_, err := s.affected(ctx, "end negative list entry", s.w(ctx).NewUpdate().Model((*negativeRow)(nil)).
		Set("ended_at = ?", toMicros(at)).Where("resource = ? AND ended_at IS NULL", resource))
	return err
}

func (s dutyStore) Negatives(ctx context.Context, f catalog.NegativeFilter) ([]catalog.NegativeEntry, error) {
	var rows []negativeRow
	q := insideRegion(s.r(ctx).NewSelect().Model(&rows), "region", f.Region).
		Where("ended_at IS NULL").OrderExpr("id DESC").Limit(limitOr(f.Limit))
	if f.After != "" {
		q = q.Where("id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list the negative list", err)
	}
	return convert(rows, negativeRow.entry)
}
