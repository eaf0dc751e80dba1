package quality

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/privacy"
)

// Bounds of filed rules.
const (
	maxRules   = 200
	maxPattern = 500 // characters
	maxValues  = 1000
	maxValue   = 200 // characters
)

const basis = "CN-18"

// CheckRules tells all that is wrong with rules for the items: the fault
// "rules_invalid".
func CheckRules(items []catalog.Item, rules []Rule) error {
	var c fault.Collector
	if len(rules) > maxRules {
		c.Add("rules", "too_many", fmt.Sprintf("质量规则不得超过%d条", maxRules), basis)
		return c.Err("rules_invalid", "质量规则填写有误", basis)
	}
	type place struct {
		kind        Kind
		item, other string
	}
	seen := map[place]bool{}
	for i, r := range rules {
		path := fmt.Sprintf("rules[%d].", i)
		n := slices.IndexFunc(items, func(x catalog.Item) bool { return x.Code == r.Item })
		if n < 0 {
			c.Add(path+"item", "not_in_list", "已发布的目录条目没有这个数据项", basis)
			continue
		}
		at := place{r.Kind, r.Item, r.Resource + r.Target + r.Op + r.Other}
		if seen[at] {
			c.Add(path+"kind", "duplicate", "同一数据项的同类规则重复", basis)
		}
		seen[at] = true
		ruleChecker{&c, path}.rule(items, items[n], r)
	}
	return c.Err("rules_invalid", "质量规则填写有误", "")
}

type ruleChecker struct {
	c    *fault.Collector
	path string
}

func (k ruleChecker) add(field, code, message string) { k.c.Add(k.path+field, code, message, basis) }

func (k ruleChecker) rule(items []catalog.Item, item catalog.Item, r Rule) {
	switch r.Kind {
	case Required, Unique:
	case Pattern:
		k.pattern(item, r.Pattern)
	case Domain:
		k.values(r.Values)
	case Range:
		k.bounds(item, r)
	case Referential:
		if r.Resource == "" || r.Target == "" {
			k.add("resource", "required", "请指明参照的目录条目(resource)及其主键数据项(target)")
		}
	case Compare:
		k.relation(items, item, r)
	default:
		k.add("kind", "not_in_list", "规则类别应为 required、pattern、domain、range、unique、referential、compare 之一")
		return
	}
	for _, m := range []struct {
		field string
		given bool
		kind  Kind
	}{{"pattern", r.Pattern != "", Pattern}, {"values", len(r.Values) > 0, Domain}, {"min", r.Min != "", Range}, {"max", r.Max != "", Range},
		{"resource", r.Resource != "", Referential}, {"target", r.Target != "", Referential}, {"op", r.Op != "", Compare}, {"other", r.Other != "", Compare}} {
		if m.given && m.kind != r.Kind {
			k.add(m.field, "not_allowed", "这一类规则没有此项内容")
		}
	}
}

func (k ruleChecker) relation(items []catalog.Item, item catalog.Item, r Rule) {
	n := slices.IndexFunc(items, func(x catalog.Item) bool { return x.Code == r.Other })
	_, known := relations[r.Op]
	switch {
	case !known:
		k.add("op", "not_in_list", "关系应为 lt、le、eq、ne、ge、gt 之一")
	case n < 0 || r.Other == r.Item:
		k.add("other", "not_in_list", "请指明同一条目的另一个数据项")
	case family(items[n]) != family(item):
		k.add("other", "type", "两个数据项的类型不能比较")
	case (family(item) == "text" || family(item) == "truth") && r.Op != "eq" && r.Op != "ne":
		k.add("op", "type", "文本和逻辑型数据项只能比较是否相同")
	}
}

func (k ruleChecker) pattern(item catalog.Item, p string) {
	switch {
	case p == "":
		k.add("pattern", "required", "请填写正则表达式")
	case utf8.RuneCountInString(p) > maxPattern:
		k.add("pattern", "too_long", fmt.Sprintf("正则表达式不得超过%d个字符", maxPattern))
	case !isText(item):
		k.add("item", "type", "只有文本类数据项可以用正则表达式检查")
	default:
		if _, err := compile(p); err != nil {
			k.add("pattern", "format", "正则表达式不能编译，请按 RE2 语法填写")
		}
		k.silent("pattern", p)
	}
}

func (k ruleChecker) values(values []string) {
	if len(values) == 0 || len(values) > maxValues {
		k.add("values", "count", fmt.Sprintf("值域应有1至%d个值", maxValues))
		return
	}
	for i, v := range values {
		field := fmt.Sprintf("values[%d]", i)
		if v == "" || utf8.RuneCountInString(v) > maxValue || strings.ContainsRune(v, 0) {
			k.add(field, "format", fmt.Sprintf("值域的值应为1至%d个字符", maxValue))
		}
		k.silent(field, v)
	}
}

// silent refuses personal identifiers: everybody signed in may read the rules.
func (k ruleChecker) silent(field, text string) {
	if found := privacy.Find(text); found != "" {
		k.c.Add(k.path+field, "personal_data", "质量规则不得含有"+found, "CN-37.1")
	}
}

func (k ruleChecker) bounds(item catalog.Item, r Rule) {
	if !isNumber(item) && item.Type != "D" {
		k.add("item", "type", "只有数值类和日期型数据项可以检查范围")
		return
	}
	if r.Min == "" && r.Max == "" {
		k.add("min", "required", "下限和上限至少填写一个")
	}
	low, okLow := bound(item, r.Min)
	high, okHigh := bound(item, r.Max)
	if !okLow {
		k.add("min", "format", "下限应为数值，日期型数据项应为 YYYY-MM-DD")
	}
	if !okHigh {
		k.add("max", "format", "上限应为数值，日期型数据项应为 YYYY-MM-DD")
	}
	if okLow && okHigh && r.Min != "" && r.Max != "" && low > high {
		k.add("max", "out_of_range", "上限不得小于下限")
	}
}

// bound makes a comparable number of a bound or a value; ok for a blank one.
func bound(item catalog.Item, text string) (n float64, ok bool) {
	if text == "" {
		return 0, true
	}
	if item.Type == "D" {
		t, err := time.Parse(time.DateOnly, text)
		return float64(t.Unix()), err == nil
	}
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n-n == 0 // neither NaN nor infinite
}

// compile makes a pattern that matches whole values.
func compile(p string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(p); err != nil { // "a)(b" must not become whole by our parentheses
		return nil, err
	}
	return regexp.Compile(`\A(?:` + p + `)\z`)
}

func isNumber(x catalog.Item) bool { return strings.Contains("NYBFI", x.Type) }

func isText(x catalog.Item) bool { return !isNumber(x) && x.Type != "L" }
