package store

import (
	"context"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/casework"
)

type messageRow struct {
	bun.BaseModel `bun:"table:outbox,alias:m"`

	ID        string  `bun:"id,pk"`
	Kind      string  `bun:"kind"`
	CaseID    string  `bun:"case_id,nullzero"`
	Payload   []byte  `bun:"payload"`
	At        micros  `bun:"at"`
	HandledAt *micros `bun:"handled_at"`
	Attempts  int     `bun:"attempts"`
	NotBefore micros  `bun:"not_before"`
}

func (r messageRow) message() (casework.Message, error) {
	return casework.Message{ID: r.ID, Kind: r.Kind, Case: r.CaseID, Payload: r.Payload, At: r.At.Time()}, nil
}

func (s caseStore) PutMessages(ctx context.Context, messages []casework.Message) error {
	if len(messages) == 0 {
		return nil
	}
	if s.engine == enginePostgres {
		return s.putArrays(ctx, messages)
	}
	rows := make([]messageRow, 0, len(messages))
	for _, m := range messages {
		rows = append(rows, messageRow{ID: m.ID, Kind: m.Kind, CaseID: m.Case, Payload: filledBytes(m.Payload), At: toMicros(m.At)})
	}
	return s.insert(ctx, "messages", s.w(ctx).NewInsert().Model(&rows))
}

// putArrays sends the columns as arrays: a sweep writes thousands of rows, and
// PostgreSQL reads a long list of them at a third of the speed.
func (s caseStore) putArrays(ctx context.Context, messages []casework.Message) error {
	n := len(messages)
	ids, kinds, cases := make([]string, n), make([]string, n), make([]*string, n)
	payloads, ats := make([]string, n), make([]int64, n)
	for i, m := range messages {
		ids[i], kinds[i], payloads[i], ats[i] = m.ID, m.Kind, string(m.Payload), int64(toMicros(m.At))
		if m.Case != "" {
			cases[i] = &m.Case
		}
	}
	_, err := s.exec(ctx, "insert messages", `INSERT INTO outbox (id, kind, case_id, payload, at)
		SELECT id, kind, case_id, convert_to(payload, 'UTF8'), at
		FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[]) AS m (id, kind, case_id, payload, at)`, ids, kinds, cases, payloads, ats)
	return err
}

// filledBytes is b, or no bytes where there is none: the column is not NULL.
func filledBytes(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// TakeMessages locks what it gives until the transaction ends; what another
// replica has taken is passed over.
func (s caseStore) TakeMessages(ctx context.Context, kinds []string, now time.Time, limit int) ([]casework.Message, error) {
	if !s.InTx(ctx) {
		return nil, errors.New("take messages: needs a transaction")
	}
	if len(kinds) == 0 {
		return nil, nil
	}
	var rows []messageRow
	q := s.w(ctx).NewSelect().Model(&rows).Where("handled_at IS NULL AND not_before <= ?", toMicros(now)).
		Where("kind IN (?)", bun.List(kinds)).Order("at", "id").Limit(limitOr(limit))
	if s.engine == enginePostgres {
		q = q.For("UPDATE SKIP LOCKED")
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.fail(ctx, "take messages", err)
	}
	return convert(rows, messageRow.message)
}

func (s caseStore) MarkMessages(ctx context.Context, ids []string, at time.Time) error {
	if len(ids) == 0 {
		return nil
	}
	_, err := s.affected(ctx, "mark messages", s.w(ctx).NewUpdate().Model((*messageRow)(nil)).
		Set("handled_at = ?", toMicros(at)).Where("id IN (?) AND handled_at IS NULL", bun.List(ids)))
	return err
}

// PutOffMessage makes the pause grow with the square of the attempts.
func (s caseStore) PutOffMessage(ctx context.Context, id string, now time.Time) error {
	_, err := s.affected(ctx, "put off a message", s.w(ctx).NewUpdate().Model((*messageRow)(nil)).
		Set("attempts = attempts + 1").
		Set("not_before = ? + 1000000 * CASE WHEN attempts >= 60 THEN 3600 ELSE (attempts + 1) * (attempts + 1) END", toMicros(now)).
		Where("id = ? AND handled_at IS NULL", id))
	return err
}

type noticeRow struct {
	bun.BaseModel `bun:"table:notices,alias:n"`

	ID         string  `bun:"id,pk"`
	CaseID     string  `bun:"case_id,nullzero"`
	Department string  `bun:"department"`
	Relation   string  `bun:"relation"`
	Subject    string  `bun:"subject"`
	Text       string  `bun:"text"`
	Clause     string  `bun:"clause"`
	Due        *micros `bun:"due"`
	At         micros  `bun:"at"`
}

func (r noticeRow) notice() (casework.Notice, error) {
	return casework.Notice{ID: r.ID, Case: r.CaseID, Department: r.Department, Relation: r.Relation, Subject: r.Subject, Text: r.Text,
		Clause: r.Clause, Due: r.Due.timePtr(), At: r.At.Time()}, nil
}

// PutNotices keeps notices; one that is there already stays as it is, so that
// a message delivered twice tells nobody twice.
func (s caseStore) PutNotices(ctx context.Context, notices []casework.Notice) error {
	if len(notices) == 0 {
		return nil
	}
	rows := make([]noticeRow, 0, len(notices))
	for _, n := range notices {
		rows = append(rows, noticeRow{ID: n.ID, CaseID: n.Case, Department: n.Department, Relation: n.Relation,
			Subject: n.Subject, Text: n.Text, Clause: n.Clause, Due: toMicrosPtr(n.Due), At: toMicros(n.At)})
	}
	return s.insert(ctx, "notices", s.w(ctx).NewInsert().Model(&rows).On("CONFLICT (id) DO NOTHING"))
}

// Notices lists the newest first.
func (s caseStore) Notices(ctx context.Context, f casework.TodoFilter) ([]casework.Notice, error) {
	if len(f.Relations) == 0 {
		return nil, nil
	}
	var rows []noticeRow
	err := s.r(ctx).NewSelect().Model(&rows).
		Where("department = ? AND relation IN (?)", f.Department, bun.List(f.Relations)).
		OrderExpr("at DESC, id DESC").Limit(limitOr(f.Limit)).Scan(ctx)
	if err != nil {
		return nil, s.fail(ctx, "list notices", err)
	}
	return convert(rows, noticeRow.notice)
}
