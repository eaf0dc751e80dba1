package ledger_test

import (
	"bytes"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

func TestPathsOfResources(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]ledger.Resource{
		"tile/0/000":                               {Width: 256},
		"tile/1/x001/x234/067":                     {Tile: ledger.TileID{Level: 1, Index: 1234067}, Width: 256},
		"tile/63/999.p/255":                        {Tile: ledger.TileID{Level: 63, Index: 999}, Width: 255},
		"tile/entries/x001/000.p/1":                {Entries: true, Tile: ledger.TileID{Index: 1000}, Width: 1},
		"tile/entries/x036/x028/797":               {Entries: true, Tile: ledger.TileID{Index: 36028797}, Width: 256},
		"tile/2/x009/x223/x372/x036/x854/x775/807": {Tile: ledger.TileID{Level: 2, Index: 9223372036854775807}, Width: 256},
	} {
		got, err := ledger.ParseResource(path)
		if err != nil || got != want || got.Path() != path {
			t.Errorf("%s: %+v (%s), %v", path, got, got.Path(), err)
		}
	}
	for _, bad := range []string{
		"", "tile", "tile/", "tile/0", "tile/0/", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/+1/000", "tile/0/1", "tile/0/0001",
		"tile/0/x000/001", "tile/0/001/002", "tile/0/x001", "tile/0/001.p/0", "tile/0/001.p/256", "tile/0/001.p/01", "tile/0/001.p/", "tile/0/001.p/+1",
		"tile/entries/001.p/1/", "tile/data/001", "tile/0/../001", "/tile/0/001", "tile/0/x009/x223/x372/x036/x854/x775/808", "tile/0/" + strings.Repeat("x001/", 40) + "001",
	} {
		if r, err := ledger.ParseResource(bad); err == nil {
			t.Errorf("%q was taken as %+v", bad, r)
		}
	}
}

// Another program's spelling of the same addresses.
func TestPathsAreThoseOfSumdb(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := ledger.Resource{Tile: ledger.TileID{Level: uint8(rapid.IntRange(0, 60).Draw(t, "level")), Index: uint64(rapid.Int64Range(0, 1<<55).Draw(t, "index"))},
			Width: rapid.IntRange(1, 256).Draw(t, "width")}
		other := tlog.Tile{H: 8, L: int(r.Tile.Level), N: int64(r.Tile.Index), W: r.Width}
		if want := strings.Replace(other.Path(), "tile/8/", "tile/", 1); r.Path() != want {
			t.Errorf("%s, sumdb says %s", r.Path(), want)
		}
		if back, err := ledger.ParseResource(r.Path()); err != nil || back != r {
			t.Errorf("%+v comes back as %+v, %v", r, back, err)
		}
	})
}

func TestBundles(t *testing.T) {
	t.Parallel()
	entries := [][]byte{[]byte("a"), {}, bytes.Repeat([]byte("x"), ledger.MaxEntry)}
	data, err := ledger.EncodeBundle(entries)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte{0, 1, 'a', 0, 0, 0xff, 0xff, 'x'}) {
		t.Errorf("%x", data[:8])
	}
	back, err := ledger.ParseBundle(data, 3)
	if err != nil || len(back) != 3 || !bytes.Equal(back[2], entries[2]) {
		t.Fatal(err)
	}
	for name, bad := range map[string]struct {
		data []byte
		n    int
	}{
		"too few": {data, 4}, "too many": {data, 2}, "cut": {data[:len(data)-1], 3}, "half a length": {[]byte{0}, 1}, "none wanted": {data, 0}, "negative": {data, -1},
	} {
		if _, err := ledger.ParseBundle(bad.data, bad.n); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	if _, err := ledger.EncodeBundle([][]byte{make([]byte, ledger.MaxEntry+1)}); err == nil {
		t.Error("an entry that no length can tell was bundled")
	}
}

func FuzzParseResource(f *testing.F) {
	for _, s := range []string{"tile/0/000", "tile/entries/x001/067.p/8", "tile/63/x123/x456/789"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, path string) {
		if r, err := ledger.ParseResource(path); err == nil && r.Path() != path {
			t.Errorf("%q is read as %q", path, r.Path())
		}
	})
}

func FuzzParseBundle(f *testing.F) {
	f.Add([]byte{0, 1, 'a', 0, 0}, 2)
	f.Fuzz(func(t *testing.T, data []byte, n int) {
		entries, err := ledger.ParseBundle(data, n)
		if err != nil {
			return
		}
		again, err := ledger.EncodeBundle(entries)
		if err != nil || !bytes.Equal(again, data) || len(entries) != n {
			t.Errorf("%x comes back as %x, %v", data, again, err)
		}
	})
}
