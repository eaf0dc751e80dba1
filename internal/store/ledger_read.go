package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

const selectLeaves = "SELECT idx, id, kind, at, data, hash FROM ledger_entries "

func (s ledgerStore) LeafByID(ctx context.Context, id string) (ledger.Leaf, error) {
	leaves, err := s.leaves(ctx, "WHERE id = ?", id)
	return onlyLeaf(leaves, err, id)
}

func (s ledgerStore) Leaf(ctx context.Context, index uint64) (ledger.Leaf, error) {
	leaves, err := s.leaves(ctx, "WHERE idx = ?", int64(index))
	return onlyLeaf(leaves, err, fmt.Sprint(index))
}

func (s ledgerStore) Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error) {
	return s.leaves(ctx, "WHERE idx >= ? ORDER BY idx LIMIT ?", int64(from), int64(n))
}

func (s ledgerStore) leaves(ctx context.Context, where string, args ...any) ([]ledger.Leaf, error) {
	var leaves []ledger.Leaf
	err := s.query(ctx, "read ledger entries", selectLeaves+where, args, func(rows *sql.Rows) error {
		var l ledger.Leaf
		var index, at int64
		if err := rows.Scan(&index, &l.ID, &l.Kind, &at, &l.Data, &l.Hash); err != nil {
			return err
		}
		l.Index, l.At = uint64(index), micros(at).Time()
		leaves = append(leaves, l)
		return nil
	})
	return leaves, err
}

func onlyLeaf(leaves []ledger.Leaf, err error, id string) (ledger.Leaf, error) {
	if err != nil {
		return ledger.Leaf{}, err
	}
	if len(leaves) == 0 {
		return ledger.Leaf{}, fault.Missing("存证记录", id)
	}
	return leaves[0], nil
}

func (s ledgerStore) JournalMark(ctx context.Context, journal string) (uint64, error) {
	var mark int64
	err := s.query(ctx, "read the journal's mark", "SELECT integrated FROM ledger_journals WHERE id = ?", []any{journal},
		func(rows *sql.Rows) error { return rows.Scan(&mark) })
	return uint64(mark), err
}

func (s ledgerStore) SetJournalMark(ctx context.Context, journal string, seq uint64) error {
	_, err := s.exec(ctx, "move the journal's mark", "INSERT INTO ledger_journals (id, integrated) VALUES (?, ?) "+
		"ON CONFLICT (id) DO UPDATE SET integrated = EXCLUDED.integrated", journal, int64(seq))
	return err
}

func (s ledgerStore) PutCheckpoint(ctx context.Context, size uint64, note []byte) error {
	_, err := s.exec(ctx, "put checkpoint", "INSERT INTO ledger_checkpoints (size, note) VALUES (?, ?)", int64(size), note)
	if _, unique := brokenUniqueness(err); unique {
		return ledger.CheckpointExists(err)
	}
	return err
}

func (s ledgerStore) LatestCheckpoint(ctx context.Context) (uint64, []byte, error) {
	found, err := s.checkpoints(ctx, "ORDER BY size DESC LIMIT 1")
	if err != nil {
		return 0, nil, err
	}
	if len(found) == 0 {
		return 0, nil, fault.Missing("存证检查点", "latest")
	}
	return found[0].Size, found[0].Note, nil
}

func (s ledgerStore) Checkpoints(ctx context.Context, from uint64, n int) ([]ledger.SignedCheckpoint, error) {
	return s.checkpoints(ctx, "WHERE size >= ? ORDER BY size LIMIT ?", int64(from), int64(n))
}

func (s ledgerStore) checkpoints(ctx context.Context, rest string, args ...any) ([]ledger.SignedCheckpoint, error) {
	var out []ledger.SignedCheckpoint
	err := s.query(ctx, "read checkpoints", "SELECT size, note FROM ledger_checkpoints "+rest, args,
		func(rows *sql.Rows) error {
			var size int64
			var note []byte
			if err := rows.Scan(&size, &note); err != nil {
				return err
			}
			out = append(out, ledger.SignedCheckpoint{Size: uint64(size), Note: note})
			return nil
		})
	return out, err
}
