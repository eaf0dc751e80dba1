package quality

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Entry is the kind of a run's entry in the ledger.
const Entry ledger.Kind = "quality"

// maxTrend is how many runs a report shows.
const maxTrend = 30

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Catalog gives a resource to those who may see it; *catalog.Service implements
// it.
type Catalog interface {
	Get(ctx context.Context, p org.Principal, id string) (r catalog.Resource, published, pending *catalog.Version, err error)
}

// Organisation knows departments and their authorities; *org.Service implements it.
type Organisation interface {
	SameLevelAuthority(ctx context.Context, departmentID string) (string, error)
	Department(ctx context.Context, id string) (org.Department, error)
}

// Ledger takes entries inside the running transaction.
type Ledger interface {
	AppendIn(ctx context.Context, entries ...ledger.Entry) ([]ledger.Leaf, error)
}

// Entries reads entries as they are, for jobs; the catalog's store implements it.
type Entries interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Cases tells departments what was found; *casework.Engine implements it.
type Cases interface {
	Tell(ctx context.Context, t casework.Telling) error
}

// Deps is what a Service works with.
type Deps struct {
	Store   Store
	Catalog Catalog
	Entries Entries
	Cases   Cases
	Hosted  Hosted
	Org     Organisation
	Ledger  Ledger
	Clock   clock.Clock
}

// Service files rules, measures and reports.
type Service struct {
	Deps
	worker string // tells this process from others that work on jobs
}

// NewService makes the service.
func NewService(d Deps) *Service { return &Service{Deps: d, worker: ident.New()} }

// Report gives rules and scores of a published resource to everybody signed in.
// Who filed and measured is told to the provider and its authority only.
func (s *Service) Report(ctx context.Context, p org.Principal, resource string) (Report, error) {
	r, _, err := s.published(ctx, p, resource)
	if err != nil {
		return Report{}, err
	}
	var out Report
	if out.Rules, err = s.Store.QualityRules(ctx, resource); err != nil {
		return Report{}, err
	}
	if out.Runs, err = s.Store.QualityRuns(ctx, resource, maxTrend); err != nil {
		return Report{}, err
	}
	if out.Job, err = s.Store.LatestJob(ctx, resource); err != nil {
		return Report{}, err
	}
	if out.Entry, err = s.Store.EntryScore(ctx, resource); err != nil {
		return Report{}, err
	}
	insider, err := s.inside(ctx, p, r)
	if !insider {
		if out.Job != nil {
			out.Job.By = ""
		}
		out.Rules.By = ""
		for i := range out.Runs {
			out.Runs[i].By = ""
		}
	}
	return out, err
}

// FileRules replaces the filed rules by a new version. The provider's clerks and
// the head of its sharing office do it, naming the version they have read.
// Refusals: "role_missing", "rules_invalid" with every faulty field, "not_hosted",
// "changed_meanwhile".
func (s *Service) FileRules(ctx context.Context, p org.Principal, resource string, read int, rules []Rule) (RuleSet, error) {
	r, v, err := s.published(ctx, p, resource)
	if err != nil {
		return RuleSet{}, err
	}
	if r.Provider != p.Department.ID || !p.HasAny(org.Clerk, org.OfficeHead) {
		return RuleSet{}, fault.New(fault.Forbidden, "role_missing", "质量规则由提供部门共享工作机构的人员填报").Under(basis)
	}
	if err := hostedOnly(v); err != nil {
		return RuleSet{}, err
	}
	if err := CheckRules(v.Entry.Items, rules); err != nil {
		return RuleSet{}, err
	}
	if err := s.checkReferences(ctx, r.Provider, v.Entry.Items, rules); err != nil {
		return RuleSet{}, err
	}
	set := RuleSet{Resource: resource, Version: read + 1, Rules: rules, At: s.Clock.Now(), By: p.Person.ID}
	return set, s.Store.Do(ctx, func(ctx context.Context) error {
		have, err := s.Store.QualityRules(ctx, resource)
		if err != nil {
			return err
		}
		if have.Version != read {
			return fault.New(fault.Conflict, "changed_meanwhile", "质量规则已被他人修改，请刷新后重试").Under(basis)
		}
		return s.Store.InsertQualityRules(ctx, set)
	})
}

// entitled gives a published resource to those who may have it measured.
func (s *Service) entitled(ctx context.Context, p org.Principal, resource string) (catalog.Resource, catalog.Version, error) {
	r, v, err := s.published(ctx, p, resource)
	if err != nil {
		return r, v, err
	}
	insider, err := s.inside(ctx, p, r)
	if err != nil {
		return r, v, err
	}
	own := p.Department.ID == r.Provider && p.HasAny(org.Clerk, org.OfficeHead, org.DepartmentHead, org.Engineer)
	if !own && (!insider || !p.Has(org.Supervisor)) {
		return r, v, fault.New(fault.Forbidden, "not_entitled", "质量检查由提供部门的人员或者同级主管部门的审核人员进行").Under(basis)
	}
	return r, v, nil
}

func (s *Service) measure(ctx context.Context, r catalog.Resource, v catalog.Version, progress func(ctx context.Context, read, of int64) error) (Run, error) {
	rules, err := s.Store.QualityRules(ctx, v.Resource)
	if err != nil {
		return Run{}, err
	}
	loaded, err := s.Store.LoadedAt(ctx, v.Resource)
	if err != nil {
		return Run{}, err
	}
	refer, err := s.referring(ctx, r.Provider, v.Entry.Items, rules.Rules)
	if err != nil {
		return Run{}, err
	}
	m, err := plan(s.Hosted, v.Resource, v.Entry.Items, rules.Rules,
		outside{regions: s.Store.KnownRegions, refer: refer, today: s.Clock.Now().In(zone)})
	if err != nil {
		return Run{}, err
	}
	m.progress = progress
	if err := m.run(ctx); err != nil {
		return Run{}, err
	}
	now := s.Clock.Now()
	return Run{ID: ident.New(), Resource: v.Resource, Entry: v.Number, Rules: rules.Version, At: now,
		Result: m.result(now, loaded, v.Entry.Frequency)}, nil
}

// keep stores a run together with its entry, scores and a digest of the counts,
// and tells the provider what became worse.
func (s *Service) keep(ctx context.Context, run Run, provider, department string, e catalog.Entry) error {
	b, err := json.Marshal(run.Result)
	if err != nil {
		return fmt.Errorf("digest of quality run %s: %w", run.ID, err)
	}
	sum := sha256.Sum256(b)
	return s.Store.Do(ctx, func(ctx context.Context) error {
		before, err := s.Store.QualityRuns(ctx, run.Resource, 1)
		if err != nil {
			return err
		}
		if err := s.Store.InsertQualityRun(ctx, run); err != nil {
			return err
		}
		if err := s.tell(ctx, run, before, provider, e); err != nil {
			return err
		}
		_, err = s.Ledger.AppendIn(ctx, ledger.Entry{ID: run.ID, Kind: Entry, At: run.At, Facts: map[string]any{
			"resource": run.Resource, "provider": provider, "department": department, "person": run.By, "basis": basis,
			"entry_version": run.Entry, "rules_version": run.Rules, "rows": run.Result.Rows,
			"total": fmt.Sprintf("%.2f", run.Result.Total), "result_sha256": hex.EncodeToString(sum[:]),
		}})
		return err
	})
}

func (s *Service) published(ctx context.Context, p org.Principal, resource string) (catalog.Resource, catalog.Version, error) {
	r, v, _, err := s.Catalog.Get(ctx, p, resource)
	if err != nil {
		return catalog.Resource{}, catalog.Version{}, err
	}
	if v == nil {
		return catalog.Resource{}, catalog.Version{}, notPublished()
	}
	return r, *v, nil
}

// inside tells whether the principal is of the provider or its authority.
func (s *Service) inside(ctx context.Context, p org.Principal, r catalog.Resource) (bool, error) {
	if p.Department.ID == r.Provider || p.Territory == "" {
		return p.Department.ID == r.Provider, nil
	}
	authority, err := s.Org.SameLevelAuthority(ctx, r.Provider)
	if fault.Is(err, "no_authority") {
		return false, nil
	}
	return authority == p.Department.ID, err
}

func hostedOnly(v catalog.Version) error {
	if v.Entry.Collection != catalog.HostedCopy {
		return fault.New(fault.Illegal, "not_hosted", "逻辑接入的数据不在本平台存放，不能在此检查质量").Under(basis)
	}
	return nil
}
