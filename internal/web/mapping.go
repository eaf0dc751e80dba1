package web

import (
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// each maps a list; the answer is never nil, so that it is [] on the wire.
func each[A, B any](in []A, f func(A) B) []B {
	out := make([]B, 0, len(in))
	for _, a := range in {
		out = append(out, f(a))
	}
	return out
}

// names turns a list of string-like values into strings.
func names[S ~string](in []S) []string {
	return each(in, func(s S) string { return string(s) })
}

// strs makes a list of strings that is never nil.
func strs(in []string) []string { return names(in) }

// next gives the cursor of the following page: the last ID when the page is
// full, else nothing.
func next[T any](page []T, limit int, id func(T) string) string {
	if limit <= 0 || len(page) < limit {
		return ""
	}
	return id(page[len(page)-1])
}

func utcp(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := t.UTC()
	return &u
}

// filled is the instant, or nil for the zero one.
func filled(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return utcp(&t)
}

// inside puts the name of the enclosing member before the fields of the input
// that a use case found fault with, so that the caller finds them where it
// wrote them. Faults of another kind (a sharing office that is not filed, say)
// speak of other things than the input.
func inside(member string, err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		c.Fields[i].Path = member + "." + c.Fields[i].Path
	}
	return &c
}
