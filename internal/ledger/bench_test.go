package ledger_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/ledger/ledgertest"
)

// What the ledger itself costs: the memory store syncs nothing.
func BenchmarkRecord(b *testing.B) {
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			l := ledgertest.NewLog(b, ledgertest.NewMemory())
			var wg sync.WaitGroup
			for c := range callers {
				n := b.N / callers
				if c < b.N%callers {
					n++
				}
				wg.Go(func() {
					for range n {
						if _, err := l.Record(b.Context(), ledgertest.NewEntry(ledger.Call)); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		})
	}
}

func BenchmarkProve(b *testing.B) {
	l := ledgertest.NewLog(b, ledgertest.NewMemory())
	var id string
	for range 100 {
		leaves, err := l.AppendIn(b.Context(), ledgertest.Entries(1000)...)
		if err != nil {
			b.Fatal(err)
		}
		id = leaves[500].ID
	}
	for b.Loop() {
		if _, err := l.Prove(b.Context(), id); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyReceipt(b *testing.B) {
	data, vkey := aReceipt(b)
	for b.Loop() {
		if _, err := ledger.VerifyReceipt(data, vkey); err != nil {
			b.Fatal(err)
		}
	}
}
