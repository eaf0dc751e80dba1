package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/internal/worker"
	"github.com/shuqiao/shuqiao/law"
)

// wireMonitor makes the service that watches calls, with the rules of the
// configuration or else of this release (CN-35).
func (n *Node) wireMonitor() error {
	source, where := n.Config.MonitorRules, "configured monitoring rules"
	if source == nil {
		var err error
		if source, err = fs.ReadFile(law.Rulebooks, "risk/monitoring.yaml"); err != nil {
			return err
		}
		where = "law/risk/monitoring.yaml"
	}
	rules, err := monitor.ParseRules(source)
	if err != nil {
		return fmt.Errorf("%s: %w", where, err)
	}
	s := n.Store
	n.Monitor = monitor.NewService(monitor.Deps{Store: s.Monitor(), Rules: rules, Calendar: n.Calendar.Live.Current, Org: n.Org, Registry: s.Org(),
		Grants: s.Sharing(), Readers: n.Sharing, Resources: s.Catalog(), Cases: lateCases{n}, Ledger: n.Ledger, Clock: n.Config.Clock})
	return nil
}

// monitorJobs judge what the gateway has observed.
func (n *Node) monitorJobs() []worker.Job {
	return []worker.Job{{Name: "monitoring", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
		before := n.dropped
		more, err := n.Monitor.Tick(ctx)
		if n.dropped = n.Monitor.Dropped(); n.dropped > before {
			err = errors.Join(err, fmt.Errorf("monitoring: no room for %d observations", n.dropped-before))
		}
		return more, err
	}}}
}

// lastTick keeps what was observed after the workers stopped.
func (n *Node) lastTick() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := n.Monitor.Tick(ctx); err != nil {
		n.Config.Logger.WarnContext(ctx, "the last observations are lost", "error", err)
	}
}

// Emergency is a cut-off, or the lifting of one, that an operator makes on the
// machine.
type Emergency struct {
	Username string // an account of this node, in whose name it is done
	Order    monitor.Order
	Lift     string // ID of the cut-off to lift; empty: the order is made
	Reason   string
}

// InEmergency cuts off or lifts on a node's database directly, whether the node
// runs or not: running gateways notice within a second.
func InEmergency(ctx context.Context, cfg Config, e Emergency) (c monitor.Cutoff, err error) {
	cfg.Beside = true
	n, err := New(ctx, cfg)
	if err != nil {
		return c, err
	}
	if e.Lift != "" {
		c, err = n.Monitor.LiftAsOperator(ctx, e.Username, e.Lift, e.Reason)
	} else {
		e.Order.Reason = e.Reason
		c, err = n.Monitor.CutAsOperator(ctx, e.Username, e.Order)
	}
	return c, errors.Join(err, n.Close())
}

// CutoffsInForce lists what is slowed, paused or cut off now.
func CutoffsInForce(ctx context.Context, cfg Config) ([]monitor.Cutoff, error) {
	cfg.Beside = true
	n, err := New(ctx, cfg)
	if err != nil {
		return nil, err
	}
	list, err := n.Store.Monitor().InForce(ctx, n.Config.Clock.Now())
	return list, errors.Join(err, n.Close())
}
