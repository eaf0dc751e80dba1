package app

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// wireCallLogs makes the service of call logs. Engine and gateway are asked
// only when somebody asks it.
func (n *Node) wireCallLogs() {
	s := n.Store
	n.CallLogs = calllog.NewService(calllog.Deps{Store: s.CallLog(), Entries: n.entries(), Ledger: n.Ledger, Grants: n.Sharing,
		Cases: lateCases{n}, Digester: func() calllog.Digester { return n.Gateway }, Clock: n.Config.Clock})
}

// callLogBatch is how many ledger entries one step of the projection reads.
const callLogBatch = 2000

// callLogJobs keep the logs, and compare those that were uploaded.
func (n *Node) callLogJobs() []worker.Job {
	return []worker.Job{
		{Name: "call logs", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
			read, err := n.CallLogs.Project(ctx, callLogBatch)
			return read == callLogBatch, err
		}},
		{Name: "reconciliation", Every: time.Second, Run: n.CallLogs.Compare},
	}
}
