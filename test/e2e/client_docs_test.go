package e2e

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/client"
	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/demo"
)

// alive is a node on the machine's own time, for programs that have no other:
// the story was played on it.
func alive(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	cfg := config("sqlite://"+filepath.Join(dir, "node.db"), clock.System{})
	cfg.Dir = dir
	if err := app.Migrate(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	w, end, err := serve(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.seen = t, map[string]string{}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	if _, err := demo.Populate(t.Context(), w.node, password); err != nil {
		t.Fatal(err)
	}
	s := &demo.Story{Base: w.base, TLSBase: w.tls, Upstream: upstreamURL, Password: password, People: people, Out: io.Discard,
		Clock: clock.System{}, Territory: "130102"}
	if _, err := s.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	return w
}

// blocks are the shell blocks of a page.
func blocks(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	rest := string(text)
	for {
		_, after, ok := strings.Cut(rest, "\n```sh\n")
		if !ok {
			return out
		}
		block, next, _ := strings.Cut(after, "\n```")
		out = append(out, block)
		rest = next
	}
}

// Every example of docs/client.md works, in order, as it stands there; the Go
// client works with the keys that they registered.
func TestClientDocs(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"bash", "curl", "openssl", "xxd", "awk", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the examples need %s: %v", tool, err)
		}
	}
	w := alive(t)
	dir := t.TempDir()
	build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(dir, "shuqiao"), "../../cmd/shuqiao")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	grant := w.ok("rst.jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)[0].(map[string]any)
	system := w.ok("rst.dj", http.MethodGet, "/api/v1/systems", nil)["items"].([]any)[0].(map[string]any)["id"].(string)
	env := append(os.Environ(), "NODE="+w.base, "NODE_TLS="+w.tls, "NODE_CA="+filepath.Join(w.node.Config.Dir, "node.crt"), "SESSION="+w.session("rst.dj"),
		"SYSTEM="+system, "GRANT="+grant["id"].(string), "PURPOSE="+url.PathEscape(grant["purpose"].(string)),
		"PATH="+dir+":"+os.Getenv("PATH"))
	script := "set -euo pipefail\n"
	parts := blocks(t, "../../docs/client.md")
	if len(parts) < 6 {
		t.Fatalf("%d blocks", len(parts))
	}
	for _, b := range parts {
		script += b + "\necho\n"
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-c", script)
	cmd.Dir, cmd.Env = dir, env
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, want := range []string{`"code":"130102`, "验证通过", "the answer is the one that was recorded", "scope_exceeded", "missing_there"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	w.goClient(dir, system, grant)
}

// goClient calls with the library, both ways.
func (w *world) goClient(dir, system string, grant map[string]any) {
	t, ctx, id := w.t, w.t.Context(), grant["id"].(string)
	ledgerKey, err := os.ReadFile(filepath.Join(dir, "ledger.pub"))
	if err != nil {
		t.Fatal(err)
	}
	cert, err := tls.LoadX509KeyPair(filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key"))
	if err != nil {
		t.Fatal(err)
	}
	ca, err := os.ReadFile(filepath.Join(w.node.Config.Dir, "node.crt"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(ca)
	base := client.Config{URL: w.tls, Certificate: &cert, Roots: roots, Purpose: grant["purpose"].(string), LedgerKey: string(ledgerKey),
		Operator: func(context.Context) (string, error) { return "window-08", nil }, Receipts: filepath.Join(dir, "receipts.jsonl")}
	c, err := client.New(base)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	from := time.Now() // the calls of the text before are not the library's
	n := 0
	for row, err := range c.QueryAll(ctx, id, client.Query{Items: []string{"code", "name"}, Where: []client.Condition{client.Prefix("code", "130102")}, Limit: 50}) {
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(row["code"].(string), "130102") {
			t.Errorf("%v", row)
		}
		n++
	}
	if n < 100 {
		t.Errorf("%d rows", n)
	}
	_, err = c.Query(ctx, id, client.Query{Items: []string{"code", "address"}})
	var refusal *client.Refusal
	if !errors.As(err, &refusal) || refusal.Code != "scope_exceeded" || refusal.Basis != "CN-25.1" || len(refusal.Fields) != 1 || refusal.Receipt == "" {
		t.Errorf("%v", err)
	}
	w.checkReceipts(c, base.Receipts, id, from)
	w.byAssertion(base, system, id)
}

// checkReceipts verifies every receipt that was kept, and has the node compare
// the file with its ledger as it is.
func (w *world) checkReceipts(c *client.Client, path, grant string, from time.Time) {
	t := w.t
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for r, err := range client.ReadReceipts(bytes.NewReader(file)) {
		if err != nil {
			t.Fatal(err)
		}
		if _, p, err := c.Check(t.Context(), r); err != nil || p.ID != r.ID {
			t.Errorf("%+v: %v", r, err)
		}
		r.ResponseSHA256 = strings.Repeat("0", 64)
		var differs *client.ErrDiffers
		if _, _, err := c.Check(t.Context(), r); !errors.As(err, &differs) || differs.What != "response_sha256" {
			t.Errorf("an answer that was changed: %v", err)
		}
		kept++
	}
	if kept < 4 { // three pages and a refusal
		t.Errorf("%d receipts", kept)
	}
	at := func(d time.Time) string { return url.QueryEscape(d.UTC().Format(time.RFC3339Nano)) }
	a := w.sendLog("rst.jb", "application/x-ndjson", "side=consumer&refused=true&grant="+grant+"&from="+at(from)+"&to="+at(time.Now()), string(file))
	if a.Status != 202 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	if r := w.compared("rst.jb", a.JSON["id"].(string)); r["matched"] != float64(kept) || r["lines"] != float64(kept) || r["mismatches"].(map[string]any)["missing_there"] != 0.0 {
		t.Errorf("%v", r)
	}
}

// byAssertion registers a key of its own and calls with tokens.
func (w *world) byAssertion(base client.Config, system, grant string) {
	t := w.t
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := client.PublicJWK(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	w.ok("rst.dj", http.MethodPost, "/api/v1/systems/"+system+"/credentials", map[string]any{"kind": "jwk", "jwk": jwk})
	base.URL, base.Certificate, base.Assertion, base.Receipts = w.base, nil, &client.Assertion{System: system, Key: key}, ""
	c, err := client.New(base)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	w.within("the new key", func() bool {
		page, err := c.Query(t.Context(), grant, client.Query{Items: []string{"code"}, Limit: 1})
		if err != nil && !client.IsRefusal(err, "assertion_signature") {
			t.Fatal(err)
		}
		return err == nil && len(page.Rows) == 1 && page.Next != ""
	})
	if _, _, err := c.Verify(t.Context(), grant, map[string]any{"code": "130102000000"}); !client.IsRefusal(err, "mode_not_granted") {
		t.Errorf("a verification under a grant to query: %v", err)
	}
	base.Assertion = &client.Assertion{System: system, Key: other(t)}
	if c, err = client.New(base); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Query(t.Context(), grant, client.Query{}); !client.IsRefusal(err, "assertion_signature") {
		t.Errorf("a key that is not registered: %v", err)
	}
}

func other(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
