package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// written is what a node has logged.
type written struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.b.Write(p)
}

func (w *written) lines() []map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []map[string]any
	for line := range strings.Lines(w.b.String()) {
		m := map[string]any{}
		if json.Unmarshal([]byte(line), &m) == nil {
			out = append(out, m)
		}
	}
	return out
}

// observed is a node with the story played, a listener for operators, and its
// log.
func observed(t *testing.T, url string) (*world, string, *written) {
	t.Helper()
	engine, _, _ := strings.Cut(url, ":")
	left, _ := stories.Load(engine)
	logged := &written{}
	cfg := config(url, clock.NewFake(morning.Add(time.Minute)))
	cfg.Logger = slog.New(slog.NewJSONHandler(logged, nil))
	cfg.Metrics.Addr = "127.0.0.1:0"
	sockets, err := app.Listen(cfg)
	if err != nil {
		t.Fatal(err)
	}
	operators := "http://" + sockets.Metrics.Addr().String()
	sockets.Close()
	// The address is free again: serve opens it anew with the others.
	cfg.Metrics.Addr = strings.TrimPrefix(operators, "http://")
	w, end, err := serve(cfg)
	if err != nil {
		t.Fatal(err)
	}
	w.t, w.clock, w.result, w.seen = t, cfg.Clock.(*clock.Fake), left.(*leftBehind).result, map[string]string{}
	t.Cleanup(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	return w, operators, logged
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

const caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

// What a node does shows in its metrics and logs, on the operators' listener
// alone, without anything of a person.
func TestObservability(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, playOnce, func(t *testing.T, url string) {
		w, operators, logged := observed(t, url)
		yb := w.reader("sjzyb", "", "")
		number := people.Person(7)["id_number"].(string)
		yb.mustRead(eq("id_number", number, "name"))
		if code, _ := yb.code(eq("id_number", number, "address")); code != "scope_exceeded" {
			t.Fatal(code)
		}
		w.as("sjzyb.jb", http.MethodGet, "/api/v1/call-log?side=consumer&grant=not-a-grant-"+number, nil)
		var body string
		w.within("figures", func() bool {
			_, body = get(t, operators+"/metrics")
			return strings.Contains(body, `shuqiao_job_runs_total{job="metrics"} `)
		})
		for _, line := range []string{`shuqiao_calls_total{class="answered",endpoint="rows"} 1`, `shuqiao_calls_total{class="refused",endpoint="rows"} 1`,
			`shuqiao_calls_refused_total{code="scope_exceeded"} 1`, `shuqiao_upstream_seconds_count 1`, `shuqiao_ledger_record_seconds_count 3`,
			`shuqiao_call_rows_total 1`, `shuqiao_job_runs_total{job="deadlines"}`, `shuqiao_ledger_entries `, `shuqiao_projection_lag_entries{projection="call_logs"}`} {
			if !strings.Contains(body, line) {
				t.Errorf("no %s", line)
			}
		}
		for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/api/v1/version": 404} {
			if code, _ := get(t, operators+path); code != want {
				t.Errorf("operators' %s: %d", path, code)
			}
		}
		if _, page := get(t, w.base+"/metrics"); strings.Contains(page, "shuqiao_calls_total") { // the console's page
			t.Error("metrics on the public address")
		}
		requests, refusals := 0, 0
		for _, m := range logged.lines() {
			b, _ := json.Marshal(m)
			if strings.Contains(string(b), number) || strings.Contains(string(b), "demo-operator") {
				t.Errorf("a person in the log: %s", b)
			}
			switch m["msg"] {
			case "request":
				requests++
				if len(m["trace"].(string)) != 32 || m["request_id"] == "" || strings.Contains(string(b), "side=consumer") {
					t.Errorf("%s", b)
				}
			case "call refused":
				refusals++
				if m["trace"] != strings.ReplaceAll(m["call"].(string), "-", "") {
					t.Errorf("a trace that nobody began has the receipt's number: %s", b)
				}
			}
		}
		if requests == 0 || refusals != 1 {
			t.Errorf("%d requests, %d refusals in the node's own log", requests, refusals)
		}
	})
}

// CN-29.2: the caller's trace is passed on to the provider's service; what is
// no trace is replaced.
func TestTraceIsPassedOn(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, playOnce, func(t *testing.T, url string) {
		w, _, logged := observed(t, url)
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/api/v1/version", nil)
		req.Header.Set("Traceparent", caller)
		w.do(req)
		req.Header.Set("Traceparent", "00-张三-1-1")
		w.do(req)
		w.within("two requests in the log", func() bool {
			good, fresh := 0, 0
			for _, m := range logged.lines() {
				if m["route"] == "GET /api/v1/version" {
					if m["trace"] == caller[3:35] {
						good++
					} else if len(m["trace"].(string)) == 32 {
						fresh++
					}
				}
			}
			return good == 1 && fresh == 1
		})
	})
}

// A node that cannot serve says which part cannot, and nothing more.
func TestReadinessNamesTheParts(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, playOnce, func(t *testing.T, url string) {
		w, operators, _ := observed(t, url)
		if err := w.node.Store.Close(); err != nil {
			t.Fatal(err)
		}
		code, body := get(t, operators+"/readyz")
		if code != 503 || !strings.Contains(body, `"not_ready":["database"]`) || strings.Contains(body, "sql") || strings.Contains(body, url) {
			t.Errorf("%d %s", code, body)
		}
		if code, _ := get(t, operators+"/healthz"); code != 200 {
			t.Errorf("healthz: %d", code)
		}
	})
}

// The operators' listener has an address of its own, or the node does not start.
func TestMetricsAddressIsItsOwn(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	cfg := config("sqlite://"+t.TempDir(), clock.NewFake(morning))
	cfg.Metrics.Addr = l.Addr().String()
	if sockets, err := app.Listen(cfg); err == nil {
		sockets.Close()
		t.Error("it listens on an address that is taken")
	}
}
