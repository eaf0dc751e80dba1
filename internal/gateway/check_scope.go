package gateway

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// checkScope asks whether the call stays inside the grant: its mode, its items
// and what conditions may be put on them. The rows of the grant are not asked
// for, they are added: what lies outside is not there for this caller.
func (g *Gateway) checkScope(c *call) error {
	if err := modeGranted(c.grant.Mode, c.target.endpoint); err != nil {
		return err
	}
	a, err := g.readAsk(c)
	if err != nil {
		return err
	}
	c.noteScope(a, g.digests)
	s := scope{grant: c.grant, inURL: c.req.method == http.MethodGet}
	if c.target.endpoint == endpointRows {
		s.items(a.items)
	}
	s.conditions(a.where)
	if a.after != "" && len(c.grant.keys) == 0 {
		s.bad.Add("after", "not_allowed", "该资源没有主键，不能分页", "")
	} else if a.after != "" {
		if c.after, err = g.seal.open(c.grant.ID, a.after); err != nil || len(c.after) != len(c.grant.keys) {
			s.bad.Add("after", "format", "应为本授权上一页应答给出的 next", "")
		}
	}
	if err := s.err(); err != nil {
		return err
	}
	c.ask = a
	if c.ask.limit == 0 {
		c.ask.limit = defaultRows
	}
	return nil
}

func modeGranted(m sharing.Mode, e endpoint) error {
	switch {
	case m == sharing.Query && e == endpointRows, m == sharing.Verify && e == endpointVerify:
		return nil
	}
	return fault.New(fault.Forbidden, "mode_not_granted", "授权的使用方式（查询或核验）不包括此调用。").Under("CN-25.1")
}

func (g *Gateway) readAsk(c *call) (ask, error) {
	if c.req.method == http.MethodGet {
		return parseQuery(c.target.query)
	}
	body, err := readBody(c, "application/json", maxBody)
	if err != nil {
		return ask{}, err
	}
	if c.target.endpoint == endpointVerify {
		return parseVerifyBody(body)
	}
	return parseRowsBody(body)
}

// scope gathers every fault of a call at once. outside is set when something
// reaches beyond the grant: the call then is not faulty but refused, and a
// suspected violation (CN-25.1).
type scope struct {
	grant   *grant
	inURL   bool
	bad     fault.Collector
	outside bool
}

func (s *scope) err() error {
	if s.outside {
		f, _ := fault.As(s.bad.Err("scope_exceeded", "调用超出授权范围。", "CN-25.1"))
		f.Kind = fault.Forbidden
		return f
	}
	return s.bad.Err("request_invalid", "请求内容有误。", "")
}

// items must be named: what is not asked for is not delivered.
func (s *scope) items(names []string) {
	if len(names) == 0 {
		s.bad.Add("items", "required", "须列明所需的数据项", "CN-25.1")
	}
	for i, name := range names {
		path := fmt.Sprintf("items[%d]", i)
		if slices.Contains(names[:i], name) {
			s.bad.Add(path, "duplicate", "数据项重复", "")
			continue
		}
		if i > len(s.grant.items) {
			s.bad.Add("items", "too_many", "数据项多于该资源所有", "")
			return
		}
		s.item(path, name)
	}
}

func (s *scope) item(path, name string) *item {
	it := s.grant.items[name]
	switch {
	case it == nil:
		s.bad.Add(path, "unknown_item", "该资源没有数据项 "+short(name), "CN-25.1")
		s.outside = true
		return nil
	case !it.granted:
		s.bad.Add(path, "item_not_granted", "数据项 "+name+" 不在授权之内", "CN-25.1")
		s.outside = true
		return nil
	}
	return it
}

func (s *scope) conditions(where []asked) {
	if len(where) > maxConditions {
		s.bad.Add("where", "too_many", fmt.Sprintf("条件不得超过 %d 个", maxConditions), "")
		return
	}
	seen := map[string]bool{}
	for _, a := range where {
		it := s.item(a.path, a.Item)
		if key := a.Item + " " + string(a.Op); seen[key] {
			s.bad.Add(a.path, "duplicate", "对同一数据项的条件重复", "")
		} else {
			seen[key] = true
		}
		s.values(a)
		if it == nil {
			continue
		}
		if s.inURL && it.Sensitivity != "" {
			s.bad.Add(a.path, "only_in_body", "个人信息不得出现在地址中，请改用 POST 并在请求体中给出", "CN-35")
		}
		if it.mask != nil && a.Op == catalog.Prefix {
			// Prefix by prefix, a masked value could be read out.
			s.bad.Add(a.path, "not_on_masked", "脱敏的数据项只能作相等比较", "CN-35")
		}
	}
}

func (s *scope) values(a asked) {
	n := len(a.Values)
	switch a.Op {
	case catalog.Equal, catalog.Prefix:
		if n != 1 {
			s.bad.Add(a.path+".values", "count", "应有且只有一个值", "")
		}
	case catalog.In:
		if n < 1 || n > maxInValues {
			s.bad.Add(a.path+".values", "count", fmt.Sprintf("应有 1 至 %d 个值", maxInValues), "")
		}
	default:
		s.bad.Add(a.path+".op", "not_in_list", "应为 eq、in 或 prefix", "")
	}
	for _, v := range a.Values {
		if v == "" || len(v) > maxValueBytes || !clean(v) {
			s.bad.Add(a.path, "format", fmt.Sprintf("值应为 1 至 %d 字节的可打印文字", maxValueBytes), "")
			return
		}
	}
}
