package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"sync"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// kept is how many bundles a store keeps in memory after reading them.
const kept = 8

// Attach gives a store that reads from the archive what was moved there. dir
// may be empty: then what was moved is a fault "ledger_archive_missing" of kind
// fault.Unavailable.
func Attach(s ledger.Store, m Mover, d Dir) ledger.Store {
	return &attached{Store: s, mover: m, dir: d, recent: map[uint64][][]byte{}}
}

type attached struct {
	ledger.Store
	mover Mover
	dir   Dir

	mu     sync.Mutex
	recent map[uint64][][]byte
	order  []uint64
}

// LeafByID implements ledger.Store.
func (a *attached) LeafByID(ctx context.Context, id string) (ledger.Leaf, error) {
	leaf, err := a.Store.LeafByID(ctx, id)
	if err == nil {
		err = a.fill(ctx, &leaf)
	}
	return leaf, err
}

// Leaf implements ledger.Store.
func (a *attached) Leaf(ctx context.Context, index uint64) (ledger.Leaf, error) {
	leaf, err := a.Store.Leaf(ctx, index)
	if err == nil {
		err = a.fill(ctx, &leaf)
	}
	return leaf, err
}

// Leaves implements ledger.Store.
func (a *attached) Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error) {
	leaves, err := a.Store.Leaves(ctx, from, n)
	for i := range leaves {
		if err == nil {
			err = a.fill(ctx, &leaves[i])
		}
	}
	return leaves, err
}

// fill puts the bytes into a leaf whose row is empty: no entry is. Whether they
// make the leaf's hash is checked by whoever relies on it, as for any other row;
// that the file is the one that was recorded is checked here.
func (a *attached) fill(ctx context.Context, leaf *ledger.Leaf) error {
	if len(leaf.Data) > 0 {
		return nil
	}
	bundle := leaf.Index / ledger.TileWidth
	a.mu.Lock()
	entries, ok := a.recent[bundle]
	a.mu.Unlock()
	if !ok {
		var err error
		if entries, err = a.read(ctx, bundle); err != nil {
			return err
		}
		a.remember(bundle, entries)
	}
	leaf.Data = bytes.Clone(entries[leaf.Index%ledger.TileWidth])
	return nil
}

func (a *attached) read(ctx context.Context, bundle uint64) ([][]byte, error) {
	first, last := bundle*ledger.TileWidth, (bundle+1)*ledger.TileWidth-1
	m, err := a.mover.MovedBundle(ctx, bundle)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return nil, &ledger.Corruption{What: ledger.Altered, First: first, Last: last, Detail: "rows are empty that were never moved to the archive"}
	}
	if err != nil {
		return nil, err
	}
	var data []byte
	if a.dir == "" {
		err = fmt.Errorf("no archive is configured")
	} else {
		data, err = a.dir.Fetch(ctx, ledger.Resource{Entries: true, Tile: ledger.TileID{Index: bundle}, Width: ledger.TileWidth})
	}
	if err != nil {
		return nil, fault.Newf(fault.Unavailable, "ledger_archive_missing", "序号%d至%d的存证已移入归档目录,现在读不到", first, last).Because(err)
	}
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], m.SHA256) {
		return nil, &ledger.Corruption{What: ledger.Altered, First: first, Last: last, Detail: "the archived bundle is not the one that was moved"}
	}
	return ledger.ParseBundle(data, ledger.TileWidth)
}

func (a *attached) remember(bundle uint64, entries [][]byte) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.recent[bundle]; ok {
		return
	}
	if a.order = append(a.order, bundle); len(a.order) > kept {
		delete(a.recent, a.order[0])
		a.order = a.order[1:]
	}
	a.recent[bundle] = entries
}
