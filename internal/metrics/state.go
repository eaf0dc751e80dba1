package metrics

import (
	"database/sql"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// State is how the node stands. What it takes from the database is read by a
// job, not by the scrape: nobody who may scrape can keep the database busy.
type State struct {
	At time.Time // when it was read

	LedgerEntries   uint64
	ProjectionLag   map[string]uint64 // entries that each projection has not read, by its name
	OutboxWaiting   int               // at most FigureLimit, like the next ones
	OutboxOldest    time.Duration     // age of the oldest waiting message
	ClocksRunning   int
	ClocksOverdue   int
	SearchDocuments int
	SearchCaughtUp  time.Time // when the index had last read everything
}

// FigureLimit is where counting stops: what is so much needs no exact number.
const FigureLimit = 1_000_000

// Live is what is asked at each scrape: it is at hand.
type Live struct {
	RecordsWaiting int // calls that wait for their record
	TreeLag        int // records that are durable and not in the tree yet
	TreeFailures   int // writes of the tree that failed in a row
	Dropped        int64
	Pools          map[string]sql.DBStats
}

type state struct {
	mu      sync.Mutex
	last    State
	live    func() Live
	figures []figure
	lag     *prometheus.Desc
	pools   map[string]*prometheus.Desc
}

type figure struct {
	desc  *prometheus.Desc
	kind  prometheus.ValueType
	value func(State, Live) float64
}

func newState() *state {
	s := &state{pools: map[string]*prometheus.Desc{}}
	add := func(name, help string, kind prometheus.ValueType, value func(State, Live) float64) {
		s.figures = append(s.figures, figure{prometheus.NewDesc(name, help, nil, nil), kind, value})
	}
	g := prometheus.GaugeValue
	add("shuqiao_state_timestamp_seconds", "When the figures that come from the database were read.", g, func(s State, _ Live) float64 { return stamp(s.At) })
	add("shuqiao_ledger_entries", "Entries of the ledger.", g, func(s State, _ Live) float64 { return float64(s.LedgerEntries) })
	add("shuqiao_outbox_waiting", "Messages of the outbox that were not handled yet, counted up to 1,000,000.", g, func(s State, _ Live) float64 { return float64(s.OutboxWaiting) })
	add("shuqiao_outbox_oldest_seconds", "Age of the oldest message that was not handled yet.", g, func(s State, _ Live) float64 { return s.OutboxOldest.Seconds() })
	add("shuqiao_clocks_running", "Terms that run, counted up to 1,000,000.", g, func(s State, _ Live) float64 { return float64(s.ClocksRunning) })
	add("shuqiao_clocks_overdue", "Terms that run and have passed, counted up to 1,000,000.", g, func(s State, _ Live) float64 { return float64(s.ClocksOverdue) })
	add("shuqiao_search_documents", "Entries in this replica's search index.", g, func(s State, _ Live) float64 { return float64(s.SearchDocuments) })
	add("shuqiao_search_caught_up_timestamp_seconds", "When this replica's search index had last read every change.", g, func(s State, _ Live) float64 { return stamp(s.SearchCaughtUp) })
	add("shuqiao_ledger_records_waiting", "Calls that wait until their record is durable.", g, func(_ State, l Live) float64 { return float64(l.RecordsWaiting) })
	add("shuqiao_ledger_tree_lag_entries", "Records that are durable in the journal and not in the tree yet.", g, func(_ State, l Live) float64 { return float64(l.TreeLag) })
	add("shuqiao_ledger_tree_failures", "Writes of the tree that failed in a row.", g, func(_ State, l Live) float64 { return float64(l.TreeFailures) })
	add("shuqiao_monitor_dropped_total", "Observed calls that the risk monitoring had no room for.", prometheus.CounterValue, func(_ State, l Live) float64 { return float64(l.Dropped) })
	s.lag = prometheus.NewDesc("shuqiao_projection_lag_entries", "Entries of the ledger that a projection has not read.", []string{"projection"}, nil)
	for name, help := range poolHelp {
		s.pools[name] = prometheus.NewDesc(name, help, []string{"pool"}, nil)
	}
	return s
}

var poolHelp = map[string]string{
	"shuqiao_database_connections":        "Open connections of a pool.",
	"shuqiao_database_connections_in_use": "Connections of a pool that are in use.",
	"shuqiao_database_connections_max":    "Most connections that a pool opens.",
	"shuqiao_database_waits_total":        "Times that somebody waited for a connection of a pool.",
	"shuqiao_database_wait_seconds_total": "Time that was waited for connections of a pool.",
}

// Set gives what the job read.
func (m *Metrics) Set(s State) {
	m.state.mu.Lock()
	m.state.last = s
	m.state.mu.Unlock()
}

// Watch says whom to ask at a scrape.
func (m *Metrics) Watch(live func() Live) {
	m.state.mu.Lock()
	m.state.live = live
	m.state.mu.Unlock()
}

// Describe implements prometheus.Collector.
func (s *state) Describe(out chan<- *prometheus.Desc) {
	for _, f := range s.figures {
		out <- f.desc
	}
	out <- s.lag
	for _, d := range s.pools {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (s *state) Collect(out chan<- prometheus.Metric) {
	s.mu.Lock()
	last, ask := s.last, s.live
	s.mu.Unlock()
	var live Live
	if ask != nil {
		live = ask()
	}
	for _, f := range s.figures {
		out <- prometheus.MustNewConstMetric(f.desc, f.kind, f.value(last, live))
	}
	for name, n := range last.ProjectionLag {
		out <- prometheus.MustNewConstMetric(s.lag, prometheus.GaugeValue, float64(n), name)
	}
	for pool, p := range live.Pools {
		for name, v := range map[string]float64{
			"shuqiao_database_connections": float64(p.OpenConnections), "shuqiao_database_connections_in_use": float64(p.InUse),
			"shuqiao_database_connections_max": float64(p.MaxOpenConnections),
		} {
			out <- prometheus.MustNewConstMetric(s.pools[name], prometheus.GaugeValue, v, pool)
		}
		out <- prometheus.MustNewConstMetric(s.pools["shuqiao_database_waits_total"], prometheus.CounterValue, float64(p.WaitCount), pool)
		out <- prometheus.MustNewConstMetric(s.pools["shuqiao_database_wait_seconds_total"], prometheus.CounterValue, p.WaitDuration.Seconds(), pool)
	}
}

// stamp is 0 for what has not happened.
func stamp(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return seconds(t)
}
