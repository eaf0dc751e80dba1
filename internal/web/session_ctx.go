package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/problem"
)

type (
	principalKey struct{}
	tokenKey     struct{}
	peerKey      struct{}
)

// peer is what a handler may know of the connection.
type peer struct {
	address string
	tls     bool
}

// principal is the signed-in person. Operations that are not public always
// have one.
func principal(ctx context.Context) org.Principal {
	p, _ := ctx.Value(principalKey{}).(org.Principal)
	return p
}

// token is what the caller presented, valid or not; empty: nothing.
func token(ctx context.Context) string {
	t, _ := ctx.Value(tokenKey{}).(string)
	return t
}

func overTLS(ctx context.Context) bool {
	p, _ := ctx.Value(peerKey{}).(peer)
	return p.tls
}

// clientAddress names the client for rate limits: its IPv4 address, or the
// /64 network of its IPv6 address, since one host has all of that.
func clientAddress(ctx context.Context) string {
	p, _ := ctx.Value(peerKey{}).(peer)
	host, _, err := net.SplitHostPort(p.address)
	if err != nil {
		host = p.address
	}
	a, err := netip.ParseAddr(host)
	if err != nil {
		return host
	}
	if a = a.Unmap(); a.Is6() {
		n, err := a.WithZone("").Prefix(64)
		if err == nil {
			return n.String()
		}
	}
	return a.String()
}

// authenticate finds out who calls an operation that is not public. A bearer
// token prevails over the cookie.
func (h *handlers) authenticate(ctx huma.Context, next func(huma.Context)) {
	ctx = huma.WithValue(ctx, peerKey{}, peer{address: ctx.RemoteAddr(), tls: ctx.TLS() != nil})
	t := bearer(ctx.Header("Authorization"))
	if t == "" {
		if c, err := huma.ReadCookie(ctx, sessionCookie); err == nil {
			t = c.Value
		}
	}
	ctx = huma.WithValue(ctx, tokenKey{}, t)
	if len(ctx.Operation().Security) == 0 {
		next(ctx)
		return
	}
	p, err := h.identify(ctx.Context(), t)
	if err != nil {
		refuse(ctx, err)
		return
	}
	next(huma.WithValue(ctx, principalKey{}, p))
}

func (h *handlers) identify(ctx context.Context, t string) (org.Principal, error) {
	if t == "" {
		return org.Principal{}, fault.New(fault.Unauthenticated, "sign_in_required", "请先登录")
	}
	return h.Access.Authenticate(ctx, t)
}

// bearer takes the token out of an Authorization header.
func bearer(header string) string {
	scheme, t, ok := strings.Cut(header, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(t)
}

// refuse answers with the problem that err describes.
func refuse(ctx huma.Context, err error) {
	p := problem.From(err)
	problem.Log(ctx.Context(), p, err)
	problem.Send(unwrap(ctx), p)
}

// unwrap gives the response writer below the framework.
func unwrap(ctx huma.Context) http.ResponseWriter {
	_, w := humago.Unwrap(ctx)
	return w
}
