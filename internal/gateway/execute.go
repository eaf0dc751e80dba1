package gateway

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// hostedTime bounds a read of a hosted table.
const hostedTime = 10 * time.Second

// query is what is asked of a source: the items that are needed to answer and
// to decide the scope, under the conditions of the grant and of the call.
type query struct {
	items []string
	where []catalog.Condition
	limit int
	after []string
}

// execute reads the rows, throws away what lies outside the scope and makes
// the body of the answer.
func (g *Gateway) execute(c *call) ([]byte, error) {
	q := plan(c)
	t, err := g.fetch(c, q)
	if err != nil {
		return nil, err
	}
	n, next := t.len(), ""
	if n >= q.limit {
		c.facts.Dropped = n - q.limit
		n = q.limit
		// Before any row is dropped: the next page begins behind this one all
		// the same.
		next = g.nextMark(c.grant, t, n-1)
	}
	kept := make([]int, 0, n)
	for row := range n {
		// A hosted table needs no second look: there the conditions are the query.
		if !c.grant.linked || within(t, row, q.where) {
			kept = append(kept, row)
		}
	}
	c.facts.Dropped += n - len(kept)
	c.found = len(kept)
	if c.target.endpoint == endpointVerify {
		return appendMatch(nil, len(kept) > 0), nil
	}
	c.facts.Rows = len(kept)
	return encodeRows(c.grant, c.ask.items, t, kept, next)
}

func plan(c *call) query {
	q := query{limit: c.ask.limit, after: c.after}
	q.where = append(q.where, c.grant.Rows...)
	add := func(code string) {
		if !slices.Contains(q.items, code) {
			q.items = append(q.items, code)
		}
	}
	for _, code := range c.ask.items {
		add(code)
	}
	for _, code := range c.grant.needed {
		add(code)
	}
	for _, a := range c.ask.where {
		q.where = append(q.where, a.Condition)
		add(a.Item)
	}
	return q
}

// fetch reads from the hosted table or the provider's service.
func (g *Gateway) fetch(c *call, q query) (table, error) {
	if c.grant.linked {
		return g.linkedRows(c, q)
	}
	ctx, cancel := context.WithTimeout(c.ctx, hostedTime)
	defer cancel()
	rows, err := g.Hosted.Query(ctx, catalog.HostedQuery{
		Resource: c.grant.Resource, Items: c.grant.list, Select: q.items,
		Where: q.where, After: q.after, Limit: q.limit,
	})
	if err != nil {
		return nil, c.hostedFault(err)
	}
	return hostedTable{q.items, rows}, nil
}

// hostedFault tells the caller's mistakes, such as a text where the column
// holds numbers, from those of the platform. The table numbers its conditions
// with the grant's first; the caller knows only its own.
func (c *call) hostedFault(err error) error {
	unavailable := fault.New(fault.Unavailable, "data_unavailable", "暂时无法读取数据，请稍后重试。").Because(plain{err})
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return unavailable
	}
	var bad fault.Collector
	for _, x := range f.Fields {
		var n int
		if _, err := fmt.Sscanf(x.Path, "where[%d]", &n); err != nil {
			return unavailable
		}
		if n -= len(c.grant.Rows); n < 0 || n >= len(c.ask.where) {
			return unavailable
		}
		bad.Add(c.ask.where[n].path, x.Code, x.Message, x.Basis)
	}
	c.executed = false // nothing was read
	return bad.Err("request_invalid", "请求内容有误。", "")
}

// within tells whether a row meets the conditions, whatever the provider sent.
func within(t table, row int, where []catalog.Condition) bool {
	for _, cond := range where {
		v, ok := text(t.value(row, t.column(cond.Item)))
		if !ok || !holds(cond, v) {
			return false
		}
	}
	return true
}

func holds(cond catalog.Condition, v string) bool {
	switch cond.Op {
	case catalog.Equal:
		return len(cond.Values) == 1 && v == cond.Values[0]
	case catalog.In:
		return slices.Contains(cond.Values, v)
	case catalog.Prefix:
		return len(cond.Values) == 1 && strings.HasPrefix(v, cond.Values[0])
	}
	return false
}

// nextMark seals the key of the last row, if it has one.
func (g *Gateway) nextMark(gr *grant, t table, last int) string {
	if len(gr.keys) == 0 {
		return ""
	}
	values := make([]string, len(gr.keys))
	for i, code := range gr.keys {
		v, ok := text(t.value(last, t.column(code)))
		if !ok {
			return ""
		}
		values[i] = v
	}
	return g.seal.seal(gr.ID, values)
}
