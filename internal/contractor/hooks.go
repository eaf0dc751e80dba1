package contractor

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// maxYears bounds an entrustment: one without an end in sight is not bounded.
const maxYears = 5

// Hooks are the functions that the contractor procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"contractor.subject": subject},
		Checks:   map[string]casework.Check{"contractor.form": s.form},
		Effects: map[string]casework.Effect{
			"contractor.register": s.register, "contractor.stop": s.stop, "contractor.end": s.end,
		},
	}
}

// subject: an entrustment is its department's.
func subject(_ context.Context, p org.Principal, c *procedure.Case) error {
	c.Subject, c.Region = c.Parties["principal"], p.Department.Region
	if c.Title == "" {
		c.Title = "委托处理"
	}
	return nil
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// form checks what is filled so far, all at once; the rulebook says when it
// must be filled.
func (s *Service) form(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var bad fault.Collector
	own := c.Parties["principal"]
	if uscc := procedure.Text(c.Facts["contractor_uscc"]); uscc != "" {
		if err := checkdigit.USCC(uscc); err != nil {
			bad.Add("fields.contractor_uscc", "uscc", err.Error(), "CN-36.1")
		} else if d, err := s.org.Department(ctx, own); err != nil {
			return err
		} else if d.USCC == uscc {
			bad.Add("fields.contractor_uscc", "own_department", "受托方不能是本部门", "CN-36.1")
		}
	}
	for _, id := range procedure.Texts(c.Facts["systems"]) {
		x, err := s.org.System(ctx, id)
		if err := note(err, x.Department == own, func() {
			bad.Add("fields.systems", "not_found", "信息系统未在本部门登记", "CN-36.1")
		}); err != nil {
			return err
		}
	}
	for _, id := range procedure.Texts(c.Facts["grants"]) {
		g, err := s.grants.Grant(ctx, id)
		if err := note(err, g.Consumer == own, func() {
			bad.Add("fields.grants", "not_found", "没有本部门作为需求部门的这项授权", "CN-36.1")
		}); err != nil {
			return err
		}
		if err == nil && g.Consumer == own && !intersects(g.Systems, procedure.Texts(c.Facts["systems"])) {
			bad.Add("fields.grants", "other_system", "授权列明的系统不在受托方操作的系统之内", "CN-36.1")
		}
	}
	for _, id := range procedure.Texts(c.Facts["resources"]) {
		r, err := s.resources.Resource(ctx, id)
		if err := note(err, r.Provider == own, func() {
			bad.Add("fields.resources", "not_found", "没有本部门的这个目录条目", "CN-36.1")
		}); err != nil {
			return err
		}
	}
	days(&bad, c, step)
	return bad.Err("entrustment_invalid", "委托内容有误,请一并更正", "")
}

// note calls missing when something does not exist or is not the department's,
// and hands on any other error.
func note(err error, own bool, missing func()) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && !own {
		missing()
		return nil
	}
	return err
}

func intersects(a, b []string) bool {
	return slices.ContainsFunc(a, func(x string) bool { return slices.Contains(b, x) })
}

// days: the entrustment begins, ends after that, not in the past and not too
// far off; approval comes before access, so it does not begin before it either.
func days(bad *fault.Collector, c *procedure.Case, step procedure.Step) {
	from, last := procedure.Text(c.Facts["from_day"]), procedure.Text(c.Facts["last_day"])
	today := step.At.In(zone).Format(time.DateOnly)
	if last != "" && last < today {
		bad.Add("fields.last_day", "past", "委托最后一日已过", "CN-36.1")
	}
	if from == "" || last == "" {
		return
	}
	if last < from {
		bad.Add("fields.last_day", "before_begin", "委托最后一日不得早于开始日", "CN-36.1")
	}
	if begin, err := time.Parse(time.DateOnly, from); err == nil && last > begin.AddDate(maxYears, 0, 0).Format(time.DateOnly) {
		bad.Add("fields.last_day", "too_long", "一次委托不得超过五年,期满另行报批", "CN-36.1")
	}
}

// register puts the approved entrustment into the register. It begins on its
// first day, but never before the approval.
func (s *Service) register(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	from, err := time.ParseInLocation(time.DateOnly, procedure.Text(c.Facts["from_day"]), zone)
	if err != nil {
		return err
	}
	last, err := time.ParseInLocation(time.DateOnly, procedure.Text(c.Facts["last_day"]), zone)
	if err != nil {
		return err
	}
	if from.Before(act.At) {
		from = act.At
	}
	e := Entrustment{ID: ident.New(), Case: c.ID, Department: c.Parties["principal"],
		Contractor: procedure.Text(c.Facts["contractor_name"]), USCC: procedure.Text(c.Facts["contractor_uscc"]),
		Work: procedure.Text(c.Facts["work"]), Systems: procedure.Texts(c.Facts["systems"]), Grants: procedure.Texts(c.Facts["grants"]),
		Resources: procedure.Texts(c.Facts["resources"]), Agreement: procedure.Text(c.Facts["agreement"]),
		NotBefore: from, NotAfter: last.AddDate(0, 0, 1), Version: 1, CreatedAt: act.At}
	act.Results["entrustment"] = e.ID
	return s.store.InsertEntrustment(ctx, e)
}

func (s *Service) stop(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.update(ctx, c, act, func(e *Entrustment) {
		if e.StoppedAt == nil {
			at := act.At
			e.StoppedAt = &at
		}
	})
}

func (s *Service) end(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.update(ctx, c, act, func(e *Entrustment) {
		at := act.At
		e.EndedAt, e.InHouse = &at, procedure.Text(act.Fields["after"]) == "in_house"
	})
}

func (s *Service) update(ctx context.Context, c *procedure.Case, act *procedure.Act, change func(*Entrustment)) error {
	e, err := s.store.EntrustmentOfCase(ctx, c.ID)
	if err != nil {
		return err
	}
	change(&e)
	act.Results["entrustment"] = e.ID
	return s.store.UpdateEntrustment(ctx, e)
}
