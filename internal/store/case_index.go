package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

type partyRow struct {
	bun.BaseModel `bun:"table:case_parties,alias:p"`

	CaseID     string `bun:"case_id,pk"`
	Party      string `bun:"party,pk"`
	Department string `bun:"department"`
}

type turnRow struct {
	bun.BaseModel `bun:"table:case_turns,alias:t"`

	CaseID     string  `bun:"case_id,pk"`
	Department string  `bun:"department,pk"`
	Relation   string  `bun:"relation,pk"`
	Due        *micros `bun:"due"`
}

// index rewrites what is kept beside a case so that lists find it: its parties
// and whose turn it is. It runs in the transaction that writes the case.
func (s caseStore) index(ctx context.Context, c procedure.Case, turns []casework.Turn) error {
	parties := make([]partyRow, 0, len(c.Parties))
	for party, department := range c.Parties {
		if department != "" {
			parties = append(parties, partyRow{CaseID: c.ID, Party: party, Department: department})
		}
	}
	if err := replaceIndex(ctx, s.database, c.ID, parties); err != nil {
		return err
	}
	return replaceIndex(ctx, s.database, c.ID, turnRows(c.ID, turns))
}

// turnRows keeps one turn of a department in a relation, the earlier due.
func turnRows(caseID string, turns []casework.Turn) []turnRow {
	at := map[[2]string]int{}
	var rows []turnRow
	for _, t := range turns {
		row := turnRow{CaseID: caseID, Department: t.Department, Relation: t.Relation, Due: toMicrosPtr(t.Due)}
		key := [2]string{t.Department, t.Relation}
		i, twice := at[key]
		if !twice {
			at[key] = len(rows)
			rows = append(rows, row)
			continue
		}
		if old := rows[i].Due; row.Due != nil && (old == nil || *row.Due < *old) {
			rows[i] = row
		}
	}
	return rows
}

// replaceIndex replaces the rows of one case in an index table.
func replaceIndex[R any](ctx context.Context, d *database, caseID string, rows []R) error {
	_, err := d.affected(ctx, "clear the case's index", d.w(ctx).NewDelete().Model((*R)(nil)).Where("case_id = ?", caseID))
	if err != nil || len(rows) == 0 {
		return err
	}
	return d.insert(ctx, "the case's index", d.w(ctx).NewInsert().Model(&rows))
}

// todoRow is a case with one of its turns.
type todoRow struct {
	bun.BaseModel `bun:"table:cases,alias:c"`
	caseRow

	Department string  `bun:"turn_department"`
	Relation   string  `bun:"turn_relation"`
	Due        *micros `bun:"turn_due"`
}

func (r todoRow) todo() (casework.Todo, error) {
	r.Facts, r.Taken = "null", "null" // not read
	c, err := r.toCase()
	return casework.Todo{Case: c, Turn: casework.Turn{Case: c.ID, Department: r.Department, Relation: r.Relation,
		Due: r.Due.timePtr()}}, err
}

// Todos lists what is due first first, what has no date last, older cases
// before newer ones. The turns are cut to the list before the cases are read:
// a department may have thousands.
func (s caseStore) Todos(ctx context.Context, f casework.TodoFilter) ([]casework.Todo, error) {
	if len(f.Relations) == 0 {
		return nil, nil
	}
	const first = "t.due NULLS LAST, t.case_id, t.relation"
	turns := s.r(ctx).NewSelect().TableExpr("case_turns AS t").Column("t.case_id", "t.department", "t.relation", "t.due").
		Where("t.department = ? AND t.relation IN (?)", f.Department, bun.List(f.Relations)).
		OrderExpr(first).Limit(limitOr(f.Limit))
	var rows []todoRow
	err := s.r(ctx).NewSelect().Model(&rows).
		ExcludeColumn("facts", "taken", "turn_department", "turn_relation", "turn_due").
		ColumnExpr("t.department AS turn_department, t.relation AS turn_relation, t.due AS turn_due").
		Join("JOIN (?) AS t ON t.case_id = c.id", turns).OrderExpr(first).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list to-dos", err)
	}
	return convert(rows, todoRow.todo)
}
