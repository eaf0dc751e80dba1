package ledgertest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// State is all that a Memory holds. Leaves are ordered by Index.
type State struct {
	Head        ledger.Head
	Leaves      []ledger.Leaf
	Tiles       map[ledger.TileID][]byte
	Checkpoints []ledger.SignedCheckpoint
	Marks       map[string]uint64 // by journal
}

// Memory is a ledger.Store in memory. Transactions run one at a time, see
// their own writes and leave nothing behind when they fail.
type Memory struct {
	writer chan struct{} // held by the open transaction

	mu     sync.RWMutex // guards what follows
	state  State
	byID   map[string]uint64
	inject func(op string) error
}

var _ ledger.Store = (*Memory)(nil)

// NewMemory makes an empty store.
func NewMemory() *Memory {
	m := &Memory{writer: make(chan struct{}, 1), byID: map[string]uint64{}}
	m.state.Tiles, m.state.Marks = map[ledger.TileID][]byte{}, map[string]uint64{}
	return m
}

// Inject makes operations fail: f is asked before each with its name (the
// method's, or "commit") and its error is what the operation returns. Nil
// ends it.
func (m *Memory) Inject(f func(op string) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inject = f
}

// Tamper changes the committed state behind the ledger's back.
func (m *Memory) Tamper(f func(s *State)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f(&m.state)
	m.byID = map[string]uint64{}
	for _, l := range m.state.Leaves {
		m.byID[l.ID] = l.Index
	}
}

func (m *Memory) fail(op string) error {
	m.mu.RLock()
	f := m.inject
	m.mu.RUnlock()
	if f == nil {
		return nil
	}
	return f(op)
}

// tx is what a transaction has written so far.
type tx struct {
	head        *ledger.Head
	leaves      []ledger.Leaf
	byID        map[string]uint64
	tiles       map[ledger.TileID][]byte
	checkpoints []ledger.SignedCheckpoint
	marks       map[string]uint64
}

type txKey struct{ m *Memory }

func (m *Memory) tx(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{m}).(*tx)
	return t
}

// Do implements ledger.Store.
func (m *Memory) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	if m.InTx(ctx) {
		return fn(ctx)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case m.writer <- struct{}{}:
		defer func() { <-m.writer }()
	case <-ctx.Done():
		return ctx.Err()
	}
	t := &tx{tiles: map[ledger.TileID][]byte{}, byID: map[string]uint64{}, marks: map[string]uint64{}}
	if err := fn(context.WithValue(ctx, txKey{m}, t)); err != nil {
		return err
	}
	if err := m.fail("commit"); err != nil {
		return err
	}
	m.commit(t)
	return nil
}

func (m *Memory) commit(t *tx) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if t.head != nil {
		m.state.Head = *t.head
	}
	maps.Copy(m.byID, t.byID)
	m.state.Leaves = append(m.state.Leaves, t.leaves...)
	maps.Copy(m.state.Tiles, t.tiles)
	maps.Copy(m.state.Marks, t.marks)
	m.state.Checkpoints = append(m.state.Checkpoints, t.checkpoints...)
	slices.SortFunc(m.state.Checkpoints, bySize)
}

// InTx implements ledger.Store.
func (m *Memory) InTx(ctx context.Context) bool { return m.tx(ctx) != nil }

var errNoTx = errors.New("ledgertest: outside a transaction")

// LockHead implements ledger.Store; the transaction is the lock.
func (m *Memory) LockHead(ctx context.Context) (ledger.Head, error) {
	if !m.InTx(ctx) {
		return ledger.Head{}, errNoTx
	}
	if err := m.fail("LockHead"); err != nil {
		return ledger.Head{}, err
	}
	return m.ReadHead(ctx)
}

// ReadHead implements ledger.Store.
func (m *Memory) ReadHead(ctx context.Context) (ledger.Head, error) {
	if err := m.fail("ReadHead"); err != nil {
		return ledger.Head{}, err
	}
	if t := m.tx(ctx); t != nil && t.head != nil {
		return cloneHead(*t.head), nil
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return cloneHead(m.state.Head), nil
}

// Append implements ledger.Store.
func (m *Memory) Append(ctx context.Context, prev, next ledger.Head, leaves []ledger.Leaf, tiles []ledger.Tile) error {
	t := m.tx(ctx)
	if t == nil {
		return errNoTx
	}
	if err := m.fail("Append"); err != nil {
		return err
	}
	head, err := m.ReadHead(ctx)
	if err != nil {
		return err
	}
	if head.Size != prev.Size {
		return ledger.HeadMoved(fmt.Errorf("size %d, want %d", head.Size, prev.Size))
	}
	for _, l := range leaves {
		if _, err := m.LeafByID(ctx, l.ID); err == nil {
			return ledger.EntryExists(nil)
		}
		t.leaves = append(t.leaves, cloneLeaf(l))
		t.byID[l.ID] = l.Index
	}
	for _, x := range tiles {
		t.tiles[x.TileID] = slices.Clone(x.Hashes)
	}
	next = cloneHead(next)
	t.head = &next
	return nil
}

// Tiles implements ledger.Store.
func (m *Memory) Tiles(ctx context.Context, ids []ledger.TileID) ([]ledger.Tile, error) {
	if err := m.fail("Tiles"); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	out := make([]ledger.Tile, len(ids))
	for i, id := range ids {
		hashes, ok := m.state.Tiles[id]
		if t := m.tx(ctx); t != nil && t.tiles[id] != nil {
			hashes, ok = t.tiles[id], true
		}
		if !ok {
			return nil, fault.Missing("哈希树分块", fmt.Sprintf("%d/%d", id.Level, id.Index))
		}
		out[i] = ledger.Tile{TileID: id, Hashes: slices.Clone(hashes)}
	}
	return out, nil
}

// LeafByID implements ledger.Store.
func (m *Memory) LeafByID(ctx context.Context, id string) (ledger.Leaf, error) {
	m.mu.RLock()
	index, ok := m.byID[id]
	m.mu.RUnlock()
	if t := m.tx(ctx); t != nil && !ok {
		index, ok = t.byID[id]
	}
	if !ok {
		return ledger.Leaf{}, fault.Missing("存证记录", id)
	}
	return m.Leaf(ctx, index)
}

// Leaf implements ledger.Store.
func (m *Memory) Leaf(ctx context.Context, index uint64) (ledger.Leaf, error) {
	got, err := m.Leaves(ctx, index, 1)
	if err == nil && (len(got) == 0 || got[0].Index != index) {
		err = fault.Missing("存证记录", fmt.Sprint(index))
	}
	if err != nil {
		return ledger.Leaf{}, err
	}
	return got[0], nil
}

// Leaves implements ledger.Store.
func (m *Memory) Leaves(ctx context.Context, from uint64, n int) ([]ledger.Leaf, error) {
	if err := m.fail("Leaves"); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	parts := [][]ledger.Leaf{m.state.Leaves}
	if t := m.tx(ctx); t != nil {
		parts = append(parts, t.leaves)
	}
	var out []ledger.Leaf
	for _, p := range parts {
		i := sort.Search(len(p), func(i int) bool { return p[i].Index >= from })
		for ; i < len(p) && len(out) < n; i++ {
			out = append(out, cloneLeaf(p[i]))
		}
	}
	return out, nil
}

// JournalMark implements ledger.Store.
func (m *Memory) JournalMark(ctx context.Context, journal string) (uint64, error) {
	if t := m.tx(ctx); t != nil {
		if seq, ok := t.marks[journal]; ok {
			return seq, nil
		}
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.state.Marks[journal], nil
}

// SetJournalMark implements ledger.Store.
func (m *Memory) SetJournalMark(ctx context.Context, journal string, seq uint64) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if err := m.fail("SetJournalMark"); err != nil {
			return err
		}
		m.tx(ctx).marks[journal] = seq
		return nil
	})
}

// PutCheckpoint implements ledger.Store.
func (m *Memory) PutCheckpoint(ctx context.Context, size uint64, note []byte) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if err := m.fail("PutCheckpoint"); err != nil {
			return err
		}
		got, err := m.Checkpoints(ctx, size, 1)
		if err != nil {
			return err
		}
		if len(got) == 1 && got[0].Size == size {
			return ledger.CheckpointExists(nil)
		}
		t := m.tx(ctx)
		t.checkpoints = append(t.checkpoints, ledger.SignedCheckpoint{Size: size, Note: slices.Clone(note)})
		return nil
	})
}

// LatestCheckpoint implements ledger.Store.
func (m *Memory) LatestCheckpoint(ctx context.Context) (uint64, []byte, error) {
	all, err := m.Checkpoints(ctx, 0, 1<<30)
	if err == nil && len(all) == 0 {
		err = fault.Missing("检查点", "")
	}
	if err != nil {
		return 0, nil, err
	}
	last := all[len(all)-1]
	return last.Size, last.Note, nil
}

// Checkpoints implements ledger.Store.
func (m *Memory) Checkpoints(ctx context.Context, from uint64, n int) ([]ledger.SignedCheckpoint, error) {
	if err := m.fail("Checkpoints"); err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	parts := [][]ledger.SignedCheckpoint{m.state.Checkpoints}
	if t := m.tx(ctx); t != nil {
		parts = append(parts, t.checkpoints)
	}
	var out []ledger.SignedCheckpoint
	for _, c := range slices.Concat(parts...) {
		if c.Size >= from {
			out = append(out, ledger.SignedCheckpoint{Size: c.Size, Note: slices.Clone(c.Note)})
		}
	}
	slices.SortFunc(out, bySize)
	return out[:min(n, len(out))], nil
}

func bySize(a, b ledger.SignedCheckpoint) int { return cmp.Compare(a.Size, b.Size) }

func cloneHead(h ledger.Head) ledger.Head {
	h.Root = slices.Clone(h.Root)
	h.Frontier = slices.Clone(h.Frontier)
	return h
}

func cloneLeaf(l ledger.Leaf) ledger.Leaf {
	l.Data, l.Hash = slices.Clone(l.Data), slices.Clone(l.Hash)
	return l
}
