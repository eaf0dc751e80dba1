package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// gatewayStore implements gateway.Store. Its writes are single statements on
// the pool itself, outside any transaction: what was used up stays used up
// when the call that used it fails.
type gatewayStore struct{ *database }

func (s gatewayStore) TakeAssertion(ctx context.Context, system, id string, expires time.Time) (bool, error) {
	n, err := s.own(ctx, `INSERT INTO used_assertions (system, id, expires_at) VALUES (?, ?, ?)
		ON CONFLICT (system, id) DO NOTHING`, system, id, int64(toMicros(expires)))
	if err != nil {
		return false, fmt.Errorf("take assertion: %w", err)
	}
	return n == 1, nil
}

func (s gatewayStore) ForgetAssertions(ctx context.Context, before time.Time) (int, error) {
	n, err := s.own(ctx, `DELETE FROM used_assertions WHERE expires_at < ?`, int64(toMicros(before)))
	if err != nil {
		return 0, fmt.Errorf("forget assertions: %w", err)
	}
	return n, nil
}

// own runs a statement outside the caller's transaction.
func (s gatewayStore) own(ctx context.Context, query string, args ...any) (int, error) {
	res, err := s.write.DB.ExecContext(ctx, s.rebind(query), args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// takeCalls raises the counter by what fits. On the right of SET stands the
// row before the statement; last_taken carries the difference out of it.
const takeCalls = `INSERT INTO daily_calls (grant_id, day, taken, last_taken) VALUES (?, ?, ?, ?)
ON CONFLICT (grant_id, day) DO UPDATE SET
	taken = daily_calls.taken + CASE
		WHEN daily_calls.taken >= ? THEN 0
		WHEN daily_calls.taken + ? > ? THEN ? - daily_calls.taken
		ELSE ? END,
	last_taken = CASE
		WHEN daily_calls.taken >= ? THEN 0
		WHEN daily_calls.taken + ? > ? THEN ? - daily_calls.taken
		ELSE ? END
RETURNING last_taken`

func (s gatewayStore) TakeCalls(ctx context.Context, grant, day string, want, limit int) (int, error) {
	if want < 1 || limit < 1 {
		return 0, fmt.Errorf("take calls: want %d of %d", want, limit)
	}
	w, l, first := int64(want), int64(limit), int64(min(want, limit))
	var got int
	err := s.write.DB.QueryRowContext(ctx, s.rebind(takeCalls), grant, day, first, first,
		l, w, l, l, w, l, w, l, l, w).Scan(&got)
	if err != nil {
		return 0, fmt.Errorf("take calls: %w", err)
	}
	return got, nil
}

func (s gatewayStore) CallsTaken(ctx context.Context, grant, day string) (int, error) {
	var n int
	err := s.read.DB.QueryRowContext(ctx,
		s.rebind(`SELECT taken FROM daily_calls WHERE grant_id = ? AND day = ?`), grant, day).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read calls taken: %w", err)
	}
	return n, nil
}
