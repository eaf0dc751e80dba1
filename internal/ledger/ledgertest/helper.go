package ledgertest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// Origin names the logs that NewLog makes.
const Origin = "node.example/test"

// Noon is where the clocks of this package stand.
var Noon = time.Date(2026, 3, 2, 4, 0, 0, 123456000, time.UTC)

// NewSigner makes a key for an origin.
func NewSigner(t testing.TB, origin string) *ledger.Signer {
	t.Helper()
	skey, _, err := ledger.GenerateKey(origin, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s, err := ledger.LoadSigner(skey)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// NewLog makes a log on the store, started, and closed when the test ends.
func NewLog(t testing.TB, store ledger.Store) *ledger.Log {
	t.Helper()
	l, err := ledger.New(store, NewSigner(t, Origin), Origin, clock.NewFake(Noon))
	if err != nil {
		t.Fatal(err)
	}
	l.Start(t.Context())
	t.Cleanup(l.Close)
	return l
}

// NewEntry makes an entry with a new ID.
func NewEntry(kind ledger.Kind) ledger.Entry {
	return ledger.Entry{ID: ident.New(), Kind: kind, At: Noon,
		Facts: map[string]any{"resource": "300001/000001", "outcome": "ok", "rows": 1}}
}

// Entries makes n entries.
func Entries(n int) []ledger.Entry {
	out := make([]ledger.Entry, n)
	for i := range out {
		out[i] = NewEntry(ledger.Call)
	}
	return out
}
