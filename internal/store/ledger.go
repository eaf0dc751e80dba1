package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// ledgerStore implements ledger.Store. It is a hot path: statements go to the
// driver with parameters, many rows at a time.
type ledgerStore struct{ *database }

// LockHead holds the head's row. On SQLite the transaction holds the only
// write lock already.
func (s ledgerStore) LockHead(ctx context.Context) (ledger.Head, error) {
	if !s.InTx(ctx) {
		return ledger.Head{}, errors.New("lock the ledger's head: needs a transaction")
	}
	if s.engine == enginePostgres {
		return s.head(ctx, " FOR UPDATE")
	}
	return s.head(ctx, "")
}

func (s ledgerStore) ReadHead(ctx context.Context) (ledger.Head, error) { return s.head(ctx, "") }

func (s ledgerStore) head(ctx context.Context, lock string) (ledger.Head, error) {
	var h ledger.Head
	var size int64
	var frontier string
	err := s.query(ctx, "read the ledger's head", "SELECT size, root, frontier FROM ledger_head WHERE id = 1"+lock, nil,
		func(rows *sql.Rows) error { return rows.Scan(&size, &h.Root, &frontier) })
	if err != nil {
		return ledger.Head{}, err
	}
	if frontier == "" {
		return ledger.Head{}, errors.New("read the ledger's head: its row is missing")
	}
	h.Size = uint64(size)
	h.Frontier, err = decode[[][]byte]("frontier", frontier)
	if len(h.Frontier) == 0 {
		h.Frontier = nil
	}
	return h, err
}

func (s ledgerStore) Append(ctx context.Context, prev, next ledger.Head, leaves []ledger.Leaf, tiles []ledger.Tile) error {
	if !s.InTx(ctx) {
		return errors.New("append to the ledger: needs a transaction")
	}
	frontier, err := encode("frontier", next.Frontier)
	if err != nil {
		return err
	}
	res, err := s.exec(ctx, "move the ledger's head",
		"UPDATE ledger_head SET size = ?, root = ?, frontier = ? WHERE id = 1 AND size = ?",
		int64(next.Size), next.Root, frontier, int64(prev.Size))
	if f := fenced(err); f != nil {
		return f
	}
	if err != nil {
		return err
	}
	switch n, err := res.RowsAffected(); {
	case err != nil:
		return s.fail(ctx, "move the ledger's head", err)
	case n == 0:
		return ledger.HeadMoved(fmt.Errorf("the head is no longer at %d", prev.Size))
	}
	if err := s.insertLeaves(ctx, leaves); err != nil {
		return err
	}
	return s.putTiles(ctx, tiles)
}

// ledgerChunk is how many rows one statement takes.
const ledgerChunk = 500

func (s ledgerStore) insertLeaves(ctx context.Context, leaves []ledger.Leaf) error {
	for len(leaves) > 0 {
		n := min(ledgerChunk, len(leaves))
		args := make([]any, 0, 6*n)
		for _, l := range leaves[:n] {
			args = append(args, int64(l.Index), l.ID, string(l.Kind), int64(toMicros(l.At)), l.Data, l.Hash)
		}
		leaves = leaves[n:]
		_, err := s.exec(ctx, "append ledger entries",
			"INSERT INTO ledger_entries (idx, id, kind, at, data, hash) VALUES "+valuesList(n, 6), args...)
		if columns, unique := brokenUniqueness(err); unique {
			if len(columns) == 1 && columns[0] == "idx" {
				return ledger.HeadMoved(err)
			}
			return ledger.EntryExists(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (s ledgerStore) putTiles(ctx context.Context, tiles []ledger.Tile) error {
	for len(tiles) > 0 {
		n := min(ledgerChunk, len(tiles))
		args := make([]any, 0, 3*n)
		for _, t := range tiles[:n] {
			args = append(args, int64(t.Level), int64(t.Index), t.Hashes)
		}
		tiles = tiles[n:]
		_, err := s.exec(ctx, "put ledger tiles", "INSERT INTO ledger_tiles (level, idx, hashes) VALUES "+
			valuesList(n, 3)+" ON CONFLICT (level, idx) DO UPDATE SET hashes = EXCLUDED.hashes", args...)
		if err != nil {
			return err
		}
	}
	return nil
}

func (s ledgerStore) Tiles(ctx context.Context, ids []ledger.TileID) ([]ledger.Tile, error) {
	found := make(map[ledger.TileID][]byte, len(ids))
	for rest := ids; len(rest) > 0; {
		n := min(ledgerChunk, len(rest))
		args := make([]any, 0, 2*n)
		for _, id := range rest[:n] {
			args = append(args, int64(id.Level), int64(id.Index))
		}
		rest = rest[n:]
		// Without the cast PostgreSQL takes the parameters for text here.
		pairs := strings.ReplaceAll(valuesList(n, 2), "?", "CAST(? AS BIGINT)")
		err := s.query(ctx, "read ledger tiles",
			"SELECT level, idx, hashes FROM ledger_tiles WHERE (level, idx) IN (VALUES "+pairs+")", args,
			func(rows *sql.Rows) error {
				var level, index int64
				var hashes []byte
				if err := rows.Scan(&level, &index, &hashes); err != nil {
					return err
				}
				found[ledger.TileID{Level: uint8(level), Index: uint64(index)}] = hashes
				return nil
			})
		if err != nil {
			return nil, err
		}
	}
	tiles := make([]ledger.Tile, 0, len(ids))
	for _, id := range ids {
		hashes, ok := found[id]
		if !ok {
			return nil, fault.Missing("存证日志分片", fmt.Sprintf("%d/%d", id.Level, id.Index))
		}
		tiles = append(tiles, ledger.Tile{TileID: id, Hashes: hashes})
	}
	return tiles, nil
}
