package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// itemCode is what an item's code may look like. The catalog checks it too;
// here it guards against names that are SQL.
var itemCode = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// maxColumnCode is the longest code that, with its prefix, PostgreSQL does not
// cut off (63 bytes).
const maxColumnCode = 61

// hostedTable is the name of a resource's table: "hosted_" and the ID without
// dashes. Nothing but an identifier of ours makes a name.
func hostedTable(resource string) (string, error) {
	if !ident.Valid(resource) {
		return "", fault.New(fault.Invalid, "resource_id", "目录条目编号不正确")
	}
	return "hosted_" + strings.ReplaceAll(resource, "-", ""), nil
}

// hostedColumn is the column of an item: "i_" and its code, so that no code is
// a keyword or an engine's own column. A longer one keeps its beginning and a
// part of its digest.
func hostedColumn(code string) string {
	if len(code) > maxColumnCode {
		sum := sha256.Sum256([]byte(code))
		code = code[:maxColumnCode-17] + "_" + hex.EncodeToString(sum[:8])
	}
	return "i_" + code
}

// hostedItems are the items of one resource, checked, by code.
type hostedItems struct {
	all    []catalog.Item
	keys   []catalog.Item
	byCode map[string]catalog.Item
	gone   map[string]bool // items of an earlier version that are served no more
}

// checkItems refuses codes that are no column names, unknown types, codes
// given twice and items without a key.
func checkItems(items []catalog.Item) (hostedItems, error) {
	h := hostedItems{all: items, byCode: make(map[string]catalog.Item, len(items))}
	var c fault.Collector
	for n, i := range items {
		path := fmt.Sprintf("items[%d]", n)
		if !itemCode.MatchString(i.Code) {
			c.Add(path+".code", "format", "数据项代码应以小写字母开头，由不超过63个小写字母、数字和下划线组成", "")
			continue
		}
		if _, twice := h.byCode[i.Code]; twice {
			c.Add(path+".code", "duplicate", "数据项代码重复", "")
		}
		if _, known := itemKinds[i.Type]; !known {
			c.Add(path+".type", "not_in_list", "数据项类型应为 C、N、Y、D、T、L、M、G、B、I、F 之一", "")
		}
		h.byCode[i.Code] = i
		if i.Key {
			h.keys = append(h.keys, i)
		}
	}
	if len(h.keys) == 0 {
		c.Add("items", "no_key", "至少应有一个主键数据项", "")
	}
	return h, c.Err("hosted_items_invalid", "数据项不能用来建立汇聚表", "")
}

// ddl is the statement that makes the table. Only the key must be there in the
// eyes of the engine: whether another item may be empty changes with the
// versions of the entry and is checked when rows are loaded.
func (h hostedItems) ddl(e engine, table string) string {
	var parts []string
	for _, i := range h.all {
		column := hostedColumn(i.Code)
		part := column + " " + columnType(e, itemKinds[i.Type], column)
		if i.Key {
			part += " NOT NULL"
		}
		parts = append(parts, part)
	}
	parts = append(parts, "PRIMARY KEY ("+strings.Join(columnsOf(h.keys), ", ")+")")
	statement := "CREATE TABLE " + table + " (\n\t" + strings.Join(parts, ",\n\t") + "\n)"
	if e == engineSQLite {
		statement += " STRICT, WITHOUT ROWID"
	}
	return statement
}

// expressions are what a query selects for items: their columns, and nothing for
// what is gone.
func (h hostedItems) expressions(items []catalog.Item) []string {
	out := columnsOf(items)
	for n, i := range items {
		if h.gone[i.Code] {
			out[n] = "NULL"
		}
	}
	return out
}

func columnsOf(items []catalog.Item) []string {
	out := make([]string, 0, len(items))
	for _, i := range items {
		out = append(out, hostedColumn(i.Code))
	}
	return out
}
