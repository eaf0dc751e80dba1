package store

import (
	"context"
	"database/sql"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// witnessStore implements witness.Store, witness.ClientStore and
// ledger.Witnessed.
type witnessStore struct{ *database }

// Witness gives the store of what this node has cosigned of other logs.
func (s *Store) Witness() witness.Store { return witnessStore{s.db} }

// Witnesses gives the store of how the witnesses of this log stand to it.
func (s *Store) Witnesses() witness.ClientStore { return witnessStore{s.db} }

// Cosignatures gives the store of the cosignatures of this log.
func (s *Store) Cosignatures() ledger.Witnessed { return witnessStore{s.db} }

func (s witnessStore) Held(ctx context.Context, origin string) (witness.Held, error) {
	var h witness.Held
	err := s.query(ctx, "read a witnessed log", "SELECT size, root, note, at FROM witness_logs WHERE origin = ?", []any{origin},
		func(rows *sql.Rows) error {
			var size, at int64
			if err := rows.Scan(&size, &h.Root, &h.Note, &at); err != nil {
				return err
			}
			h.Size, h.At = uint64(size), micros(at).Time()
			return nil
		})
	return h, err
}

// Swap is one statement, so that the row itself decides who is first.
func (s witnessStore) Swap(ctx context.Context, origin string, was, next witness.Held) (bool, error) {
	swapped := false
	err := s.Do(ctx, func(ctx context.Context) error {
		var res sql.Result
		var err error
		if was.Note == nil {
			res, err = s.exec(ctx, "keep a witnessed log", "INSERT INTO witness_logs (origin, size, root, note, at) VALUES (?, ?, ?, ?, ?) "+
				"ON CONFLICT (origin) DO NOTHING", origin, int64(next.Size), next.Root, next.Note, int64(toMicros(next.At)))
		} else {
			res, err = s.exec(ctx, "keep a witnessed log", "UPDATE witness_logs SET size = ?, root = ?, note = ?, at = ? "+
				"WHERE origin = ? AND size = ? AND root = ?",
				int64(next.Size), next.Root, next.Note, int64(toMicros(next.At)), origin, int64(was.Size), was.Root)
		}
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		swapped = n == 1
		return s.failed(ctx, "keep a witnessed log", err)
	})
	return swapped && err == nil, err
}

func (s witnessStore) PutEvidence(ctx context.Context, e witness.Evidence) (bool, error) {
	res, err := s.exec(ctx, "keep evidence", "INSERT INTO witness_evidence (id, origin, size, root, kind, note, held, at) "+
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (origin, size, root) DO NOTHING",
		e.ID, e.Origin, int64(e.Size), e.Root, e.Kind, e.Note, e.Held, int64(toMicros(e.At)))
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, s.failed(ctx, "keep evidence", err)
}

func (s witnessStore) ListEvidence(ctx context.Context, n int) ([]witness.Evidence, error) {
	var out []witness.Evidence
	err := s.query(ctx, "list evidence", "SELECT id, origin, size, root, kind, note, held, at FROM witness_evidence ORDER BY id DESC LIMIT ?",
		[]any{int64(n)}, func(rows *sql.Rows) error {
			var e witness.Evidence
			var size, at int64
			if err := rows.Scan(&e.ID, &e.Origin, &size, &e.Root, &e.Kind, &e.Note, &e.Held, &at); err != nil {
				return err
			}
			e.Size, e.At = uint64(size), micros(at).Time()
			out = append(out, e)
			return nil
		})
	return out, err
}

const selectStanding = "SELECT witness, size, at, diverged, since FROM ledger_witnesses "

func (s witnessStore) Standing(ctx context.Context, id string) (witness.Standing, error) {
	found, err := s.standings(ctx, "WHERE witness = ?", id)
	if err != nil || len(found) == 0 {
		return witness.Standing{Witness: id}, err
	}
	return found[0], nil
}

func (s witnessStore) Standings(ctx context.Context) ([]witness.Standing, error) {
	return s.standings(ctx, "ORDER BY witness")
}

func (s witnessStore) standings(ctx context.Context, rest string, args ...any) ([]witness.Standing, error) {
	var out []witness.Standing
	err := s.query(ctx, "read the witnesses", selectStanding+rest, args, func(rows *sql.Rows) error {
		var w witness.Standing
		var size, at, since int64
		if err := rows.Scan(&w.Witness, &size, &at, &w.Diverged, &since); err != nil {
			return err
		}
		w.Size, w.At, w.Since = uint64(size), micros(at).Time(), micros(since).Time()
		out = append(out, w)
		return nil
	})
	return out, err
}

// PutStanding never takes a contradiction back: that is for people.
func (s witnessStore) PutStanding(ctx context.Context, w witness.Standing) error {
	_, err := s.exec(ctx, "keep how a witness stands", "INSERT INTO ledger_witnesses (witness, size, at, diverged, since) VALUES (?, ?, ?, ?, ?) "+
		"ON CONFLICT (witness) DO UPDATE SET size = EXCLUDED.size, at = EXCLUDED.at, "+
		"since = CASE WHEN ledger_witnesses.diverged = '' THEN EXCLUDED.since ELSE ledger_witnesses.since END, "+
		"diverged = CASE WHEN ledger_witnesses.diverged = '' THEN EXCLUDED.diverged ELSE ledger_witnesses.diverged END",
		w.Witness, int64(w.Size), int64(toMicros(w.At)), w.Diverged, int64(toMicros(w.Since)))
	return err
}

func (s witnessStore) PutCosignature(ctx context.Context, size uint64, id string, line []byte) error {
	_, err := s.exec(ctx, "keep a cosignature", "INSERT INTO ledger_cosignatures (size, witness, line) VALUES (?, ?, ?) "+
		"ON CONFLICT (size, witness) DO NOTHING", int64(size), id, line)
	return err
}

func (s witnessStore) Cosignatures(ctx context.Context, size uint64) ([][]byte, error) {
	var out [][]byte
	err := s.query(ctx, "read cosignatures", "SELECT line FROM ledger_cosignatures WHERE size = ? ORDER BY witness", []any{int64(size)},
		func(rows *sql.Rows) error {
			var line []byte
			if err := rows.Scan(&line); err != nil {
				return err
			}
			out = append(out, line)
			return nil
		})
	return out, err
}

func (s witnessStore) SetWitnessedSize(ctx context.Context, size uint64) error {
	_, err := s.exec(ctx, "move the witnessed size", "INSERT INTO ledger_witnessed (id, size) VALUES (1, ?) "+
		"ON CONFLICT (id) DO UPDATE SET size = EXCLUDED.size WHERE ledger_witnessed.size < EXCLUDED.size", int64(size))
	return err
}

func (s witnessStore) WitnessedSize(ctx context.Context) (uint64, error) {
	size := int64(-1)
	err := s.query(ctx, "read the witnessed size", "SELECT size FROM ledger_witnessed WHERE id = 1", nil,
		func(rows *sql.Rows) error { return rows.Scan(&size) })
	if err == nil && size < 0 {
		err = fault.Missing("有见证的检查点", "latest")
	}
	return uint64(max(size, 0)), err
}
