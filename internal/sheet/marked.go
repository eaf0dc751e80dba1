package sheet

import (
	"regexp"
	"strings"
	"unicode"
)

// marking is the marking of a state or work secret as it stands in tables: a
// cell of its own, with a star, after the word 密级, or as a level.
var marking = regexp.MustCompile(`^[\[【(（〔]*(绝密|机密|秘密|工作秘密|国家秘密)[\]】)）〕]*$` +
	`|(绝密|机密|秘密)[★☆]|[★☆](绝密|机密|秘密|工作秘密)` +
	`|密级(标志|标识)?[:：]?(绝密|机密|秘密|工作秘密)|[\[【(（〔](绝密|机密|秘密|工作秘密)[\]】)）〕]|(绝密|机密|秘密)级` +
	`|属于?(国家秘密|工作秘密|绝密|机密)`)

var denial = regexp.MustCompile(`(不|非)属于?(国家秘密|工作秘密|绝密|机密)`)

// Marked tells whether a cell bears the marking of a state or work secret (CN-3).
// Spaces and invisible characters between the letters hide nothing. Words such
// as 商业秘密 and the titles of laws are no markings.
func Marked(text string) bool {
	if !strings.Contains(text, "密") {
		return false
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.C, r) {
			return -1
		}
		return r
	}, text)
	plain = strings.NewReplacer("商业秘密", "", "商业机密", "").Replace(denial.ReplaceAllString(plain, ""))
	return marking.MatchString(plain)
}

// unmarked are the words of a column of markings that say there is none.
func unmarked(text string) bool {
	switch strings.TrimSpace(text) {
	case "", "无", "否", "非密", "不涉密", "公开", "非涉密", "内部", Clear:
		return true
	}
	return false
}
