package gateway_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// link makes the world's grant one on a linked resource behind the handler.
func link(t *testing.T, h http.HandlerFunc) (*world, *httptest.Server) {
	srv := httptest.NewTLSServer(h)
	t.Cleanup(srv.Close)
	w := newWorld(t, func(c *gateway.Config) {
		c.UpstreamTLS = srv.Client().Transport.(*http.Transport).TLSClientConfig
		c.UpstreamTokens = map[string]string{"": "Bearer node-secret"}
	})
	w.relink(srv.URL + "/adapter/")
	return w, srv
}

func (w *world) relink(address string) {
	resource := ident.New()
	w.edit(func() {
		w.versions[resource] = catalog.Version{ID: ident.New(), Resource: resource, Number: 1, Entry: catalog.Entry{
			Collection: catalog.LinkedService, Items: items(), Upstream: &catalog.Upstream{URL: address, TimeoutSeconds: 1},
		}}
		w.grant = w.addGrant(resource)
	})
}

func TestLinkedService(t *testing.T) {
	t.Parallel()
	var got struct {
		Items []string            `json:"items"`
		Where []catalog.Condition `json:"where"`
		Limit int                 `json:"limit"`
		After []string            `json:"after"`
	}
	var header http.Header
	var path string
	w, _ := link(t, func(rw http.ResponseWriter, r *http.Request) {
		header, path = r.Header.Clone(), r.URL.Path
		got.After = nil
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil {
			t.Error(err)
		}
		// A careless provider: all rows, all items.
		_ = json.NewEncoder(rw).Encode(map[string]any{"rows": people(), "took": 3})
	})
	cert := w.enrol(w.sys)
	rec := w.do(w.request(&cert, "GET", w.rowsPath("items=name&where.score=1.5"), ""))
	if want := `{"rows":[{"name":"李*"}],"count":1}` + "\n"; rec.Code != 200 || rec.Body.String() != want {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if _, f := w.last(); f.Rows != 1 || f.Dropped != 3 {
		t.Errorf("%+v", f)
	}
	if path != "/adapter/query" || header.Get("Authorization") != "Bearer node-secret" || header.Get("Shuqiao-Grant") != w.grant.ID ||
		header.Get("Shuqiao-Receipt") != rec.Header().Get(gateway.HeaderReceipt) || header.Get(gateway.HeaderOperator) != "" {
		t.Errorf("%s %v", path, header)
	}
	if strings.Join(got.Items, " ") != "name id_number region score" || len(got.Where) != 2 || got.Limit != 100 {
		t.Errorf("%+v", got)
	}
	// Too many rows, and paging over what was dropped.
	a := w.ok(w.request(&cert, "GET", w.rowsPath("items=name&limit=1"), ""))
	if a.Count != 1 || a.Next == "" {
		t.Errorf("%+v", a)
	}
	w.ok(w.request(&cert, "GET", w.rowsPath("items=name&limit=1&after="+a.Next), ""))
	if len(got.After) != 1 || got.After[0] != "130102199001010015" {
		t.Errorf("%+v", got.After)
	}
}

func TestUpstreamFaults(t *testing.T) {
	t.Parallel()
	answer := func(s string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, s) }
	}
	var redirected atomic.Int32
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { redirected.Add(1) }))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		h    http.HandlerFunc
		code string
	}{
		"status": {func(rw http.ResponseWriter, _ *http.Request) { http.Error(rw, "李雷", 500) }, "upstream_refused"},
		"redirect": {func(rw http.ResponseWriter, r *http.Request) {
			http.Redirect(rw, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, "upstream_refused"},
		"not JSON":        {answer("李雷"), "upstream_invalid"},
		"no rows":         {answer(`{}`), "upstream_invalid"},
		"a list":          {answer(`[]`), "upstream_invalid"},
		"nested":          {answer(`{"rows":[{"name":{"a":1}}]}`), "upstream_invalid"},
		"twice":           {answer(`{"rows":[{"name":"a","name":"李雷"}]}`), "upstream_invalid"},
		"invalid UTF-8":   {answer("{\"rows\":[{\"name\":\"\xff\"}]}"), "upstream_invalid"},
		"too large":       {answer(`{"rows":[{"name":"` + strings.Repeat("x", 9<<20) + `"}]}`), "upstream_too_large"},
		"slow":            {stuck, "upstream_timeout"},
		"dies half-way":   {func(rw http.ResponseWriter, _ *http.Request) { half(rw) }, "upstream_unreachable"},
		"dies at once":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "upstream_unreachable"},
		"unasked gzip":    {zipped, "upstream_invalid"},
		"slow with bytes": {drip, "upstream_timeout"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := link(t, c.h)
			cert := w.enrol(w.sys)
			rec := w.do(w.request(&cert, "GET", w.rowsPath("items=name"), ""))
			e, f := w.last()
			if rec.Code != 502 || f.Code != c.code || e.Kind != ledger.Call || len(w.entries) != 1 || f.Rows != 0 {
				t.Errorf("%d %s %+v", rec.Code, rec.Body, f)
			}
			if strings.Contains(rec.Body.String(), "李雷") || strings.Contains(w.logs.String(), "李雷") {
				t.Errorf("the provider's words came through: %s %s", rec.Body, w.logs)
			}
		})
	}
	t.Cleanup(func() {
		if redirected.Load() != 0 {
			t.Error("a redirect was followed")
		}
	})
}

// stuck reads the body first: only then does the server notice that the caller
// has gone.
func stuck(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func half(rw http.ResponseWriter) {
	rw.Header().Set("Content-Length", "100")
	_, _ = io.WriteString(rw, `{"rows":[`)
	rw.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func zipped(rw http.ResponseWriter, _ *http.Request) {
	rw.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(rw)
	_, _ = io.WriteString(z, `{"rows":[]}`)
	_ = z.Close()
}

func drip(rw http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	for {
		if _, err := io.WriteString(rw, " "); err != nil {
			return
		}
		rw.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func TestUpstreamAddresses(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, `{"rows":[]}`)
	}))
	defer plain.Close()
	for address, code := range map[string]string{
		plain.URL: "upstream_misconfigured", "https://user:pw@localhost": "upstream_misconfigured",
		"https://localhost/?x=": "upstream_misconfigured", "file:///etc/passwd": "upstream_misconfigured",
		"https://": "upstream_misconfigured", "https://127.0.0.1:1": "upstream_unreachable",
	} {
		w := newWorld(t)
		cert := w.enrol(w.sys)
		w.relink(address)
		rec := w.do(w.request(&cert, "GET", w.rowsPath("items=name"), ""))
		if _, f := w.last(); rec.Code != 502 || f.Code != code {
			t.Errorf("%s: %d %s", address, rec.Code, rec.Body)
		}
		if strings.Contains(w.logs.String(), "pw@") {
			t.Error("a password in the log")
		}
	}
	w := newWorld(t, func(c *gateway.Config) { c.AllowPlainUpstream = true })
	cert := w.enrol(w.sys)
	w.relink(plain.URL)
	w.ok(w.request(&cert, "GET", w.rowsPath("items=name"), ""))
}
