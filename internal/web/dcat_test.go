package web_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/dcat/dcattest"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/web"
)

// breaking is a catalog that cannot be read from some moment on.
type breaking struct {
	*dcat.Service
	after int // bytes written before it breaks; negative: never
}

func (b breaking) Dump(ctx context.Context, a dcat.Audience, f dcat.Format, out io.Writer, turned func() error) error {
	if b.after < 0 {
		return b.Service.Dump(ctx, a, f, out, turned)
	}
	if b.after > 0 {
		if _, err := out.Write(make([]byte, b.after)); err != nil {
			return err
		}
	}
	return errors.New("the database is gone")
}

func catalogNode(t *testing.T, public bool, after int) *node {
	t.Helper()
	source := dcattest.NewSource(dcattest.Samples()...)
	s, err := dcat.NewService(dcattest.Address, source, source)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{clock: clock.NewFake(start), access: &fakeAccess{}}
	n.Handler = web.New(web.Deps{Access: n.access, Clock: n.clock, DCAT: breaking{s, after}, PublicCatalog: public,
		Harvester: func(r *http.Request) (string, error) {
			if r.TLS != nil || r.Header.Get("Authorization") == "Bearer system" {
				return "s1", nil
			}
			return "", fault.New(fault.Unauthenticated, "token_invalid", "令牌无效")
		}})
	return n
}

func TestDCATNegotiation(t *testing.T) {
	t.Parallel()
	n := catalogNode(t, false, -1)
	const json, turtle = "application/ld+json", "text/turtle; charset=utf-8"
	for _, c := range []struct{ path, accept, want string }{
		{"/dcat/catalog", "", json},
		{"/dcat/catalog", "*/*", json},
		{"/dcat/catalog", "text/turtle", turtle},
		{"/dcat/catalog", "application/json", json},
		{"/dcat/catalog", "text/*", turtle},
		{"/dcat/catalog", "application/ld+json;q=0.5, text/turtle;q=0.6", turtle},
		{"/dcat/catalog", "text/turtle;q=0, */*;q=0.1", json},
		{"/dcat/catalog", "text/html, application/xhtml+xml, */*;q=0.8", json},
		{"/dcat/catalog", "application/rdf+xml", ""},
		{"/dcat/catalog", "text/turtle;q=0", ""},
		{"/dcat/catalog", "nonsense", ""},
		{"/dcat/catalog.ttl", "application/ld+json", turtle},
		{"/dcat/catalog.jsonld", "text/turtle", json},
		{"/dcat/dataset/" + dcattest.ID(1) + ".ttl", "", turtle},
		{"/dcat/dataset/" + dcattest.ID(1), "text/turtle", turtle},
		{"/dcat/feed", "text/turtle", turtle},
		{"/dcat/dump.ttl", "", turtle},
		{"/dcat/context.jsonld", "", json},
	} {
		w, doc := n.ask(t, http.MethodGet, c.path, "", "Accept", c.accept)
		if c.want == "" {
			refused(t, w, doc, http.StatusNotAcceptable, "not_acceptable")
		} else if w.Code != 200 || w.Header().Get("Content-Type") != c.want {
			t.Errorf("%s, Accept %q: %d %s", c.path, c.accept, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestDCATRefusals(t *testing.T) {
	t.Parallel()
	n := catalogNode(t, false, -1)
	for path, want := range map[string]struct {
		status int
		code   string
	}{
		"/dcat/catalog?limit=0":                          {400, "query_invalid"},
		"/dcat/catalog?limit=1001":                       {400, "query_invalid"},
		"/dcat/catalog?limit=x":                          {400, "query_invalid"},
		"/dcat/catalog?limit=":                           {400, "query_invalid"},
		"/dcat/catalog?cursor=x":                         {400, "query_invalid"},
		"/dcat/catalog?after=a&after=b":                  {400, "query_invalid"},
		"/dcat/feed?cursor=x":                            {400, "cursor_void"},
		"/dcat/feed?cursor=" + strings.Repeat("x", 4000): {400, "query_invalid"},
		"/dcat/dump?limit=1":                             {400, "query_invalid"},
		"/dcat/dataset/" + dcattest.ID(99):               {404, "not_found"},
		"/dcat/dataset/":                                 {404, "route_unknown"},
		"/dcat/":                                         {404, "route_unknown"},
		"/dcat/catalog/more":                             {404, "route_unknown"},
	} {
		w, doc := n.ask(t, http.MethodGet, path, "")
		refused(t, w, doc, want.status, want.code)
	}
	w, doc := n.ask(t, http.MethodPost, "/dcat/catalog", "{}")
	refused(t, w, doc, http.StatusMethodNotAllowed, "method_not_allowed")
}

// By the regulation the catalog is published to departments: who is none of
// theirs sees it only where the operator says so, and then what is open.
func TestWhoReadsTheCatalog(t *testing.T) {
	t.Parallel()
	paths := []string{"/dcat/catalog.ttl", "/dcat/feed.ttl", "/dcat/dump.ttl"}
	const withheld, open = "收养登记档案", "行政区划代码"
	anonymous := func(n *node, path string, change func(*http.Request)) (*httptest.ResponseRecorder, map[string]any) {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		if change != nil {
			change(r)
		}
		return n.send(t, r)
	}
	for _, path := range append(paths, "/dcat/dataset/"+dcattest.ID(1), "/dcat/nothing") {
		w, doc := anonymous(catalogNode(t, false, -1), path, nil)
		refused(t, w, doc, 401, "sign_in_required")
	}
	n := catalogNode(t, true, -1)
	for _, path := range paths {
		if w, _ := anonymous(n, path, nil); w.Code != 200 || strings.Contains(w.Body.String(), withheld) || !strings.Contains(w.Body.String(), open) {
			t.Errorf("%s for everybody: %d", path, w.Code)
		}
		for name, change := range map[string]func(*http.Request){
			"a person by token":       func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+goodToken) },
			"a person by cookie":      func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "shuqiao_session", Value: goodToken}) },
			"a system by token":       func(r *http.Request) { r.Header.Set("Authorization", "Bearer system") },
			"a system by certificate": func(r *http.Request) { r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{}}} },
		} {
			if w, _ := anonymous(n, path, change); w.Code != 200 || !strings.Contains(w.Body.String(), withheld) {
				t.Errorf("%s for %s: %d", path, name, w.Code)
			}
		}
		w, doc := anonymous(n, path, func(r *http.Request) { r.Header.Set("Authorization", "Bearer stolen") })
		refused(t, w, doc, 401, "token_invalid")
	}
	w, doc := anonymous(n, "/dcat/dataset/"+dcattest.ID(3), nil)
	refused(t, w, doc, 404, "not_found")
	for range 70 {
		w, doc = anonymous(n, "/dcat/feed", nil)
	}
	refused(t, w, doc, 429, "too_many_requests")
}

func TestDCATIsRevalidated(t *testing.T) {
	t.Parallel()
	n := catalogNode(t, false, -1)
	get := func(method, path string, headers ...string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
		r.Header.Set("Authorization", "Bearer "+goodToken)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		n.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/dcat/catalog", "/dcat/dataset/" + dcattest.ID(1) + ".ttl", "/dcat/feed", "/dcat/dump", "/dcat/dump.ttl"} {
		w := get(http.MethodGet, path)
		tag := w.Header().Get("ETag")
		if tag == "" || !strings.Contains(w.Header().Get("Vary"), "Accept") || w.Header().Get("Cache-Control") != "private, no-cache" {
			t.Errorf("%s: %v", path, w.Header())
		}
		if w := get(http.MethodGet, path, "If-None-Match", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("%s again: %d", path, w.Code)
		}
		if w := get(http.MethodGet, path, "If-None-Match", `"other"`); w.Code != 200 {
			t.Errorf("%s, another tag: %d", path, w.Code)
		}
		if w := get(http.MethodHead, path); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("ETag") != tag {
			t.Errorf("HEAD %s: %d %v", path, w.Code, w.Header())
		}
		packed := get(http.MethodGet, path, "Accept-Encoding", "gzip")
		if packed.Header().Get("Content-Encoding") != "gzip" || packed.Body.Len() >= w.Body.Len() {
			t.Errorf("%s is not packed: %v", path, packed.Header())
		}
	}
	w := get(http.MethodGet, "/dcat/dataset/"+dcattest.ID(1))
	if got := w.Header().Get("Last-Modified"); got != dcattest.Day.Add(49*time.Hour).Format(http.TimeFormat) {
		t.Errorf("Last-Modified %s", got)
	}
	w = get(http.MethodGet, "/dcat/catalog.ttl?limit=2")
	if got := w.Header().Get("Link"); got != "<"+dcattest.Address+"/dcat/catalog.ttl?after="+dcattest.ID(2)+`&limit=2>; rel="next"` {
		t.Errorf("Link %s", got)
	}
}

// A dump that breaks off before it began is a problem; after that it is a
// broken connection, never a whole-looking half.
func TestBrokenDump(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"", "gzip"} {
		w, doc := catalogNode(t, false, 0).ask(t, http.MethodGet, "/dcat/dump", "", "Accept-Encoding", encoding)
		refused(t, w, doc, 500, "internal_error")
		if w.Header().Get("ETag") != "" || w.Header().Get("Content-Encoding") != "" {
			t.Errorf("headers of a dump: %v", w.Header())
		}
	}
	server := httptest.NewServer(catalogNode(t, false, 100_000))
	defer server.Close()
	r, err := http.NewRequest(http.MethodGet, server.URL+"/dcat/dump", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+goodToken)
	r.Header.Set("Accept-Encoding", "identity")
	resp, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err == nil {
		t.Error("the half looks whole")
	}
}
