package worktime

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit is what a term is counted in.
type Unit uint8

const (
	// WorkingDay (工作日): days that are worked, make-up days included.
	WorkingDay Unit = iota + 1
	// CalendarDay (日): every day.
	CalendarDay
	// Month (个月): to the corresponding day.
	Month
	// Year (年): to the corresponding day.
	Year
)

// units lists each unit's name in rulebooks and JSON, its code in the short
// form of a Term, and how Chinese texts write it.
var units = [...]struct{ name, code, chinese string }{
	WorkingDay:  {"working_day", "WD", "个工作日"},
	CalendarDay: {"calendar_day", "D", "日"},
	Month:       {"month", "M", "个月"},
	Year:        {"year", "Y", "年"},
}

// maxLength bounds a term; nothing in the law comes near it.
const maxLength = 10_000

func (u Unit) known() bool { return u >= WorkingDay && u <= Year }

// String is the unit's name: "working_day".
func (u Unit) String() string {
	if !u.known() {
		return "unknown_unit"
	}
	return units[u].name
}

// MarshalText implements encoding.TextMarshaler.
func (u Unit) MarshalText() ([]byte, error) {
	if !u.known() {
		return nil, fmt.Errorf("worktime: unknown unit %d", u)
	}
	return []byte(units[u].name), nil
}

// UnmarshalText implements encoding.TextUnmarshaler.
func (u *Unit) UnmarshalText(text []byte) error {
	for i := WorkingDay; i <= Year; i++ {
		if units[i].name == string(text) {
			*u = i
			return nil
		}
	}
	return fmt.Errorf("worktime: unknown unit %q", text)
}

// Term is the length of a period. A term of length 0 ends on the day of the
// event or, if that is a rest day, on the next working day.
type Term struct {
	Length int  `json:"length" yaml:"length"`
	Unit   Unit `json:"unit" yaml:"unit"`
}

// WorkingDays is a term of n working days.
func WorkingDays(n int) Term { return Term{Length: n, Unit: WorkingDay} }

// IsZero tells whether no term is given at all.
func (t Term) IsZero() bool { return t == Term{} }

// Validate checks unit and length (0 to 10,000).
func (t Term) Validate() error {
	switch {
	case !t.Unit.known():
		return fmt.Errorf("worktime: term has unknown unit %d", t.Unit)
	case t.Length < 0 || t.Length > maxLength:
		return fmt.Errorf("worktime: term length %d is not between 0 and %d", t.Length, maxLength)
	}
	return nil
}

// Code is the short form: "10WD", "30D", "3M", "1Y".
func (t Term) Code() string {
	if !t.Unit.known() {
		return strconv.Itoa(t.Length) + "?"
	}
	return strconv.Itoa(t.Length) + units[t.Unit].code
}

// String is how Chinese texts write the term: "10个工作日".
func (t Term) String() string {
	if !t.Unit.known() {
		return strconv.Itoa(t.Length) + "?"
	}
	return strconv.Itoa(t.Length) + units[t.Unit].chinese
}

// ParseTerm reads the short form that Code writes.
func ParseTerm(s string) (Term, error) {
	digits := len(s) - len(strings.TrimLeft(s, "0123456789"))
	length, err := strconv.Atoi(s[:digits])
	if err == nil {
		for u := WorkingDay; u <= Year; u++ {
			if units[u].code == s[digits:] {
				term := Term{Length: length, Unit: u}
				return term, term.Validate()
			}
		}
	}
	return Term{}, fmt.Errorf("worktime: %q is not a term such as 10WD, 30D, 3M or 1Y", s)
}
