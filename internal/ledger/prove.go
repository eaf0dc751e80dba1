package ledger

import (
	"bytes"
	"context"
	"fmt"

	"github.com/transparency-dev/merkle"
	"github.com/transparency-dev/merkle/proof"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Prove makes the receipt of an entry: its bytes, its inclusion proof and a
// signed checkpoint that covers it: the one that the witnesses' quorum has
// cosigned if it does, else the latest, else a new one. The receipt is checked before it is given out, so a damaged log says
// so here (*Corruption) and not at the recipient's. An unknown ID is a
// fault.NotFound.
func (l *Log) Prove(ctx context.Context, id string) (*Receipt, error) {
	leaf, err := l.find(ctx, id)
	if err != nil {
		return nil, err
	}
	cp, signed, err := l.published(ctx, leaf.Index)
	if isMissing(err) || err == nil && cp.Size <= leaf.Index {
		if signed, err = l.Checkpoint(ctx); err == nil {
			cp, err = OpenCheckpoint(signed, l.keys...)
		}
	}
	if err != nil {
		return nil, err
	}
	path, err := l.inclusion(ctx, leaf.Index, cp.Size)
	if err != nil {
		return nil, err
	}
	hash := l.hasher.HashLeaf(leaf.Data)
	if !bytes.Equal(hash, leaf.Hash) {
		return nil, &Corruption{What: Altered, First: leaf.Index, Last: leaf.Index, Detail: "the record does not make its hash"}
	}
	if err := proof.VerifyInclusion(l.hasher, leaf.Index, cp.Size, hash, path, cp.Root); err != nil {
		return nil, &Corruption{What: Altered, First: leaf.Index, Last: leaf.Index, Detail: err.Error()}
	}
	return &Receipt{Entry: leaf.Data, Index: leaf.Index, Inclusion: path, Checkpoint: signed}, nil
}

// inclusion gives the RFC 6962 audit path of a leaf in the tree of a size.
func (l *Log) inclusion(ctx context.Context, index, size uint64) ([][]byte, error) {
	n, err := proof.Inclusion(index, size)
	if err != nil {
		return nil, &Corruption{What: CutOff, First: index, Last: index, Detail: err.Error()}
	}
	return l.path(ctx, n)
}

// Consistency gives the RFC 6962 proof that the tree of size n extends the
// tree of size m, m ≤ n. A size beyond the log is a fault.NotFound, m > n one
// of kind fault.Invalid.
func (l *Log) Consistency(ctx context.Context, m, n uint64) ([][]byte, error) {
	if m > n {
		return nil, fault.New(fault.Invalid, "ledger_sizes", "一致性证明的起始规模不得大于目标规模").With("from", m).With("to", n)
	}
	head, err := l.store.ReadHead(ctx)
	if err != nil {
		return nil, err
	}
	if n > head.Size {
		return nil, fault.Missing("该规模的存证日志", fmt.Sprint(n))
	}
	return l.consistency(ctx, m, n)
}

func (l *Log) consistency(ctx context.Context, m, n uint64) ([][]byte, error) {
	p, err := proof.Consistency(m, n)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return l.path(ctx, p)
}

func (l *Log) path(ctx context.Context, n proof.Nodes) ([][]byte, error) {
	return pathOf(ctx, l.store, l.hasher, n)
}

func pathOf(ctx context.Context, tiles TileReader, hasher merkle.LogHasher, n proof.Nodes) ([][]byte, error) {
	hashes, err := nodes(ctx, tiles, hasher, n.IDs)
	if err != nil {
		return nil, err
	}
	path, err := n.Rehash(hashes, hasher.HashChildren)
	if err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	return path, nil
}

// CheckInclusion tells whether an entry is leaf number index under a
// checkpoint, by an audit path out of tiles from anywhere.
func CheckInclusion(ctx context.Context, tiles TileReader, key *Verifier, entry []byte, index uint64, cp Checkpoint) error {
	n, err := proof.Inclusion(index, cp.Size)
	if err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	path, err := pathOf(ctx, tiles, key.suite.Hasher, n)
	if err != nil {
		return err
	}
	return proof.VerifyInclusion(key.suite.Hasher, index, cp.Size, key.suite.Hasher.HashLeaf(entry), path, cp.Root)
}
