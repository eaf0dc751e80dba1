// Package trace reads and writes the header traceparent (W3C Trace Context), so
// that a call can be followed from the consumer's system through the node to
// the provider's.
//
// What a caller sends is taken by its form alone: it decides nothing and
// proves nothing, the receipt does. It is passed on and logged. Members of
// tracestate are not passed on: they may hold anything.
package trace

import (
	"encoding/hex"
	"strings"
)

// Header is the name of the header.
const Header = "Traceparent"

// Context is one place in a trace.
type Context struct {
	trace   [32]byte // lower-case hex, not all zero
	parent  [16]byte
	sampled bool
}

// Parse reads a header's value; false: it is none, and a new trace begins.
// Fields that a later version adds behind the known ones are read over.
func Parse(value string) (Context, bool) {
	var c Context
	const length = 55 // 00-<32>-<16>-<2>
	if len(value) < length || value[2] != '-' || value[35] != '-' || value[52] != '-' {
		return c, false
	}
	version, flags := value[:2], value[53:55]
	if !lowerHex(version) || version == "ff" || !lowerHex(flags) ||
		version == "00" && len(value) != length || len(value) > length && value[length] != '-' {
		return c, false
	}
	if !lowerHex(value[3:35]) || !lowerHex(value[36:52]) || zero(value[3:35]) || zero(value[36:52]) {
		return c, false
	}
	copy(c.trace[:], value[3:35])
	copy(c.parent[:], value[36:52])
	c.sampled = strings.IndexByte("13579bdf", flags[1]) >= 0
	return c, true
}

// Begin starts a trace with a UUID as its number: what is called by that UUID
// elsewhere (a receipt, a request) is found by it here. What is no UUID gives
// the zero Context.
func Begin(uuid string) Context {
	var c Context
	digits, ok := digitsOf(uuid)
	if ok {
		c.trace = digits
		copy(c.parent[:], digits[16:])
	}
	return c
}

// Next is the same trace one step on: what comes next has the second half of
// the UUID as its parent.
func (c Context) Next(uuid string) Context {
	if digits, ok := digitsOf(uuid); ok {
		copy(c.parent[:], digits[16:])
	}
	return c
}

// Or gives the trace that a header continues, or a new one named by the UUID;
// either way the UUID is the place that stands in it.
func Or(values []string, uuid string) Context {
	if len(values) == 1 {
		if c, ok := Parse(values[0]); ok {
			return c.Next(uuid)
		}
	}
	return Begin(uuid)
}

// ID is the number of the trace, 32 hexadecimal digits.
func (c Context) ID() string { return string(c.trace[:]) }

// String is the header's value.
func (c Context) String() string {
	flags := "00"
	if c.sampled {
		flags = "01"
	}
	return "00-" + string(c.trace[:]) + "-" + string(c.parent[:]) + "-" + flags
}

func digitsOf(uuid string) (out [32]byte, ok bool) {
	n := 0
	for i := range len(uuid) {
		if uuid[i] == '-' {
			continue
		}
		if n == len(out) {
			return out, false
		}
		out[n] = uuid[i]
		n++
	}
	return out, n == len(out) && lowerHex(string(out[:])) && !zero(string(out[16:]))
}

func lowerHex(s string) bool {
	// Upper case is not the header's form, though a decoder would take it.
	if _, err := hex.DecodeString(s); err != nil {
		return false
	}
	return s == strings.ToLower(s)
}

func zero(s string) bool { return strings.Trim(s, "0") == "" }
