package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Bounds of canonical JSON: far above any entry, low enough that a hostile
// receipt costs nothing to refuse.
const (
	maxDepth   = 16
	maxMembers = 256
)

// checkCanonical tells whether b is one JSON value in the one spelling that
// encoding/json gives it without HTML escaping: no white space, no duplicate
// keys, no escape where none is needed, valid UTF-8.
//
// U+FFFD is refused: decoders put it in the place of broken input, so with it
// two different inputs could read as the same entry.
func checkCanonical(b []byte) error {
	s := scanner{b: b}
	if err := s.value(0); err != nil {
		return fmt.Errorf("at byte %d: %w", s.i, err)
	}
	if s.i != len(b) {
		return fmt.Errorf("at byte %d: data after the value", s.i)
	}
	return nil
}

var (
	errSyntax    = errors.New("not canonical JSON")
	errDuplicate = errors.New("duplicate key")
	errTooDeep   = errors.New("nested too deeply")
	errTooMany   = errors.New("too many members")
	errEscape    = errors.New("needless or unknown escape")
	errText      = errors.New("invalid UTF-8, control or replacement character")
)

type scanner struct {
	b []byte
	i int
}

// peek gives the next byte, or 0 at the end: 0 starts no JSON value.
func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) take(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *scanner) value(depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	switch c := s.peek(); {
	case c == '{':
		return s.object(depth)
	case c == '[':
		return s.array(depth)
	case c == '"':
		_, err := s.text()
		return err
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(s.b[s.i:], []byte(word)) {
			s.i += len(word)
			return nil
		}
	}
	return errSyntax
}

func (s *scanner) object(depth int) error {
	s.i++
	if s.take('}') {
		return nil
	}
	var keys [][]byte
	for {
		key, err := s.text()
		if err != nil {
			return err
		}
		// Keys are in canonical spelling, so equal keys are equal bytes.
		for _, k := range keys {
			if bytes.Equal(k, key) {
				return errDuplicate
			}
		}
		if keys = append(keys, key); len(keys) > maxMembers {
			return errTooMany
		}
		if !s.take(':') {
			return errSyntax
		}
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if s.take('}') {
			return nil
		}
		if !s.take(',') {
			return errSyntax
		}
	}
}

func (s *scanner) array(depth int) error {
	s.i++
	if s.take(']') {
		return nil
	}
	for {
		if err := s.value(depth + 1); err != nil {
			return err
		}
		if s.take(']') {
			return nil
		}
		if !s.take(',') {
			return errSyntax
		}
	}
}

// text reads a string and gives what stands between the quotes.
func (s *scanner) text() ([]byte, error) {
	if !s.take('"') {
		return nil, errSyntax
	}
	start := s.i
	for s.i < len(s.b) {
		c := s.b[s.i]
		switch {
		case c == '"':
			s.i++
			return s.b[start : s.i-1], nil
		case c == '\\':
			if err := s.escape(); err != nil {
				return nil, err
			}
		case c < 0x20:
			return nil, errText
		case c < utf8.RuneSelf:
			s.i++
		default:
			r, n := utf8.DecodeRune(s.b[s.i:])
			if r == utf8.RuneError || r == '\u2028' || r == '\u2029' {
				return nil, errText
			}
			s.i += n
		}
	}
	return nil, errSyntax
}

// escape takes the escapes that the encoder writes: the short ones, \u00XX
// for the other control characters, and the two line separators that it
// escapes for the sake of JavaScript.
func (s *scanner) escape() error {
	rest := s.b[s.i+1:]
	if len(rest) > 0 && bytes.IndexByte([]byte(`"\bfnrt`), rest[0]) >= 0 {
		s.i += 2
		return nil
	}
	if len(rest) < 5 || rest[0] != 'u' {
		return errEscape
	}
	code := string(rest[1:5])
	s.i += 6
	switch {
	case code == "2028" || code == "2029":
		return nil
	case code[:2] != "00" || code[2] != '0' && code[2] != '1':
		return errEscape
	case code[2] == '0' && bytes.IndexByte([]byte("89acd"), code[3]) >= 0:
		return errEscape // \b \t \n \f \r have short forms
	case code[3] >= '0' && code[3] <= '9' || code[3] >= 'a' && code[3] <= 'f':
		return nil
	}
	return errEscape
}

func (s *scanner) number() error {
	s.take('-')
	if !s.take('0') && !s.digits() {
		return errSyntax
	}
	if s.take('.') && !s.digits() {
		return errSyntax
	}
	if s.take('e') {
		if !s.take('+') {
			s.take('-')
		}
		if !s.digits() {
			return errSyntax
		}
	}
	return nil
}

func (s *scanner) digits() bool {
	start := s.i
	for c := s.peek(); c >= '0' && c <= '9'; c = s.peek() {
		s.i++
	}
	return s.i > start
}
