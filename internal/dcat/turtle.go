package dcat

import (
	"bytes"
	"fmt"
	"strconv"
	"time"
)

// turtle writes a statement for each node; nodes below it follow it.
type turtle struct{}

func (turtle) begin(b *bytes.Buffer) {
	for _, p := range prefixes {
		fmt.Fprintf(b, "@prefix %s: <%s> .\n", p.name, p.iri)
	}
}

func (t turtle) node(b *bytes.Buffer, n *Node, _ int, say func(*Node) bool) {
	if !say(n) || len(n.types)+len(n.fields) == 0 {
		return
	}
	b.WriteByte('\n')
	iri(b, n.id)
	separator := "\n  a "
	for _, c := range n.types {
		b.WriteString(separator)
		b.WriteString(c.name)
		separator = ", "
	}
	separator = ""
	if len(n.types) > 0 {
		separator = " ;"
	}
	for _, f := range n.fields {
		b.WriteString(separator)
		separator = " ;"
		b.WriteString("\n  ")
		b.WriteString(f.property.name)
		b.WriteByte(' ')
		t.values(b, f)
	}
	b.WriteString(" .\n")
	for _, f := range n.fields {
		for _, v := range f.values {
			if below, ok := v.(*Node); ok {
				t.node(b, below, 0, say)
			}
		}
	}
}

func (t turtle) values(b *bytes.Buffer, f field) {
	if f.property.kind == list {
		b.WriteByte('(')
		for _, v := range f.values {
			b.WriteByte(' ')
			t.value(b, f.property, v)
		}
		b.WriteString(" )")
		return
	}
	for i, v := range f.values {
		if i > 0 {
			b.WriteString(", ")
		}
		t.value(b, f.property, v)
	}
}

func (turtle) value(b *bytes.Buffer, p *property, v any) {
	switch x := v.(type) {
	case *Node:
		iri(b, x.id)
	case bool:
		b.WriteString(strconv.FormatBool(x))
	case int:
		b.WriteString(strconv.Itoa(x))
	case time.Time:
		b.WriteString(`"` + instant(x) + `"^^xsd:dateTime`)
	case string:
		switch p.kind {
		case ref, list:
			iri(b, x)
		case text:
			literal(b, x)
			b.WriteString("@zh")
		default:
			literal(b, x)
		}
	}
}

// literal writes a Turtle string. What cannot stand in one, and what a reader
// could not see, is escaped.
func literal(b *bytes.Buffer, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			if r < 0x20 || r >= 0x7f && r < 0xa0 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
				fmt.Fprintf(b, `\u%04X`, r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
}

// iri writes an IRI reference. The IRIs are made by this package and hold
// nothing to escape; should one all the same, it cannot end its brackets.
func iri(b *bytes.Buffer, s string) {
	b.WriteByte('<')
	for _, r := range s {
		switch {
		case r <= 0x20, r == '<', r == '>', r == '"', r == '{', r == '}', r == '|', r == '^', r == '`', r == '\\':
			fmt.Fprintf(b, "%%%02X", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('>')
}

func (turtle) end(*bytes.Buffer, int) {}
