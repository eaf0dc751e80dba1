package gateway

import (
	"bytes"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/valyala/fasthttp"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/trace"
)

// upstreamTime is the time for a provider's service that names none.
const upstreamTime = 10 * time.Second

// refuseForbidden looks at the address that a name led to, right before the
// connection is made: a name approved with the resource may later be pointed
// at the machine's own metadata service.
func refuseForbidden(_, address string, _ syscall.RawConn) error {
	target, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if catalog.ForbiddenAddr(target.Addr()) {
		return errors.New("the provider's name leads to an address that is never called")
	}
	return nil
}

// wireQuery is the request to a provider's service: see ADAPTER.md.
type wireQuery struct {
	Items []string            `json:"items"`
	Where []catalog.Condition `json:"where"`
	Limit int                 `json:"limit"`
	After []string            `json:"after,omitempty"`
}

// linkedRows asks the provider's service. It is called once, save when the
// connection was closed before a byte of the answer came: a query changes
// nothing, and it carries the same receipt.
func (g *Gateway) linkedRows(c *call, q query) (table, error) {
	if c.grant.address == "" {
		return nil, upstreamFault("upstream_misconfigured", "提供部门系统的地址配置有误。", c.grant.addressFault)
	}
	if q.where == nil {
		q.where = []catalog.Condition{}
	}
	body, err := json.Marshal(wireQuery{q.items, q.where, q.limit, q.after})
	if err != nil {
		return nil, err
	}
	limit := time.Duration(c.grant.upstream.TimeoutSeconds) * time.Second
	if limit <= 0 || limit > time.Minute {
		limit = upstreamTime
	}
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	g.fill(req, c, body)
	begun := g.Clock.Now()
	err = g.providers.do(c.grant.host, req, resp, limit)
	g.countAsked(c, err, g.Clock.Now().Sub(begun))
	if err != nil {
		return nil, err
	}
	t, err := readRows(bytes.Clone(resp.Body()), q.items) // the response is used again
	if err != nil {
		// The error of a decoder might quote the data; these do not.
		return nil, upstreamFault("upstream_invalid", "提供部门系统的应答格式有误。", err)
	}
	return t, nil
}

// fill writes the request of the contract.
func (g *Gateway) fill(req *fasthttp.Request, c *call, body []byte) {
	h := &req.Header
	h.SetMethod(http.MethodPost)
	req.SetRequestURI(c.grant.address)
	h.SetContentType("application/json")
	h.Set("Accept", "application/json")
	// Named, so that nothing sends what may grow a thousandfold when unpacked.
	h.Set("Accept-Encoding", "identity")
	h.SetUserAgent("shuqiao-gateway")
	h.Set(HeaderReceipt, c.id)
	h.Set("Shuqiao-Grant", c.grant.ID)
	h.Set(trace.Header, c.trace().String())
	token, ok := g.UpstreamTokens[c.grant.Resource]
	if !ok {
		token = g.UpstreamTokens[""]
	}
	if token != "" {
		h.Set(g.UpstreamHeader, token)
	}
	req.SetBodyRaw(body)
}

// queryURL is the one address below the approved base that the gateway calls,
// and the host it is at.
func queryURL(base string, plainAllowed bool) (string, host, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", host{}, errors.New("address cannot be parsed")
	case u.Scheme != "https" && !(plainAllowed && u.Scheme == "http"):
		return "", host{}, errors.New("address is not https")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		return "", host{}, errors.New("address is not plain host, port and path")
	}
	secure := u.Scheme == "https"
	return strings.TrimSuffix(base, "/") + "/query", host{fasthttp.AddMissingPort(u.Host, secure), secure}, nil
}

func upstreamFault(code, message string, cause error) error {
	return fault.New(fault.Upstream, code, message).Because(cause)
}
