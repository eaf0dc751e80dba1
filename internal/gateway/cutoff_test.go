package gateway_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/monitor"
)

// cuts is what is cut off, shared by gateways; set changes the version that
// they ask for.
type cuts struct {
	w    *world
	mu   sync.Mutex
	list []monitor.Cutoff
	err  error
}

func (c *cuts) InForce(context.Context, time.Time) ([]monitor.Cutoff, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.list, c.err
}

func (c *cuts) set(err error, list ...monitor.Cutoff) {
	c.mu.Lock()
	c.list, c.err = list, err
	c.mu.Unlock()
	c.w.edit(func() {})
}

// watched notes what the gateway tells.
type watched struct {
	mu   sync.Mutex
	seen []monitor.Observation
	// recorded is how many entries there were at each observation.
	recorded []int
	w        *world
}

func (o *watched) Observe(x monitor.Observation) {
	o.w.mu.Lock()
	n := len(o.w.entries)
	o.w.mu.Unlock()
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen, o.recorded = append(o.seen, x), append(o.recorded, n)
}

func (o *watched) Number(key string) (uint64, bool) { return monitor.Number(key, 8) }

// What is cut off is refused on every replica within a second, with one record
// each, and let through again within a second of its lifting.
func TestCutOffOnEveryReplica(t *testing.T) {
	w := newWorld(t)
	c := &cuts{w: w}
	w.cfg.Cutoffs = c
	var replicas []*gateway.Gateway
	for range 2 {
		gw, err := gateway.New(w.cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(gw.Close)
		replicas = append(replicas, gw)
	}
	w.gw = replicas[0]
	cert := w.enrol(w.sys)
	call := func(gw *gateway.Gateway) (int, string) {
		before := len(w.entries)
		rec := httptest.NewRecorder()
		gw.ServeHTTP(rec, w.request(&cert, "GET", w.rowsPath("items=region"), ""))
		if len(w.entries) != before+1 {
			t.Fatalf("%d records of a call", len(w.entries)-before)
		}
		e, f := w.last()
		if rec.Code != 200 && (e.Kind != ledger.RefusedCall || f.System != w.sys.ID || f.Code == "" || f.Basis != "CN-35" || f.Rows != 0) {
			t.Errorf("record of a refusal: %+v %+v", e, f)
		}
		return rec.Code, f.Code
	}
	want := func(what string, status int, code string) {
		t.Helper()
		for i, gw := range replicas {
			if s, got := call(gw); s != status || got != code {
				t.Errorf("%s, replica %d: %d %q", what, i, s, got)
			}
		}
	}
	want("before", 200, "")
	for target, id := range map[monitor.Target]string{
		monitor.All: "", monitor.System: w.sys.ID, monitor.Consumer: w.sys.Department, monitor.Provider: w.grant.Provider,
		monitor.Resource: w.grant.Resource, monitor.Grant: w.grant.ID,
	} {
		c.set(nil, monitor.Cutoff{ID: "x", Target: target, TargetID: id, Measure: monitor.CutOff})
		w.clk.Advance(time.Second)
		want("cut off", 403, "cut_off_"+string(target))
		c.set(nil, monitor.Cutoff{ID: "x", Target: target, TargetID: id + "-other", Measure: monitor.CutOff})
		w.clk.Advance(time.Second)
		want("another "+string(target), 200, "")
	}
	until := w.clk.Now().Add(time.Minute)
	c.set(nil, monitor.Cutoff{ID: "x", Target: monitor.Grant, TargetID: w.grant.ID, Measure: monitor.Pause, Until: &until})
	w.clk.Advance(time.Second)
	want("paused", 403, "cut_off_grant")
	w.clk.Set(until)
	want("the pause ends by itself, without a change", 200, "")

	c.set(errors.New("database is down"))
	w.clk.Advance(time.Second)
	want("what is cut off cannot be read", 503, "authorisation_unavailable")
}

// A slowed grant is held to the lower rate, and nobody else is.
func TestSlowedGrant(t *testing.T) {
	w := newWorld(t)
	c := &cuts{w: w}
	w.cfg.Cutoffs = c
	var err error
	if w.gw, err = gateway.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.gw.Close)
	cert := w.enrol(w.sys)
	calls := func() map[string]int {
		got := map[string]int{}
		for range 10 {
			w.do(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
			_, f := w.last()
			got[f.Code]++
		}
		return got
	}
	if got := calls(); got[""] != 10 {
		t.Fatalf("not slowed: %v", got)
	}
	until := w.clk.Now().Add(time.Minute)
	c.set(nil, monitor.Cutoff{ID: "x", Target: monitor.Grant, TargetID: w.grant.ID, Measure: monitor.Slow, Rate: 2, Until: &until})
	w.clk.Advance(time.Second)
	if got := calls(); got[""] != 2 || got["rate_slowed"] != 8 {
		t.Errorf("slowed: %v", got)
	}
	w.clk.Set(until)
	calls() // the first ones find the bucket as the lower rate left it
	w.clk.Advance(time.Second)
	if got := calls(); got[""] != 10 {
		t.Errorf("no longer slowed: %v", got)
	}
}

// An access token is refused as well: no token outlives the emergency.
func TestNoTokenWhenCutOff(t *testing.T) {
	w := newWorld(t)
	c := &cuts{w: w}
	w.cfg.Cutoffs = c
	var err error
	if w.gw, err = gateway.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.gw.Close)
	k := newKey(t, jose.ES256)
	w.register(w.sys, k)
	token := w.token(k)
	c.set(nil, monitor.Cutoff{ID: "x", Target: monitor.All, Measure: monitor.CutOff})
	w.clk.Advance(time.Second)
	r := w.request(nil, "GET", w.rowsPath("items=region"), "")
	r.Header.Set("Authorization", "Bearer "+token)
	if rec := w.do(r); rec.Code != 403 || !strings.Contains(rec.Body.String(), "cut_off_all") {
		t.Errorf("with an old token: %d %s", rec.Code, rec.Body)
	}
	rec := w.do(w.tokenRequest(form(sign(t, k.alg, k.private, w.claims(), nil))))
	if rec.Code != 403 || !strings.Contains(rec.Body.String(), "cut_off_all") {
		t.Errorf("a new token: %d %s", rec.Code, rec.Body)
	}
}

// The monitor is told of each call of a known system once, after its record,
// and of a grant only when the call was its own system's.
func TestTheMonitorIsTold(t *testing.T) {
	w := newWorld(t)
	o := &watched{w: w}
	w.cfg.Monitor = o
	var err error
	if w.gw, err = gateway.New(w.cfg); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.gw.Close)
	own, stranger := w.enrol(w.sys), w.enrol(w.other)
	told := func(cert *tls.Certificate, body string) monitor.Observation {
		t.Helper()
		n := len(o.seen)
		r := w.request(cert, "POST", w.rowsPath(""), body)
		r.RemoteAddr = "10.1.2.3:4711"
		w.do(r)
		if len(o.seen) != n+1 || o.recorded[n] != len(w.entries) {
			t.Fatalf("told %d times, the record was there: %v", len(o.seen)-n, len(o.seen) > n && o.recorded[n] == len(w.entries))
		}
		return o.seen[n]
	}
	asking := func(values string) string {
		return `{"items":["region"],"where":[{"item":"region","op":"eq","values":["130102"]},{"item":"id_number","op":"in","values":[` + values + `]}]}`
	}
	const there, absent = `"130102199001010015"`, `"130102199001019999"`
	x := told(&own, asking(there+","+absent))
	if x.Grant != w.grant.ID || x.System != w.sys.ID || x.Code != "" || x.Asked != 2 || x.Missed != 1 || x.Remote != "10.1.2.3:4711" ||
		!slices.Equal(x.Keys, []uint64{13010219900101001, 13010219900101999}) {
		t.Errorf("%+v", x)
	}
	if x := told(&own, `{"items":["region"],"where":[{"item":"region","op":"eq","values":["130102"]}]}`); x.Asked != 0 {
		t.Errorf("a region names nobody: %+v", x)
	}
	if x := told(&own, `{"items":["secret"]}`); x.Code != "scope_exceeded" || x.Grant != w.grant.ID || x.Asked != 0 {
		t.Errorf("%+v", x)
	}
	if x := told(&stranger, asking(there)); x.Grant != "" || x.Provider != "" || x.System != w.other.ID || x.Consumer != w.other.Department || x.Code == "" {
		t.Errorf("another's call is held against the grant: %+v", x)
	}
	n := len(o.seen)
	w.recordErr = errDown
	w.do(w.request(&own, "POST", w.rowsPath(""), asking(there)))
	w.recordErr = nil
	w.do(w.request(nil, "GET", w.rowsPath("items=region"), ""))
	if len(o.seen) != n {
		t.Errorf("told of what was not recorded, or of nobody: %+v", o.seen[n:])
	}
}
