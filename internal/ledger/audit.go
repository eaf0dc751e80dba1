package ledger

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/transparency-dev/merkle"
	"github.com/transparency-dev/merkle/compact"
)

// auditBatch is how many records an audit holds in memory.
const auditBatch = 1024

// Audit is the result of a whole-log check that found nothing wrong.
type Audit struct {
	Size        uint64 // entries checked
	Root        []byte // root recomputed from the records
	Checkpoints int    // signed checkpoints that it agrees with
	// Covered is the size of the largest checkpoint: entries from there on
	// agree with each other, but nobody outside has a promise about them.
	Covered uint64
}

// Verify checks the whole log: see the function Verify.
func (l *Log) Verify(ctx context.Context) (*Audit, error) {
	if err := l.Settle(ctx); err != nil {
		return nil, err
	}
	return Verify(ctx, l.store, l.keys...)
}

// Verify checks a whole log with its public keys alone. It recomputes each
// leaf hash from the record's bytes and from them the tree, and compares
// records, tiles, head and every stored checkpoint. The error is a *Corruption
// with the first faulty index, or the store's own. The log may grow meanwhile.
//
// What it cannot see: entries removed from the end together with the tiles,
// the head and all the checkpoints that covered them. Receipts, and
// checkpoints kept elsewhere, show that.
func Verify(ctx context.Context, store Store, keys ...*Verifier) (*Audit, error) {
	if len(keys) == 0 {
		return nil, fmt.Errorf("ledger: no key to verify with")
	}
	head, err := store.ReadHead(ctx)
	if err != nil {
		return nil, err
	}
	hasher := keys[0].suite.Hasher
	if head.Size == 0 && len(head.Root) == 0 {
		head.Root = hasher.EmptyRoot()
	}
	factory := compact.RangeFactory{Hash: hasher.HashChildren}
	a := &auditor{store: store, keys: keys, hasher: hasher, head: head,
		rng: factory.NewEmptyRange(0), tiles: map[uint8]Tile{}}
	for _, step := range []func(context.Context) error{a.checkpoints, a.records, a.checkHead, a.beyond} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return &a.report, nil
}

type auditor struct {
	store  Store
	keys   []*Verifier
	hasher merkle.LogHasher
	head   Head
	rng    *compact.Range
	tiles  map[uint8]Tile // the tile being compared, by level

	signed   []SignedCheckpoint // read and not yet reached
	asked    uint64             // checkpoints below this size were read
	lastGood uint64             // size of the last checkpoint that agreed
	report   Audit
}

// records streams the log through the tree.
func (a *auditor) records(ctx context.Context) error {
	for from := uint64(0); from < a.head.Size; {
		n := int(min(auditBatch, a.head.Size-from))
		leaves, err := a.store.Leaves(ctx, from, n)
		if err != nil {
			return err
		}
		for i := range n {
			if err := a.record(ctx, from+uint64(i), leaves, i); err != nil {
				return err
			}
		}
		from += uint64(n)
	}
	return nil
}

func (a *auditor) record(ctx context.Context, index uint64, leaves []Leaf, i int) error {
	if i >= len(leaves) {
		return &Corruption{What: CutOff, First: index, Last: index,
			Detail: fmt.Sprintf("no record, the head says size %d", a.head.Size)}
	}
	leaf := leaves[i]
	if leaf.Index != index {
		return &Corruption{What: Missing, First: index, Last: index,
			Detail: fmt.Sprintf("the next record has index %d", leaf.Index)}
	}
	if why := a.faulty(leaf); why != "" {
		return &Corruption{What: Altered, First: index, Last: index, Detail: why}
	}
	var fresh []compact.NodeID
	var hashes [][]byte
	err := a.rng.Append(leaf.Hash, func(id compact.NodeID, hash []byte) {
		if id.Level%tileHeight == 0 {
			fresh, hashes = append(fresh, id), append(hashes, hash)
		}
	})
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	for j, id := range fresh {
		if err := a.node(ctx, id, hashes[j]); err != nil {
			return err
		}
	}
	a.report.Size = index + 1
	return a.checkpoints(ctx)
}

// faulty compares a record with itself.
func (a *auditor) faulty(leaf Leaf) string {
	if !bytes.Equal(a.hasher.HashLeaf(leaf.Data), leaf.Hash) {
		return "the record does not make its hash"
	}
	e, err := DecodeEntry(leaf.Data)
	if err != nil {
		return err.Error()
	}
	if e.ID != leaf.ID || e.Kind != leaf.Kind || !e.At.Equal(leaf.At) {
		return "the columns beside the record do not agree with it"
	}
	return ""
}

// node compares a recomputed hash with the one in its tile.
func (a *auditor) node(ctx context.Context, id compact.NodeID, hash []byte) error {
	level := uint8(id.Level / tileHeight)
	want := TileID{level, id.Index / tileWidth}
	tile, ok := a.tiles[level]
	if !ok || tile.TileID != want {
		got, err := a.store.Tiles(ctx, []TileID{want})
		if isMissing(err) {
			return tileFault(want, "is missing")
		}
		if err != nil {
			return err
		}
		tile = got[0]
		a.tiles[level] = tile
	}
	at := int(id.Index%tileWidth) * a.hasher.Size()
	first, last := under(level, id.Index, id.Index)
	switch end := at + a.hasher.Size(); {
	case end > len(tile.Hashes):
		return &Corruption{What: BadTile, First: first, Last: last,
			Detail: fmt.Sprintf("tile %d/%d is too short", want.Level, want.Index)}
	case bytes.Equal(tile.Hashes[at:end], hash):
		return nil
	case level > 0: // the leaves below agreed, so it is the tile
		return &Corruption{What: BadTile, First: first, Last: last,
			Detail: fmt.Sprintf("tile %d/%d has another hash", want.Level, want.Index)}
	}
	return &Corruption{What: Altered, First: first, Last: last, Detail: "the record's hash is not the one in the tree"}
}

// checkpoints compares the tree with the signed checkpoints of its size.
func (a *auditor) checkpoints(ctx context.Context) error {
	if len(a.signed) == 0 && a.asked <= a.rng.End() {
		page, err := a.store.Checkpoints(ctx, a.rng.End(), 256)
		if err != nil {
			return err
		}
		a.signed = page
		a.asked = ^uint64(0) // a short page was the last one
		if len(page) == 256 {
			a.asked = page[255].Size + 1
		}
	}
	for len(a.signed) > 0 && a.signed[0].Size <= a.rng.End() {
		cp, err := openStored(a.signed[0], a.keys)
		if err != nil {
			return err
		}
		a.signed = a.signed[1:]
		if root := rootOf(a.hasher, a.rng); !bytes.Equal(root, cp.Root) {
			return &Corruption{What: Rewritten, First: a.lastGood, Last: max(cp.Size, 1) - 1,
				Detail: fmt.Sprintf("the records make root %x, the checkpoint of size %d signs %x", root, cp.Size, cp.Root)}
		}
		a.lastGood = cp.Size
		a.report.Checkpoints++
		a.report.Covered = cp.Size
	}
	return nil
}

// checkHead compares the head with the tree that the records made.
func (a *auditor) checkHead(ctx context.Context) error {
	a.report.Root = rootOf(a.hasher, a.rng)
	bad := &Corruption{What: BadHead, First: a.lastGood, Last: a.head.Size}
	if !bytes.Equal(a.report.Root, a.head.Root) {
		bad.Detail = fmt.Sprintf("the records make root %x, the head says %x", a.report.Root, a.head.Root)
		return bad
	}
	if !slices.EqualFunc(a.rng.Hashes(), a.head.Frontier, bytes.Equal) {
		bad.Detail = "the head's frontier is not that of the records"
		return bad
	}
	return nil
}

// beyond looks past the head: for a checkpoint of a larger tree (the end was
// cut off) and for a record the head does not know. Both are looked for
// before the head is read again, so that growth is not mistaken for damage.
func (a *auditor) beyond(ctx context.Context) error {
	size, signed, cpErr := a.store.LatestCheckpoint(ctx)
	if cpErr != nil && !isMissing(cpErr) {
		return cpErr
	}
	extra, err := a.store.Leaves(ctx, a.head.Size, 1)
	if err != nil {
		return err
	}
	now, err := a.store.ReadHead(ctx)
	if err != nil {
		return err
	}
	if cpErr == nil && size > now.Size {
		if _, err := openStored(SignedCheckpoint{size, signed}, a.keys); err != nil {
			return err
		}
		return &Corruption{What: CutOff, First: now.Size, Last: size - 1,
			Detail: fmt.Sprintf("the head says size %d, a signed checkpoint %d", now.Size, size)}
	}
	if len(extra) > 0 && extra[0].Index >= now.Size {
		return &Corruption{What: Uncovered, First: extra[0].Index, Last: extra[0].Index,
			Detail: fmt.Sprintf("the head says size %d", now.Size)}
	}
	return nil
}
