package gateway_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/gateway"
)

// tally is a Meter that remembers.
type tally struct {
	mu    sync.Mutex
	calls []string
	asked []string
}

func (m *tally) Called(endpoint string, status int, code string, rows int, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, endpoint+" "+http.StatusText(status)+" "+code+strings.Repeat("+", rows))
}

func (m *tally) Asked(resource, code string, _ time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, resource+" "+code)
}

// CN-29.2: the provider's service is sent the caller's trace one step on, and
// one with the receipt's number where the caller sent none. Each call is
// counted once, with its request to the provider.
func TestTraceAndCountOfALinkedCall(t *testing.T) {
	t.Parallel()
	var sent http.Header
	fail := false
	upstream := httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		sent = r.Header.Clone()
		if fail {
			rw.WriteHeader(http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(rw, `{"rows":[]}`)
	}))
	defer upstream.Close()
	meter := &tally{}
	w := newWorld(t, func(c *gateway.Config) {
		c.UpstreamTLS = upstream.Client().Transport.(*http.Transport).TLSClientConfig
		c.Meter = meter
	})
	w.relink(upstream.URL + "/adapter")
	cert := w.enrol(w.sys)
	const caller = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	for name, values := range map[string][]string{"good": {caller}, "none": nil, "malformed": {"00-zz"}, "twice": {caller, caller},
		"all zero": {"00-00000000000000000000000000000000-00f067aa0ba902b7-01"}} {
		r := w.request(&cert, "GET", w.rowsPath("items=name"), "")
		r.Header["Traceparent"] = values
		r.Header.Set("Tracestate", "vendor=secret")
		rec := w.do(r)
		digits := strings.ReplaceAll(rec.Header().Get(gateway.HeaderReceipt), "-", "")
		want := "00-" + digits + "-" + digits[16:] + "-00"
		if name == "good" {
			want = caller[:36] + digits[16:] + "-01"
		}
		if got := sent.Get("Traceparent"); rec.Code != 200 || got != want || sent.Get("Tracestate") != "" {
			t.Errorf("%s: %d, sent %q, want %q; tracestate %q", name, rec.Code, got, want, sent.Get("Tracestate"))
		}
	}
	fail = true
	w.do(w.request(&cert, "GET", w.rowsPath("items=name"), ""))
	w.do(w.request(&cert, "GET", w.rowsPath("items=nothing"), ""))
	meter.mu.Lock()
	defer meter.mu.Unlock()
	if n := len(meter.calls); n != 7 || meter.calls[0] != "rows OK " || meter.calls[5] != "rows Bad Gateway upstream_refused" ||
		!strings.HasPrefix(meter.calls[6], "rows Forbidden ") {
		t.Errorf("%d calls: %q", n, meter.calls)
	}
	if n := len(meter.asked); n != 6 || meter.asked[5] != w.grant.Resource+" upstream_refused" {
		t.Errorf("%d requests: %q", n, meter.asked)
	}
}
