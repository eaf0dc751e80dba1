package catalog

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Bounds of what belongs to an item or points to other entries.
const (
	maxRelated  = 50
	maxValues   = 2000
	maxPattern  = 500
	maxDecimals = 15
)

// resourceCode is a class code, "/" and the serial number.
var resourceCode = regexp.MustCompile(`^[0-9]{6,20}/[0-9]{1,12}$`)

func formRelated(c *fault.Collector, related []string) {
	if len(related) > maxRelated {
		c.Add("related", "too_many", fmt.Sprintf("关联资源不得超过%d项", maxRelated), "CN-12")
	}
	for i, code := range related {
		path := fmt.Sprintf("related[%d]", i)
		if !resourceCode.MatchString(code) {
			c.Add(path, "format", "关联资源应填写信息资源代码，如 301001/000001", "CN-12")
		} else if slices.Contains(related[:i], code) {
			c.Add(path, "duplicate", "关联资源重复", "CN-12")
		}
	}
}

// formItemModel tells what can never be kept of the parts of an item beyond
// its name and type.
func formItemModel(c *fault.Collector, at func(string) string, x Item) {
	tooLong(c, at("english_name"), x.EnglishName, maxShort, "CN-13.2")
	tooLong(c, at("element_note"), x.ElementNote, maxLong, "CN-13.2")
	oneOf(c, at("attribute"), x.Attribute, attributes, "CN-14")
	if x.LevelBasis != nil {
		tooLong(c, at("level_basis.reason"), x.LevelBasis.Reason, maxLong, "CN-13.2")
	}
	switch {
	case x.Decimals < 0 || x.Decimals > maxDecimals:
		c.Add(at("decimals"), "out_of_range", fmt.Sprintf("小数位数应为0至%d", maxDecimals), "CN-13.2")
	case x.Decimals > 0 && x.Type != "" && x.Type != "N" && x.Type != "Y":
		c.Add(at("decimals"), "inconsistent", "只有数值型、货币型的数据项有小数位数", "CN-13.2")
	case x.Length > 0 && x.Decimals > x.Length:
		c.Add(at("decimals"), "inconsistent", "小数位数不得超过数据长度", "CN-13.2")
	}
	if x.Domain != nil {
		formDomain(c, at, x)
	}
}

// ordered are the types whose values have a smallest and a largest.
func ordered(itemType string) bool { return strings.Contains("NYBFIDT", itemType) && itemType != "" }

// formDomain tells what in a value domain contradicts itself or the type.
func formDomain(c *fault.Collector, at func(string) string, x Item) {
	const basis = "CN-13.2"
	d := *x.Domain
	tooLong(c, at("domain.scheme"), d.Scheme, maxShort, basis)
	if len(d.Values) > maxValues {
		c.Add(at("domain.values"), "too_many", fmt.Sprintf("值域不得超过%d个值", maxValues), basis)
		return
	}
	seen := make(map[string]bool, len(d.Values))
	for i, v := range d.Values {
		path := at(fmt.Sprintf("domain.values[%d].code", i))
		if v.Code == "" || seen[v.Code] {
			c.Add(path, "duplicate", "值域的值为空或者重复", basis)
		} else if x.Type != "" && !ofType(x, v.Code) {
			c.Add(path, "type", "值域的值与数据类型、长度不符", basis)
		}
		seen[v.Code] = true
		tooLong(c, at(fmt.Sprintf("domain.values[%d].name", i)), v.Name, maxShort, basis)
	}
	for _, m := range []struct{ field, text string }{{"domain.min", d.Min}, {"domain.max", d.Max}} {
		if m.text == "" || x.Type == "" {
			continue
		}
		if !ordered(x.Type) {
			c.Add(at(m.field), "inconsistent", "只有数值型、货币型和日期型的数据项有上下限", basis)
		} else if !ofType(x, m.text) {
			c.Add(at(m.field), "type", "上下限与数据类型不符", basis)
		}
	}
	if ordered(x.Type) && ofType(x, d.Min) && ofType(x, d.Max) && above(x.Type, d.Min, d.Max) {
		c.Add(at("domain.min"), "inconsistent", "下限不得大于上限", basis)
	}
	if d.Pattern == "" {
		return
	}
	tooLong(c, at("domain.pattern"), d.Pattern, maxPattern, basis)
	if _, err := regexp.Compile(d.Pattern); err != nil {
		c.Add(at("domain.pattern"), "format", "正则表达式不能编译，请按 RE2 语法填写", basis)
	} else if x.Type != "" && x.Type != "C" && x.Type != "M" && x.Type != "G" {
		c.Add(at("domain.pattern"), "inconsistent", "只有字符型、备注型、通用型的数据项可以用正则表达式限定", basis)
	}
}

var wholeNumber = regexp.MustCompile(`^-?[0-9]{1,18}$`)
var decimalNumber = regexp.MustCompile(`^-?[0-9]{1,18}(\.[0-9]{1,15})?$`)

// ofType tells whether a text is a value of an item's type.
func ofType(x Item, text string) bool {
	switch x.Type {
	case "I":
		return wholeNumber.MatchString(text)
	case "N", "Y", "B", "F":
		return decimalNumber.MatchString(text)
	case "D":
		return parses(text, time.DateOnly)
	case "T":
		return parses(text, timeLayouts...)
	case "L":
		return text == "true" || text == "false" || text == "0" || text == "1"
	}
	return x.Length == 0 || len([]rune(text)) <= x.Length
}

// above tells whether a is greater than b; both are of the type.
func above(itemType, a, b string) bool {
	if itemType == "D" || itemType == "T" {
		return a > b
	}
	x, okX := new(big.Rat).SetString(a)
	y, okY := new(big.Rat).SetString(b)
	return okX && okY && x.Cmp(y) > 0
}
