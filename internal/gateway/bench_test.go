package gateway_test

import (
	"context"
	"crypto/tls"
	"io/fs"
	"net/http"
	"sync/atomic"
	"testing"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/law"
)

// nowhere records by encoding only, one row answers: what is measured is the
// chain itself.
type nowhere struct{ n atomic.Uint64 }

func (l *nowhere) Record(_ context.Context, e ledger.Entry) (ledger.Leaf, error) {
	_, err := e.Encode()
	return ledger.Leaf{Index: l.n.Add(1)}, err
}

type oneRow struct{ row []catalog.Row }

func (o oneRow) Query(context.Context, catalog.HostedQuery) ([]catalog.Row, error) {
	return o.row, nil
}

type discard struct {
	h    http.Header
	code int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(code int)        { d.code = code }

// BenchmarkChain runs calls of five items, two of them masked, through every
// check to the record, without a network, watched as on a node.
func BenchmarkChain(b *testing.B) {
	w := newWorld(b)
	cert := w.enrol(w.sys)
	k := newKey(b, jose.ES256)
	w.register(w.sys, k)
	token := w.token(k)
	c := w.cfg
	c.Ledger, c.Hosted, c.RatePerSecond, c.Delivery = &nowhere{}, oneRow{people()[:1]}, 1<<30, nil
	source, err := fs.ReadFile(law.Rulebooks, "risk/monitoring.yaml")
	if err != nil {
		b.Fatal(err)
	}
	rules, err := monitor.ParseRules(source)
	if err != nil {
		b.Fatal(err)
	}
	c.Monitor, c.Cutoffs = monitor.NewCollector(rules), &cuts{w: w}
	if w.gw, err = gateway.New(c); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		cert  *tls.Certificate
		token string
	}{{"mtls", &cert, ""}, {"token", nil, token}} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				r := w.request(c.cert, "GET", w.rowsPath("items=id_number,name,phone,region,score&where.region.prefix=1301"), "")
				if c.token != "" {
					r.Header.Set("Authorization", "Bearer "+c.token)
				}
				d := &discard{h: http.Header{}}
				for pb.Next() {
					if w.gw.ServeHTTP(d, r); d.code != 200 {
						b.Fatal(d.code)
					}
				}
			})
		})
	}
}
