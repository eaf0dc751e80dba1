package search

import "slices"

// view is a segment as of one moment: which of its documents still hold, and
// whose they are in the directory.
type view struct {
	seg    *segment
	public []uint64 // published documents that hold
	hidden []uint64 // drafts that hold; nil: none
	// hiddenAt are the segment's providers that have drafts.
	hiddenAt []int32
	dirOf    []int32 // provider of the segment → department of the directory; -1: unknown
	live     int
}

// newView sees a whole segment.
func newView(s *segment, dir *directory) *view {
	v := &view{seg: s, public: make([]uint64, s.words), live: s.docs}
	state, _ := enumerationOf(ByState)
	copy(v.public, s.row(state.first))
	if hidden := s.docs - count(v.public); hidden > 0 {
		v.hidden = make([]uint64, s.words)
		setRange(v.hidden, 0, uint32(s.docs))
		andNot(v.hidden, v.public)
		v.findHidden()
	}
	return v.under(dir)
}

func (v *view) findHidden() {
	v.hiddenAt = nil
	for p := range v.seg.providers {
		if countRange(v.hidden, v.seg.starts[p], v.seg.starts[p+1]) > 0 {
			v.hiddenAt = append(v.hiddenAt, int32(p))
		}
	}
}

// under sees the view with another directory.
func (v *view) under(dir *directory) *view {
	c := *v
	c.dirOf = make([]int32, len(v.seg.providers))
	for i, id := range v.seg.providers {
		n, ok := dir.number[id]
		if !ok {
			n = -1
		}
		c.dirOf[i] = n
	}
	return &c
}

// without sees the view without the documents of the resources; the same view
// when it has none of them.
func (v *view) without(resources []string) *view {
	c := v
	for _, id := range resources {
		v.seg.resourceDocs(id, func(doc uint32) {
			if has(c.public, int(doc)) || c.hidden != nil && has(c.hidden, int(doc)) {
				if c == v {
					copied := *v
					copied.public, copied.hidden = slices.Clone(v.public), slices.Clone(v.hidden)
					c = &copied
				}
				c.public[doc/64] &^= 1 << (doc % 64)
				if c.hidden != nil {
					c.hidden[doc/64] &^= 1 << (doc % 64)
				}
				c.live--
			}
		})
	}
	return c
}

// holds tells whether a document still holds.
func (v *view) holds(doc int) bool {
	return v.live > 0 && (has(v.public, doc) || v.hidden != nil && has(v.hidden, doc))
}

// row is the bitmap of a value of the small facets.
func (s *segment) row(bit int) []uint64 { return s.dense[bit*s.words : (bit+1)*s.words] }

// tier is the bitmap of the best-ranked documents; all of them from the last
// tier on.
func (s *segment) tier(i int) []uint64 { return s.tiers[i*s.words : (i+1)*s.words] }

// visible gives the documents that the reader may see: published ones, and
// drafts of departments that the reader is an insider of.
func (v *view) visible(a *arena, dir *directory, r Reader) []uint64 {
	out := a.get(v.seg.words)
	copy(out, v.public)
	for _, p := range v.hiddenAt {
		if dir.sees(r, v.dirOf[p]) {
			mask := a.get(v.seg.words)
			setRange(mask, v.seg.starts[p], v.seg.starts[p+1])
			and(mask, v.hidden)
			or(out, mask)
		}
	}
	return out
}

// ofProviders gives the documents of a set of departments.
func (v *view) ofProviders(a *arena, s set) []uint64 {
	out := a.get(v.seg.words)
	for p, d := range v.dirOf {
		if s.has(d) {
			setRange(out, v.seg.starts[p], v.seg.starts[p+1])
		}
	}
	return out
}

// snapshot is the whole index at one moment. It is never changed.
type snapshot struct {
	views      []*view
	dir        *directory
	generation uint64
}

func (s *snapshot) documents() int {
	n := 0
	for _, v := range s.views {
		n += v.live
	}
	return n
}
