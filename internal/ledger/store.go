package ledger

import (
	"context"
	"strconv"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Head is the state of the tree that the next append continues from.
type Head struct {
	// Size is the number of entries.
	Size uint64
	// Root is the RFC 6962 root. A new store gives the zero Head (nil Root);
	// Log reads it as the empty tree.
	Root []byte
	// Frontier is the compact range [0, Size): the roots of the maximal
	// perfect subtrees from left to right, one for each 1 bit of Size.
	Frontier [][]byte
}

// Leaf is one stored entry.
type Leaf struct {
	Index uint64    // position in the log, from 0
	ID    string    // Entry.ID, unique in the log
	Kind  Kind      // Entry.Kind
	At    time.Time // Entry.At: UTC, microseconds
	Data  []byte    // the leaf bytes that Entry.Encode made
	Hash  []byte    // RFC 6962 leaf hash of Data
}

// TileID names a tile of height 8. Hash j of tile (Level, Index) is the root
// of the perfect subtree number Index·256+j at tree level 8·Level.
type TileID struct {
	Level uint8
	Index uint64
}

// Tile is up to 256 concatenated hashes. The last tile of a level is partial;
// it is rewritten in place as it grows, and a prefix of it is the partial
// tile of an earlier size.
type Tile struct {
	TileID
	Hashes []byte
}

// SignedCheckpoint is a checkpoint as signed: a note whose text says Size.
type SignedCheckpoint struct {
	Size uint64
	Note []byte
}

// Store is what the ledger needs of a database. Package ledgertest has the
// suite that an implementation must pass.
//
// Reads join the transaction in ctx if there is one and see committed state
// otherwise. What does not exist is a fault of kind fault.NotFound. Byte
// slices belong to the receiver of a call: neither side changes them later.
type Store interface {
	// Do runs fn in one transaction, carried by the context given to fn, and
	// commits when fn gives nil: when Do has returned nil the writes are on
	// stable storage. It joins a transaction that ctx carries already; the
	// outermost Do commits. It may run fn again after a serialisation failure.
	Do(ctx context.Context, fn func(ctx context.Context) error) error
	// InTx tells whether ctx carries a transaction of this store.
	InTx(ctx context.Context) bool

	// LockHead gives the head and keeps other appenders, in this process or
	// another, waiting until the transaction in ctx ends.
	LockHead(ctx context.Context) (Head, error)
	// ReadHead gives the head without locking.
	ReadHead(ctx context.Context) (Head, error)
	// Append writes leaves, inserts or replaces tiles and moves the head from
	// prev to next, in the transaction in ctx. A head that is not of prev's
	// size is HeadMoved, an ID that is in the log is EntryExists; both leave
	// the transaction good for nothing but rolling back.
	Append(ctx context.Context, prev, next Head, leaves []Leaf, tiles []Tile) error

	// Tiles gives the tiles in the order asked for, or NotFound if one is missing.
	Tiles(ctx context.Context, ids []TileID) ([]Tile, error)
	// LeafByID gives the leaf of an entry.
	LeafByID(ctx context.Context, id string) (Leaf, error)
	// Leaf gives the leaf at an index.
	Leaf(ctx context.Context, index uint64) (Leaf, error)
	// Leaves gives up to n leaves from an index on, ordered by index.
	Leaves(ctx context.Context, from uint64, n int) ([]Leaf, error)

	// JournalMark is the number of the last record of a journal that stands in
	// the tree; 0: none yet. SetJournalMark, in the transaction that put it
	// there, moves it.
	JournalMark(ctx context.Context, journal string) (uint64, error)
	SetJournalMark(ctx context.Context, journal string, seq uint64) error

	// PutCheckpoint keeps a signed checkpoint for ever. One of that size that
	// exists already is a fault.Conflict and stays as it is.
	PutCheckpoint(ctx context.Context, size uint64, note []byte) error
	// LatestCheckpoint gives the checkpoint of the largest size.
	LatestCheckpoint(ctx context.Context) (size uint64, note []byte, err error)
	// Checkpoints gives up to n checkpoints of at least the given size,
	// ordered by size.
	Checkpoints(ctx context.Context, from uint64, n int) ([]SignedCheckpoint, error)
}

// Codes of the faults that a Store reports.
const (
	CodeEntryExists      = "ledger_entry_exists"
	CodeHeadMoved        = "ledger_head_moved"
	CodeCheckpointExists = "ledger_checkpoint_exists"
)

// EntryExists is the fault for an entry whose ID is in the log already.
func EntryExists(cause error) *fault.Fault {
	return fault.New(fault.Conflict, CodeEntryExists, "该编号的存证记录已存在").Because(cause)
}

// HeadMoved is the fault for an append that does not continue the head.
func HeadMoved(cause error) *fault.Fault {
	return fault.New(fault.Conflict, CodeHeadMoved, "存证日志已被其他写入者更新，请重试").Because(cause)
}

// CheckpointExists is the fault for a second checkpoint of one size.
func CheckpointExists(cause error) *fault.Fault {
	return fault.New(fault.Conflict, CodeCheckpointExists, "该规模的存证检查点已存在").Because(cause)
}

// isMissing tells whether err is a NotFound fault.
func isMissing(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}

// missingCheckpoint is the fault for a checkpoint that there is not.
func missingCheckpoint(size uint64) *fault.Fault {
	return fault.Missing("存证检查点", strconv.FormatUint(size, 10))
}
