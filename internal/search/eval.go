package search

import (
	"bytes"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// evaluation is a query running on one snapshot.
type evaluation struct {
	arena arena
	snap  *snapshot
	plan  *plan
	query *Query
	named map[*unit]set // departments whose name a unit matches
	parts []*part
}

// part is the query on one segment.
type part struct {
	view *view
	base []uint64 // matches the text, may be seen
	// filters of each facet; all is base inside all of them.
	filters []filter
	all     []uint64
	names   []uint64 // of all: every clause matches the name; nil: not computed yet
	exact   []uint64 // of all: code or name is the text itself
}

type filter struct {
	facet FacetName
	words []uint64
}

// matchAll gives the documents of the entry lists' intersection; nil: none.
func matchAll(s *segment, terms []string) *roaring.Bitmap {
	entries := make([]termEntry, 0, len(terms))
	for _, t := range terms {
		e, ok := s.lookup(t)
		if !ok {
			return nil
		}
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b termEntry) int { return int(a.Count) - int(b.Count) })
	out := s.bitmap(entries[0])
	for _, e := range entries[1:] {
		if out.IsEmpty() {
			return nil
		}
		out = roaring.And(out, s.bitmap(e))
	}
	return out
}

// orTerms adds the documents that have all the terms; true: there are some.
func (e *evaluation) orTerms(v *view, words []uint64, terms []string) bool {
	bm := matchAll(v.seg, terms)
	if bm == nil || bm.IsEmpty() {
		return false
	}
	mask := e.arena.get(v.seg.words)
	bm.WriteDenseTo(mask)
	or(words, mask)
	return true
}

// unit adds the documents of a segment that the unit matches in a field.
func (e *evaluation) unit(v *view, u *unit, field byte, words []uint64) bool {
	found := false
	if u.han {
		found = e.orTerms(v, words, pairs(field, u.text))
	} else {
		if t, ok := u.edge(field); ok {
			found = e.orTerms(v, words, []string{t})
		} else {
			found = e.orPrefix(v, words, string([]byte{field, kindWord})+u.text)
		}
		if u.initials {
			found = e.orTerms(v, words, grams(inName, u.text)) || found
		}
		for _, s := range u.syllables {
			found = e.orTerms(v, words, chains(inName, s)) || found
		}
	}
	if field != inName && e.named[u] != nil {
		for p, d := range v.dirOf {
			if e.named[u].has(d) {
				setRange(words, v.seg.starts[p], v.seg.starts[p+1])
				found = true
			}
		}
	}
	return found
}

// orPrefix adds the documents of all terms that begin with prefix.
func (e *evaluation) orPrefix(v *view, words []uint64, prefix string) bool {
	s := v.seg
	found := false
	for i := s.find(prefix); i < len(s.terms) && bytes.HasPrefix(s.term(i), []byte(prefix)); i++ {
		found = true
		if entry := s.terms[i]; entry.Count <= fewDocs {
			for _, d := range s.few(entry) {
				words[d/64] |= 1 << (d % 64)
			}
		} else {
			mask := e.arena.get(s.words)
			s.bitmap(entry).WriteDenseTo(mask)
			or(words, mask)
			e.arena.giveBack()
		}
	}
	return found
}

// clause gives the documents of a segment that a clause matches in a field;
// nil: none.
func (e *evaluation) clause(v *view, c *clause, field byte) []uint64 {
	var out []uint64
	for _, alternative := range c.alternatives {
		if words := e.allOf(v, alternative, field); words != nil {
			if out == nil {
				out = words
			} else {
				or(out, words)
			}
		}
	}
	return out
}

// allOf gives the documents that all units match; nil: none.
func (e *evaluation) allOf(v *view, units []*unit, field byte) []uint64 {
	var out []uint64
	for _, u := range units {
		words := e.arena.get(v.seg.words)
		if !e.unit(v, u, field, words) {
			return nil
		}
		if out == nil {
			out = words
		} else {
			and(out, words)
		}
	}
	return out
}

// text gives the documents of a segment that the whole text matches in a field;
// ok is false when there are none.
func (e *evaluation) text(v *view, field byte) (words []uint64, ok bool) {
	for i := range e.plan.clauses {
		c := e.clause(v, &e.plan.clauses[i], field)
		if c == nil {
			return nil, false
		}
		if words == nil {
			words = c
		} else {
			and(words, c)
		}
	}
	return words, true
}

// nameDepartments finds out which departments the units of a plan name.
func (e *evaluation) nameDepartments(units []*unit) {
	for _, u := range units {
		if _, done := e.named[u]; !done {
			e.named[u] = e.snap.dir.named(u)
		}
	}
}

// found tells whether all units are somewhere in the index.
func (e *evaluation) found(units []*unit) bool {
	e.nameDepartments(units)
	for _, v := range e.snap.views {
		if words := e.allOf(v, units, inAny); words != nil && !empty(words) {
			return true
		}
	}
	return false
}

// run evaluates text and filters on every segment.
func (e *evaluation) run(filters *compiled) {
	e.nameDepartments(e.plan.units())
	e.parts = nil
	for _, v := range e.snap.views {
		if p := e.runOn(v, filters); p != nil {
			e.parts = append(e.parts, p)
		}
	}
}

func (e *evaluation) runOn(v *view, filters *compiled) *part {
	words, ok := e.text(v, inAny)
	if !ok || e.plan.nothing {
		return nil
	}
	p := &part{view: v, base: v.visible(&e.arena, e.snap.dir, e.query.Reader)}
	if words != nil {
		and(p.base, words)
	}
	if empty(p.base) {
		return nil
	}
	p.filters = filters.on(&e.arena, v, p.base)
	p.all = p.inside(&e.arena, "")
	return p
}

// inside gives base inside all filters but that of one facet.
func (p *part) inside(a *arena, except FacetName) []uint64 {
	out := a.get(p.view.seg.words)
	copy(out, p.base)
	for _, f := range p.filters {
		if f.facet != except {
			and(out, f.words)
		}
	}
	return out
}
