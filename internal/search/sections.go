package search

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"unsafe"
)

// formatVersion is raised whenever the form or the meaning of a segment
// changes; an index of another version is built anew.
const formatVersion = 1

// section is a part of a segment.
type section int

// The sections, each an array of numbers or bytes at a multiple of eight.
const (
	secFlags section = iota
	secRank
	secDense
	secTiers
	secKeys
	secTops
	secTopDense
	secClass
	secClassOffsets
	secClassBlob
	secStarts
	secProviderOffsets
	secProviderBlob
	secIDHashes
	secIDDocs
	secExactHashes
	secExactDocs
	secDocOffsets
	secDocBlob
	secItemOffsets
	secItemBlob
	secPostings
	secTermOffsets
	secTermBlob
	secTerms
	sections
)

// termEntry says where the postings of a term are.
type termEntry struct {
	Offset uint64
	Count  uint32
	_      uint32
}

// trailer ends a segment. Numbers are in the machine's order: an index is not
// carried to another kind of machine, which would see a wrong magic number.
type trailer struct {
	Sections [sections]struct{ Offset, Size uint64 }
	Docs     uint32
	Version  uint32
	Sum      uint32 // CRC-32C of everything before the trailer, then of the trailer up to here
	Magic    uint32
}

const trailerMagic = 0x53514958

var (
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
	padding    [8]byte
)

// sectionWriter writes sections one after the other.
type sectionWriter struct {
	w   *bufio.Writer
	sum uint32
	at  uint64
	cur section
	t   trailer
	err error
}

func newSectionWriter(w io.Writer) *sectionWriter {
	return &sectionWriter{w: bufio.NewWriterSize(w, 1<<20)}
}

func (w *sectionWriter) write(b []byte) int {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
	w.sum = crc32.Update(w.sum, castagnoli, b)
	w.at += uint64(len(b))
	return len(b)
}

func (w *sectionWriter) begin(s section) { w.cur, w.t.Sections[s].Offset = s, w.at }

func (w *sectionWriter) end() {
	w.t.Sections[w.cur].Size = w.at - w.t.Sections[w.cur].Offset
	w.write(padding[:-w.at&7])
}

// put writes a whole section.
func put[T any](w *sectionWriter, s section, values []T) {
	w.begin(s)
	w.write(rawBytes(values))
	w.end()
}

func rawBytes[T any](values []T) []byte {
	if len(values) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&values[0])), len(values)*int(unsafe.Sizeof(values[0])))
}

func (w *sectionWriter) finish(docs uint32) (int64, error) {
	w.t.Docs, w.t.Version, w.t.Magic = docs, formatVersion, trailerMagic
	w.t.Sum = w.t.checksum(w.sum)
	size := int64(w.at)
	tail := rawBytes([]trailer{w.t})
	w.write(tail)
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return size + int64(len(tail)), w.err
}

// checksum goes on from the sum of the sections.
func (t trailer) checksum(sum uint32) uint32 {
	t.Sum, t.Magic = 0, 0
	return crc32.Update(sum, castagnoli, rawBytes([]trailer{t}))
}

// errDamaged: a segment is not what was written, or of another release.
var errDamaged = errors.New("search: segment is damaged or of another version")

// readTrailer checks a segment from end to end.
func readTrailer(data []byte) (trailer, error) {
	var t trailer
	size := int(unsafe.Sizeof(t))
	if len(data) < size || (len(data)-size)%8 != 0 {
		return t, fmt.Errorf("%w: %d bytes", errDamaged, len(data))
	}
	body := data[:len(data)-size]
	if err := binary.Read(bytes.NewReader(data[len(body):]), binary.NativeEndian, &t); err != nil {
		return t, err
	}
	if t.Magic != trailerMagic || t.Version != formatVersion {
		return t, fmt.Errorf("%w: version %d", errDamaged, t.Version)
	}
	if t.checksum(crc32.Checksum(body, castagnoli)) != t.Sum {
		return t, fmt.Errorf("%w: checksum", errDamaged)
	}
	for _, s := range t.Sections {
		if s.Offset%8 != 0 || s.Offset > uint64(len(body)) || s.Size > uint64(len(body))-s.Offset {
			return t, fmt.Errorf("%w: section", errDamaged)
		}
	}
	return t, nil
}

// array sees a section as numbers, without a copy.
func array[T any](data []byte, t *trailer, s section) []T {
	var zero T
	n := t.Sections[s].Size / uint64(unsafe.Sizeof(zero))
	if n == 0 {
		return nil
	}
	return unsafe.Slice((*T)(unsafe.Pointer(&data[t.Sections[s].Offset])), n)
}
