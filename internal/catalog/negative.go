package catalog

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// NegativeEntry is one line of the negative list (负面清单, HB-11): a resource
// that is not shared, by the approval of the authority's government.
type NegativeEntry struct {
	ID         string
	Resource   string
	Provider   string
	Region     string // provider's region
	Authority  string // department that reviewed it
	Name       string
	Reason     string
	LegalBasis string
	// ApprovalNumber, ApprovedOn (YYYY-MM-DD) and ApprovalDocument (SHA-256) name
	// the decision of the government.
	ApprovalNumber   string
	ApprovedOn       string
	ApprovalDocument string
	Case             string
	ListedAt         time.Time
	EndedAt          *time.Time // when the resource was published as shareable
}

// ReviewStore is what Reviews needs kept.
type ReviewStore interface {
	InsertLeave(ctx context.Context, l Leave) error
	Leaves(ctx context.Context, resource string, version int) ([]Leave, error)

	InsertNegative(ctx context.Context, n NegativeEntry) error // one running entry a resource: "already_exists"
	// Negative gives the running entry of a resource; none is the fault "not_found".
	Negative(ctx context.Context, resource string) (NegativeEntry, error)
	EndNegative(ctx context.Context, resource string, at time.Time) error
	// Negatives gives the running entries of a territory, newest first.
	Negatives(ctx context.Context, f NegativeFilter) ([]NegativeEntry, error)
}

// NegativeFilter narrows the negative list.
type NegativeFilter struct {
	Region string // a territory's root region; empty: everywhere
	Limit  int
	After  string // ID of the last one seen
}

// Reviews runs what must be reviewed before a resource is shared on stricter
// terms or not at all: the stricter attribute (CN-15.1) and the negative list
// (HB-11).
type Reviews struct {
	store     ReviewStore
	resources Store
	law       Law
}

// NewReviews makes the service.
func NewReviews(store ReviewStore, resources Store, law Law) *Reviews {
	return &Reviews{store: store, resources: resources, law: law}
}

// Hooks are the functions that the procedures attribute_change, negative_list
// and catalog_publication name.
func (s *Reviews) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			"catalog.attribute_subject": s.attributeSubject,
			"catalog.negative_subject":  s.negativeSubject,
		},
		Checks: map[string]casework.Check{
			"catalog.attribute_wanted":     s.attributeWanted,
			"catalog.attribute_reviewed":   s.attributeReviewed,
			"catalog.negative_application": s.negativeApplication,
			"catalog.approval_dated":       s.approvalDated,
			"catalog.negative_listed":      s.negativeListed,
		},
		Effects: map[string]casework.Effect{
			"catalog.allow_stricter": s.allowStricter,
			"catalog.list_negative":  s.listNegative,
			"catalog.end_negative":   s.endNegative,
		},
	}
}

// current gives the version that is to be withheld: the pending one, else the
// published one.
func (s *Reviews) current(ctx context.Context, resource string) (Version, Resource, error) {
	r, err := s.resources.Resource(ctx, resource)
	if err != nil {
		return Version{}, r, err
	}
	number := r.Pending
	if number == 0 {
		number = r.Published
	}
	v, err := s.resources.Version(ctx, r.ID, number)
	return v, r, err
}

func (s *Reviews) negativeSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	if _, err := ownResource(ctx, s.resources, p, c.Subject, "HB-11.2"); err != nil {
		return err
	}
	v, r, err := s.current(ctx, c.Subject)
	if err != nil {
		return err
	}
	c.Parties["provider"], c.Region, c.Title = r.Provider, r.Region, v.Entry.Name
	return nil
}

// negativeApplication refuses an application for a resource that its
// department does not mean to withhold, that is listed already, or whose basis
// names no article.
func (s *Reviews) negativeApplication(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	v, r, err := s.current(ctx, c.Subject)
	if err != nil {
		return err
	}
	if v.Entry.Attribute != Withheld {
		return fault.New(fault.Illegal, "not_withheld", "该目录条目没有确定为不予共享类,无须列入负面清单").Under("HB-11.2")
	}
	switch listed, err := s.store.Negative(ctx, r.ID); {
	case err == nil:
		return fault.New(fault.Conflict, "already_listed", "该目录条目已在负面清单之内").Under("HB-11.2").With("approval_number", listed.ApprovalNumber)
	case !notFound(err):
		return err
	}
	var faults fault.Collector
	if !citation.MatchString(procedure.Text(c.Facts["legal_basis"])) {
		faults.Add("fields.legal_basis", "no_citation", "依据应写明名称和条款,如《××法》第×条", "CN-15.2")
	}
	return faults.Err("negative_invalid", "负面清单申请填写有误", "")
}

// approvalDated refuses a decision of the government from before the
// application or from the future.
func (s *Reviews) approvalDated(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	if day := procedure.Text(step.Fields["approval_date"]); day > dayOf(step.At) || day < dayOf(c.OpenedAt) {
		faults.Add("fields.approval_date", "out_of_range", "批准日期应在申请之后、今日之前", "HB-11.2")
	}
	return faults.Err("approval_invalid", "批准文件填写有误", "")
}

func (s *Reviews) listNegative(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, r, err := s.current(ctx, c.Subject)
	if err != nil {
		return err
	}
	n := NegativeEntry{ID: act.ID, Resource: r.ID, Provider: r.Provider, Region: r.Region, Authority: act.Department,
		Name: v.Entry.Name, Reason: procedure.Text(c.Facts["withheld_reason"]), LegalBasis: procedure.Text(c.Facts["legal_basis"]),
		ApprovalNumber: procedure.Text(c.Facts["approval_number"]), ApprovedOn: procedure.Text(c.Facts["approval_date"]),
		ApprovalDocument: procedure.Text(c.Facts["approval_document"]), Case: c.ID, ListedAt: act.At}
	act.Results["negative_entry"], act.Results["resource"] = n.ID, r.ID
	return s.store.InsertNegative(ctx, n)
}

// negativeListed refuses to publish a withheld entry that is not on the
// negative list, wherever the rules in force know that list (HB-11).
func (s *Reviews) negativeListed(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	v, r, err := versionOf(ctx, s.resources, c)
	if err != nil || v.Entry.Attribute != Withheld {
		return err
	}
	rules, err := s.law.InForce(r.Region, step.At)
	if err != nil {
		return err
	}
	if _, err := rules.Procedure("negative_list"); err != nil {
		return nil // no such list here
	}
	_, err = s.store.Negative(ctx, r.ID)
	if notFound(err) {
		return fault.New(fault.Illegal, "not_on_negative_list", "不予共享的数据应经主管部门审核、报本级人民政府批准并列入负面清单后方可发布").Under("HB-11.2")
	}
	return err
}

// endNegative takes a resource that is published as shareable off the list.
func (s *Reviews) endNegative(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, r, err := versionOf(ctx, s.resources, c)
	if err != nil || v.Entry.Attribute == Withheld {
		return err
	}
	return s.store.EndNegative(ctx, r.ID, act.At)
}

// NegativeList gives the negative list of a territory, or of everywhere. Like
// the catalog it is open to everybody signed in (HB-8, HB-11).
func (s *Reviews) NegativeList(ctx context.Context, _ org.Principal, f NegativeFilter) ([]NegativeEntry, error) {
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	f.Limit = min(f.Limit, maxLimit)
	return s.store.Negatives(ctx, f)
}

func notFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
