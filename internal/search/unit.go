package search

import (
	"slices"
	"strings"
)

// unit is one run of the query, ready to be looked up.
type unit struct {
	text      string
	chars     []rune
	han       bool
	initials  bool       // may be initials of a name
	syllables [][]string // ways to read it as pinyin
}

func newUnit(text string) *unit {
	u := &unit{text: text, chars: []rune(text), han: isHanRun(text)}
	if !u.han && len(u.chars) > maxWord {
		u.chars = u.chars[:maxWord]
		u.text = string(u.chars)
	}
	if !u.han && onlyLetters(u.text) {
		u.initials = len(u.text) >= 2
		u.syllables = cutSyllables(u.text)
	}
	return u
}

// exact tells that the index alone decides: no pairs that may stand apart.
func (u *unit) exact() bool {
	if u.han {
		return len(u.chars) <= 2
	}
	if u.initials && len(u.text) > maxInitials {
		return false
	}
	return !slices.ContainsFunc(u.syllables, func(s []string) bool { return len(s) > 2 })
}

// edge gives the term of a short beginning of a word; longer ones are ranges of
// the dictionary.
func (u *unit) edge(field byte) (string, bool) {
	if u.han || len(u.chars) > maxEdge {
		return "", false
	}
	return string([]byte{field, kindEdge}) + u.text, true
}

// ways gives the lists of terms of which one must be wholly there, for the
// directory of departments, whose words are short.
func (u *unit) ways() [][]string {
	if u.han {
		return [][]string{pairs(inAny, u.text)}
	}
	var out [][]string
	if t, ok := u.edge(inAny); ok {
		out = append(out, []string{t})
	} else {
		out = append(out, []string{string([]byte{inAny, kindEdge}) + string(u.chars[:maxEdge])})
	}
	if u.initials {
		out = append(out, grams(inName, u.text))
	}
	for _, s := range u.syllables {
		out = append(out, chains(inName, s))
	}
	return out
}

// span is a matched piece of a folded text, in characters.
type span struct{ start, end int }

// spans gives the pieces of a field that the unit matches; byName: pinyin
// counts.
func (u *unit) spans(text []rune, byName bool) []span {
	if u.han {
		return u.contained(text)
	}
	var out []span
	for r := nextRun(text, 0); r.class != blank; r = nextRun(text, r.end) {
		switch {
		case r.class == letter && hasPrefix(text[r.start:r.end], u.chars):
			out = append(out, span{r.start, r.start + len(u.chars)})
		case r.class == han && byName:
			out = append(out, u.sounding(text, r)...)
		}
	}
	return out
}

func hasPrefix(text, prefix []rune) bool {
	return len(text) >= len(prefix) && slices.Equal(text[:len(prefix)], prefix)
}

func (u *unit) contained(text []rune) []span {
	var out []span
	for i := 0; i+len(u.chars) <= len(text); i++ {
		if text[i] == u.chars[0] && slices.Equal(text[i:i+len(u.chars)], u.chars) {
			out = append(out, span{i, i + len(u.chars)})
			i += len(u.chars) - 1
		}
	}
	return out
}

// sounding gives the pieces of a Chinese run whose initials or syllables are
// those of the unit.
func (u *unit) sounding(text []rune, r run) []span {
	var out []span
	table := pinyinTable()
	for i := r.start; i < r.end; i++ {
		if n := len(u.text); u.initials && i+n <= r.end {
			match := true
			for k := 0; k < n && match; k++ {
				match = strings.IndexByte(table.initials[text[i+k]], u.text[k]) >= 0
			}
			if match {
				out = append(out, span{i, i + n})
				continue
			}
		}
		for _, cut := range u.syllables {
			match := i+len(cut) <= r.end
			for k := 0; k < len(cut) && match; k++ {
				match = slices.Contains(table.of[text[i+k]], cut[k])
			}
			if match {
				out = append(out, span{i, i + len(cut)})
				break
			}
		}
	}
	return out
}
