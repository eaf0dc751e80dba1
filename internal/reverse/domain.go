package reverse

import (
	"regexp"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// maxDomain is how many values of an enumeration are taken over.
const maxDomain = 500

// token is a word of an SQL condition.
type token struct {
	kind rune // 'i' identifier or word, 's' text literal, 'n' number, 'o' operator
	text string
}

var (
	lexeme = regexp.MustCompile(`^(?:\s+|'(?:[^'\\]|''|\\.)*'|"(?:[^"]|"")*"|` + "`(?:[^`]|``)*`" +
		`|\[[^\]]*\]|[0-9]+(?:\.[0-9]+)?|[\p{L}_][\p{L}\p{N}_$]*|::|>=|<=|<>|!=|.)`)
	cast    = regexp.MustCompile(`^\s*[a-z_"][a-z0-9_ ."]*(\([0-9, ]*\))?(\[\])*`) // what follows ::
	number2 = regexp.MustCompile(`^[0-9]`)
	word    = regexp.MustCompile(`^[\p{L}_]`)
)

// tokens splits a condition. Casts, introducers of character sets, ARRAY and
// ANY, brackets and parentheses say nothing about the values and are left out.
func tokens(text string, brackets bool) []token {
	var out []token
	for text != "" {
		l := lexeme.FindString(text)
		if l == "" { // broken UTF-8
			return nil
		}
		if strings.HasPrefix(l, "[") && !brackets {
			l = "[" // PostgreSQL's array; only SQLite quotes names so
		}
		text = text[len(l):]
		t := token{'o', l}
		switch {
		case strings.TrimSpace(l) == "", l == "(", l == ")", l == "[", l == "]", l == ";":
			continue
		case l == "::":
			text = text[len(cast.FindString(text)):]
			continue
		case len(l) == 1 && strings.Contains("'\"`", l):
			return nil // a quote that is never closed
		case l[0] == '\'':
			t = token{'s', unquote(l)}
		case l[0] == '"' || l[0] == '`':
			t = token{'i', strings.ReplaceAll(l[1:len(l)-1], l[:1]+l[:1], l[:1])}
		case l[0] == '[' && len(l) > 1:
			t = token{'i', l[1 : len(l)-1]}
		case number2.MatchString(l):
			t = token{'n', l}
		case word.MatchString(l):
			t = token{'i', l}
		}
		upper := strings.ToUpper(t.text)
		if t.kind == 'i' && l[0] != '"' && l[0] != '`' && (upper == "ARRAY" || upper == "ANY" || upper == "CHECK" || strings.HasPrefix(upper, "_UTF8") || upper == "_LATIN1" || upper == "_GBK") {
			continue
		}
		out = append(out, t)
	}
	return out
}

func unquote(l string) string {
	l = strings.ReplaceAll(l[1:len(l)-1], "''", "'")
	return strings.NewReplacer(`\'`, `'`, `\\`, `\`).Replace(l)
}

// literals reads the values of ENUM('a','b').
func literals(raw string) ([]string, bool) {
	var out []string
	for i, t := range tokens(raw, false) {
		if i%2 == 1 {
			if t.text != "," {
				return nil, false
			}
			continue
		}
		if t.kind != 's' {
			return nil, false
		}
		out = append(out, t.text)
	}
	return out, len(out) > 0
}

// ParseEnum gives the values of an enumeration; nil when there are none or more
// than a catalog takes.
func ParseEnum(values []string) *catalog.Domain {
	if len(values) == 0 || len(values) > maxDomain {
		return nil
	}
	d := &catalog.Domain{}
	for _, v := range values {
		d.Values = append(d.Values, catalog.CodeValue{Code: clean(v)})
	}
	return d
}

// ParseCheck reads a CHECK condition in which one column is compared with
// literals: a list, an equality or bounds. Everything else is nobody's domain:
// column is then "".
func ParseCheck(engine Engine, condition string) (column string, d *catalog.Domain) {
	ts := tokens(condition, engine == SQLite)
	if len(ts) < 3 || ts[0].kind != 'i' {
		return "", nil
	}
	column = ts[0].text
	op := strings.ToUpper(ts[1].text)
	if op == "IN" || op == "=" {
		var values []string
		for i, t := range ts[2:] {
			switch {
			case i%2 == 0 && (t.kind == 's' || t.kind == 'n'):
				values = append(values, t.text)
			case i%2 == 1 && t.text == ",":
			default:
				return "", nil
			}
		}
		if d := ParseEnum(values); d != nil {
			return column, d
		}
		return "", nil
	}
	if d := bounds(column, ts); d != nil {
		return column, d
	}
	return "", nil
}

// bounds reads "c BETWEEN 1 AND 9", "c >= 1" and "c >= 1 AND c <= 9". Open
// bounds (<, >) are not what a domain can say.
func bounds(column string, ts []token) *catalog.Domain {
	if len(ts) == 5 && strings.EqualFold(ts[1].text, "BETWEEN") && strings.EqualFold(ts[3].text, "AND") && ts[2].kind == 'n' && ts[4].kind == 'n' {
		return &catalog.Domain{Min: ts[2].text, Max: ts[4].text}
	}
	if len(ts)%4 != 3 {
		return nil
	}
	d := &catalog.Domain{}
	for i := 0; i < len(ts); i += 4 {
		if i > 0 && !strings.EqualFold(ts[i-1].text, "AND") || ts[i].text != column || ts[i+2].kind != 'n' {
			return nil
		}
		switch {
		case ts[i+1].text == ">=" && d.Min == "":
			d.Min = ts[i+2].text
		case ts[i+1].text == "<=" && d.Max == "":
			d.Max = ts[i+2].text
		default:
			return nil
		}
	}
	return d
}

// EnumOf reads the type ENUM('a','b') of MySQL.
func EnumOf(native string) *catalog.Domain {
	_, raw, _ := strings.Cut(native, "(")
	values, ok := literals(strings.TrimSuffix(strings.TrimSpace(raw), ")"))
	if !ok {
		return nil
	}
	return ParseEnum(values)
}
