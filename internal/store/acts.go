package store

import (
	"context"
	"errors"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/procedure"
)

type actRow struct {
	bun.BaseModel `bun:"table:acts,alias:a"`

	ID         string `bun:"id,pk"`
	CaseID     string `bun:"case_id"`
	Version    int    `bun:"version"`
	Procedure  string `bun:"procedure"`
	RulesKey   string `bun:"rules_key"`
	Action     string `bun:"action"`
	Clause     string `bun:"clause"`
	Person     string `bun:"person,nullzero"`
	System     string `bun:"system,nullzero"`
	Department string `bun:"department,nullzero"`
	Relation   string `bun:"relation"`
	At         micros `bun:"at"`
	FromStage  string `bun:"from_stage"`
	ToStage    string `bun:"to_stage"`
	Fields     string `bun:"fields"`  // JSON, kept to the letter
	Results    string `bun:"results"` // JSON, kept to the letter
}

func actRowOf(a procedure.Act) (actRow, error) {
	row := actRow{ID: a.ID, CaseID: a.Case, Version: a.Version, Procedure: a.Procedure, RulesKey: a.RulesKey,
		Action: a.Action, Clause: a.Clause, Person: a.Person, System: a.System, Department: a.Department,
		Relation: a.Relation, At: toMicros(a.At), FromStage: a.From, ToStage: a.To}
	var errs [2]error
	row.Fields, errs[0] = encode("fields", a.Fields)
	row.Results, errs[1] = encode("results", a.Results)
	return row, errors.Join(errs[:]...)
}

func (r actRow) act() (procedure.Act, error) {
	a := procedure.Act{ID: r.ID, Case: r.CaseID, Version: r.Version, Procedure: r.Procedure, RulesKey: r.RulesKey,
		Action: r.Action, Clause: r.Clause, Person: r.Person, System: r.System, Department: r.Department,
		Relation: r.Relation, At: r.At.Time(), From: r.FromStage, To: r.ToStage}
	var errs [2]error
	a.Fields, errs[0] = decode[map[string]any]("fields", r.Fields)
	a.Results, errs[1] = decode[map[string]any]("results", r.Results)
	return a, errors.Join(errs[:]...)
}

func (s caseStore) AppendAct(ctx context.Context, a procedure.Act) error {
	row, err := actRowOf(a)
	if err != nil {
		return err
	}
	return s.insert(ctx, "act", s.w(ctx).NewInsert().Model(&row))
}

// Acts lists all of a case, the first first.
func (s caseStore) Acts(ctx context.Context, caseID string) ([]procedure.Act, error) {
	var rows []actRow
	if err := s.r(ctx).NewSelect().Model(&rows).Where("case_id = ?", caseID).Order("version").Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list acts", err)
	}
	return convert(rows, actRow.act)
}
