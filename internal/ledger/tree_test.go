package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

func same(a, b [][]byte) bool { return slices.EqualFunc(a, b, bytes.Equal) }

func appendN(t fataler, l *ledger.Log, n int) []ledger.Leaf {
	leaves, err := l.AppendIn(context.Background(), ledgertest.Entries(n)...)
	if err != nil {
		t.Fatal(err)
	}
	return leaves
}

type fataler interface{ Fatal(args ...any) }

func TestProofsAgreeWithTheObviousOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		store := ledgertest.NewMemory()
		l := ledgertest.NewLog(t, store)
		var ids []string
		var d [][]byte
		for _, n := range rapid.SliceOfN(rapid.IntRange(1, 280), 1, 4).Draw(rt, "batches") {
			if rapid.Bool().Draw(rt, "restart") { // nothing may hang on memory
				l = ledgertest.NewLog(t, store)
				store.Tamper(func(s *ledgertest.State) { s.Checkpoints = nil }) // another key
			}
			for _, leaf := range appendN(rt, l, n) {
				ids, d = append(ids, leaf.ID), append(d, leafHash(leaf.Data))
			}
			note, err := l.Checkpoint(t.Context())
			if err != nil {
				rt.Fatal(err)
			}
			i := rapid.IntRange(0, len(d)-1).Draw(rt, "index")
			r, err := l.Prove(t.Context(), ids[i])
			if err != nil {
				rt.Fatal(err)
			}
			if !bytes.Equal(r.Checkpoint, note) || r.Index != uint64(i) || !same(r.Inclusion, auditPath(i, d)) {
				rt.Fatalf("receipt of %d in %d differs from the oracle", i, len(d))
			}
			v, err := ledger.VerifyReceipt(r.Encode(), l.PublicKey())
			if err != nil || !bytes.Equal(v.Checkpoint.Root, mth(d)) || v.Checkpoint.Size != uint64(len(d)) {
				rt.Fatalf("verified %+v, %v", v, err)
			}
			m := rapid.IntRange(0, len(d)).Draw(rt, "m")
			n := rapid.IntRange(m, len(d)).Draw(rt, "n")
			got, err := l.Consistency(t.Context(), uint64(m), uint64(n))
			if err != nil || !same(got, consistencyPath(m, d[:n])) {
				rt.Fatalf("consistency %d to %d differs from the oracle: %v", m, n, err)
			}
		}
	})
}

// tileReader offers the stored tiles as the Go checksum database's own
// verifier wants them: partial tiles are prefixes.
type tileReader struct {
	t     *testing.T
	store ledger.Store
}

func (r tileReader) Height() int                     { return 8 }
func (r tileReader) SaveTiles([]tlog.Tile, [][]byte) {}
func (r tileReader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range tiles {
		got, err := r.store.Tiles(r.t.Context(), []ledger.TileID{{Level: uint8(t.L), Index: uint64(t.N)}})
		if err != nil {
			return nil, err
		}
		out = append(out, got[0].Hashes[:t.W*32])
	}
	return out, nil
}

// Three levels of tiles, read and verified by code that is not ours.
func TestAnIndependentImplementationAgrees(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	rnd := rand.New(rand.NewPCG(1, 2))
	const size = 1<<16 + 300
	var ids []string
	var mid ledger.Head
	for len(ids) < size {
		for _, leaf := range appendN(t, l, min(1+rnd.IntN(6000), size-len(ids))) {
			ids = append(ids, leaf.ID)
		}
		if len(ids) < size/2 {
			mid, _ = l.Head(t.Context())
		}
	}
	head, err := l.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	tree := tlog.Tree{N: size, Hash: tlog.Hash(head.Root)}
	reader := tlog.TileHashReader(tree, tileReader{t, store})
	for _, i := range []int{0, 255, 256, 65535, 65536, size - 1, rnd.IntN(size), rnd.IntN(size)} {
		r, err := l.Prove(t.Context(), ids[i])
		if err != nil {
			t.Fatal(err)
		}
		theirs, err := tlog.ProveRecord(size, int64(i), reader)
		if err != nil {
			t.Fatal(err)
		}
		var ours tlog.RecordProof
		for _, h := range r.Inclusion {
			ours = append(ours, tlog.Hash(h))
		}
		if !slices.Equal(ours, theirs) {
			t.Errorf("the proofs of %d differ", i)
		}
		if err := tlog.CheckRecord(ours, size, tree.Hash, int64(i), tlog.RecordHash(r.Entry)); err != nil {
			t.Errorf("record %d: %v", i, err)
		}
	}
	path, err := l.Consistency(t.Context(), mid.Size, size)
	if err != nil {
		t.Fatal(err)
	}
	var ours tlog.TreeProof
	for _, h := range path {
		ours = append(ours, tlog.Hash(h))
	}
	if err := tlog.CheckTree(ours, size, tree.Hash, int64(mid.Size), tlog.Hash(mid.Root)); err != nil {
		t.Error(err)
	}
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != size {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

func TestWhatDoesNotExistHasNoProof(t *testing.T) {
	t.Parallel()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	appendN(t, l, 3)
	kind := func(err error) fault.Kind {
		if f, ok := fault.As(err); ok {
			return f.Kind
		}
		return 0
	}
	if _, err := l.Prove(t.Context(), someID); kind(err) != fault.NotFound {
		t.Errorf("unknown entry: %v", err)
	}
	if _, err := l.Consistency(t.Context(), 1, 4); kind(err) != fault.NotFound {
		t.Errorf("beyond the log: %v", err)
	}
	if _, err := l.Consistency(t.Context(), 3, 2); kind(err) != fault.Invalid {
		t.Errorf("backwards: %v", err)
	}
}

// An act that rolls back takes its entry with it, and the log goes on as if
// it had never been, although the appender had seen another tree.
func TestARolledBackActLeavesNoEntry(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	appendN(t, l, 300)
	stop := fmt.Errorf("the act was refused after all")
	for range 3 {
		err := store.Do(t.Context(), func(ctx context.Context) error {
			if _, err := l.AppendIn(ctx, ledgertest.Entries(250)...); err != nil {
				return err
			}
			return stop
		})
		if err != stop {
			t.Fatal(err)
		}
		appendN(t, l, 7)
	}
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 321 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

// Hashes behind the head's size are nobody's: a prefix of the tile counts.
func TestATileLongerThanTheHeadIsCutBack(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	appendN(t, ledgertest.NewLog(t, store), 300)
	store.Tamper(func(s *ledgertest.State) {
		id := ledger.TileID{Index: 1}
		s.Tiles[id] = append(s.Tiles[id], bytes.Repeat([]byte{7}, 64)...)
	})
	l := ledgertest.NewLog(t, store)
	appendN(t, l, 5)
	if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 305 {
		t.Errorf("audit %+v, %v", audit, err)
	}
}

// The leaf given back, the bytes and what a database keeps have one time.
func TestTimesAreKeptInMicroseconds(t *testing.T) {
	t.Parallel()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	e := ledgertest.NewEntry(ledger.Act)
	e.At = ledgertest.Noon.Add(789).In(time.FixedZone("+8", 8*3600))
	none := ledgertest.NewEntry(ledger.Act)
	none.At = time.Time{} // the clock's
	leaves, err := l.AppendIn(t.Context(), e, none)
	if err != nil {
		t.Fatal(err)
	}
	for _, leaf := range leaves {
		if leaf.At != ledgertest.Noon {
			t.Errorf("kept as %v", leaf.At)
		}
	}
	if _, err := l.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestADamagedEdgeIsNotBuiltUpon(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]func(s *ledgertest.State){
		"root":         func(s *ledgertest.State) { s.Head.Root[0] ^= 1 },
		"frontier":     func(s *ledgertest.State) { s.Head.Frontier[1] = bytes.Repeat([]byte{1}, 32) },
		"size":         func(s *ledgertest.State) { s.Head.Size++ },
		"partial tile": func(s *ledgertest.State) { s.Tiles[ledger.TileID{Index: 1}][40] ^= 1 },
		"short tile": func(s *ledgertest.State) {
			s.Tiles[ledger.TileID{Index: 1}] = s.Tiles[ledger.TileID{Index: 1}][:32]
		},
		"upper tile": func(s *ledgertest.State) { s.Tiles[ledger.TileID{Level: 1}][0] ^= 1 },
		"lost tile":  func(s *ledgertest.State) { delete(s.Tiles, ledger.TileID{Index: 1}) },
	} {
		store := ledgertest.NewMemory()
		appendN(t, ledgertest.NewLog(t, store), 300)
		store.Tamper(damage)
		if _, err := ledgertest.NewLog(t, store).AppendIn(t.Context(), ledgertest.NewEntry(ledger.Act)); err == nil {
			t.Errorf("%s: appended all the same", name)
		}
	}
}
