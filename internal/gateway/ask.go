package gateway

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// ask is what a call wants, as it was written: nothing of it is checked
// against the grant yet.
type ask struct {
	items []string
	where []asked
	limit int
	after string // sealed paging mark
}

// asked is a condition with the name that faults are reported under.
type asked struct {
	catalog.Condition
	path string
}

// parseQuery reads the query of GET …/rows:
//
//	items=a,b&where.ITEM=v&where.ITEM.prefix=v&limit=&after=
//
// Every unknown or repeated parameter is a fault; all are told at once.
func parseQuery(raw string) (ask, error) {
	var (
		a    ask
		bad  fault.Collector
		seen = map[string]bool{}
	)
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" && raw == "" {
			break
		}
		name, value, ok := parsePair(pair)
		if !ok {
			bad.Add(short(name), "format", "参数写法有误或含有不允许的字符", "CN-35")
			continue
		}
		if seen[name] {
			bad.Add(short(name), "duplicate", "参数重复", "CN-35")
			continue
		}
		seen[name] = true
		a.take(&bad, name, value)
	}
	return a, bad.Err("request_invalid", "请求参数有误。", "")
}

func parsePair(pair string) (name, value string, ok bool) {
	rawName, rawValue, hasValue := strings.Cut(pair, "=")
	name, err1 := url.QueryUnescape(rawName)
	value, err2 := url.QueryUnescape(rawValue)
	ok = hasValue && err1 == nil && err2 == nil && name != "" && !strings.Contains(pair, ";")
	if err1 != nil || !clean(name) {
		return "?", "", false
	}
	return name, value, ok && clean(value)
}

func (a *ask) take(bad *fault.Collector, name, value string) {
	switch {
	case name == "items":
		a.items = strings.Split(value, ",")
	case name == "limit":
		n, err := strconv.Atoi(value)
		if err != nil || strconv.Itoa(n) != value {
			bad.Add(name, "format", "应为整数", "")
			return
		}
		a.setLimit(bad, n)
	case name == "after":
		a.after = value
	case strings.HasPrefix(name, "where."):
		item, op, hasOp := strings.Cut(name[len("where."):], ".")
		if item == "" || hasOp && op != string(catalog.Prefix) {
			bad.Add(short(name), "unknown_parameter", "条件应写作 where.数据项 或 where.数据项.prefix", "CN-35")
			return
		}
		cond := catalog.Condition{Item: item, Op: catalog.Equal, Values: []string{value}}
		if hasOp {
			cond.Op = catalog.Prefix
		}
		a.where = append(a.where, asked{cond, short(name)})
	default:
		bad.Add(short(name), "unknown_parameter", "不认识的参数", "CN-35")
	}
}

// setLimit takes the number of rows wanted.
func (a *ask) setLimit(bad *fault.Collector, n int) {
	if n < 1 || n > maxRows {
		bad.Add("limit", "range", "应在 1 至 1000 之间", "")
		return
	}
	a.limit = n
}

// short keeps a name of the caller's own from blowing up the answer.
func short(name string) string {
	if r := []rune(name); len(r) > 64 {
		return string(r[:64]) + "…"
	}
	return name
}
