package dcat

import (
	"bytes"
	"fmt"
	"io"
)

// Format is a serialisation of RDF.
type Format string

// The serialisations.
const (
	JSONLD Format = "jsonld"
	Turtle Format = "turtle"
)

// MediaType of the serialisation.
func (f Format) MediaType() string {
	if f == Turtle {
		return "text/turtle; charset=utf-8"
	}
	return "application/ld+json"
}

// Extension of a file in it, with the dot.
func (f Format) Extension() string {
	if f == Turtle {
		return ".ttl"
	}
	return ".jsonld"
}

// Writer writes a document node by node: what is written is not kept, but for
// the names of shared nodes (publishers, regions, words of vocabularies), whose
// number does not grow with the catalog. The same nodes give the same bytes.
type Writer struct {
	out     io.Writer
	encoder encoder
	said    map[string]bool // shared nodes
	buf     bytes.Buffer
	nodes   int
}

// encoder is a serialisation.
type encoder interface {
	begin(b *bytes.Buffer)
	node(b *bytes.Buffer, n *Node, nth int, say func(*Node) bool)
	end(b *bytes.Buffer, nodes int)
}

// NewWriter begins a document.
func NewWriter(out io.Writer, f Format) (*Writer, error) {
	w := &Writer{out: out, said: map[string]bool{}}
	switch f {
	case JSONLD:
		w.encoder = jsonld{}
	case Turtle:
		w.encoder = turtle{}
	default:
		return nil, fmt.Errorf("dcat: unknown format %q", f)
	}
	w.encoder.begin(&w.buf)
	return w, w.flush()
}

// Write writes a node with those below it.
func (w *Writer) Write(n *Node) error {
	w.encoder.node(&w.buf, n, w.nodes, w.say)
	w.nodes++
	return w.flush()
}

// Close ends the document; it does not close what is written to.
func (w *Writer) Close() error {
	w.encoder.end(&w.buf, w.nodes)
	return w.flush()
}

// say tells whether the node has to be told in full here.
func (w *Writer) say(n *Node) bool {
	if !n.shared {
		return true
	}
	if w.said[n.id] {
		return false
	}
	w.said[n.id] = true
	return true
}

func (w *Writer) flush() error {
	_, err := w.out.Write(w.buf.Bytes())
	w.buf.Reset()
	return err
}
