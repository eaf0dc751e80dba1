package gateway

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/monitor"
)

// Cutoffs gives what is slowed, paused or cut off at the moment; monitor.Store
// has it. A change of one changes the version of the grants.
type Cutoffs interface {
	InForce(ctx context.Context, at time.Time) ([]monitor.Cutoff, error)
}

// checkCutCaller asks whether everything, the consumer or the system is cut off
// in an emergency (CN-35). It comes right behind the authentication, so that
// the record names who was refused; access tokens are not issued either.
func (g *Gateway) checkCutCaller(c *call) error {
	b, err := c.snap.barriers(c.ctx, c.at)
	if err != nil {
		return err
	}
	return b.Caller(c.sys.ID, c.sys.Department, c.at)
}

// checkCutGrant asks whether the provider, the resource or the grant is cut off
// or paused, and how far the grant is slowed (CN-35).
func (g *Gateway) checkCutGrant(c *call) error {
	b, err := c.snap.barriers(c.ctx, c.at)
	if err != nil {
		return err
	}
	c.slowed, err = b.Granted(c.grant.ID, c.grant.Resource, c.grant.Provider, c.at)
	return err
}

// barriers gives the cut-offs of this version, read once for all calls. When
// they cannot be read nothing is let through.
func (n *snapshot) barriers(ctx context.Context, now time.Time) (*monitor.Barriers, error) {
	if b := n.cutoffs.Load(); b != nil {
		return b, nil
	}
	if n.from.cutoffs == nil {
		b := &monitor.Barriers{}
		n.cutoffs.Store(b)
		return b, nil
	}
	v, err, _ := n.loads.Do("cutoffs", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTime)
		defer cancel()
		open, err := n.from.cutoffs.InForce(ctx, now)
		if err != nil {
			return nil, err
		}
		b := monitor.NewBarriers(open)
		n.cutoffs.Store(b)
		return b, nil
	})
	if err != nil {
		return nil, fault.New(fault.Unavailable, "authorisation_unavailable", "暂时无法核对授权，请稍后重试。").
			Under("CN-35").Because(err)
	}
	return v.(*monitor.Barriers), nil
}
