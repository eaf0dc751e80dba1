package web_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
)

func TestFaultsOfUseCasesKeepTheirStory(t *testing.T) {
	t.Parallel()
	for k := fault.Invalid; k <= fault.Upstream; k++ {
		n := newNode(t, nil)
		n.cases.err = fmt.Errorf("wrapped: %w", fault.New(k, "some_code", "说明").Under("CN-21.2").With("stage", "granted"))
		w, doc := n.ask(t, "GET", "/api/v1/cases/c1", "")
		refused(t, w, doc, problem.Status(k), "some_code")
		if busy := w.Code == 429 || w.Code == 503; busy != (w.Header().Get("Retry-After") != "") {
			t.Errorf("kind %d: Retry-After %q", k, w.Header().Get("Retry-After"))
		}
		if doc["basis"] != "CN-21.2" || doc["detail"] != "说明" || doc["facts"].(map[string]any)["stage"] != "granted" {
			t.Errorf("kind %d: %v", k, doc)
		}
	}
}

func TestOtherErrorsAndPanicsAreOpaque(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errors.New("pq: secret value 42"), errors.New("panic")} {
		n := newNode(t, nil)
		n.cases.err = err
		w, doc := n.ask(t, "GET", "/api/v1/cases/c1", "")
		refused(t, w, doc, 500, problem.CodeInternal)
		if doc["incident"] == "" || strings.Contains(w.Body.String(), "secret value") {
			t.Errorf("%v", doc)
		}
	}
}

func TestFactsThatJSONCannotHold(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	n.cases.err = fault.New(fault.Conflict, "some_code", "说明").With("f", func() {})
	w, doc := n.ask(t, "GET", "/api/v1/cases/c1", "")
	refused(t, w, doc, 409, "some_code")
}

func TestSessionsByCookieAndBearer(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	for name, c := range map[string]struct {
		authorization, cookie string
		status                int
	}{
		"nothing":               {"", "", 401},
		"bearer":                {"Bearer " + goodToken, "", 200},
		"bearer, other case":    {"bearer " + goodToken, "", 200},
		"cookie":                {"", goodToken, 200},
		"wrong bearer":          {"Bearer x", "", 401},
		"wrong cookie":          {"", "x", 401},
		"basic":                 {"Basic " + goodToken, "", 401},
		"bearer before cookie":  {"Bearer x", goodToken, 401},
		"bearer without token":  {"Bearer ", "", 401},
		"token without a space": {"Bearer" + goodToken, "", 401},
	} {
		cookie := ""
		if c.cookie != "" {
			cookie = "shuqiao_session=" + c.cookie
		}
		w, doc := n.ask(t, "GET", "/api/v1/me", "", "Authorization", c.authorization, "Cookie", cookie)
		if w.Code != c.status {
			t.Errorf("%s: %d %v", name, w.Code, doc)
		}
	}
}

func TestSignInSetsASafeCookie(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	w, doc := n.ask(t, "POST", "https://node.example/api/v1/session", `{"username":"clerk","password":"right"}`, "Authorization", "")
	if w.Code != 200 || doc["token"] != goodToken || doc["roles"].([]any)[0] != "clerk" {
		t.Fatalf("%d %v", w.Code, doc)
	}
	c := w.Result().Cookies()[0]
	if c.Name != "shuqiao_session" || c.Value != goodToken || !c.HttpOnly || !c.Secure || c.SameSite != http.SameSiteStrictMode || c.Path != "/" {
		t.Errorf("%+v", c)
	}
	if w.Header().Get("Cache-Control") != "no-store" {
		t.Error("the answer may be stored")
	}
	w, _ = n.ask(t, "DELETE", "/api/v1/session", "", "Authorization", "", "Cookie", "shuqiao_session="+goodToken)
	if w.Code != 204 || len(n.access.signedOut) != 1 || n.access.signedOut[0] != goodToken {
		t.Errorf("%d %v", w.Code, n.access.signedOut)
	}
	if w, _ := n.ask(t, "DELETE", "/api/v1/session", "", "Authorization", ""); w.Code != 204 || len(w.Result().Cookies()) != 1 {
		t.Errorf("without a session: %d", w.Code)
	}
	if c := w.Result().Cookies()[0]; c.MaxAge >= 0 || c.Value != "" {
		t.Errorf("%+v", c)
	}
}

func TestSignInAttemptsAreBounded(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	try := func(from string) int {
		r := httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(`{"username":"clerk","password":"wrong"}`))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = from
		w, _ := n.send(t, r)
		return w.Code
	}
	for range 60 {
		if got := try("[2001:db8::1]:5"); got != 401 {
			t.Fatalf("answered %d", got)
		}
	}
	if got := try("[2001:db8::ffff]:6"); got != 429 {
		t.Errorf("the same network of another address: %d", got)
	}
	if got := try("192.0.2.1:5"); got != 401 {
		t.Errorf("another client: %d", got)
	}
	n.clock.Advance(3 * time.Second)
	if got := try("[2001:db8::1]:5"); got != 401 {
		t.Errorf("after a while: %d", got)
	}
}

func TestOtherSitesCannotUseTheCookie(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	const target, body = "http://node.example/api/v1/cases/c1/actions/agree", `{"fields":{}}`
	cookie := []string{"Authorization", "", "Cookie", "shuqiao_session=" + goodToken}
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"cross-site":              {append(cookie, "Sec-Fetch-Site", "cross-site"), 403},
		"same site, other origin": {append(cookie, "Sec-Fetch-Site", "same-site"), 403},
		"foreign origin":          {append(cookie, "Origin", "http://evil.example"), 403},
		"null origin":             {append(cookie, "Origin", "null"), 403},
		"own origin":              {append(cookie, "Origin", "http://node.example"), 200},
		"own page":                {append(cookie, "Sec-Fetch-Site", "same-origin"), 200},
		"no browser":              {cookie, 200},
		"program with a bearer":   {[]string{"Origin", "http://tool.example"}, 200},
	} {
		w, doc := n.ask(t, "POST", target, body, c.headers...)
		if w.Code != c.status || (c.status == 403 && doc["code"] != "cross_origin") {
			t.Errorf("%s: %d %v", name, w.Code, doc)
		}
	}
	if len(n.cases.took) != 4 {
		t.Errorf("%d acts were taken, want 4", len(n.cases.took))
	}
}

func TestUnknownRoutesAndMethods(t *testing.T) {
	t.Parallel()
	n := newNode(t, builtConsole)
	for _, target := range []string{"/api/v1/nothing", "/api", "/api/v2/me", "/ledger/v1/", "/docs/x", "/openapi.txt", "/share/v1/g/x"} {
		w, doc := n.ask(t, "GET", target, "")
		refused(t, w, doc, 404, "route_unknown")
	}
	w, doc := n.ask(t, "PATCH", "/api/v1/session", "{}")
	refused(t, w, doc, 405, "method_not_allowed")
	if got := w.Header().Get("Allow"); got != "POST, DELETE" {
		t.Errorf("Allow: %s", got)
	}
	w, doc = n.ask(t, "POST", "/catalog", "{}")
	refused(t, w, doc, 405, "method_not_allowed")
}

func TestEveryAnswerBearsTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	n := newNode(t, builtConsole)
	for _, target := range []string{"/", "/docs", "/api/v1/me", "/api/v1/nothing", "/healthz", "/assets/app-1234.js"} {
		w, _ := n.ask(t, "GET", target, "")
		h := w.Header()
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'self'") || h.Get("X-Content-Type-Options") != "nosniff" ||
			h.Get("Referrer-Policy") == "" || h.Get("X-Request-Id") == "" {
			t.Errorf("%s: %v", target, h)
		}
		if strings.HasPrefix(target, "/api/") && h.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be stored", target)
		}
	}
}

func TestListsAndMapsAreNeverNull(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	for _, target := range []string{"/api/v1/todos", "/api/v1/cases/c1", "/api/v1/grants/g1"} {
		if w, _ := n.ask(t, "GET", target, ""); w.Code != 200 || strings.Contains(w.Body.String(), "null") {
			t.Errorf("%s: %d %s", target, w.Code, w.Body)
		}
	}
}

func TestPagesNameTheirNext(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	if _, doc := n.ask(t, "GET", "/api/v1/departments?limit=2", ""); doc["next"] != "d2" {
		t.Errorf("full page: %v", doc)
	}
	if _, doc := n.ask(t, "GET", "/api/v1/departments?limit=3", ""); doc["next"] != nil {
		t.Errorf("last page: %v", doc)
	}
}

func TestGrantShowsItsStatusOfNow(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	if _, doc := n.ask(t, "GET", "/api/v1/grants/g1", ""); doc["status"] != "active" {
		t.Errorf("%v", doc)
	}
	n.clock.Advance(time.Hour)
	if _, doc := n.ask(t, "GET", "/api/v1/grants/g1", ""); doc["status"] != "expired" {
		t.Errorf("%v", doc)
	}
}

func TestLedgerIsPublic(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	w, _ := n.ask(t, "GET", "/ledger/v1/checkpoint", "", "Authorization", "")
	if w.Code != 200 || w.Body.String() != "origin\n1\nroot\n" || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
	_, doc := n.ask(t, "GET", "/ledger/v1/consistency?from=1&to=2", "", "Authorization", "")
	if doc["hashes"].([]any)[0] != "AQID" {
		t.Errorf("%v", doc)
	}
	w, doc = n.ask(t, "GET", "/ledger/v1/entries/x/receipt", "", "Authorization", "")
	refused(t, w, doc, 404, "not_found")
}

func TestReadinessTellsNothingOfTheCause(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	w, doc := n.ask(t, "GET", "/readyz", "", "Authorization", "")
	refused(t, w, doc, 503, "not_ready")
	if strings.Contains(w.Body.String(), "hunter2") {
		t.Error("the cause leaked")
	}
	if w, _ := n.ask(t, "GET", "/healthz", "", "Authorization", ""); w.Code != 200 {
		t.Errorf("healthz: %d", w.Code)
	}
}

// Not parallel: it listens to the process's log.
func TestAccessLogHoldsNoInput(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	defer slog.SetDefault(before)
	n := newNode(t, builtConsole)
	n.ask(t, "GET", "/api/v1/departments?q=Zhang3", "")
	n.ask(t, "GET", "/people/Zhang3", "")
	n.ask(t, "POST", "/api/v1/session", `{"username":"Zhang3","password":"Zhang3"}`)
	if strings.Contains(log.String(), "Zhang3") {
		t.Errorf("the log repeats input: %s", &log)
	}
	if got := strings.Count(log.String(), `"msg":"request"`); got != 3 {
		t.Errorf("%d lines: %s", got, &log)
	}
	if !strings.Contains(log.String(), `"route":"GET /api/v1/departments"`) {
		t.Errorf("no route: %s", &log)
	}
}
