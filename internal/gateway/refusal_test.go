package gateway_test

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// problemDoc is a refusal as a caller reads it.
type problemDoc struct {
	Status  int    `json:"status"`
	Code    string `json:"code"`
	Basis   string `json:"basis"`
	Detail  string `json:"detail"`
	Receipt string `json:"receipt"`
	Errors  []struct {
		Field, Code, Message, Basis string
	} `json:"errors"`
	Incident string `json:"incident"`
	Error    string `json:"error"`
}

// refused makes the call and asserts everything that holds for any refusal:
// the problem, exactly one record that agrees with it, and nothing changed.
func (w *world) refused(r *http.Request, status int, code, basis string) problemDoc {
	w.t.Helper()
	w.gw.Close() // deliveries of earlier calls are told
	w.mu.Lock()
	entries, queries, counters, told := len(w.entries), len(w.queries), maps.Clone(w.calls), len(w.observed)
	w.mu.Unlock()
	rec := w.do(r)
	var p problemDoc
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		w.t.Fatalf("status %d, not a problem: %s", rec.Code, rec.Body)
	}
	if rec.Code != status || p.Status != status || p.Code != code || p.Basis != basis {
		w.t.Fatalf("got %d %s %q, want %d %s %q: %s", rec.Code, p.Code, p.Basis, status, code, basis, rec.Body)
	}
	if p.Detail == "" || strings.Contains(rec.Body.String(), "down") {
		w.t.Errorf("unhelpful or leaking: %s", rec.Body)
	}
	if len(w.entries) != entries+1 {
		w.t.Fatalf("%d records of one call", len(w.entries)-entries)
	}
	e, f := w.last()
	if e.Kind != ledger.RefusedCall || f.Code != code || f.Basis != basis || f.Status != status {
		w.t.Errorf("record %s %+v", e.Kind, f)
	}
	sum := sha256.Sum256(rec.Body.Bytes())
	if e.ID != p.Receipt || e.ID != rec.Header().Get(gateway.HeaderReceipt) || f.ResponseSHA256 != hex.EncodeToString(sum[:]) ||
		f.ResponseBytes != rec.Body.Len() {
		w.t.Errorf("the record does not prove the answer: %+v, header %v", f, rec.Header())
	}
	if len(w.queries) != queries || !maps.Equal(w.calls, counters) || len(w.observed) != told {
		w.t.Error("a refused call changed something or read data")
	}
	return p
}

func hasField(p problemDoc, field, code string) bool {
	return slices.ContainsFunc(p.Errors, func(e struct{ Field, Code, Message, Basis string }) bool {
		return e.Field == field && e.Code == code && e.Message != ""
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const good = "items=region"
	get := func(query string) func(*world, *tls.Certificate) *http.Request {
		return func(w *world, c *tls.Certificate) *http.Request {
			return w.request(c, "GET", w.rowsPath(query), "")
		}
	}
	post := func(body string) func(*world, *tls.Certificate) *http.Request {
		return func(w *world, c *tls.Certificate) *http.Request {
			return w.request(c, "POST", w.rowsPath(""), body)
		}
	}
	header := func(key string, values ...string) func(*world, *tls.Certificate) *http.Request {
		return func(w *world, c *tls.Certificate) *http.Request {
			r := w.request(c, "GET", w.rowsPath(good), "")
			if r.Header.Del(key); len(values) > 0 {
				r.Header[key] = values
			}
			return r
		}
	}
	path := func(method, p string) func(*world, *tls.Certificate) *http.Request {
		return func(w *world, c *tls.Certificate) *http.Request {
			return w.request(c, method, strings.ReplaceAll(p, "{g}", w.grant.ID), "")
		}
	}
	past, soon := noon.Add(-time.Second), noon.Add(time.Second)
	for _, c := range []struct {
		name         string
		world        func(*world)
		call         func(*world, *tls.Certificate) *http.Request
		status       int
		code, basis  string
		field, fcode string
	}{
		{name: "dot segments", call: path("GET", "/share/v1/{g}/../{g}/rows?items=region"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "encoded slash", call: path("GET", "/share/v1%2F{g}/rows?items=region"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "encoded dots", call: path("GET", "/share/v1/%2e%2e/{g}/rows"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "encoded zero", call: path("GET", "/share/v1/{g}/rows%00"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "double slash", call: path("GET", "/share//v1/{g}/rows"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "backslash", call: path("GET", `/share\v1\{g}\rows`), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "semicolon", call: path("GET", "/share/v1/{g};x/rows"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "absolute form", call: path("GET", "http://x/share/v1/{g}/rows"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "overlong", call: path("GET", "/share/v1/"+strings.Repeat("a", 300)), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "overlong query", call: get("items=" + strings.Repeat("a,", 5000)), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "trailing slash", call: path("GET", "/share/v1/{g}/rows/"), status: 400, code: "path_refused", basis: "CN-35"},
		{name: "unknown endpoint", call: path("GET", "/share/v1/{g}/delete"), status: 404, code: "no_such_endpoint"},
		{name: "wrong method", call: path("DELETE", "/share/v1/{g}/rows"), status: 404, code: "no_such_endpoint"},
		{name: "verify by GET", call: path("GET", "/share/v1/{g}/verify"), status: 404, code: "no_such_endpoint"},
		{name: "not a grant ID", call: path("GET", "/share/v1/1/rows"), status: 404, code: "no_such_endpoint"},
		{name: "query on POST", call: path("POST", "/share/v1/{g}/rows?items=region"), status: 400, code: "request_invalid", basis: "CN-35"},

		{name: "no credential", call: func(w *world, _ *tls.Certificate) *http.Request {
			return w.request(nil, "GET", w.rowsPath(good), "")
		}, status: 401, code: "credential_missing", basis: "CN-35"},
		{name: "unknown certificate", call: func(w *world, _ *tls.Certificate) *http.Request {
			c := certificate(w.t, past, soon)
			return w.request(&c, "GET", w.rowsPath(good), "")
		}, status: 401, code: "credential_unknown", basis: "CN-35"},
		{name: "expired certificate", call: func(w *world, _ *tls.Certificate) *http.Request {
			c := certificate(w.t, noon.AddDate(-1, 0, 0), past)
			w.pin(w.sys, c)
			return w.request(&c, "GET", w.rowsPath(good), "")
		}, status: 401, code: "certificate_not_valid", basis: "CN-35"},
		{name: "future certificate", call: func(w *world, _ *tls.Certificate) *http.Request {
			c := certificate(w.t, soon, noon.AddDate(1, 0, 0))
			w.pin(w.sys, c)
			return w.request(&c, "GET", w.rowsPath(good), "")
		}, status: 401, code: "certificate_not_valid", basis: "CN-35"},
		{name: "revoked credential", world: func(w *world) { w.sys.Credentials[0].RevokedAt = &past }, call: get(good), status: 401, code: "credential_revoked", basis: "CN-35"},
		{name: "expired credential", world: func(w *world) { w.sys.Credentials[0].NotAfter = noon }, call: get(good), status: 401, code: "credential_expired", basis: "CN-35"},
		{name: "garbage token", call: header("Authorization", "Bearer x.y.z"), status: 401, code: "token_invalid", basis: "CN-35"},
		{name: "basic", call: header("Authorization", "Basic eDp5"), status: 401, code: "token_invalid", basis: "CN-35"},

		{name: "disabled system", world: func(w *world) { w.sys.DisabledAt = &past }, call: get(good), status: 403, code: "system_disabled", basis: "CN-35"},
		{name: "no assessment", world: func(w *world) { w.sys.MLPS = nil }, call: get(good), status: 403, code: "mlps_missing", basis: "XN-21"},
		{name: "assessment too low", world: func(w *world) { w.sys.MLPS.Level = 1 }, call: get(good), status: 403, code: "mlps_missing", basis: "XN-21"},
		{name: "assessment expired", world: func(w *world) { w.sys.MLPS.ValidUntil = noon }, call: get(good), status: 403, code: "mlps_missing", basis: "XN-21"},

		{name: "unknown grant", call: path("GET", "/share/v1/"+ident.New()+"/rows?items=region"), status: 404, code: "grant_not_found", basis: "CN-25.1"},
		{name: "another department's grant", world: func(w *world) { w.grant.Consumer = "other-dept" }, call: get(good), status: 404, code: "grant_not_found", basis: "CN-25.1"},
		{name: "system not named", world: func(w *world) { w.grant.Systems = []string{w.other.ID} }, call: get(good), status: 403, code: "system_not_in_grant", basis: "CN-25.1"},
		{name: "not yet", world: func(w *world) { w.grant.NotBefore = soon }, call: get(good), status: 403, code: "grant_not_yet", basis: "CN-20.2"},
		{name: "expired", world: func(w *world) { w.grant.NotAfter = noon }, call: get(good), status: 403, code: "grant_expired", basis: "CN-25.1"},
		{name: "suspended by consumer", world: func(w *world) { w.grant.SuspendedConsumer = true }, call: get(good), status: 403, code: "grant_suspended", basis: "CN-27.2"},
		{name: "suspended by provider", world: func(w *world) { w.grant.SuspendedProvider = true }, call: get(good), status: 403, code: "grant_suspended", basis: "CN-27.2"},
		{name: "suspended by authority", world: func(w *world) { w.grant.SuspendedAuthority = true }, call: get(good), status: 403, code: "grant_suspended", basis: "CN-27.2"},
		{name: "terminated", world: func(w *world) { w.grant.TerminatedAt = &past }, call: get(good), status: 403, code: "grant_terminated", basis: "CN-27.1"},
		{name: "another method", world: func(w *world) { w.grant.Method = catalog.FileDownload }, call: get(good), status: 403, code: "method_not_granted", basis: "CN-22"},
		{name: "broken grant", world: func(w *world) { w.grant.Items = []string{"gone"} }, call: get(good), status: 503, code: "authorisation_unavailable", basis: "CN-35"},

		{name: "no purpose", call: header("Shuqiao-Purpose"), status: 400, code: "call_unexplained", basis: "CN-25.1", field: "Shuqiao-Purpose", fcode: "required"},
		{name: "no operator", call: header("Shuqiao-Operator"), status: 400, code: "call_unexplained", basis: "CN-29.2", field: "Shuqiao-Operator", fcode: "required"},
		{name: "two operators", call: header("Shuqiao-Operator", "a", "b"), status: 400, code: "call_unexplained", basis: "CN-29.2", field: "Shuqiao-Operator", fcode: "duplicate"},
		{name: "broken operator", call: header("Shuqiao-Operator", "%ff"), status: 400, code: "call_unexplained", basis: "CN-29.2", field: "Shuqiao-Operator", fcode: "format"},
		{name: "operator with a line break", call: header("Shuqiao-Operator", "a%0Ab"), status: 400, code: "call_unexplained", basis: "CN-29.2", field: "Shuqiao-Operator", fcode: "format"},
		{name: "long case number", call: header("Shuqiao-Case", strings.Repeat("1", 129)), status: 400, code: "call_unexplained", basis: "CN-29.2", field: "Shuqiao-Case", fcode: "too_long"},
		{name: "another purpose", call: header("Shuqiao-Purpose", "marketing"), status: 403, code: "purpose_not_granted", basis: "CN-25.1"},

		{name: "rows on a verify grant", world: func(w *world) { w.grant.Mode = sharing.Verify }, call: get(good), status: 403, code: "mode_not_granted", basis: "CN-25.1"},
		{name: "verify on a query grant", call: func(w *world, c *tls.Certificate) *http.Request {
			return w.request(c, "POST", "/share/v1/"+w.grant.ID+"/verify", `{"values":{"region":"1"}}`)
		}, status: 403, code: "mode_not_granted", basis: "CN-25.1"},
		{name: "no items", call: get(""), status: 400, code: "request_invalid", basis: "CN-25.1", field: "items", fcode: "required"},
		{name: "item outside the grant", call: get("items=region,secret"), status: 403, code: "scope_exceeded", basis: "CN-25.1", field: "items[1]", fcode: "item_not_granted"},
		{name: "item that is not", call: get("items=nothing"), status: 403, code: "scope_exceeded", basis: "CN-25.1", field: "items[0]", fcode: "unknown_item"},
		{name: "item twice", call: get("items=region,region"), status: 400, code: "request_invalid", field: "items[1]", fcode: "duplicate"},
		{name: "condition outside the grant", call: get("items=region&where.status=a"), status: 403, code: "scope_exceeded", basis: "CN-25.1", field: "where.status", fcode: "item_not_granted"},
		{name: "identifier in the address", call: get("items=region&where.id_number=130102199001010015"), status: 400, code: "request_invalid", basis: "CN-35", field: "where.id_number", fcode: "only_in_body"},
		{name: "unknown parameter", call: get("items=region&debug=1"), status: 400, code: "request_invalid", basis: "CN-35", field: "debug", fcode: "unknown_parameter"},
		{name: "parameter twice", call: get("items=region&items=name"), status: 400, code: "request_invalid", basis: "CN-35", field: "items", fcode: "duplicate"},
		{name: "unknown operator", call: get("items=region&where.region.like=1"), status: 400, code: "request_invalid", basis: "CN-35", field: "where.region.like", fcode: "unknown_parameter"},
		{name: "encoded zero in a value", call: get("items=region&where.region=%00"), status: 400, code: "request_invalid", basis: "CN-35", field: "where.region", fcode: "format"},
		{name: "limit too high", call: get("items=region&limit=1001"), status: 400, code: "request_invalid", field: "limit", fcode: "range"},
		{name: "limit not a number", call: get("items=region&limit=1e2"), status: 400, code: "request_invalid", field: "limit", fcode: "format"},
		{name: "made-up mark", call: get("items=region&after=AAAA"), status: 400, code: "request_invalid", field: "after", fcode: "format"},
		{name: "prefix on a masked item", call: post(`{"items":["region"],"where":[{"item":"id_number","op":"prefix","values":["1301"]}]}`), status: 400, code: "request_invalid", basis: "CN-35", field: "where[0]", fcode: "not_on_masked"},
		{name: "unknown member", call: post(`{"items":["region"],"sql":"1=1"}`), status: 400, code: "request_invalid", basis: "CN-35", field: "sql", fcode: "unknown_parameter"},
		{name: "unknown member within", call: post(`{"items":["region"],"where":[{"item":"region","values":["1"],"not":true}]}`), status: 400, code: "request_invalid", basis: "CN-35", field: "where[0].not", fcode: "unknown_parameter"},
		{name: "member twice", call: post(`{"items":["region"],"items":["name"]}`), status: 400, code: "json_invalid", basis: "CN-35"},
		{name: "member twice within", call: post(`{"items":["region"],"where":[{"item":"region","item":"name","values":["1"]}]}`), status: 400, code: "json_invalid", basis: "CN-35"},
		{name: "data behind", call: post(`{"items":["region"]} {}`), status: 400, code: "json_invalid", basis: "CN-35"},
		{name: "not JSON", call: post(`items`), status: 400, code: "json_invalid", basis: "CN-35"},
		{name: "invalid UTF-8", call: post("{\"items\":[\"\xff\"]}"), status: 400, code: "json_invalid", basis: "CN-35"},
		{name: "null", call: post(`{"items":null}`), status: 400, code: "request_invalid", field: "items", fcode: "format"},
		{name: "no values", call: post(`{"items":["region"],"where":[{"item":"region","op":"in","values":[]}]}`), status: 400, code: "request_invalid", field: "where[0].values", fcode: "count"},
		{name: "unknown op", call: post(`{"items":["region"],"where":[{"item":"region","op":"ne","values":["1"]}]}`), status: 400, code: "request_invalid", field: "where[0].op", fcode: "not_in_list"},
		{name: "form instead of JSON", call: func(w *world, c *tls.Certificate) *http.Request {
			r := w.request(c, "POST", w.rowsPath(""), "items=region")
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			return r
		}, status: 400, code: "media_type_refused", basis: "CN-35"},
		{name: "gzip body", call: func(w *world, c *tls.Certificate) *http.Request {
			r := w.request(c, "POST", w.rowsPath(""), "{}")
			r.Header.Set("Content-Encoding", "gzip")
			return r
		}, status: 400, code: "media_type_refused", basis: "CN-35"},
		{name: "body on GET", call: func(w *world, c *tls.Certificate) *http.Request {
			return w.request(c, "GET", w.rowsPath(good), "x")
		}, status: 400, code: "body_not_allowed", basis: "CN-35"},

		{name: "quota store down", world: func(w *world) { w.grant.DailyCalls = 10; w.storeErr = errDown }, call: get(good), status: 503, code: "quota_unavailable", basis: "CN-35"},
		{name: "day used up", world: func(w *world) {
			w.grant.DailyCalls = 10
			w.calls[w.grant.ID+"2026-03-02"] = 10
		}, call: get(good), status: 429, code: "daily_calls_exceeded", basis: "CN-35"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			cert := w.enrol(w.sys)
			if c.world != nil {
				w.edit(func() { c.world(w) })
			}
			p := w.refused(c.call(w, &cert), c.status, c.code, c.basis)
			if c.field != "" && !hasField(p, c.field, c.fcode) {
				t.Errorf("no fault %s of %s in %+v", c.fcode, c.field, p.Errors)
			}
		})
	}
}

func TestEveryFieldAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	r := w.request(&cert, "GET", w.rowsPath("items=region"), "")
	r.Header.Del(gateway.HeaderPurpose)
	r.Header.Del(gateway.HeaderOperator)
	if p := w.refused(r, 400, "call_unexplained", ""); len(p.Errors) != 2 {
		t.Errorf("%+v", p.Errors)
	}
	p := w.refused(w.request(&cert, "GET", w.rowsPath("items=secret,nothing&where.status=1&where.name=x"), ""), 403, "scope_exceeded", "CN-25.1")
	if len(p.Errors) != 4 {
		t.Errorf("%+v", p.Errors)
	}
	p = w.refused(w.request(&cert, "GET", w.rowsPath("a=1&b=2&limit=x"), ""), 400, "request_invalid", "")
	if len(p.Errors) != 3 {
		t.Errorf("%+v", p.Errors)
	}
}

// endless is a body that fails the test when too much of it is read.
type endless struct {
	t    *testing.T
	read int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.read += len(p); e.read > 3<<20 {
		e.t.Error("most of a refused body was read")
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestABodyOf100MiB(t *testing.T) {
	t.Parallel()
	for _, declared := range []bool{true, false} {
		w := newWorld(t)
		cert := w.enrol(w.sys)
		r := w.request(&cert, "POST", w.rowsPath(""), "{}")
		body := &endless{t: t}
		req := httptest.NewRequest("POST", "/", body)
		r.Body, r.ContentLength = req.Body, -1
		if declared {
			r.ContentLength = 100 << 20
		}
		p := w.refused(r, 413, "body_too_large", "CN-35")
		if p.Code == "" || declared && body.read != 0 {
			t.Errorf("declared %v: read %d", declared, body.read)
		}
	}
}

func TestNoAnswerWithoutARecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.recordErr = errDown
	for _, query := range []string{"items=region", "items=secret"} {
		rec := w.do(w.request(&cert, "GET", w.rowsPath(query), ""))
		if rec.Code != 503 || !strings.Contains(rec.Body.String(), "record_unavailable") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
		if bytes.Contains(rec.Body.Bytes(), []byte("130102")) || rec.Header().Get(gateway.HeaderReceipt) != "" {
			t.Errorf("data or a receipt without a record: %s", rec.Body)
		}
	}
	w.gw.Close()
	if len(w.observed) != 0 {
		t.Error("delivery told of a call without an answer")
	}
}

func TestAPanicIsOpaqueAndRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.hostedBoom = "李雷 130102199001010015"
	rec := w.do(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
	if rec.Code != 500 || strings.Contains(rec.Body.String(), "130102") || !strings.Contains(rec.Body.String(), "incident") {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	if _, f := w.last(); len(w.entries) != 1 || f.Incident == "" || f.Status != 500 {
		t.Errorf("%+v", f)
	}
	if strings.Contains(w.logs.String(), "130102") {
		t.Error("personal data in the log")
	}
}

func TestLogsHoldNoPersonalData(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.hostedErr = errDown
	w.do(w.request(&cert, "POST", w.rowsPath(""), `{"items":["name"],"where":[{"item":"id_number","values":["130102199001010015"]}]}`))
	w.do(w.request(&cert, "GET", w.rowsPath("items=region&where.id_number=130102199001010015"), ""))
	for _, secret := range []string{"130102199001010015", "op-007"} {
		if strings.Contains(w.logs.String(), secret) {
			t.Errorf("%s in the log: %s", secret, w.logs)
		}
		for _, e := range w.entries {
			if b, err := e.Encode(); err != nil || strings.Contains(string(b), secret) {
				t.Errorf("%s in the record %s (%v)", secret, b, err)
			}
		}
	}
	if !strings.Contains(w.logs.String(), "database is down") {
		t.Error("the cause is not in the log")
	}
}
