package sharing

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Resources is what this package asks of the catalog.
type Resources interface {
	Resource(ctx context.Context, id string) (catalog.Resource, error)
	Version(ctx context.Context, resource string, number int) (catalog.Version, error)
}

// Systems is what this package asks of the organisation.
type Systems interface {
	System(ctx context.Context, id string) (org.System, error)
	Department(ctx context.Context, id string) (org.Department, error)
}

// Service brings the checks and effects of applications and reads grants.
type Service struct {
	store     Store
	resources Resources
	systems   Systems
	clock     clock.Clock
	offices   Offices // for the responsibility list alone
}

// NewService makes the service.
func NewService(store Store, resources Resources, systems Systems, clk clock.Clock) *Service {
	return &Service{store: store, resources: resources, systems: systems, clock: clk}
}

// Hooks are the functions that the application procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"sharing.application_subject": s.applicationSubject},
		Checks: map[string]casework.Check{
			"sharing.form":               s.form,
			"sharing.agreed_scope":       s.agreedScope,
			"sharing.reply_term_running": s.replyTermRunning,
		},
		Effects: map[string]casework.Effect{
			"grant.issue":          s.issue,
			"grant.mark_delivered": s.markDelivered,
		},
	}
}

// version gives the version the application is about: the one that was
// published when it was opened.
func (s *Service) version(ctx context.Context, c *procedure.Case) (catalog.Version, error) {
	r, err := s.resources.Resource(ctx, c.Subject)
	if err != nil {
		return catalog.Version{}, err
	}
	if r.Published == 0 {
		return catalog.Version{}, fault.New(fault.Illegal, "resource_not_published", "此目录条目没有已发布的版本").Under("CN-20.2")
	}
	return s.resources.Version(ctx, r.ID, r.Published)
}

// applicationSubject fills a new application from the resource: provider,
// region, title and the attribute that the reply clock goes by.
func (s *Service) applicationSubject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	v, err := s.version(ctx, c)
	if err != nil {
		return err
	}
	r, err := s.resources.Resource(ctx, c.Subject)
	if err != nil {
		return err
	}
	if v.Entry.Attribute == catalog.Withheld {
		return fault.New(fault.Illegal, "resource_withheld", "此目录条目属于不予共享类,依据:"+v.Entry.LegalBasis).Under("CN-14")
	}
	if r.Provider == c.Parties["consumer"] {
		return fault.New(fault.Invalid, "own_resource", "本部门的数据无须申请共享").Under("CN-20.2")
	}
	if given := c.Parties["provider"]; given != "" && given != r.Provider {
		return fault.New(fault.Invalid, "provider_mismatch", "提供部门由目录条目确定,不能另行指定").Under("CN-20.2")
	}
	c.Parties["provider"] = r.Provider
	c.Region = r.Region
	c.Facts["attribute"] = string(v.Entry.Attribute)
	if c.Title == "" {
		c.Title = v.Entry.Name
	}
	return nil
}

// form checks an application against the published entry and the consumer's
// systems: everything wrong at once. What is not filled yet is not wrong yet;
// the rulebook says when it must be.
func (s *Service) form(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	v, err := s.version(ctx, c)
	if err != nil {
		return err
	}
	var faults fault.Collector
	entry := v.Entry
	unknownItems(&faults, "fields.items", procedure.Texts(c.Facts["items"]), entry.Items)
	subset(&faults, "fields.clear_items", procedure.Texts(c.Facts["clear_items"]), procedure.Texts(c.Facts["items"]), "明文数据项应在申请的数据项之内", "CN-35")
	if m := catalog.Method(procedure.Text(c.Facts["method"])); m != "" {
		switch {
		case !slices.Contains(entry.Methods, m):
			faults.Add("fields.method", "not_offered", "此目录条目不以这种方式共享", "CN-22")
		case m != catalog.ServiceAPI:
			faults.Add("fields.method", "not_available", "本节点目前只开通服务接口方式", "CN-22")
		}
	}
	// A case without the attribute is not bound by the catalog's conditions: a backflow (CN-24).
	bound := c.Facts["attribute"] != nil
	asked := procedure.Texts(c.Facts["items"])
	if bound {
		withheldItems(&faults, "fields.items", asked, entry.Items)
	}
	limited := bound && (entry.Attribute == catalog.Conditional || hasConditional(asked, entry.Items))
	if p := procedure.Text(c.Facts["purpose"]); p != "" && limited && !slices.Contains(entry.Purposes, p) {
		faults.Add("fields.purpose", "not_listed", "使用用途应在目录列明的用途之内:"+strings.Join(entry.Purposes, "、"), "CN-15.2")
	}
	if until := procedure.Text(c.Facts["until"]); until != "" && until < step.At.In(shanghai).Format(time.DateOnly) {
		faults.Add("fields.until", "past", "使用时限已过", "CN-20.2")
	}
	if _, err := conditions(c.Facts["rows"], entry.Items); err != nil {
		faults.Merge("", err)
	}
	if err := s.systemsReady(ctx, &faults, "fields.systems", procedure.Texts(c.Facts["systems"]), c.Parties["consumer"]); err != nil {
		return err
	}
	return faults.Err("application_invalid", "申请内容与目录不符,请一并更正", "")
}

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

func (s *Service) systemsReady(ctx context.Context, faults *fault.Collector, path string, systems []string, consumer string) error {
	for _, id := range systems {
		sys, err := s.systems.System(ctx, id)
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && sys.Department != consumer {
			faults.Add(path, "not_found", "信息系统未在本部门登记", "CN-20.2")
			continue
		}
		if err != nil {
			return err
		}
		if err := org.SystemReady(sys, s.clock.Now()); err != nil {
			f, ok := fault.As(err)
			if !ok {
				return err
			}
			faults.Add(path, f.Code, sys.Name+":"+f.Message, f.Basis)
		}
	}
	return nil
}

func unknownItems(faults *fault.Collector, path string, asked []string, items []catalog.Item) {
	for _, code := range asked {
		if !slices.ContainsFunc(items, func(i catalog.Item) bool { return i.Code == code }) {
			faults.Add(path, "unknown_item", "目录中没有数据项“"+code+"”", "CN-20.2")
		}
	}
}

// withheldItems refuses items that are withheld by themselves, whatever the
// resource is (CN-14).
func withheldItems(faults *fault.Collector, path string, asked []string, items []catalog.Item) {
	for _, i := range items {
		if i.Attribute == catalog.Withheld && slices.Contains(asked, i.Code) {
			faults.Add(path, "item_withheld", "数据项“"+i.Name+"”属于不予共享类", "CN-14")
		}
	}
}

// hasConditional tells whether an item asked for is shared under conditions by
// itself.
func hasConditional(asked []string, items []catalog.Item) bool {
	return slices.ContainsFunc(items, func(i catalog.Item) bool {
		return i.Attribute == catalog.Conditional && slices.Contains(asked, i.Code)
	})
}

func subset(faults *fault.Collector, path string, part, whole []string, message, basis string) {
	for _, x := range part {
		if !slices.Contains(whole, x) {
			faults.Add(path, "outside", message+":“"+x+"”", basis)
		}
	}
}

// conditions reads the row scope of a form and checks it against the items.
func conditions(v any, items []catalog.Item) ([]catalog.Condition, error) {
	if v == nil {
		return nil, nil
	}
	var faults fault.Collector
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	var out []catalog.Condition
	if err := dec.Decode(&out); err != nil {
		faults.Add("fields.rows", "structure", "数据范围应为条件列表:数据项、比较方式(eq、in、prefix)、取值", "CN-20.2")
		return nil, faults.Err("rows_invalid", "数据范围不正确", "")
	}
	for _, c := range out {
		if !slices.ContainsFunc(items, func(i catalog.Item) bool { return i.Code == c.Item }) {
			faults.Add("fields.rows", "unknown_item", "目录中没有数据项“"+c.Item+"”", "CN-20.2")
		}
		known := c.Op == catalog.Equal || c.Op == catalog.In || c.Op == catalog.Prefix
		if !known || len(c.Values) == 0 || c.Op != catalog.In && len(c.Values) != 1 {
			faults.Add("fields.rows", "condition", "比较方式应为eq、prefix(一个值)或in(一个以上的值)", "CN-20.2")
		}
	}
	return out, faults.Err("rows_invalid", "数据范围不正确", "")
}

// agreedScope: what the provider agrees to lies within what was asked for, and
// agreeing to less gives reasons. There is no field for further conditions:
// the kernel refuses any (CN-15.1).
func (s *Service) agreedScope(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	asked := procedure.Texts(c.Facts["items"])
	agreed := procedure.Texts(step.Fields["agreed_items"])
	subset(&faults, "fields.agreed_items", agreed, asked, "同意的数据项应在申请的数据项之内", "CN-20.3")
	if step.Fields["agreed_items"] != nil && len(agreed) < len(asked) && procedure.Text(step.Fields["reasons"]) == "" {
		faults.Add("fields.reasons", "required", "部分同意的,应当说明不同意其余数据项的理由", "CN-21.2")
	}
	subset(&faults, "fields.agreed_clear_items", procedure.Texts(step.Fields["agreed_clear_items"]), procedure.Texts(c.Facts["clear_items"]),
		"明文提供的数据项应在申请明文的数据项之内", "CN-35")
	return faults.Err("reply_invalid", "答复内容不符合规定", "")
}

// replyTermRunning: an extension is asked for before the term is over.
func (s *Service) replyTermRunning(_ context.Context, c *procedure.Case, step procedure.Step) error {
	if k, ok := c.Clocks["reply"]; !ok || !k.Running() || !step.At.Before(k.Due) {
		return fault.New(fault.Illegal, "term_over", "答复期限已过,不能再申请延长").Under("CN-21.1")
	}
	return nil
}

// issue turns an agreed application into a grant: what was agreed, by this step
// or, where an authority provides what the provider agreed to, by an earlier
// one. One case gives at most one.
func (s *Service) issue(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v, err := s.version(ctx, c)
	if err != nil {
		return err
	}
	rows, err := conditions(c.Facts["rows"], v.Entry.Items)
	if err != nil {
		return err
	}
	items := procedure.Texts(c.Facts["agreed_items"])
	if len(items) == 0 {
		items = procedure.Texts(c.Facts["items"])
	}
	lastDay, err := time.ParseInLocation(time.DateOnly, procedure.Text(c.Facts["until"]), shanghai)
	if err != nil {
		return err
	}
	g := Grant{
		ID: ident.New(), Case: c.ID, Resource: c.Subject, ResourceVersion: v.Number,
		Consumer: c.Parties["consumer"], Provider: c.Parties["provider"],
		Systems: procedure.Texts(c.Facts["systems"]), Items: items,
		Clear: procedure.Texts(c.Facts["agreed_clear_items"]), Rows: rows,
		Purpose: procedure.Text(c.Facts["purpose"]), Scenario: procedure.Text(c.Facts["scenario"]),
		Mode: Mode(procedure.Text(c.Facts["mode"])), Method: catalog.Method(procedure.Text(c.Facts["method"])),
		NotBefore: act.At, NotAfter: lastDay.AddDate(0, 0, 1),
		RatePerSecond: procedure.Int(c.Facts["rate_per_second"]), DailyCalls: procedure.Int(c.Facts["daily_calls"]),
		CreatedAt: act.At,
	}
	if !g.NotAfter.After(g.NotBefore) {
		return fault.New(fault.Illegal, "until_past", "申请的使用时限已过,不能再据以共享,请重新申请").Under("CN-20.2")
	}
	if err := s.store.InsertGrant(ctx, g); err != nil {
		return err
	}
	act.Results["grant"] = g.ID
	return s.remember(ctx, c, act, Issued, Grant{ID: g.ID, Version: g.Version - 1}, g, nil)
}

func (s *Service) markDelivered(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	g, err := s.store.GrantOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	if g.DeliveredAt != nil {
		return nil
	}
	after, at := g, act.At
	after.DeliveredAt = &at
	return s.keep(ctx, c, act, Delivered, g, after)
}
