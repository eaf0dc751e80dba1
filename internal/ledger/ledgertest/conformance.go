package ledgertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Run is the suite that every ledger.Store must pass. newStore gives an empty
// store; it is called once for each subtest.
func Run(t *testing.T, newStore func(t *testing.T) ledger.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, ledger.Store)
	}{
		{"AnEmptyStore", emptyStore},
		{"WhatIsAppendedReadsBack", readBack},
		{"TilesAreReplacedAndKeepTheirOrder", tilesReplaced},
		{"AHeadThatMovedIsRefused", headMoved},
		{"AnIDIsTakenOnce", idTakenOnce},
		{"ARollbackLeavesNothing", rollback},
		{"AnInnerTransactionJoins", joins},
		{"CheckpointsAreKept", checkpointsKept},
		{"JournalMarks", journalMarks},
		{"AppendersAreSerialised", appendersSerialised},
		{"ALogOnTheStore", logOnStore},
		{"TwoLogsShareAStore", twoLogs},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, newStore(t)) })
	}
}

func must[T any](t *testing.T) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func wantMissing(t *testing.T, what string, err error) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound {
		t.Errorf("%s: got %v, want a NotFound fault", what, err)
	}
}

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("got %v, want %s", err, code)
	}
}

// hash makes 32 recognisable bytes.
func hash(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

// rawLeaf is a leaf that the store need not understand.
func rawLeaf(index uint64) ledger.Leaf {
	return ledger.Leaf{Index: index, ID: ident.New(), Kind: ledger.Call,
		At: Noon.Add(time.Duration(index) * time.Microsecond), Data: []byte(fmt.Sprintf("{\"n\":%d,\"名\":\"\\u0000\xff\"}", index)), Hash: hash(byte(index))}
}

// put appends leaves and tiles behind whatever is there.
func put(ctx context.Context, s ledger.Store, leaves []ledger.Leaf, tiles ...ledger.Tile) error {
	return s.Do(ctx, func(ctx context.Context) error {
		prev, err := s.LockHead(ctx)
		if err != nil {
			return err
		}
		next := ledger.Head{Size: prev.Size + uint64(len(leaves)), Root: hash(0xaa), Frontier: [][]byte{hash(0xbb), hash(0xcc)}}
		return s.Append(ctx, prev, next, leaves, tiles)
	})
}

func emptyStore(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	if h := must[ledger.Head](t)(s.ReadHead(ctx)); h.Size != 0 || len(h.Root) != 0 || len(h.Frontier) != 0 {
		t.Errorf("head %+v, want the zero head", h)
	}
	if l := must[[]ledger.Leaf](t)(s.Leaves(ctx, 0, 10)); len(l) != 0 {
		t.Errorf("%d leaves", len(l))
	}
	if c := must[[]ledger.SignedCheckpoint](t)(s.Checkpoints(ctx, 0, 10)); len(c) != 0 {
		t.Errorf("%d checkpoints", len(c))
	}
	_, err := s.Leaf(ctx, 0)
	wantMissing(t, "Leaf", err)
	_, err = s.LeafByID(ctx, ident.New())
	wantMissing(t, "LeafByID", err)
	_, err = s.Tiles(ctx, []ledger.TileID{{}})
	wantMissing(t, "Tiles", err)
	_, _, err = s.LatestCheckpoint(ctx)
	wantMissing(t, "LatestCheckpoint", err)
	if s.InTx(ctx) {
		t.Error("a transaction out of nowhere")
	}
}

func sameLeaf(t *testing.T, got, want ledger.Leaf) {
	t.Helper()
	if !got.At.Equal(want.At) || got.At.Location() != time.UTC {
		t.Errorf("time %v, want %v", got.At, want.At)
	}
	got.At, want.At = time.Time{}, time.Time{}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("leaf\n%+v, want\n%+v", got, want)
	}
}

func readBack(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	var all []ledger.Leaf
	for i := range uint64(5) {
		all = append(all, rawLeaf(i))
	}
	// The largest entry and the far end of the time range.
	all[4].Data = bytes.Repeat([]byte{0x7f}, ledger.MaxEntry)
	all[4].At = time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)
	if err := put(ctx, s, all[:2]); err != nil {
		t.Fatal(err)
	}
	if err := put(ctx, s, all[2:]); err != nil {
		t.Fatal(err)
	}
	head := must[ledger.Head](t)(s.ReadHead(ctx))
	if want := (ledger.Head{Size: 5, Root: hash(0xaa), Frontier: [][]byte{hash(0xbb), hash(0xcc)}}); !reflect.DeepEqual(head, want) {
		t.Errorf("head %+v, want %+v", head, want)
	}
	for i, want := range all {
		sameLeaf(t, must[ledger.Leaf](t)(s.Leaf(ctx, uint64(i))), want)
		sameLeaf(t, must[ledger.Leaf](t)(s.LeafByID(ctx, want.ID)), want)
	}
	got := must[[]ledger.Leaf](t)(s.Leaves(ctx, 1, 3))
	if len(got) != 3 {
		t.Fatalf("%d leaves, want 3", len(got))
	}
	for i := range got {
		sameLeaf(t, got[i], all[i+1])
	}
	if got := must[[]ledger.Leaf](t)(s.Leaves(ctx, 4, 100)); len(got) != 1 {
		t.Errorf("%d leaves from 4 on, want 1", len(got))
	}
	_, err := s.Leaf(ctx, 5)
	wantMissing(t, "Leaf", err)
}

func tilesReplaced(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	a, b := ledger.TileID{Level: 0, Index: 1 << 40}, ledger.TileID{Level: 7, Index: 0}
	full := bytes.Repeat(hash(3), 256)
	if err := put(ctx, s, []ledger.Leaf{rawLeaf(0)}, ledger.Tile{TileID: a, Hashes: hash(1)}, ledger.Tile{TileID: b, Hashes: full}); err != nil {
		t.Fatal(err)
	}
	if err := put(ctx, s, []ledger.Leaf{rawLeaf(1)}, ledger.Tile{TileID: a, Hashes: append(hash(1), hash(2)...)}); err != nil {
		t.Fatal(err)
	}
	got := must[[]ledger.Tile](t)(s.Tiles(ctx, []ledger.TileID{b, a}))
	want := []ledger.Tile{{TileID: b, Hashes: full}, {TileID: a, Hashes: append(hash(1), hash(2)...)}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("tiles differ: %d and %d bytes", len(got[0].Hashes), len(got[1].Hashes))
	}
	_, err := s.Tiles(ctx, []ledger.TileID{a, {Level: 1}})
	wantMissing(t, "one of two tiles", err)
}

func headMoved(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	if err := put(ctx, s, []ledger.Leaf{rawLeaf(0)}); err != nil {
		t.Fatal(err)
	}
	err := s.Do(ctx, func(ctx context.Context) error {
		if _, err := s.LockHead(ctx); err != nil {
			return err
		}
		stale := ledger.Head{}
		return s.Append(ctx, stale, ledger.Head{Size: 1, Root: hash(9), Frontier: [][]byte{hash(9)}}, []ledger.Leaf{rawLeaf(7)}, nil)
	})
	wantCode(t, err, ledger.CodeHeadMoved)
	if h := must[ledger.Head](t)(s.ReadHead(ctx)); h.Size != 1 || !bytes.Equal(h.Root, hash(0xaa)) {
		t.Errorf("the head changed: %+v", h)
	}
}

func idTakenOnce(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	first, second := rawLeaf(0), rawLeaf(1)
	if err := put(ctx, s, []ledger.Leaf{first}); err != nil {
		t.Fatal(err)
	}
	second.ID = first.ID
	wantCode(t, put(ctx, s, []ledger.Leaf{second}), ledger.CodeEntryExists)
	x, y := rawLeaf(1), rawLeaf(2)
	y.ID = x.ID
	wantCode(t, put(ctx, s, []ledger.Leaf{x, y}), ledger.CodeEntryExists)
	if h := must[ledger.Head](t)(s.ReadHead(ctx)); h.Size != 1 {
		t.Errorf("size %d, want 1", h.Size)
	}
}

var errStop = errors.New("stop")

func rollback(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	leaf, tile := rawLeaf(0), ledger.Tile{Hashes: hash(1)}
	err := s.Do(ctx, func(ctx context.Context) error {
		if err := put(ctx, s, []ledger.Leaf{leaf}, tile); err != nil {
			return err
		}
		if err := s.PutCheckpoint(ctx, 1, []byte("note")); err != nil {
			return err
		}
		sameLeaf(t, must[ledger.Leaf](t)(s.Leaf(ctx, 0)), leaf) // its own writes are seen
		return errStop
	})
	if !errors.Is(err, errStop) {
		t.Fatalf("got %v", err)
	}
	emptyStore(t, s)
	if _, err := s.LeafByID(ctx, leaf.ID); err == nil {
		t.Error("the leaf is there")
	}
	if err := put(ctx, s, []ledger.Leaf{leaf}, tile); err != nil {
		t.Errorf("after the rollback: %v", err)
	}
}

func joins(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	err := s.Do(ctx, func(ctx context.Context) error {
		if !s.InTx(ctx) {
			t.Error("InTx is false inside Do")
		}
		if err := put(ctx, s, []ledger.Leaf{rawLeaf(0)}); err != nil {
			return err
		}
		return put(ctx, s, []ledger.Leaf{rawLeaf(1)})
	})
	if err != nil {
		t.Fatal(err)
	}
	if h := must[ledger.Head](t)(s.ReadHead(ctx)); h.Size != 2 {
		t.Errorf("size %d, want 2", h.Size)
	}
}

func checkpointsKept(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	for _, size := range []uint64{0, 9, 10, 1 << 40} {
		if err := s.PutCheckpoint(ctx, size, []byte(fmt.Sprintf("— %d\n", size))); err != nil {
			t.Fatal(err)
		}
	}
	wantCode(t, s.PutCheckpoint(ctx, 9, []byte("another")), ledger.CodeCheckpointExists)
	size, note, err := s.LatestCheckpoint(ctx)
	if err != nil || size != 1<<40 || string(note) != "— 1099511627776\n" {
		t.Errorf("latest %d %q %v", size, note, err)
	}
	got := must[[]ledger.SignedCheckpoint](t)(s.Checkpoints(ctx, 9, 2))
	want := []ledger.SignedCheckpoint{{Size: 9, Note: []byte("— 9\n")}, {Size: 10, Note: []byte("— 10\n")}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("checkpoints %v, want %v", got, want)
	}
}

func appendersSerialised(t *testing.T, s ledger.Store) {
	const writers, each = 8, 5
	errs := make(chan error, writers*each)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				errs <- s.Do(t.Context(), func(ctx context.Context) error {
					prev, err := s.LockHead(ctx)
					if err != nil {
						return err
					}
					next := ledger.Head{Size: prev.Size + 1, Root: hash(1), Frontier: [][]byte{hash(1)}}
					return s.Append(ctx, prev, next, []ledger.Leaf{rawLeaf(prev.Size)}, nil)
				})
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	leaves := must[[]ledger.Leaf](t)(s.Leaves(t.Context(), 0, 1000))
	if len(leaves) != writers*each {
		t.Fatalf("%d leaves, want %d", len(leaves), writers*each)
	}
	for i, l := range leaves {
		if l.Index != uint64(i) {
			t.Errorf("leaf %d has index %d", i, l.Index)
		}
	}
}

func logOnStore(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	l := NewLog(t, s)
	for _, n := range []int{1, 254, 1, 300} { // up to, on and across a tile's end
		must[[]ledger.Leaf](t)(l.AppendIn(ctx, Entries(n)...))
		must[[]byte](t)(l.Checkpoint(ctx))
	}
	var wg sync.WaitGroup
	ids := make(chan string, 64)
	for range 16 {
		wg.Go(func() {
			for range 4 {
				e := NewEntry(ledger.RefusedCall)
				if _, err := l.Record(ctx, e); err != nil {
					t.Error(err)
				}
				ids <- e.ID
			}
		})
	}
	wg.Wait()
	close(ids)
	for id := range ids {
		r := must[*ledger.Receipt](t)(l.Prove(ctx, id))
		if _, err := ledger.VerifyReceipt(r.Encode(), l.PublicKey()); err != nil {
			t.Fatal(err)
		}
	}
	audit := must[*ledger.Audit](t)(l.Verify(ctx))
	if audit.Size != 556+64 || audit.Covered != audit.Size || audit.Checkpoints != 5 {
		t.Errorf("audit %+v", audit)
	}
}

// twoLogs: replicas do not see each other's memory.
func twoLogs(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	signer := NewSigner(t, Origin)
	var wg sync.WaitGroup
	for range 2 {
		l := must[*ledger.Log](t)(ledger.New(s, signer, Origin, fixed{}))
		l.Start(ctx)
		t.Cleanup(l.Close)
		for range 4 {
			wg.Go(func() {
				for range 20 {
					if _, err := l.Record(ctx, NewEntry(ledger.Call)); err != nil {
						t.Error(err)
					}
				}
				if _, err := l.Checkpoint(ctx); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	key := must[*ledger.Verifier](t)(signer.Verifier())
	if audit := must[*ledger.Audit](t)(ledger.Verify(ctx, s, key)); audit.Size != 160 {
		t.Errorf("audit %+v", audit)
	}
}

type fixed struct{}

func (fixed) Now() time.Time { return Noon }

func journalMarks(t *testing.T, s ledger.Store) {
	ctx := t.Context()
	if seq := must[uint64](t)(s.JournalMark(ctx, "a")); seq != 0 {
		t.Errorf("an unknown journal stands at %d", seq)
	}
	for _, seq := range []uint64{1, 7} {
		if err := s.SetJournalMark(ctx, "a", seq); err != nil {
			t.Fatal(err)
		}
	}
	_ = s.Do(ctx, func(ctx context.Context) error {
		if err := s.SetJournalMark(ctx, "a", 9); err != nil {
			t.Error(err)
		}
		if seq := must[uint64](t)(s.JournalMark(ctx, "a")); seq != 9 {
			t.Errorf("inside the transaction it stands at %d", seq)
		}
		return context.Canceled
	})
	if a, b := must[uint64](t)(s.JournalMark(ctx, "a")), must[uint64](t)(s.JournalMark(ctx, "b")); a != 7 || b != 0 {
		t.Errorf("journals stand at %d and %d, want 7 and 0", a, b)
	}
}
