package search

import (
	"slices"
	"strings"
	"sync"

	"github.com/mozillazg/go-pinyin"
)

// maxReadings bounds the readings of a character that are indexed, the usual
// ones first; maxCombinations those of a group of characters.
const (
	maxReadings     = 3
	maxCombinations = 16
)

// readings is the table of pinyin: toneless syllables of a character.
type readings struct {
	of        map[rune][]string
	initials  map[rune]string // distinct first letters, one byte each
	syllables map[string]bool
	longest   int
}

var pinyinTable = sync.OnceValue(func() *readings {
	t := &readings{of: make(map[rune][]string, len(pinyin.PinyinDict)), initials: make(map[rune]string, len(pinyin.PinyinDict)), syllables: map[string]bool{}}
	for code, marked := range pinyin.PinyinDict {
		r := rune(code)
		var list []string
		for _, s := range strings.Split(marked, ",") {
			if s = toneless(s); s != "" && !slices.Contains(list, s) && len(list) < maxReadings {
				list = append(list, s)
			}
		}
		var firsts []byte
		for _, s := range list {
			if !slices.Contains(firsts, s[0]) {
				firsts = append(firsts, s[0])
			}
			t.syllables[s] = true
			t.longest = max(t.longest, len(s))
		}
		t.of[r], t.initials[r] = list, string(firsts)
	}
	return t
})

// tones maps marked vowels to plain ones; ü is typed v.
var tones = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ế", "e", "ề", "e", "ê̄", "e", "ê̌", "e", "ê", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o",
	"ū", "u", "ú", "u", "ǔ", "u", "ù", "u", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ü", "v",
	"ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m")

// toneless writes a syllable in plain letters; "" when it cannot be.
func toneless(s string) string {
	s = tones.Replace(s)
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return ""
		}
	}
	return s
}

// combine calls fn with every combination of one choice for each character, at
// most maxCombinations.
func combine(choices [][]string, sep string, fn func(string)) {
	count := 0
	var walk func(i int, done string)
	walk = func(i int, done string) {
		if count >= maxCombinations {
			return
		}
		if i == len(choices) {
			count++
			fn(done)
			return
		}
		for _, c := range choices[i] {
			next := done + c
			if i > 0 {
				next = done + sep + c
			}
			walk(i+1, next)
		}
	}
	walk(0, "")
}

// maxCuts bounds the ways in which letters are read as syllables.
const maxCuts = 8

// cutSyllables reads letters as pinyin in every way that they can be:
// "xian" is xian and xi an.
func cutSyllables(letters string) [][]string {
	t := pinyinTable()
	// Which rests can be read to the end at all, so that no way is tried in vain.
	open := make([]bool, len(letters)+1)
	open[len(letters)] = true
	for i := len(letters) - 1; i >= 0; i-- {
		for n := 1; n <= t.longest && i+n <= len(letters) && !open[i]; n++ {
			open[i] = open[i+n] && t.syllables[letters[i:i+n]]
		}
	}
	var out [][]string
	var walk func(i int, done []string)
	walk = func(i int, done []string) {
		if i == len(letters) {
			out = append(out, slices.Clone(done))
			return
		}
		for n := min(t.longest, len(letters)-i); n >= 1 && len(out) < maxCuts; n-- {
			if open[i+n] && t.syllables[letters[i:i+n]] {
				walk(i+n, append(done, letters[i:i+n]))
			}
		}
	}
	if open[0] && letters != "" {
		walk(0, nil)
	}
	return out
}

// onlyLetters tells whether a run can be pinyin.
func onlyLetters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
