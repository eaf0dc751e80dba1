package metrics

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func scrape(t *testing.T, m *Metrics) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	body, err := io.ReadAll(w.Body)
	if err != nil || w.Code != 200 {
		t.Fatalf("%d %v %s", w.Code, err, body)
	}
	return string(body)
}

func busy() *Metrics {
	m := New(Options{Version: "1.2.3"})
	m.Gateway.Called("rows", 200, "", 7, 2*time.Millisecond)
	m.Gateway.Called("rows", 403, "scope_exceeded", 0, time.Millisecond)
	m.Gateway.Called("rows", 502, "upstream_timeout", 0, time.Second)
	m.Gateway.Called("anything at all", 404, "path_unknown", 0, time.Millisecond)
	m.Gateway.Asked("r1", "", time.Millisecond)
	m.Gateway.Asked("r2", "upstream_timeout", time.Second)
	m.Recorded(time.Millisecond, nil)
	m.Recorded(time.Millisecond, errors.New("full"))
	m.Synced(time.Millisecond, nil)
	m.Signed(time.Unix(1000, 0))
	m.Swept(3)
	m.Jobs.Ran("notices", time.Unix(2000, 0), time.Millisecond, false)
	m.Jobs.Ran("notices", time.Unix(2001, 0), time.Millisecond, true)
	m.Set(State{At: time.Unix(3000, 0), LedgerEntries: 42, ProjectionLag: map[string]uint64{"call_logs": 5}, OutboxWaiting: 2,
		OutboxOldest: 90 * time.Second, ClocksRunning: 10, ClocksOverdue: 1})
	m.Watch(func() Live {
		return Live{TreeLag: 8, Pools: map[string]sql.DBStats{"write": {MaxOpenConnections: 1, InUse: 1, WaitCount: 4}}}
	})
	return m
}

func TestScrape(t *testing.T) {
	t.Parallel()
	body := scrape(t, busy())
	for _, line := range []string{
		`shuqiao_calls_total{class="answered",endpoint="rows"} 1`,
		`shuqiao_calls_total{class="refused",endpoint="rows"} 1`,
		`shuqiao_calls_total{class="failed",endpoint="rows"} 1`,
		`shuqiao_calls_total{class="refused",endpoint="none"} 1`,
		`shuqiao_calls_refused_total{code="scope_exceeded"} 1`,
		`shuqiao_call_seconds_count{endpoint="rows"} 3`,
		`shuqiao_call_rows_total 7`,
		`shuqiao_upstream_seconds_count 2`,
		`shuqiao_upstream_failures_total{code="upstream_timeout"} 1`,
		`shuqiao_ledger_record_failures_total 1`,
		`shuqiao_journal_sync_seconds_count 1`,
		`shuqiao_ledger_checkpoint_timestamp_seconds 1000`,
		`shuqiao_deadlines_handled_total 3`,
		`shuqiao_job_runs_total{job="notices"} 2`,
		`shuqiao_job_failures_total{job="notices"} 1`,
		`shuqiao_job_success_timestamp_seconds{job="notices"} 2000`,
		`shuqiao_ledger_entries 42`,
		`shuqiao_projection_lag_entries{projection="call_logs"} 5`,
		`shuqiao_outbox_oldest_seconds 90`,
		`shuqiao_ledger_tree_lag_entries 8`,
		`shuqiao_database_waits_total{pool="write"} 4`,
		`shuqiao_build_info{version="1.2.3"} 1`,
	} {
		if !strings.Contains(body, line+"\n") {
			t.Errorf("no line %s", line)
		}
	}
	if !strings.Contains(body, "go_goroutines ") || strings.Contains(body, "r1") {
		t.Error("the runtime is missing, or a resource is a label without being asked for")
	}
}

func TestByResource(t *testing.T) {
	t.Parallel()
	m := New(Options{ByResource: true})
	m.Gateway.Asked("r1", "upstream_timeout", time.Second)
	body := scrape(t, m)
	if !strings.Contains(body, `shuqiao_upstream_failures_total{code="upstream_timeout",resource="r1"} 1`) {
		t.Error(body)
	}
}

// The number of series is bounded, whatever codes come.
func TestCodesAreBounded(t *testing.T) {
	t.Parallel()
	m := New(Options{})
	for i := range 10 * maxCodes {
		m.Gateway.Called("rows", 403, fmt.Sprint("code_", i), 0, 0)
	}
	body := scrape(t, m)
	if n := strings.Count(body, "shuqiao_calls_refused_total{"); n > maxCodes+1 {
		t.Errorf("%d series", n)
	}
	if !strings.Contains(body, `shuqiao_calls_refused_total{code="other"}`) {
		t.Error("what has no series of its own is lost")
	}
}

var name = regexp.MustCompile(`shuqiao_[a-z_]+`)

// Every metric is described in docs/metrics.md, and the page names none that
// does not exist.
func TestDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for line := range strings.Lines(scrape(t, busy())) {
		if n, ok := strings.CutPrefix(line, "# TYPE "); ok && strings.HasPrefix(n, "shuqiao_") {
			n, _, _ = strings.Cut(n, " ")
			have = append(have, n)
			if !strings.Contains(string(page), "`"+n+"`") {
				t.Errorf("%s is not documented", n)
			}
		}
	}
	for _, n := range name.FindAllString(string(page), -1) {
		base := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(n, "_bucket"), "_count"), "_sum")
		if !slices.Contains(have, n) && !slices.Contains(have, base) {
			t.Errorf("docs/metrics.md names %s, which does not exist", n)
		}
	}
}

func BenchmarkCalled(b *testing.B) {
	m := New(Options{})
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Gateway.Called("rows", 200, "", 1, 300*time.Microsecond)
		}
	})
}
