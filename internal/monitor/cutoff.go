package monitor

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Order is an emergency cut-off that somebody asks for.
type Order struct {
	Target   Target
	TargetID string
	Reason   string
	// Minutes until it ends by itself; 0: until it is lifted.
	Minutes int
}

// maxMinutes is a month: what shall stay so longer has procedures of its own.
const maxMinutes = 31 * 24 * 60

// Cut cuts off a system, a consumer, a provider, a resource, a grant or
// everything, at once. A department cuts off what is its own, an authority's
// supervisor what lies in the territory; everything is cut off by the supervisor
// of the node's highest authority alone.
func (s *Service) Cut(ctx context.Context, p org.Principal, o Order) (Cutoff, error) {
	c, err := s.order(ctx, o)
	if err != nil {
		return Cutoff{}, err
	}
	if c.Side, err = s.sideOf(ctx, p, c); err != nil {
		return Cutoff{}, err
	}
	c.Department, c.Person = p.Department.ID, p.Person.ID
	return c, s.impose(ctx, c)
}

// CutAsOperator cuts off in the name of an account of this node, on the word of
// whoever holds the machine: for the hour in which nobody else can.
func (s *Service) CutAsOperator(ctx context.Context, username string, o Order) (Cutoff, error) {
	c, err := s.order(ctx, o)
	if err != nil {
		return Cutoff{}, err
	}
	person, err := s.Registry.PersonByUsername(ctx, username)
	if err != nil {
		return Cutoff{}, err
	}
	c.Side, c.Department, c.Person = ByOperator, person.Department, person.ID
	return c, s.impose(ctx, c)
}

func (s *Service) impose(ctx context.Context, c Cutoff) error {
	return s.Store.Do(ctx, func(ctx context.Context) error {
		if err := s.Store.InsertCutoff(ctx, c); err != nil {
			return err
		}
		if err := s.tellCutoff(ctx, c, false, c.At); err != nil {
			return err
		}
		_, err := s.Ledger.AppendIn(ctx, c.entry())
		return err
	})
}

// order checks what was asked for and finds whom it concerns.
func (s *Service) order(ctx context.Context, o Order) (Cutoff, error) {
	now := s.Clock.Now()
	c := Cutoff{ID: ident.New(), Target: o.Target, TargetID: o.TargetID, Measure: CutOff, Clause: "CN-35", At: now}
	var bad fault.Collector
	reason, err := statement("reason", o.Reason, true)
	if err != nil && !bad.Merge("", err) {
		return c, err
	}
	c.Reason = reason
	if o.Minutes < 0 || o.Minutes > maxMinutes {
		bad.Add("minutes", "range", "应在0至44640之间,0为直到恢复", "CN-35")
	} else if o.Minutes > 0 {
		until := now.Add(time.Duration(o.Minutes) * time.Minute)
		c.Until = &until
	}
	if err := s.locate(ctx, &c); none(err) {
		bad.Add("target_id", "not_found", "没有这个对象", "CN-35")
	} else if err != nil {
		if !bad.Merge("", err) {
			return c, err
		}
	}
	return c, bad.Err("cutoff_invalid", "紧急停止的内容有误", "")
}

// locate finds whom a target concerns.
func (s *Service) locate(ctx context.Context, c *Cutoff) error {
	switch c.Target {
	case All:
		if c.TargetID != "" {
			var bad fault.Collector
			bad.Add("target_id", "not_empty", "停止全部服务时不写对象编号", "CN-35")
			return bad.Err("cutoff_invalid", "紧急停止的内容有误", "")
		}
		return nil
	case System:
		x, err := s.Registry.System(ctx, c.TargetID)
		c.Consumer = x.Department
		return err
	case Consumer, Provider:
		d, err := s.Org.Department(ctx, c.TargetID)
		if c.Target == Consumer {
			c.Consumer = d.ID
		} else {
			c.Provider = d.ID
		}
		return err
	case Resource:
		r, err := s.Resources.Resource(ctx, c.TargetID)
		c.Provider = r.Provider
		return err
	case Grant:
		g, err := s.Grants.Grant(ctx, c.TargetID)
		c.Consumer, c.Provider = g.Consumer, g.Provider
		return err
	}
	var bad fault.Collector
	bad.Add("target", "not_in_list", "应为all、system、consumer、provider、resource或者grant", "CN-35")
	return bad.Err("cutoff_invalid", "紧急停止的内容有误", "")
}

// heads may stop what is their department's; engineers its systems as well.
func heads(p org.Principal, t Target) bool {
	return p.HasAny(org.OfficeHead, org.DepartmentHead) || t == System && p.Has(org.Engineer)
}

// sideOf says by which right the principal cuts something off.
func (s *Service) sideOf(ctx context.Context, p org.Principal, c Cutoff) (Side, error) {
	refused := fault.New(fault.Forbidden, "not_entitled", "紧急停止由该对象所属部门的负责人或者有管辖权的主管部门审核人员决定").Under("CN-35")
	if c.Target == All {
		return s.mayAll(ctx, p)
	}
	if slices.Contains([]string{c.Consumer, c.Provider}, p.Department.ID) && heads(p, c.Target) {
		return BySelf, nil
	}
	if p.Has(org.Supervisor) {
		inside, err := s.inside(ctx, p, c.Consumer, c.Provider)
		if err != nil {
			return "", err
		}
		if inside {
			return ByAuthority, nil
		}
	}
	return "", refused
}

// mayAll: everything is stopped by the highest authority of the node.
func (s *Service) mayAll(ctx context.Context, p org.Principal) (Side, error) {
	refused := fault.New(fault.Forbidden, "not_entitled", "停止全部服务由本平台最高一级主管部门的审核人员决定").Under("CN-35")
	if p.Territory == "" || !p.Has(org.Supervisor) {
		return "", refused
	}
	above, err := s.Org.SuperiorAuthority(ctx, p.Department.ID)
	if err != nil {
		return "", err
	}
	if above != p.Department.ID {
		return "", refused
	}
	return ByAuthority, nil
}

// Lift gives back what was cut off. The side that cut it off lifts it; what a
// rule did, the provider's office or the authority; what an operator did, the
// node's highest authority.
func (s *Service) Lift(ctx context.Context, p org.Principal, id, reason string) (Cutoff, error) {
	return s.lifting(ctx, id, reason, p, func(c Cutoff) error { return s.mayLift(ctx, p, c) })
}

// LiftAsOperator lifts on the machine what an operator or a rule stopped there.
func (s *Service) LiftAsOperator(ctx context.Context, username, id, reason string) (Cutoff, error) {
	person, err := s.Registry.PersonByUsername(ctx, username)
	if err != nil {
		return Cutoff{}, err
	}
	p := org.Principal{Person: person, Department: org.Department{ID: person.Department}}
	return s.lifting(ctx, id, reason, p, func(c Cutoff) error {
		if c.Side == ByOperator || c.Side == ByPlatform {
			return nil
		}
		return fault.New(fault.Forbidden, "not_entitled", "部门或者主管部门停止的,由其自行恢复").Under("CN-35")
	})
}

func (s *Service) lifting(ctx context.Context, id, reason string, p org.Principal, may func(Cutoff) error) (Cutoff, error) {
	var c Cutoff
	reason, wrong := statement("reason", reason, true)
	err := s.Store.Do(ctx, func(ctx context.Context) error {
		var err error
		if c, err = s.Store.Cutoff(ctx, id); err != nil {
			return err
		}
		if err := may(c); err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		now := s.Clock.Now()
		if !c.InForce(now) {
			return fault.New(fault.Illegal, "not_in_force", "该措施已经恢复或者已经到期").Under("CN-35")
		}
		e, err := s.lift(ctx, p, c, reason, now)
		if err != nil {
			return err
		}
		if c, err = s.Store.Cutoff(ctx, id); err != nil {
			return err
		}
		_, err = s.Ledger.AppendIn(ctx, e)
		return err
	})
	return c, err
}

// lift writes it and tells it; the entry is the caller's to append, last.
func (s *Service) lift(ctx context.Context, p org.Principal, c Cutoff, reason string, now time.Time) (ledger.Entry, error) {
	c.LiftedAt, c.LiftedBy, c.LiftedFor, c.LiftReason = &now, p.Person.ID, p.Department.ID, reason
	e := ledger.Entry{ID: ident.New(), Kind: LiftedEntry, At: now, Facts: filled(map[string]any{"cutoff": c.ID, "target": c.Target,
		"target_id": c.TargetID, "department": c.LiftedFor, "person": c.LiftedBy, "reason_sha256": digest(reason), "basis": c.Clause})}
	if err := s.Store.LiftCutoff(ctx, c); err != nil {
		return e, err
	}
	return e, s.tellCutoff(ctx, c, true, now)
}

func (s *Service) mayLift(ctx context.Context, p org.Principal, c Cutoff) error {
	refused := fault.New(fault.Forbidden, "not_entitled", "紧急停止由作出决定的一方恢复").Under("CN-35")
	switch c.Side {
	case BySelf:
		if p.Department.ID == c.Department && heads(p, c.Target) {
			return nil
		}
	case ByAuthority:
		if p.Department.ID == c.Department && p.Has(org.Supervisor) {
			return nil
		}
	case ByPlatform:
		if p.Department.ID == c.Provider && heads(p, c.Target) {
			return nil
		}
		if p.Has(org.Supervisor) {
			if inside, err := s.inside(ctx, p, c.Consumer, c.Provider); err != nil || inside {
				return err
			}
		}
	case ByOperator:
		_, err := s.mayAll(ctx, p)
		return err
	}
	return refused.With("side", string(c.Side))
}

// Cutoffs lists what the reader may know of, the newest first: what concerns
// the own department, the territory, or everybody.
func (s *Service) Cutoffs(ctx context.Context, p org.Principal, f Filter) ([]Cutoff, error) {
	f, err := s.sight(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return s.Store.Cutoffs(ctx, f)
}
