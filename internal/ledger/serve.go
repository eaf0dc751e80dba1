package ledger

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Resource gives a tile or an entry bundle as the tlog-tiles read API serves
// it. A partial one of any width up to what the log holds is given, because
// each of them belonged to some checkpoint; what is beyond the log is a
// fault.NotFound. What it gives for an address never changes.
func (l *Log) Resource(ctx context.Context, r Resource) ([]byte, error) {
	if r.Entries {
		return l.bundle(ctx, r)
	}
	tiles, err := l.store.Tiles(ctx, []TileID{r.Tile})
	if err != nil {
		return nil, err
	}
	want := r.Width * l.hasher.Size()
	if len(tiles[0].Hashes) < want {
		return nil, fault.Missing("存证日志分片", r.Path())
	}
	return tiles[0].Hashes[:want:want], nil
}

func (l *Log) bundle(ctx context.Context, r Resource) ([]byte, error) {
	from := r.Tile.Index * TileWidth
	leaves, err := l.store.Leaves(ctx, from, r.Width)
	if err != nil {
		return nil, err
	}
	entries := make([][]byte, 0, len(leaves))
	for i, leaf := range leaves {
		if leaf.Index != from+uint64(i) {
			return nil, &Corruption{What: Missing, First: from + uint64(i), Last: from + uint64(i),
				Detail: fmt.Sprintf("the next record has index %d", leaf.Index)}
		}
		entries = append(entries, leaf.Data)
	}
	if len(entries) < r.Width {
		return nil, fault.Missing("存证日志分片", r.Path())
	}
	return EncodeBundle(entries)
}
