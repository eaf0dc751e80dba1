package collection

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// longest interval that a frequency of the catalog stands for, in hours.
var longest = map[string]int{
	"daily": 24, "weekly": 7 * 24, "monthly": 31 * 24, "quarterly": 92 * 24, "half_yearly": 184 * 24, "yearly": 366 * 24,
}

// realtimeSubject fills a filing from the published resource that it is about.
func (s *Service) realtimeSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	r, err := s.catalog.Resource(ctx, c.Subject)
	if err != nil {
		return err
	}
	if r.Published == 0 {
		return fault.New(fault.Illegal, "resource_not_published", "该目录条目尚未发布").Under("XN-13")
	}
	if r.Provider != p.Department.ID {
		return fault.New(fault.Forbidden, "not_own_department", "只能办理本部门的目录条目").Under("XN-13")
	}
	v, err := s.catalog.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	c.Parties["provider"], c.Region, c.Title = r.Provider, r.Region, v.Entry.Name
	return nil
}

// realtimeForm refuses a filing for what is collected in real time anyway, and
// an interval longer than the catalog promises.
func (s *Service) realtimeForm(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	r, err := s.catalog.Resource(ctx, c.Subject)
	if err != nil {
		return err
	}
	v, err := s.catalog.Version(ctx, r.ID, r.Published)
	if err != nil {
		return err
	}
	if v.Entry.Collection != catalog.HostedCopy {
		return fault.New(fault.Illegal, "not_hosted", "逻辑接入的数据随时可用,无须备案汇聚间隔").Under("HB-12.2")
	}
	var faults fault.Collector
	if most, ok := longest[v.Entry.Frequency]; ok && procedure.Int(c.Facts["interval_hours"]) > most {
		faults.Add("fields.interval_hours", "too_long", "汇聚间隔不得长于目录列明的更新频率", "XN-13")
	}
	if v.Entry.Frequency == "realtime" {
		faults.Add("fields.interval_hours", "inconsistent", "目录列明实时更新的数据应实时汇聚;确不能实时的,先更新目录", "XN-13")
	}
	return faults.Err("exemption_invalid", "汇聚间隔填写有误", "XN-13")
}

func (s *Service) exempt(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	x := Exemption{ID: act.ID, Resource: c.Subject, Provider: c.Parties["provider"], Region: c.Region, Name: c.Title,
		Reason: procedure.Text(c.Facts["reason"]), IntervalHours: procedure.Int(c.Facts["interval_hours"]), Case: c.ID, FiledAt: act.At}
	act.Results["resource"], act.Results["interval_hours"] = x.Resource, x.IntervalHours
	return s.store.PutExemption(ctx, x)
}

// Exemptions gives the running exemptions of a territory; "" is the
// principal's own region. They are open to everybody signed in: whoever uses
// the data must know how old they may be.
func (s *Service) Exemptions(ctx context.Context, p org.Principal, region string, limit int) ([]Exemption, error) {
	if region == "" {
		region = p.Department.Region
	}
	if limit <= 0 || limit > 200 {
		limit = 50
	}
	return s.store.Exemptions(ctx, region, limit)
}
