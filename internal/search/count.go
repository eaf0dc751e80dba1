package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"
)

// Bounds of what a facet lists.
const (
	maxListed = 30
	// fewHits: with fewer documents in a segment their values are looked up one
	// by one, with more the bitmaps of all values are cut with them.
	fewHits = 1500
)

// counts collects the facets over all segments.
type counts struct {
	flags     [64]int
	providers []int32 // by department
	inRegions []int32 // by department, inside all filters
	classes   map[string]int
	total     int
}

// facets counts all facets of an evaluation.
func (e *evaluation) facets(f *compiled) (int, []Facet) {
	dir := e.snap.dir
	c := counts{providers: make([]int32, len(dir.departments)), inRegions: make([]int32, len(dir.departments)), classes: map[string]int{}}
	for _, p := range e.parts {
		n := count(p.all)
		c.total += n
		c.addProviders(p, p.all, n, c.inRegions)
		c.addClasses(p, f.class)
		c.addFlags(p, p.all, n, ^f.masks())
		if f.providers != nil {
			own := p.inside(&e.arena, ByProvider)
			c.addProviders(p, own, count(own), c.providers)
		}
		for _, x := range f.flags {
			own := p.inside(&e.arena, x.of.name)
			c.addFlags(p, own, count(own), x.of.mask())
		}
	}
	if f.providers == nil {
		c.providers = c.inRegions
	}
	out := []Facet{c.byRegion(dir, e.query.Filters.Region), c.byProvider(dir), c.byClass()}
	for i := range enumerations {
		out = append(out, c.byEnumeration(&enumerations[i]))
	}
	return c.total, out
}

// masks has the bits of the small facets that are filtered by.
func (c *compiled) masks() uint64 {
	var m uint64
	for _, x := range c.flags {
		m |= x.of.mask()
	}
	return m
}

// addFlags counts the values whose bits are in mask.
func (c *counts) addFlags(p *part, words []uint64, n int, mask uint64) {
	if n == 0 {
		return
	}
	s := p.view.seg
	mask &= 1<<facetBits - 1
	if n <= fewHits {
		each(words, func(doc uint32) { countFlags(&c.flags, s.flags[doc]&mask) })
		return
	}
	for m := mask; m != 0; m &= m - 1 {
		bit := bits.TrailingZeros64(m)
		c.flags[bit] += countAnd(words, s.row(bit))
	}
}

func (c *counts) addProviders(p *part, words []uint64, n int, to []int32) {
	if n == 0 {
		return
	}
	starts := p.view.seg.starts
	if n < len(p.view.dirOf)/4 {
		at := 0
		each(words, func(doc uint32) {
			if starts[at+1] <= doc {
				k, _ := slices.BinarySearch(starts[at+1:], doc+1)
				at += k
			}
			if d := p.view.dirOf[at]; d >= 0 {
				to[d]++
			}
		})
		return
	}
	for i, d := range p.view.dirOf {
		if d >= 0 {
			to[d] += int32(countRange(words, starts[i], starts[i+1]))
		}
	}
}

func (c *counts) addClasses(p *part, chosen string) {
	s := p.view.seg
	if chosen == "" && len(s.tops) > 0 {
		for i, top := range s.tops {
			if n := countAnd(p.all, s.topDense[i*s.words:(i+1)*s.words]); n > 0 {
				c.classes[string(top)] += n
			}
		}
		return
	}
	found := make([]int32, len(s.classes))
	each(p.all, func(doc uint32) { found[s.class[doc]]++ })
	for i, n := range found {
		if v := classBelow(s.classes[i], chosen); n > 0 && v != "" {
			c.classes[v] += int(n)
		}
	}
}

func (c *counts) byEnumeration(e *enumeration) Facet {
	f := Facet{Name: e.name, Label: e.label}
	for i, v := range e.values {
		if n := c.flags[e.first+i]; n > 0 {
			f.Counts = append(f.Counts, Count{Value: v.value, Label: v.label, Count: n})
		}
	}
	return f
}

// top keeps the largest counts, of equal ones the lowest value.
func (f *Facet) top() {
	slices.SortFunc(f.Counts, func(a, b Count) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	if len(f.Counts) > maxListed {
		f.More = len(f.Counts) - maxListed
		f.Counts = f.Counts[:maxListed]
	}
}

func (c *counts) byProvider(dir *directory) Facet {
	f := Facet{Name: ByProvider, Label: "提供部门"}
	// Thousands of departments have some: kept are the largest, the smallest of
	// them first.
	var largest []int32
	some := 0
	for d, n := range c.providers {
		if n == 0 {
			continue
		}
		some++
		full := len(largest) == maxListed
		if full && n <= c.providers[largest[0]] {
			continue
		}
		if full {
			largest = append(largest[:0], largest[1:]...)
		}
		at, _ := slices.BinarySearchFunc(largest, n, func(e, n int32) int { return cmp.Compare(c.providers[e], n) })
		largest = slices.Insert(largest, at, int32(d))
	}
	for _, d := range largest {
		f.Counts = append(f.Counts, Count{Value: dir.departments[d].ID, Label: dir.departments[d].Name, Count: int(c.providers[d])})
	}
	f.top()
	f.More = some - len(f.Counts)
	return f
}

func (c *counts) byClass() Facet {
	f := Facet{Name: ByClass, Label: "资源分类"}
	for v, n := range c.classes {
		f.Counts = append(f.Counts, Count{Value: v, Label: v, Count: n})
	}
	slices.SortFunc(f.Counts, func(a, b Count) int { return cmp.Compare(a.Value, b.Value) })
	if len(f.Counts) > maxListed {
		f.top()
	}
	return f
}

// byRegion counts what lies right below the chosen region with its descendants,
// and its own level; from the top, a region that holds everything is stepped
// into.
func (c *counts) byRegion(dir *directory, chosen string) Facet {
	f := Facet{Name: ByRegion, Label: "区划"}
	sums, own := make([]int, len(dir.regions)), make([]int, len(dir.regions))
	for d, n := range c.inRegions {
		if r := dir.regionOf[d]; r >= 0 {
			own[r] += int(n)
			sums[r] += int(n)
		}
	}
	for r := len(sums) - 1; r >= 0; r-- { // parents come before what is below them
		if p := dir.parents[r]; p >= 0 {
			sums[p] += sums[r]
		}
	}
	parent := int32(-1)
	if at, ok := dir.regionAt[strings.TrimSuffix(chosen, OwnLevel)]; ok {
		parent = at
	}
	for {
		var below []int32
		for r, p := range dir.parents {
			if p == parent && sums[r] > 0 {
				below = append(below, int32(r))
			}
		}
		if len(below) == 1 && sums[below[0]] == c.total && dir.hasBelow(below[0], sums) {
			parent = below[0]
			continue
		}
		if parent >= 0 && own[parent] > 0 {
			r := dir.regions[parent]
			f.Counts = append(f.Counts, Count{Value: r.Code + OwnLevel, Label: r.Name + "本级", Count: own[parent]})
		}
		for _, r := range below {
			f.Counts = append(f.Counts, Count{Value: dir.regions[r].Code, Label: dir.regions[r].Name, Count: sums[r]})
		}
		break
	}
	slices.SortFunc(f.Counts, func(a, b Count) int { return cmp.Compare(a.Value, b.Value) })
	if len(f.Counts) > maxListed {
		f.top()
	}
	return f
}

func (d *directory) hasBelow(region int32, sums []int) bool {
	for r, p := range d.parents {
		if p == region && sums[r] > 0 {
			return true
		}
	}
	return false
}
