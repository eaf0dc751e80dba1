package web

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// New makes the handler of everything this package serves. Requests under
// /share/ belong to the gateway and must not be routed here.
func New(d Deps) http.Handler {
	h := &handlers{Deps: d}
	h.signIns = newLimiter(d.Clock, cmp.Or(d.SignInEvery, time.Second), cmp.Or(d.SignInBurst, 60))
	mux := http.NewServeMux()
	serveDocument(mux, newAPI(mux, h))
	serveDocs(mux)
	serveDCAT(mux, h)
	serveTiles(mux, h)
	rest := newRouter(mux, newConsole(d.Console))
	return observe(d.Clock, d.Logger, recovered(secured(bounded(sameOrigin(rest)))))
}

// programs are the path prefixes that programs ask: what is unknown there is
// a problem document, never the console's page.
var programs = []string{"/api/", "/public/", "/ledger/", "/witness/", "/share/", "/docs/", "/dcat/", "/openapi"}

// router sends what the mux knows to the mux, what people ask to the console,
// and answers the rest with problem documents.
type router struct {
	mux     *http.ServeMux
	console http.Handler
}

func newRouter(mux *http.ServeMux, console http.Handler) *router { return &router{mux, console} }

// ServeHTTP implements http.Handler.
func (t *router) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if _, pattern := t.mux.Handler(r); pattern != "" {
		seen(r.Context()).route = pattern
		t.mux.ServeHTTP(w, r)
		return
	}
	if allowed := t.allowed(r); len(allowed) > 0 {
		notAllowed(w, allowed)
		return
	}
	if slices.ContainsFunc(programs, func(p string) bool { return strings.HasPrefix(r.URL.Path+"/", p) }) {
		problem.Write(w, r, fault.New(fault.NotFound, "route_unknown", "接口没有这个地址"), nil)
		return
	}
	seen(r.Context()).route = "console"
	t.console.ServeHTTP(w, r)
}

// allowed lists the methods that the path is known for.
func (t *router) allowed(r *http.Request) []string {
	var out []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := t.mux.Handler(other); pattern != "" {
			out = append(out, method)
		}
	}
	return out
}

// notAllowed answers 405. It is written here and not in the table of package
// problem, because only transport knows methods.
func notAllowed(w http.ResponseWriter, allowed []string) {
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	problem.Send(w, problem.Problem{
		Type: "urn:shuqiao:problem:method_not_allowed", Title: "方法不允许", Status: http.StatusMethodNotAllowed,
		Detail: "这个地址不接受此方法，可用：" + strings.Join(allowed, "、"), Code: "method_not_allowed",
		Facts: map[string]any{"allowed": allowed},
	})
}
