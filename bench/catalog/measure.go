package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"time"

	searchdata "github.com/shuqiao/shuqiao/data/search"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/store"
)

// figures are those of one engine.
type figures struct {
	Engine       string            `json:"engine"`
	Resources    int               `json:"resources"`
	Items        int               `json:"items"`
	Providers    int               `json:"providers"`
	LoadSeconds  float64           `json:"load_seconds"`
	BuildSeconds float64           `json:"index_build_seconds"`
	BuildPeakMB  int               `json:"index_build_peak_mb"`
	IndexMB      float64           `json:"index_mb"`
	OpenSeconds  float64           `json:"index_open_seconds"` // with checksums, from the files
	Segments     int               `json:"segments"`
	Users        int               `json:"users"`
	Searches     int               `json:"searches"`
	PerSecond    float64           `json:"searches_per_second"`
	All          spread            `json:"all"`
	Kinds        map[string]spread `json:"by_kind"`
	Publishing   spread            `json:"publish_to_visible"` // one each half second, while they search
	Memory       memory            `json:"memory_while_searching"`
	Alone        map[string]spread `json:"one_user"`
	Peers        *peers            `json:"peers,omitempty"`
	Load         string            `json:"load_average_after"`
}

func measure(ctx context.Context, o options, engine, url string, count int, versions map[string]string) (f figures, err error) {
	gen, err := newGenerator(1)
	if err != nil {
		return f, err
	}
	f = figures{Engine: engine, Resources: count, Providers: gen.providers, Users: o.users}
	s, err := store.Open(ctx, url)
	if err != nil {
		return f, err
	}
	defer s.Close()
	if err := s.Migrate(ctx); err != nil {
		return f, err
	}
	l := &loader{gen: gen, count: count}
	begun := time.Now()
	if path, ok := strings.CutPrefix(url, "sqlite://"); ok {
		err = l.sqlite(ctx, path)
	} else {
		err = l.postgres(ctx, url)
	}
	if err != nil {
		return f, fmt.Errorf("load: %w", err)
	}
	f.LoadSeconds, f.Items = time.Since(begun).Seconds(), l.items
	fmt.Printf("%s: %d resources, %d items loaded in %.0f s\n", engine, count, l.items, f.LoadSeconds)
	dir, err := os.MkdirTemp(o.dir, "shuqiao-index-")
	if err != nil {
		return f, err
	}
	defer os.RemoveAll(dir)
	stop := o.profile(engine + "-build")
	err = f.build(ctx, s, dir)
	if stop(); err != nil {
		return f, err
	}
	x, err := f.open(ctx, s, dir)
	if err != nil {
		return f, err
	}
	defer x.Close()
	stop = o.profile(engine + "-search")
	err = f.search(ctx, o, x, gen, url, count)
	if stop(); err != nil {
		return f, err
	}
	if o.peers && engine == "postgres" {
		if f.Peers, err = comparePeers(ctx, url, gen, count); err != nil {
			return f, err
		}
	}
	f.Load = loadAverage()
	versions[engine], err = serverVersion(ctx, url)
	return f, err
}

func openIndex(ctx context.Context, s *store.Store, dir string) (*search.Index, error) {
	synonyms, err := search.ReadSynonyms(bytes.NewReader(searchdata.Synonyms))
	if err != nil {
		return nil, err
	}
	return search.Open(ctx, search.Options{Dir: dir, Source: s.SearchSource(), Synonyms: synonyms, Clock: clock.System{}, Logger: slog.Default()})
}

func (f *figures) build(ctx context.Context, s *store.Store, dir string) error {
	x, err := openIndex(ctx, s, dir)
	if err != nil {
		return err
	}
	defer x.Close()
	forgetPeak()
	begun := time.Now()
	if err := x.Rebuild(ctx); err != nil {
		return err
	}
	f.BuildSeconds, f.BuildPeakMB, f.IndexMB = time.Since(begun).Seconds(), memoryNow().Peak, sizeOf(dir)
	fmt.Printf("index built in %.0f s, %.0f MB, peak %d MB\n", f.BuildSeconds, f.IndexMB, f.BuildPeakMB)
	return nil
}

func (f *figures) open(ctx context.Context, s *store.Store, dir string) (*search.Index, error) {
	begun := time.Now()
	x, err := openIndex(ctx, s, dir)
	if err != nil {
		return nil, err
	}
	f.OpenSeconds, f.Segments = time.Since(begun).Seconds(), x.Status().Segments
	return x, nil
}

// search lets all users ask without a pause, over HTTP, after one has asked each
// kind of query alone. Clients and server share the machine.
func (f *figures) search(ctx context.Context, o options, x *search.Index, gen *generator, url string, count int) error {
	c, stop, err := serve(x, o.users)
	if err != nil {
		return err
	}
	defer stop()
	alone := &asker{rng: rand.New(rand.NewPCG(1, 2)), gen: gen.forked(1), count: count}
	f.Alone = map[string]spread{}
	for i := range queryKinds {
		var took []time.Duration
		for range 30 {
			begun := time.Now()
			if _, err := c.ask(ctx, alone.query(&queryKinds[i])); err != nil {
				return err
			}
			took = append(took, time.Since(begun))
		}
		f.Alone[queryKinds[i].name] = spreadOf(took)
	}
	forgetPeak()
	end := time.Now().Add(o.duration)
	published := make(chan []time.Duration, 1)
	failed := make(chan error, o.users+1)
	go func() {
		took, err := publishMeanwhile(ctx, x, c, gen, url, count, end)
		published <- took
		failed <- err
	}()
	took := make([]map[string][]time.Duration, o.users)
	var wg sync.WaitGroup
	for u := range o.users {
		wg.Go(func() {
			a := &asker{rng: rand.New(rand.NewPCG(uint64(u), 3)), gen: gen.forked(uint64(u)), count: count}
			took[u] = map[string][]time.Duration{}
			for time.Now().Before(end) {
				k := pickKind(a.rng)
				q := a.query(k)
				begun := time.Now()
				if _, err := c.ask(ctx, q); err != nil {
					failed <- fmt.Errorf("%s %+v: %w", k.name, q, err)
					return
				}
				took[u][k.name] = append(took[u][k.name], time.Since(begun))
			}
		})
	}
	wg.Wait()
	f.Memory = memoryNow()
	f.Publishing = spreadOf(<-published)
	if err := <-failed; err != nil {
		return err
	}
	f.Kinds = map[string]spread{}
	var all []time.Duration
	for i := range queryKinds {
		var list []time.Duration
		for _, t := range took {
			list = append(list, t[queryKinds[i].name]...)
		}
		all = append(all, list...)
		f.Kinds[queryKinds[i].name] = spreadOf(list)
	}
	f.All, f.Searches, f.PerSecond = spreadOf(all), len(all), float64(len(all))/o.duration.Seconds()
	fmt.Printf("%d users: %+v\n", o.users, f.All)
	for name, k := range f.Kinds {
		fmt.Printf("  %-22s %+v   alone %+v\n", name, k, f.Alone[name])
	}
	fmt.Printf("publish to visible %+v, memory %+v\n", f.Publishing, f.Memory)
	return nil
}

// publishMeanwhile publishes an entry each half second and takes the time until
// a search finds it. The index follows its feed as on a node.
func publishMeanwhile(ctx context.Context, x *search.Index, c *client, gen *generator, url string, count int, end time.Time) ([]time.Duration, error) {
	db, rebind, err := openPlain(url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for tick := time.NewTicker(250 * time.Millisecond); ctx.Err() == nil; <-tick.C {
			if _, err := x.Poll(ctx); err != nil && ctx.Err() == nil {
				fmt.Fprintln(os.Stderr, "poll:", err)
			}
		}
	}()
	g := gen.forked(99)
	var took []time.Duration
	for i := count; time.Now().Before(end); i++ {
		r := g.resource(i)
		r.entry.Name = fmt.Sprintf("新发布%d号信息", i)
		begun := time.Now()
		for _, q := range []struct {
			table   string
			columns []string
			row     []any
		}{{"resources", resourceColumns, r.resourceRow(i)}, {"resource_versions", versionColumns, r.versionRow(i)}} {
			marks := strings.TrimSuffix(strings.Repeat("?,", len(q.columns)), ",")
			if _, err := db.ExecContext(ctx, rebind("INSERT INTO "+q.table+" ("+strings.Join(q.columns, ",")+") VALUES ("+marks+")"), q.row...); err != nil {
				return took, err
			}
		}
		for {
			found, err := c.finds(ctx, search.Query{Text: r.code, Reader: search.Reader{Department: r.provider}}, r.id)
			if err != nil {
				return took, err
			}
			if found {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		took = append(took, time.Since(begun))
		time.Sleep(500 * time.Millisecond)
	}
	return took, nil
}

func serverVersion(ctx context.Context, url string) (string, error) {
	db, _, err := openPlain(url)
	if err != nil {
		return "", err
	}
	defer db.Close()
	query := "SHOW server_version"
	if strings.HasPrefix(url, "sqlite") {
		query = "SELECT sqlite_version()"
	}
	var v string
	err = db.QueryRowContext(ctx, query).Scan(&v)
	return v, err
}
