package checkdigit

import (
	"strings"
	"time"
)

// Reason says why an identifier is refused. It is comparable: errors.Is finds
// the exported reasons below.
type Reason struct {
	Code    string // stable English code
	Message string // Chinese, for the person who typed the identifier
}

// Error is the message.
func (r Reason) Error() string { return r.Message }

// The reasons. Length and alphabet come before structure, the check digit last.
var (
	ErrUSCCLength    = Reason{"length", "统一社会信用代码应当是18位"}
	ErrUSCCCharacter = Reason{"character", "统一社会信用代码只能用数字和大写字母，不用I、O、S、V、Z"}
	ErrUSCCRegion    = Reason{"region", "统一社会信用代码的第3至8位是登记机关行政区划码，应当是数字"}
	ErrUSCCCheck     = Reason{"check_digit", "统一社会信用代码的校验码不符，请核对是否输错"}
	ErrUSCCBody      = Reason{"length", "统一社会信用代码去掉校验码应当是17位"}

	ErrIDLength    = Reason{"length", "居民身份证号应当是18位"}
	ErrIDCharacter = Reason{"character", "居民身份证号的前17位应当是数字，末位是数字或者大写X"}
	ErrIDRegion    = Reason{"region", "居民身份证号的前两位不是省级行政区划代码"}
	ErrIDBirth     = Reason{"birth_date", "居民身份证号的第7至14位不是真实的出生日期"}
	ErrIDCheck     = Reason{"check_digit", "居民身份证号的校验码不符，请核对是否输错"}
	ErrIDBody      = Reason{"length", "居民身份证号去掉校验码应当是17位"}
)

const (
	bodyLength = 17
	fullLength = 18
	digits     = "0123456789"
	// usccAlphabet orders the characters by value; I, O, S, V, Z are left out
	// by the standard.
	usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	// idChecks is indexed by the weighted sum of the body modulo 11.
	idChecks = "10X98765432"
)

// USCC validates a 统一社会信用代码. Spaces and lower case are not forgiven: the
// code is a key. It returns nil or a Reason.
func USCC(s string) error {
	if len(s) != fullLength {
		return ErrUSCCLength
	}
	if !only(s, usccAlphabet) {
		return ErrUSCCCharacter
	}
	whole, err := CompleteUSCC(s[:bodyLength])
	if err != nil {
		return err
	}
	if whole != s {
		return ErrUSCCCheck
	}
	return nil
}

// CompleteUSCC appends the check digit to the first 17 characters: weights
// 3^(i-1) mod 31, complement to 31.
func CompleteUSCC(body string) (string, error) {
	switch {
	case len(body) != bodyLength:
		return "", ErrUSCCBody
	case !only(body, usccAlphabet):
		return "", ErrUSCCCharacter
	case !only(body[2:8], digits):
		return "", ErrUSCCRegion
	}
	const modulus = len(usccAlphabet) // 31
	sum, weight := 0, 1
	for i := range bodyLength {
		sum += strings.IndexByte(usccAlphabet, body[i]) * weight
		weight = weight * 3 % modulus
	}
	return body + string(usccAlphabet[(modulus-sum%modulus)%modulus]), nil
}

// ResidentID validates a 居民身份证号: 18 characters, a known province, a real
// date of birth not after the civil date of today in its own location, the
// check digit. It returns nil or a Reason.
func ResidentID(s string, today time.Time) error {
	if len(s) != fullLength {
		return ErrIDLength
	}
	body := s[:bodyLength]
	if !only(body, digits) || !only(s[bodyLength:], idChecks) {
		return ErrIDCharacter
	}
	if !provinces[s[:2]] {
		return ErrIDRegion
	}
	if !realBirth(s[6:14], today) {
		return ErrIDBirth
	}
	whole, err := CompleteResidentID(body)
	if err != nil {
		return err
	}
	if whole != s {
		return ErrIDCheck
	}
	return nil
}

// CompleteResidentID appends the check digit (ISO 7064 MOD 11-2) to the first
// 17 digits. It does not look at what the digits mean.
func CompleteResidentID(body string) (string, error) {
	if len(body) != bodyLength {
		return "", ErrIDBody
	}
	if !only(body, digits) {
		return "", ErrIDCharacter
	}
	sum, weight := 0, 1
	for i := bodyLength - 1; i >= 0; i-- {
		weight = weight * 2 % len(idChecks)
		sum += int(body[i]-'0') * weight
	}
	return body + string(idChecks[sum%len(idChecks)]), nil
}

// provinces are the first two digits that GB/T 2260 has given out, and 83 of
// the residence permits of Taiwan residents.
var provinces = func() map[string]bool {
	known := map[string]bool{}
	for _, code := range strings.Fields(`11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46
		50 51 52 53 54 61 62 63 64 65 71 81 82 83`) {
		known[code] = true
	}
	return known
}()

// realBirth tells whether the eight digits are a date of the calendar between
// 1800 and today.
func realBirth(eight string, today time.Time) bool {
	birth, err := time.Parse("20060102", eight)
	return err == nil && birth.Year() >= 1800 && eight <= today.Format("20060102")
}

// only tells whether s is made of the characters of alphabet.
func only(s, alphabet string) bool { return strings.Trim(s, alphabet) == "" }
