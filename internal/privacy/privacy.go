// Package privacy finds personal identifiers in free text, so that what people
// write into a case, which many may read and whose digest is evidence for ever,
// does not carry them (CN-37.1). It finds what can be told from its form:
// resident identity numbers, mobile telephone numbers, bank cards. Names and
// addresses it cannot tell from other words; those who write are told to leave
// them out.
package privacy

import (
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
)

// Find gives the Chinese name of the first kind of personal identifier that
// the text holds, or "". Spaces and hyphens between digits hide nothing.
func Find(text string) string {
	for _, run := range runs(text) {
		switch {
		case len(run) == 18 && checkdigit.ResidentID(strings.ToUpper(run), never) == nil:
			return "居民身份证号"
		case len(run) == 11 && run[0] == '1' && run[1] >= '3' && !strings.ContainsAny(run, "xX"):
			return "手机号码"
		case len(run) >= 16 && len(run) <= 19 && luhn(run):
			return "银行卡号"
		}
	}
	return ""
}

// Holds tells whether the text holds one of the values as it is written. Values
// of fewer than four bytes are left out: one digit, or a sex, is in every text.
func Holds(text string, values ...string) bool {
	for _, v := range values {
		if len(v) >= 4 && strings.Contains(text, v) {
			return true
		}
	}
	return false
}

// never is a day that no date of birth is after.
var never = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// runs cuts the text into what may be identifiers: digits with a final X,
// joined over single spaces and hyphens, and as they stand.
func runs(text string) []string {
	var out []string
	for _, joint := range []string{"", " -"} {
		var b strings.Builder
		flush := func() {
			if b.Len() > 0 {
				out = append(out, b.String())
			}
			b.Reset()
		}
		for _, r := range text {
			switch {
			case r >= '０' && r <= '９':
				b.WriteRune(r - '０' + '0')
			case r >= '0' && r <= '9', (r == 'x' || r == 'X') && b.Len() == 17:
				b.WriteRune(r)
			case strings.ContainsRune(joint, r):
			default:
				flush()
			}
		}
		flush()
	}
	return out
}

// luhn is the check digit of bank cards (ISO/IEC 7812).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		c := digits[len(digits)-1-i]
		if c < '0' || c > '9' {
			return false
		}
		d := int(c - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
