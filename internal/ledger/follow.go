package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/transparency-dev/merkle"
	"github.com/transparency-dev/merkle/compact"
	"golang.org/x/sync/errgroup"
)

// Source is a log as anybody sees it: what a tlog-tiles prefix serves, from a
// directory or over HTTP. What it gives is not trusted.
type Source interface {
	// Checkpoint gives the log's latest signed checkpoint.
	Checkpoint(ctx context.Context) ([]byte, error)
	// Fetch gives a tile or bundle; ErrAbsent when the source has it not,
	// ErrClosed when it does not show it to this caller.
	Fetch(ctx context.Context, r Resource) ([]byte, error)
}

// What a Source says of something that it does not give.
var (
	ErrAbsent = errors.New("ledger: the log does not serve this")
	ErrClosed = errors.New("ledger: the log does not show this to the caller")
)

// Seen is what a follower remembers of a log between its visits: the last
// checkpoint that it verified, and the right edge of its tree. It is trusted:
// it belongs where only the follower writes.
type Seen struct {
	Origin   string   `json:"origin"`
	Size     uint64   `json:"size"`
	Root     []byte   `json:"root"`
	Frontier [][]byte `json:"frontier"`
	// Checkpoint is the signed note: with another that contradicts it, the
	// proof that the log showed two trees.
	Checkpoint string `json:"checkpoint"`
}

// FollowOptions says how a log is followed.
type FollowOptions struct {
	Key    *Verifier // of the log; the only thing trusted
	Policy Policy    // whose cosignatures the checkpoint must bear
	// HashesOnly leaves entries out where the source shows none, or has none any
	// more from some index on, and checks the tree by its leaf hashes.
	HashesOnly bool
	// Parallel fetches at once; default 4.
	Parallel int
	// Progress is told how many leaves were checked; may be nil.
	Progress func(done, size uint64)
}

// Followed is what a visit found in order.
type Followed struct {
	Seen              // to be remembered for the next visit
	Since      uint64 // where this visit began
	Entries    uint64 // entries whose bytes were checked
	HashesOnly uint64 // leaves of which only the hash was seen
	Witnesses  []Cosignature
	Tiles      int // tiles above the leaves that were compared
}

// followStep is how many bundles are fetched together.
const followStep = 16

// Follow checks a log from the outside, and trusts nothing but the key: the
// latest checkpoint is signed, every entry from the last visit on makes its
// leaf hash, the hashes make the root that was signed and the tiles above
// them, and all of it goes on from what was seen before. The error is a
// *Divergence or a *Corruption where the log is to blame, else the source's.
func Follow(ctx context.Context, src Source, seen *Seen, o FollowOptions) (*Followed, error) {
	signed, err := src.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	cp, cosignatures, err := o.Policy.Open(signed, o.Key)
	if err != nil {
		return nil, err
	}
	f := &follower{src: src, opt: o, hasher: o.Key.suite.Hasher, cp: cp, tiles: map[TileID][][]byte{}}
	if f.rng, err = f.start(seen); err != nil {
		return nil, err
	}
	out := &Followed{Since: f.rng.End(), Witnesses: cosignatures}
	if err := f.leaves(ctx, out); err != nil {
		return nil, err
	}
	if root := rootOf(f.hasher, f.rng); !bytes.Equal(root, cp.Root) {
		if seen != nil && seen.Size > 0 {
			return nil, &Divergence{Signed: Checkpoint{seen.Origin, seen.Size, seen.Root}, Held: cp}
		}
		return nil, &Corruption{What: Rewritten, First: 0, Last: max(cp.Size, 1) - 1,
			Detail: fmt.Sprintf("the entries make root %x, the checkpoint of size %d signs %x", root, cp.Size, cp.Root)}
	}
	if err := f.upper(ctx, out); err != nil {
		return nil, err
	}
	out.Seen = Seen{Origin: cp.Origin, Size: cp.Size, Root: cp.Root, Frontier: f.rng.Hashes(), Checkpoint: string(signed)}
	return out, nil
}

type follower struct {
	src    Source
	opt    FollowOptions
	hasher merkle.LogHasher
	cp     Checkpoint
	rng    *compact.Range
	tiles  map[TileID][][]byte // hashes above the leaves that this visit made; nil where an earlier visit did
	gap    *uint64             // the first leaf whose entry the source has not
}

// start continues from what was seen, if that can be.
func (f *follower) start(seen *Seen) (*compact.Range, error) {
	factory := compact.RangeFactory{Hash: f.hasher.HashChildren}
	if seen == nil || seen.Size == 0 {
		return factory.NewEmptyRange(0), nil
	}
	if seen.Origin != f.cp.Origin {
		return nil, fmt.Errorf("ledger: what was seen is of log %q, this is %q", seen.Origin, f.cp.Origin)
	}
	before := Checkpoint{seen.Origin, seen.Size, seen.Root}
	if f.cp.Size < seen.Size || f.cp.Size == seen.Size && !bytes.Equal(f.cp.Root, seen.Root) {
		return nil, &Divergence{Signed: before, Held: f.cp}
	}
	return rangeOf(f.hasher, Head{Size: seen.Size, Root: seen.Root, Frontier: seen.Frontier})
}

// fetched is one level-0 tile with its entries, nil where they are not shown.
type fetched struct {
	hashes  [][]byte
	entries [][]byte
	absent  bool
}

// leaves appends what is new.
func (f *follower) leaves(ctx context.Context, out *Followed) error {
	last := ResourcesOf(0, f.cp.Size, f.rng.End()/TileWidth)
	for len(last) > 0 {
		step := last[:min(followStep, len(last))]
		last = last[len(step):]
		got := make([]fetched, len(step))
		group, inner := errgroup.WithContext(ctx)
		group.SetLimit(max(cmp.Or(f.opt.Parallel, 4), 1))
		for i, r := range step {
			group.Go(func() (err error) {
				got[i], err = f.fetch(inner, r)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for i, r := range step {
			if err := f.take(r, got[i], out); err != nil {
				return err
			}
		}
		if f.opt.Progress != nil {
			f.opt.Progress(f.rng.End(), f.cp.Size)
		}
	}
	return nil
}

// get fetches a resource; a partial one may have become full meanwhile.
func (f *follower) get(ctx context.Context, r Resource) (data []byte, got Resource, err error) {
	data, err = f.src.Fetch(ctx, r)
	if errors.Is(err, ErrAbsent) && r.Width < TileWidth {
		r = r.Full()
		data, err = f.src.Fetch(ctx, r)
	}
	return data, r, err
}

func (f *follower) hashes(ctx context.Context, r Resource) ([][]byte, error) {
	data, got, err := f.get(ctx, r)
	if errors.Is(err, ErrAbsent) {
		return nil, tileFault(r.Tile, "is missing")
	}
	if err != nil {
		return nil, err
	}
	if len(data) != got.Width*f.hasher.Size() {
		return nil, tileFault(r.Tile, "has %d bytes, want %d", len(data), got.Width*f.hasher.Size())
	}
	return split(data, f.hasher.Size())[:r.Width], nil
}

func (f *follower) fetch(ctx context.Context, r Resource) (fetched, error) {
	var out fetched
	var err error
	if out.hashes, err = f.hashes(ctx, r); err != nil {
		return out, err
	}
	bundle := r
	bundle.Entries = true
	data, got, err := f.get(ctx, bundle)
	switch {
	case f.opt.HashesOnly && (errors.Is(err, ErrAbsent) || errors.Is(err, ErrClosed)):
		out.absent = errors.Is(err, ErrAbsent)
		return out, nil
	case errors.Is(err, ErrAbsent):
		first := r.Tile.Index * TileWidth
		return out, &Corruption{What: Missing, First: first, Last: first + uint64(r.Width) - 1, Detail: "the bundle is not served"}
	case err != nil:
		return out, err
	}
	entries, err := ParseBundle(data, got.Width)
	if err != nil {
		first := r.Tile.Index * TileWidth
		return out, &Corruption{What: Altered, First: first, Last: first + uint64(r.Width) - 1, Detail: err.Error()}
	}
	out.entries = entries[:r.Width]
	return out, nil
}

// take appends one tile's leaves, those that are new.
func (f *follower) take(r Resource, x fetched, out *Followed) error {
	first := r.Tile.Index * TileWidth
	if x.absent && f.gap == nil {
		f.gap = &first
	}
	if x.entries != nil && f.gap != nil {
		// An archive holds the old entries: what is missing before some that are
		// there is not young.
		return &Corruption{What: Missing, First: *f.gap, Last: first - 1, Detail: "the bundle is not served, and later ones are"}
	}
	for i := f.rng.End() - first; i < uint64(r.Width); i++ {
		hash, index := x.hashes[i], first+i
		if x.entries != nil {
			if !bytes.Equal(f.hasher.HashLeaf(x.entries[i]), hash) {
				return &Corruption{What: Altered, First: index, Last: index, Detail: "the entry does not make the hash in the tree"}
			}
			if _, err := DecodeEntry(x.entries[i]); err != nil {
				return &Corruption{What: Altered, First: index, Last: index, Detail: err.Error()}
			}
			out.Entries++
		} else {
			out.HashesOnly++
		}
		if err := f.rng.Append(hash, f.visit); err != nil {
			return fmt.Errorf("ledger: %w", err)
		}
	}
	return nil
}

// visit keeps the hashes that tiles above the leaves must have.
func (f *follower) visit(id compact.NodeID, hash []byte) {
	if id.Level == 0 || id.Level%tileHeight != 0 {
		return
	}
	t := TileID{uint8(id.Level / tileHeight), id.Index / tileWidth}
	if f.tiles[t] == nil {
		f.tiles[t] = make([][]byte, tileWidth)
	}
	f.tiles[t][id.Index%tileWidth] = hash
}

// upper compares the tiles above the leaves: proofs are made of them.
func (f *follower) upper(ctx context.Context, out *Followed) error {
	for t, want := range f.tiles {
		count := f.cp.Size >> (tileHeight * uint(t.Level))
		width := int(min(tileWidth, count-t.Index*tileWidth))
		have, err := f.hashes(ctx, Resource{Tile: t, Width: width})
		if err != nil {
			return err
		}
		for i := range width {
			if want[i] != nil && !bytes.Equal(want[i], have[i]) {
				return tileFault(t, "has %s at %d, the entries make %s", base64.StdEncoding.EncodeToString(have[i]), i, base64.StdEncoding.EncodeToString(want[i]))
			}
		}
		out.Tiles++
	}
	return nil
}
