package search

import (
	"encoding/binary"
	"errors"
	"math"
)

// itemTable numbers the items of a segment: the same item (same names, same
// column) stands in thousands of entries and is kept once.
type itemTable struct {
	number  map[Item]uint32
	offsets []uint64
	blob    []byte
}

func newItemTable() *itemTable {
	return &itemTable{number: map[Item]uint32{}, offsets: []uint64{0}}
}

func (t *itemTable) add(x Item) uint32 {
	n, ok := t.number[x]
	if !ok {
		n = uint32(len(t.number))
		t.number[x] = n
		t.blob = appendText(appendText(appendText(t.blob, x.Name), x.EnglishName), x.Code)
		t.offsets = append(t.offsets, uint64(len(t.blob)))
	}
	return n
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// appendDocument writes what is shown and searched of a document. The small
// facets' values come back from its flags, provider and class from columns.
func appendDocument(b []byte, d *Document, items *itemTable) []byte {
	b = appendText(b, d.Resource)
	b = append(b, byte(d.State))
	b = binary.AppendUvarint(b, uint64(d.Version))
	b = appendText(b, d.Code)
	b = appendText(b, d.Name)
	b = appendText(b, d.Abstract)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(d.Quality)))
	b = binary.AppendUvarint(b, uint64(len(d.Items)))
	for _, x := range d.Items {
		b = binary.AppendUvarint(b, uint64(items.add(x)))
	}
	return b
}

// reader reads what appendText and binary wrote; the first fault stays.
type recordReader struct {
	b   []byte
	err error
}

var errRecord = errors.New("search: a stored document is damaged")

func (r *recordReader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.err, r.b = errRecord, nil
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *recordReader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.err, r.b = errRecord, nil
		return nil
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *recordReader) text() string { return string(r.bytes(r.uint())) }

func (r *recordReader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

// document reads document i back. Its strings are copies: they outlive the
// segment.
func (s *segment) document(i uint32) (Document, error) {
	r := recordReader{b: s.docBlob[s.docOffsets[i]:s.docOffsets[i+1]]}
	d := Document{Resource: r.text(), State: State(r.byte()), Version: int(r.uint()), Code: r.text(), Name: r.text(), Abstract: r.text()}
	if q := r.bytes(4); q != nil {
		d.Quality = float64(math.Float32frombits(binary.LittleEndian.Uint32(q)))
	}
	n := r.uint()
	if n > uint64(len(r.b)) {
		return d, errRecord
	}
	d.Items = make([]Item, 0, n)
	for range n {
		x, err := s.item(r.uint())
		if err != nil {
			return d, err
		}
		d.Items = append(d.Items, x)
	}
	d.Provider = s.providers[s.providerOf(i)]
	d.ClassCode = s.classes[s.class[i]]
	d.Rank = s.rank[i]
	restoreFlags(&d, s.flags[i])
	return d, r.err
}

func (s *segment) item(n uint64) (Item, error) {
	if n+1 >= uint64(len(s.itemOffsets)) {
		return Item{}, errRecord
	}
	r := recordReader{b: s.itemBlob[s.itemOffsets[n]:s.itemOffsets[n+1]]}
	x := Item{Name: r.text(), EnglishName: r.text(), Code: r.text()}
	return x, r.err
}

// restoreFlags fills the fields that the small facets hold.
func restoreFlags(d *Document, flags uint64) {
	only := func(name FacetName) string {
		for _, v := range valuesIn(name, flags) {
			return v
		}
		return ""
	}
	d.Attribute, d.Linked, d.Level = only(ByAttribute), only(ByLinked), only(ByLevel)
	d.FormatKind, d.Frequency = only(ByFormatKind), only(ByFrequency)
	d.Methods = valuesIn(ByMethod, flags)
}

func valuesIn(name FacetName, flags uint64) []string {
	e, _ := enumerationOf(name)
	var out []string
	for i, v := range e.values {
		if flags>>(e.first+i)&1 == 1 && v.value != None {
			out = append(out, v.value)
		}
	}
	return out
}
