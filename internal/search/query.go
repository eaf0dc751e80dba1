package search

import (
	"errors"
	"runtime"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Bounds of a search.
const (
	defaultLimit = 20
	maxLimit     = 100
	maxText      = 200 // characters of a query
	// checkAll: up to so many candidates are all checked against their text,
	// which makes total and counts exact.
	checkAll = 256
	// checkPages: how many candidates are looked at to fill a page, in pages.
	checkPages = 20
)

// Search answers a query from a snapshot.
func (s *snapshot) search(q Query, synonyms *Synonyms) (*Result, error) {
	defer runtime.KeepAlive(s)
	if n := len([]rune(q.Text)); n > maxText {
		return nil, fault.Newf(fault.Invalid, "search_text_too_long", "检索词不得超过 %d 字", maxText)
	}
	if q.Limit <= 0 {
		q.Limit = defaultLimit
	}
	q.Limit = min(q.Limit, maxLimit)
	after, err := parseCursor(q.Cursor)
	if err != nil {
		return nil, err
	}
	filters, err := q.Filters.compile(s.dir)
	if err != nil {
		return nil, err
	}
	e := &evaluation{snap: s, plan: newPlan(q.Text, synonyms), query: &q, named: map[*unit]set{}}
	defer e.arena.release()
	r, err := e.answer(filters, after)
	if err != nil || r.Total > 0 {
		return r, err
	}
	if cut, ok := e.plan.cut(e.found); ok {
		e.plan = cut
		return e.answer(filters, after)
	}
	return r, nil
}

// answer runs the plan, counts, and fills a page.
func (e *evaluation) answer(filters *compiled, after place) (*Result, error) {
	e.run(filters)
	r := &Result{Generation: e.snap.generation, Split: e.plan.split, Synonyms: e.plan.synonyms, TotalExact: e.plan.exact()}
	if !r.TotalExact {
		r.TotalExact = e.checkFew()
	}
	r.Total, r.Facets = e.facets(filters)
	return r, e.fill(r, after)
}

// checkFew checks all candidates against their text when they are few; false:
// they are many.
func (e *evaluation) checkFew() bool {
	n := 0
	for _, p := range e.parts {
		if n += count(p.base); n > checkAll {
			return false
		}
	}
	for _, p := range e.parts {
		each(p.base, func(doc uint32) {
			if d, err := p.view.seg.document(doc); err == nil && !e.verified(p, doc, &d) {
				p.base[doc/64] &^= 1 << (doc % 64)
			}
		})
		and(p.all, p.base)
	}
	return true
}

func (e *evaluation) verified(p *part, doc uint32, d *Document) bool {
	return e.plan.verified(&fields{doc: d, provider: e.providerName(p, doc)})
}

func (e *evaluation) providerName(p *part, doc uint32) string {
	if n := p.view.dirOf[p.view.seg.providerOf(doc)]; n >= 0 {
		return e.snap.dir.departments[n].Name
	}
	return ""
}

// fill shows the page after a place. Candidates whose text does not match are
// passed over; one more than the page tells whether there is a next one.
func (e *evaluation) fill(r *Result, after place) error {
	limit := e.query.Limit
	for range checkPages {
		want := limit - len(r.Hits) + 1
		list := e.page(after, want)
		for _, c := range list {
			d, err := c.part.view.seg.document(c.doc)
			if err != nil {
				return errors.Join(errDamaged, err)
			}
			if !r.TotalExact && !e.verified(c.part, c.doc, &d) {
				after = c.place
				continue
			}
			if len(r.Hits) == limit {
				r.Next = after.cursor()
				return nil
			}
			after = c.place
			r.Hits = append(r.Hits, e.plan.show(e.snap.dir, d, c.part.view.dirOf[c.part.view.seg.providerOf(c.doc)]))
		}
		if len(list) < want {
			return nil
		}
	}
	r.Next = after.cursor()
	return nil
}
