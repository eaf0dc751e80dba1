package dcat

import (
	"bytes"
	"encoding/json"
	"strconv"
	"time"
)

// jsonld writes one graph: {"@context": …, "graph": [node, …]}. Nodes hang
// inside one another.
type jsonld struct{}

func (jsonld) begin(b *bytes.Buffer) {
	b.WriteString("{\n")
	writeContext(b)
	b.WriteString(",\n\"graph\": [")
}

func (j jsonld) node(b *bytes.Buffer, n *Node, nth int, say func(*Node) bool) {
	if nth > 0 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	j.object(b, n, say, 1)
}

func (jsonld) end(b *bytes.Buffer, _ int) { b.WriteString("\n]\n}\n") }

func (j jsonld) object(b *bytes.Buffer, n *Node, say func(*Node) bool, depth int) {
	if !say(n) {
		b.WriteString(`{"id": `)
		quote(b, n.id)
		b.WriteByte('}')
		return
	}
	b.WriteString("{\n")
	indent(b, depth)
	b.WriteString(`"id": `)
	quote(b, n.id)
	if len(n.types) > 0 {
		member(b, depth, "type")
		j.values(b, len(n.types), false, depth, func(i int) { quote(b, n.types[i].term) })
	}
	for _, f := range n.fields {
		member(b, depth, f.property.term)
		j.values(b, len(f.values), f.property.kind == list, depth, func(i int) { j.value(b, f.property, f.values[i], say, depth+1) })
	}
	b.WriteByte('\n')
	indent(b, depth-1)
	b.WriteByte('}')
}

// values writes one value bare and several as an array.
func (jsonld) values(b *bytes.Buffer, n int, always bool, depth int, write func(i int)) {
	if n == 1 && !always {
		write(0)
		return
	}
	b.WriteByte('[')
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		indent(b, depth+1)
		write(i)
	}
	b.WriteByte('\n')
	indent(b, depth)
	b.WriteByte(']')
}

func (j jsonld) value(b *bytes.Buffer, _ *property, v any, say func(*Node) bool, depth int) {
	switch x := v.(type) {
	case *Node:
		j.object(b, x, say, depth+1)
	case string:
		quote(b, x)
	case bool:
		b.WriteString(strconv.FormatBool(x))
	case int:
		b.WriteString(strconv.Itoa(x))
	case time.Time:
		quote(b, instant(x))
	}
}

// Context is the JSON-LD context on its own, as /dcat/context.jsonld serves
// it. Documents hold it inline: none has to be fetched to be read.
func Context() []byte {
	var b bytes.Buffer
	b.WriteString("{\n")
	writeContext(&b)
	b.WriteString("\n}\n")
	return b.Bytes()
}

func writeContext(b *bytes.Buffer) {
	b.WriteString("\"@context\": {\n  \"id\": \"@id\",\n  \"type\": \"@type\",\n  \"graph\": \"@graph\"")
	for _, p := range prefixes {
		member(b, 1, p.name)
		quote(b, p.iri)
	}
	for _, c := range classes {
		member(b, 1, c.term)
		quote(b, c.name)
	}
	for _, p := range properties {
		member(b, 1, p.term)
		b.WriteString(`{"@id": `)
		quote(b, p.name)
		b.WriteString(coercions[p.kind])
		b.WriteByte('}')
	}
	b.WriteString("\n}")
}

// coercions is what the context says of the values of each kind.
var coercions = map[kind]string{
	text:    `, "@language": "zh"`,
	plain:   ``,
	moment:  `, "@type": "xsd:dateTime"`,
	boolean: `, "@type": "xsd:boolean"`,
	integer: `, "@type": "xsd:integer"`,
	ref:     `, "@type": "@id"`,
	list:    `, "@type": "@id", "@container": "@list"`,
}

func member(b *bytes.Buffer, depth int, name string) {
	b.WriteString(",\n")
	indent(b, depth)
	quote(b, name)
	b.WriteString(": ")
}

const spaces = "                                "

// indent is one space a level: the documents are large.
func indent(b *bytes.Buffer, depth int) { b.WriteString(spaces[:min(max(depth, 0), len(spaces))]) }

// quote writes a JSON string.
func quote(b *bytes.Buffer, s string) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	_ = e.Encode(s)         // a string always can be encoded, and a buffer takes all
	b.Truncate(b.Len() - 1) // the line feed that Encode ends with
}
