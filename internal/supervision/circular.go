package supervision

import (
	"context"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// circularSubject: a circular is issued by the actor's own authority; the
// platform proposes it to the one that decided the rectification.
func (s *Service) circularSubject(_ context.Context, p org.Principal, c *procedure.Case) error {
	if p.Person.ID != "" {
		if err := own(p, c, "issuer"); err != nil {
			return err
		}
		c.Parties["issuer"], c.Region = p.Department.ID, p.Territory
	}
	if strings.TrimSpace(c.Title) == "" {
		var faults fault.Collector
		faults.Require("title", "通报标题", "", "CN-29.1")
		return faults.Err("title_required", "请填写通报标题", "CN-29.1")
	}
	return nil
}

// own: only an authority does this, and only in its own name.
func own(p org.Principal, c *procedure.Case, party string) error {
	if p.Territory == "" {
		return fault.New(fault.Forbidden, "not_an_authority", "此项工作由政务数据共享主管部门办理").Under("CN-29.1")
	}
	if given := c.Parties[party]; given != "" && given != p.Department.ID {
		return fault.New(fault.Forbidden, "not_own_department", "只能以本部门的名义办理").Under("CN-29.1")
	}
	return nil
}

// circularForm: the departments named lie in the territory, the clauses are
// liability clauses, and criticism names somebody.
func (s *Service) circularForm(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	var faults fault.Collector
	territory, err := s.Org.Region(ctx, c.Region)
	if err != nil {
		return err
	}
	named := procedure.Texts(c.Facts["departments"])
	for _, id := range named {
		inside, err := s.inside(ctx, id, territory.Path)
		if err != nil {
			return err
		}
		if !inside {
			faults.Add("fields.departments", "outside", "所涉部门应是本行政区域内的部门", "CN-29.1")
		}
	}
	if c.Facts["kind"] == "criticism" && len(named) == 0 {
		faults.Add("fields.departments", "required", "通报批评应当写明所涉部门", "CN-29.1")
	}
	for _, clause := range procedure.Texts(c.Facts["violated"]) {
		if _, err := ItemOf(clause); err != nil {
			faults.Add("fields.violated", "not_in_list", "“"+clause+"”不是责任条款", "CN-29.1")
		}
	}
	return faults.Err("circular_invalid", "通报内容不符合要求,请一并更正", "CN-29.1")
}

// inside tells whether a department lies in the territory with this path.
func (s *Service) inside(ctx context.Context, department, path string) (bool, error) {
	d, err := s.Org.Department(ctx, department)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := s.Org.Region(ctx, d.Region)
	return strings.HasPrefix(r.Path, path), err
}

// openCircular proposes a circular about a rectification to the authority that
// decides it.
func (s *Service) openCircular(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	issuer, err := s.Org.Department(ctx, c.Parties["decider"])
	if err != nil {
		return err
	}
	id, err := s.Cases.OpenAsPlatform(ctx, issuer.Region, casework.OpenRequest{
		Procedure: circular, Action: "propose", Subject: c.ID, Title: "关于" + c.Number + "的通报",
		Parties: map[string]string{"issuer": issuer.ID},
		Fields: map[string]any{"kind": "criticism", "text": procedure.Text(act.Fields["circular_text"]), "origin": c.ID,
			"departments": []string{c.Parties["department"]}, "violated": []string{procedure.Text(c.Facts["violated"])}},
	})
	if err != nil {
		return fmt.Errorf("circular about %s: %w", c.Number, err)
	}
	act.Results["circular"] = id
	return nil
}

// publishCircular makes it known to all departments of the territory.
func (s *Service) publishCircular(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	circular := Circular{ID: ident.New(), Case: c.ID, Number: c.Number, Issuer: c.Parties["issuer"], Territory: c.Region, Title: c.Title,
		Kind: procedure.Text(c.Facts["kind"]), Text: procedure.Text(c.Facts["text"]),
		Departments: procedure.Texts(c.Facts["departments"]), Clauses: procedure.Texts(c.Facts["violated"]), PublishedAt: act.At}
	if err := s.Store.InsertCircular(ctx, circular); err != nil {
		return err
	}
	act.Results["circular"] = circular.ID
	return nil
}

// Circulars lists the circulars published to the reader's department: those of
// its own government's authority and of the ones above, the newest first.
func (s *Service) Circulars(ctx context.Context, p org.Principal, after string, limit int) ([]Circular, error) {
	r, err := s.Org.Region(ctx, p.Department.Region)
	if err != nil {
		return nil, err
	}
	list, err := s.Store.Circulars(ctx, CircularFilter{Territories: strings.Split(strings.Trim(r.Path, "/"), "/"),
		After: after, Limit: bounded(limit)})
	if err != nil {
		return nil, err
	}
	for i := range list {
		d, err := s.Org.Department(ctx, list[i].Issuer)
		if err != nil {
			return nil, err
		}
		list[i].IssuerName = d.Name
	}
	return list, nil
}

// bounded is the length of a page.
func bounded(limit int) int {
	if limit <= 0 || limit > 200 {
		return 50
	}
	return limit
}
