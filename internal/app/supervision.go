package app

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/supervision"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// wireSupervision makes the service before the engine exists: each needs the
// other, and the engine is asked only when a case runs.
func (n *Node) wireSupervision(rules casework.Rules, calendar procedure.Calendar) {
	n.Supervision = supervision.NewService(supervision.Deps{
		Store: n.Store.Supervision(), Org: n.Org, Rules: rules, Cases: lateCases{n}, Clocks: n.Store.Cases(),
		Leaves: n.entries(), Clock: n.Config.Clock, Calendar: calendar,
	})
}

// lateCases is the engine that the node will have.
type lateCases struct{ n *Node }

func (l lateCases) OpenAsPlatform(ctx context.Context, region string, req casework.OpenRequest) (string, error) {
	return l.n.Cases.OpenAsPlatform(ctx, region, req)
}

func (l lateCases) TakeAsPlatform(ctx context.Context, caseID, action string, fields map[string]any) error {
	return l.n.Cases.TakeAsPlatform(ctx, caseID, action, fields)
}

// watch are the detectors of violations. They find nothing twice, so that
// replicas may run them side by side.
func (n *Node) watch() []worker.Job {
	return []worker.Job{
		{Name: "refused calls", Every: 10 * time.Second, Run: n.Supervision.ReadCalls},
		{Name: "ended services", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
			return false, n.Supervision.Ended(ctx)
		}},
		{Name: "undone duties", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
			return false, n.Supervision.Undone(ctx)
		}},
		{Name: "lapsed orders", Every: 10 * time.Second, Run: n.Supervision.Lapse},
	}
}
