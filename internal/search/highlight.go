package search

import (
	"cmp"
	"slices"
)

// Bounds of what is shown of a hit.
const (
	maxItemHits   = 5
	snippetBefore = 20  // characters of the abstract before the first match
	snippetLength = 120 // characters of the abstract that are shown
)

// fields are the texts of a document, folded.
type fields struct {
	doc      *Document
	provider string
	buf      []rune
}

func (f *fields) spans(text string, units []*unit, byName bool) []span {
	f.buf = foldInto(f.buf[:0], text)
	var out []span
	for _, u := range units {
		out = append(out, u.spans(f.buf, byName)...)
	}
	return out
}

// matches tells whether a unit is in some field.
func (f *fields) matches(u *unit) bool {
	one := []*unit{u}
	if len(f.spans(f.doc.Name, one, true)) > 0 || len(f.spans(f.provider, one, true)) > 0 ||
		len(f.spans(f.doc.Code, one, false)) > 0 || len(f.spans(f.doc.Abstract, one, false)) > 0 {
		return true
	}
	return slices.ContainsFunc(f.doc.Items, func(x Item) bool {
		return len(f.spans(x.Name, one, false)) > 0 || len(f.spans(x.Code, one, false)) > 0 || len(f.spans(x.EnglishName, one, false)) > 0
	})
}

// verified tells whether the document's text matches the plan.
func (p *plan) verified(f *fields) bool {
	for _, c := range p.clauses {
		if !slices.ContainsFunc(c.alternatives, func(units []*unit) bool {
			return !slices.ContainsFunc(units, func(u *unit) bool { return !f.matches(u) })
		}) {
			return false
		}
	}
	return true
}

// partsOf cuts a text at the spans, from..to (characters) of it.
func partsOf(text string, spans []span, from, to int) []Part {
	chars := []rune(text)
	to = min(to, len(chars))
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	var out []Part
	push := func(a, b int, hit bool) {
		if a < b {
			out = append(out, Part{string(chars[a:b]), hit})
		}
	}
	at := from
	for i := 0; i < len(spans); i++ {
		s := spans[i]
		for i+1 < len(spans) && spans[i+1].start <= s.end { // overlapping or touching
			i++
			s.end = max(s.end, spans[i].end)
		}
		s.start, s.end = max(s.start, at), min(s.end, to)
		push(at, min(s.start, to), false)
		push(s.start, s.end, true)
		at = max(at, s.end)
	}
	push(at, to, false)
	return out
}

// show makes the hit of a document.
func (p *plan) show(dir *directory, d Document, department int32) Hit {
	h := Hit{Document: d}
	if department >= 0 {
		h.ProviderName, h.Region = dir.departments[department].Name, dir.departments[department].Region
		if r := dir.regionOf[department]; r >= 0 {
			h.RegionName = dir.regions[r].Name
		}
	}
	units, f := p.units(), fields{doc: &d}
	whole := func(text string, byName bool) []Part {
		return partsOf(text, f.spans(text, units, byName), 0, 1<<30)
	}
	h.Name, h.Code, h.Provider = whole(d.Name, true), whole(d.Code, false), whole(h.ProviderName, true)
	spans := f.spans(d.Abstract, units, false)
	from := 0
	if len(spans) > 0 {
		first := slices.MinFunc(spans, func(a, b span) int { return a.start - b.start })
		from = max(first.start-snippetBefore, 0)
	}
	h.Abstract = partsOf(d.Abstract, spans, from, from+snippetLength)
	for _, x := range d.Items {
		if len(f.spans(x.Name, units, false))+len(f.spans(x.Code, units, false))+len(f.spans(x.EnglishName, units, false)) == 0 {
			continue
		}
		if h.ItemHits++; len(h.Items) < maxItemHits {
			h.Items = append(h.Items, ItemHit{Item: x, Name: whole(x.Name, false), Code: whole(x.Code, false)})
		}
	}
	return h
}
