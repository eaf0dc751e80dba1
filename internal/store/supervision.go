package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/supervision"
)

// Supervision gives the store of violations, circulars and what is assessed.
func (s *Store) Supervision() supervision.Store { return supervisionStore{s.db} }

// supervisionStore implements supervision.Store.
type supervisionStore struct{ *database }

type violationRow struct {
	bun.BaseModel `bun:"table:violations,alias:v"`

	ID            string `bun:"id,pk"`
	Key           string `bun:"key"`
	Clause        string `bun:"clause"`
	Role          string `bun:"role"`
	Department    string `bun:"department"`
	CaseID        string `bun:"case_id,nullzero"`
	GrantID       string `bun:"grant_id,nullzero"`
	Resource      string `bun:"resource,nullzero"`
	Facts         string `bun:"facts"` // JSON
	Source        string `bun:"source"`
	At            micros `bun:"at"`
	Rectification string `bun:"rectification,nullzero"`
}

func (r violationRow) violation() (supervision.Violation, error) {
	facts, err := decode[map[string]any]("facts", r.Facts)
	return supervision.Violation{ID: r.ID, Key: r.Key, Clause: r.Clause, Role: supervision.Role(r.Role), Department: r.Department,
		Case: r.CaseID, Grant: r.GrantID, Resource: r.Resource, Facts: facts, Source: supervision.Source(r.Source),
		At: r.At.Time(), Rectification: r.Rectification}, err
}

func (s supervisionStore) InsertViolation(ctx context.Context, v supervision.Violation) (bool, error) {
	facts := v.Facts
	if facts == nil {
		facts = map[string]any{}
	}
	text, err := encode("facts", facts)
	if err != nil {
		return false, err
	}
	row := violationRow{ID: v.ID, Key: v.Key, Clause: v.Clause, Role: string(v.Role), Department: v.Department, CaseID: v.Case,
		GrantID: v.Grant, Resource: v.Resource, Facts: text, Source: string(v.Source), At: toMicros(v.At), Rectification: v.Rectification}
	n, err := s.affected(ctx, "insert violation", s.w(ctx).NewInsert().Model(&row).On("CONFLICT (key) DO NOTHING"))
	return n == 1, err
}

func (s supervisionStore) LinkViolation(ctx context.Context, id, caseID string) error {
	n, err := s.affected(ctx, "link violation", s.w(ctx).NewUpdate().Model((*violationRow)(nil)).
		Set("rectification = ?", caseID).Where("id = ? AND rectification IS NULL", id))
	if err == nil && n != 1 {
		return changedMeanwhile()
	}
	return err
}

func (s supervisionStore) Violation(ctx context.Context, id string) (supervision.Violation, error) {
	return s.violation(ctx, "id", id)
}

func (s supervisionStore) ViolationByKey(ctx context.Context, key string) (supervision.Violation, error) {
	return s.violation(ctx, "key", key)
}

func (s supervisionStore) violation(ctx context.Context, column, value string) (supervision.Violation, error) {
	var row violationRow
	q := s.r(ctx).NewSelect().Model(&row).Where("? = ?", bun.Ident(column), value)
	if err := s.one(ctx, "violation", "违规记录", value, q); err != nil {
		return supervision.Violation{}, err
	}
	return row.violation()
}

// listedRow is a violation with its department and its rectification case.
type listedRow struct {
	bun.BaseModel `bun:"table:violations,alias:v"`
	violationRow

	DepartmentName string  `bun:"department_name"`
	Number         string  `bun:"number"`
	Stage          string  `bun:"stage"`
	ClosedAt       *micros `bun:"closed_at"`
}

func (r listedRow) listed() (supervision.Listed, error) {
	v, err := r.violation()
	return supervision.Listed{Violation: v, DepartmentName: r.DepartmentName, Number: r.Number, Stage: r.Stage,
		ClosedAt: r.ClosedAt.timePtr()}, err
}

// Violations lists the newest first.
func (s supervisionStore) Violations(ctx context.Context, f supervision.ViolationFilter) ([]supervision.Listed, error) {
	var rows []listedRow
	q := s.r(ctx).NewSelect().Model(&rows).ColumnExpr("v.*").
		ColumnExpr("d.name AS department_name, c.number AS number, c.stage AS stage, c.closed_at AS closed_at").
		Join("JOIN departments AS d ON d.id = v.department").Join("JOIN regions AS r ON r.code = d.region").
		Join("JOIN cases AS c ON c.id = v.rectification").
		OrderExpr("v.id DESC").Limit(limitOr(f.Limit))
	switch {
	case f.RegionPath != "":
		q = q.Where("(v.department = ? OR r.path >= ? AND r.path < ?)", f.Own, f.RegionPath, prefixEnd(f.RegionPath))
	case f.Own != "":
		q = q.Where("v.department = ?", f.Own)
	}
	if f.Clause != "" {
		q = q.Where("(v.clause = ? OR v.clause >= ? AND v.clause < ?)", f.Clause, f.Clause+".", prefixEnd(f.Clause+"."))
	}
	if f.Department != "" {
		q = q.Where("v.department = ?", f.Department)
	}
	if f.Source != "" {
		q = q.Where("v.source = ?", string(f.Source))
	}
	if f.Open {
		q = q.Where("c.closed_at IS NULL")
	}
	if !f.From.IsZero() {
		q = q.Where("v.at >= ?", toMicros(f.From))
	}
	if !f.To.IsZero() {
		q = q.Where("v.at < ?", toMicros(f.To))
	}
	if f.After != "" {
		q = q.Where("v.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list violations", err)
	}
	return convert(rows, listedRow.listed)
}

type circularRow struct {
	bun.BaseModel `bun:"table:circulars,alias:c"`

	ID          string `bun:"id,pk"`
	CaseID      string `bun:"case_id"`
	Number      string `bun:"number"`
	Issuer      string `bun:"issuer"`
	Territory   string `bun:"territory"`
	Title       string `bun:"title"`
	Kind        string `bun:"kind"`
	Text        string `bun:"text"`
	Departments string `bun:"departments"` // JSON list
	Clauses     string `bun:"clauses"`     // JSON list
	PublishedAt micros `bun:"published_at"`
}

func (r circularRow) circular() (supervision.Circular, error) {
	departments, err := decode[[]string]("departments", r.Departments)
	clauses, err2 := decode[[]string]("clauses", r.Clauses)
	return supervision.Circular{ID: r.ID, Case: r.CaseID, Number: r.Number, Issuer: r.Issuer, Territory: r.Territory, Title: r.Title,
		Kind: r.Kind, Text: r.Text, Departments: departments, Clauses: clauses, PublishedAt: r.PublishedAt.Time()}, errors.Join(err, err2)
}

func (s supervisionStore) InsertCircular(ctx context.Context, c supervision.Circular) error {
	departments, err := encode("departments", c.Departments)
	if err != nil {
		return err
	}
	clauses, err := encode("clauses", c.Clauses)
	if err != nil {
		return err
	}
	return s.insert(ctx, "circular", s.w(ctx).NewInsert().Model(&circularRow{ID: c.ID, CaseID: c.Case, Number: c.Number, Issuer: c.Issuer,
		Territory: c.Territory, Title: c.Title, Kind: c.Kind, Text: c.Text, Departments: departments, Clauses: clauses,
		PublishedAt: toMicros(c.PublishedAt)}))
}

// Circulars lists the newest first.
func (s supervisionStore) Circulars(ctx context.Context, f supervision.CircularFilter) ([]supervision.Circular, error) {
	if len(f.Territories) == 0 {
		return nil, nil
	}
	var rows []circularRow
	q := s.r(ctx).NewSelect().Model(&rows).Where("c.territory IN (?)", bun.List(f.Territories)).
		OrderExpr("c.id DESC").Limit(limitOr(f.Limit))
	if f.After != "" {
		q = q.Where("c.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list circulars", err)
	}
	return convert(rows, circularRow.circular)
}
