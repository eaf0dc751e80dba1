package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/demand"
	"github.com/shuqiao/shuqiao/internal/dispute"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/journal"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/lookup"
	"github.com/shuqiao/shuqiao/internal/metrics"
	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/sheet"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/supervision"
	"github.com/shuqiao/shuqiao/internal/usage"
	"github.com/shuqiao/shuqiao/internal/web"
	"github.com/shuqiao/shuqiao/internal/witness"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// Node is one wired node. Make it with New, run it with Run or Serve, end it
// with Close.
type Node struct {
	Config  Config
	Store   *store.Store
	Org     *org.Service
	Access  *access.Service
	Catalog *catalog.Service
	Cases   *casework.Engine
	Sharing *sharing.Service
	Flows   *sharing.Flows
	// Supervision reports violations and sees them answered.
	Supervision *supervision.Service
	// Protection: corrections, complaints, incidents, contractors.
	Protection Protection
	// Demands is the board of what departments look for.
	Demands *demand.Service
	// Monitor watches how grants are used, and cuts off.
	Monitor *monitor.Service
	dropped int64 // observations that the monitor had no room for, as last told
	// Reverse proposes entries from databases.
	Reverse *reverse.Service
	// Imports brings the catalog in and out as tables.
	Imports *sheet.Service
	// Duties are the procedures around the catalog.
	Duties Duties
	// Notices are sent beyond the inbox by the department's subscriptions.
	Notices Notices
	// Calendar files holiday notices; its Live counts the node's terms.
	Calendar *calendar.Service
	// Quality measures hosted data and scores entries.
	Quality *quality.Service
	// Search finds catalog entries.
	Search *search.Index
	Ledger *ledger.Log
	// Witness cosigns other nodes' logs; nil: it is not one.
	Witness *witness.Server
	// Lookups answers who looked at a person's data.
	Lookups *lookup.Service
	Gateway *gateway.Gateway
	API     http.Handler

	// Metrics counts what the node does; CallLogs show both sides of a grant its
	// calls.
	Metrics  *metrics.Metrics
	CallLogs *calllog.Service

	journal *journal.Journal // nil: calls are recorded in the database
	seen    *seen            // the last checkpoint this machine signed
}

// Migrate brings the database of a configuration to this release's schema.
func Migrate(ctx context.Context, cfg Config) error {
	if err := cfg.complete(); err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Migrate(ctx)
}

// New wires a node on a migrated database.
func New(ctx context.Context, cfg Config) (*Node, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	if err := s.Ready(ctx); err != nil {
		s.Close()
		return nil, err
	}
	n := &Node{Config: cfg, Store: s, Metrics: metrics.New(metrics.Options{Version: cfg.Version, ByResource: cfg.Metrics.ByResource})}
	if err := n.wire(ctx); err != nil {
		if n.Ledger != nil {
			err = errors.Join(err, n.closeLedger())
		}
		s.Close()
		return nil, err
	}
	return n, nil
}

func (n *Node) wire(ctx context.Context) error {
	cfg, s := n.Config, n.Store
	master, err := loadMaster(cfg.MasterKeyFile)
	if err != nil {
		return err
	}
	k, err := loadKeys(ctx, s.Node(), master, cfg.Name, cfg.Ledger.Suite)
	if err != nil {
		return err
	}
	if err := n.wireLedger(ctx, k.ledger); err != nil {
		return err
	}
	if err := n.wireWitness(ctx, k); err != nil {
		return err
	}
	n.Org = org.NewService(s.Org(), cfg.Clock)
	n.Access = access.NewService(s.Access(), s.Org(), n.Org, cfg.Clock, k.sealer, access.Options{})
	n.Catalog = catalog.NewService(s.Catalog(), n.datedLoads(), n.Org, cfg.Clock,
		catalog.WithActs(s.Cases()), catalog.WithRefusals(n.secretRefused), catalog.WithScheme(n.scheme()))
	n.Sharing = sharing.NewService(s.Sharing(), s.Catalog(), s.Org(), cfg.Clock).WithOffices(directory{n.Org, s.Org()})
	n.wireProtection(k)
	n.wireCallLogs()
	if err := n.wireCases(ctx); err != nil {
		return err
	}
	if err := n.wireNotices(k.sealer); err != nil {
		return err
	}
	n.wireQuality()
	if err := n.wireReverse(k); err != nil {
		return err
	}
	n.wireImports()
	if n.Search, err = openSearch(ctx, cfg, s); err != nil {
		return err
	}
	return n.wireEdges(k)
}

// SecretRefused is the kind of entry that records an attempt to enter what is
// marked as a secret (CN-3): who, when and in which fields, never the content.
const SecretRefused ledger.Kind = "secret_refused"

func (n *Node) secretRefused(ctx context.Context, r catalog.Refusal) error {
	_, err := n.Ledger.Record(ctx, ledger.Entry{ID: ident.New(), Kind: SecretRefused, At: r.At, Facts: map[string]any{
		"person": r.Person, "department": r.Department, "resource": r.Resource, "fields": r.Fields, "basis": "CN-3"}})
	return err
}

// wireCases joins the procedure engine with the hooks that rulebooks name.
func (n *Node) wireCases(ctx context.Context) error {
	lib, base, err := Law()
	if err != nil {
		return err
	}
	if err := n.wireCalendar(ctx, base); err != nil {
		return err
	}
	var hooks casework.Hooks
	hooks.Merge(n.Sharing.Hooks())
	hooks.Merge(n.Sharing.GrantHooks())
	hooks.Merge(n.Catalog.Hooks())
	if n.Flows, err = wireFlows(n.Sharing, n.Org, n.Store); err != nil {
		return err
	}
	hooks.Merge(n.Flows.Hooks())
	hooks.Merge(n.Flows.WideningHooks())
	hooks.Merge(dispute.NewService(n.Store.Cases(), n.Store.Sharing(), n.Sharing).Hooks())
	hooks.Merge(n.wireDuties(lib))
	n.wireDemands()
	hooks.Merge(n.Demands.Hooks())
	if err := n.wireMonitor(); err != nil {
		return err
	}
	n.wireSupervision(lib, n.Calendar.Live)
	hooks.Merge(n.Supervision.Hooks())
	hooks.Merge(n.Protection.Hooks())
	hooks.Merge(casework.Hooks{Checks: map[string]casework.Check{
		"org.office_complete": func(ctx context.Context, _ *procedure.Case, step procedure.Step) error {
			return n.Org.RequireOffice(ctx, step.Actor.Department)
		},
	}})
	if err := rememberLaw(ctx, n.Store.Cases(), lib, &hooks); err != nil {
		return err
	}
	days := n.Calendar.Live
	n.Cases = &casework.Engine{
		Store: n.Store.Cases(), Rules: lib, Calendar: days, Left: days.Left,
		Dir: directory{n.Org, n.Store.Org()}, Ledger: n.Ledger, Settle: n.settleLedger, Hooks: hooks, Clock: n.Config.Clock,
		Remind: casework.Reminders{WorkingDays: n.Config.RemindBefore, Before: days.Before}, Handlers: map[string]casework.Handler{casework.ViolationKind: n.Supervision.HandleMessage},
	}
	maps.Copy(n.Cases.Handlers, n.Protection.Corrections.Handlers())
	maps.Copy(n.Cases.Handlers, n.Demands.Handlers())
	return nil
}

// wireEdges makes the gateway and the API.
func (n *Node) wireEdges(k keys) error {
	cfg := n.Config
	urls := make([]string, 0, len(cfg.PublicURLs))
	for _, u := range cfg.PublicURLs {
		urls = append(urls, u+"/share/token")
	}
	var err error
	n.Gateway, err = gateway.New(gateway.Config{
		Clock: cfg.Clock, Store: n.Store.Gateway(), Grants: n.Store.Sharing(), Systems: n.Store.Org(),
		Versions: n.Store.Catalog(), Hosted: n.Store.Hosted(), Ledger: meteredLedger{n.Ledger, n.Metrics}, Delivery: delivery{n.Cases}, Contractors: n.Store.Entrustments(),
		Cutoffs: n.Store.Monitor(), Monitor: n.Monitor, Meter: n.Metrics.Gateway,
		Logger: cfg.Logger, Name: cfg.Name, TokenURLs: urls, TokenKey: k.token, Secret: k.secret,
		UpstreamTokens: cfg.UpstreamTokens, AllowPlainUpstream: cfg.AllowPlainUpstream, RatePerSecond: cfg.RatePerSecond,
	})
	if err != nil {
		return err
	}
	dcat, err := wireDCAT(cfg, n.Store)
	if err != nil {
		return err
	}
	n.watchMetrics()
	n.wireLookups()
	n.API = web.New(web.Deps{
		Witnesses: n.Store.Witnesses(), Witness: n.witness(), OpenEntries: cfg.Ledger.OpenEntries, Lookups: n.Lookups,
		Logger: cfg.Logger, CallLogs: n.CallLogs,
		DCAT: dcat, Harvester: n.Gateway.Identify, PublicCatalog: cfg.PublicCatalog,
		Access: n.Access, Org: n.Org, Catalog: n.Catalog, Scheme: n.scheme(), Search: &catalogSearch{index: n.Search, scheme: n.scheme()}, Cases: n.Cases, Grants: n.Sharing, Supervision: n.Supervision, Risks: n.Flows, Ledger: n.Ledger,
		Notices:      n.Notices.Service,
		NegativeList: n.Duties.Reviews, Sources: n.Duties.Sources, Collection: n.Duties.Collection, SourceMaps: n.Duties.Collection, Forms: n.Duties.Collection, Projects: n.Duties.Projects,
		Usage:   usage.NewService(n.Store.Usage(), n.Sharing, n.Ledger, cfg.Clock),
		Quality: n.Quality, Reverse: n.Reverse, Imports: n.Imports, Monitor: n.Monitor, Demands: n.Demands, Carts: n.carts(),
		Law: n.Cases.Rules, Clock: cfg.Clock, Ready: n.ready, Calendar: n.Calendar, Console: cfg.Console,
		Corrections: n.Protection.Corrections, Complaints: n.Protection.Complaints, Contractors: n.Protection.Contractors,
		Version: cfg.Version, Node: cfg.Name, SecureCookies: cfg.SecureCookies,
	})
	return nil
}

// Run runs the workers until ctx ends.
func (n *Node) Run(ctx context.Context) {
	worker.Run(ctx, n.Config.Logger, n.metered(append(slices.Concat(n.watch(), n.callLogJobs(), n.metricsJobs(), n.Protection.jobs(), n.monitorJobs(), n.deadlineJobs(), n.calendarJobs(), n.keepingHouse(), n.backupJobs(), n.searchJobs(), n.ledgerJobs(), n.importJobs(), n.qualityJobs()),
		n.reverseJob(),
		worker.Job{Name: "notices", Every: time.Second, Run: func(ctx context.Context) (bool, error) {
			moved, err := n.Cases.DeliverNotices(ctx, 200)
			return moved == 200, err
		}},
		worker.Job{Name: "aggregation", Every: 24 * time.Hour, Run: func(ctx context.Context) (bool, error) {
			_, err := n.Flows.ScanAggregation(ctx)
			return false, err
		}},
		worker.Job{Name: "checkpoint", Every: n.Config.CheckpointEvery, Run: func(ctx context.Context) (bool, error) {
			signed, err := n.Ledger.Checkpoint(ctx)
			if err == nil {
				n.Metrics.Signed(n.Config.Clock.Now())
				err = n.seen.write(signed)
			}
			return false, err
		}},
		worker.Job{Name: "sessions", Every: 10 * time.Minute, Run: func(ctx context.Context) (bool, error) {
			_, err := n.Access.Sweep(ctx)
			return false, err
		}},
	))...)
}

// Close ends the node after its listeners and workers have stopped.
func (n *Node) Close() error {
	n.lastTick()
	n.Search.Close()
	n.Gateway.Close()
	return errors.Join(n.closeLedger(), n.Store.Close())
}

// directory answers the engine's questions about departments and people.
type directory struct {
	*org.Service
	store org.Store
}

func (d directory) DepartmentName(ctx context.Context, id string) (string, error) {
	x, err := d.store.Department(ctx, id)
	return x.Name, err
}

func (d directory) PersonName(ctx context.Context, id string) (string, error) {
	x, err := d.store.Person(ctx, id)
	return x.Name, err
}

func (d directory) RecordName(ctx context.Context, id string) (string, error) {
	if s, err := d.store.System(ctx, id); err == nil {
		return s.Name, nil
	} else if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound {
		return "", err
	}
	x, err := d.store.Department(ctx, id)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return "", nil
	}
	return x.Name, err
}

// delivery turns the first successful use of a grant into the act that CN-22
// waits for.
type delivery struct{ cases *casework.Engine }

func (d delivery) Observed(ctx context.Context, grantID, caseID string) error {
	err := d.cases.TakeAsPlatform(ctx, caseID, "observe_delivery", nil)
	if f, ok := fault.As(err); ok && (f.Code == "case_closed" || f.Code == "step_not_allowed" || f.Code == "changed_meanwhile") {
		return nil // another replica, or an earlier call, was first
	}
	if err != nil {
		return fmt.Errorf("delivery of grant %s: %w", grantID, err)
	}
	return nil
}
