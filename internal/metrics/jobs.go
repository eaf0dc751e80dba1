package metrics

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Jobs counts the runs of the node's recurring jobs.
type Jobs struct {
	runs     *prometheus.CounterVec
	failures *prometheus.CounterVec
	took     *prometheus.HistogramVec
	last     *prometheus.GaugeVec
}

func newJobs() *Jobs {
	label := []string{"job"}
	return &Jobs{
		runs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shuqiao_job_runs_total", Help: "Runs of a recurring job."}, label),
		failures: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shuqiao_job_failures_total", Help: "Runs of a recurring job that failed."}, label),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shuqiao_job_seconds", Help: "Time of a run of a recurring job.",
			Buckets: []float64{0.001, 0.01, 0.1, 1, 10, 60, 600}}, label),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "shuqiao_job_success_timestamp_seconds",
			Help: "When a recurring job last ran without failing, in seconds since 1970."}, label),
	}
}

func (j *Jobs) all() []prometheus.Collector {
	return []prometheus.Collector{j.runs, j.failures, j.took, j.last}
}

// Ran counts one run of a job that ended at a moment.
func (j *Jobs) Ran(job string, ended time.Time, took time.Duration, failed bool) {
	j.runs.WithLabelValues(job).Inc()
	j.took.WithLabelValues(job).Observe(took.Seconds())
	if failed {
		j.failures.WithLabelValues(job).Inc()
		return
	}
	j.failures.WithLabelValues(job) // a series of zeros, so that its first failure is a rise
	j.last.WithLabelValues(job).Set(seconds(ended))
}
