package search

import (
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// compiled are the filters of a query against one directory.
type compiled struct {
	providers set // nil: any
	region    set // nil: any
	class     string
	flags     []flagFilter
}

type flagFilter struct {
	of   *enumeration
	mask uint64
}

// compile checks the filters; all faulty ones are told at once.
func (f *Filters) compile(dir *directory) (*compiled, error) {
	var faults fault.Collector
	c := &compiled{class: f.Class}
	if len(f.Providers) > 0 {
		c.providers = dir.newSet()
		for _, id := range f.Providers {
			n, ok := dir.number[id]
			if !ok {
				faults.Add("provider", "unknown", "没有这个部门:"+id, "")
				continue
			}
			c.providers.add(n)
		}
	}
	if f.Region != "" {
		in, ok := dir.within(f.Region)
		if !ok {
			in = dir.newSet() // a region without departments: nothing is found
		}
		c.region = in
	}
	for i := range enumerations {
		e := &enumerations[i]
		values := f.Values[e.name]
		if len(values) == 0 {
			continue
		}
		mask, ok := e.filter(values)
		if !ok {
			faults.Add(string(e.name), "unknown", e.label+"没有这样的取值:"+strings.Join(values, "、"), "")
			continue
		}
		c.flags = append(c.flags, flagFilter{e, mask})
	}
	return c, faults.Err("search_filter_invalid", "检索条件有误", "")
}

// on gives the bitmaps of the filters on a segment. Class is looked up for the
// documents of base only.
func (c *compiled) on(a *arena, v *view, base []uint64) []filter {
	var out []filter
	if c.providers != nil {
		out = append(out, filter{ByProvider, v.ofProviders(a, c.providers)})
	}
	if c.region != nil {
		out = append(out, filter{ByRegion, v.ofProviders(a, c.region)})
	}
	if c.class != "" {
		out = append(out, filter{ByClass, v.ofClass(a, c.class, base)})
	}
	for _, f := range c.flags {
		words := a.get(v.seg.words)
		for bit := range f.of.values {
			if f.mask>>(f.of.first+bit)&1 == 1 {
				or(words, v.seg.row(f.of.first+bit))
			}
		}
		out = append(out, filter{f.of.name, words})
	}
	return out
}

func (v *view) ofClass(a *arena, class string, base []uint64) []uint64 {
	s := v.seg
	words := a.get(s.words)
	if at := strings.IndexByte(string(s.tops), class[0]); len(class) == 1 && at >= 0 {
		copy(words, s.topDense[at*s.words:(at+1)*s.words])
		return words
	}
	below := make([]bool, len(s.classes))
	for i, c := range s.classes {
		below[i] = strings.HasPrefix(c, class)
	}
	each(base, func(doc uint32) {
		if below[s.class[doc]] {
			words[doc/64] |= 1 << (doc % 64)
		}
	})
	return words
}
