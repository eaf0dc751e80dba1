package search

import (
	"unicode"
)

// maxRun bounds a run of the query, in characters; what is longer is cut into
// runs of this length, which must all match.
const maxRun = 64

// fold makes texts comparable, character by character, so that positions in
// the folded text are positions in the text: lower case, half width.
func fold(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r < 0x80:
		return r
	case r >= 0xFF01 && r <= 0xFF5E: // full width
		return fold(r - 0xFEE0)
	case isHan(r):
		return r
	}
	return unicode.ToLower(r)
}

// class is what a character is to the index.
type class uint8

const (
	blank  class = iota
	han          // a Chinese character
	letter       // a letter of another script, or a digit
)

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == 0x3007 || r >= 0x20000 && r <= 0x3FFFF
}

// classOf tells the class of a folded character.
func classOf(r rune) class {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
		return letter
	case r < 0x80:
		return blank
	case isHan(r):
		return han
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		return letter
	}
	return blank
}

// foldInto appends the folded characters of a text.
func foldInto(buf []rune, text string) []rune {
	for _, r := range text {
		buf = append(buf, fold(r))
	}
	return buf
}

// run is a piece of a text of one class.
type run struct {
	class      class
	start, end int // characters
}

// nextRun finds the next run at or after a position; its class is blank at the
// end of the text.
func nextRun(text []rune, at int) run {
	for at < len(text) && classOf(text[at]) == blank {
		at++
	}
	if at == len(text) {
		return run{}
	}
	r := run{class: classOf(text[at]), start: at, end: at + 1}
	for r.end < len(text) && classOf(text[r.end]) == r.class {
		r.end++
	}
	return r
}

// runsOf cuts a query into its runs, each once.
func runsOf(text string) []string {
	folded := foldInto(nil, text)
	var out []string
	seen := map[string]bool{}
	for r := nextRun(folded, 0); r.class != blank; r = nextRun(folded, r.end) {
		for from := r.start; from < r.end; from += maxRun {
			s := string(folded[from:min(from+maxRun, r.end)])
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// isHanRun tells the class of a run by its first character.
func isHanRun(s string) bool {
	for _, r := range s {
		return isHan(r)
	}
	return false
}
