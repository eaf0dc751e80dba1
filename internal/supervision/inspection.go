package supervision

import (
	"context"
	"fmt"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// inspectionSubject: an authority inspects another department of its territory.
func (s *Service) inspectionSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	if err := own(p, c, "inspector"); err != nil {
		return err
	}
	c.Parties["inspector"] = p.Department.ID
	d, err := s.Org.Department(ctx, c.Parties["department"])
	if err != nil {
		return unknownDepartment(err)
	}
	covered, err := s.Org.Supervises(ctx, p, d.Region)
	if err != nil {
		return err
	}
	if !covered || d.ID == p.Department.ID {
		return fault.New(fault.Forbidden, "outside_territory", "只能检查本行政区域内的其他部门").Under("CN-29.1")
	}
	c.Region = d.Region
	if c.Title == "" {
		c.Title = "对" + d.Name + "的监督检查"
	}
	return nil
}

func notInFuture(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	if on := procedure.Text(step.Fields["carried_out_on"]); on <= day(step.At) {
		return nil
	}
	var faults fault.Collector
	faults.Add("fields.carried_out_on", "future", "实施检查日期不能在今日之后", "CN-29.1")
	return faults.Err("date_in_future", "实施检查日期不能在今日之后", "CN-29.1")
}

// findingClause: a finding that names a clause names one that the department
// answers for.
func (s *Service) findingClause(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	clause := procedure.Text(step.Fields["violated"])
	if clause == "" {
		return nil
	}
	_, err := s.route(ctx, clause, c.Parties["department"])
	if f, ok := fault.As(err); ok && f.Kind == fault.Invalid {
		var faults fault.Collector
		faults.Add("fields.violated", f.Code, f.Message, f.Basis)
		return faults.Err("finding_invalid", "检查发现所列条款不适用", "CN-29.1")
	}
	return err
}

// rectifyFinding opens the rectification case of a finding that breaks a
// clause: one for each finding.
func (s *Service) rectifyFinding(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	clause := procedure.Text(act.Fields["violated"])
	if clause == "" {
		return nil
	}
	facts := evidence(act, "finding", "evidence")
	facts["inspection"] = c.Number
	v, _, err := s.Report(ctx, Violation{Key: fmt.Sprintf("inspection:%s:%d", c.ID, act.Version), Clause: clause,
		Department: c.Parties["department"], Case: c.ID, Facts: facts, Source: Filed, At: act.At})
	if err != nil {
		return err
	}
	act.Results["violation"], act.Results["rectification"] = v.ID, v.Rectification
	return nil
}
