package search

import (
	"cmp"
	"context"
	"slices"
)

// state is the index together with how far it has followed the feed. It is
// copied, never changed in place.
type state struct {
	snapshot
	position string
}

// changesAtOnce bounds the changes that one step takes from the feed.
const changesAtOnce = 2000

// follow takes the next changes from the feed. The state that comes back is the
// same when there were none.
func (s state) follow(ctx context.Context, src Source) (next state, more bool, err error) {
	changes, position, more, err := src.Changes(ctx, s.position, changesAtOnce)
	if err != nil {
		return s, false, err
	}
	next = s
	next.position = position
	if len(changes) == 0 {
		return next, more, nil
	}
	var resources []string
	directory := false
	for _, c := range changes {
		if c.Directory {
			directory = true
		} else {
			resources = append(resources, c.Resource)
		}
	}
	docs, err := src.Documents(ctx, resources)
	if err != nil {
		return s, false, err
	}
	// A department that registered just now may be ahead of its own change.
	if directory || slices.ContainsFunc(docs, func(d Document) bool { _, known := s.dir.number[d.Provider]; return !known }) {
		data, err := src.Directory(ctx)
		if err != nil {
			return s, false, err
		}
		next.dir = newDirectory(data)
	}
	next.views, err = replace(next.views, next.dir, resources, docs)
	if err != nil {
		return s, false, err
	}
	if next.dir != s.dir {
		for i, v := range next.views {
			next.views[i] = v.under(next.dir)
		}
	}
	next.generation++
	return next, more, nil
}

// replace takes the documents of the resources out of the views and puts others
// in their place, in a new segment in memory.
func replace(views []*view, dir *directory, resources []string, docs []Document) ([]*view, error) {
	out := make([]*view, 0, len(views)+1)
	for _, v := range views {
		if v = v.without(resources); v.live > 0 || v.seg.file != "" {
			out = append(out, v)
		}
	}
	if len(docs) == 0 {
		return out, nil
	}
	slices.SortStableFunc(docs, func(a, b Document) int { return cmp.Compare(a.Provider, b.Provider) })
	b := newBuilder()
	for i := range docs {
		b.add(&docs[i])
	}
	seg, err := b.memorySegment()
	if err != nil {
		return nil, err
	}
	return settle(append(out, newView(seg, dir)), dir)
}

// settle joins the youngest segments in memory while the older one is not much
// larger, so that there are few and each document is joined a few times only.
func settle(views []*view, dir *directory) ([]*view, error) {
	from := len(views) - 1
	sum := views[from].live
	for from > 0 && views[from-1].seg.file == "" && !views[from-1].seg.pinned && views[from-1].live <= 2*sum && sum+views[from-1].live <= segmentSize {
		from--
		sum += views[from].live
	}
	if from == len(views)-1 {
		return views, nil
	}
	b, err := merge(views[from:])
	if err != nil {
		return nil, err
	}
	seg, err := b.memorySegment()
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(views[:from]), newView(seg, dir)), nil
}

// merge reads the documents that hold of several segments into a builder.
func merge(views []*view) (*builder, error) {
	type source struct {
		v        *view
		provider int
	}
	var order []source
	for _, v := range views {
		for p := range v.seg.providers {
			order = append(order, source{v, p})
		}
	}
	slices.SortStableFunc(order, func(a, b source) int {
		return cmp.Compare(a.v.seg.providers[a.provider], b.v.seg.providers[b.provider])
	})
	b := newBuilder()
	for _, o := range order {
		for doc := o.v.seg.starts[o.provider]; doc < o.v.seg.starts[o.provider+1]; doc++ {
			if !o.v.holds(int(doc)) {
				continue
			}
			d, err := o.v.seg.document(doc)
			if err != nil {
				return nil, err
			}
			b.add(&d)
		}
	}
	return b, nil
}
