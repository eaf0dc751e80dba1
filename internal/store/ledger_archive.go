package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/archive"
)

// archiveStore implements archive.Mover.
type archiveStore struct{ *database }

// LedgerArchive gives the database's side of moving old entries to the archive.
func (s *Store) LedgerArchive() archive.Mover { return archiveStore{s.db} }

func (s archiveStore) NextBundle(ctx context.Context) (uint64, error) {
	var next int64
	err := s.query(ctx, "read what is archived", "SELECT COALESCE(MAX(bundle), -1) + 1 FROM ledger_archived", nil,
		func(rows *sql.Rows) error { return rows.Scan(&next) })
	return uint64(next), err
}

// Move records first and empties then: the trigger on the rows asks for the
// record.
func (s archiveStore) Move(ctx context.Context, m archive.Moved) error {
	return s.Do(ctx, func(ctx context.Context) error {
		_, err := s.exec(ctx, "record an archived bundle", "INSERT INTO ledger_archived (bundle, sha256, before, at) VALUES (?, ?, ?, ?)",
			int64(m.Bundle), m.SHA256, int64(toMicros(m.Before)), int64(toMicros(m.At)))
		if _, unique := brokenUniqueness(err); unique {
			return fault.New(fault.Conflict, "ledger_archived_already", "这一段存证已经归档").Because(err)
		}
		if err != nil {
			return err
		}
		res, err := s.exec(ctx, "empty archived entries", "UPDATE ledger_entries SET data = ? WHERE idx >= ? AND idx < ?",
			[]byte{}, int64(m.Bundle*ledger.TileWidth), int64((m.Bundle+1)*ledger.TileWidth))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return s.fail(ctx, "empty archived entries", err)
		}
		if n != ledger.TileWidth {
			return fmt.Errorf("archive bundle %d: the database has %d entries of it", m.Bundle, n)
		}
		return nil
	})
}

func (s archiveStore) MovedBundle(ctx context.Context, bundle uint64) (archive.Moved, error) {
	m := archive.Moved{Bundle: bundle}
	found := errors.New("none")
	err := s.query(ctx, "read an archived bundle", "SELECT sha256, before, at FROM ledger_archived WHERE bundle = ?", []any{int64(bundle)},
		func(rows *sql.Rows) error {
			var before, at int64
			found = rows.Scan(&m.SHA256, &before, &at)
			m.Before, m.At = micros(before).Time(), micros(at).Time()
			return found
		})
	if err == nil && found != nil {
		err = fault.Missing("归档的存证", fmt.Sprint(bundle))
	}
	return m, err
}
