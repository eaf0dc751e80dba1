package store

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// itemKind is how the values of an item are kept.
type itemKind string

const (
	kindText    itemKind = "text"
	kindInteger itemKind = "integer"
	kindNumber  itemKind = "number"
	kindBoolean itemKind = "boolean"
)

// itemKinds maps the types of the compilation guide. Dates (D), date-times (T)
// and money (Y) are text, as the item's format writes them: they come out as
// they went in, to the last digit. Numbers are what JSON can carry without
// loss: whole ones (I) up to 2^53, others (N, B, F) as IEEE doubles, and a
// decimal that a double would change is refused. What needs more digits is
// declared as text.
var itemKinds = map[string]itemKind{
	"C": kindText, "M": kindText, "G": kindText, "D": kindText, "T": kindText, "Y": kindText,
	"I": kindInteger, "N": kindNumber, "B": kindNumber, "F": kindNumber, "L": kindBoolean,
}

// columnType is the SQL type. Text compares byte by byte on both engines.
func columnType(e engine, k itemKind, column string) string {
	if e == enginePostgres {
		return map[itemKind]string{kindText: `TEXT COLLATE "C"`, kindInteger: "BIGINT",
			kindNumber: "DOUBLE PRECISION", kindBoolean: "BOOLEAN"}[k]
	}
	return map[itemKind]string{kindText: "TEXT", kindInteger: "INTEGER", kindNumber: "REAL",
		kindBoolean: "INTEGER CHECK (" + column + " IN (0, 1))"}[k]
}

// maxExact is the largest magnitude to which JSON numbers count in ones.
const maxExact = 1 << 53

// fieldError is what is wrong with one value.
type fieldError struct{ code, message string }

// columnValue makes of a row's value, or of a condition's text, what goes into
// the column. Nil stays nil.
func columnValue(item catalog.Item, v any) (any, *fieldError) {
	if v == nil {
		return nil, nil
	}
	switch itemKinds[item.Type] {
	case kindInteger, kindNumber:
		return numberValue(itemKinds[item.Type], v)
	case kindBoolean:
		return booleanValue(v)
	}
	s, ok := v.(string)
	if !ok {
		return nil, &fieldError{"type", "应为文本"}
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
		return nil, &fieldError{"encoding", "含有不可用的字符"}
	}
	return s, nil
}

func numberValue(kind itemKind, v any) (any, *fieldError) {
	text := ""
	switch x := v.(type) {
	case string:
		text = strings.TrimSpace(x)
	case json.Number:
		text = x.String()
	case float64:
		text = strconv.FormatFloat(x, 'g', -1, 64)
	case int:
		text = strconv.Itoa(x)
	case int64:
		text = strconv.FormatInt(x, 10)
	default:
		return nil, &fieldError{"type", "应为数值"}
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) || strings.ContainsAny(text, "xXpP_") {
		return nil, &fieldError{"type", "应为数值"}
	}
	if _, given := v.(float64); !given && significantDigits(text) > 15 && !isExactInteger(text, f) {
		return nil, &fieldError{"precision", "数值超过15位有效数字，请将该数据项的类型改为字符型"}
	}
	if f == 0 {
		f = 0 // not the negative zero
	}
	if kind == kindNumber {
		return f, nil
	}
	if f != math.Trunc(f) {
		return nil, &fieldError{"type", "应为整数"}
	}
	if math.Abs(f) > maxExact {
		return nil, &fieldError{"precision", "整数超出可准确表示的范围，请将该数据项的类型改为字符型"}
	}
	return int64(f), nil
}

// significantDigits counts the digits between the first and the last that is
// not a zero: a double keeps 15 of them.
func significantDigits(text string) int {
	mantissa, _, _ := strings.Cut(strings.ToLower(text), "e")
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, mantissa)
	return len(strings.Trim(digits, "0"))
}

// isExactInteger tells whether text is a whole number that f is, exactly.
func isExactInteger(text string, f float64) bool {
	n, err := strconv.ParseInt(text, 10, 64)
	return err == nil && n <= maxExact && n >= -maxExact && float64(n) == f
}

func booleanValue(v any) (any, *fieldError) {
	switch v {
	case true, "true", "1", 1.0, json.Number("1"):
		return true, nil
	case false, "false", "0", 0.0, json.Number("0"):
		return false, nil
	}
	return nil, &fieldError{"type", "应为 true 或 false"}
}

// rowValue makes of what the driver gave what a Row holds: string, float64,
// bool or nil.
func rowValue(item catalog.Item, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case int64:
		if itemKinds[item.Type] == kindBoolean {
			return x != 0, nil
		}
		return float64(x), nil
	case float64, bool, string:
		return x, nil
	case []byte:
		return string(x), nil
	}
	return nil, fmt.Errorf("item %s: a %T came out of the database", item.Code, v)
}

// conditionInvalid is the fault of a condition that cannot be asked.
func conditionInvalid(c *fault.Collector) error {
	return c.Err("condition_invalid", "查询条件不正确", "")
}
