package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/demo"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

const password = "Sq-e2e-2026-passphrase"

// morning is a plain Monday, when the story is played.
var morning = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// world is one node on which the story has been played, reached over HTTP.
type world struct {
	t      *testing.T
	node   *app.Node
	clock  *clock.Fake
	base   string
	tls    string
	result demo.Result       // what the story left
	mu     sync.Mutex        // guards seen
	seen   map[string]string // username → session token
}

// each runs f on both databases. The province is populated and the story
// played once for each engine; each test gets a copy.
func each(t *testing.T, f func(t *testing.T, w *world)) {
	t.Parallel()
	testdb.EachMigrated(t, playOnce, func(t *testing.T, url string) {
		engine, _, _ := strings.Cut(url, ":")
		left, _ := stories.Load(engine)
		w := start(t, url, clock.NewFake(morning.Add(time.Minute)))
		w.result = left.(*leftBehind).result
		w.seen = maps.Clone(left.(*leftBehind).sessions)
		f(t, w)
	})
}

// leftBehind is what a played story leaves besides the database.
type leftBehind struct {
	result   demo.Result
	sessions map[string]string
}

// stories holds what was left behind, by engine.
var stories sync.Map

// playOnce makes the template that tests copy.
func playOnce(url string) error {
	ctx := context.Background()
	clk := clock.NewFake(morning)
	cfg := config(url, clk)
	if err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	n, run, err := serve(cfg)
	if err != nil {
		return err
	}
	if _, err = demo.Populate(ctx, n.node, password); err == nil {
		s := &demo.Story{Base: n.base, TLSBase: n.tls, Upstream: upstreamURL, Password: password, People: people,
			Out: io.Discard, Clock: clk, Territory: "130102"}
		left := &leftBehind{}
		left.result, err = s.Play(ctx)
		left.sessions = s.Tokens()
		// What the story has left in the outbox would reach the inboxes at some
		// moment of a test that counts them.
		for moved := 1; err == nil && moved > 0; {
			moved, err = n.node.Cases.DeliverNotices(ctx, 1000)
		}
		engine, _, _ := strings.Cut(url, ":")
		stories.Store(engine, left)
	}
	return errors.Join(err, run())
}

func config(url string, clk clock.Clock) app.Config {
	return app.Config{Name: demo.NodeName, Dir: masterDir, DatabaseURL: url, Addr: "127.0.0.1:0", TLSAddr: "127.0.0.1:0",
		Reverse:            app.ReverseConfig{Networks: []string{"127.0.0.0/8"}, Directory: masterDir},
		AllowPlainUpstream: true, Clock: clk, Version: "test", Console: fstest.MapFS{}, // a console that was not built
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), CheckpointEvery: 20 * time.Millisecond}
}

// serve wires a node and serves it until the function it gives is called.
func serve(cfg app.Config) (*world, func() error, error) {
	sockets, err := app.Listen(cfg)
	if err != nil {
		return nil, nil, err
	}
	w := &world{base: "http://" + sockets.Plain.Addr().String(), tls: "https://" + sockets.TLS.Addr().String()}
	cfg.PublicURLs = []string{w.base, w.tls}
	ctx, stop := context.WithCancel(context.Background())
	if w.node, err = app.New(ctx, cfg); err != nil {
		stop()
		return nil, nil, err
	}
	done := make(chan error, 1)
	go func() { done <- w.node.Serve(ctx, sockets) }()
	return w, func() error {
		stop()
		return errors.Join(<-done, w.node.Close())
	}, nil
}

func start(t *testing.T, url string, clk *clock.Fake) *world {
	t.Helper()
	w, end, err := serve(config(url, clk))
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.clock = t, clk
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// forget ends the sessions that a jump of the clock has ended anyway.
func (w *world) forget() { clear(w.seen) }

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

// as signs an account in, once, and calls the API.
func (w *world) as(username, method, path string, body any) answer {
	w.t.Helper()
	return w.send(w.session(username), method, path, body)
}

func (w *world) session(username string) string {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	token, ok := w.seen[username]
	if !ok && username != "" {
		a := w.send("", http.MethodPost, "/api/v1/session", map[string]any{"username": username, "password": password})
		token, _ = a.JSON["token"].(string)
		if token == "" {
			w.t.Fatalf("sign in as %s: %d %s", username, a.Status, a.Raw)
		}
		w.seen[username] = token
	}
	return token
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

// settle waits until the ledger's tree holds what was recorded: for those who
// look into the store behind the ledger's back.
func (w *world) settle() {
	w.t.Helper()
	if err := w.node.Ledger.Settle(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}
