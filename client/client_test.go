package client

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// node answers as a node would, from a list.
type node struct {
	t      *testing.T
	answer []func(w http.ResponseWriter, r *http.Request)
	calls  int
	tokens int
	expire int // seconds
	key    *ecdsa.PrivateKey
	now    time.Time
	waited []time.Duration
	asked  []*http.Request
}

const entry = "01890000-0000-7000-8000-000000000001"

func rows(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Shuqiao-Receipt", entry)
	fmt.Fprint(w, `{"rows":[{"code":"1"}],"count":1}`)
}

func refuse(status int, code string, header ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.Header().Set("Shuqiao-Receipt", entry)
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"code":%q,"basis":"CN-25.1","detail":"不允许","errors":[{"field":"items[0]","code":"not_granted","message":"未授权"}]}`, code)
	}
}

func (n *node) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/share/token" {
		n.tokens++
		token, err := jwt.ParseSigned(r.FormValue("client_assertion"), []jose.SignatureAlgorithm{jose.ES256})
		var claims jwt.Claims
		if err != nil || token.Claims(n.key.Public(), &claims) != nil || claims.Subject != "sys" || claims.ID == "" ||
			!strings.HasSuffix(claims.Audience[0], "/share/token") || claims.Expiry.Time().Sub(claims.IssuedAt.Time()) > 5*time.Minute {
			n.t.Errorf("assertion: %v %+v", err, claims)
		}
		fmt.Fprintf(w, `{"access_token":"t%d","token_type":"Bearer","expires_in":%d}`, n.tokens, n.expire)
		return
	}
	n.asked = append(n.asked, r)
	i := min(n.calls, len(n.answer)-1)
	n.calls++
	n.answer[i](w, r)
}

func start(t *testing.T, answers ...func(http.ResponseWriter, *http.Request)) (*node, *Client) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	n := &node{t: t, answer: answers, expire: 600, key: key, now: time.Unix(1_800_000_000, 0)}
	server := httptest.NewServer(n)
	t.Cleanup(server.Close)
	c, err := New(Config{URL: server.URL, Assertion: &Assertion{System: "sys", Key: key}, Purpose: "参保 核验",
		Operator: func(context.Context) (string, error) { return "张/7", nil }, Case: func(context.Context) string { return "N 1" },
		Trace:    func(context.Context) string { return "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
		Receipts: filepath.Join(t.TempDir(), "receipts.jsonl"), Now: func() time.Time { return n.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	c.wait = func(_ context.Context, d time.Duration) error {
		n.waited = append(n.waited, d)
		n.now = n.now.Add(d)
		return nil
	}
	return n, c
}

func TestRequest(t *testing.T) {
	t.Parallel()
	n, c := start(t, rows)
	page, err := c.Query(t.Context(), "g", Query{Items: []string{"code"}})
	if err != nil || len(page.Rows) != 1 || page.Receipt.ID != entry {
		t.Fatalf("%+v %v", page, err)
	}
	h := n.asked[0].Header
	for name, want := range map[string]string{"Authorization": "Bearer t1", "Shuqiao-Purpose": "%E5%8F%82%E4%BF%9D%20%E6%A0%B8%E9%AA%8C",
		"Shuqiao-Operator": "%E5%BC%A0%2F7", "Shuqiao-Case": "N%201", "Traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"} {
		if h.Get(name) != want {
			t.Errorf("%s: %q", name, h.Get(name))
		}
	}
}

// What is tried again, and what is not.
func TestRetries(t *testing.T) {
	t.Parallel()
	busy := refuse(429, "rate_exceeded", "Retry-After", "2")
	for name, c := range map[string]struct {
		answers []func(http.ResponseWriter, *http.Request)
		calls   int
		code    string
	}{
		"busy once":           {[]func(http.ResponseWriter, *http.Request){busy, rows}, 2, ""},
		"always busy":         {[]func(http.ResponseWriter, *http.Request){busy}, 3, "rate_exceeded"},
		"no record":           {[]func(http.ResponseWriter, *http.Request){refuse(503, "record_unavailable", "Retry-After", "1"), rows}, 2, ""},
		"the day's quota":     {[]func(http.ResponseWriter, *http.Request){refuse(429, "daily_calls_exceeded", "Retry-After", "1"), rows}, 1, "daily_calls_exceeded"},
		"does not say when":   {[]func(http.ResponseWriter, *http.Request){refuse(503, "x"), rows}, 1, "x"},
		"asks for too long":   {[]func(http.ResponseWriter, *http.Request){refuse(503, "x", "Retry-After", "3600"), rows}, 1, "x"},
		"refused":             {[]func(http.ResponseWriter, *http.Request){refuse(403, "scope_exceeded", "Retry-After", "1"), rows}, 1, "scope_exceeded"},
		"the provider failed": {[]func(http.ResponseWriter, *http.Request){refuse(502, "upstream_timeout", "Retry-After", "1"), rows}, 1, "upstream_timeout"},
		"not a node":          {[]func(http.ResponseWriter, *http.Request){func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(418) }}, 1, "http_418"},
	} {
		n, cl := start(t, c.answers...)
		_, err := cl.Query(t.Context(), "g", Query{})
		if c.code == "" && err != nil || c.code != "" && !IsRefusal(err, c.code) || n.calls != c.calls {
			t.Errorf("%s: %d calls, %v", name, n.calls, err)
		}
	}
}

// A broken connection is not repeated: the call may have been answered.
func TestBrokenConnectionIsNotRepeated(t *testing.T) {
	t.Parallel()
	n, c := start(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if _, err := c.Query(t.Context(), "g", Query{}); err == nil || n.calls != 1 {
		t.Errorf("%d calls, %v", n.calls, err)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	n, c := start(t, rows)
	ask := func() {
		t.Helper()
		if _, err := c.Query(t.Context(), "g", Query{}); err != nil {
			t.Fatal(err)
		}
	}
	ask()
	n.now = n.now.Add(9 * time.Minute)
	ask()
	if n.tokens != 1 {
		t.Errorf("%d tokens within the life of one", n.tokens)
	}
	n.now = n.now.Add(31 * time.Second)
	ask()
	if n.tokens != 2 {
		t.Errorf("%d tokens: not renewed before its end", n.tokens)
	}
	// The node forgets: renewed once, not for ever.
	n.answer = []func(http.ResponseWriter, *http.Request){refuse(401, "token_invalid"), rows}
	n.calls = 0
	ask()
	if n.tokens != 3 {
		t.Errorf("%d tokens", n.tokens)
	}
	n.answer, n.calls = n.answer[:1], 0
	if _, err := c.Query(t.Context(), "g", Query{}); !IsRefusal(err, "token_invalid") || n.calls != 2 {
		t.Errorf("%d calls, %v", n.calls, err)
	}
}

func TestQueryAll(t *testing.T) {
	t.Parallel()
	n, c := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Shuqiao-Receipt", entry)
		fmt.Fprint(w, `{"rows":[{"code":"1"},{"code":"2"}],"count":2,"next":"m"}`)
	}, rows)
	var got []any
	for row, err := range c.QueryAll(t.Context(), "g", Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, row["code"])
	}
	if !slices.Equal(got, []any{"1", "2", "1"}) || n.calls != 2 {
		t.Errorf("%v in %d calls", got, n.calls)
	}
	n.calls = 0
	for range c.QueryAll(t.Context(), "g", Query{}) {
		break
	}
	if n.calls != 1 {
		t.Errorf("%d calls after breaking off", n.calls)
	}
	n.answer, n.calls = []func(http.ResponseWriter, *http.Request){refuse(403, "grant_suspended")}, 0
	times := 0
	for row, err := range c.QueryAll(t.Context(), "g", Query{}) {
		if times++; row != nil || !IsRefusal(err, "grant_suspended") {
			t.Errorf("%v %v", row, err)
		}
	}
	if times != 1 {
		t.Errorf("an error is told %d times", times)
	}
}

func TestReceiptsAreAppended(t *testing.T) {
	t.Parallel()
	n, c := start(t, rows, refuse(403, "scope_exceeded"))
	_, _ = c.Query(t.Context(), "g", Query{})
	_, _ = c.Query(t.Context(), "g", Query{})
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	// A crash broke off a line: the next one is whole.
	f, err := os.OpenFile(c.Receipts, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"receipt":"0189`)
	f.Close()
	again, err := New(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	n.answer, n.calls = []func(http.ResponseWriter, *http.Request){rows}, 0
	if _, err := again.Query(t.Context(), "g", Query{}); err != nil {
		t.Fatal(err)
	}
	again.Close()
	file, err := os.Open(c.Receipts)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	good, bad := 0, 0
	for r, err := range ReadReceipts(file) {
		if err != nil {
			bad++
		} else if good++; r.ID != entry || r.Grant != "g" || len(r.ResponseSHA256) != 64 {
			t.Errorf("%+v", r)
		}
	}
	if good != 3 || bad != 1 {
		t.Errorf("%d receipts, %d broken lines", good, bad)
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	t.Parallel()
	weak, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, good, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	operator := func(context.Context) (string, error) { return "o", nil }
	base := Config{URL: "https://node.example", Assertion: &Assertion{System: "s", Key: good}, Purpose: "p", Operator: operator}
	if _, err := New(base); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Config){
		"plain":       func(c *Config) { c.URL = "http://node.example" },
		"with a path": func(c *Config) { c.URL += "/x" },
		"a password":  func(c *Config) { c.URL = "https://a:b@node.example" },
		"no purpose":  func(c *Config) { c.Purpose = "" },
		"no operator": func(c *Config) { c.Operator = nil },
		"no key":      func(c *Config) { c.Assertion = nil },
		"RSA":         func(c *Config) { c.Assertion = &Assertion{System: "s", Key: weak} },
		"no system":   func(c *Config) { c.Assertion = &Assertion{Key: good} },
		"ledger key":  func(c *Config) { c.LedgerKey = "x" },
		"receipts":    func(c *Config) { c.Receipts = "/nonexistent/dir/file" },
	} {
		c := base
		change(&c)
		if _, err := New(c); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	stops := base
	stops.Operator = func(context.Context) (string, error) { return "", errors.New("nobody is signed in") }
	c, err := New(stops)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Query(t.Context(), "g", Query{}); err == nil || !strings.Contains(err.Error(), "nobody is signed in") {
		t.Errorf("a call without an operator: %v", err)
	}
}

// Signatures are what go-jose takes, with every kind of key.
func TestAssertionsOfAllKeys(t *testing.T) {
	t.Parallel()
	p384, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	p256, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	for _, a := range []*Assertion{{System: "s", Key: p256}, {System: "s", Key: p384, KeyID: "k"}, {System: "s", Key: ed, Audience: "https://other.example/"}} {
		for range 20 { // short numbers are padded
			raw, err := a.sign("https://node.example", time.Unix(1_800_000_000, 0))
			if err != nil {
				t.Fatal(err)
			}
			token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.EdDSA})
			if err != nil {
				t.Fatal(err)
			}
			var claims jwt.Claims
			if err := token.Claims(a.Key.Public(), &claims); err != nil {
				t.Fatal(err)
			}
			want := "https://node.example/share/token"
			if a.Audience != "" {
				want = "https://other.example/share/token"
			}
			if claims.Audience[0] != want || token.Headers[0].KeyID != a.KeyID {
				t.Errorf("%+v", claims)
			}
		}
		text, err := PublicJWK(a.Key.Public())
		var jwk jose.JSONWebKey
		if err != nil || jwk.UnmarshalJSON([]byte(text)) != nil || !jwk.Valid() {
			t.Errorf("%s %v", text, err)
		}
	}
}
