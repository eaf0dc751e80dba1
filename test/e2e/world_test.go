package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/demo"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

const password = "Sq-e2e-2026-passphrase"

// start is a plain Monday morning.
var start = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// world is one node with the demo province, reached over HTTP.
type world struct {
	t     *testing.T
	node  *app.Node
	clock *clock.Fake
	base  string
	tls   string
	up    string
	seen  map[string]string // username → session token
	story *demo.Story
}

// each runs f on both databases, on a province that is populated once for each
// engine and copied for each test.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Parallel()
	testdb.EachMigrated(t, func(url string) error {
		ctx := context.Background()
		cfg := config(url, clock.NewFake(start))
		if err := app.Migrate(ctx, cfg); err != nil {
			return err
		}
		n, err := app.New(ctx, cfg)
		if err != nil {
			return err
		}
		_, err = demo.Populate(ctx, n, password)
		if e := n.Close(); err == nil {
			err = e
		}
		return err
	}, func(t *testing.T, url string) { f(t, newWorld(t, url)) })
}

func config(url string, clk clock.Clock) app.Config {
	return app.Config{Name: demo.NodeName, Dir: testMasterDir, DatabaseURL: url, Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0",
		AllowPlainUpstream: true, Clock: clk, Version: "test", Console: emptyConsole,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), CheckpointEvery: 20 * time.Millisecond}
}

func newWorld(t *testing.T, url string) *world {
	t.Helper()
	w := &world{t: t, clock: clock.NewFake(start), seen: map[string]string{}}
	people := demo.NewUpstream(1)
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	provider := &http.Server{Handler: people}
	go func() { _ = provider.Serve(upstream) }()
	t.Cleanup(func() { provider.Close() })
	w.up = "http://" + upstream.Addr().String()

	cfg := config(url, w.clock)
	sockets, err := app.Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.base, w.tls = "http://"+sockets.Plain.Addr().String(), "https://"+sockets.TLS.Addr().String()
	cfg.PublicURLs = []string{w.base, w.tls}
	ctx, stop := context.WithCancel(context.Background())
	if w.node, err = app.New(ctx, cfg); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- w.node.Serve(ctx, sockets) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := w.node.Close(); err != nil {
			t.Error(err)
		}
	})
	w.story = &demo.Story{Base: w.base, TLSBase: w.tls, Upstream: w.up, Password: password, People: people, Out: io.Discard, Clock: w.clock, Territory: "130102"}
	return w
}

// answer is a response with its JSON.
type answer struct {
	Status int
	Header http.Header
	Raw    []byte
	JSON   map[string]any
}

func (a answer) code() string  { s, _ := a.JSON["code"].(string); return s }
func (a answer) basis() string { s, _ := a.JSON["basis"].(string); return s }

// fields are the faulty fields of a problem, with the clause of each.
func (a answer) fields() map[string]string {
	out := map[string]string{}
	list, _ := a.JSON["errors"].([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		name, _ := m["field"].(string)
		out[name], _ = m["basis"].(string)
	}
	return out
}

// as signs an account in and calls the API.
func (w *world) as(username, method, path string, body any) answer {
	w.t.Helper()
	token, ok := w.seen[username]
	if !ok && username != "" {
		a := w.send("", http.MethodPost, "/api/v1/session", map[string]any{"username": username, "password": password})
		token, _ = a.JSON["token"].(string)
		if token == "" {
			w.t.Fatalf("sign in as %s: %d %s", username, a.Status, a.Raw)
		}
		w.seen[username] = token
	}
	return w.send(token, method, path, body)
}

func (w *world) send(token, method, path string, body any) answer {
	w.t.Helper()
	var in io.Reader
	switch b := body.(type) {
	case nil:
	case io.Reader:
		in = b
	case string:
		in = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			w.t.Fatal(err)
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, w.base+path, in)
	if err != nil {
		w.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	return w.do(req)
}

func (w *world) do(req *http.Request) answer {
	w.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Header: resp.Header, Raw: raw}
	_ = json.Unmarshal(raw, &a.JSON)
	return a
}

// ok fails the test unless the call succeeded.
func (w *world) ok(username, method, path string, body any) map[string]any {
	w.t.Helper()
	a := w.as(username, method, path, body)
	if a.Status >= 300 {
		w.t.Fatalf("%s %s %s: %d %s", username, method, path, a.Status, a.Raw)
	}
	return a.JSON
}

// take takes a step on a case.
func (w *world) take(username, caseID, action string, fields map[string]any) answer {
	w.t.Helper()
	if fields == nil {
		fields = map[string]any{}
	}
	return w.as(username, http.MethodPost, "/api/v1/cases/"+caseID+"/actions/"+action, map[string]any{"fields": fields})
}
