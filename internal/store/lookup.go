package store

import (
	"context"
	"database/sql"

	"github.com/shuqiao/shuqiao/internal/lookup"
)

// lookupStore implements lookup.Store.
type lookupStore struct{ *database }

// Lookup gives the index of calls by the digests of their identifiers.
func (s *Store) Lookup() lookup.Store { return lookupStore{s.db} }

// identifierProjection names the projection in the table of positions.
const identifierProjection = "identifier_calls"

func (s lookupStore) NextIndex(ctx context.Context) (uint64, error) {
	var n int64
	err := s.query(ctx, "read the projection's place", "SELECT next_index FROM projections WHERE name = ?", []any{identifierProjection},
		func(rows *sql.Rows) error { return rows.Scan(&n) })
	return uint64(n), err
}

// Advance moves the place first: the row is the lock that others wait at.
func (s lookupStore) Advance(ctx context.Context, from, to uint64, lines []lookup.Line) (bool, error) {
	moved := false
	err := s.Do(ctx, func(ctx context.Context) error {
		res, err := s.exec(ctx, "move the projection", "UPDATE projections SET next_index = ? WHERE name = ? AND next_index = ?",
			int64(to), identifierProjection, int64(from))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return s.failed(ctx, "move the projection", err)
		}
		moved = true
		for len(lines) > 0 {
			n := min(ledgerChunk, len(lines))
			args := make([]any, 0, 2*n)
			for _, l := range lines[:n] {
				args = append(args, l.Identifier, int64(l.Index))
			}
			lines = lines[n:]
			if _, err := s.exec(ctx, "add identifiers", "INSERT INTO identifier_calls (identifier, idx) VALUES "+valuesList(n, 2)+
				" ON CONFLICT DO NOTHING", args...); err != nil {
				return err
			}
		}
		return nil
	})
	return moved && err == nil, err
}

func (s lookupStore) Indexes(ctx context.Context, identifier string, below uint64, n int) ([]uint64, error) {
	var out []uint64
	err := s.query(ctx, "find calls by identifier", "SELECT idx FROM identifier_calls WHERE identifier = ? AND idx < ? ORDER BY idx DESC LIMIT ?",
		[]any{identifier, int64(below), int64(n)}, func(rows *sql.Rows) error {
			var index int64
			if err := rows.Scan(&index); err != nil {
				return err
			}
			out = append(out, uint64(index))
			return nil
		})
	return out, err
}
