package gateway

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// checkQuota holds the grant to its rate a second and its calls a day (CN-35).
//
// The rate is counted by each replica for itself. The calls of a day are
// counted in the store: a replica takes them in blocks and never more than the
// limit leaves, so the limit is never overshot; what a replica has taken and
// not used, at most 1 % of the limit, is lost when it stops.
func (g *Gateway) checkQuota(c *call) error {
	perSecond := c.grant.RatePerSecond
	if perSecond <= 0 {
		perSecond = g.RatePerSecond
	}
	if c.slowed > 0 && c.slowed < perSecond {
		perSecond = c.slowed
	}
	if !g.quotas.allow(c.grant.ID, perSecond, c.at) {
		if perSecond == c.slowed {
			return fault.Newf(fault.RateLimited, "rate_slowed", "风险监测已将该授权的调用频率限为每秒 %d 次。", perSecond).Under("CN-35")
		}
		return fault.Newf(fault.RateLimited, "rate_exceeded", "超过每秒 %d 次的调用频率。", perSecond).Under("CN-35")
	}
	if c.grant.DailyCalls <= 0 {
		return nil
	}
	day := c.at.In(g.Zone).Format(time.DateOnly)
	ok, err := g.quotas.take(c.ctx, g.Store, c.grant.ID, day, c.grant.DailyCalls)
	if err != nil {
		return fault.New(fault.Unavailable, "quota_unavailable", "暂时无法核对调用额度，请稍后重试。").Under("CN-35").Because(err)
	}
	if !ok {
		return fault.Newf(fault.RateLimited, "daily_calls_exceeded", "当日 %d 次的调用额度已用完。", c.grant.DailyCalls).Under("CN-35")
	}
	return nil
}

// quotas outlives snapshots: a change of some grant must not refill another's
// bucket. It grows with the grants that are called.
type quotas struct {
	rates  sync.Map // grant ID → *rate.Limiter
	leases sync.Map // grant ID → *lease
}

func (q *quotas) allow(grant string, perSecond int, now time.Time) bool {
	v, ok := q.rates.Load(grant)
	if !ok {
		v, _ = q.rates.LoadOrStore(grant, rate.NewLimiter(rate.Limit(perSecond), perSecond))
	}
	l := v.(*rate.Limiter)
	if l.Burst() != perSecond {
		l.SetLimitAt(now, rate.Limit(perSecond))
		l.SetBurstAt(now, perSecond)
	}
	return l.AllowN(now, 1)
}

// lease is the calls in hand of one grant.
type lease struct {
	mu   sync.Mutex
	day  string
	left int
}

func (q *quotas) take(ctx context.Context, s Store, grant, day string, limit int) (bool, error) {
	v, ok := q.leases.Load(grant)
	if !ok {
		v, _ = q.leases.LoadOrStore(grant, &lease{})
	}
	l := v.(*lease)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.day != day {
		l.day, l.left = day, 0
	}
	// A limit that was lowered makes what is in hand too much.
	block := max(1, min(256, limit/100))
	l.left = min(l.left, block)
	if l.left == 0 {
		got, err := s.TakeCalls(ctx, grant, day, block, limit)
		if err != nil {
			return false, err
		}
		l.left = got
	}
	if l.left == 0 {
		return false, nil
	}
	l.left--
	return true, nil
}
