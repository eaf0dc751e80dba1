package dcat

import (
	"strings"
	"time"
)

// Node is a resource with what is said of it. Nodes hang below one another as
// the documents show them; every node has an IRI, so nothing is anonymous and
// two documents about the same thing can be merged.
type Node struct {
	id     string
	types  []*class
	fields []field
	// shared nodes (a publisher, a region, a word of a vocabulary) are said once
	// in a document and referred to afterwards.
	shared bool
}

// field is one property with its values: string, bool, int, time.Time or *Node.
type field struct {
	property *property
	values   []any
}

func node(id string, types ...*class) *Node { return &Node{id: id, types: types} }

func sharedNode(id string, types ...*class) *Node { return &Node{id: id, types: types, shared: true} }

// add says something of the node. Empty texts, zero times and missing nodes
// say nothing.
func (n *Node) add(p *property, values ...any) *Node {
	f := field{property: p}
	for _, v := range values {
		switch x := v.(type) {
		case string:
			if x = strings.ToValidUTF8(x, "\uFFFD"); strings.TrimSpace(x) == "" {
				continue
			}
			v = x
		case time.Time:
			if x.IsZero() {
				continue
			}
		case *Node:
			if x == nil {
				continue
			}
		}
		f.values = append(f.values, v)
	}
	if len(f.values) > 0 || p.kind == list { // an empty list says something, too
		n.fields = append(n.fields, f)
	}
	return n
}

// texts is add for a list of texts.
func (n *Node) texts(p *property, values []string) *Node {
	all := make([]any, 0, len(values))
	for _, v := range values {
		all = append(all, v)
	}
	return n.add(p, all...)
}

// instant writes a time as xsd:dateTime, to the second.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// segment writes any text as one segment of a path, a fragment or a URN: what
// is not unreserved in RFC 3986 is percent-encoded.
func segment(text string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}
