package gateway

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// upstreamTime is the time for a provider's service that names none.
const upstreamTime = 10 * time.Second

// newTransport is a connection pool for few hosts and many calls. It follows
// no redirects (a RoundTripper never does), uses no proxy of the environment
// and asks for no compression, so that the size bound is that of the data.
func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second, Control: refuseForbidden}).DialContext,
		MaxIdleConns:           1024,
		MaxIdleConnsPerHost:    256,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxResponseHeaderBytes: 32 << 10,
		DisableCompression:     true,
		ReadBufferSize:         16 << 10,
	}
}

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

type wireRows struct {
	Rows []catalog.Row `json:"rows"`
}

// linkedRows asks the provider's service. It is called once: the gateway does
// not know whether a second attempt would be counted or charged.
func (g *Gateway) linkedRows(c *call, q query) ([]catalog.Row, error) {
	address, err := queryURL(c.grant.upstream.URL, g.AllowPlainUpstream)
	if err != nil {
		return nil, upstreamFault("upstream_misconfigured", "提供部门系统的地址配置有误。", err)
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
	ctx, cancel := context.WithTimeout(c.ctx, limit)
	defer cancel()
	answer, err := g.roundTrip(ctx, c, address, body)
	if err != nil {
		if c.ctx.Err() != nil { // the caller went away; the provider is not to blame
			return nil, c.ctx.Err()
		}
		return nil, err
	}
	return decodeRows(answer)
}

func (g *Gateway) roundTrip(ctx context.Context, c *call, address string, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return nil, upstreamFault("upstream_misconfigured", "提供部门系统的地址配置有误。", errors.New("address cannot be parsed"))
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	// Named, so that no transport unpacks by itself what may grow a thousandfold.
	req.Header.Set("Accept-Encoding", "identity")
	req.Header.Set("User-Agent", "shuqiao-gateway")
	req.Header.Set(HeaderReceipt, c.id)
	req.Header.Set("Shuqiao-Grant", c.grant.ID)
	token, ok := g.UpstreamTokens[c.grant.Resource]
	if !ok {
		token = g.UpstreamTokens[""]
	}
	if token != "" {
		req.Header.Set(g.UpstreamHeader, token)
	}
	resp, err := g.upstream.RoundTrip(req)
	if err != nil {
		return nil, unreachable(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, upstreamFault("upstream_refused", "提供部门的系统没有正常应答。", fmt.Errorf("status %d", resp.StatusCode))
	}
	if e := resp.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, upstreamFault("upstream_invalid", "提供部门系统的应答格式有误。", errors.New("compressed without being asked"))
	}
	return readUpstream(ctx, resp)
}

func readUpstream(ctx context.Context, resp *http.Response) ([]byte, error) {
	tooLarge := upstreamFault("upstream_too_large", "提供部门系统的应答超过上限。", errors.New("more than 8 MiB"))
	if resp.ContentLength > maxUpstream {
		return nil, tooLarge
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxUpstream+1))
	switch {
	case ctx.Err() != nil: // what looks complete may be what a closing connection left
		return nil, unreachable(ctx.Err())
	case err != nil:
		return nil, unreachable(err)
	case len(answer) > maxUpstream:
		return nil, tooLarge
	}
	return answer, nil
}

// decodeRows takes {"rows": [{item: scalar}]}. Further members beside "rows"
// are let be; repeated names, nested values and broken text are not.
func decodeRows(answer []byte) ([]catalog.Row, error) {
	var w wireRows
	invalid := func(cause string) error {
		return upstreamFault("upstream_invalid", "提供部门系统的应答格式有误。", errors.New(cause))
	}
	if err := json.Unmarshal(answer, &w); err != nil {
		// The error of the decoder may quote the data.
		return nil, invalid("not the JSON of the contract")
	}
	if w.Rows == nil {
		return nil, invalid("no rows")
	}
	for _, row := range w.Rows {
		for _, v := range row {
			switch v.(type) {
			case nil, string, float64, bool:
			default:
				return nil, invalid("a value that is not a scalar")
			}
		}
	}
	return w.Rows, nil
}

// queryURL is the one address below the approved base that the gateway calls.
func queryURL(base string, plainAllowed bool) (string, error) {
	u, err := url.Parse(base)
	switch {
	case err != nil:
		return "", errors.New("address cannot be parsed")
	case u.Scheme != "https" && !(plainAllowed && u.Scheme == "http"):
		return "", errors.New("address is not https")
	case u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Opaque != "":
		return "", errors.New("address is not plain host, port and path")
	}
	return strings.TrimSuffix(base, "/") + "/query", nil
}

func unreachable(err error) error {
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return upstreamFault("upstream_timeout", "提供部门的系统没有在限定时间内应答。", err)
	}
	return upstreamFault("upstream_unreachable", "无法连接提供部门的系统。", err)
}

func upstreamFault(code, message string, cause error) error {
	return fault.New(fault.Upstream, code, message).Because(cause)
}
