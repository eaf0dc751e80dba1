package search

import (
	"math/bits"
	"sync"
)

// A bitmap over the documents of a segment is a slice of words. It has at most
// 32 KB: plain loops over it are faster than anything cleverer.

var wordPool = sync.Pool{New: func() any { b := make([]uint64, segmentSize/64); return &b }}

// arena hands out bitmaps for one query and takes them all back at its end.
type arena struct{ taken []*[]uint64 }

func (a *arena) get(words int) []uint64 {
	if words > segmentSize/64 {
		return make([]uint64, words)
	}
	b := wordPool.Get().(*[]uint64)
	a.taken = append(a.taken, b)
	out := (*b)[:words]
	clear(out)
	return out
}

func (a *arena) release() {
	for _, b := range a.taken {
		wordPool.Put(b)
	}
	a.taken = nil
}

func and(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &= src[i]
	}
}

func or(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] |= src[i]
	}
}

func andNot(dst, src []uint64) {
	src = src[:len(dst)]
	for i := range dst {
		dst[i] &^= src[i]
	}
}

func count(words []uint64) int {
	n := 0
	for _, w := range words {
		n += bits.OnesCount64(w)
	}
	return n
}

func countAnd(a, b []uint64) int {
	n := 0
	b = b[:len(a)]
	for i, w := range a {
		n += bits.OnesCount64(w & b[i])
	}
	return n
}

// countRange counts the documents from..to-1.
func countRange(words []uint64, from, to uint32) int {
	if from >= to {
		return 0
	}
	lo, hi := from/64, (to-1)/64
	first, last := ^uint64(0)<<(from%64), ^uint64(0)>>(63-(to-1)%64)
	if lo == hi {
		return bits.OnesCount64(words[lo] & first & last)
	}
	n := bits.OnesCount64(words[lo]&first) + bits.OnesCount64(words[hi]&last)
	for _, w := range words[lo+1 : hi] {
		n += bits.OnesCount64(w)
	}
	return n
}

// setRange adds the documents from..to-1.
func setRange(words []uint64, from, to uint32) {
	if from >= to {
		return
	}
	lo, hi := from/64, (to-1)/64
	first, last := ^uint64(0)<<(from%64), ^uint64(0)>>(63-(to-1)%64)
	if lo == hi {
		words[lo] |= first & last
		return
	}
	words[lo] |= first
	words[hi] |= last
	for i := lo + 1; i < hi; i++ {
		words[i] = ^uint64(0)
	}
}

// each calls fn with every document.
func each(words []uint64, fn func(doc uint32)) {
	for i, w := range words {
		for ; w != 0; w &= w - 1 {
			fn(uint32(i*64 + bits.TrailingZeros64(w)))
		}
	}
}

func empty(words []uint64) bool {
	for _, w := range words {
		if w != 0 {
			return false
		}
	}
	return true
}

func has(words []uint64, i int) bool { return words[i/64]>>(i%64)&1 == 1 }

// giveBack takes the bitmap that was handed out last.
func (a *arena) giveBack() {
	if n := len(a.taken) - 1; n >= 0 {
		wordPool.Put(a.taken[n])
		a.taken = a.taken[:n]
	}
}
