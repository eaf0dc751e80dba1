package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/testdb/cluster"
)

// options are the sizes of a run.
type options struct {
	cases, sqliteCases int
	overdue            int
	runs               int
	users, lists       int
	out, dir           string
}

// report is what is written.
type report struct {
	Command  string            `json:"command"`
	At       time.Time         `json:"at"`
	Machine  machine           `json:"machine"`
	Versions map[string]string `json:"versions"`
	DueDates dueDates          `json:"due_dates"`
	Engines  []figures         `json:"engines"`
}

func main() {
	var o options
	flag.IntVar(&o.cases, "cases", 10_000_000, "open cases in PostgreSQL; 0: skip it")
	flag.IntVar(&o.sqliteCases, "sqlite-cases", 1_000_000, "open cases in SQLite; 0: skip it")
	flag.IntVar(&o.overdue, "overdue", 10_000, "newly overdue clocks of one sweep")
	flag.IntVar(&o.runs, "runs", 5, "runs that the medians are of")
	flag.IntVar(&o.users, "users", 16, "people who ask for their to-dos at once")
	flag.IntVar(&o.lists, "lists", 4000, "to-do lists asked for")
	flag.StringVar(&o.out, "out", "bench/out/procedures.json", "where the figures go")
	flag.StringVar(&o.dir, "dir", "/tmp", "where the SQLite file goes while it lasts")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	r := report{Command: "bench/run " + strings.Join(os.Args[1:], " "), At: time.Now().UTC().Truncate(time.Second),
		Machine: thisMachine(), Versions: goVersions()}
	var err error
	if r.DueDates, err = measureDueDates(o.runs); err != nil {
		return err
	}
	fmt.Printf("due dates: %+v\n", r.DueDates)
	if o.cases > 0 {
		f, err := inPostgres(ctx, o, r.Versions)
		if err != nil {
			return err
		}
		r.Engines = append(r.Engines, f)
	}
	if o.sqliteCases > 0 {
		dir, err := os.MkdirTemp(o.dir, "shuqiao-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f, err := measure(ctx, o, "sqlite", "sqlite://"+filepath.Join(dir, "shuqiao.db"), o.sqliteCases, r.Versions)
		if err != nil {
			return err
		}
		r.Engines = append(r.Engines, f)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(o.out), 0o755); err != nil {
		return err
	}
	return os.WriteFile(o.out, append(text, '\n'), 0o644)
}

// inPostgres measures in a private server that keeps what it acknowledges.
func inPostgres(ctx context.Context, o options, versions map[string]string) (figures, error) {
	c, err := cluster.Start(ctx, append(cluster.Durable, postgresSettings...)...)
	if err != nil {
		return figures{}, err
	}
	f, err := measure(ctx, o, "postgres", c.URL(), o.cases, versions)
	if stop := c.Stop(); err == nil {
		err = stop
	}
	return f, err
}

// postgresSettings are those a small production server would have, beside what
// the cluster brings.
var postgresSettings = []string{"shared_buffers=2GB", "effective_cache_size=12GB", "max_wal_size=4GB", "maintenance_work_mem=1GB",
	"random_page_cost=1.1", "wal_level=replica"}
