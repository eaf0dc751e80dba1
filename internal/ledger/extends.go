package ledger

import (
	"bytes"
	"context"

	"github.com/transparency-dev/merkle/proof"
)

// Extends tells whether the log goes on from a checkpoint: nil, or a
// *Divergence when it is shorter or holds something else.
func (l *Log) Extends(ctx context.Context, cp Checkpoint) error {
	head, err := l.Head(ctx)
	if err != nil {
		return err
	}
	held := Checkpoint{Origin: l.Origin(), Size: head.Size, Root: head.Root}
	if cp.Size > head.Size {
		return &Divergence{Signed: cp, Held: held}
	}
	path, err := l.consistency(ctx, cp.Size, head.Size)
	if err != nil {
		return err
	}
	return l.Continues(cp, held, path)
}

// Continues checks a consistency proof between two checkpoints of this log,
// the older first: nil or a *Divergence.
func (l *Log) Continues(older, newer Checkpoint, path [][]byte) error {
	same := older.Size == newer.Size && bytes.Equal(older.Root, newer.Root)
	if !same && (older.Size >= newer.Size || proof.VerifyConsistency(l.hasher, older.Size, newer.Size, path, older.Root, newer.Root) != nil) {
		return &Divergence{Signed: older, Held: newer}
	}
	return nil
}

// Open verifies a checkpoint of this log.
func (l *Log) Open(signed []byte) (Checkpoint, error) { return OpenCheckpoint(signed, l.keys...) }
