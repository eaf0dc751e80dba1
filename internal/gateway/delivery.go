package gateway

import (
	"context"
	"sync"
	"time"
)

// deliveries tells the first successful use of each grant (CN-22), off the
// path of the call. What could not be told is told at the next call, also
// after a crash: DeliveredAt is still empty then.
type deliveries struct {
	mu      sync.Mutex
	told    map[string]bool // being told, or told by this process
	running sync.WaitGroup
}

const deliveryTime = 30 * time.Second

func (g *Gateway) observeDelivery(ctx context.Context, gr *grant) {
	if g.Delivery == nil || gr.DeliveredAt != nil || !g.deliveries.begin(gr.ID) {
		return
	}
	ctx = context.WithoutCancel(ctx)
	g.deliveries.running.Go(func() {
		if err := g.tellDelivery(ctx, gr); err != nil {
			g.Logger.ErrorContext(ctx, "delivery not told, next call tries again", "grant", gr.ID, "error", err)
			g.deliveries.again(gr.ID)
		}
	})
}

func (g *Gateway) tellDelivery(ctx context.Context, gr *grant) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	return g.Delivery.Observed(ctx, gr.ID, gr.Case)
}

func (d *deliveries) begin(grant string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.told[grant] {
		return false
	}
	if d.told == nil {
		d.told = map[string]bool{}
	}
	d.told[grant] = true
	return true
}

func (d *deliveries) again(grant string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.told, grant)
}

func (d *deliveries) wait() { d.running.Wait() }
