package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Retention is the shortest time that entries stay in the database: three
// years (CN-29.2), leap day included.
const Retention = 1096 * 24 * time.Hour

// Moved is a bundle whose entries' bytes are in the archive.
type Moved struct {
	Bundle uint64
	SHA256 []byte    // of the bundle's file
	Before time.Time // all its entries are older
	At     time.Time
}

// Mover is the database's side of the move.
type Mover interface {
	// NextBundle is the number of the first bundle that was not moved.
	NextBundle(ctx context.Context) (uint64, error)
	// Move records a bundle as moved and empties its rows, in one transaction.
	// The database refuses rows that are not older than Before, and a Before
	// that is less than the retention ago.
	Move(ctx context.Context, m Moved) error
	// MovedBundle gives the record of a bundle, or a fault.NotFound.
	MovedBundle(ctx context.Context, bundle uint64) (Moved, error)
}

// Options say what is to be archived.
type Options struct {
	Log   *ledger.Log
	Store ledger.Store // not the attached one: what was moved already is not read again
	Mover Mover
	Dir   Dir
	Keep  time.Duration // entries younger than that stay; at least Retention
	Clock clock.Clock
	// Most bundles to move at once; 0: all that are due.
	Limit int
}

// Report is what a run did.
type Report struct {
	Bundles    int       `json:"bundles"` // moved
	Entries    uint64    `json:"entries"`
	Tiles      int       `json:"tiles"` // written
	Next       uint64    `json:"next"`  // number of the first bundle still in the database
	Checkpoint uint64    `json:"checkpoint"`
	Before     time.Time `json:"before"`
}

// Run brings the tiles of the archive up to the latest checkpoint and moves the
// bundles that are full, signed and older than Keep. It may be interrupted and
// repeated at any point.
func Run(ctx context.Context, o Options) (Report, error) {
	if o.Keep < Retention {
		return Report{}, fault.New(fault.Invalid, "archive_too_early", "存证在数据库中至少保留三年").Under("CN-29.2").With("days", int(o.Keep.Hours()/24))
	}
	signed, err := o.Log.Checkpoint(ctx)
	if err != nil {
		return Report{}, err
	}
	cp, err := o.Log.Open(signed)
	if err != nil {
		return Report{}, err
	}
	report := Report{Checkpoint: cp.Size, Before: o.Clock.Now().Add(-o.Keep)}
	if report.Tiles, err = o.tiles(ctx, cp.Size); err != nil {
		return report, err
	}
	// The checkpoint comes after what it covers: the directory is whole at
	// every moment.
	if err := o.Dir.put(checkpointFile, signed); err != nil {
		return report, err
	}
	if report.Next, err = o.Mover.NextBundle(ctx); err != nil {
		return report, err
	}
	key, err := ledger.LoadVerifier(o.Log.PublicKey())
	if err != nil {
		return report, err
	}
	for (report.Next+1)*ledger.TileWidth <= cp.Size && (o.Limit == 0 || report.Bundles < o.Limit) {
		due, err := o.move(ctx, report.Next, report.Before, cp, key)
		if err != nil || !due {
			return report, err
		}
		report.Next++
		report.Bundles++
		report.Entries += ledger.TileWidth
	}
	return report, nil
}

// tiles writes the tiles of a tree that the archive lacks.
func (o Options) tiles(ctx context.Context, size uint64) (written int, err error) {
	for level := uint8(0); size>>(8*uint(level)) > 0; level++ {
		for _, r := range ledger.ResourcesOf(level, size, 0) {
			if _, err := o.Dir.stat(r); err == nil {
				continue
			}
			data, err := o.Log.Resource(ctx, r)
			if err != nil {
				return written, err
			}
			if err := o.Dir.put(r.Path(), data); err != nil {
				return written, err
			}
			written++
		}
	}
	return written, nil
}

// move archives one bundle, if all of it is old enough.
func (o Options) move(ctx context.Context, bundle uint64, before time.Time, cp ledger.Checkpoint, key *ledger.Verifier) (due bool, err error) {
	leaves, err := o.Store.Leaves(ctx, bundle*ledger.TileWidth, ledger.TileWidth)
	if err != nil {
		return false, err
	}
	entries := make([][]byte, len(leaves))
	for i, leaf := range leaves {
		if !leaf.At.Before(before) {
			return false, nil
		}
		entries[i] = leaf.Data
	}
	data, err := ledger.EncodeBundle(entries)
	if err != nil {
		return false, err
	}
	r := ledger.Resource{Entries: true, Tile: ledger.TileID{Index: bundle}, Width: ledger.TileWidth}
	if err := o.Dir.put(r.Path(), data); err != nil {
		return false, err
	}
	sum, err := Check(ctx, o.Dir, key, bundle, cp)
	if err != nil {
		return false, fmt.Errorf("archive: bundle %d was written and does not verify; nothing was moved: %w", bundle, err)
	}
	if want := sha256.Sum256(data); !bytes.Equal(sum, want[:]) {
		return false, fmt.Errorf("archive: bundle %d is not what was written; nothing was moved", bundle)
	}
	return true, o.Mover.Move(ctx, Moved{Bundle: bundle, SHA256: sum, Before: before, At: o.Clock.Now()})
}

// Check reads a full bundle from the archive and proves that every entry of it
// lies under a checkpoint, by tiles of the archive. It gives the digest of the
// file.
func Check(ctx context.Context, d Dir, key *ledger.Verifier, bundle uint64, cp ledger.Checkpoint) ([]byte, error) {
	data, err := d.Fetch(ctx, ledger.Resource{Entries: true, Tile: ledger.TileID{Index: bundle}, Width: ledger.TileWidth})
	if err != nil {
		return nil, err
	}
	entries, err := ledger.ParseBundle(data, ledger.TileWidth)
	if err != nil {
		return nil, err
	}
	// The level-0 tile is made of the entries themselves, so the path of one
	// of them passes through the hashes of all.
	tiles := &reader{dir: d, size: cp.Size, width: key.Suite().Hasher.Size(), made: map[ledger.TileID][]byte{}}
	var made []byte
	for _, e := range entries {
		made = append(made, key.Suite().Hasher.HashLeaf(e)...)
	}
	tiles.made[ledger.TileID{Index: bundle}] = made
	if err := ledger.CheckInclusion(ctx, tiles, key, entries[0], bundle*ledger.TileWidth, cp); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	return sum[:], nil
}

// reader reads the tiles of an archive at a size.
type reader struct {
	dir   Dir
	size  uint64
	width int
	made  map[ledger.TileID][]byte
}

// Tiles implements ledger.TileReader.
func (r *reader) Tiles(ctx context.Context, ids []ledger.TileID) ([]ledger.Tile, error) {
	out := make([]ledger.Tile, len(ids))
	for i, id := range ids {
		data, ok := r.made[id]
		if !ok {
			count := r.size >> (8 * uint(id.Level))
			if id.Index*ledger.TileWidth >= count {
				return nil, fmt.Errorf("%w: tile %d/%d", ledger.ErrAbsent, id.Level, id.Index)
			}
			res := ledger.Resource{Tile: id, Width: int(min(ledger.TileWidth, count-id.Index*ledger.TileWidth))}
			var err error
			if data, err = r.dir.Fetch(ctx, res); errors.Is(err, ledger.ErrAbsent) {
				data, err = r.dir.Fetch(ctx, res.Full())
			}
			if err != nil {
				return nil, err
			}
			r.made[id] = data
		}
		out[i] = ledger.Tile{TileID: id, Hashes: data}
	}
	return out, nil
}
