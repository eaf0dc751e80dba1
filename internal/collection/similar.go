package collection

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says why two items are held to be the same thing.
type Kind string

// The kinds of matches, the strongest first.
const (
	SameElement Kind = "element"  // the same standard data element
	SameName    Kind = "name"     // the same name, written alike or a listed synonym
	Contained   Kind = "contains" // one name is part of the other
	Similar     Kind = "similar"  // few characters differ
)

// order of the kinds: lower is stronger.
var order = map[Kind]int{SameElement: 0, SameName: 1, Contained: 2, Similar: 3}

// synonyms maps usual names of the same datum to one of them. The list is
// short on purpose: it explains itself to whoever is refused.
var synonyms = map[string]string{
	"身份证号": "公民身份号码", "身份证号码": "公民身份号码", "居民身份证号": "公民身份号码", "居民身份证号码": "公民身份号码",
	"公民身份证号码": "公民身份号码", "公民身份证号": "公民身份号码", "身份号码": "公民身份号码",
	"手机": "手机号码", "手机号": "手机号码", "移动电话": "手机号码", "移动电话号码": "手机号码",
	"家庭住址": "住址", "居住地址": "住址", "现住址": "住址", "住所": "住址",
	"信用代码": "统一社会信用代码", "社会信用代码": "统一社会信用代码",
	"企业名称": "单位名称", "法人名称": "单位名称", "机构名称": "单位名称",
	"出生年月": "出生日期", "出生年月日": "出生日期",
}

// general are names that say nothing by themselves: everything has them.
var general = map[string]bool{
	"名称": true, "编号": true, "序号": true, "代码": true, "备注": true, "说明": true, "类型": true, "类别": true,
	"状态": true, "日期": true, "时间": true, "数量": true, "金额": true, "级别": true, "标识": true, "id": true, "": true,
}

// Normalise reduces a name to what it is compared by: letters and digits in
// lower case and half width, without a remark in brackets, of a synonym the
// usual name.
func Normalise(name string) string {
	out := spelled(name)
	if usual, ok := synonyms[out]; ok {
		return usual
	}
	return out
}

// spelled is a name without the synonyms.
func spelled(name string) string {
	var b strings.Builder
	depth := 0
	for _, r := range name {
		if r >= '!'+0xFEE0 && r <= '~'+0xFEE0 { // full-width forms
			r -= 0xFEE0
		}
		switch {
		case r == '(' || r == '[' || r == '【':
			depth++
		case (r == ')' || r == ']' || r == '】') && depth > 0:
			depth--
		case depth == 0 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// CompareNames tells whether two names, as they are written, look like the same
// thing, of which kind, and why, in words.
func CompareNames(planned, have string) (kind Kind, why string, ok bool) {
	kind, why, ok = Compare(Normalise(planned), Normalise(have))
	if kind == SameName && spelled(planned) != spelled(have) {
		why = "“" + planned + "”与“" + have + "”是同一数据的不同叫法"
	}
	return kind, why, ok
}

// Compare tells whether two normalised names look like the same thing, of
// which kind, and why, in words. Names that say nothing by themselves match
// nothing.
func Compare(a, b string) (kind Kind, why string, ok bool) {
	if general[a] || general[b] {
		return "", "", false
	}
	if a == b {
		return SameName, "名称相同", true
	}
	short, long := a, b
	ns, nl := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if ns > nl {
		short, long, ns, nl = b, a, nl, ns
	}
	if ns < 2 {
		return "", "", false
	}
	// 申请人姓名 is 姓名 of somebody: what a name ends in says what it is.
	if strings.HasSuffix(long, short) || 2*ns >= nl && strings.Contains(long, short) {
		return Contained, "名称“" + long + "”包含“" + short + "”", true
	}
	// One character in four may differ: 婚姻状态 and 婚姻状况 do.
	if most := nl / 4; most >= 1 && nl-ns <= most {
		if n := distance([]rune(short), []rune(long), most); n <= most {
			return Similar, fmt.Sprintf("名称“%s”与“%s”只差%d个字", a, b, n), true
		}
	}
	return "", "", false
}

// distance is the Levenshtein distance of two texts; anything over most is
// most+1.
func distance(a, b []rune, most int) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		diagonal, best := row[0], i+1
		row[0] = i + 1
		for j, y := range b {
			cost := diagonal
			if x != y {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			best = min(best, row[j+1])
		}
		if best > most {
			return most + 1
		}
	}
	return min(row[len(b)], most+1)
}
