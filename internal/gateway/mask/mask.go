package mask

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Hidden stands for a value of which nothing may be shown.
const Hidden = "***"

// Func masks one text.
type Func func(string) string

// For gives the rule of a sensitivity; one that is unknown or empty shows
// nothing.
func For(s catalog.Sensitivity) Func {
	if f, ok := rules[s]; ok {
		return f
	}
	return other
}

var rules = map[catalog.Sensitivity]Func{
	catalog.PersonName: checked(name),
	catalog.ResidentID: checked(residentID),
	catalog.Phone:      checked(phone),
	catalog.Address:    checked(address),
	catalog.BankCard:   checked(bankCard),
	catalog.Email:      checked(email),
	catalog.Plate:      checked(plate),
	catalog.OtherPI:    other,
}

// Value masks a value of a row. Null and the empty text stay, since there is
// nothing to hide; what is neither text nor number shows nothing.
func Value(f Func, v any) any {
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		return f(x)
	case float64:
		return f(strconv.FormatFloat(x, 'f', -1, 64))
	case int64:
		return f(strconv.FormatInt(x, 10))
	case int:
		return f(strconv.Itoa(x))
	}
	return Hidden
}

// maxRunes bounds what is masked in part: no personal item is that long, and
// the stars of one that is would only cost.
const maxRunes = 256

// checked keeps odd input away from the rules: they get 1..maxRunes valid
// runes.
func checked(rule func([]rune) string) Func {
	return func(s string) string {
		switch {
		case s == "":
			return ""
		case len(s) > 4*maxRunes || !utf8.ValidString(s):
			return Hidden
		}
		r := []rune(s)
		if len(r) > maxRunes {
			return Hidden
		}
		return rule(r)
	}
}

func other(s string) string {
	if s == "" {
		return ""
	}
	return Hidden
}

// ends keeps the first head and last tail runes. The callers see to it that
// at least one is hidden.
func ends(r []rune, head, tail int) string {
	return string(r[:head]) + strings.Repeat("*", len(r)-head-tail) + string(r[len(r)-tail:])
}

func name(r []rune) string {
	switch {
	case len(r) == 1:
		return "*"
	case len(r) >= 3 && compound[string(r[:2])]:
		return ends(r, 2, 0)
	}
	return ends(r, 1, 0)
}

func residentID(r []rune) string {
	if len(r) != 15 && len(r) != 18 {
		return Hidden
	}
	return ends(r, 3, 4)
}

func phone(r []rune) string {
	switch {
	case len(r) == 11 && r[0] == '1' && digits(r):
		return ends(r, 3, 4)
	case len(r) >= 7 && len(r) <= 20:
		return ends(r, 0, 2)
	}
	return Hidden
}

func digits(r []rune) bool {
	for _, c := range r {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// address hides the length of the rest too: with it a door could be guessed.
func address(r []rune) string {
	if len(r) < 10 {
		return Hidden
	}
	return string(r[:6]) + "****"
}

func bankCard(r []rune) string {
	if len(r) < 12 || len(r) > 24 {
		return Hidden
	}
	return ends(r, 0, 4)
}

func email(r []rune) string {
	s := string(r)
	at := strings.LastIndexByte(s, '@')
	if at < 1 || !domain(s[at+1:]) {
		return Hidden
	}
	first, n := utf8.DecodeRuneInString(s)
	if n == at { // one character before the @: it would be all of it
		return Hidden + s[at:]
	}
	return string(first) + Hidden + s[at:]
}

// domain tells whether s looks like a mail domain: anything else behind an @
// may be what somebody typed into the wrong field.
func domain(s string) bool {
	if len(s) < 4 || len(s) > 100 {
		return false
	}
	dot, letters := false, false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			letters = true
		case c == '.':
			if i == 0 || i == len(s)-1 || s[i-1] == '.' {
				return false
			}
			dot, letters = true, false
		case c >= '0' && c <= '9', c == '-':
		default:
			return false
		}
	}
	return dot && letters
}

func plate(r []rune) string {
	if len(r) != 7 && len(r) != 8 {
		return Hidden
	}
	return ends(r, 2, 1)
}

// compound lists the two-character surnames in common use.
var compound = func() map[string]bool {
	m := map[string]bool{}
	for s := range strings.FieldsSeq(`欧阳 太史 上官 端木 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊
		赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 令狐
		百里 呼延 东郭 南门 西门 轩辕 拓跋 纳兰 第五 梁丘 左丘 完颜 耶律`) {
		m[s] = true
	}
	return m
}()
