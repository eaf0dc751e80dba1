package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/journal"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/metrics"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// MetricsConfig is what operators see of the node.
type MetricsConfig struct {
	// Addr serves /metrics, /healthz and /readyz to those who operate the node,
	// in plain HTTP: for loopback or a network of their own. Empty: not served.
	// They are never served on the other addresses but for health.
	Addr string
	// ByResource tells requests to providers' services apart by resource.
	ByResource bool
}

// stateEvery is how often the figures of the database are read.
const stateEvery = 15 * time.Second

// listenMetrics opens the operators' socket. It must be one of its own.
func listenMetrics(cfg Config) (net.Listener, error) {
	if cfg.Metrics.Addr == "" {
		return nil, nil
	}
	l, err := net.Listen("tcp", cfg.Metrics.Addr)
	if err != nil {
		return nil, fmt.Errorf("listen for metrics: %w", err)
	}
	if !loopback(l.Addr()) {
		cfg.Logger.Warn("metrics are reachable from other machines: keep the network to those who operate the node", "addr", l.Addr().String())
	}
	return l, nil
}

// serveMetrics runs the operators' listener.
func (n *Node) serveMetrics(ctx context.Context, group *errgroup.Group, socket net.Listener) {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", n.Metrics.Handler())
	mux.Handle("GET /healthz", n.API)
	mux.Handle("GET /readyz", n.API)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10}
	group.Go(func() error {
		if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		return server.Shutdown(grace)
	})
}

// watchMetrics joins the metrics with what they tell of.
func (n *Node) watchMetrics() {
	n.Metrics.Watch(func() metrics.Live {
		lag := n.Ledger.Lag()
		return metrics.Live{RecordsWaiting: lag.Waiting, TreeLag: lag.Behind, TreeFailures: lag.Failed,
			Dropped: int64(n.Monitor.Dropped()), Pools: n.Store.Pools()}
	})
}

// metricsJobs read the figures of the database, where somebody may ask for
// them.
func (n *Node) metricsJobs() []worker.Job {
	if n.Config.Metrics.Addr == "" {
		return nil
	}
	return []worker.Job{{Name: "metrics", Every: stateEvery, Run: func(ctx context.Context) (bool, error) {
		return false, n.readState(ctx)
	}}}
}

func (n *Node) readState(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, stateEvery)
	defer cancel()
	f, err := n.Store.Figures(ctx, metrics.FigureLimit)
	if err != nil {
		return err
	}
	now, search := n.Config.Clock.Now(), n.Search.Status()
	s := metrics.State{At: now, LedgerEntries: f.LedgerEntries, ProjectionLag: map[string]uint64{}, OutboxWaiting: f.OutboxWaiting,
		ClocksRunning: f.ClocksRunning, ClocksOverdue: f.ClocksOverdue, SearchDocuments: search.Documents, SearchCaughtUp: search.CaughtUp}
	if !f.OutboxOldest.IsZero() {
		s.OutboxOldest = max(0, now.Sub(f.OutboxOldest))
	}
	for name, next := range f.Projections {
		s.ProjectionLag[name] = f.LedgerEntries - min(next, f.LedgerEntries)
	}
	n.Metrics.Set(s)
	return nil
}

// metered counts the runs of jobs. A panic is counted and goes on.
func (n *Node) metered(jobs []worker.Job) []worker.Job {
	// Durations are of the machine; a test's clock stands still.
	clk := clock.System{}
	for i, j := range jobs {
		run := j.Run
		jobs[i].Run = func(ctx context.Context) (more bool, err error) {
			begun, failed := clk.Now(), true
			defer func() {
				ended := clk.Now()
				n.Metrics.Jobs.Ran(j.Name, ended, ended.Sub(begun), failed)
			}()
			more, err = run(ctx)
			failed = err != nil && ctx.Err() == nil
			return more, err
		}
	}
	return jobs
}

// meteredLedger counts what calls wait for.
type meteredLedger struct {
	*ledger.Log
	metrics *metrics.Metrics
}

// Record implements gateway.Recorder.
func (l meteredLedger) Record(ctx context.Context, e ledger.Entry) (ledger.Leaf, error) {
	clk := clock.System{}
	begun := clk.Now()
	leaf, err := l.Log.Record(ctx, e)
	l.metrics.Recorded(clk.Now().Sub(begun), err)
	return leaf, err
}

// meteredFiles counts the journal's syncs.
type meteredFiles struct {
	journal.Files
	metrics *metrics.Metrics
}

// Open implements journal.Files.
func (f meteredFiles) Open(path string) (journal.File, error) {
	file, err := f.Files.Open(path)
	if err != nil {
		return nil, err
	}
	return meteredFile{file, f.metrics}, nil
}

type meteredFile struct {
	journal.File
	metrics *metrics.Metrics
}

// Sync implements journal.File.
func (f meteredFile) Sync() error {
	clk := clock.System{}
	begun := clk.Now()
	err := f.File.Sync()
	f.metrics.Synced(clk.Now().Sub(begun), err)
	return err
}

// readyTime bounds how long a part may take to say that it is ready.
const readyTime = 2 * time.Second

// ready tells whether the node can serve, and which part cannot. The causes go
// to the log: they name hosts and files.
func (n *Node) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	var not []string
	var causes []error
	check := func(part string, err error) {
		if err != nil {
			not, causes = append(not, part), append(causes, fmt.Errorf("%s: %w", part, err))
		}
	}
	database := n.Store.Ready(ctx)
	check("database", database)
	if database == nil {
		check("fence", n.unfenced(ctx))
	}
	if lag := n.Ledger.Lag(); lag.Failed > 0 {
		check("ledger", fmt.Errorf("%d writes of the tree failed in a row, %d entries wait", lag.Failed, lag.Behind))
	}
	if len(not) == 0 {
		return nil
	}
	return fault.New(fault.Unavailable, "not_ready", "节点暂时不能服务").With("not_ready", not).Because(errors.Join(causes...))
}

// unfenced refuses a node whose log was handed over or restored elsewhere.
func (n *Node) unfenced(ctx context.Context) error {
	fence, err := n.Store.Node().Fenced(ctx)
	if err == nil && fence != nil {
		return errors.New("the ledger was closed to this node")
	}
	return err
}
