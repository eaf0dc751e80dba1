package search

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// The groups that hits are ordered by before rank.
const (
	groupExact = iota // code or name is the text
	groupName         // everything is in the name
	groupRest
	groups
)

// place is where a hit stands in the order of all hits: by group, then rank,
// then key, then state. It is also the cursor of a page.
type place struct {
	group int
	rank  int64
	key   uint64
	state State
}

// compare orders places as hits are shown.
func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.group, q.group), cmp.Compare(q.rank, p.rank), cmp.Compare(p.key, q.key), cmp.Compare(p.state, q.state))
}

// start is before all places.
var start = place{group: -1}

func (p place) cursor() string {
	b := []byte{byte(p.group), byte(p.state)}
	b = binary.BigEndian.AppendUint64(b, uint64(p.rank))
	b = binary.BigEndian.AppendUint64(b, p.key)
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseCursor(s string) (place, error) {
	if s == "" {
		return start, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 18 || b[0] >= groups {
		return place{}, fault.New(fault.Invalid, "search_cursor_invalid", "翻页标记有误,请从第一页重新检索")
	}
	return place{int(b[0]), int64(binary.BigEndian.Uint64(b[2:])), binary.BigEndian.Uint64(b[10:]), State(b[1])}, nil
}

// candidate is a document with its place.
type candidate struct {
	place
	part *part
	doc  uint32
}

// page gives the next n candidates after a place, in order.
func (e *evaluation) page(after place, n int) []candidate {
	var out []candidate
	for g := max(after.group, 0); g < groups && len(out) < n; g++ {
		var found []candidate
		for _, p := range e.parts {
			found = append(found, e.best(p, g, after, n-len(out))...)
		}
		slices.SortFunc(found, func(a, b candidate) int { return a.compare(b.place) })
		out = append(out, found[:min(n-len(out), len(found))]...)
	}
	return out
}

// inGroup gives the documents of a part that belong to a group; nil: none.
func (e *evaluation) inGroup(p *part, group int) []uint64 {
	if len(e.plan.clauses) == 0 {
		if group == groupRest {
			return p.all
		}
		return nil
	}
	if p.names == nil {
		e.nameHits(p)
	}
	switch group {
	case groupExact:
		return p.exact
	case groupName:
		return p.names
	}
	out := e.arena.get(len(p.all))
	copy(out, p.all)
	andNot(out, p.names)
	andNot(out, p.exact)
	return out
}

func (e *evaluation) nameHits(p *part) {
	s := p.view.seg
	p.exact, p.names = e.arena.get(s.words), e.arena.get(s.words)
	keyedDocs(s.exactHashes, s.exactDocs, e.plan.whole, func(doc uint32) { p.exact[doc/64] |= 1 << (doc % 64) })
	and(p.exact, p.all)
	if words, ok := e.text(p.view, inName); ok {
		copy(p.names, words)
		and(p.names, p.all)
		andNot(p.names, p.exact)
	}
}

// best gives the n best documents of a part in a group after a place. Much is
// first looked for among the best-ranked documents of the segment.
func (e *evaluation) best(p *part, group int, after place, n int) []candidate {
	words := e.inGroup(p, group)
	if words == nil {
		return nil
	}
	s := p.view.seg
	if size := count(words); size == 0 {
		return nil
	} else if size > tierSizes[0] {
		within := e.arena.get(s.words)
		for t := range tierSizes {
			copy(within, words)
			and(within, s.tier(t))
			if out := p.choose(within, group, after, n); len(out) == n {
				return out
			}
		}
	}
	return p.choose(words, group, after, n)
}

// choose gives the n best of the documents after a place, unordered.
func (p *part) choose(words []uint64, group int, after place, n int) []candidate {
	s := p.view.seg
	state, _ := enumerationOf(ByState)
	var out []candidate // the worst first, once there are n
	each(words, func(doc uint32) {
		c := candidate{place: place{group: group, rank: s.rank[doc]}, part: p, doc: doc}
		full := len(out) == n
		if full && c.rank < out[0].rank || group == after.group && c.rank > after.rank {
			return
		}
		c.key = s.keys[doc]
		c.state = stateOf(s.flags[doc], state)
		if c.compare(after) <= 0 || full && c.compare(out[0].place) >= 0 {
			return
		}
		if full {
			out = out[1:]
		}
		at, _ := slices.BinarySearchFunc(out, c, func(a, b candidate) int { return b.compare(a.place) })
		out = slices.Insert(out, at, c)
	})
	return out
}

func stateOf(flags uint64, e *enumeration) State {
	for i := range e.values {
		if flags>>(e.first+i)&1 == 1 {
			return State(i)
		}
	}
	return Published
}
