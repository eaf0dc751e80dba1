package reader

import (
	"strings"

	"github.com/shuqiao/shuqiao/internal/reverse"
)

// declaration is what the text of a CREATE TABLE says beyond what SQLite tells:
// it keeps comments and conditions as they were written.
type declaration struct {
	comment string
	columns map[string]string // column → comment
	checks  []string
}

// constraints begin what is not a column.
var constraints = map[string]bool{"CONSTRAINT": true, "PRIMARY": true, "UNIQUE": true, "CHECK": true, "FOREIGN": true}

// declare reads a CREATE TABLE. A comment on the line of a column, or on the
// lines above the first word of one, is the column's; one before the first
// column's line, or before the parenthesis, is the table's.
func declare(text string) declaration {
	d := declaration{columns: map[string]string{}}
	depth, begin := 0, true // begin: the next word begins a column or constraint
	column, above, table := "", "", ""
	fresh := false // no column has begun on this line yet
	first := true  // no column and no constraint has begun at all
	for i := 0; i < len(text); {
		switch {
		case text[i] == '\n':
			fresh = true
			i++
		case strings.HasPrefix(text[i:], "--") || strings.HasPrefix(text[i:], "/*"):
			var note string
			note, i = comment(text, i)
			switch {
			case note == "":
			case depth == 0:
				table += note + " "
			case depth == 1 && first && !fresh:
				table += note + " " // behind the parenthesis
			case fresh:
				above += note + " "
			case column != "":
				d.columns[column] += note + " "
			}
		case text[i] == '(':
			depth++
			i++
		case text[i] == ')':
			depth--
			i++
		case text[i] == ',' && depth == 1:
			begin = true
			i++
		default:
			word, quoted, next := readWord(text, i)
			if depth >= 1 && strings.EqualFold(word, "CHECK") && !quoted {
				condition, after := inside(text, next)
				if condition != "" {
					d.checks = append(d.checks, condition)
					if begin {
						column = "" // a comment behind it is about the condition
					}
					begin, first, fresh, above, i = false, false, false, "", after
					continue
				}
			}
			if word != "" && depth == 1 && begin {
				begin, first = false, false
				column = ""
				if quoted || !constraints[strings.ToUpper(word)] {
					column = word
					if above != "" {
						d.columns[column] = above
					}
				}
				above = ""
			}
			if word != "" {
				fresh = false
			}
			i = next
		}
	}
	d.comment = strings.TrimSpace(table)
	for c, note := range d.columns {
		d.columns[c] = strings.TrimSpace(note)
	}
	return d
}

// comment reads a comment and gives the place behind it; the end of the line
// is left.
func comment(text string, i int) (string, int) {
	if text[i] == '-' {
		end := strings.IndexByte(text[i:], '\n')
		if end < 0 {
			end = len(text) - i
		}
		return strings.TrimSpace(strings.TrimLeft(text[i:i+end], "-")), i + end
	}
	end := strings.Index(text[i+2:], "*/")
	if end < 0 {
		return strings.TrimSpace(text[i+2:]), len(text)
	}
	return strings.TrimSpace(strings.Trim(text[i+2:i+2+end], "*")), i + 2 + end + 2
}

// readWord reads a word, a quoted name or literal, or one other byte, for
// which the word is "".
func readWord(text string, i int) (word string, quoted bool, next int) {
	closing := map[byte]byte{'"': '"', '`': '`', '[': ']', '\'': '\''}[text[i]]
	if closing != 0 {
		var b strings.Builder
		for j := i + 1; j < len(text); j++ {
			if text[j] == closing {
				if j+1 < len(text) && text[j+1] == closing && closing != ']' {
					j++
				} else {
					return b.String(), true, j + 1
				}
			}
			b.WriteByte(text[j])
		}
		return b.String(), true, len(text)
	}
	j := i
	for j < len(text) && (text[j] == '_' || text[j] == '$' || text[j] >= 0x80 ||
		text[j] >= '0' && text[j] <= '9' || text[j] >= 'A' && text[j] <= 'Z' || text[j] >= 'a' && text[j] <= 'z') {
		j++
	}
	if j == i {
		return "", false, i + 1
	}
	return text[i:j], false, j
}

// inside gives what stands in the parentheses that follow, and the place behind
// them.
func inside(text string, i int) (string, int) {
	for i < len(text) && strings.IndexByte(" \t\r\n", text[i]) >= 0 {
		i++
	}
	if i >= len(text) || text[i] != '(' {
		return "", i
	}
	depth := 0
	for j := i; j < len(text); {
		switch text[j] {
		case '(':
			depth++
			j++
		case ')':
			depth--
			j++
			if depth == 0 {
				return text[i+1 : j-1], j
			}
		default:
			_, _, j = readWord(text, j)
		}
	}
	return "", len(text)
}

// apply writes a kind into a column.
func apply(c *reverse.Column, k reverse.Kind) {
	c.Type, c.Length, c.Decimals, c.Format = k.Type, k.Length, k.Decimals, k.Format
}

func longest(values []string) int {
	n := 1
	for _, v := range values {
		n = max(n, len([]rune(v)))
	}
	return n
}
