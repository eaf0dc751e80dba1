package ledger_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// aLog has 700 entries, checkpoints at 256 and 700, and a key of its own.
func aLog(t testing.TB) (*ledgertest.Memory, *ledger.Log, *ledger.Signer) {
	t.Helper()
	skey, _, err := ledger.GenerateKey(ledgertest.Origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ledger.LoadSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	store := ledgertest.NewMemory()
	l, err := ledger.New(store, signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{256, 444} {
		appendN(t, l, n)
		if _, err := l.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return store, l, signer
}

// rebuild writes head and tiles anew from the records, as somebody with full
// power over the database would.
func rebuild(t *testing.T, s *ledgertest.State, signer *ledger.Signer, entries func(i int, e ledger.Entry) ledger.Entry) {
	t.Helper()
	store := ledgertest.NewMemory()
	l, err := ledger.New(store, signer, ledgertest.Origin, clock.NewFake(ledgertest.Noon))
	if err != nil {
		t.Fatal(err)
	}
	var all []ledger.Entry
	for i, leaf := range s.Leaves {
		e, err := ledger.DecodeEntry(leaf.Data)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, entries(i, e))
	}
	if _, err := l.AppendIn(t.Context(), all...); err != nil {
		t.Fatal(err)
	}
	store.Tamper(func(n *ledgertest.State) { s.Head, s.Leaves, s.Tiles = n.Head, n.Leaves, n.Tiles })
}

func unchanged(_ int, e ledger.Entry) ledger.Entry { return e }

// TestVerifyNamesWhatWasTampered is reliability 4: any record flipped,
// deleted, reordered or cut off is named.
func TestVerifyNamesWhatWasTampered(t *testing.T) {
	t.Parallel()
	type S = *ledgertest.State
	tile := func(level uint8, index uint64) ledger.TileID { return ledger.TileID{Level: level, Index: index} }
	for _, c := range []struct {
		name        string
		tamper      func(t *testing.T, s S, signer *ledger.Signer)
		what        ledger.Damage
		first, last uint64
	}{
		{"a bit of a record", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves[300].Data[90] ^= 1 }, ledger.Altered, 300, 300},
		{"a record and its hash", func(_ *testing.T, s S, _ *ledger.Signer) {
			s.Leaves[300].Data = bytes.Replace(s.Leaves[300].Data, []byte(`"rows":1`), []byte(`"rows":9`), 1)
			s.Leaves[300].Hash = leafHash(s.Leaves[300].Data)
		}, ledger.Altered, 300, 300},
		{"a record's hash", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves[0].Hash[0] ^= 1 }, ledger.Altered, 0, 0},
		{"the ID column", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves[5].ID = someID }, ledger.Altered, 5, 5},
		{"the kind column", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves[5].Kind = ledger.RefusedCall }, ledger.Altered, 5, 5},
		{"the time column", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves[5].At = s.Leaves[5].At.Add(1000) }, ledger.Altered, 5, 5},
		{"two records swapped", func(_ *testing.T, s S, _ *ledger.Signer) {
			s.Leaves[10], s.Leaves[20] = s.Leaves[20], s.Leaves[10]
			s.Leaves[10].Index, s.Leaves[20].Index = 10, 20
		}, ledger.Altered, 10, 10},
		{"a record deleted", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves = slices.Delete(s.Leaves, 300, 301) }, ledger.Missing, 300, 300},
		{"the first record deleted", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves = s.Leaves[1:] }, ledger.Missing, 0, 0},
		{"a record deleted, the rest moved up", func(_ *testing.T, s S, _ *ledger.Signer) {
			s.Leaves = slices.Delete(s.Leaves, 300, 301)
			for i := range s.Leaves {
				s.Leaves[i].Index = uint64(i)
			}
		}, ledger.Altered, 300, 300},
		{"the last record cut off", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves = s.Leaves[:699] }, ledger.CutOff, 699, 699},
		{"everything cut off", func(_ *testing.T, s S, _ *ledger.Signer) { s.Leaves = nil }, ledger.CutOff, 0, 0},
		{"the end cut off with head and tiles", func(t *testing.T, s S, k *ledger.Signer) {
			s.Leaves = s.Leaves[:690]
			rebuild(t, s, k, unchanged)
		}, ledger.CutOff, 690, 699},
		{"an empty database with its checkpoints", func(_ *testing.T, s S, _ *ledger.Signer) {
			*s = ledgertest.State{Checkpoints: s.Checkpoints, Tiles: map[ledger.TileID][]byte{}}
		}, ledger.CutOff, 0, 699},
		{"all rewritten but the checkpoints", func(t *testing.T, s S, k *ledger.Signer) {
			rebuild(t, s, k, func(i int, e ledger.Entry) ledger.Entry {
				if i == 300 {
					e.Facts = map[string]any{"rows": 0}
				}
				return e
			})
		}, ledger.Rewritten, 256, 699},
		{"a record the head does not know", func(_ *testing.T, s S, _ *ledger.Signer) {
			extra := s.Leaves[0]
			extra.Index, extra.ID = 700, someID
			s.Leaves = append(s.Leaves, extra)
		}, ledger.Uncovered, 700, 700},
		{"a tile of leaves", func(_ *testing.T, s S, _ *ledger.Signer) { s.Tiles[tile(0, 1)][32*44] ^= 1 }, ledger.Altered, 300, 300},
		{"a tile of tiles", func(_ *testing.T, s S, _ *ledger.Signer) { s.Tiles[tile(1, 0)][32] ^= 1 }, ledger.BadTile, 256, 511},
		{"a lost tile", func(_ *testing.T, s S, _ *ledger.Signer) { delete(s.Tiles, tile(0, 1)) }, ledger.BadTile, 256, 511},
		{"a short tile", func(_ *testing.T, s S, _ *ledger.Signer) { s.Tiles[tile(0, 1)] = s.Tiles[tile(0, 1)][:320] }, ledger.BadTile, 266, 266},
		{"the head's root", func(_ *testing.T, s S, _ *ledger.Signer) { s.Head.Root[0] ^= 1 }, ledger.BadHead, 700, 700},
		{"the head's frontier", func(_ *testing.T, s S, _ *ledger.Signer) { s.Head.Frontier = s.Head.Frontier[1:] }, ledger.BadHead, 700, 700},
		{"a head that claims more", func(_ *testing.T, s S, _ *ledger.Signer) { s.Head.Size = 1 << 60 }, ledger.CutOff, 700, 700},
		{"a checkpoint", func(_ *testing.T, s S, _ *ledger.Signer) { s.Checkpoints[0].Note[20] ^= 1 }, ledger.BadCheckpoint, 256, 256},
		{"a checkpoint under another size", func(_ *testing.T, s S, _ *ledger.Signer) { s.Checkpoints[0].Size = 255 }, ledger.BadCheckpoint, 255, 255},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			store, l, signer := aLog(t)
			if audit, err := l.Verify(t.Context()); err != nil || audit.Size != 700 || audit.Checkpoints != 2 || audit.Covered != 700 {
				t.Fatalf("before: %+v, %v", audit, err)
			}
			store.Tamper(func(s *ledgertest.State) { c.tamper(t, s, signer) })
			_, err := l.Verify(t.Context())
			var got *ledger.Corruption
			if !errors.As(err, &got) {
				t.Fatalf("got %v", err)
			}
			if got.What != c.what || got.First != c.first || got.Last != c.last {
				t.Errorf("got %v, want %s %d to %d", got, c.what, c.first, c.last)
			}
			if got.Error() == "" || got.Message() == "" {
				t.Error("it says nothing")
			}
		})
	}
}

// Random single-bit damage anywhere in a record is found at that record.
func TestEveryBitOfARecordCounts(t *testing.T) {
	t.Parallel()
	store := ledgertest.NewMemory()
	l := ledgertest.NewLog(t, store)
	appendN(t, l, 3)
	leaf, err := store.Leaf(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(leaf.Data) * 8 {
		flip := func(s *ledgertest.State) { s.Leaves[1].Data[bit/8] ^= 1 << (bit % 8) }
		store.Tamper(flip)
		var got *ledger.Corruption
		if _, err := l.Verify(t.Context()); !errors.As(err, &got) || got.First != 1 || got.Last != 1 {
			t.Fatalf("bit %d: %v", bit, err)
		}
		store.Tamper(flip)
	}
}

func TestProveDoesNotHandOutWhatFails(t *testing.T) {
	t.Parallel()
	store, l, _ := aLog(t)
	leaf, err := store.Leaf(t.Context(), 300)
	if err != nil {
		t.Fatal(err)
	}
	for name, flip := range map[string]func(s *ledgertest.State){
		"record":  func(s *ledgertest.State) { s.Leaves[300].Data[90] ^= 1 },
		"hash":    func(s *ledgertest.State) { s.Leaves[300].Hash[0] ^= 1 },
		"sibling": func(s *ledgertest.State) { s.Tiles[ledger.TileID{Index: 1}][32*45] ^= 1 },
		"note":    func(s *ledgertest.State) { s.Checkpoints[1].Note[30] ^= 1 },
	} {
		store.Tamper(flip)
		var c *ledger.Corruption
		if r, err := l.Prove(t.Context(), leaf.ID); !errors.As(err, &c) {
			t.Errorf("%s: got %v, %v", name, r, err)
		}
		store.Tamper(flip)
	}
	if _, err := l.Prove(t.Context(), leaf.ID); err != nil {
		t.Error(err)
	}
}

func TestGrowthIsNotDamage(t *testing.T) {
	t.Parallel()
	l := ledgertest.NewLog(t, ledgertest.NewMemory())
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(done)
		for range 150 {
			if _, err := l.AppendIn(t.Context(), ledgertest.Entries(9)...); err != nil {
				t.Error(err)
			}
			if _, err := l.Checkpoint(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		if _, err := l.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}
