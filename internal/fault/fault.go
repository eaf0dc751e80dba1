package fault

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Kind says what sort of refusal a Fault is. Transport maps a Kind, never a
// code, to a status.
type Kind uint8

const (
	// Invalid: the input is wrong; Fields says where.
	Invalid Kind = iota + 1
	// Unauthenticated: the caller did not prove who it is.
	Unauthenticated
	// Forbidden: the caller is known and may not do this.
	Forbidden
	// NotFound: there is no such thing, or the caller may not know of it.
	NotFound
	// Conflict: somebody else changed the thing first, or it exists already.
	Conflict
	// Illegal: the procedure does not allow this step now.
	Illegal
	// TooLarge: the input exceeds a stated bound.
	TooLarge
	// RateLimited: a quota or rate is used up.
	RateLimited
	// Unavailable: a part that is needed does not answer; trying again may help.
	Unavailable
	// Upstream: the provider's system answered wrongly.
	Upstream
)

// Field is one fault of one input field.
type Field struct {
	// Path of the field as the caller wrote it: "items[2].level".
	Path string `json:"field"`
	// Code is a stable English word: required, too_long, not_in_list, check_digit, ...
	Code string `json:"code"`
	// Message tells a person, in Chinese, what is wrong and what would be right.
	Message string `json:"message"`
	// Basis is the clause that asks for it (requirement ID such as "CN-13.2"), if any.
	Basis string `json:"basis,omitempty"`
}

// Fault is a refusal. It is immutable once returned.
type Fault struct {
	Kind    Kind
	Code    string         // stable English code: "step_not_allowed"
	Message string         // Chinese, public
	Basis   string         // requirement ID of the clause: "CN-21.2"; empty where no clause speaks
	Fields  []Field        // every faulty field at once
	Facts   map[string]any // public facts that help the caller: who did what, the current stage
	cause   error          // logged, never shown
}

// New makes a fault.
func New(kind Kind, code, message string) *Fault {
	return &Fault{Kind: kind, Code: code, Message: message}
}

// Newf is New with a formatted message.
func Newf(kind Kind, code, format string, args ...any) *Fault {
	return New(kind, code, fmt.Sprintf(format, args...))
}

// Under names the clause the refusal rests on.
func (f *Fault) Under(basis string) *Fault {
	c := *f
	c.Basis = basis
	return &c
}

// With adds a public fact.
func (f *Fault) With(name string, value any) *Fault {
	c := *f
	c.Facts = make(map[string]any, len(f.Facts)+1)
	for k, v := range f.Facts {
		c.Facts[k] = v
	}
	c.Facts[name] = value
	return &c
}

// Because keeps the cause for the log.
func (f *Fault) Because(cause error) *Fault {
	c := *f
	c.cause = cause
	return &c
}

// Error includes the cause: it is meant for logs.
func (f *Fault) Error() string {
	var b strings.Builder
	b.WriteString(f.Code)
	b.WriteString(": ")
	b.WriteString(f.Message)
	if f.Basis != "" {
		b.WriteString(" [" + f.Basis + "]")
	}
	for _, x := range f.Fields {
		b.WriteString("; " + x.Path + ": " + x.Message)
	}
	if f.cause != nil {
		b.WriteString(": " + f.cause.Error())
	}
	return b.String()
}

// Unwrap gives the logged cause.
func (f *Fault) Unwrap() error { return f.cause }

// As finds the fault in an error chain.
func As(err error) (*Fault, bool) {
	var f *Fault
	ok := errors.As(err, &f)
	return f, ok
}

// Is tells whether err is a fault with this code.
func Is(err error, code string) bool {
	f, ok := As(err)
	return ok && f.Code == code
}

// Collector gathers field faults, so that a form is told everything at once.
// The zero value is ready.
type Collector struct{ fields []Field }

// Add records a fault of one field.
func (c *Collector) Add(path, code, message, basis string) {
	c.fields = append(c.fields, Field{Path: path, Code: code, Message: message, Basis: basis})
}

// Require records "required" when value is blank.
func (c *Collector) Require(path, name, value, basis string) {
	if strings.TrimSpace(value) == "" {
		c.Add(path, "required", name+"为必填项", basis)
	}
}

// Merge takes over the field faults of err, if it is a fault with fields, with
// the prefix before each path. It reports whether it did.
func (c *Collector) Merge(prefix string, err error) bool {
	f, ok := As(err)
	if !ok || len(f.Fields) == 0 {
		return false
	}
	for _, x := range f.Fields {
		x.Path = prefix + x.Path
		c.fields = append(c.fields, x)
	}
	return true
}

// Empty tells whether nothing was recorded.
func (c *Collector) Empty() bool { return len(c.fields) == 0 }

// Err is nil when nothing was recorded; otherwise one Invalid fault with all
// fields. Its basis is given when every field rests on the same clause, or
// as the given basis.
func (c *Collector) Err(code, message, basis string) error {
	if len(c.fields) == 0 {
		return nil
	}
	if basis == "" {
		basis = c.fields[0].Basis
		for _, x := range c.fields {
			if x.Basis != basis {
				basis = ""
				break
			}
		}
	}
	return &Fault{Kind: Invalid, Code: code, Message: message, Basis: basis, Fields: slices.Clone(c.fields)}
}

// Missing is the NotFound fault for a thing of the given Chinese kind.
func Missing(what, id string) *Fault {
	return Newf(NotFound, "not_found", "没有找到%s", what).With("id", id)
}
