package incident

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Hooks are the functions that the incident procedure names.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{"incident.subject": subject},
		Checks: map[string]casework.Check{
			"incident.silent":             silent,
			"incident.affected":           s.affected,
			"incident.dates":              dates,
			"incident.may_cut":            s.mayCut,
			"incident.may_lift":           s.mayLift,
			"incident.reported":           reported,
			"incident.ordered":            ordered,
			"incident.orders_carried_out": ordersCarriedOut,
			"incident.all_lifted":         s.allLifted,
		},
		Effects: map[string]casework.Effect{"incident.cut": s.cut, "incident.lift": s.lift},
	}
}

func illegal(code, message string) error {
	return fault.New(fault.Illegal, code, message).Under("CN-35.3")
}

// subject: an incident is its department's.
func subject(_ context.Context, p org.Principal, c *procedure.Case) error {
	c.Subject, c.Region = c.Parties["reporter"], p.Department.Region
	if c.Title == "" {
		c.Title = "安全事件"
	}
	return nil
}

// silent: an incident is told without the data that leaked.
func silent(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var bad fault.Collector
	note := func(path, text string) {
		if what := privacy.Find(text); what != "" {
			bad.Add(path, "personal_data", "文字中不得出现"+what, "CN-37.1")
		}
	}
	if c.Version == 1 {
		note("title", c.Title)
	}
	for _, name := range slices.Sorted(maps.Keys(step.Fields)) {
		note("fields."+name, procedure.Text(step.Fields[name]))
		for _, text := range procedure.Texts(step.Fields[name]) {
			note("fields."+name, text)
		}
	}
	return bad.Err("personal_data", "办件文字中不得出现个人信息", "")
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

// dates: nothing was discovered or reported tomorrow, or reported before it was
// discovered.
func dates(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var bad fault.Collector
	today := step.At.In(zone).Format(time.DateOnly)
	discovered := procedure.Text(c.Facts["discovered_on"])
	if day := procedure.Text(step.Fields["discovered_on"]); day > today {
		bad.Add("fields.discovered_on", "future", "发现日期不得晚于今天", "CN-35.3")
	}
	switch day := procedure.Text(step.Fields["reported_on"]); {
	case day > today:
		bad.Add("fields.reported_on", "future", "报告日期不得晚于今天", "CN-35.3")
	case day != "" && day < discovered:
		bad.Add("fields.reported_on", "before_discovery", "报告日期不得早于发现日期", "CN-35.3")
	}
	return bad.Err("dates_invalid", "日期有误", "")
}

// affected: what is named as affected exists and concerns the department.
func (s *Service) affected(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	if err := dates(ctx, c, step); err != nil {
		return err
	}
	var bad fault.Collector
	reporter := c.Parties["reporter"]
	add := func(path string) { bad.Add(path, "not_found", "没有与本部门有关的这一项", "CN-35.3") }
	for _, id := range procedure.Texts(c.Facts["resources"]) {
		r, err := s.Resources.Resource(ctx, id)
		if err := note(err, err == nil && r.Published > 0, func() { add("fields.resources") }); err != nil {
			return err
		}
	}
	for _, id := range procedure.Texts(c.Facts["grants"]) {
		g, err := s.Grants.Grant(ctx, id)
		if err := note(err, g.Consumer == reporter || g.Provider == reporter, func() { add("fields.grants") }); err != nil {
			return err
		}
	}
	for _, id := range procedure.Texts(c.Facts["systems"]) {
		x, err := s.Org.System(ctx, id)
		if err := note(err, x.Department == reporter, func() { add("fields.systems") }); err != nil {
			return err
		}
	}
	return bad.Err("affected_invalid", "涉及的目录、授权或者系统有误", "")
}

// note calls missing when something does not exist or does not concern the
// asker, and hands on any other error.
func note(err error, concerns bool, missing func()) error {
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && !concerns {
		missing()
		return nil
	}
	return err
}

func reported(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	if c.Taken["report_authorities"] == 0 {
		return illegal("not_reported", "应当先向有关主管部门报告,再报送总结")
	}
	return nil
}

// ordered: there is an order that was not answered yet. The case given counts
// the step that is being taken.
func ordered(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	if c.Taken["carry_out"] > c.Taken["order"] {
		return illegal("nothing_ordered", "主管部门没有尚未落实的要求")
	}
	return nil
}

func ordersCarriedOut(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	if c.Taken["carry_out"] < c.Taken["order"] {
		return illegal("orders_open", "主管部门要求采取的措施尚未报告落实情况")
	}
	return nil
}
