package search

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// When what is in memory goes to a file, and how files are joined.
const (
	flushDocs  = 1 << 14
	flushEvery = 10 * time.Minute
	maxFiles   = 8 // small files before they are joined
)

// Maintain does what takes long: it builds an index that is missing, damaged or
// asked for anew, writes what has gathered in memory to a file, and joins files.
// Searching and Poll go on meanwhile.
func (x *Index) Maintain(ctx context.Context) (more bool, err error) {
	if x.current.Load() == nil || x.broken.Load() || x.asked() {
		return false, x.Rebuild(ctx)
	}
	if x.dir == "" {
		return false, nil
	}
	x.mu.Lock()
	st, due := x.state, x.opts.Clock.Now().Sub(x.savedAt) >= flushEvery
	victims := memoryViews(st, due)
	flush := len(victims) > 0
	if !flush {
		victims = joinable(st.views)
	}
	pin(victims, true)
	x.mu.Unlock()
	if len(victims) == 0 {
		return false, nil
	}
	defer func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		pin(victims, false)
	}()
	return true, x.guarded(func() error { return x.join(st, victims, flush) })
}

func pin(views []*view, pinned bool) {
	for _, v := range views {
		v.seg.pinned = pinned
	}
}

// memoryViews gives the segments in memory once there is a reason to write them.
func memoryViews(st state, due bool) []*view {
	var out []*view
	sum := 0
	for _, v := range st.views {
		if v.seg.file == "" && v.live > 0 {
			out = append(out, v)
			sum += v.live
		}
	}
	if sum >= flushDocs || due && sum > 0 {
		return out
	}
	return nil
}

// joinable gives files to join: small ones that have become many, or one of
// which little is left.
func joinable(views []*view) []*view {
	var small []*view
	sum := 0
	for _, v := range views {
		if v.seg.file == "" {
			continue
		}
		if v.live < v.seg.docs/2 {
			return []*view{v}
		}
		if v.live < segmentSize/2 && sum+v.live <= segmentSize {
			small = append(small, v)
			sum += v.live
		}
	}
	if len(small) < maxFiles {
		return nil
	}
	return small
}

// join writes the documents that hold of the victims to one file and puts it in
// their place.
func (x *Index) join(st state, victims []*view, flush bool) error {
	b, err := merge(victims)
	if err != nil {
		if errors.Is(err, errRecord) {
			x.broken.Store(true)
		}
		return err
	}
	var fresh []*segment
	if b.len() > 0 {
		seg, err := b.fileSegment(x.newFile())
		if err != nil {
			return err
		}
		fresh = append(fresh, seg)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	next := x.state
	next.views = nil
	var gone []string // resources that changed while the file was written
	for _, old := range victims {
		now := &view{seg: old.seg} // dropped: nothing of it holds any more
		if at := slices.IndexFunc(x.state.views, func(v *view) bool { return v.seg == old.seg }); at >= 0 {
			now = x.state.views[at]
		}
		ids, err := lost(old, now)
		if err != nil {
			return err
		}
		gone = append(gone, ids...)
	}
	for _, v := range x.state.views {
		if !slices.ContainsFunc(victims, func(old *view) bool { return old.seg == v.seg }) {
			next.views = append(next.views, v)
		}
	}
	for _, seg := range fresh {
		next.views = append([]*view{newView(seg, x.state.dir).without(gone)}, next.views...)
	}
	next.generation++
	x.publish(next)
	if flush {
		x.saved = st.position
	}
	return x.save()
}

// lost gives the resources whose documents held in a view and do no longer.
func lost(before, now *view) ([]string, error) {
	if before.live == now.live {
		return nil, nil
	}
	var out []string
	var failed error
	for doc := range before.seg.docs {
		if before.holds(doc) && !now.holds(doc) {
			d, err := before.seg.document(uint32(doc))
			failed = errors.Join(failed, err)
			out = append(out, d.Resource)
		}
	}
	return out, failed
}

func (x *Index) newFile() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.next++
	return filepath.Join(x.dir, segmentName(x.next))
}

// save writes the manifest and deletes what it does not name. The caller holds
// mu.
func (x *Index) save() error {
	m, err := describe(x.epoch, x.saved, x.next, x.state.views)
	if err != nil {
		return err
	}
	if err := m.write(x.dir); err != nil {
		return err
	}
	x.savedAt = x.opts.Clock.Now()
	return sweep(x.dir, m)
}

// asked tells whether somebody asked for a rebuild (RequestRebuild).
func (x *Index) asked() bool {
	if x.dir == "" {
		return false
	}
	_, err := os.Stat(filepath.Join(x.dir, rebuildFile))
	return err == nil
}

// RequestRebuild asks the node that has the directory to build its index anew.
func RequestRebuild(dir string) error {
	return os.WriteFile(filepath.Join(dir, rebuildFile), nil, 0o600)
}

// Kept tells whether the index lies in files; else another process has the
// directory, or none was given.
func (x *Index) Kept() bool { return x.dir != "" }

// Rebuild builds the index from the database. What there is of an index is
// searched until the new one has caught up.
func (x *Index) Rebuild(ctx context.Context) error {
	src := x.opts.Source
	epoch, err := src.Epoch(ctx)
	if err != nil {
		return err
	}
	begun := x.opts.Clock.Now()
	st, err := x.buildAll(ctx)
	if err != nil {
		return err
	}
	saved := st.position
	for more := true; more; {
		if st, more, err = st.follow(ctx, src); err != nil {
			return err
		}
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	st.generation = x.state.generation + 1
	x.epoch, x.saved = epoch, saved
	x.publish(st)
	x.broken.Store(false)
	x.status.Store(nil)
	x.opts.Logger.InfoContext(ctx, "search index built", "documents", st.documents(), "segments", len(st.views), "took", x.opts.Clock.Now().Sub(begun))
	if x.dir == "" {
		return nil
	}
	if err := os.Remove(filepath.Join(x.dir, rebuildFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return x.save()
}
