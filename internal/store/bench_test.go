package store_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// BenchmarkRecord measures durable ledger entries with 64 callers, the way the
// gateway writes them: go test -bench Record ./internal/store
func BenchmarkRecord(b *testing.B) {
	for name, url := range map[string]string{"sqlite": testdb.SQLiteMigrated(b, migrate), "postgres": testdb.PostgresMigrated(b, migrate)} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), url)
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			log := ledgertest.NewLog(b, s.Ledger())
			var failed atomic.Int64
			b.SetParallelism(64 / runtime.GOMAXPROCS(0))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if _, err := log.Record(b.Context(), ledgertest.NewEntry(ledger.Call)); err != nil {
						failed.Add(1)
					}
				}
			})
			b.StopTimer()
			if failed.Load() > 0 {
				b.Errorf("%d failed", failed.Load())
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
		})
	}
}
