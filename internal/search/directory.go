package search

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// directory is what queries know of departments and regions. Departments and
// regions have numbers; it is never changed once made.
type directory struct {
	departments []Department
	number      map[string]int32
	regionOf    []int32 // of a department; -1: unknown
	regions     []Region
	regionAt    map[string]int32
	parents     []int32  // of a region; -1: none. Parents come first.
	overseers   []string // of a department: its same-level authority
	terms       map[string][]int32
	remembered  sync.Map // text of a unit → set
	words       atomic.Int64
}

func newDirectory(data DirectoryData) *directory {
	d := &directory{number: make(map[string]int32, len(data.Departments)), regionAt: make(map[string]int32, len(data.Regions)), terms: map[string][]int32{}}
	d.regions = slices.Clone(data.Regions)
	slices.SortFunc(d.regions, func(a, b Region) int { return cmp.Compare(a.Path, b.Path) })
	for i, r := range d.regions {
		d.regionAt[r.Code] = int32(i)
		parent := int32(-1)
		if codes := strings.Split(strings.TrimSuffix(r.Path, "/"), "/"); len(codes) > 1 {
			if at, ok := d.regionAt[codes[len(codes)-2]]; ok {
				parent = at
			}
		}
		d.parents = append(d.parents, parent)
	}
	d.departments = data.Departments
	var tok tokenizer
	for i, x := range d.departments {
		n := int32(i)
		d.number[x.ID] = n
		region, ok := d.regionAt[x.Region]
		if !ok {
			region = -1
		}
		d.regionOf = append(d.regionOf, region)
		d.overseers = append(d.overseers, d.overseer(region, data.Authorities))
		emit := func(term []byte) {
			list := d.terms[string(term)]
			if len(list) == 0 || list[len(list)-1] != n {
				d.terms[string(term)] = append(list, n)
			}
		}
		tok.text(inAny, x.Name, emit)
		tok.pinyin(inName, x.Name, emit)
	}
	return d
}

// overseer gives the same-level authority (CN-8): that of the region or of the
// nearest one above it that has one.
func (d *directory) overseer(region int32, authorities map[string]string) string {
	for ; region >= 0; region = d.parents[region] {
		if a := authorities[d.regions[region].Code]; a != "" {
			return a
		}
	}
	return ""
}

// sees tells whether the reader sees the drafts of a department: its own people
// and those of its same-level authority (CN-16), as catalog.Service.Get has it.
func (d *directory) sees(r Reader, department int32) bool {
	return r.Department != "" && department >= 0 && (d.departments[department].ID == r.Department || d.overseers[department] == r.Department)
}

// set is a set of departments.
type set []uint64

func (d *directory) newSet() set { return make(set, len(d.departments)/64+1) }

func (s set) add(i int32)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int32) bool { return i >= 0 && s[i/64]>>(i%64)&1 == 1 }

// OwnLevel ends a region's code that means the departments of its own
// government only (本级), without those below.
const OwnLevel = "-own"

// within gives the departments of a region and all below it.
func (d *directory) within(code string) (set, bool) {
	code, own := strings.CutSuffix(code, OwnLevel)
	at, ok := d.regionAt[code]
	if !ok {
		return nil, false
	}
	out, path := d.newSet(), d.regions[at].Path
	for i, r := range d.regionOf {
		if r == at || r >= 0 && !own && strings.HasPrefix(d.regions[r].Path, path) {
			out.add(int32(i))
		}
	}
	return out, true
}

// maxRemembered bounds the words whose departments are remembered.
const maxRemembered = 4096

// named gives the departments whose name a unit matches; nil: none. The words
// of people who search recur.
func (d *directory) named(u *unit) set {
	if s, ok := d.remembered.Load(u.text); ok {
		return s.(set)
	}
	s := d.findNamed(u)
	if d.words.Add(1) <= maxRemembered {
		d.remembered.Store(u.text, s)
	}
	return s
}

func (d *directory) findNamed(u *unit) set {
	var out set
	var folded []rune
	sure := u.exact() && (u.han || len(u.chars) <= maxEdge) // a term says it all
	consider := func(n int32) {
		folded = foldInto(folded[:0], d.departments[n].Name)
		if sure || len(u.spans(folded, true)) > 0 {
			if out == nil {
				out = d.newSet()
			}
			out.add(n)
		}
	}
	// The shortest list of each way to match, checked by the name itself.
	for _, way := range u.ways() {
		var shortest []int32
		for i, t := range way {
			list := d.terms[t]
			if i == 0 || len(list) < len(shortest) {
				shortest = list
			}
		}
		for _, n := range shortest {
			consider(n)
		}
	}
	return out
}
