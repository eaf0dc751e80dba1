package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/complaint"
)

// complaintStore implements complaint.Store.
type complaintStore struct{ *database }

// Complaints gives the store of the public's complaints.
func (s *Store) Complaints() complaint.Store { return complaintStore{s.db} }

type complaintRow struct {
	bun.BaseModel `bun:"table:complaints,alias:c"`

	ID        string  `bun:"id,pk"`
	Number    string  `bun:"number"`
	CodeHash  []byte  `bun:"code_hash"`
	CaseID    *string `bun:"case_id"`
	Handler   string  `bun:"handler"`
	Handlers  string  `bun:"handlers"` // JSON list
	Kind      string  `bun:"kind"`
	Sealed    []byte  `bun:"sealed"`
	Version   int     `bun:"version"`
	CreatedAt micros  `bun:"created_at"`
}

func complaintRowOf(c complaint.Complaint) (complaintRow, error) {
	row := complaintRow{ID: c.ID, Number: c.Number, CodeHash: c.CodeHash, Handler: c.Handler, Kind: c.Kind,
		Sealed: c.Sealed, Version: c.Version, CreatedAt: toMicros(c.CreatedAt)}
	if c.Case != "" {
		row.CaseID = &c.Case
	}
	var err error
	row.Handlers, err = encode("handlers", listOf(c.Handlers))
	return row, err
}

func (r complaintRow) complaint() (complaint.Complaint, error) {
	c := complaint.Complaint{ID: r.ID, Number: r.Number, CodeHash: r.CodeHash, Handler: r.Handler, Kind: r.Kind,
		Sealed: r.Sealed, Version: r.Version, CreatedAt: r.CreatedAt.Time()}
	if r.CaseID != nil {
		c.Case = *r.CaseID
	}
	var err error
	c.Handlers, err = decode[[]string]("handlers", r.Handlers)
	return c, err
}

func (s complaintStore) NextNumber(ctx context.Context, series string) (int, error) {
	n, err := s.next(ctx, "case:"+series)
	return int(n), err
}

func (s complaintStore) InsertComplaint(ctx context.Context, c complaint.Complaint) error {
	row, err := complaintRowOf(c)
	if err != nil {
		return err
	}
	return s.insert(ctx, "complaint", s.w(ctx).NewInsert().Model(&row))
}

// UpdateComplaint leaves what the complainant wrote as it is.
func (s complaintStore) UpdateComplaint(ctx context.Context, c complaint.Complaint) error {
	row, err := complaintRowOf(c)
	if err != nil {
		return err
	}
	row.Version = c.Version + 1
	return s.swap(ctx, "complaints", "投诉举报", c.ID, s.w(ctx).NewUpdate().Model(&row).
		Column("case_id", "handler", "handlers", "version").WherePK().Where("version = ?", c.Version))
}

func (s complaintStore) Complaint(ctx context.Context, id string) (complaint.Complaint, error) {
	return s.complaint(ctx, "id", id)
}

func (s complaintStore) ComplaintByNumber(ctx context.Context, number string) (complaint.Complaint, error) {
	return s.complaint(ctx, "number", number)
}

func (s complaintStore) ComplaintOfCase(ctx context.Context, caseID string) (complaint.Complaint, error) {
	return s.complaint(ctx, "case_id", caseID)
}

func (s complaintStore) complaint(ctx context.Context, column, value string) (complaint.Complaint, error) {
	var row complaintRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "complaint", "投诉举报", value, q); err != nil {
		return complaint.Complaint{}, err
	}
	return row.complaint()
}
