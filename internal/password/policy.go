package password

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Lengths of a password in characters. The upper bound keeps hashing cheap to
// start; it is far above what anybody types.
const (
	MinLength = 10
	MaxLength = 128
)

// Check says what is wrong with a new password, or nil: 10 to 128 characters
// of at least three kinds (lower case, upper case, digits, others), without
// the user name in it. The complexity is what classified protection (等保, GB/T
// 22239 identity authentication) asks for.
func Check(plain, username string) error {
	var c fault.Collector
	weak := func(msg string) { c.Add("password", "password_weak", msg, "XN-21") }
	if n := utf8.RuneCountInString(plain); n < MinLength || n > MaxLength {
		weak("口令长度应为10至128个字符")
	}
	if kinds(plain) < 3 {
		weak("口令应包含大写字母、小写字母、数字、其他字符中的至少三类")
	}
	if username != "" && strings.Contains(strings.ToLower(plain), strings.ToLower(username)) {
		weak("口令不得包含用户名")
	}
	return c.Err("password_weak", "口令不符合要求", "")
}

func kinds(s string) int {
	var lower, upper, digit, other int
	for _, r := range s {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}
