package store_test

import (
	"os"
	"testing"

	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// BenchmarkLedgerProve makes receipts out of a database, each checked before it
// is given out: the budget is one millisecond. SHUQIAO_LONG=1 asks for a
// million entries instead of a hundred thousand.
func BenchmarkLedgerProve(b *testing.B) {
	n := 100_000
	if os.Getenv("SHUQIAO_LONG") != "" {
		n = 1_000_000
	}
	for name, open := range map[string]func() *store.Store{
		"sqlite":   func() *store.Store { return benchStore(b, testdb.SQLiteMigrated(b, migrate)) },
		"postgres": func() *store.Store { return benchStore(b, testdb.PostgresMigrated(b, migrate)) },
	} {
		b.Run(name, func(b *testing.B) {
			l := ledgertest.NewLog(b, open().Ledger())
			var ids []string
			for range n / 5000 {
				leaves, err := l.AppendIn(b.Context(), ledgertest.Entries(5000)...)
				if err != nil {
					b.Fatal(err)
				}
				for i := 0; i < len(leaves); i += 97 {
					ids = append(ids, leaves[i].ID)
				}
			}
			if _, err := l.Checkpoint(b.Context()); err != nil {
				b.Fatal(err)
			}
			at := 0
			for b.Loop() {
				at = (at + 7919) % len(ids)
				if _, err := l.Prove(b.Context(), ids[at]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func benchStore(b *testing.B, url string) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}
