package store

import (
	"strings"
	"unicode/utf8"
)

// prefixEnd gives the smallest text that sorts after every text with the
// prefix, so that "begins with" becomes a range which an index serves and no
// character is a wildcard. It is empty when there is no such text. UTF-8 sorts
// by code point, so the last character that has a successor is raised.
func prefixEnd(prefix string) string {
	for prefix != "" {
		r, n := utf8.DecodeLastRuneInString(prefix)
		prefix = prefix[:len(prefix)-n]
		switch {
		case r == utf8.MaxRune:
			continue // no successor: raise the one before
		case r == 0xD7FF:
			return prefix + "\uE000" // over the surrogates, which are no characters
		}
		return prefix + string(r+1)
	}
	return ""
}

// likePart makes a LIKE pattern (ESCAPE '\') for "contains text".
func likePart(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// defaultLimit is the length of a list that nobody limited.
const defaultLimit = 100

func limitOr(n int) int64 {
	if n <= 0 {
		return defaultLimit
	}
	return int64(n)
}
