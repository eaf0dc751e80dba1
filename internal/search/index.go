package search

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Options of an index.
type Options struct {
	// Dir holds the files. Empty, or taken by another process: the index is
	// kept in memory and built at every start.
	Dir      string
	Source   Source
	Synonyms *Synonyms // nil: none
	Clock    clock.Clock
	Logger   *slog.Logger
}

// Index is the searchable catalog of one node. Search may be called by many at
// once; Poll and Maintain by one goroutine each.
type Index struct {
	opts    Options
	dir     string // "": in memory
	release func()

	current atomic.Pointer[snapshot] // nil: not ready
	broken  atomic.Bool              // found damaged while reading
	caught  atomic.Int64             // when the feed was last read to its end, microseconds; 0: never
	status  atomic.Pointer[Status]   // of a running build

	mu      sync.Mutex // guards what follows
	state   state
	epoch   string
	saved   string    // position that the files stand for
	savedAt time.Time // when they were written
	next    int       // number of the next file
}

// Open opens the index in the directory. One that is missing, damaged or of
// another release or database is built by Maintain; until then Search answers
// with the fault "search_index_building".
func Open(ctx context.Context, opts Options) (*Index, error) {
	x := &Index{opts: opts, dir: opts.Dir, release: func() {}}
	if x.dir != "" {
		if err := os.MkdirAll(x.dir, 0o700); err != nil {
			return nil, fmt.Errorf("search index: %w", err)
		}
		release, ok, err := lockFile(filepath.Join(x.dir, lockName))
		if err != nil {
			return nil, fmt.Errorf("search index: %w", err)
		}
		if ok {
			x.release = release
		} else {
			opts.Logger.WarnContext(ctx, "another process has the search index; this one keeps its own in memory", "dir", x.dir)
			x.dir = ""
		}
	}
	if err := x.load(ctx); err != nil {
		x.release()
		return nil, err
	}
	return x, nil
}

// load takes up the files of the last run, if they are good.
func (x *Index) load(ctx context.Context) error {
	if x.dir == "" {
		return nil
	}
	epoch, err := x.opts.Source.Epoch(ctx)
	if err != nil {
		return err
	}
	m, err := readManifest(x.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil && m.Epoch != epoch {
		err = errors.New("it belongs to another database")
	}
	if err == nil {
		err = x.adopt(ctx, m)
	}
	if err != nil {
		x.opts.Logger.WarnContext(ctx, "the search index cannot be used and is built anew", "dir", x.dir, "error", err)
	}
	return nil
}

func (x *Index) adopt(ctx context.Context, m manifest) error {
	data, err := x.opts.Source.Directory(ctx)
	if err != nil {
		return err
	}
	dir := newDirectory(data)
	views, err := m.open(x.dir, dir)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.epoch, x.saved, x.next, x.savedAt = m.Epoch, m.Position, m.Next, x.opts.Clock.Now()
	x.publish(state{snapshot: snapshot{views: views, dir: dir, generation: 1}, position: m.Position})
	return nil
}

// publish makes a state the one that is searched. The caller holds mu.
func (x *Index) publish(s state) {
	x.state = s
	snap := s.snapshot
	x.current.Store(&snap)
}

// Close gives the directory back.
func (x *Index) Close() { x.release() }

// Search answers a query. While there is no index yet it is the fault
// "search_index_building", which tells how far the work is.
func (x *Index) Search(ctx context.Context, q Query) (r *Result, err error) {
	snap := x.current.Load()
	if snap == nil {
		return nil, x.building()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	err = x.guarded(func() error {
		var err error
		r, err = snap.search(q, x.opts.Synonyms)
		return err
	})
	if errors.Is(err, errDamaged) {
		x.broken.Store(true)
		x.opts.Logger.ErrorContext(ctx, "the search index is damaged and is built anew", "error", err)
		return nil, x.building()
	}
	return r, err
}

// guarded runs what reads the index. A file that was cut off under the mapping
// is a fault of memory access: the index is built anew, the node lives on.
func (x *Index) guarded(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			x.broken.Store(true)
			err = fmt.Errorf("%w: %v\n%s", errDamaged, p, debug.Stack())
		}
	}()
	return fn()
}

func (x *Index) building() error {
	s := x.Status()
	f := fault.New(fault.Unavailable, "search_index_building", "检索索引建立中,请稍后再试;目录列表不受影响")
	if s.Of > 0 {
		percent := min(100*s.Done/s.Of, 99)
		f = fault.Newf(fault.Unavailable, "search_index_building", "检索索引建立中(已完成%d%%),请稍后再试;目录列表不受影响", percent).
			With("done", s.Done).With("of", s.Of)
	}
	return f
}

// Status tells how the index is.
func (x *Index) Status() Status {
	var out Status
	if b := x.status.Load(); b != nil {
		out = *b
	}
	out.State = "building"
	if snap := x.current.Load(); snap != nil {
		out.State, out.Documents, out.Generation, out.Segments = "ready", snap.documents(), snap.generation, len(snap.views)
	}
	if at := x.caught.Load(); at != 0 {
		out.CaughtUp = time.UnixMicro(at).UTC()
	}
	return out
}

// Poll takes what has changed from the feed, and tells whether there is more.
func (x *Index) Poll(ctx context.Context) (more bool, err error) {
	if x.current.Load() == nil {
		return false, nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	var next state
	err = x.guarded(func() (err error) {
		next, more, err = x.state.follow(ctx, x.opts.Source)
		return err
	})
	if errors.Is(err, ErrPositionVoid) {
		x.broken.Store(true)
	}
	if err != nil {
		return false, err
	}
	if next.generation != x.state.generation {
		x.publish(next)
	} else {
		x.state.position = next.position
	}
	if !more {
		x.caught.Store(x.opts.Clock.Now().UnixMicro())
	}
	return more, nil
}

// ErrPositionVoid: the feed does not know the position; the reader must begin
// anew. Sources return it from Changes.
var ErrPositionVoid = errors.New("search: the position in the change feed is void")
