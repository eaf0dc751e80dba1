package ledger

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// TileWidth is how many hashes a full tile has, and how many entries a full
// bundle.
const TileWidth = tileWidth

const (
	// maxLevel is the highest tile level that an address can name.
	maxLevel = 63
	// maxResource bounds the length of an address: a tile index of 19 digits
	// takes 7 elements.
	maxResource = 64
)

// Resource is one thing that the tlog-tiles read API serves: a tile of hashes
// or, if Entries, the bundle of the entries under the level-0 tile.
type Resource struct {
	Entries bool
	Tile    TileID // Level is 0 for Entries
	// Width is the number of hashes or entries: TileWidth, or less for the
	// partial one at the right edge of the tree.
	Width int
}

// Path is the address below the log's prefix: "tile/1/x001/x234/067.p/8".
func (r Resource) Path() string {
	level := "entries"
	if !r.Entries {
		level = strconv.Itoa(int(r.Tile.Level))
	}
	path := "tile/" + level + "/" + indexPath(r.Tile.Index)
	if r.Width < TileWidth {
		path += ".p/" + strconv.Itoa(r.Width)
	}
	return path
}

// Full is the same resource at its full width.
func (r Resource) Full() Resource {
	r.Width = TileWidth
	return r
}

// indexPath writes an index in elements of three digits, all but the last
// behind an "x", so that no file is also a directory.
func indexPath(n uint64) string {
	out := fmt.Sprintf("%03d", n%1000)
	for n /= 1000; n > 0; n /= 1000 {
		out = fmt.Sprintf("x%03d/", n%1000) + out
	}
	return out
}

var errResource = errors.New("ledger: not the address of a tile or bundle")

// ParseResource reads an address in the one spelling that Path gives it.
func ParseResource(path string) (Resource, error) {
	if len(path) > maxResource {
		return Resource{}, errResource
	}
	rest, ok := strings.CutPrefix(path, "tile/")
	level, rest, cut := strings.Cut(rest, "/")
	if !ok || !cut {
		return Resource{}, errResource
	}
	r := Resource{Entries: level == "entries", Width: TileWidth}
	if !r.Entries {
		n, err := strconv.ParseUint(level, 10, 8)
		if err != nil || n > maxLevel {
			return Resource{}, errResource
		}
		r.Tile.Level = uint8(n)
	}
	index, width, partial := strings.Cut(rest, ".p/")
	if partial {
		n, err := strconv.ParseUint(width, 10, 16)
		if err != nil || n < 1 || n >= TileWidth {
			return Resource{}, errResource
		}
		r.Width = int(n)
	}
	digits := strings.ReplaceAll(strings.ReplaceAll(index, "/", ""), "x", "")
	n, err := strconv.ParseUint(digits, 10, 63)
	if err != nil {
		return Resource{}, errResource
	}
	r.Tile.Index = n
	if r.Path() != path { // signs, zeros, x and slashes where none belong
		return Resource{}, errResource
	}
	return r, nil
}

// ResourcesOf lists the tiles of a level that a tree of a size has, from the
// tile with a number on: the full ones and the partial one at the end.
func ResourcesOf(level uint8, size, from uint64) []Resource {
	count := size >> (tileHeight * uint(level))
	var out []Resource
	for i := from; i*TileWidth < count; i++ {
		out = append(out, Resource{Tile: TileID{level, i}, Width: int(min(TileWidth, count-i*TileWidth))})
	}
	return out
}

// EncodeBundle writes entries as the read API serves them: each behind its
// length in two bytes, the larger first.
func EncodeBundle(entries [][]byte) ([]byte, error) {
	size := 0
	for _, e := range entries {
		size += 2 + len(e)
	}
	out := make([]byte, 0, size)
	for _, e := range entries {
		if len(e) > MaxEntry {
			return nil, fmt.Errorf("ledger: entry of %d bytes", len(e))
		}
		out = append(binary.BigEndian.AppendUint16(out, uint16(len(e))), e...)
	}
	return out, nil
}

// ParseBundle reads a bundle of exactly n entries. They share its memory.
func ParseBundle(data []byte, n int) ([][]byte, error) {
	out := make([][]byte, 0, min(max(n, 0), TileWidth))
	for len(data) > 0 {
		if len(data) < 2 {
			return nil, errors.New("ledger: bundle ends inside a length")
		}
		size := int(binary.BigEndian.Uint16(data))
		if len(data) < 2+size {
			return nil, errors.New("ledger: bundle ends inside an entry")
		}
		if len(out) == n {
			return nil, fmt.Errorf("ledger: bundle of more than %d entries", n)
		}
		out = append(out, data[2:2+size:2+size])
		data = data[2+size:]
	}
	if len(out) != n {
		return nil, fmt.Errorf("ledger: bundle of %d entries, want %d", len(out), n)
	}
	return out, nil
}
