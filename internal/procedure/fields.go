package procedure

import (
	"encoding/hex"
	"math"
	"slices"
	"sort"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// maxText bounds a text field that states no bound of its own, in characters.
const maxText = 2000

// maxList bounds the entries of a list field.
const maxList = 500

// checkFields validates what a step brings against the action's lists and the
// fields' types, and that the case then holds what it needs. Everything wrong
// is told at once. It returns the values cleaned: texts trimmed, integers as
// int.
func checkFields(p *rulebook.Procedure, a rulebook.Action, given, facts map[string]any) (map[string]any, error) {
	var faults fault.Collector
	out := make(map[string]any, len(given))
	for _, name := range sortedNames(given) {
		f, known := p.Fields[name]
		if !known || !(slices.Contains(a.Requires, name) || slices.Contains(a.Optional, name) || slices.Contains(a.Needs, name)) {
			faults.Add("fields."+name, "field_unknown", "“"+a.Name+"”这一步不接受此项内容,不得附加规定以外的内容", a.Clause)
			continue
		}
		if given[name] == nil {
			continue
		}
		v, code, message := clean(f, given[name])
		if code != "" {
			faults.Add("fields."+name, code, f.Name+message, basisOf(f, a))
			continue
		}
		if v != nil {
			out[name] = v
		}
	}
	for _, name := range a.Requires {
		if _, ok := out[name]; !ok && !told(given, name) {
			f := p.Fields[name]
			faults.Add("fields."+name, "required", f.Name+"为必填项", basisOf(f, a))
		}
	}
	for _, name := range a.Needs {
		_, brought := out[name]
		_, held := facts[name]
		if !brought && !held && !told(given, name) {
			f := p.Fields[name]
			faults.Add("fields."+name, "required", f.Name+"为必填项", basisOf(f, a))
		}
	}
	return out, faults.Err("fields_invalid", "填报内容不符合要求,请一并更正", a.Clause)
}

// told tells whether a given, non-empty value was already complained of.
func told(given map[string]any, name string) bool {
	switch v := given[name].(type) {
	case nil:
		return false
	case string:
		return strings.TrimSpace(v) != ""
	case []any:
		return len(v) > 0
	}
	return true
}

func basisOf(f rulebook.Field, a rulebook.Action) string {
	if f.Clause != "" {
		return f.Clause
	}
	return a.Clause
}

// clean checks one value. An empty text or list counts as not given: nil.
func clean(f rulebook.Field, v any) (value any, code, message string) {
	switch f.Type {
	case rulebook.Text:
		return cleanText(f, v)
	case rulebook.Date:
		s, ok := v.(string)
		if _, err := time.Parse(time.DateOnly, s); !ok || err != nil {
			return nil, "date", "应为日期,如2026-01-31"
		}
		return s, "", ""
	case rulebook.Integer:
		return cleanInteger(f, v)
	case rulebook.Boolean:
		if b, ok := v.(bool); ok {
			return b, "", ""
		}
		return nil, "boolean", "应为是或否"
	case rulebook.Choice:
		s, _ := v.(string)
		if _, ok := f.Options[s]; !ok {
			return nil, "not_in_list", "应从规定的选项中选择:" + strings.Join(sortedNames(f.Options), "、")
		}
		return s, "", ""
	case rulebook.ID:
		if s, ok := v.(string); ok && ident.Valid(s) {
			return s, "", ""
		}
		return nil, "identifier", "应为有效的编号"
	case rulebook.TextList, rulebook.IDList:
		return cleanList(f, v)
	case rulebook.Digest:
		s, _ := v.(string)
		if b, err := hex.DecodeString(s); err != nil || len(b) != 32 || strings.ToLower(s) != s {
			return nil, "digest", "应为文件的SHA-256摘要(64位小写十六进制)"
		}
		return s, "", ""
	case rulebook.Object:
		switch x := v.(type) {
		case map[string]any:
			return x, "", ""
		case []any:
			if len(x) <= maxList {
				return x, "", ""
			}
			return nil, "too_many", "条目过多"
		}
		return nil, "object", "的结构不正确"
	}
	return nil, "type", "的类型未知"
}

func cleanText(f rulebook.Field, v any) (any, string, string) {
	s, ok := v.(string)
	if !ok {
		return nil, "text", "应为文字"
	}
	s = strings.TrimSpace(s)
	if s == "" {
		return nil, "", ""
	}
	limit := f.Max
	if limit == 0 {
		limit = maxText
	}
	bad := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError }
	switch {
	case strings.ContainsFunc(s, bad):
		return nil, "characters", "含有不能使用的字符"
	case utf8.RuneCountInString(s) > limit:
		return nil, "too_long", "过长"
	case utf8.RuneCountInString(s) < f.Min:
		return nil, "too_short", "过短"
	}
	return s, "", ""
}

func cleanInteger(f rulebook.Field, v any) (any, string, string) {
	var n int
	switch x := v.(type) {
	case int:
		n = x
	case float64:
		if x != math.Trunc(x) || math.Abs(x) > 1<<52 {
			return nil, "integer", "应为整数"
		}
		n = int(x)
	default:
		return nil, "integer", "应为整数"
	}
	if n < f.Min || f.Max != 0 && n > f.Max {
		return nil, "range", "超出允许的范围"
	}
	return n, "", ""
}

func cleanList(f rulebook.Field, v any) (any, string, string) {
	var raw []any
	switch x := v.(type) {
	case []any:
		raw = x
	case []string:
		for _, s := range x {
			raw = append(raw, s)
		}
	default:
		return nil, "list", "应为列表"
	}
	if len(raw) == 0 {
		return nil, "", ""
	}
	if len(raw) > maxList {
		return nil, "too_many", "条目过多"
	}
	out := make([]string, 0, len(raw))
	for _, e := range raw {
		s, ok := e.(string)
		s = strings.TrimSpace(s)
		switch {
		case !ok || s == "" || utf8.RuneCountInString(s) > maxText:
			return nil, "list_entry", "中有空白或无效的条目"
		case f.Type == rulebook.IDList && !ident.Valid(s):
			return nil, "identifier", "中有无效的编号"
		case slices.Contains(out, s):
			return nil, "duplicate", "中有重复的条目"
		}
		out = append(out, s)
	}
	return out, "", ""
}

func sortedNames[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for k := range m {
		names = append(names, k)
	}
	sort.Strings(names)
	return names
}
