package ledger

import (
	"bytes"
	"context"
)

// Witnessed keeps the cosignatures that were collected for this log's
// checkpoints.
type Witnessed interface {
	// PutCosignature keeps a line of a witness for the checkpoint of a size;
	// one that is there already stays.
	PutCosignature(ctx context.Context, size uint64, witness string, line []byte) error
	// Cosignatures gives the lines for a size, in a fixed order.
	Cosignatures(ctx context.Context, size uint64) ([][]byte, error)
	// SetWitnessedSize remembers the size of a checkpoint that reached the
	// quorum; a smaller one than remembered changes nothing. WitnessedSize
	// gives it, or a fault.NotFound.
	SetWitnessedSize(ctx context.Context, size uint64) error
	WitnessedSize(ctx context.Context) (uint64, error)
}

// WithWitnesses has the log publish the cosignatures of a policy's witnesses
// with its checkpoints. Call it before Start.
func (l *Log) WithWitnesses(p Policy, kept Witnessed) *Log {
	l.policy, l.witnessed = p, kept
	return l
}

// Policy is the log's own: whose cosignatures it collects, and how many make
// a checkpoint a witnessed one.
func (l *Log) Policy() Policy { return l.policy }

// LatestSigned gives the latest signed checkpoint as the log signed it, without
// signing anew; a fault.NotFound when there is none.
func (l *Log) LatestSigned(ctx context.Context) (Checkpoint, []byte, error) { return l.latest(ctx) }

// Cosigned keeps a witness's cosignatures of the checkpoint of a size, if they
// are valid, and tells how many of the policy's witnesses have cosigned it now.
// Lines of others are left out.
func (l *Log) Cosigned(ctx context.Context, size uint64, w *Witness, lines []byte) (int, error) {
	signed, err := l.checkpointOf(ctx, size)
	if err != nil {
		return 0, err
	}
	one := Policy{Witnesses: []*Witness{w}, Quorum: 1}
	_, found, err := one.Open(append(bytes.Clone(signed), lines...), l.keys...)
	if err != nil {
		return 0, err
	}
	if err := l.witnessed.PutCosignature(ctx, size, w.ID(), found[0].Line); err != nil {
		return 0, err
	}
	all, err := l.withCosignatures(ctx, size, signed)
	if err != nil {
		return 0, err
	}
	_, have, err := Policy{Witnesses: l.policy.Witnesses}.Open(all, l.keys...)
	if err != nil {
		return 0, err
	}
	if l.policy.Quorum > 0 && len(have) >= l.policy.Quorum {
		err = l.witnessed.SetWitnessedSize(ctx, size)
	}
	return len(have), err
}

// checkpointOf reads the stored checkpoint of a size.
func (l *Log) checkpointOf(ctx context.Context, size uint64) ([]byte, error) {
	found, err := l.store.Checkpoints(ctx, size, 1)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].Size != size {
		return nil, missingCheckpoint(size)
	}
	_, err = l.openStored(found[0])
	return found[0].Note, err
}

// withCosignatures adds what witnesses have given for a checkpoint.
func (l *Log) withCosignatures(ctx context.Context, size uint64, signed []byte) ([]byte, error) {
	if l.witnessed == nil {
		return signed, nil
	}
	lines, err := l.witnessed.Cosignatures(ctx, size)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(signed)
	for _, line := range lines {
		if len(line) > 0 && bytes.Count(out, []byte("\n— ")) < maxSignatures {
			out = append(out, line...)
		}
	}
	return out, nil
}

// Published signs the log as it is now and gives the checkpoint with what
// cosignatures there are.
func (l *Log) Published(ctx context.Context) ([]byte, error) {
	signed, err := l.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	c, err := OpenCheckpoint(signed, l.keys...)
	if err != nil {
		return nil, err
	}
	return l.withCosignatures(ctx, c.Size, signed)
}

// Witnessed gives the largest checkpoint that the quorum of the policy has
// cosigned, or a fault.NotFound.
func (l *Log) Witnessed(ctx context.Context) (Checkpoint, []byte, error) {
	if l.witnessed == nil || l.policy.Quorum == 0 {
		return Checkpoint{}, nil, missingCheckpoint(0)
	}
	size, err := l.witnessed.WitnessedSize(ctx)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	signed, err := l.checkpointOf(ctx, size)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	if signed, err = l.withCosignatures(ctx, size, signed); err != nil {
		return Checkpoint{}, nil, err
	}
	// The policy may have been another when it was remembered.
	c, _, err := l.policy.Open(signed, l.keys...)
	if err != nil {
		return Checkpoint{}, nil, missingCheckpoint(size)
	}
	return c, signed, nil
}

// published gives the checkpoint that a receipt for an entry should carry: a
// witnessed one that covers it, else the latest.
func (l *Log) published(ctx context.Context, index uint64) (Checkpoint, []byte, error) {
	c, signed, err := l.Witnessed(ctx)
	if err == nil && c.Size > index {
		return c, signed, nil
	}
	if err != nil && !isMissing(err) {
		return Checkpoint{}, nil, err
	}
	return l.latest(ctx)
}
