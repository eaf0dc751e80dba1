package search

import (
	"cmp"
	"encoding/binary"
	"io"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"
)

// segmentSize is the most documents of a segment: its bitmaps have 32 KB, which
// stay in the processor's cache while a query works on them.
const segmentSize = 1 << 18

// tierSizes are how many of the best-ranked documents the tiers hold. A query
// that matches much finds its first page in a tier and sorts no more than that.
var tierSizes = []int{1 << 10, 1 << 14}

// postingList collects the documents of a term as differences.
type postingList struct {
	bytes []byte
	last  uint32
	count uint32
}

func (p *postingList) add(doc uint32) {
	if p.count > 0 && p.last == doc {
		return
	}
	p.bytes = binary.AppendUvarint(p.bytes, uint64(doc-p.last))
	p.last, p.count = doc, p.count+1
}

// builder makes a segment from documents, those of a provider together.
type builder struct {
	tok       tokenizer
	terms     map[string]uint32
	lists     []postingList
	memo      map[string][]uint32 // terms of items' texts, which recur
	items     *itemTable
	docs      []byte
	offsets   []uint64
	flags     []uint64
	rank      []int64
	classOf   []uint16
	classes   map[string]uint16
	providers []string
	starts    []uint32
	ids       []keyed
	exact     []keyed
}

// keyed is a document under the hash of a key.
type keyed struct {
	hash uint64
	doc  uint32
}

func newBuilder() *builder {
	return &builder{terms: map[string]uint32{}, memo: map[string][]uint32{}, items: newItemTable(), offsets: []uint64{0}, classes: map[string]uint16{}}
}

func (b *builder) len() int { return len(b.rank) }

// full tells that the next document goes into another segment.
func (b *builder) full() bool { return len(b.rank) >= segmentSize || len(b.classes) >= 1<<16-1 }

// add takes the next document.
func (b *builder) add(d *Document) {
	n := uint32(len(b.rank))
	if len(b.providers) == 0 || b.providers[len(b.providers)-1] != d.Provider {
		b.providers, b.starts = append(b.providers, d.Provider), append(b.starts, n)
	}
	b.docs = appendDocument(b.docs, d, b.items)
	b.offsets = append(b.offsets, uint64(len(b.docs)))
	b.flags, b.rank = append(b.flags, flagsOf(d)), append(b.rank, d.Rank)
	class, ok := b.classes[d.ClassCode]
	if !ok {
		class = uint16(len(b.classes))
		b.classes[d.ClassCode] = class
	}
	b.classOf = append(b.classOf, class)
	b.ids = append(b.ids, keyed{hashKey(d.Resource), n})
	b.exact = append(b.exact, keyed{hashKey(folded(d.Code)), n}, keyed{hashKey(folded(d.Name)), n})
	b.index(n, d)
}

func (b *builder) index(n uint32, d *Document) {
	emit := func(term []byte) {
		b.lists[b.number(term)].add(n)
		if term[0] == inName {
			term[0] = inAny
			b.lists[b.number(term)].add(n)
			term[0] = inName
		}
	}
	b.tok.text(inName, d.Name, emit)
	b.tok.pinyin(inName, d.Name, func(term []byte) { b.lists[b.number(term)].add(n) }) // names have no other sound
	b.tok.text(inAny, d.Code, emit)
	b.tok.text(inAny, d.Abstract, emit)
	for _, x := range d.Items {
		b.remembered(n, x.Name)
		b.remembered(n, x.EnglishName)
		b.remembered(n, x.Code)
	}
}

// number gives the number of a term.
func (b *builder) number(term []byte) uint32 {
	t, ok := b.terms[string(term)]
	if !ok {
		t = uint32(len(b.lists))
		b.terms[string(term)] = t
		b.lists = append(b.lists, postingList{})
	}
	return t
}

// maxMemo bounds the texts whose terms are remembered.
const maxMemo = 1 << 20

func (b *builder) remembered(n uint32, text string) {
	if text == "" {
		return
	}
	list, ok := b.memo[text]
	if !ok {
		b.tok.text(inAny, text, func(term []byte) {
			if t := b.number(term); !slices.Contains(list, t) {
				list = append(list, t)
			}
		})
		if len(b.memo) < maxMemo {
			b.memo[text] = list
		}
	}
	for _, t := range list {
		b.lists[t].add(n)
	}
}

// hashKey hashes a key, always alike: hashes are kept in files. FNV-1a, mixed.
func hashKey(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	h ^= h >> 32
	return h * 0x9E3779B97F4A7C15
}

func folded(s string) string { return string(foldInto(nil, s)) }

// write writes the segment and gives its length.
func (b *builder) write(to io.Writer) (int64, error) {
	w := newSectionWriter(to)
	n, words := len(b.rank), (len(b.rank)+63)/64
	put(w, secFlags, b.flags)
	put(w, secRank, b.rank)
	dense := make([]uint64, facetBits*words)
	for i, f := range b.flags {
		for bit := range facetBits {
			if f>>bit&1 == 1 {
				dense[bit*words+i/64] |= 1 << (i % 64)
			}
		}
	}
	put(w, secDense, dense)
	put(w, secTiers, b.tiers(words))
	put(w, secKeys, b.keys())
	put(w, secClass, b.classOf)
	classes := make([]string, len(b.classes))
	for c, i := range b.classes {
		classes[i] = c
	}
	tops, topDense := b.topClasses(classes, words)
	put(w, secTops, tops)
	put(w, secTopDense, topDense)
	putStrings(w, secClassOffsets, secClassBlob, classes)
	put(w, secStarts, append(slices.Clone(b.starts), uint32(n)))
	putStrings(w, secProviderOffsets, secProviderBlob, b.providers)
	putKeyed(w, secIDHashes, secIDDocs, b.ids)
	putKeyed(w, secExactHashes, secExactDocs, b.exact)
	put(w, secDocOffsets, b.offsets)
	put(w, secDocBlob, b.docs)
	put(w, secItemOffsets, b.items.offsets)
	put(w, secItemBlob, b.items.blob)
	b.writeTerms(w)
	return w.finish(uint32(n))
}

// tiers are the bitmaps of the best-ranked documents.
func (b *builder) tiers(words int) []uint64 {
	order := make([]uint32, len(b.rank))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(b.rank[y], b.rank[x]), cmp.Compare(b.ids[x].hash, b.ids[y].hash))
	})
	out := make([]uint64, len(tierSizes)*words)
	for t, size := range tierSizes {
		for _, d := range order[:min(size, len(order))] {
			out[t*words+int(d)/64] |= 1 << (d % 64)
		}
	}
	return out
}

// keys break ties of the rank, and lead a page of hits on from the last one.
func (b *builder) keys() []uint64 {
	out := make([]uint64, len(b.ids))
	for i, k := range b.ids {
		out[i] = k.hash
	}
	return out
}

// maxTops bounds the 类 that have a bitmap.
const maxTops = 16

// topClasses makes a bitmap for each first character of the class codes: what
// is counted while no class is chosen.
func (b *builder) topClasses(classes []string, words int) (tops []byte, dense []uint64) {
	place := make([]int, len(classes))
	for i, c := range classes {
		place[i] = -1
		if c == "" {
			continue
		}
		at := slices.Index(tops, c[0])
		if at < 0 {
			at, tops = len(tops), append(tops, c[0])
		}
		place[i] = at
	}
	if len(tops) > maxTops {
		return nil, nil
	}
	dense = make([]uint64, len(tops)*words)
	for d, c := range b.classOf {
		if at := place[c]; at >= 0 {
			dense[at*words+d/64] |= 1 << (d % 64)
		}
	}
	return tops, dense
}

// fewDocs is up to how many documents a posting list is plain numbers.
const fewDocs = 4

// writeTerms writes the dictionary, sorted, and the postings.
func (b *builder) writeTerms(w *sectionWriter) {
	terms := make([]string, 0, len(b.terms))
	for t := range b.terms {
		terms = append(terms, t)
	}
	slices.Sort(terms)
	offsets := make([]uint64, 0, len(terms)+1)
	entries := make([]termEntry, 0, len(terms))
	var blobSize, at uint64
	w.begin(secPostings)
	bm := roaring.New()
	var docs []uint32
	var raw []byte
	for _, t := range terms {
		offsets = append(offsets, blobSize)
		blobSize += uint64(len(t))
		list := &b.lists[b.terms[t]]
		docs = list.decode(docs[:0])
		entries = append(entries, termEntry{Offset: at, Count: list.count})
		raw = raw[:0]
		if len(docs) <= fewDocs {
			for _, d := range docs {
				raw = binary.NativeEndian.AppendUint32(raw, d)
			}
		} else {
			bm.Clear()
			bm.AddMany(docs)
			raw, _ = bm.ToBytes()
		}
		at += uint64(w.write(raw))
		at += uint64(w.write(padding[:-len(raw)&7]))
	}
	w.end()
	offsets = append(offsets, blobSize)
	put(w, secTermOffsets, offsets)
	w.begin(secTermBlob)
	for _, t := range terms {
		w.write([]byte(t))
	}
	w.end()
	put(w, secTerms, entries)
}

func (p *postingList) decode(docs []uint32) []uint32 {
	var last uint32
	for b := p.bytes; len(b) > 0; {
		d, n := binary.Uvarint(b)
		last += uint32(d)
		docs, b = append(docs, last), b[n:]
	}
	return docs
}

func putStrings(w *sectionWriter, offsets, blob section, list []string) {
	at := []uint64{0}
	var all []byte
	for _, s := range list {
		all = append(all, s...)
		at = append(at, uint64(len(all)))
	}
	put(w, offsets, at)
	put(w, blob, all)
}

func putKeyed(w *sectionWriter, hashes, docs section, list []keyed) {
	slices.SortFunc(list, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.doc, b.doc)) })
	h, d := make([]uint64, len(list)), make([]uint32, len(list))
	for i, k := range list {
		h[i], d[i] = k.hash, k.doc
	}
	put(w, hashes, h)
	put(w, docs, d)
}
