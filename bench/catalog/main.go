package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/data/regions"
	"github.com/shuqiao/shuqiao/internal/testdb/cluster"
)

// options are the sizes of a run.
type options struct {
	resources, sqliteResources int
	users                      int
	duration                   time.Duration
	peers                      bool
	out, dir, profiles         string
}

// report is what is written.
type report struct {
	Command  string            `json:"command"`
	At       time.Time         `json:"at"`
	Machine  machine           `json:"machine"`
	Versions map[string]string `json:"versions"`
	Engines  []figures         `json:"engines"`
}

func main() {
	var o options
	flag.IntVar(&o.resources, "resources", 3_000_000, "resources in PostgreSQL; 0: skip it")
	flag.IntVar(&o.sqliteResources, "sqlite-resources", 1_000_000, "resources in SQLite; 0: skip it")
	flag.IntVar(&o.users, "users", 16, "people who search without a pause")
	flag.DurationVar(&o.duration, "duration", 60*time.Second, "how long they search")
	flag.BoolVar(&o.peers, "peers", true, "measure PostgreSQL's own ways too")
	flag.StringVar(&o.out, "out", "bench/out/catalog.json", "where the figures go")
	flag.StringVar(&o.dir, "dir", "/tmp", "where databases and index lie while it lasts")
	flag.StringVar(&o.profiles, "profiles", "", "directory for CPU profiles of build and searching")
	flag.Parse()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	r := report{Command: "bench/catalog/run " + strings.Join(os.Args[1:], " "), At: time.Now().UTC().Truncate(time.Second), Machine: thisMachine(), Versions: goVersions()}
	if o.resources > 0 {
		f, err := inPostgres(ctx, o, r.Versions)
		if err != nil {
			return err
		}
		r.Engines = append(r.Engines, f)
	}
	if o.sqliteResources > 0 {
		dir, err := os.MkdirTemp(o.dir, "shuqiao-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		f, err := measure(ctx, o, "sqlite", "sqlite://"+filepath.Join(dir, "shuqiao.db"), o.sqliteResources, r.Versions)
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

// postgresSettings are those of a small production server.
var postgresSettings = []string{"shared_buffers=2GB", "effective_cache_size=12GB", "max_wal_size=8GB", "maintenance_work_mem=1GB", "random_page_cost=1.1", "wal_level=replica"}

func inPostgres(ctx context.Context, o options, versions map[string]string) (figures, error) {
	c, err := cluster.Start(ctx, append(cluster.Durable, postgresSettings...)...)
	if err != nil {
		return figures{}, err
	}
	f, err := measure(ctx, o, "postgres", c.URL(), o.resources, versions)
	if stop := c.Stop(); err == nil {
		err = stop
	}
	return f, err
}

// nation is the root of the regions.
func nation() []regions.Region {
	return []regions.Region{{Code: regions.Nation, Name: "全国", Level: regions.LevelNation}}
}
