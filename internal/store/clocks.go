package store

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

type clockRow struct {
	bun.BaseModel `bun:"table:case_clocks,alias:k"`

	CaseID            string  `bun:"case_id,pk"`
	Clock             string  `bun:"clock,pk"`
	Term              string  `bun:"term"`
	Clause            string  `bun:"clause"`
	StartedAt         micros  `bun:"started_at"`
	Due               micros  `bun:"due"`
	Provisional       bool    `bun:"provisional"`
	ExtendedBy        int     `bun:"extended_by"`
	StoppedAt         *micros `bun:"stopped_at"`
	Department        string  `bun:"department"`
	Relation          string  `bun:"relation"`
	Authority         string  `bun:"authority"`
	AuthorityRelation string  `bun:"authority_relation"`
	Breach            string  `bun:"breach"`
	Reminded          int     `bun:"reminded"`
	NextAt            *micros `bun:"next_at"`
	OverdueAt         *micros `bun:"overdue_at"`
}

func clockRowOf(d casework.Deadline) clockRow {
	return clockRow{CaseID: d.Case, Clock: d.Clock, Term: d.Term, Clause: d.Clause, StartedAt: toMicros(d.StartedAt),
		Due: toMicros(d.Due), Provisional: d.Provisional, ExtendedBy: d.ExtendedBy, StoppedAt: toMicrosPtr(d.StoppedAt),
		Department: d.Department, Relation: d.Relation, Authority: d.Authority, AuthorityRelation: d.AuthorityRelation,
		Breach: d.Breach, Reminded: d.Reminded, NextAt: toMicrosPtr(d.NextAt), OverdueAt: toMicrosPtr(d.OverdueAt)}
}

func (r clockRow) deadline() casework.Deadline {
	return casework.Deadline{Case: r.CaseID, Clock: r.Clock, Term: r.Term, Clause: r.Clause, StartedAt: r.StartedAt.Time(),
		Due: r.Due.Time(), Provisional: r.Provisional, ExtendedBy: r.ExtendedBy, StoppedAt: r.StoppedAt.timePtr(),
		Department: r.Department, Relation: r.Relation, Authority: r.Authority, AuthorityRelation: r.AuthorityRelation,
		Breach: r.Breach, Reminded: r.Reminded, NextAt: r.NextAt.timePtr(), OverdueAt: r.OverdueAt.timePtr()}
}

// putClocks writes the clocks of a case, in the transaction that writes the
// case. While start and end of a clock are what they were, so is what the
// sweeper did about it.
func (s caseStore) putClocks(ctx context.Context, ds []casework.Deadline) error {
	if len(ds) == 0 {
		return nil
	}
	rows := make([]clockRow, len(ds))
	for i, d := range ds {
		rows[i] = clockRowOf(d)
	}
	const same = "k.started_at = EXCLUDED.started_at AND k.due = EXCLUDED.due"
	q := s.w(ctx).NewInsert().Model(&rows).On("CONFLICT (case_id, clock) DO UPDATE").
		Set("reminded = CASE WHEN " + same + " THEN k.reminded ELSE 0 END").
		Set("overdue_at = CASE WHEN " + same + " THEN k.overdue_at END").
		Set("next_at = CASE WHEN EXCLUDED.stopped_at IS NOT NULL THEN NULL WHEN " + same +
			" AND k.stopped_at IS NULL THEN k.next_at ELSE EXCLUDED.next_at END")
	for _, column := range []string{"term", "clause", "started_at", "due", "provisional", "extended_by", "stopped_at",
		"department", "relation", "authority", "authority_relation", "breach"} {
		q = q.Set("? = EXCLUDED.?", bun.Ident(column), bun.Ident(column))
	}
	// Most acts leave most clocks alone; those rows are not written again.
	q = q.Where("NOT (" + same + ") OR k.stopped_at IS DISTINCT FROM EXCLUDED.stopped_at" +
		" OR k.provisional <> EXCLUDED.provisional OR k.extended_by <> EXCLUDED.extended_by")
	return s.insert(ctx, "the case's clocks", q)
}

// clockOfCase is a clock with what is said of its case.
type clockOfCase struct {
	bun.BaseModel `bun:"table:case_clocks,alias:k"`
	clockRow

	Number    string `bun:"number"`
	Title     string `bun:"title"`
	Procedure string `bun:"procedure"`
	RulesKey  string `bun:"rules_key"`
	Region    string `bun:"region"`
}

func (r clockOfCase) clock() (casework.CaseClock, error) {
	return casework.CaseClock{Deadline: r.deadline(), Number: r.Number, Title: r.Title, Procedure: r.Procedure,
		RulesKey: r.RulesKey, Region: r.Region}, nil
}

// clocksOfCases selects clocks with their cases.
func (s caseStore) clocksOfCases(ctx context.Context, rows *[]clockOfCase) *bun.SelectQuery {
	return s.r(ctx).NewSelect().Model(rows).ColumnExpr("k.*").
		ColumnExpr("c.number, c.title, c.procedure, c.rules_key, c.region").
		Join("JOIN cases AS c ON c.id = k.case_id")
}

// HoldClocks locks the rows. On SQLite a transaction of the writer already
// keeps all others out.
func (s caseStore) HoldClocks(ctx context.Context, caseID string) error {
	if !s.InTx(ctx) {
		return errors.New("hold clocks: needs a transaction")
	}
	if s.engine != enginePostgres {
		return nil
	}
	_, err := s.exec(ctx, "hold clocks", "SELECT 1 FROM case_clocks WHERE case_id = ? ORDER BY clock FOR UPDATE", caseID)
	return err
}

// TakeDeadlines locks what it gives; what another replica has taken, or an act
// is just stopping, is passed over.
func (s caseStore) TakeDeadlines(ctx context.Context, now time.Time, limit int) ([]casework.CaseClock, error) {
	if !s.InTx(ctx) {
		return nil, errors.New("take deadlines: needs a transaction")
	}
	var rows []clockOfCase
	q := s.clocksOfCases(ctx, &rows).Where("k.next_at <= ?", toMicros(now)).OrderExpr("k.next_at").Limit(limitOr(limit))
	if s.engine == enginePostgres {
		q = q.For("UPDATE OF k SKIP LOCKED")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "take deadlines", err)
	}
	return convert(rows, clockOfCase.clock)
}

// markBatch bounds the rows of one statement.
const markBatch = 1000

func (s caseStore) MarkDeadlines(ctx context.Context, ds []casework.Deadline) error {
	for len(ds) > 0 {
		n := min(len(ds), markBatch)
		rows := make([]clockRow, n)
		for i, d := range ds[:n] {
			rows[i] = clockRowOf(d)
		}
		ds = ds[n:]
		marks := s.w(ctx).NewValues(&rows).Column("case_id", "clock", "reminded", "next_at", "overdue_at")
		met, err := s.affected(ctx, "mark deadlines", s.w(ctx).NewUpdate().With("m", marks).Model((*clockRow)(nil)).
			TableExpr("m").Set("reminded = m.reminded").Set("next_at = m.next_at").Set("overdue_at = m.overdue_at").
			Where("k.case_id = m.case_id AND k.clock = m.clock AND k.stopped_at IS NULL AND k.overdue_at IS NULL"))
		if err != nil {
			return err
		}
		if met != n { // they were taken in this transaction
			return errors.New("mark deadlines: a deadline that was not taken")
		}
	}
	return nil
}

func (s caseStore) MarkOverdue(ctx context.Context, caseID string, now time.Time) ([]casework.Deadline, error) {
	var rows []clockRow
	err := s.w(ctx).NewUpdate().Model(&rows).Set("overdue_at = ?", toMicros(now)).Set("next_at = NULL").
		Where("case_id = ? AND stopped_at IS NULL AND overdue_at IS NULL AND due <= ?", caseID, toMicros(now)).
		Returning("*").Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "mark overdue clocks", err)
	}
	return convert(rows, func(r clockRow) (casework.Deadline, error) { return r.deadline(), nil })
}

func (s caseStore) ProvisionalClocks(ctx context.Context, after casework.Deadline, limit int) ([]casework.CaseClock, error) {
	var rows []clockOfCase
	err := s.clocksOfCases(ctx, &rows).Where("k.provisional AND k.stopped_at IS NULL").
		Where("(k.case_id, k.clock) > (?, ?)", after.Case, after.Clock).
		OrderExpr("k.case_id, k.clock").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list provisional clocks", err)
	}
	return convert(rows, clockOfCase.clock)
}

func (s caseStore) ClocksAcross(ctx context.Context, from, until time.Time, after casework.Deadline, limit int) ([]casework.CaseClock, error) {
	var rows []clockOfCase
	err := s.clocksOfCases(ctx, &rows).Where("k.stopped_at IS NULL AND k.due > ? AND k.started_at < ?", toMicros(from), toMicros(until)).
		Where("(k.case_id, k.clock) > (?, ?)", after.Case, after.Clock).
		OrderExpr("k.case_id, k.clock").Limit(limitOr(limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list clocks across a year", err)
	}
	return convert(rows, clockOfCase.clock)
}

// Clocks lists the running clocks that the departments below a region owe, by
// their end.
func (s caseStore) Clocks(ctx context.Context, f casework.ClockFilter) ([]casework.CaseClock, error) {
	var rows []clockOfCase
	q := s.clocksOfCases(ctx, &rows).Join("JOIN departments AS d ON d.id = k.department").
		Join("JOIN regions AS r ON r.code = d.region").
		Where("k.stopped_at IS NULL").
		Where("r.path LIKE (SELECT path || '%' FROM regions WHERE code = ?)", f.Territory).
		OrderExpr("k.due, k.case_id, k.clock").Limit(limitOr(f.Limit))
	if !f.DueFrom.IsZero() {
		q = q.Where("k.due >= ?", toMicros(f.DueFrom))
	}
	if !f.DueBefore.IsZero() {
		q = q.Where("k.due < ?", toMicros(f.DueBefore))
	}
	if a := f.After; a != nil {
		q = q.Where("(k.due, k.case_id, k.clock) > (?, ?, ?)", toMicros(a.Due), a.Case, a.Clock)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "list clocks", err)
	}
	return convert(rows, clockOfCase.clock)
}

// indexes writes what is kept beside a case so that lists and the sweeper find
// it: its parties, whose turn it is, its clocks.
func (s caseStore) indexes(ctx context.Context, c procedure.Case, turns []casework.Turn, clocks []casework.Deadline) error {
	if err := s.index(ctx, c, turns); err != nil {
		return err
	}
	return s.putClocks(ctx, clocks)
}
