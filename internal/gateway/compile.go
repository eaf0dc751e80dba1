package gateway

import (
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway/mask"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// grant is a grant with the version of the resource that it is of, turned into
// what a call asks: look-ups instead of searches.
type grant struct {
	sharing.Grant
	systems  map[string]bool
	items    map[string]*item // every item of the version
	list     []catalog.Item
	keys     []string // codes of the key items, in order
	linked   bool
	upstream catalog.Upstream
	// address is what is called below the approved base; empty: addressFault.
	address      string
	addressFault error
	host         host     // of address
	needed       []string // items the scope is decided by: keys and row conditions
}

// item is an item of the resource as this grant shows it.
type item struct {
	catalog.Item
	granted bool
	mask    mask.Func // nil: in clear
	quoted  []byte    // `"code":`
}

// compile fails when the grant speaks of what the version does not have: then
// no call on it can be decided, and none is let through.
func compile(g sharing.Grant, v catalog.Version, plainAllowed bool) (*grant, error) {
	e := v.Entry
	c := &grant{
		Grant: g, systems: make(map[string]bool, len(g.Systems)), items: make(map[string]*item, len(e.Items)),
		list: e.Items, linked: e.Collection == catalog.LinkedService,
	}
	if c.linked {
		if e.Upstream == nil || e.Upstream.URL == "" {
			return nil, fmt.Errorf("gateway: version %s is linked and has no upstream", v.ID)
		}
		c.upstream = *e.Upstream
		c.address, c.host, c.addressFault = queryURL(e.Upstream.URL, plainAllowed)
	}
	for _, s := range g.Systems {
		c.systems[s] = true
	}
	for _, it := range e.Items {
		quoted, err := jsontext.AppendQuote(nil, it.Code)
		if err != nil {
			return nil, fmt.Errorf("gateway: item code of version %s: %w", v.ID, err)
		}
		x := &item{Item: it, quoted: append(quoted, ':')}
		if it.Masked {
			x.mask = mask.For(it.Sensitivity)
		}
		c.items[it.Code] = x
		if it.Key {
			c.keys = append(c.keys, it.Code)
			c.needed = append(c.needed, it.Code)
		}
	}
	return c, c.apply(g, v.ID)
}

func (c *grant) apply(g sharing.Grant, version string) error {
	for _, code := range g.Items {
		x := c.items[code]
		if x == nil {
			return fmt.Errorf("gateway: grant %s has an item that version %s has not", g.ID, version)
		}
		x.granted = true
	}
	for _, code := range g.Clear {
		if x := c.items[code]; x != nil && x.granted {
			x.mask = nil
		}
	}
	for _, cond := range g.Rows {
		if c.items[cond.Item] == nil || len(cond.Values) == 0 {
			return fmt.Errorf("gateway: grant %s has a row condition that version %s cannot decide", g.ID, version)
		}
		switch cond.Op {
		case catalog.Equal, catalog.In, catalog.Prefix:
		default:
			return fmt.Errorf("gateway: grant %s has a row condition of an unknown kind", g.ID)
		}
		c.needed = append(c.needed, cond.Item)
	}
	return nil
}

// text writes a value as conditions compare it; null compares with nothing.
func text(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	case int64:
		return strconv.FormatInt(x, 10), true
	case int:
		return strconv.Itoa(x), true
	}
	return "", false
}
