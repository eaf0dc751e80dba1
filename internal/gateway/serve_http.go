package gateway

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// ServeHTTP answers one call that came in through net/http, where people's API
// and console are served too. It must see the request as it arrived: see Owns.
// The data plane's own listener is Serve; both lead into the same checks.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.limitBody(w, r)
	req := httpRequest(r)
	req.body = func(limit int64) ([]byte, error) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
		if err == nil {
			// The deadline would otherwise strike while the call is executed.
			_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
			return body, nil
		}
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return nil, bodyTooLarge(limit)
		}
		return nil, bodyFault(err)
	}
	resp := g.handle(r.Context(), req)
	h := w.Header()
	resp.fields(h.Set)
	w.WriteHeader(resp.status)
	_, _ = w.Write(resp.body) // recorded already; a caller that went away changes nothing
}

// httpRequest is a request of net/http without its body.
func httpRequest(r *http.Request) *request {
	req := &request{method: r.Method, target: r.RequestURI, length: r.ContentLength, header: r.Header, remote: r.RemoteAddr}
	if r.TLS != nil && len(r.TLS.PeerCertificates) > 0 {
		req.cert = r.TLS.PeerCertificates[0]
		req.thumb = org.SPKIThumbprint(req.cert)
	}
	return req
}

// limitBody gives the request body BodyTimeout to arrive. It is set before
// anything else, since the server reads what is left of a body also when the
// call is refused without it: a slow caller must not hold the connection then.
func (g *Gateway) limitBody(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength == 0 {
		return
	}
	// The deadline of a context is the machine's own time, which is what a
	// connection needs; the node's clock may be a test's.
	ctx, cancel := context.WithTimeout(r.Context(), g.BodyTimeout)
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok {
		_ = http.NewResponseController(w).SetReadDeadline(deadline) // none in a test without a connection
	}
}

// bodyFault tells a slow body from a broken one.
func bodyFault(err error) error {
	var timeout net.Error
	if errors.As(err, &timeout) && timeout.Timeout() {
		return fault.New(fault.Invalid, "body_too_slow", "请求体发送过慢。").Under("CN-35").Because(err)
	}
	return fault.New(fault.Invalid, "body_broken", "请求体不完整。").Because(err)
}
