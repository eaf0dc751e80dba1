package gateway

import (
	"bytes"
	"fmt"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// parseRowsBody reads the body of POST …/rows:
//
//	{"items": ["a"], "where": [{"item": "a", "op": "eq", "values": ["v"]}],
//	 "limit": 100, "after": "…"}
//
// op is eq (when left out), in or prefix. Unknown and repeated members,
// invalid UTF-8 and data behind the object are faults.
func parseRowsBody(body []byte) (ask, error) {
	if a, ok := plainRowsBody(body); ok {
		return a, nil
	}
	members, err := object(body)
	if err != nil {
		return ask{}, err
	}
	var (
		a     ask
		bad   fault.Collector
		where []jsontext.Value
		limit int
	)
	if raw, ok := members.take("items"); ok {
		decode(&bad, "items", raw, &a.items, "应为数据项代码的列表")
	}
	if raw, ok := members.take("where"); ok {
		decode(&bad, "where", raw, &where, "应为条件的列表")
	}
	if raw, ok := members.take("limit"); ok && decode(&bad, "limit", raw, &limit, "应为整数") {
		a.setLimit(&bad, limit)
	}
	if raw, ok := members.take("after"); ok {
		decode(&bad, "after", raw, &a.after, "应为上一页给出的文字")
	}
	members.rest(&bad, "")
	if len(where) > maxConditions {
		bad.Add("where", "too_many", fmt.Sprintf("条件不得超过 %d 个", maxConditions), "")
		where = nil
	}
	for i, raw := range where {
		a.takeCondition(&bad, fmt.Sprintf("where[%d]", i), raw)
	}
	return a, bad.Err("request_invalid", "请求内容有误。", "")
}

// plainRowsBody reads a body that nothing is wrong with, which costs a third of
// finding out everything that is. With anything odd it says no, and the careful
// way decides.
func plainRowsBody(body []byte) (a ask, ok bool) {
	if bytes.Contains(body, []byte("null")) { // not a value anywhere; here it would pass for an empty one
		return ask{}, false
	}
	var in struct {
		Items []string `json:"items"`
		Where []struct {
			Item   string     `json:"item"`
			Op     catalog.Op `json:"op"`
			Values []string   `json:"values"`
		} `json:"where"`
		Limit *int   `json:"limit"`
		After string `json:"after"`
	}
	if json.Unmarshal(body, &in, json.RejectUnknownMembers(true)) != nil || len(in.Where) > maxConditions ||
		in.Limit != nil && (*in.Limit < 1 || *in.Limit > maxRows) {
		return ask{}, false
	}
	a = ask{items: in.Items, after: in.After}
	if in.Limit != nil {
		a.limit = *in.Limit
	}
	for i, w := range in.Where {
		if w.Op == "" {
			w.Op = catalog.Equal
		}
		a.where = append(a.where, asked{catalog.Condition{Item: w.Item, Op: w.Op, Values: w.Values}, wherePaths[i]})
	}
	return a, true
}

// wherePaths are the names that faults of conditions are reported under.
var wherePaths = func() (paths [maxConditions]string) {
	for i := range paths {
		paths[i] = fmt.Sprintf("where[%d]", i)
	}
	return paths
}()

func (a *ask) takeCondition(bad *fault.Collector, path string, raw jsontext.Value) {
	members, err := object(raw)
	if err != nil {
		bad.Add(path, "format", "应为对象", "")
		return
	}
	cond := catalog.Condition{Op: catalog.Equal}
	good := true
	if raw, ok := members.take("item"); ok {
		good = decode(bad, path+".item", raw, &cond.Item, "应为数据项代码") && good
	}
	if raw, ok := members.take("op"); ok {
		good = decode(bad, path+".op", raw, &cond.Op, "应为 eq、in 或 prefix") && good
	}
	if raw, ok := members.take("values"); ok {
		good = decode(bad, path+".values", raw, &cond.Values, "应为文字的列表") && good
	}
	members.rest(bad, path+".")
	if good {
		a.where = append(a.where, asked{cond, path})
	}
}

// parseVerifyBody reads the body of POST …/verify: {"values": {item: value}}.
// A value is a text, a number or true or false.
func parseVerifyBody(body []byte) (ask, error) {
	members, err := object(body)
	if err != nil {
		return ask{}, err
	}
	var (
		a   ask
		bad fault.Collector
	)
	raw, ok := members.take("values")
	members.rest(&bad, "")
	values, err := object(raw)
	switch {
	case !ok:
		bad.Add("values", "required", "核验内容为必填项", "")
	case err != nil:
		bad.Add("values", "format", "应为数据项到待核验值的对象", "")
	case len(values) == 0:
		bad.Add("values", "required", "至少核验一个数据项", "")
	case len(values) > maxConditions:
		bad.Add("values", "too_many", fmt.Sprintf("一次核验不得超过 %d 个数据项", maxConditions), "")
	default:
		for _, item := range slices.Sorted(maps.Keys(values)) {
			path := "values." + short(item)
			v, ok := scalar(values[item])
			if !ok {
				bad.Add(path, "format", "应为文字、数字或真假值", "")
				continue
			}
			a.where = append(a.where, asked{catalog.Condition{Item: item, Op: catalog.Equal, Values: []string{v}}, path})
		}
	}
	a.limit = 1
	return a, bad.Err("request_invalid", "请求内容有误。", "")
}

func scalar(raw jsontext.Value) (string, bool) {
	switch raw.Kind() {
	case '"':
		b, err := jsontext.AppendUnquote(nil, raw)
		return string(b), err == nil
	case '0':
		var f float64
		if json.Unmarshal(raw, &f) != nil {
			return "", false
		}
		return text(f)
	case 't', 'f':
		return string(raw), true
	}
	return "", false
}

// members is an object that gets emptied; what is left was not known.
type members map[string]jsontext.Value

func object(raw []byte) (members, error) {
	var m members
	dec := jsontext.NewDecoder(bytes.NewReader(raw))
	if dec.PeekKind() == '{' {
		if err := json.Unmarshal(raw, &m); err == nil {
			return m, nil
		}
	}
	var bad fault.Collector
	bad.Add("body", "json", "应为一个 JSON 对象：UTF-8 编码，成员不得重复", "CN-35")
	return nil, bad.Err("json_invalid", "请求内容不是规范的 JSON。", "")
}

func (m members) take(name string) (jsontext.Value, bool) {
	v, ok := m[name]
	delete(m, name)
	return v, ok
}

func (m members) rest(bad *fault.Collector, prefix string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		bad.Add(prefix+short(name), "unknown_parameter", "不认识的成员", "CN-35")
	}
}

// decode reads one member; null is not a value anywhere.
func decode(bad *fault.Collector, path string, raw jsontext.Value, into any, message string) bool {
	if raw.Kind() == 'n' || json.Unmarshal(raw, into) != nil {
		bad.Add(path, "format", message, "")
		return false
	}
	return true
}
