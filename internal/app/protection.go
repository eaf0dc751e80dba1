package app

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/complaint"
	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/incident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// Protection are the services that protect those whom the data are about:
// correction of data, complaints, security incidents, contractors.
type Protection struct {
	Corrections *correction.Service
	Complaints  *complaint.Service
	Incidents   *incident.Service
	Contractors *contractor.Service
}

// wireProtection makes the services before engine and gateway exist: those are
// asked only when a case runs.
func (n *Node) wireProtection(k keys) {
	s, clk := n.Store, n.Config.Clock
	dir := directory{n.Org, s.Org()}
	n.Protection = Protection{
		Corrections: correction.NewService(correction.Deps{
			Store: s.Corrections(), Entries: n.entries(), Ledger: n.Ledger, Grants: s.Sharing(), Resources: s.Catalog(), Hosted: s.Hosted(),
			Departments: s.Org(), Cases: lateCases{n}, Rules: lateCases{n}, Sealer: k.sealer, Clock: clk,
			Digest: func(kind catalog.Sensitivity, value string) string { return n.Gateway.IdentifierDigest(kind, value) },
		}),
		Complaints: complaint.NewService(complaint.Deps{
			Store: s.Complaints(), Cases: lateCases{n}, Files: s.Cases(), Directory: dir, Rules: lateCases{n},
			Ledger: n.Ledger, Sealer: k.sealer, Clock: clk,
		}),
		Incidents:   incident.NewService(incident.Deps{Store: s.Incidents(), Grants: s.Sharing(), Holds: n.Sharing, Org: s.Org(), Resources: s.Catalog(), Clock: clk}),
		Contractors: contractor.NewService(s.Entrustments(), s.Org(), s.Sharing(), s.Catalog(), clk),
	}
}

// Hooks are the functions that the procedures of these services name.
func (p Protection) Hooks() casework.Hooks {
	var h casework.Hooks
	h.Merge(p.Corrections.Hooks())
	h.Merge(p.Complaints.Hooks())
	h.Merge(p.Incidents.Hooks())
	h.Merge(p.Contractors.Hooks())
	return h
}

// accessBatch is how many ledger entries one step of the projection reads.
const accessBatch = 1000

// jobs keep the projection of calls, and compare it with the ledger.
func (p Protection) jobs() []worker.Job {
	return []worker.Job{
		{Name: "record accesses", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
			read, err := p.Corrections.Project(ctx, accessBatch)
			return read == accessBatch, err
		}},
		{Name: "record accesses check", Every: 24 * time.Hour, Run: func(ctx context.Context) (bool, error) {
			differences, err := p.Corrections.Check(ctx, 1)
			if err == nil && len(differences) > 0 {
				err = fmt.Errorf("the projection of calls differs from the ledger: %+v", differences[0])
			}
			return false, err
		}},
	}
}

// The engine that the node will have, for services that are made before it.

func (l lateCases) Open(ctx context.Context, p org.Principal, req casework.OpenRequest) (casework.View, error) {
	return l.n.Cases.Open(ctx, p, req)
}

func (l lateCases) OpenAsAnyone(ctx context.Context, region string, req casework.OpenRequest) (string, error) {
	return l.n.Cases.OpenAsAnyone(ctx, region, req)
}

func (l lateCases) View(ctx context.Context, p org.Principal, caseID string) (casework.View, error) {
	return l.n.Cases.View(ctx, p, caseID)
}

func (l lateCases) Tell(ctx context.Context, t casework.Telling) error {
	return l.n.Cases.Tell(ctx, t)
}

func (l lateCases) Post(ctx context.Context, kind, caseID string, payload any) error {
	return l.n.Cases.Post(ctx, kind, caseID, payload)
}

func (l lateCases) ByKey(key string) (*rulebook.Rules, error) { return l.n.Cases.Rules.ByKey(key) }

func (l lateCases) InForce(region string, at time.Time) (*rulebook.Rules, error) {
	return l.n.Cases.Rules.InForce(region, at)
}
