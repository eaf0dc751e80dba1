package search

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sort"

	"github.com/RoaringBitmap/roaring/v2"
)

// segment is an immutable part of the index. Its slices look into data, which
// may be a mapped file: who uses them holds on to the segment.
type segment struct {
	file string // "": in memory
	// pinned: it is being written to a file, so settle leaves it as it is.
	// Guarded by Index.mu.
	pinned bool
	data   []byte
	docs   int
	words  int // of a bitmap over the documents

	flags, dense, tiers     []uint64
	keys, topDense          []uint64
	tops                    []byte
	rank                    []int64
	class                   []uint16
	classes, providers      []string
	starts                  []uint32 // first document of each provider, and the end
	idHashes, exactHashes   []uint64
	idDocs, exactDocs       []uint32
	docOffsets, itemOffsets []uint64
	docBlob, itemBlob       []byte
	termOffsets             []uint64
	termBlob, postings      []byte
	terms                   []termEntry
}

// parseSegment checks the bytes of a segment and looks into them.
func parseSegment(data []byte) (*segment, error) {
	t, err := readTrailer(data)
	if err != nil {
		return nil, err
	}
	s := &segment{data: data, docs: int(t.Docs), words: (int(t.Docs) + 63) / 64}
	s.flags, s.rank = array[uint64](data, &t, secFlags), array[int64](data, &t, secRank)
	s.dense, s.tiers = array[uint64](data, &t, secDense), array[uint64](data, &t, secTiers)
	s.keys, s.tops, s.topDense = array[uint64](data, &t, secKeys), array[byte](data, &t, secTops), array[uint64](data, &t, secTopDense)
	s.class, s.starts = array[uint16](data, &t, secClass), array[uint32](data, &t, secStarts)
	s.classes = stringsOf(array[uint64](data, &t, secClassOffsets), array[byte](data, &t, secClassBlob))
	s.providers = stringsOf(array[uint64](data, &t, secProviderOffsets), array[byte](data, &t, secProviderBlob))
	s.idHashes, s.idDocs = array[uint64](data, &t, secIDHashes), array[uint32](data, &t, secIDDocs)
	s.exactHashes, s.exactDocs = array[uint64](data, &t, secExactHashes), array[uint32](data, &t, secExactDocs)
	s.docOffsets, s.docBlob = array[uint64](data, &t, secDocOffsets), array[byte](data, &t, secDocBlob)
	s.itemOffsets, s.itemBlob = array[uint64](data, &t, secItemOffsets), array[byte](data, &t, secItemBlob)
	s.termOffsets, s.termBlob = array[uint64](data, &t, secTermOffsets), array[byte](data, &t, secTermBlob)
	s.terms, s.postings = array[termEntry](data, &t, secTerms), array[byte](data, &t, secPostings)
	if len(s.flags) != s.docs || len(s.rank) != s.docs || len(s.docOffsets) != s.docs+1 || len(s.dense) != facetBits*s.words ||
		len(s.termOffsets) != len(s.terms)+1 || len(s.starts) != len(s.providers)+1 {
		return nil, fmt.Errorf("%w: lengths", errDamaged)
	}
	return s, nil
}

func stringsOf(offsets []uint64, blob []byte) []string {
	var out []string
	for i := range max(len(offsets), 1) - 1 {
		out = append(out, string(blob[offsets[i]:offsets[i+1]]))
	}
	return out
}

// openSegment maps a file and checks it.
func openSegment(path string) (*segment, error) {
	data, unmap, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	s, err := parseSegment(data)
	if err != nil {
		unmap()
		return nil, err
	}
	s.file = path
	// Queries hold on to the segment; when the last one has ended it is unmapped.
	runtime.AddCleanup(s, func(unmap func()) { unmap() }, unmap)
	return s, nil
}

// memorySegment makes a segment in memory.
func (b *builder) memorySegment() (*segment, error) {
	var buf bytes.Buffer
	if _, err := b.write(&buf); err != nil {
		return nil, err
	}
	return parseSegment(buf.Bytes())
}

// fileSegment writes a segment to a file, safely, and opens it.
func (b *builder) fileSegment(path string) (*segment, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = b.write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return openSegment(path)
}

func (s *segment) term(i int) []byte { return s.termBlob[s.termOffsets[i]:s.termOffsets[i+1]] }

// find gives the place of the first term that is not below t.
func (s *segment) find(t string) int {
	return sort.Search(len(s.terms), func(i int) bool { return string(s.term(i)) >= t })
}

// lookup gives the entry of a term.
func (s *segment) lookup(t string) (termEntry, bool) {
	i := s.find(t)
	if i < len(s.terms) && string(s.term(i)) == t {
		return s.terms[i], true
	}
	return termEntry{}, false
}

// bitmap gives the documents of an entry. It looks into the segment.
func (s *segment) bitmap(e termEntry) *roaring.Bitmap {
	bm := roaring.New()
	if e.Count <= fewDocs {
		bm.AddMany(s.few(e))
		return bm
	}
	if _, err := bm.FromBuffer(s.postings[e.Offset:]); err != nil {
		return roaring.New() // the checksum was right, so this is not reached
	}
	return bm
}

// few gives the documents of an entry that are plain numbers.
func (s *segment) few(e termEntry) []uint32 {
	return array[uint32](s.postings, &trailer{Sections: [sections]struct{ Offset, Size uint64 }{{e.Offset, uint64(e.Count) * 4}}}, 0)
}

// providerOf gives the place of a document's provider.
func (s *segment) providerOf(doc uint32) int {
	i, _ := slices.BinarySearch(s.starts, doc+1)
	return i - 1
}

// keyedDocs calls fn with the documents under the hash of a key.
func keyedDocs(hashes []uint64, docs []uint32, key string, fn func(doc uint32)) {
	h := hashKey(key)
	i, _ := slices.BinarySearch(hashes, h)
	for ; i < len(hashes) && hashes[i] == h; i++ {
		fn(docs[i])
	}
}

// resourceDocs calls fn with the documents of a resource.
func (s *segment) resourceDocs(id string, fn func(doc uint32)) {
	keyedDocs(s.idHashes, s.idDocs, id, func(doc uint32) {
		r := recordReader{b: s.docBlob[s.docOffsets[doc]:s.docOffsets[doc+1]]}
		if string(r.bytes(r.uint())) == id {
			fn(doc)
		}
	})
}
