package reverse

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// maxCode bounds an item code, which names a column.
const maxCode = 63

func han(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// title is the part of a comment that names the thing: what follows a colon, a
// comma or a parenthesis explains it. Without Chinese there is no title.
func title(comment string, limit int) string {
	if i := strings.IndexAny(comment, ":：,，;；。(（[【|"); i > 0 {
		comment = comment[:i]
	}
	t := strings.TrimFunc(comment, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
	if !han(t) {
		return ""
	}
	return Cut(t, limit)
}

// words splits a technical name: order_item, orderItem, ORDER-ITEM.
func words(name string) []string {
	var out []string
	var w []rune
	flush := func() {
		if len(w) > 0 {
			out = append(out, string(w))
			w = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
			continue
		}
		if unicode.IsUpper(r) && i > 0 && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsUpper(runes[i-1]) && unicode.IsLower(runes[i+1])) {
			flush()
		}
		w = append(w, r)
	}
	flush()
	return out
}

// humanise makes words for people of a technical name: "Order Item".
func humanise(name string) string {
	ws := words(clean(name))
	for i, w := range ws {
		r := []rune(strings.ToLower(w))
		r[0] = unicode.ToUpper(r[0])
		ws[i] = string(r)
	}
	return strings.Join(ws, " ")
}

// codes gives names that are legal as item codes and each once.
type codes map[string]bool

// of makes the code of a column: its own words as far as they are letters and
// digits of English, otherwise its number.
func (c codes) of(name string, number int) string {
	var b strings.Builder
	for _, w := range words(name) {
		part := strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, strings.ToLower(w))
		if part != "" {
			if b.Len() > 0 {
				b.WriteByte('_')
			}
			b.WriteString(part)
		}
	}
	code := b.String()
	switch {
	case code == "":
		code = "item_" + itoa(number)
	case code[0] < 'a':
		code = "c_" + code
	}
	code = strings.TrimRight(code[:min(len(code), maxCode)], "_")
	for base, n := code, 2; c[code]; n++ {
		suffix := "_" + itoa(n)
		code = base[:min(len(base), maxCode-len(suffix))] + suffix
	}
	c[code] = true
	return code
}

// unique makes a name that is not in the set yet, and puts it in.
func unique(taken map[string]bool, name string, limit int) string {
	for base, n := Cut(name, limit), 2; taken[name] || name != Cut(name, limit); n++ {
		suffix := ""
		if taken[base] {
			suffix = itoa(n)
		}
		name = Cut(base, limit-len(suffix)) + suffix
	}
	taken[name] = true
	return name
}

// meaning is a code with its meaning in a comment: "1-男", "2：女".
var meaning = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])([0-9]{1,4}|[A-Z]{1,2})\s*[-:：.=—－]\s*([\p{Han}]{1,20})`)

// explained adds the meanings that a comment gives to the codes of a domain.
// Without a domain the comment itself is one when it explains two codes.
func explained(d *catalog.Domain, comment string) *catalog.Domain {
	names := map[string]string{}
	var found []catalog.CodeValue
	for _, m := range meaning.FindAllStringSubmatch(comment, maxDomain) {
		if names[m[1]] == "" {
			names[m[1]] = m[2]
			found = append(found, catalog.CodeValue{Code: m[1], Name: m[2]})
		}
	}
	if d == nil {
		if len(found) < 2 {
			return nil
		}
		return &catalog.Domain{Values: found}
	}
	out := *d
	out.Values = append([]catalog.CodeValue(nil), d.Values...)
	for i, v := range out.Values {
		if v.Name == "" {
			out.Values[i].Name = names[v.Code]
		}
	}
	return &out
}

// junk lists what tables are by their names, when they are not a department's
// data.
var junk = []struct {
	name   *regexp.Regexp
	reason string
}{
	{regexp.MustCompile(`^(schema_migrations?|flyway_schema_history|schema_version|goose_db_version|databasechangelog(lock)?|alembic_version|django_migrations|__efmigrationshistory|knex_migrations(_lock)?|ar_internal_metadata|phinxlog|migrations?)$`), "数据库结构升级记录"},
	{regexp.MustCompile(`(^|_)(te?mp|temporary|bak|backup|old|copy|test|trash|recycle)[0-9]*(_|$)|_(19|20)[0-9]{6}$|^(bak|tmp)`), "临时表或者备份表"},
	{regexp.MustCompile(`(^|_)(logs?|audit|trace|changelog|operlog|logininfor)([0-9_]|$)|日志`), "日志表"},
	{regexp.MustCompile(`^(qrtz|act_(ge|hi|id|re|ru|evt|procdef)|undo_log|shedlock|oauth_|spatial_ref_sys|geometry_columns|geography_columns|django_(session|content_type|admin_log)|sqlite_)`), "软件框架自用的表"},
	{regexp.MustCompile(`(^|_)(sessions?|captcha|cache|lock|queue|jobs?)$`), "会话、缓存等运行用表"},
}

// junkReason says why a table is not chosen by default; empty: it is chosen.
func junkReason(t Table) string {
	name := strings.ToLower(strings.Join(words(t.Name), "_"))
	if name == "" {
		name = strings.ToLower(t.Name)
	}
	for _, j := range junk {
		if j.name.MatchString(name) || j.name.MatchString(strings.ToLower(t.Name)) {
			return j.reason
		}
	}
	if len(t.Columns) == 0 {
		return "没有可编目的列"
	}
	return ""
}
