package ledger

import (
	"context"
	"fmt"
	"sync"

	"github.com/shuqiao/shuqiao/internal/fault"
)

const (
	// maxBatch bounds the entries of one commit: enough that a commit's cost
	// is spread thin, few enough that the last caller does not wait long.
	maxBatch = 512
	// maxPending bounds the queue. Beyond it a call is refused at once
	// instead of waiting for a disk that is already too slow.
	maxPending = 16 * maxBatch
)

// committer is the group commit: callers queue, one goroutine takes all that
// wait and commits them together. The batch grows with the load by itself:
// while one commit is under way the next batch gathers.
type committer struct {
	mu      sync.Mutex
	pending []*request
	started bool
	closed  bool
	wake    chan struct{} // holds one token when there is something to do
	stopped chan struct{} // closed when the goroutine has ended
}

type request struct {
	leaf Leaf
	err  error
	done chan struct{}
}

func (c *committer) init() {
	c.wake = make(chan struct{}, 1)
	c.stopped = make(chan struct{})
}

// Start begins to serve Record until Close is called or ctx ends, which is as
// good as Close. Commits keep the values of ctx but not its end, so that what
// was queued is still written. A second Start does nothing.
func (l *Log) Start(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.started || l.closed {
		return
	}
	l.started = true
	release := context.AfterFunc(ctx, l.shut)
	if l.integrator != nil {
		go l.integrate(context.WithoutCancel(ctx))
	}
	go func() {
		defer close(l.stopped)
		defer release()
		l.serve(context.WithoutCancel(ctx))
		if in := l.integrator; in != nil {
			in.mu.Lock()
			in.ended = true
			in.mu.Unlock()
			in.rouse()
			<-in.done
		}
	}()
}

// Close refuses new entries, commits those that wait and returns when that is
// done. It may be called more than once. AppendIn, Checkpoint and Prove work
// on.
func (l *Log) Close() {
	l.shut()
	l.mu.Lock()
	started := l.started
	l.mu.Unlock()
	if started {
		<-l.stopped
	}
}

func (l *Log) shut() {
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	l.rouse()
}

func (c *committer) rouse() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Record appends an entry durably: when it returns without an error the entry
// is on stable storage and has its index, which is Unplaced as long as only the
// journal holds it. Concurrent callers share a commit.
//
// If a commit fails, everyone in it gets the error and nothing of it is in the
// log, save where the store lost the answer to its commit. If ctx ends while
// waiting, its error comes back and the entry may or may not be recorded:
// Leaf(ctx, id) tells. A caller that must not answer without a record treats
// every error as "not recorded".
//
// Faults: "ledger_entry_invalid", "ledger_entry_exists" (this entry's own
// fault, others in the batch are not hurt), and "ledger_unavailable" of kind
// fault.Unavailable for everything else: not started or closed, queue full,
// storage failed.
func (l *Log) Record(ctx context.Context, e Entry) (Leaf, error) {
	if err := ctx.Err(); err != nil {
		return Leaf{}, err
	}
	if l.store.InTx(ctx) {
		// The committer would wait for the very lock the caller holds.
		return Leaf{}, errInTx
	}
	leaf, err := l.prepare(e)
	if err != nil {
		return Leaf{}, err
	}
	if l.integrator != nil {
		if err := l.integrator.behind(); err != nil {
			return Leaf{}, err
		}
	}
	r := &request{leaf: leaf, done: make(chan struct{})}
	if err := l.enqueue(r); err != nil {
		return Leaf{}, err
	}
	select {
	case <-r.done:
		if r.err != nil {
			return Leaf{}, r.err
		}
		return r.leaf, nil
	case <-ctx.Done():
		return Leaf{}, fmt.Errorf("ledger: waiting for the record: %w", ctx.Err())
	}
}

func (c *committer) enqueue(r *request) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.closed || !c.started:
		return unavailable(fmt.Errorf("ledger: the committer is not running"))
	case len(c.pending) >= maxPending:
		return unavailable(fmt.Errorf("ledger: %d entries are waiting already", len(c.pending)))
	}
	c.pending = append(c.pending, r)
	c.rouse()
	return nil
}

// take gives the next batch; an empty one and true means the end.
func (c *committer) take() (batch []*request, end bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.pending), maxBatch)
	batch = c.pending[:n:n]
	if c.pending = c.pending[n:]; len(c.pending) == 0 {
		c.pending = nil
	}
	return batch, n == 0 && c.closed
}

func (l *Log) serve(ctx context.Context) {
	for {
		batch, end := l.take()
		switch {
		case end:
			return
		case len(batch) == 0:
			<-l.wake
		case l.integrator != nil:
			l.journalAll(batch)
		default:
			l.commit(ctx, batch)
		}
	}
}

// commit writes one batch and wakes its callers. An ID that exists already is
// the one fault of a single entry that only the store can see: the batch is
// halved until it stands alone, so that it takes nobody down with it.
func (l *Log) commit(ctx context.Context, batch []*request) {
	leaves := make([]Leaf, len(batch))
	for i, r := range batch {
		leaves[i] = r.leaf
	}
	err := l.store.Do(ctx, func(ctx context.Context) error { return l.grow(ctx, leaves) })
	if fault.Is(err, CodeEntryExists) && len(batch) > 1 {
		half := len(batch) / 2
		l.commit(ctx, batch[:half])
		l.commit(ctx, batch[half:])
		return
	}
	if err != nil && !fault.Is(err, CodeEntryExists) {
		err = unavailable(fmt.Errorf("ledger: commit of %d entries: %w", len(batch), err))
	}
	for i, r := range batch {
		r.leaf, r.err = leaves[i], err
		close(r.done)
	}
}

// unavailable: without a record there is no answer (CN-29.2).
func unavailable(cause error) error {
	return fault.New(fault.Unavailable, "ledger_unavailable", "存证服务暂不可用，请稍后重试").Under("CN-29.2").Because(cause)
}

func (l *Log) trouble(err error) {
	if l.Trouble != nil {
		l.Trouble(err)
	}
}
