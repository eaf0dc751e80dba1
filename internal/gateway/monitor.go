package gateway

import (
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/monitor"
)

// Monitor is told of each call whose record is durable (CN-35);
// *monitor.Service has it. It must not block.
type Monitor interface {
	Observe(o monitor.Observation)
	// Number gives the number of a key that enumerations are told by.
	Number(key string) (uint64, bool)
}

// observe tells the monitor of a call by a known system. A call on a grant
// that is not this system's is told without the grant: by its refusals nobody
// shall bring measures upon another's grant.
func (g *Gateway) observe(c *call) {
	if g.Monitor == nil || c.sys == nil {
		return
	}
	o := monitor.Observation{At: c.at, System: c.sys.ID, Consumer: c.sys.Department, Remote: c.req.remote, Code: c.facts.Code}
	if gr := c.grant; gr != nil && gr.Consumer == c.sys.Department && gr.systems[c.sys.ID] {
		o.Grant, o.Provider, o.Resource = gr.ID, gr.Provider, gr.Resource
		if c.executed && c.facts.Code == "" {
			g.noteKeys(c, &o)
		}
	}
	g.Monitor.Observe(o)
}

// noteKeys counts the keys that an answered call asked for, and how many found
// nothing. The first condition that compares a key or an identifier decides:
// further ones only narrow it.
func (g *Gateway) noteKeys(c *call, o *monitor.Observation) {
	if len(c.after) > 0 { // a further page asks for the same keys
		return
	}
	for _, a := range c.ask.where {
		if a.Op == catalog.Prefix || !identifies(c.grant.items[a.Item]) {
			continue
		}
		o.Asked = len(a.Values)
		if c.found < c.ask.limit { // else there may be more than were asked for
			o.Missed = max(0, o.Asked-c.found)
		}
		for _, v := range a.Values {
			if n, ok := g.Monitor.Number(v); ok {
				if o.Keys == nil {
					o.Keys = make([]uint64, 0, len(a.Values))
				}
				o.Keys = append(o.Keys, n)
			}
		}
		return
	}
}

// identifies tells whether an item's values name one thing each.
func identifies(it *item) bool {
	if it == nil {
		return false
	}
	switch it.Sensitivity {
	case catalog.ResidentID, catalog.Phone, catalog.BankCard, catalog.Email, catalog.Plate:
		return true
	}
	return it.Key
}
