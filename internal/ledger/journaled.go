package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Journal keeps records durable on this machine until they stand in the tree;
// *journal.Journal is one. Its records have numbers without gaps, from 1.
type Journal interface {
	// ID names the journal: the store remembers by it how far it got.
	ID() string
	Append(records [][]byte) (last uint64, err error)
	Replay(from uint64, fn func(seq uint64, data []byte) error) error
	Discard(upTo uint64) error
	First() uint64
	Next() uint64
}

// Unplaced is the index of a leaf that is durable in the journal and not yet in
// the tree. Leaf, a moment later, tells its place.
const Unplaced = ^uint64(0)

const (
	// maxBehind bounds how far the tree may stay behind the journal.
	maxBehind = 100_000
	// maxPlaced bounds the entries of one transaction of the integrator.
	maxPlaced = 2048
	// journalBatch bounds the bytes of one Append to the journal.
	journalBatch = 1 << 20
	// placeAgain is the pause after a transaction that failed.
	placeAgain = 200 * time.Millisecond
	// maxFailed is after how many of them in a row no more is taken: a log that
	// was fenced, say, must not go on in a journal.
	maxFailed = 10
)

// integrator puts what the journal holds into the tree, in order.
type integrator struct {
	journal Journal

	mu     sync.Mutex
	queue  []journaled
	placed uint64 // number of the last record in the tree
	last   uint64 // number of the last record in the journal
	moved  chan struct{}
	failed int  // transactions that failed in a row
	ended  bool // nothing more will come
	wake   chan struct{}
	done   chan struct{}
}

type journaled struct {
	leaf Leaf
	seq  uint64
}

// WithJournal makes Record durable by a journal: the answer waits for one short
// write instead of for a commit of the database, and the tree follows right
// behind. Recover must be called before Start.
func (l *Log) WithJournal(j Journal) *Log {
	l.integrator = &integrator{journal: j, moved: make(chan struct{}), wake: make(chan struct{}, 1), done: make(chan struct{})}
	return l
}

// Recover puts into the tree what an earlier life of the process left in the
// journal. It refuses a journal that does not fit the log: one with a gap after
// what the tree has, or one that ends before it. Then the database or the
// journal's directory was put back from elsewhere, and somebody must decide.
func (l *Log) Recover(ctx context.Context) (recovered int, err error) {
	in := l.integrator
	if in == nil {
		return 0, nil
	}
	mark, err := l.store.JournalMark(ctx, in.journal.ID())
	if err != nil {
		return 0, err
	}
	if first, next := in.journal.First(), in.journal.Next(); first > mark+1 || next <= mark {
		return 0, fmt.Errorf("ledger: the journal holds records %d to %d, the log has those up to %d: database and journal do not belong together; "+
			"move the journal's directory away if the database was restored", first, next-1, mark)
	}
	in.placed, in.last = mark, mark
	var batch []journaled
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		n, err := l.place(ctx, batch)
		recovered += n
		batch = batch[:0]
		return err
	}
	err = in.journal.Replay(mark+1, func(seq uint64, data []byte) error {
		e, err := DecodeEntry(data)
		if err != nil {
			return fmt.Errorf("ledger: record %d of the journal: %w", seq, err)
		}
		own := bytes.Clone(data)
		batch = append(batch, journaled{Leaf{ID: e.ID, Kind: e.Kind, At: e.At, Data: own, Hash: l.hasher.HashLeaf(own)}, seq})
		if len(batch) == maxPlaced {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	in.last = in.placed
	return recovered, err
}

// journalAll writes one batch to the journal and wakes its callers.
func (l *Log) journalAll(batch []*request) {
	in := l.integrator
	for len(batch) > 0 {
		n, size := 0, 0
		var records [][]byte
		for n < len(batch) && (n == 0 || size+len(batch[n].leaf.Data) <= journalBatch) {
			records = append(records, batch[n].leaf.Data)
			size += len(batch[n].leaf.Data)
			n++
		}
		part := batch[:n]
		batch = batch[n:]
		last, err := in.journal.Append(records)
		if err != nil {
			err = unavailable(fmt.Errorf("ledger: journal of %d entries: %w", n, err))
		} else {
			in.push(part, last)
		}
		for _, r := range part {
			r.leaf.Index, r.err = Unplaced, err
			close(r.done)
		}
	}
}

func (in *integrator) push(part []*request, last uint64) {
	in.mu.Lock()
	for i, r := range part {
		in.queue = append(in.queue, journaled{r.leaf, last - uint64(len(part)-1-i)})
	}
	in.last = last
	in.mu.Unlock()
	in.rouse()
}

func (in *integrator) rouse() {
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// behind says why nothing more is taken: the tree is too far behind, or cannot
// be written.
func (in *integrator) behind() error {
	in.mu.Lock()
	defer in.mu.Unlock()
	switch {
	case len(in.queue) >= maxBehind:
		return unavailable(fmt.Errorf("ledger: the tree is %d entries behind the journal", len(in.queue)))
	case in.failed >= maxFailed:
		return unavailable(fmt.Errorf("ledger: the tree could not be written %d times in a row", in.failed))
	}
	return nil
}

// integrate runs until end was called and the queue is empty.
func (l *Log) integrate(ctx context.Context) {
	in := l.integrator
	defer close(in.done)
	for {
		in.mu.Lock()
		batch := in.queue[:min(len(in.queue), maxPlaced)]
		ended := in.ended
		in.mu.Unlock()
		if len(batch) == 0 {
			if ended {
				return
			}
			<-in.wake
			continue
		}
		if _, err := l.place(ctx, batch); err != nil {
			l.trouble(fmt.Errorf("ledger: %d journalled entries are not in the tree yet: %w", len(batch), err))
			in.mu.Lock()
			in.failed++
			in.mu.Unlock()
			if ended { // they stay in the journal, for the next life
				return
			}
			pause(ctx, placeAgain)
			continue
		}
		in.mu.Lock()
		in.queue = in.queue[len(batch):]
		if len(in.queue) == 0 {
			in.queue = nil // let go of the large array
		}
		in.mu.Unlock()
	}
}

// pause waits by the machine's own time, which is what a disk needs; the node's
// clock may be a test's.
func pause(ctx context.Context, d time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

// place puts a batch into the tree and remembers it, in one transaction, and
// lets the journal forget. An entry that is in the log already, byte for byte,
// is left out: an earlier attempt may have succeeded without saying so.
func (l *Log) place(ctx context.Context, batch []journaled) (placed int, err error) {
	in := l.integrator
	last := batch[len(batch)-1].seq
	leaves := make([]Leaf, len(batch))
	for i, x := range batch {
		leaves[i] = x.leaf
	}
	commit := func(leaves []Leaf) error {
		return l.store.Do(ctx, func(ctx context.Context) error {
			if len(leaves) > 0 {
				if err := l.grow(ctx, leaves); err != nil {
					return err
				}
			}
			return l.store.SetJournalMark(ctx, in.journal.ID(), last)
		})
	}
	err = commit(leaves)
	if fault.Is(err, CodeEntryExists) {
		if leaves, err = l.absent(ctx, leaves); err == nil {
			err = commit(leaves)
		}
	}
	if err != nil {
		return 0, err
	}
	in.mu.Lock()
	in.placed, in.failed = last, 0
	close(in.moved)
	in.moved = make(chan struct{})
	in.mu.Unlock()
	return len(leaves), in.journal.Discard(last)
}

// absent gives the leaves that are not in the log.
func (l *Log) absent(ctx context.Context, leaves []Leaf) ([]Leaf, error) {
	var out []Leaf
	seen := map[string]bool{}
	for _, x := range leaves {
		have, err := l.store.LeafByID(ctx, x.ID)
		switch {
		case isMissing(err) && !seen[x.ID]:
			seen[x.ID] = true
			out = append(out, x)
		case err != nil && !isMissing(err):
			return nil, err
		case err == nil && !bytes.Equal(have.Data, x.Data):
			// Never by honest means: IDs are made here and used once.
			l.trouble(fmt.Errorf("ledger: entry %s was recorded twice with different content; the first stands", x.ID))
		}
	}
	return out, nil
}

// Settle waits until what the journal holds now stands in the tree; without a
// journal it always does.
func (l *Log) Settle(ctx context.Context) error {
	in := l.integrator
	if in == nil {
		return nil
	}
	in.mu.Lock()
	want := in.last
	in.mu.Unlock()
	for {
		in.mu.Lock()
		reached, moved := in.placed >= want, in.moved
		in.mu.Unlock()
		if reached {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("ledger: waiting for the tree: %w", ctx.Err())
		case <-in.done:
			in.mu.Lock()
			reached = in.placed >= want
			in.mu.Unlock()
			if !reached {
				return errors.New("ledger: closed before the tree had caught up with the journal")
			}
		}
	}
}

// find gives the leaf of an entry, waiting for the tree when it may still be on
// its way there.
func (l *Log) find(ctx context.Context, id string) (Leaf, error) {
	leaf, err := l.store.LeafByID(ctx, id)
	if !isMissing(err) || l.integrator == nil || l.store.InTx(ctx) {
		return leaf, err
	}
	if err := l.Settle(ctx); err != nil {
		return Leaf{}, err
	}
	return l.store.LeafByID(ctx, id)
}
