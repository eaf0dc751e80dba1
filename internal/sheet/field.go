package sheet

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// Clear in a cell empties the field; a blank cell leaves it as it is.
const Clear = "〈清空〉"

// column is one field of an entry or an item as a column of a table.
type column[T any] struct {
	key      string // field of the canonical form: "abstract", "domain.values"
	name     string // heading in the template
	synonyms []string
	note     string
	example  string
	list     string // enumeration of the drop-down, if any
	code     bool   // a code or number: scientific notation is told
	get      func(T) string
	// set puts the text of a cell into a field and says in Chinese what is wrong
	// with it, "" if nothing. Text "" empties the field.
	set func(*T, string) string
}

// text is a column of a plain text.
func text[T any](key, name, note, example string, at func(*T) *string, synonyms ...string) column[T] {
	return column[T]{key: key, name: name, note: note, example: example, synonyms: synonyms,
		get: func(x T) string { return *at(&x) },
		set: func(x *T, s string) string { *at(x) = s; return "" }}
}

// word is a column of a word of an enumeration, written by its Chinese name.
func word[T any, W ~string](key, name, list, note, example string, at func(*T) *W, synonyms ...string) column[T] {
	return column[T]{key: key, name: name, note: note, example: example, list: list, synonyms: synonyms,
		get: func(x T) string {
			if *at(&x) == "" {
				return ""
			}
			return catalog.Label(list, string(*at(&x)))
		},
		set: func(x *T, s string) string {
			code, found := wordOf(list, s)
			if !found {
				return "应为以下之一：" + strings.Join(words(list), "、")
			}
			*at(x) = W(code)
			return ""
		}}
}

// either is a column of 是 and 否.
func either[T any](key, name, note, example string, at func(*T) *bool, synonyms ...string) column[T] {
	return column[T]{key: key, name: name, note: note, example: example, list: yesNo, synonyms: synonyms,
		get: func(x T) string {
			if *at(&x) {
				return "是"
			}
			return "否"
		},
		set: func(x *T, s string) string {
			switch strings.ToLower(s) {
			case "是", "y", "yes", "true", "1", "√":
				*at(x) = true
			case "否", "n", "no", "false", "0", "×", "":
				*at(x) = false
			default:
				return "应为“是”或者“否”"
			}
			return ""
		}}
}

// number is a column of a whole number; 0 is written as a blank.
func number[T any](key, name, note, example string, get func(T) int, set func(*T, int), synonyms ...string) column[T] {
	return column[T]{key: key, name: name, note: note, example: example, synonyms: synonyms,
		get: func(x T) string {
			if n := get(x); n != 0 {
				return strconv.Itoa(n)
			}
			return ""
		},
		set: func(x *T, s string) string {
			if s == "" {
				set(x, 0)
				return ""
			}
			n, err := strconv.Atoi(strings.TrimSuffix(s, ".0"))
			if err != nil || n > 1<<30 || n < -1<<30 {
				return "应为整数"
			}
			set(x, n)
			return ""
		}}
}

// several is a column of several texts, separated by "；".
func several[T any](key, name, note, example string, at func(*T) *[]string, synonyms ...string) column[T] {
	return column[T]{key: key, name: name, note: note, example: example, synonyms: synonyms,
		get: func(x T) string { return join(*at(&x)) },
		set: func(x *T, s string) string { *at(x) = split(s); return "" }}
}

// yesNo is the list of 是 and 否, beside those of the vocabulary.
const yesNo = "yes_no"

func words(list string) []string {
	if list == yesNo {
		return []string{"是", "否"}
	}
	for _, e := range catalog.Vocabulary() {
		if e.ID == list {
			out := make([]string, 0, len(e.Words))
			for _, w := range e.Words {
				out = append(out, w.Name)
			}
			return out
		}
	}
	return nil
}

// spoken are words of other templates for those of the vocabulary.
var spoken = map[string]map[string]string{
	catalog.VocabAttribute: {"无条件": "unconditional", "有条件": "conditional", "不共享": "withheld", "不予": "withheld", "无条件共享类": "unconditional",
		"有条件共享类": "conditional", "不予共享类": "withheld"},
	catalog.VocabMethod: {"接口": "service_api", "api": "service_api", "数据接口": "service_api", "接口服务": "service_api", "接口方式": "service_api",
		"库表交换": "batch_exchange", "库表": "batch_exchange", "数据库": "batch_exchange", "数据交换": "batch_exchange", "文件": "file_download",
		"文件下载方式": "file_download", "文件交换": "file_download"},
	catalog.VocabFrequency: {"日": "daily", "每天": "daily", "天": "daily", "周": "weekly", "每周一次": "weekly", "月": "monthly", "季": "quarterly", "季度": "quarterly",
		"每季": "quarterly", "半年": "half_yearly", "年": "yearly", "年度": "yearly", "不定期更新": "irregular", "按需": "irregular", "其他": "irregular", "实时更新": "realtime"},
	catalog.VocabItemType: {"字符": "C", "字符串": "C", "文本": "C", "varchar": "C", "char": "C", "数值": "N", "数字": "N", "number": "N", "decimal": "N", "货币": "Y", "日期": "D", "date": "D",
		"日期时间": "T", "时间": "T", "datetime": "T", "timestamp": "T", "逻辑": "L", "布尔": "L", "boolean": "L", "备注": "M", "text": "M", "通用": "G", "双精度": "B",
		"double": "B", "整数": "I", "int": "I", "integer": "I", "bigint": "I", "浮点": "F", "浮点数": "F", "float": "F"},
	catalog.VocabOpenness:   {"是": "open", "否": "not_open", "无条件": "open", "有条件": "conditional_open", "不开放": "not_open", "不予": "not_open"},
	catalog.VocabCollection: {"汇聚": "hosted_copy", "接入": "linked_service"},
	catalog.VocabLevel: {"1级": "general_1", "2级": "general_2", "3级": "general_3", "4级": "general_4", "一级": "general_1", "二级": "general_2", "三级": "general_3",
		"四级": "general_4", "重要": "important", "核心": "core"},
}

var typeLetter = regexp.MustCompile(`^(.+?型)\s*[（(]?([CNYDTLMGBIF])[)）]?$`)

// wordOf finds the code of a word as people write it; "" stands for none.
func wordOf(list, s string) (string, bool) {
	if s == "" {
		return "", true
	}
	if code, found := catalog.CodeOf(list, s); found {
		return code, true
	}
	if code, found := spoken[list][strings.ToLower(s)]; found {
		return code, true
	}
	if m := typeLetter.FindStringSubmatch(s); list == catalog.VocabItemType && m != nil { // "字符型C"
		return catalog.CodeOf(list, m[1])
	}
	return "", false
}

// separators part the texts of one cell.
const separators = "；;\n"

// join writes texts into one cell so that split finds them again.
func join(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = quote(s, separators)
	}
	return strings.Join(out, "；")
}

// quote puts a backslash before the separators in a text, and before backslashes.
func quote(s, marks string) string {
	if !strings.ContainsAny(s, marks+`\`) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune(marks+`\`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

func unquote(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	after := false
	for _, r := range s {
		if r == '\\' && !after {
			after = true
			continue
		}
		if after && !strings.ContainsRune(separators+`=\`, r) {
			b.WriteByte('\\') // nobody's quote: a pattern such as \d
		}
		b.WriteRune(r)
		after = false
	}
	if after {
		b.WriteByte('\\')
	}
	return b.String()
}

// cut splits at the marks that no backslash stands before, at most n parts (0:
// all); the parts are still quoted.
func cut(s, marks string, n int) []string {
	var out []string
	from, after := 0, false
	for i, r := range s {
		switch {
		case after:
			after = false
		case r == '\\':
			after = true
		case strings.ContainsRune(marks, r) && (n == 0 || len(out) < n-1):
			out = append(out, s[from:i])
			from = i + len(string(r))
		}
	}
	return append(out, s[from:])
}

// split takes the texts of a cell apart; blank ones are left out.
func split(s string) []string {
	out := []string{}
	for _, part := range cut(s, separators, 0) {
		if part = strings.TrimSpace(unquote(part)); part != "" {
			out = append(out, part)
		}
	}
	return out
}
