package store

import (
	"context"
	"time"
)

// Housekeeping clears away what has done its work and proves nothing. Each call
// deletes up to limit rows, the oldest first, and tells how many: as many as
// limit mean that there may be more.
//
// What it must never touch: acts, ledger, usage records, violations, notices
// in the inboxes, deliveries (they prove that somebody was told).
type Housekeeping struct{ db *database }

// Housekeeping gives the broom.
func (s *Store) Housekeeping() *Housekeeping { return &Housekeeping{s.db} }

// Messages deletes messages of the outbox that were handled before.
func (h *Housekeeping) Messages(ctx context.Context, before time.Time, limit int) (int, error) {
	return h.sweep(ctx, "clear handled messages", `DELETE FROM outbox WHERE id IN (
		SELECT id FROM outbox WHERE handled_at IS NOT NULL AND handled_at < ? ORDER BY handled_at LIMIT ?`, int64(toMicros(before)), limit)
}

// DailyCalls deletes counters of days before the given one (2026-01-02). They
// make the monthly figures of a grant; the calls themselves are in the ledger.
func (h *Housekeeping) DailyCalls(ctx context.Context, before string, limit int) (int, error) {
	return h.sweep(ctx, "clear daily counters", `DELETE FROM daily_calls WHERE (grant_id, day) IN (
		SELECT grant_id, day FROM daily_calls WHERE day < ? ORDER BY day LIMIT ?`, before, limit)
}

// RefusedCalls deletes counters of refusals of days before the given one; what
// they led to is a violation of its own.
func (h *Housekeeping) RefusedCalls(ctx context.Context, before string, limit int) (int, error) {
	return h.sweep(ctx, "clear counters of refusals", `DELETE FROM refused_calls WHERE (clause, subject, day) IN (
		SELECT clause, subject, day FROM refused_calls WHERE day < ? ORDER BY day LIMIT ?`, before, limit)
}

// Assertions deletes used client assertions that expired before.
func (h *Housekeeping) Assertions(ctx context.Context, before time.Time, limit int) (int, error) {
	return h.sweep(ctx, "clear used assertions", `DELETE FROM used_assertions WHERE (system, id) IN (
		SELECT system, id FROM used_assertions WHERE expires_at < ? ORDER BY expires_at LIMIT ?`, int64(toMicros(before)), limit)
}

// sweep runs a delete whose inner select is still open, so that on PostgreSQL
// rows that another replica is deleting are passed over.
func (h *Housekeeping) sweep(ctx context.Context, what, query string, args ...any) (int, error) {
	if h.db.engine == enginePostgres {
		query += " FOR UPDATE SKIP LOCKED"
	}
	res, err := h.db.exec(ctx, what, query+")", args...)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), h.db.failed(ctx, what, err)
}
