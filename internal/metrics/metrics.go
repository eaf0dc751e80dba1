package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Options of a node's metrics.
type Options struct {
	Version string // of the program
	// ByResource gives each linked resource its own series of requests to its
	// provider's service. A node with ten thousand of them had better not.
	ByResource bool
}

// Metrics are the metrics of one node. They are safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	// Gateway counts the calls.
	Gateway *Gateway
	// Jobs counts the runs of recurring jobs.
	Jobs *Jobs

	record         prometheus.Histogram
	recordFailures prometheus.Counter
	sync           prometheus.Histogram
	syncFailures   prometheus.Counter
	checkpoint     prometheus.Gauge
	deadlines      prometheus.Counter
	state          *state
}

// Of a write to the disk, and of what waits for one.
var diskBuckets = []float64{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5}

// New makes the metrics of a node.
func New(o Options) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		Gateway:  newGateway(o.ByResource),
		Jobs:     newJobs(),
		record: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shuqiao_ledger_record_seconds",
			Help: "Time that a call waited until its record was durable.", Buckets: diskBuckets}),
		recordFailures: counter("shuqiao_ledger_record_failures_total", "Calls that could not be recorded and were therefore not answered."),
		sync: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "shuqiao_journal_sync_seconds",
			Help: "Time of a sync of the journal to the disk.", Buckets: diskBuckets}),
		syncFailures: counter("shuqiao_journal_sync_failures_total", "Syncs of the journal that failed."),
		checkpoint: gauge("shuqiao_ledger_checkpoint_timestamp_seconds",
			"When this replica last made sure that the ledger's head is signed, in seconds since 1970."),
		deadlines: counter("shuqiao_deadlines_handled_total", "Reminders and expiries of terms that the sweeper acted on."),
		state:     newState(),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "shuqiao_build_info", Help: "1; the version of the program is a label.",
		ConstLabels: prometheus.Labels{"version": o.Version}})
	build.Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		build, m.record, m.recordFailures, m.sync, m.syncFailures, m.checkpoint, m.deadlines, m.state)
	m.registry.MustRegister(m.Gateway.all()...)
	m.registry.MustRegister(m.Jobs.all()...)
	return m
}

// Handler answers a scrape.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry, MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Recorded counts one record of a call in the ledger.
func (m *Metrics) Recorded(took time.Duration, err error) {
	m.record.Observe(took.Seconds())
	if err != nil {
		m.recordFailures.Inc()
	}
}

// Synced counts one sync of the journal.
func (m *Metrics) Synced(took time.Duration, err error) {
	m.sync.Observe(took.Seconds())
	if err != nil {
		m.syncFailures.Inc()
	}
}

// Signed notes that the ledger's head is signed.
func (m *Metrics) Signed(at time.Time) { m.checkpoint.Set(seconds(at)) }

// Swept counts deadlines that the sweeper acted on.
func (m *Metrics) Swept(n int) { m.deadlines.Add(float64(n)) }

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }
