package search

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// buildAll reads everything and makes segments of it. Reading and indexing go
// side by side.
func (x *Index) buildAll(ctx context.Context) (state, error) {
	src := x.opts.Source
	position, err := src.Position(ctx)
	if err != nil {
		return state{}, err
	}
	total, err := src.CountDocuments(ctx)
	if err != nil {
		return state{}, err
	}
	x.progress(0, total)
	var segments []*segment
	batches := make(chan []Document, 4)
	group, reading := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(batches)
		return src.EachDocument(reading, func(docs []Document) error {
			select {
			case batches <- docs:
				return nil
			case <-reading.Done():
				return reading.Err()
			}
		})
	})
	group.Go(func() error {
		var err error
		segments, err = x.indexAll(batches, total)
		return err
	})
	if err := group.Wait(); err != nil {
		return state{}, err
	}
	data, err := src.Directory(ctx)
	if err != nil {
		return state{}, err
	}
	st := state{snapshot: snapshot{dir: newDirectory(data)}, position: position}
	for _, s := range segments {
		st.views = append(st.views, newView(s, st.dir))
	}
	return st, nil
}

// indexAll makes segments of all batches.
func (x *Index) indexAll(batches <-chan []Document, total int) ([]*segment, error) {
	var segments []*segment
	b, done := newBuilder(), 0
	finish := func() error {
		if b.len() == 0 {
			return nil
		}
		var seg *segment
		var err error
		if x.dir == "" {
			seg, err = b.memorySegment()
		} else {
			seg, err = b.fileSegment(x.newFile())
		}
		segments, b = append(segments, seg), newBuilder()
		return err
	}
	for docs := range batches {
		for i := range docs {
			if b.full() {
				if err := finish(); err != nil {
					return nil, err
				}
			}
			b.add(&docs[i])
		}
		done += len(docs)
		x.progress(done, total)
	}
	return segments, finish()
}

// progress tells how far a build is, in documents; a resource with a draft
// beside its published version counts twice, so it is an estimate.
func (x *Index) progress(done, of int) {
	x.status.Store(&Status{Done: min(done, of), Of: of})
}
