package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// served is a log as its read API serves it, with faults put in.
type served struct {
	log    *ledger.Log
	change func(r ledger.Resource, data []byte) ([]byte, error)
	asked  int
}

func (s *served) Checkpoint(ctx context.Context) ([]byte, error) { return s.log.Checkpoint(ctx) }

func (s *served) Fetch(ctx context.Context, r ledger.Resource) ([]byte, error) {
	s.asked++
	data, err := s.log.Resource(ctx, r)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		err = fmt.Errorf("%w: %v", ledger.ErrAbsent, err)
	}
	if err == nil && s.change != nil {
		return s.change(r, bytes.Clone(data))
	}
	return data, err
}

func options(t testing.TB, l *ledger.Log) ledger.FollowOptions {
	t.Helper()
	key, err := ledger.LoadVerifier(l.PublicKey())
	if err != nil {
		t.Fatal(err)
	}
	return ledger.FollowOptions{Key: key, Parallel: 1}
}

func TestFollowFromVisitToVisit(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*ledger.Log{"default": ledgertest.NewLog(t, ledgertest.NewMemory()), "national": func() *ledger.Log { l, _, _ := nationalLog(t); return l }()} {
		src, o := &served{log: l}, options(t, l)
		var seen *ledger.Seen
		size := uint64(0)
		for _, more := range []int{0, 1, 255, 1, 0, 300, 1000, 65536 - 1557, 77} {
			if more > 0 {
				appendN(t, l, more)
			}
			src.asked = 0
			found, err := ledger.Follow(t.Context(), src, seen, o)
			if err != nil {
				t.Fatalf("%s: after %d and %d more: %v", name, size, more, err)
			}
			if found.Since != size || found.Entries != uint64(more) || found.Size != size+uint64(more) {
				t.Fatalf("%s: %+v", name, found)
			}
			if limit := 2*(more/256+2) + more/65536 + 6; src.asked > limit {
				t.Errorf("%s: %d more entries took %d fetches", name, more, src.asked)
			}
			// What is remembered is remembered as a file.
			text, err := json.Marshal(found.Seen)
			if err != nil {
				t.Fatal(err)
			}
			seen = &ledger.Seen{}
			if err := json.Unmarshal(text, seen); err != nil {
				t.Fatal(err)
			}
			size = found.Size
		}
	}
}

func TestFollowFindsEachFault(t *testing.T) {
	t.Parallel()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	appendN(t, l, 700)
	o := options(t, l)
	flip := func(r ledger.Resource, at int) func(ledger.Resource, []byte) ([]byte, error) {
		return func(have ledger.Resource, data []byte) ([]byte, error) {
			if have.Path() == r.Path() {
				data[at] ^= 1
			}
			return data, nil
		}
	}
	entries := ledger.Resource{Entries: true, Tile: ledger.TileID{Index: 1}, Width: 256}
	for name, change := range map[string]func(ledger.Resource, []byte) ([]byte, error){
		"entry":      flip(entries, 30),
		"length":     flip(entries, 1),
		"leaf hash":  flip(ledger.Resource{Tile: ledger.TileID{Index: 1}, Width: 256}, 5),
		"partial":    flip(ledger.Resource{Tile: ledger.TileID{Index: 2}, Width: 188}, 5),
		"upper tile": flip(ledger.Resource{Tile: ledger.TileID{Level: 1}, Width: 2}, 5),
		"short tile": func(r ledger.Resource, d []byte) ([]byte, error) { return d[:len(d)-1], nil },
		"gone bundle": func(r ledger.Resource, d []byte) ([]byte, error) {
			if r.Entries {
				return nil, ledger.ErrAbsent
			}
			return d, nil
		},
		"gone tile": func(r ledger.Resource, d []byte) ([]byte, error) {
			if r.Tile.Level == 1 {
				return nil, ledger.ErrAbsent
			}
			return d, nil
		},
	} {
		_, err := ledger.Follow(t.Context(), &served{log: l, change: change}, nil, o)
		var c *ledger.Corruption
		if !errors.As(err, &c) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Entries that are not shown are no fault for who asks for hashes only.
	closed := &served{log: l, change: func(r ledger.Resource, d []byte) ([]byte, error) {
		if r.Entries {
			return nil, ledger.ErrClosed
		}
		return d, nil
	}}
	if _, err := ledger.Follow(t.Context(), closed, nil, o); !errors.Is(err, ledger.ErrClosed) {
		t.Error(err)
	}
	o.HashesOnly = true
	hole := &served{log: l, change: func(r ledger.Resource, d []byte) ([]byte, error) {
		if r.Entries && r.Tile.Index == 1 {
			return nil, ledger.ErrAbsent
		}
		return d, nil
	}}
	var c *ledger.Corruption
	if _, err := ledger.Follow(t.Context(), hole, nil, o); !errors.As(err, &c) || c.First != 256 || c.Last != 511 {
		t.Errorf("a bundle in the middle is gone: %v", err)
	}
	if found, err := ledger.Follow(t.Context(), closed, nil, o); err != nil || found.HashesOnly != 700 || found.Entries != 0 {
		t.Errorf("%+v, %v", found, err)
	}
}

// The log rebuilt with its own key: whoever has followed it notices.
func TestFollowNoticesARebuiltLog(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]int{"smaller": 400, "same size": 700, "larger": 900} {
		l, signer := logAndSigner(t)
		appendN(t, l, 700)
		o := options(t, l)
		first, err := ledger.Follow(t.Context(), &served{log: l}, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		rebuilt, err := ledger.New(ledgertest.NewMemory(), signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
		if err != nil {
			t.Fatal(err)
		}
		appendN(t, rebuilt, n)
		_, err = ledger.Follow(t.Context(), &served{log: rebuilt}, &first.Seen, o)
		var d *ledger.Divergence
		if !errors.As(err, &d) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func logAndSigner(t testing.TB) (*ledger.Log, *ledger.Signer) {
	t.Helper()
	signer := ledgertest.NewSigner(t, ledgertest.Origin)
	l, err := ledger.New(ledgertest.NewMemory(), signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	return l, signer
}

// sumdbTiles lets Go's own checksum database client read this log.
type sumdbTiles struct {
	t testing.TB
	l *ledger.Log
}

func (s sumdbTiles) Height() int { return 8 }
func (s sumdbTiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, x := range tiles {
		r, err := ledger.ParseResource(strings.Replace(x.Path(), "tile/8/", "tile/", 1))
		if err != nil {
			return nil, err
		}
		if out[i], err = s.l.Resource(s.t.Context(), r); err != nil {
			return nil, err
		}
	}
	return out, nil
}
func (sumdbTiles) SaveTiles([]tlog.Tile, [][]byte) {}

// Another program's client makes proofs out of the tiles, and they agree with
// ours.
func TestSumdbReadsTheTiles(t *testing.T) {
	t.Parallel()
	sizes := []int{1, 2, 255, 256, 257, 700, 66000}
	if testing.Short() {
		sizes = sizes[:6]
	}
	for _, n := range sizes {
		l := ledgertest.NewLog(t, ledgertest.NewMemory())
		leaves, err := l.AppendIn(t.Context(), ledgertest.Entries(n)...)
		if err != nil {
			t.Fatal(err)
		}
		checkWithSumdb(t, l, n, func(i int) []byte { return leaves[i].Data }, func(i int) string { return leaves[i].ID })
	}
}

func checkWithSumdb(t testing.TB, l *ledger.Log, n int, data func(int) []byte, id func(int) string) {
	t.Helper()
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tree := tlog.Tree{N: int64(n), Hash: tlog.Hash(head.Root)}
	reader := tlog.TileHashReader(tree, sumdbTiles{t, l})
	root, err := tlog.TreeHash(tree.N, reader)
	if err != nil || root != tree.Hash {
		t.Fatalf("%d: %v, %v", n, root, err)
	}
	for _, i := range []int{0, n / 3, n / 2, n - 1} {
		theirs, err := tlog.ProveRecord(tree.N, int64(i), reader)
		if err != nil {
			t.Fatal(err)
		}
		r, err := l.Prove(t.Context(), id(i))
		if err != nil {
			t.Fatal(err)
		}
		if len(theirs) != len(r.Inclusion) {
			t.Fatalf("%d of %d: %d hashes, ours %d", i, n, len(theirs), len(r.Inclusion))
		}
		var ours tlog.RecordProof
		for j, h := range r.Inclusion {
			if !bytes.Equal(h, theirs[j][:]) {
				t.Fatalf("%d of %d: hash %d differs", i, n, j)
			}
			ours = append(ours, tlog.Hash(h))
		}
		if err := tlog.CheckRecord(ours, tree.N, tree.Hash, int64(i), tlog.RecordHash(data(i))); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			continue
		}
		// Consistency with the tree of size i.
		old, err := tlog.TreeHash(int64(i), reader)
		if err != nil {
			t.Fatal(err)
		}
		path, err := l.Consistency(t.Context(), uint64(i), uint64(n))
		if err != nil {
			t.Fatal(err)
		}
		var treeProof tlog.TreeProof
		for _, h := range path {
			treeProof = append(treeProof, tlog.Hash(h))
		}
		if err := tlog.CheckTree(treeProof, tree.N, tree.Hash, int64(i), old); err != nil {
			t.Fatalf("%d to %d: %v", i, n, err)
		}
	}
}

// Test 6 of the reliability list: ten million leaves, which take minutes and
// some gigabytes, when SHUQIAO_LONG=1 asks for it; fifty thousand otherwise.
func TestManyLeavesAgreeWithSumdb(t *testing.T) {
	n := 50_000
	if os.Getenv("SHUQIAO_LONG") != "" {
		n = 10_000_000
	}
	store := newHashStore()
	l := ledgertest.NewLog(t, store)
	store.fill(t, l, uint64(n))
	checkWithSumdb(t, l, n, func(i int) []byte { return store.entry(uint64(i)) }, func(i int) string { return entryID(uint64(i)) })
}
