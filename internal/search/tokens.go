package search

import "unicode/utf8"

// A term of the index is a field, a kind and a text. Terms of the field named
// are also terms of any field.
const (
	inAny  = 'a'
	inName = 'n'
)

// The kinds of terms.
const (
	kindHan       = 'c' // one or two Chinese characters in a row
	kindWord      = 'w' // a word of letters and digits
	kindEdge      = 'e' // its first one to three characters
	kindInitials  = 'i' // initials of two to four characters in a row
	kindSyllables = 's' // syllables of one or two characters in a row
)

// Bounds of what is indexed of one field.
const (
	maxEdge     = 3
	maxInitials = 4
	maxWord     = 32   // characters of a word
	maxField    = 4000 // characters of a field; what lies beyond is not found
)

// tokenizer makes the terms of a text. It is not safe for concurrent use.
type tokenizer struct {
	folded []rune
	buf    []byte
}

// text hands over the terms of a field: Chinese characters and pairs, words and
// their beginnings. The slice is valid during the call.
func (t *tokenizer) text(field byte, s string, emit func(term []byte)) {
	t.folded = foldInto(t.folded[:0], s)
	if len(t.folded) > maxField {
		t.folded = t.folded[:maxField]
	}
	for r := nextRun(t.folded, 0); r.class != blank; r = nextRun(t.folded, r.end) {
		if r.class == han {
			for i := r.start; i < r.end; i++ {
				t.term(field, kindHan, t.folded[i:i+1], emit)
				if i+1 < r.end {
					t.term(field, kindHan, t.folded[i:i+2], emit)
				}
			}
			continue
		}
		word := t.folded[r.start:min(r.end, r.start+maxWord)]
		t.term(field, kindWord, word, emit)
		for n := 1; n <= maxEdge && n <= len(word); n++ {
			t.term(field, kindEdge, word[:n], emit)
		}
	}
}

func (t *tokenizer) term(field, kind byte, text []rune, emit func([]byte)) {
	t.buf = append(t.buf[:0], field, kind)
	for _, r := range text {
		t.buf = utf8.AppendRune(t.buf, r)
	}
	emit(t.buf)
}

// pinyin hands over the terms of a name by its sound.
func (t *tokenizer) pinyin(field byte, s string, emit func(term []byte)) {
	table := pinyinTable()
	t.folded = foldInto(t.folded[:0], s)
	say := func(kind byte) func(string) {
		return func(text string) {
			t.buf = append(append(t.buf[:0], field, kind), text...)
			emit(t.buf)
		}
	}
	initials, syllables := say(kindInitials), say(kindSyllables)
	var firsts, whole [][]string
	for r := nextRun(t.folded, 0); r.class != blank; r = nextRun(t.folded, r.end) {
		if r.class != han {
			continue
		}
		firsts, whole = firsts[:0], whole[:0]
		for _, c := range t.folded[r.start:r.end] {
			list := table.initials[c]
			letters := make([]string, len(list))
			for i := range list {
				letters[i] = list[i : i+1]
			}
			firsts, whole = append(firsts, letters), append(whole, table.of[c])
		}
		for i := range firsts {
			for n := 2; n <= maxInitials && i+n <= len(firsts); n++ {
				combine(firsts[i:i+n], "", initials)
			}
			combine(whole[i:i+1], " ", syllables)
			if i+2 <= len(whole) {
				combine(whole[i:i+2], " ", syllables)
			}
		}
	}
}

// pairs gives the terms that a Chinese run is looked up by.
func pairs(field byte, s string) []string {
	chars := []rune(s)
	if len(chars) <= 2 {
		return []string{string([]byte{field, kindHan}) + s}
	}
	out := make([]string, 0, len(chars)-1)
	for i := range len(chars) - 1 {
		out = append(out, string([]byte{field, kindHan})+string(chars[i:i+2]))
	}
	return out
}

// grams gives the terms that initials are looked up by.
func grams(field byte, s string) []string {
	if len(s) <= maxInitials {
		return []string{string([]byte{field, kindInitials}) + s}
	}
	var out []string
	for i := 0; i+maxInitials <= len(s); i++ {
		out = append(out, string([]byte{field, kindInitials})+s[i:i+maxInitials])
	}
	return out
}

// chains gives the terms that syllables are looked up by.
func chains(field byte, syllables []string) []string {
	prefix := string([]byte{field, kindSyllables})
	if len(syllables) == 1 {
		return []string{prefix + syllables[0]}
	}
	var out []string
	for i := range len(syllables) - 1 {
		out = append(out, prefix+syllables[i]+" "+syllables[i+1])
	}
	return out
}
