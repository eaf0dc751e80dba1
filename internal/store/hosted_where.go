package store

import (
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// maxConditionValues bounds the values of one query over all its conditions.
const maxConditionValues = 10_000

// where makes conditions of SQL with placeholders. Codes become columns only
// when they are items of the resource; values are never part of the text.
func (h hostedItems) where(conditions []catalog.Condition) (terms []string, args []any, err error) {
	var c fault.Collector
	for n, cond := range conditions {
		path := fmt.Sprintf("where[%d]", n)
		item, known := h.byCode[cond.Item]
		if !known {
			c.Add(path+".item", "not_in_list", "没有这个数据项", "")
			continue
		}
		if h.gone[item.Code] {
			terms = append(terms, "1 = 0") // nobody knows: no row is inside
			continue
		}
		values := conditionValues(&c, path, item, cond)
		if len(values) != len(cond.Values) {
			continue // told already
		}
		column := hostedColumn(item.Code)
		switch cond.Op {
		case catalog.Equal:
			if !counted(&c, path, len(values) == 1) {
				continue
			}
			terms = append(terms, column+" = ?")
		case catalog.In:
			if len(values) == 0 {
				terms = append(terms, "1 = 0") // in nothing
				continue
			}
			terms = append(terms, column+" IN "+valuesList(1, len(values)))
		case catalog.Prefix:
			if !counted(&c, path, len(values) == 1) {
				continue
			}
			if itemKinds[item.Type] != kindText {
				c.Add(path+".op", "not_in_list", "只有文本数据项可以按前缀查询", "")
				continue
			}
			var term string
			term, values = prefixTerm(column, values[0].(string))
			terms = append(terms, term)
		default:
			c.Add(path+".op", "not_in_list", "比较方式应为 eq、in 或 prefix", "")
			continue
		}
		args = append(args, values...)
	}
	if len(args) > maxConditionValues {
		c.Add("where", "too_many", fmt.Sprintf("查询条件的值不得超过%d个", maxConditionValues), "")
	}
	return terms, args, conditionInvalid(&c)
}

// prefixTerm is "begins with" as a range. Every text begins with "".
func prefixTerm(column, prefix string) (string, []any) {
	end := prefixEnd(prefix)
	switch {
	case prefix == "":
		return column + " IS NOT NULL", nil
	case end == "":
		return column + " >= ?", []any{prefix}
	}
	return "(" + column + " >= ? AND " + column + " < ?)", []any{prefix, end}
}

// conditionValues gives the values in the item's type; a wrong one is told and
// left out.
func conditionValues(c *fault.Collector, path string, item catalog.Item, cond catalog.Condition) []any {
	values := make([]any, 0, len(cond.Values))
	for i, text := range cond.Values {
		v, bad := columnValue(item, text)
		if bad != nil {
			c.Add(fmt.Sprintf("%s.values[%d]", path, i), bad.code, bad.message, "")
			continue
		}
		values = append(values, v)
	}
	return values
}

func counted(c *fault.Collector, path string, ok bool) bool {
	if !ok {
		c.Add(path+".values", "count", "应恰好有一个值", "")
	}
	return ok
}

// selected gives the items with the codes, all when there are none.
func (h hostedItems) selected(codes []string) ([]catalog.Item, error) {
	if len(codes) == 0 {
		return h.all, nil
	}
	var c fault.Collector
	out := make([]catalog.Item, 0, len(codes))
	for n, code := range codes {
		item, known := h.byCode[code]
		if !known {
			c.Add(fmt.Sprintf("select[%d]", n), "not_in_list", "没有这个数据项", "")
			continue
		}
		out = append(out, item)
	}
	return out, conditionInvalid(&c)
}

// after gives the key values to continue behind.
func (h hostedItems) after(values []string) ([]any, error) {
	var c fault.Collector
	if len(values) != len(h.keys) {
		c.Add("after", "count", fmt.Sprintf("应给出%d个主键值", len(h.keys)), "")
		return nil, conditionInvalid(&c)
	}
	out := make([]any, 0, len(values))
	for i, text := range values {
		v, bad := columnValue(h.keys[i], text)
		if bad != nil {
			c.Add(fmt.Sprintf("after[%d]", i), bad.code, bad.message, "")
			continue
		}
		out = append(out, v)
	}
	return out, conditionInvalid(&c)
}

func whereClause(terms []string) string {
	if len(terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(terms, " AND ")
}
