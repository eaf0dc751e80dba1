package store_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// sized is the value of SHUQIAO_BENCH_SIZE, else the usual size.
func sized(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("SHUQIAO_BENCH_SIZE")); err == nil {
		return n
	}
	return usual
}

func benchEach(b *testing.B, f func(b *testing.B, s *store.Store, w *world)) {
	for name, url := range map[string]string{"sqlite": testdb.SQLiteMigrated(b, migrate), "postgres": testdb.PostgresMigrated(b, migrate)} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), url)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			f(b, s, smallWorld(b, s))
		})
	}
}

// smallWorld is a region with two departments and a person.
func smallWorld(b *testing.B, s *store.Store) *world {
	w := &world{Store: s, ctx: b.Context()}
	made := func(name string) org.Department {
		return org.Department{ID: ident.New(), Name: name, USCC: ident.New(), Region: "990100", Kind: org.Government, Sector: "综合", Version: 1, CreatedAt: noon}
	}
	w.consumer, w.provider = made("乙市民政局"), made("乙市公安局")
	w.person = org.Person{ID: ident.New(), Department: w.provider.ID, Name: "张三", Username: "zhang", Roles: []org.Role{org.Clerk}, Version: 1, CreatedAt: noon}
	if err := errors.Join(s.Org().PutRegions(w.ctx, []org.Region{{Code: "990100", Name: "乙市", Level: org.City, Path: "990100/"}}),
		s.Org().InsertDepartment(w.ctx, w.consumer), s.Org().InsertDepartment(w.ctx, w.provider), s.Org().InsertPerson(w.ctx, w.person)); err != nil {
		b.Fatal(err)
	}
	return w
}

// heap tells the greatest heap in use while f runs.
func heap(f func()) (most uint64) {
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			most = max(most, m.HeapInuse)
			select {
			case <-stop:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	f()
	close(stop)
	<-done
	return most
}

// BenchmarkQualityRun measures one run over a million hosted rows of four items
// with eight rules.
func BenchmarkQualityRun(b *testing.B) {
	rows := sized(1_000_000)
	benchEach(b, func(b *testing.B, s *store.Store, w *world) {
		x := benchOf(b, s, w, rows)
		service := x.service()
		runtime.GC()
		for b.Loop() {
			if _, err := service.Ask(w.ctx, x.clerk(), x.resource.ID); err != nil {
				b.Fatal(err)
			}
			most := heap(func() {
				if _, err := service.Work(w.ctx); err != nil {
					b.Fatal(err)
				}
			})
			b.ReportMetric(float64(most)/(1<<20), "MB-heap")
		}
		run, err := s.Quality().QualityRuns(w.ctx, x.resource.ID, 1)
		if err != nil || len(run) != 1 || run[0].Result.Rows != int64(rows) {
			b.Fatal(run, err)
		}
		b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	})
}

// BenchmarkComparison compares a form of 40 items with a catalog of 100,000
// items that have some 60,000 different names.
func BenchmarkComparison(b *testing.B) {
	entries := sized(100_000) / 20
	benchEach(b, func(b *testing.B, s *store.Store, w *world) {
		r := rand.New(rand.NewPCG(3, 4))
		longName := func() string {
			name := randomName(r)
			if r.IntN(3) > 0 {
				name += string(rune(0x4E00+r.IntN(3000))) + words[r.IntN(len(words))]
			}
			return name
		}
		for at := 0; at < entries; at += 100 {
			err := s.Do(w.ctx, func(ctx context.Context) error {
				in := *w
				in.ctx = ctx
				for range 100 {
					var items []catalog.Item
					for i := range 20 {
						items = append(items, catalog.Item{Code: fmt.Sprintf("c%d", i), Name: longName()})
					}
					in.publish(b, w.provider, items...)
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Exec(w.ctx, "ANALYZE"); err != nil {
			b.Fatal(err)
		}
		asker := org.Department{ID: w.consumer.ID, Region: "990100"}
		service := comparing(s)
		form := make([]collection.PlanItem, 40)
		matches, n := 0, 0
		for b.Loop() {
			for i := range form {
				form[i] = collection.PlanItem{Name: fmt.Sprintf("%s%s(%d)", words[r.IntN(len(words))], words[r.IntN(len(words))], i)}
			}
			lines, err := service.Try(w.ctx, org.Principal{Department: asker}, form, "")
			if err != nil {
				b.Fatal(err)
			}
			for _, l := range lines {
				matches += len(l.Matches)
			}
			n += len(form)
		}
		b.ReportMetric(b.Elapsed().Seconds()*1000/float64(n), "ms/item")
		b.ReportMetric(float64(matches)/float64(n), "matches/item")
	})
}
