package gateway

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/valyala/fasthttp"
)

// providers are the connection pools to providers' services, one for each
// host: few hosts, many calls. A pool follows no redirects and uses no proxy of
// the environment.
type providers struct {
	tls   *tls.Config
	hosts sync.Map // host → *fasthttp.HostClient
}

func newProviders(config *tls.Config) *providers {
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return &providers{tls: config}
}

// Bounds of a pool.
const (
	poolSize     = 512 // connections to one provider
	dialTime     = 5 * time.Second
	idleProvider = 90 * time.Second
)

// host is where a provider's service is.
type host struct {
	addr   string // with port
	secure bool
}

func (p *providers) pool(h host) *fasthttp.HostClient {
	if v, ok := p.hosts.Load(h); ok {
		return v.(*fasthttp.HostClient)
	}
	c := &fasthttp.HostClient{
		Addr: h.addr, IsTLS: h.secure, TLSConfig: p.tls, Dial: dial,
		MaxConns: poolSize, MaxIdleConnDuration: idleProvider, MaxConnWaitTimeout: dialTime,
		ReadBufferSize: 32 << 10, MaxResponseBodySize: maxUpstream,
		NoDefaultUserAgentHeader: true, SecureErrorLogMessage: true, DisablePathNormalizing: true,
		RetryIfErr: func(_ *fasthttp.Request, attempts int, err error) (reset, retry bool) {
			return false, attempts == 1 && errors.Is(err, fasthttp.ErrConnectionClosed)
		},
	}
	v, _ := p.hosts.LoadOrStore(h, c)
	return v.(*fasthttp.HostClient)
}

// dial opens a connection, unless the name leads to an address that is never
// called.
func dial(addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime, KeepAlive: 30 * time.Second, Control: refuseForbidden}
	return d.Dial("tcp", addr)
}

// do asks the provider and judges its answer as HTTP: complete, in time, 200,
// within the size, not compressed.
func (p *providers) do(h host, req *fasthttp.Request, resp *fasthttp.Response, limit time.Duration) error {
	if err := p.pool(h).DoTimeout(req, resp, limit); err != nil {
		return unreachable(err)
	}
	if resp.StatusCode() != http.StatusOK {
		return upstreamFault("upstream_refused", "提供部门的系统没有正常应答。", fmt.Errorf("status %d", resp.StatusCode()))
	}
	if e := string(resp.Header.ContentEncoding()); e != "" && e != "identity" {
		return upstreamFault("upstream_invalid", "提供部门系统的应答格式有误。", errors.New("compressed without being asked"))
	}
	return nil
}

func (p *providers) close() {
	p.hosts.Range(func(_, v any) bool {
		v.(*fasthttp.HostClient).CloseIdleConnections()
		return true
	})
}

func unreachable(err error) error {
	var timeout net.Error
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		return upstreamFault("upstream_too_large", "提供部门系统的应答超过上限。", errors.New("more than 8 MiB"))
	case errors.Is(err, fasthttp.ErrTimeout), errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return upstreamFault("upstream_timeout", "提供部门的系统没有在限定时间内应答。", err)
	}
	return upstreamFault("upstream_unreachable", "无法连接提供部门的系统。", err)
}
