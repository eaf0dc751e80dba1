package collection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Addition is an item that the authority puts on a list beyond what the
// catalog shows, such as data that are not digital yet (HB-10.2).
type Addition struct {
	Name      string `json:"name"`
	Element   string `json:"element,omitempty"`
	Frequency string `json:"frequency,omitempty"`
}

// maxDuties bounds a list.
const maxDuties = 2000

// listSubject fills a case about the list of one department, which its
// authority opens.
func (s *Service) listSubject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	id := c.Parties["department"]
	if id == "" {
		return fault.New(fault.Invalid, "party_missing", "应指明采集责任部门").Under("HB-10.1")
	}
	d, err := s.org.Department(ctx, id)
	if err != nil {
		return err
	}
	c.Subject, c.Region = d.ID, d.Region
	if c.Title == "" {
		c.Title = d.Name + "政务数据采集责任清单"
	}
	return nil
}

// listForm checks what the authority adds and leaves out.
func (s *Service) listForm(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	_, err := additions(c)
	return err
}

func additions(c *procedure.Case) ([]Addition, error) {
	var faults fault.Collector
	var list []Addition
	if err := procedure.Decode(c.Facts["additions"], &list); err != nil {
		faults.Add("fields.additions", "structure", "应为列表,每项写明name(名称),可写element(标准数据元)、frequency(更新频率)", "HB-10.1")
	}
	seen := map[string]bool{}
	for i, x := range list {
		name := strings.TrimSpace(x.Name)
		if name == "" || len([]rune(name)) > maxText || seen[name] {
			faults.Add(fmt.Sprintf("fields.additions[%d].name", i), "invalid", "名称空白、过长或者重复", "HB-10.1")
		}
		seen[name] = true
	}
	return list, faults.Err("list_invalid", "采集责任清单填写有误", "HB-10.1")
}

// noteDerived keeps with the act what the catalog of the day gives for the
// list, so that department and authority speak of the same lines.
func (s *Service) noteDerived(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	duties, shared, err := s.derive(ctx, c)
	if err != nil {
		return err
	}
	act.Results["derived"], act.Results["by_sharing"] = len(duties), shared
	return nil
}

// decide makes the list: what the department's published entries hold, without
// what another department is the designated source of, without what the
// authority leaves out, with what it adds.
func (s *Service) decide(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	duties, shared, err := s.derive(ctx, c)
	if err != nil {
		return err
	}
	added, err := additions(c)
	if err != nil {
		return err
	}
	left := procedure.Texts(c.Facts["left_out"])
	duties = slices.DeleteFunc(duties, func(d Duty) bool { return slices.Contains(left, d.Name) })
	for _, x := range added {
		duties = append(duties, Duty{Name: strings.TrimSpace(x.Name), Element: x.Element, Frequency: x.Frequency})
	}
	if len(duties) > maxDuties {
		return fault.Newf(fault.TooLarge, "list_too_long", "采集责任清单不得超过%d项", maxDuties).Under("HB-10.1")
	}
	for i := range duties {
		duties[i].ID, duties[i].Department, duties[i].Region = ident.New(), c.Parties["department"], c.Region
		duties[i].Case, duties[i].DecidedAt = c.ID, act.At
	}
	act.Results["duties"], act.Results["by_sharing"] = len(duties), shared
	return s.store.ReplaceDuties(ctx, c.Parties["department"], duties)
}

// derive gives the lines that the catalog shows, once for each name, and the
// names of those that come from another department's source instead.
func (s *Service) derive(ctx context.Context, c *procedure.Case) (duties []Duty, shared []string, err error) {
	department := c.Parties["department"]
	seen := map[string]bool{}
	shared = []string{}
	for after := ""; ; {
		page, err := s.catalog.List(ctx, catalog.Filter{Provider: department, Published: true, Limit: 100, After: after})
		if err != nil || len(page) == 0 {
			return duties, shared, err
		}
		for _, r := range page {
			v, err := s.catalog.Version(ctx, r.Resource.ID, r.Resource.Published)
			if err != nil {
				return nil, nil, err
			}
			for _, x := range v.Entry.Items {
				if seen[x.Name] {
					continue
				}
				seen[x.Name] = true
				elsewhere, err := s.elsewhere(ctx, department, x.Element)
				if err != nil {
					return nil, nil, err
				}
				if elsewhere {
					shared = append(shared, x.Name)
					continue
				}
				duties = append(duties, Duty{Name: x.Name, Element: x.Element, Resource: r.Resource.ID, Frequency: v.Entry.Frequency})
			}
		}
		after = page[len(page)-1].Resource.ID
	}
}

// elsewhere tells whether another department is the designated source.
func (s *Service) elsewhere(ctx context.Context, department, element string) (bool, error) {
	if element == "" {
		return false, nil
	}
	source, found, err := s.sources.SourceFor(ctx, department, element)
	return found && source.Department != department, err
}

// Duties gives the collection-responsibility list of a department: to the
// department itself and to authorities and auditors of its territory.
func (s *Service) Duties(ctx context.Context, p org.Principal, department string) ([]Duty, error) {
	if department == "" {
		department = p.Department.ID
	}
	if department != p.Department.ID {
		d, err := s.org.Department(ctx, department)
		if err != nil {
			return nil, err
		}
		if p.Territory == "" || !rulebook.Covers(p.Territory, d.Region) {
			return nil, fault.New(fault.Forbidden, "list_hidden", "采集责任清单只对本部门和主管部门可见").Under("HB-10.1")
		}
	}
	return s.store.Duties(ctx, department)
}
