package gateway

import (
	"net/http"

	"github.com/shuqiao/shuqiao/internal/ident"
)

// Identify finds the registered system that sends a request which is no call
// of the gateway (a harvester of the catalog): by the same proofs and under
// the same conditions as a call, without a grant and without a ledger entry.
func (g *Gateway) Identify(r *http.Request) (system string, err error) {
	c := &call{ctx: r.Context(), req: httpRequest(r), id: ident.New(), at: g.Clock.Now()}
	if c.snap, err = g.snapshots.get(c.ctx, c.at); err != nil {
		return "", err
	}
	if err := g.checkAuthenticate(c); err != nil {
		return "", err
	}
	return c.sys.ID, g.checkSystem(c)
}
