package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/calllog"
)

type reconciliationRow struct {
	bun.BaseModel `bun:"table:reconciliations,alias:r"`

	ID            string  `bun:"id,pk"`
	Side          string  `bun:"side"`
	Department    string  `bun:"department"`
	GrantID       string  `bun:"grant_id"`
	Resource      string  `bun:"resource"`
	From          micros  `bun:"period_from"`
	To            micros  `bun:"period_to"`
	Refused       bool    `bun:"refused"`
	Tolerance     int64   `bun:"tolerance"`
	State         string  `bun:"state"`
	Version       int     `bun:"version"`
	LedgerSize    int64   `bun:"ledger_size"`
	Lines         int     `bun:"lines"`
	SHA256        string  `bun:"sha256"`
	Matched       int     `bun:"matched"`
	Counts        string  `bun:"counts"` // JSON
	AfterReceipt  string  `bun:"after_receipt"`
	AfterAt       *micros `bun:"after_at"`
	AfterIndex    int64   `bun:"after_index"`
	CreatedBy     string  `bun:"created_by"`
	CreatedAt     micros  `bun:"created_at"`
	FinishedAt    *micros `bun:"finished_at"`
	CaseID        string  `bun:"case_id"`
	CaseProcedure string  `bun:"case_procedure"`
}

func reconciliationRowOf(r calllog.Reconciliation) (reconciliationRow, error) {
	if r.Counts == nil {
		r.Counts = map[calllog.Found]int{}
	}
	counts, err := encode("counts", r.Counts)
	row := reconciliationRow{ID: r.ID, Side: string(r.Side), Department: r.Department, GrantID: r.Grant, Resource: r.Resource,
		From: toMicros(r.From), To: toMicros(r.To), Refused: r.Refused, Tolerance: r.Tolerance.Microseconds(), State: string(r.State),
		Version: r.Version, LedgerSize: int64(r.LedgerSize), Lines: r.Lines, SHA256: r.SHA256, Matched: r.Matched, Counts: counts,
		AfterReceipt: r.AfterReceipt, AfterIndex: int64(r.AfterCall.Index), CreatedBy: r.CreatedBy, CreatedAt: toMicros(r.CreatedAt),
		FinishedAt: toMicrosPtr(r.FinishedAt), CaseID: r.Case, CaseProcedure: r.CaseProcedure}
	if !r.AfterCall.Zero() {
		at := toMicros(r.AfterCall.At)
		row.AfterAt = &at
	}
	return row, err
}

func (r reconciliationRow) reconciliation() (calllog.Reconciliation, error) {
	out := calllog.Reconciliation{Scope: calllog.Scope{Side: calllog.Side(r.Side), Grant: r.GrantID, Resource: r.Resource,
		From: r.From.Time(), To: r.To.Time(), Refused: r.Refused, Tolerance: time.Duration(r.Tolerance) * time.Microsecond},
		ID: r.ID, Department: r.Department, State: calllog.State(r.State), Version: r.Version, LedgerSize: uint64(r.LedgerSize),
		Lines: r.Lines, SHA256: r.SHA256, Matched: r.Matched, AfterReceipt: r.AfterReceipt, CreatedBy: r.CreatedBy,
		CreatedAt: r.CreatedAt.Time(), FinishedAt: r.FinishedAt.timePtr(), Case: r.CaseID, CaseProcedure: r.CaseProcedure}
	if r.AfterAt != nil {
		out.AfterCall = calllog.Mark{At: r.AfterAt.Time(), Index: uint64(r.AfterIndex)}
	}
	var err error
	out.Counts, err = decode[map[calllog.Found]int]("counts", r.Counts)
	return out, err
}

func (s callLogStore) InsertReconciliation(ctx context.Context, r calllog.Reconciliation) error {
	row, err := reconciliationRowOf(r)
	if err != nil {
		return err
	}
	return s.insert(ctx, "reconciliation", s.w(ctx).NewInsert().Model(&row))
}

func (s callLogStore) Reconciliation(ctx context.Context, id string) (calllog.Reconciliation, error) {
	var row reconciliationRow
	if err := s.one(ctx, "reconciliation", "对账", id, s.r(ctx).NewSelect().Model(&row).Where("id = ?", id)); err != nil {
		return calllog.Reconciliation{}, err
	}
	return row.reconciliation()
}

func (s callLogStore) ReconciliationsOf(ctx context.Context, department string, limit int, after string) ([]calllog.Reconciliation, error) {
	q := s.r(ctx).NewSelect().Model((*reconciliationRow)(nil)).Where("department = ?", department).Where("state <> 'receiving'").
		OrderExpr("id DESC").Limit(limitOr(limit))
	if after != "" {
		q = q.Where("id < ?", after)
	}
	return s.reconciliations(ctx, q)
}

func (s callLogStore) OpenReconciliations(ctx context.Context, limit int) ([]calllog.Reconciliation, error) {
	return s.reconciliations(ctx, s.r(ctx).NewSelect().Model((*reconciliationRow)(nil)).Where("state <> 'done'").Order("id").Limit(limitOr(limit)))
}

func (s callLogStore) reconciliations(ctx context.Context, q *bun.SelectQuery) ([]calllog.Reconciliation, error) {
	var rows []reconciliationRow
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, s.fail(ctx, "list reconciliations", err)
	}
	return convert(rows, reconciliationRow.reconciliation)
}

func (s callLogStore) UpdateReconciliation(ctx context.Context, r calllog.Reconciliation) error {
	row, err := reconciliationRowOf(r)
	if err != nil {
		return err
	}
	row.Version++
	return s.swap(ctx, "reconciliations", "对账", r.ID, s.w(ctx).NewUpdate().Model(&row).
		Column("state", "version", "ledger_size", "lines", "sha256", "matched", "counts", "after_receipt", "after_at", "after_index",
			"finished_at", "case_id", "case_procedure").
		Where("id = ? AND version = ?", r.ID, r.Version))
}

// DropReconciliation clears in portions, so that nobody waits behind it.
func (s callLogStore) DropReconciliation(ctx context.Context, id string) error {
	for {
		n, err := s.ClearRecords(ctx, id, 5000)
		if err != nil {
			return err
		}
		if n < 5000 {
			break
		}
	}
	_, err := s.exec(ctx, "drop a reconciliation", "DELETE FROM reconciliations WHERE id = ? AND state = 'receiving'", id)
	return err
}

func (s callLogStore) PutRecords(ctx context.Context, id string, records []calllog.Record) (fresh int, err error) {
	const width = 8
	err = s.Do(ctx, func(ctx context.Context) error {
		before := 0
		if before, err = s.countRecords(ctx, id, records); err != nil {
			return err
		}
		fresh = len(records) - before
		for rest := records; len(rest) > 0; {
			n := min(500, len(rest))
			args := make([]any, 0, width*n)
			for _, r := range rest[:n] {
				var at *int64
				if !r.At.IsZero() {
					v := int64(toMicros(r.At))
					at = &v
				}
				args = append(args, id, r.Receipt, r.Line, at, r.Grant, r.SHA256, r.Rows, r.Again)
			}
			rest = rest[n:]
			if _, err := s.exec(ctx, "keep lines of a log", `INSERT INTO reconciliation_lines
				(reconciliation, receipt, line, at, grant_id, sha256, row_count, again) VALUES `+valuesList(n, width)+`
				ON CONFLICT (reconciliation, receipt) DO UPDATE SET again = reconciliation_lines.again + EXCLUDED.again + 1`, args...); err != nil {
				return err
			}
		}
		return nil
	})
	return fresh, err
}

func (s callLogStore) countRecords(ctx context.Context, id string, records []calllog.Record) (int, error) {
	receipts := make([]string, len(records))
	for i, r := range records {
		receipts[i] = r.Receipt
	}
	have, err := s.HaveRecords(ctx, id, receipts)
	return len(have), err
}

func (s callLogStore) Records(ctx context.Context, id, after string, n int) ([]calllog.Record, error) {
	var out []calllog.Record
	err := s.query(ctx, "read lines of a log", `SELECT receipt, line, at, grant_id, sha256, row_count, again FROM reconciliation_lines
		WHERE reconciliation = ? AND receipt > ? ORDER BY receipt LIMIT ?`, []any{id, after, n}, func(rows *sql.Rows) error {
		var r calllog.Record
		var at *int64
		if err := rows.Scan(&r.Receipt, &r.Line, &at, &r.Grant, &r.SHA256, &r.Rows, &r.Again); err != nil {
			return err
		}
		if at != nil {
			r.At = micros(*at).Time()
		}
		out = append(out, r)
		return nil
	})
	return out, err
}

func (s callLogStore) HaveRecords(ctx context.Context, id string, receipts []string) (map[string]bool, error) {
	have := make(map[string]bool, len(receipts))
	if len(receipts) == 0 {
		return have, nil
	}
	err := s.query(ctx, "look for lines of a log", "SELECT receipt FROM reconciliation_lines WHERE reconciliation = ? AND receipt IN "+
		valuesList(1, len(receipts)), append([]any{id}, texts(receipts)...), func(rows *sql.Rows) error {
		var r string
		if err := rows.Scan(&r); err != nil {
			return err
		}
		have[r] = true
		return nil
	})
	return have, err
}

func (s callLogStore) ClearRecords(ctx context.Context, id string, n int) (int, error) {
	res, err := s.exec(ctx, "clear lines of a log", `DELETE FROM reconciliation_lines WHERE reconciliation = ? AND receipt IN
		(SELECT receipt FROM reconciliation_lines WHERE reconciliation = ? ORDER BY receipt LIMIT ?)`, id, id, n)
	if err != nil {
		return 0, err
	}
	gone, err := res.RowsAffected()
	return int(gone), s.failed(ctx, "clear lines of a log", err)
}

func (s callLogStore) PutMismatches(ctx context.Context, id string, found []calllog.Mismatch) error {
	const width = 9
	for len(found) > 0 {
		n := min(500, len(found))
		args := make([]any, 0, width*n)
		for _, m := range found[:n] {
			var at *int64
			if !m.At.IsZero() {
				v := int64(toMicros(m.At))
				at = &v
			}
			args = append(args, id, m.Seq, string(m.Kind), m.Receipt, m.Line, at, m.Grant, m.Ours, m.Theirs)
		}
		found = found[n:]
		if _, err := s.exec(ctx, "keep mismatches", `INSERT INTO reconciliation_mismatches
			(reconciliation, seq, kind, receipt, line, at, grant_id, ours, theirs) VALUES `+valuesList(n, width), args...); err != nil {
			return err
		}
	}
	return nil
}

func (s callLogStore) Mismatches(ctx context.Context, id string, after, n int) ([]calllog.Mismatch, error) {
	var out []calllog.Mismatch
	err := s.query(ctx, "read mismatches", `SELECT seq, kind, receipt, line, at, grant_id, ours, theirs FROM reconciliation_mismatches
		WHERE reconciliation = ? AND seq > ? ORDER BY seq LIMIT ?`, []any{id, after, n}, func(rows *sql.Rows) error {
		var m calllog.Mismatch
		var at *int64
		if err := rows.Scan(&m.Seq, &m.Kind, &m.Receipt, &m.Line, &at, &m.Grant, &m.Ours, &m.Theirs); err != nil {
			return err
		}
		if at != nil {
			m.At = micros(*at).Time()
		}
		out = append(out, m)
		return nil
	})
	return out, err
}
