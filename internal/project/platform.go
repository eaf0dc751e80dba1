package project

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// newlyBuilt is the first day from which building an exchange platform of
// one's own is building a new one (CN-31).
const newlyBuilt = "2025-08-01"

// platformSubject fills the case of an existing platform (CN-31, HB-23,
// XN-11): it is about itself.
func (s *Service) platformSubject(_ context.Context, p org.Principal, c *procedure.Case) error {
	c.Subject, c.Region = c.ID, p.Department.Region
	if c.Title == "" {
		return fault.New(fault.Invalid, "title_missing", "应写明平台名称").Under("CN-31")
	}
	return nil
}

// platformExisting refuses a platform built since the regulation is in force,
// unless a law excepts it.
func (s *Service) platformExisting(_ context.Context, c *procedure.Case, step procedure.Step) error {
	built := procedure.Text(c.Facts["built_on"])
	var faults fault.Collector
	switch {
	case built > step.At.In(zone).Format(time.DateOnly):
		faults.Add("fields.built_on", "future", "尚未建成的平台不得新建,应使用一体化平台", "CN-31")
	case built >= newlyBuilt && procedure.Text(c.Facts["legal_exception"]) == "":
		faults.Add("fields.legal_exception", "new_platform", "条例施行后原则上不得新建共享交换系统,另有规定的应写明法律、行政法规依据", "CN-31")
	}
	return faults.Err("platform_invalid", "平台登记有误", "CN-31")
}

// platformTerm refuses a day that is over.
func (s *Service) platformTerm(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	if procedure.Text(c.Facts["integrate_by"]) <= step.At.In(zone).Format(time.DateOnly) {
		faults.Add("fields.integrate_by", "past", "期限应在今日之后", "CN-31")
	}
	return faults.Err("platform_invalid", "期限填写有误", "CN-31")
}

// platformResources refuses entries that are not the owner's.
func (s *Service) platformResources(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	var faults fault.Collector
	for i, id := range procedure.Texts(c.Facts["resources"]) {
		r, err := s.catalog.Resource(ctx, id)
		if f, ok := fault.As(err); ok && f.Kind == fault.NotFound || err == nil && r.Provider != c.Parties["owner"] {
			faults.Add(fmt.Sprintf("fields.resources[%d]", i), "not_found", "不是本部门的目录条目", "CN-31")
		} else if err != nil {
			return err
		}
	}
	return faults.Err("platform_invalid", "平台目录填写有误", "CN-31")
}

func (s *Service) platformFindings(ctx context.Context, c *procedure.Case) ([]Finding, error) {
	out := []Finding{}
	for _, id := range procedure.Texts(c.Facts["resources"]) {
		f := Finding{Resource: id}
		if err := s.look(ctx, &f); err != nil {
			return nil, err
		}
		f.Asset = f.Code
		out = append(out, f)
	}
	return out, nil
}

// platformReady refuses to hold a platform for integrated before its entries
// are published and their data or services are there.
func (s *Service) platformReady(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	findings, err := s.platformFindings(ctx, c)
	if err != nil {
		return err
	}
	var faults fault.Collector
	for i, f := range findings {
		if !f.Done() {
			faults.Add(fmt.Sprintf("fields.resources[%d]", i), "not_integrated", f.Code+":"+f.Why, "CN-31")
		}
	}
	f, ok := fault.As(faults.Err("platform_not_integrated", "平台的目录和服务尚未全部接入", "CN-31"))
	if !ok {
		return nil
	}
	f.Kind = fault.Illegal
	return f
}

func (s *Service) notePlatform(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	findings, err := s.platformFindings(ctx, c)
	act.Results["findings"] = findings
	return err
}
