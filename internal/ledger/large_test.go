package ledger_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// hashStore is a store for large logs: it keeps tiles and makes the entries
// again when they are asked for.
type hashStore struct {
	*ledgertest.Memory
	head  ledger.Head
	tiles map[ledger.TileID][]byte
}

func newHashStore() *hashStore {
	return &hashStore{Memory: ledgertest.NewMemory(), tiles: map[ledger.TileID][]byte{}}
}

func entryID(i uint64) string { return fmt.Sprintf("01900000-0000-7000-8000-%012x", i) }

func (s *hashStore) make(i uint64) ledger.Entry {
	return ledger.Entry{ID: entryID(i), Kind: ledger.Call, At: ledgertest.Noon, Facts: map[string]uint64{"n": i}}
}

func (s *hashStore) entry(i uint64) []byte {
	data, err := s.make(i).Encode()
	if err != nil {
		panic(err)
	}
	return data
}

func (s *hashStore) LockHead(context.Context) (ledger.Head, error) { return s.head, nil }
func (s *hashStore) ReadHead(context.Context) (ledger.Head, error) { return s.head, nil }

func (s *hashStore) Append(_ context.Context, _, next ledger.Head, _ []ledger.Leaf, tiles []ledger.Tile) error {
	s.head = next
	for _, t := range tiles {
		s.tiles[t.TileID] = t.Hashes
	}
	return nil
}

func (s *hashStore) Tiles(_ context.Context, ids []ledger.TileID) ([]ledger.Tile, error) {
	out := make([]ledger.Tile, len(ids))
	for i, id := range ids {
		data, ok := s.tiles[id]
		if !ok {
			return nil, fault.Missing("tile", fmt.Sprint(id))
		}
		out[i] = ledger.Tile{TileID: id, Hashes: data}
	}
	return out, nil
}

func (s *hashStore) LeafByID(_ context.Context, id string) (ledger.Leaf, error) {
	i, err := strconv.ParseUint(id[24:], 16, 64)
	if err != nil || i >= s.head.Size {
		return ledger.Leaf{}, fault.Missing("entry", id)
	}
	data := s.entry(i)
	return ledger.Leaf{Index: i, ID: id, Kind: ledger.Call, At: ledgertest.Noon, Data: data, Hash: leafHash(data)}, nil
}

func (s *hashStore) fill(t testing.TB, l *ledger.Log, n uint64) {
	t.Helper()
	const step = 10_000
	for i := s.head.Size; i < n; {
		batch := make([]ledger.Entry, 0, step)
		for ; len(batch) < step && i < n; i++ {
			batch = append(batch, s.make(i))
		}
		if _, err := l.AppendIn(t.Context(), batch...); err != nil {
			t.Fatal(err)
		}
	}
}

// BenchmarkProveLarge makes proofs, each checked before it is given out, in a
// log of a million entries; SHUQIAO_LONG=1: of ten million. The budget is one
// millisecond.
func BenchmarkProveLarge(b *testing.B) {
	n := uint64(1_000_000)
	if os.Getenv("SHUQIAO_LONG") != "" {
		n = 10_000_000
	}
	store := newHashStore()
	l := ledgertest.NewLog(b, store)
	store.fill(b, l, n)
	if _, err := l.Checkpoint(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Run(fmt.Sprintf("inclusion/entries=%d", n), func(b *testing.B) {
		at := uint64(0)
		for b.Loop() {
			at = (at + 7_777_777) % n
			if _, err := l.Prove(b.Context(), entryID(at)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run(fmt.Sprintf("consistency/entries=%d", n), func(b *testing.B) {
		at := uint64(0)
		for b.Loop() {
			at = (at + 7_777_777) % n
			if _, err := l.Consistency(b.Context(), at+1, n); err != nil {
				b.Fatal(err)
			}
		}
	})
}
