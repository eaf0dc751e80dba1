package gateway

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Server is the data plane's own listener: HTTP/1.1 for systems, nothing else.
// It costs a third of what net/http costs a call; the checks are the same.
type Server struct {
	gateway *Gateway
	fast    *fasthttp.Server
	peers   sync.Map // net.Conn → *peer, from the first call to the end of the connection
}

// peer is what is the same for all calls of a connection.
type peer struct {
	remote string
	cert   *x509.Certificate
	thumb  string
}

func (s *Server) peer(c *fasthttp.RequestCtx) *peer {
	conn := c.Conn()
	if v, ok := s.peers.Load(conn); ok {
		return v.(*peer)
	}
	p := &peer{remote: c.RemoteAddr().String()}
	if state := c.TLSConnectionState(); state != nil && len(state.PeerCertificates) > 0 {
		p.cert = state.PeerCertificates[0]
		p.thumb = org.SPKIThumbprint(p.cert)
	}
	s.peers.Store(conn, p)
	return p
}

// idleTime is how long a connection may stay open without a call.
const idleTime = 2 * time.Minute

// Server makes the data plane's listener. What is not the gateway's to answer
// is refused as an unknown endpoint, and recorded like every refusal.
func (g *Gateway) Server() *Server {
	s := &Server{gateway: g}
	s.fast = &fasthttp.Server{
		Handler: s.serve, ErrorHandler: s.unreadable,
		ReadTimeout: g.BodyTimeout, WriteTimeout: 5 * time.Minute, IdleTimeout: idleTime,
		ReadBufferSize: 32 << 10, MaxRequestBodySize: maxBody,
		NoDefaultServerHeader: true, NoDefaultContentType: true, Logger: quiet{},
		CloseOnShutdown: true,
		ConnState: func(conn net.Conn, state fasthttp.ConnState) {
			if state == fasthttp.StateClosed || state == fasthttp.StateHijacked {
				s.peers.Delete(conn)
			}
		},
	}
	return s
}

// quiet leaves out what the server would print about callers' mistakes: what
// matters is recorded.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

// Serve answers calls on a listener, TLS or plain, until Shutdown.
func (s *Server) Serve(l net.Listener) error { return s.fast.Serve(l) }

// Shutdown lets calls under way finish until ctx ends.
func (s *Server) Shutdown(ctx context.Context) error { return s.fast.ShutdownWithContext(ctx) }

func (s *Server) serve(c *fasthttp.RequestCtx) {
	req := s.request(c)
	if err := unambiguous(c); err != nil {
		req.refused = err
		c.SetConnectionClose() // where the next request begins is anybody's guess
	}
	s.write(c, s.gateway.handle(c, req))
}

// unreadable answers a request that could not be read as one: it has no more
// than its request line, if that.
func (s *Server) unreadable(c *fasthttp.RequestCtx, err error) {
	req := s.request(c)
	var tooLarge *fasthttp.ErrSmallBuffer
	switch {
	case errors.Is(err, fasthttp.ErrBodyTooLarge):
		req.refused = bodyTooLarge(maxBody)
	case errors.As(err, &tooLarge):
		req.refused = fault.New(fault.TooLarge, "headers_too_large", "请求头不得超过 32 KiB。").Under("CN-35")
	default:
		req.refused = bodyFault(err)
	}
	s.write(c, s.gateway.handle(c, req))
	c.SetConnectionClose()
}

func (s *Server) write(c *fasthttp.RequestCtx, r *response) {
	h := &c.Response.Header
	r.fields(h.Set)
	c.Response.SetStatusCode(r.status)
	c.Response.SetBodyRaw(r.body)
}

func (s *Server) request(c *fasthttp.RequestCtx) *request {
	h, p := &c.Request.Header, s.peer(c)
	req := &request{method: string(h.Method()), target: string(h.RequestURI()), length: int64(h.ContentLength()),
		header: fastHeader(h.RawHeaders()), remote: p.remote, cert: p.cert, thumb: p.thumb}
	if req.length < 0 {
		req.length = int64(len(c.Request.Body())) // it is here already
	}
	req.body = func(limit int64) ([]byte, error) {
		body := c.Request.Body()
		if int64(len(body)) > limit {
			return nil, bodyTooLarge(limit)
		}
		return body, nil
	}
	return req
}

// fastHeader is the header as it was sent, line by line.
type fastHeader []byte

// Values gives every value of a name, whatever its spelling on the wire.
func (h fastHeader) Values(name string) []string {
	var out []string
	h.each(func(key, value []byte) bool {
		if named(key, name) {
			out = append(out, string(value))
		}
		return true
	})
	return out
}

// each gives the fields until fn says no. It tells false when a line is none.
func (h fastHeader) each(fn func(key, value []byte) bool) bool {
	for rest := []byte(h); len(rest) > 0; {
		line, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			continue
		}
		key, value, ok := bytes.Cut(line, []byte(":"))
		if !ok || len(key) == 0 || !token(key) {
			return false
		}
		if !fn(key, bytes.Trim(value, " \t")) {
			return true
		}
	}
	return true
}

func named(key []byte, name string) bool {
	return len(key) == len(name) && strings.EqualFold(string(key), name) // no copy is made for the comparison
}

// token tells whether a field name is one of RFC 9110; a folded line begins
// with a blank and is none.
func token(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return true
}

// unambiguous refuses what two servers in a row could read differently: that
// is what request smuggling lives on. One length, said once and in one way;
// no bare line feeds, folded lines or blanks before a colon (RFC 9112).
func unambiguous(c *fasthttp.RequestCtx) error {
	raw := c.Request.Header.RawHeaders()
	lengths, codings, hosts, bad := 0, 0, 0, bareFeed(raw)
	clean := fastHeader(raw).each(func(key, value []byte) bool {
		switch {
		case named(key, "Content-Length"):
			lengths++
			for _, d := range value {
				bad = bad || d < '0' || d > '9'
			}
		case named(key, "Transfer-Encoding"):
			codings++
			bad = bad || !bytes.EqualFold(value, []byte("chunked"))
		case named(key, "Host"):
			hosts++
		}
		return true
	})
	if bad || !clean || lengths+codings > 1 || hosts != 1 {
		return fault.New(fault.Invalid, "request_ambiguous", "请求头写法有歧义(长度、编码或主机重复,或者含有不规范的行)。").Under("CN-35")
	}
	return nil
}

func bareFeed(raw []byte) bool {
	for i, b := range raw {
		if b == '\n' && (i == 0 || raw[i-1] != '\r') || b == '\r' && i+1 < len(raw) && raw[i+1] != '\n' || b == 0 {
			return true
		}
	}
	return false
}
