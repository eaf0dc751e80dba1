package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// caseStore implements casework.Store.
type caseStore struct{ *database }

type caseRow struct {
	bun.BaseModel `bun:"table:cases,alias:c"`

	ID        string  `bun:"id,pk"`
	Number    string  `bun:"number"`
	Procedure string  `bun:"procedure"`
	RulesKey  string  `bun:"rules_key"`
	Region    string  `bun:"region"`
	Subject   string  `bun:"subject"`
	Title     string  `bun:"title"`
	Stage     string  `bun:"stage"`
	Version   int     `bun:"version"`
	Parties   string  `bun:"parties"` // JSON
	Facts     string  `bun:"facts"`   // JSON
	Clocks    string  `bun:"clocks"`  // JSON
	Taken     string  `bun:"taken"`   // JSON
	OpenedAt  micros  `bun:"opened_at"`
	MovedAt   micros  `bun:"moved_at"`
	ClosedAt  *micros `bun:"closed_at"`
}

func caseRowOf(c procedure.Case) (caseRow, error) {
	row := caseRow{ID: c.ID, Number: c.Number, Procedure: c.Procedure, RulesKey: c.RulesKey, Region: c.Region,
		Subject: c.Subject, Title: c.Title, Stage: c.Stage, Version: c.Version,
		OpenedAt: toMicros(c.OpenedAt), MovedAt: toMicros(c.MovedAt), ClosedAt: toMicrosPtr(c.ClosedAt)}
	var errs [4]error
	row.Parties, errs[0] = encode("parties", c.Parties)
	row.Facts, errs[1] = encode("facts", c.Facts)
	row.Clocks, errs[2] = encode("clocks", c.Clocks)
	row.Taken, errs[3] = encode("taken", c.Taken)
	return row, errors.Join(errs[:]...)
}

func (r caseRow) toCase() (procedure.Case, error) {
	c := procedure.Case{ID: r.ID, Number: r.Number, Procedure: r.Procedure, RulesKey: r.RulesKey, Region: r.Region,
		Subject: r.Subject, Title: r.Title, Stage: r.Stage, Version: r.Version,
		OpenedAt: r.OpenedAt.Time(), MovedAt: r.MovedAt.Time(), ClosedAt: r.ClosedAt.timePtr()}
	var errs [4]error
	c.Parties, errs[0] = decode[map[string]string]("parties", r.Parties)
	c.Facts, errs[1] = decode[map[string]any]("facts", r.Facts)
	c.Clocks, errs[2] = decode[map[string]procedure.ClockState]("clocks", r.Clocks)
	c.Taken, errs[3] = decode[map[string]int]("taken", r.Taken)
	return c, errors.Join(errs[:]...)
}

func (s caseStore) NextNumber(ctx context.Context, series string) (int, error) {
	n, err := s.next(ctx, "case:"+series)
	return int(n), err
}

func (s caseStore) InsertCase(ctx context.Context, c procedure.Case, turns []casework.Turn, clocks []casework.Deadline) error {
	row, err := caseRowOf(c)
	if err != nil {
		return err
	}
	return s.Do(ctx, func(ctx context.Context) error {
		if err := s.insert(ctx, "case", s.w(ctx).NewInsert().Model(&row)); err != nil {
			return err
		}
		return s.indexes(ctx, c, turns, clocks)
	})
}

func (s caseStore) UpdateCase(ctx context.Context, c procedure.Case, prev int, turns []casework.Turn, clocks []casework.Deadline) error {
	row, err := caseRowOf(c)
	if err != nil {
		return err
	}
	return s.Do(ctx, func(ctx context.Context) error {
		err := s.swap(ctx, "cases", "办件", c.ID, s.w(ctx).NewUpdate().Model(&row).
			ExcludeColumn("opened_at").WherePK().Where("version = ?", prev))
		if err != nil {
			return err
		}
		return s.indexes(ctx, c, turns, clocks)
	})
}

func (s caseStore) Case(ctx context.Context, id string) (procedure.Case, error) {
	var row caseRow
	if err := s.one(ctx, "case", "办件", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return procedure.Case{}, err
	}
	return row.toCase()
}

// Cases lists the newest first.
func (s caseStore) Cases(ctx context.Context, f casework.Filter) ([]procedure.Case, error) {
	var rows []caseRow
	q := s.r(ctx).NewSelect().Model(&rows).OrderExpr("c.id DESC").Limit(limitOr(f.Limit))
	for column, value := range map[string]string{"procedure": f.Procedure, "stage": f.Stage, "subject": f.Subject} {
		if value != "" {
			q = q.Where("c.? = ?", bun.Ident(column), value)
		}
	}
	if f.Department != "" {
		q = q.Where("EXISTS (SELECT 1 FROM case_parties AS p WHERE p.case_id = c.id AND p.department = ?)", f.Department)
	}
	if f.OpenOnly {
		q = q.Where("c.closed_at IS NULL")
	}
	if f.After != "" {
		q = q.Where("c.id < ?", f.After)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list cases", err)
	}
	return convert(rows, caseRow.toCase)
}
