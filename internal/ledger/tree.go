package ledger

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/transparency-dev/merkle"
	"github.com/transparency-dev/merkle/compact"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
)

// edge is the growing right side of the tree: the partial tile of each level
// (empty where the level's last tile is full). It is immutable.
//
// It is kept between appends only to spare reads, under the root it belongs
// to: after a rollback or another replica's append the head has another root
// and the edge is read anew.
type edge struct {
	size  uint64
	root  []byte
	tiles [][]byte // by level
}

func (e *edge) fits(h Head) bool {
	return e != nil && e.size == h.Size && bytes.Equal(e.root, h.Root)
}

// normal gives an empty store's head the root of the empty tree.
func (l *Log) normal(h Head) Head {
	if h.Size == 0 && len(h.Root) == 0 {
		h.Root = l.hasher.EmptyRoot()
	}
	return h
}

// grow appends the leaves in the transaction in ctx and sets their Index.
func (l *Log) grow(ctx context.Context, leaves []Leaf) error {
	prev, err := l.store.LockHead(ctx)
	if err != nil {
		return err
	}
	prev = l.normal(prev)
	rng, err := rangeOf(l.hasher, prev)
	if err != nil {
		return err
	}
	last := l.edge.Load()
	if !last.fits(prev) {
		if last, err = l.loadEdge(ctx, prev); err != nil {
			return err
		}
	}
	b := builder{width: l.hasher.Size(), tiles: slices.Clone(last.tiles), owned: map[int]bool{}}
	for i := range leaves {
		leaves[i].Index = prev.Size + uint64(i)
		if err := rng.Append(leaves[i].Hash, b.visit); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	root, err := rng.GetRootHash(nil)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	next := Head{Size: rng.End(), Root: root, Frontier: slices.Clone(rng.Hashes())}
	if err := l.store.Append(ctx, prev, next, leaves, b.changed(next.Size)); err != nil {
		return err
	}
	l.edge.Store(&edge{size: next.Size, root: root, tiles: b.tiles})
	return nil
}

// rangeOf reads the head's compact range and checks that it makes the root: a
// damaged head must not become the ground of new entries.
func rangeOf(hasher merkle.LogHasher, h Head) (*compact.Range, error) {
	factory := compact.RangeFactory{Hash: hasher.HashChildren}
	rng, err := factory.NewRange(0, h.Size, slices.Clone(h.Frontier))
	if err != nil {
		return nil, &Corruption{What: BadHead, Last: h.Size, Detail: err.Error()}
	}
	if root := rootOf(hasher, rng); !bytes.Equal(root, h.Root) {
		return nil, &Corruption{What: BadHead, Last: h.Size,
			Detail: fmt.Sprintf("the frontier makes root %x, the head says %x", root, h.Root)}
	}
	return rng, nil
}

// rootOf is the root of a range that begins at 0, the empty one included.
func rootOf(hasher merkle.LogHasher, rng *compact.Range) []byte {
	root, err := rng.GetRootHash(nil)
	if err != nil || root == nil {
		return hasher.EmptyRoot()
	}
	return root
}

// loadEdge reads the partial tiles of a head and checks them against its
// frontier.
func (l *Log) loadEdge(ctx context.Context, h Head) (*edge, error) {
	e := &edge{size: h.Size, root: h.Root}
	var ids []TileID
	for level := 0; h.Size>>(tileHeight*level) > 0; level++ {
		count := h.Size >> (tileHeight * level)
		e.tiles = append(e.tiles, nil)
		if count%tileWidth != 0 {
			ids = append(ids, TileID{Level: uint8(level), Index: count / tileWidth})
		}
	}
	if len(ids) == 0 {
		return e, nil
	}
	tiles, err := l.store.Tiles(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("ledger: right edge of the tree: %w", err)
	}
	frontier := h.Frontier // from the highest subtree down, as the tiles from level 0 are not
	for i, t := range tiles {
		if t.TileID != ids[i] {
			return nil, fmt.Errorf("ledger: the store gave tile %v for %v", t.TileID, ids[i])
		}
		width := h.Size >> (tileHeight * t.Level) % tileWidth
		hashes := split(t.Hashes, l.hasher.Size())
		if uint64(len(hashes)) < width {
			return nil, tileFault(t.TileID, "has %d hashes, the head needs %d", len(hashes), width)
		}
		factory := compact.RangeFactory{Hash: l.hasher.HashChildren}
		rng := factory.NewEmptyRange(0)
		for _, x := range hashes[:width] {
			if err := rng.Append(x, nil); err != nil {
				return nil, fmt.Errorf("ledger: %w", err)
			}
		}
		cut := len(frontier) - len(rng.Hashes())
		if cut < 0 || !slices.EqualFunc(frontier[cut:], rng.Hashes(), bytes.Equal) {
			return nil, tileFault(t.TileID, "does not agree with the head's frontier")
		}
		frontier = frontier[:cut]
		e.tiles[t.Level] = t.Hashes[:width*uint64(l.hasher.Size())]
	}
	return e, nil
}

// split cuts concatenated hashes; a rest shorter than a hash is left out.
func split(data []byte, size int) [][]byte {
	out := make([][]byte, 0, len(data)/size)
	for ; len(data) >= size; data = data[size:] {
		out = append(out, data[:size:size])
	}
	return out
}

// builder collects the tiles that an append changes.
type builder struct {
	width int          // bytes of a hash
	tiles [][]byte     // the partial tile of each level
	owned map[int]bool // levels whose partial tile is a copy of ours
	full  []Tile
}

// visit takes each new node of the tree; those at multiples of the tile
// height are what tiles are made of.
func (b *builder) visit(id compact.NodeID, hash []byte) {
	if id.Level%tileHeight != 0 {
		return
	}
	level := int(id.Level / tileHeight)
	for len(b.tiles) <= level {
		b.tiles = append(b.tiles, nil)
	}
	t := b.tiles[level]
	if !b.owned[level] {
		// The old slice belongs to the last edge, which a rollback may need.
		t = append(make([]byte, 0, len(t)+b.width), t...)
		b.owned[level] = true
	}
	t = append(t, hash...)
	if len(t) == tileWidth*b.width {
		b.full = append(b.full, Tile{TileID{uint8(level), id.Index / tileWidth}, t})
		t = nil
	}
	b.tiles[level] = t
}

// changed gives every tile that is to be written at the new size.
func (b *builder) changed(size uint64) []Tile {
	out := b.full
	for level, t := range b.tiles {
		if b.owned[level] && len(t) > 0 {
			index := size >> (tileHeight * level) / tileWidth
			out = append(out, Tile{TileID{uint8(level), index}, t})
		}
	}
	return out
}

// TileReader gives tiles in the order asked for.
type TileReader interface {
	Tiles(ctx context.Context, ids []TileID) ([]Tile, error)
}

// nodes gives the hashes of perfect subtrees out of the tiles.
func nodes(ctx context.Context, store TileReader, hasher merkle.LogHasher, ids []compact.NodeID) ([][]byte, error) {
	var want []TileID
	for _, id := range ids {
		if t, _, _ := locate(id); !slices.Contains(want, t) {
			want = append(want, t)
		}
	}
	if len(want) == 0 {
		return nil, nil
	}
	tiles, err := store.Tiles(ctx, want)
	if err != nil {
		return nil, fmt.Errorf("ledger: tiles: %w", err)
	}
	out := make([][]byte, len(ids))
	for i, id := range ids {
		t, from, to := locate(id)
		hashes := split(tiles[slices.Index(want, t)].Hashes, hasher.Size())
		if len(hashes) < to {
			return nil, tileFault(t, "has %d hashes, a proof needs %d", len(hashes), to)
		}
		level := slices.Clone(hashes[from:to])
		for ; len(level) > 1; level = level[:len(level)/2] {
			for j := 0; j < len(level); j += 2 {
				level[j/2] = hasher.HashChildren(level[j], level[j+1])
			}
		}
		out[i] = level[0]
	}
	return out, nil
}

// locate tells which hashes [from, to) of which tile make a node.
func locate(id compact.NodeID) (t TileID, from, to int) {
	under := id.Level % tileHeight
	first := id.Index << under
	from = int(first % tileWidth)
	return TileID{uint8(id.Level / tileHeight), first / tileWidth}, from, from + 1<<under
}
