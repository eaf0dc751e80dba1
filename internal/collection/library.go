package collection

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// BaseDomains names the base libraries (HB-13).
var BaseDomains = map[string]string{
	"population": "人口", "legal_entity": "法人", "natural_resources": "自然资源和空间地理",
	"macro_economy": "宏观经济", "social_credit": "社会信用", "e_licence": "电子证照",
}

// librarySubject fills a case that keeps a library: its subject is the domain,
// its lead department is named by the authority.
func (s *Service) librarySubject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	if c.Parties["lead"] == "" {
		return fault.New(fault.Invalid, "party_missing", "应指明牵头部门").Under("HB-13")
	}
	d, err := s.org.Department(ctx, c.Parties["lead"])
	if err != nil {
		return err
	}
	c.Subject, c.Region = strings.TrimSpace(c.Subject), d.Region
	return nil
}

// libraryForm: a base library is one of the six, a theme library has a theme.
func (s *Service) libraryForm(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	_, base := BaseDomains[c.Subject]
	kind := procedure.Text(c.Facts["kind"])
	var faults fault.Collector
	switch {
	case kind == "base" && !base:
		faults.Add("subject", "not_in_list", "基础库应为人口、法人、自然资源和空间地理、宏观经济、社会信用、电子证照之一", "HB-13")
	case kind == "theme" && (base || c.Subject == "" || utf8.RuneCountInString(c.Subject) > 50):
		faults.Add("subject", "theme_missing", "应写明主题,不超过50字,且不是基础库", "HB-13")
	}
	return faults.Err("library_invalid", "基础库、主题库填写有误", "HB-13")
}

func (s *Service) establish(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	l := Library{ID: c.ID, Kind: procedure.Text(c.Facts["kind"]), Domain: c.Subject, Name: procedure.Text(c.Facts["library_name"]),
		Lead: c.Parties["lead"], Region: c.Region, CreatedAt: act.At}
	err := s.store.InsertLibrary(ctx, l)
	if fault.Is(err, "already_exists") {
		return fault.New(fault.Conflict, "library_exists", "该领域的库已经建立").Under("HB-13")
	}
	return err
}

// assignable refuses resources that are not published in the library's
// territory.
func (s *Service) assignable(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	for i, id := range procedure.Texts(step.Fields["resources"]) {
		path := fmt.Sprintf("fields.resources[%d]", i)
		r, err := s.catalog.Resource(ctx, id)
		switch f, ok := fault.As(err); {
		case ok && f.Kind == fault.NotFound, err == nil && r.Published == 0:
			faults.Add(path, "resource_not_published", "没有这个已发布的目录条目", "HB-13")
		case err != nil:
			return err
		case !rulebook.Covers(c.Region, r.Region):
			faults.Add(path, "other_territory", "目录条目不在本行政区域之内", "HB-13")
		}
	}
	return faults.Err("assignment_invalid", "归入的目录条目有误", "HB-13")
}

func (s *Service) assign(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	for _, id := range procedure.Texts(act.Fields["resources"]) {
		if err := s.store.AssignResource(ctx, c.ID, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) unassign(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	for _, id := range procedure.Texts(act.Fields["resources"]) {
		if err := s.store.RemoveResource(ctx, c.ID, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) dissolve(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.store.EndLibrary(ctx, c.ID, act.At)
}

// Libraries gives the libraries of a territory; "" is the principal's own
// region. Like the catalog they are open to everybody signed in.
func (s *Service) Libraries(ctx context.Context, p org.Principal, region string) ([]Library, error) {
	if region == "" {
		region = p.Department.Region
	}
	return s.store.Libraries(ctx, region)
}

// Library gives one library with its resources.
func (s *Service) Library(ctx context.Context, _ org.Principal, id string) (Library, error) {
	return s.store.Library(ctx, id)
}
