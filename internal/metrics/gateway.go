package metrics

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// endpoints are the kinds of calls; what is none of them is the last.
var endpoints = [...]string{"rows", "verify", "token", "statistics", "none"}

// classes are how a call ended: with data, refused by a rule (4xx), failed
// (5xx: the provider's service, the ledger, the node).
var classes = [...]string{"answered", "refused", "failed"}

// maxCodes bounds the codes that are told apart; further ones are "other".
const maxCodes = 200

// Gateway counts calls. It implements the gateway's Meter.
type Gateway struct {
	calls    *prometheus.CounterVec
	took     *prometheus.HistogramVec
	refusals *prometheus.CounterVec
	rows     prometheus.Counter
	asked    *prometheus.HistogramVec
	failures *prometheus.CounterVec

	// What is counted on the path of every call, found once.
	callsOf [len(endpoints)][len(classes)]prometheus.Counter
	tookOf  [len(endpoints)]prometheus.Observer

	byResource bool
	codes      sync.Map // of refusals and failures that are told apart
	known      atomic.Int32
}

var (
	callBuckets  = []float64{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}
	askedBuckets = []float64{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}
)

func newGateway(byResource bool) *Gateway {
	g := &Gateway{byResource: byResource,
		calls: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shuqiao_calls_total",
			Help: "Calls to the gateway by endpoint and how they ended: answered, refused, failed."}, []string{"endpoint", "class"}),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shuqiao_call_seconds",
			Help: "Time from a call's arrival until its answer was recorded and could leave.", Buckets: callBuckets}, []string{"endpoint"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shuqiao_calls_refused_total",
			Help: "Calls that were not answered with data, by the code of the refusal."}, []string{"code"}),
		rows: counter("shuqiao_call_rows_total", "Rows given to consumers."),
	}
	labels := []string{}
	if byResource {
		labels = append(labels, "resource")
	}
	g.asked = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shuqiao_upstream_seconds",
		Help: "Time of a request to a provider's service.", Buckets: askedBuckets}, labels)
	g.failures = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shuqiao_upstream_failures_total",
		Help: "Requests to providers' services that failed, by the code of the fault."}, append([]string{"code"}, labels...))
	for i, e := range endpoints {
		g.tookOf[i] = g.took.WithLabelValues(e)
		for j, c := range classes {
			g.callsOf[i][j] = g.calls.WithLabelValues(e, c)
		}
	}
	return g
}

func (g *Gateway) all() []prometheus.Collector {
	return []prometheus.Collector{g.calls, g.took, g.refusals, g.rows, g.asked, g.failures}
}

// Called counts an answered call.
func (g *Gateway) Called(endpoint string, status int, code string, rows int, took time.Duration) {
	e := len(endpoints) - 1
	for i, name := range endpoints {
		if name == endpoint {
			e = i
			break
		}
	}
	class := 0
	switch {
	case status >= 500:
		class = 2
	case status >= 400:
		class = 1
	}
	g.callsOf[e][class].Inc()
	g.tookOf[e].Observe(took.Seconds())
	if class > 0 {
		g.refusals.WithLabelValues(g.code(code)).Inc()
	} else if rows > 0 {
		g.rows.Add(float64(rows))
	}
}

// Asked counts a request to a provider's service.
func (g *Gateway) Asked(resource, code string, took time.Duration) {
	var labels []string
	if g.byResource {
		labels = []string{resource}
	}
	g.asked.WithLabelValues(labels...).Observe(took.Seconds())
	if code != "" {
		g.failures.WithLabelValues(append([]string{g.code(code)}, labels...)...).Inc()
	}
}

// code keeps the number of codes bounded, whoever made them.
func (g *Gateway) code(code string) string {
	if _, ok := g.codes.Load(code); ok {
		return code
	}
	if g.known.Load() >= maxCodes {
		return "other"
	}
	if _, there := g.codes.LoadOrStore(code, true); !there {
		g.known.Add(1)
	}
	return code
}
