package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/transparency-dev/merkle"

	"github.com/shuqiao/shuqiao/internal/clock"
)

// Log is the ledger of a node. It is safe for concurrent use; several Logs,
// in one process or in many, may share a store's database.
type Log struct {
	store  Store
	signer *Signer
	keys   []*Verifier // the signer's own first, then retired ones
	hasher merkle.LogHasher
	clock  clock.Clock
	edge   atomic.Pointer[edge]
	committer
	integrator *integrator // nil: Record commits to the database
	opened     atomic.Pointer[opened]
	witnessed  Witnessed // nil: no witnesses
	policy     Policy
	// Trouble is told what goes wrong off the path of any caller; default:
	// nobody. Set it before Start.
	Trouble func(error)
}

// New makes the log called origin, which must be the name of the signer's
// key: a checkpoint names both and a verifier compares them. Retired keys of
// the same log are given so that checkpoints they signed are still
// understood. Nothing runs before Start.
func New(store Store, signer *Signer, origin string, clk clock.Clock, retired ...*Verifier) (*Log, error) {
	if signer.Origin() != origin {
		return nil, fmt.Errorf("ledger: the log is %q, its key is of %q", origin, signer.Origin())
	}
	own, err := signer.Verifier()
	if err != nil {
		return nil, err
	}
	l := &Log{
		store:  store,
		signer: signer,
		keys:   append([]*Verifier{own}, retired...),
		hasher: signer.suite.Hasher,
		clock:  clk,
	}
	l.committer.init()
	return l, nil
}

// prepare validates and encodes an entry, so that nothing faulty is ever
// queued or half written. An entry without a time gets the clock's.
func (l *Log) prepare(e Entry) (Leaf, error) {
	if e.At.IsZero() {
		e.At = l.clock.Now()
	}
	data, err := e.Encode()
	if err != nil {
		return Leaf{}, err
	}
	at := e.At.UTC().Truncate(timePrecision)
	return Leaf{ID: e.ID, Kind: e.Kind, At: at, Data: data, Hash: l.hasher.HashLeaf(data)}, nil
}

// AppendIn appends entries in the transaction that ctx carries (without one,
// in one of its own): the act's new state, the act and its ledger entry stand
// or fall together. All entries go in, in order, or none.
//
// It locks the log's head until the transaction ends, so it should be the
// last thing the transaction does. Errors: "ledger_entry_invalid" (nothing
// was touched), "ledger_entry_exists", *Corruption, or the store's own; after
// the last three the transaction must be rolled back.
func (l *Log) AppendIn(ctx context.Context, entries ...Entry) ([]Leaf, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	leaves := make([]Leaf, len(entries))
	for i, e := range entries {
		leaf, err := l.prepare(e)
		if err != nil {
			return nil, err
		}
		leaves[i] = leaf
	}
	if err := l.store.Do(ctx, func(ctx context.Context) error { return l.grow(ctx, leaves) }); err != nil {
		return nil, err
	}
	return leaves, nil
}

// Leaf gives the record of an entry, or a fault.NotFound.
func (l *Log) Leaf(ctx context.Context, id string) (Leaf, error) { return l.find(ctx, id) }

// Head gives the committed head, which holds whatever was recorded before.
func (l *Log) Head(ctx context.Context) (Head, error) {
	if !l.store.InTx(ctx) {
		if err := l.Settle(ctx); err != nil {
			return Head{}, err
		}
	}
	h, err := l.store.ReadHead(ctx)
	return l.normal(h), err
}

// Origin is the name of the log.
func (l *Log) Origin() string { return l.signer.Origin() }

// PublicKey is the content of the ledger.pub file that receipts verify with.
func (l *Log) PublicKey() string { return l.signer.PublicKey() }

// errInTx: a programming error, never a user's.
var errInTx = errors.New("ledger: not possible inside a transaction that may still roll back")
