package collection

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Bounds of a plan.
const (
	maxItems      = 200
	maxText       = 100 // characters of a name
	maxRemark     = 500
	maxItemReport = 5 // matches reported of one item
)

// planSubject fills a new plan: it is about itself.
func (s *Service) planSubject(_ context.Context, p org.Principal, c *procedure.Case) error {
	c.Subject, c.Region = c.ID, p.Department.Region
	if c.Title == "" {
		c.Title = "数据收集计划"
	}
	return nil
}

// plan reads the items and remarks of a plan's form. What is not filled yet is
// not wrong yet; the rulebook says when it must be.
func plan(c *procedure.Case) (items []PlanItem, justified map[string]bool, err error) {
	var faults fault.Collector
	if err := procedure.Decode(c.Facts["items"], &items); err != nil {
		faults.Add("fields.items", "structure", "收集项目应为列表,每项写明name(名称),可写element(标准数据元)、note(说明)", "CN-19.1")
	}
	if len(items) > maxItems {
		faults.Add("fields.items", "too_many", fmt.Sprintf("一份计划不得超过%d项", maxItems), "CN-19.1")
	}
	seen := checkItems(&faults, "fields.items", items)
	justified = remarks(&faults, "justifications", c.Facts["justifications"], seen)
	return items, justified, faults.Err("plan_invalid", "收集计划填写有误", "CN-19.1")
}

// checkItems checks the items of a form, told under the path, and gives their
// names.
func checkItems(faults *fault.Collector, at string, items []PlanItem) map[string]bool {
	seen := map[string]bool{}
	for i, x := range items {
		path := fmt.Sprintf("%s[%d]", at, i)
		switch {
		case Normalise(x.Name) == "":
			faults.Add(path+".name", "required", "收集项目名称为必填项", "CN-19.1")
		case seen[x.Name]:
			faults.Add(path+".name", "duplicate", "收集项目重复", "CN-19.1")
		}
		seen[x.Name] = true
		for field, text := range map[string]string{".name": x.Name, ".element": x.Element, ".note": x.Note} {
			if utf8.RuneCountInString(text) > maxText {
				faults.Add(path+field, "too_long", fmt.Sprintf("不得超过%d个字符", maxText), "CN-19.1")
			}
		}
	}
	return seen
}

// remarks reads remarks on items and tells which items have one.
func remarks(faults *fault.Collector, field string, v any, items map[string]bool) map[string]bool {
	var list []Remark
	if err := procedure.Decode(v, &list); err != nil {
		faults.Add("fields."+field, "structure", "应为列表,每项写明item(收集项目名称)、text(说明)", "CN-19.1")
	}
	out := map[string]bool{}
	for i, x := range list {
		path := fmt.Sprintf("fields.%s[%d]", field, i)
		switch {
		case !items[x.Item]:
			faults.Add(path+".item", "unknown_item", "计划中没有收集项目“"+x.Item+"”", "CN-19.1")
		case utf8.RuneCountInString(x.Text) > maxRemark:
			faults.Add(path+".text", "too_long", fmt.Sprintf("不得超过%d个字符", maxRemark), "CN-19.1")
		case x.Text == "":
			faults.Add(path+".text", "required", "说明为必填项", "CN-19.1")
		default:
			out[x.Item] = true
		}
	}
	return out
}

// planForm checks the form of a plan.
func (s *Service) planForm(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	_, _, err := plan(c)
	return err
}

// planCompared refuses to file a plan with items that can be had by sharing
// and that the department neither took out nor justified (CN-19.1). The
// refusal is the report: every such item with the resource that has it.
func (s *Service) planCompared(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	items, justified, err := plan(c)
	if err != nil {
		return err
	}
	matches, err := s.compare(ctx, c.Parties["collector"], items)
	if err != nil {
		return err
	}
	return repeated(items, matches, justified, "应删去该项并申请共享,或者说明通过共享不能满足需要的理由")
}

// planNoRepeat refuses to approve a plan with such an item unless the
// department justified it and the authority states its own finding on it. The
// catalog is asked again: it may have grown since the plan was filed.
func (s *Service) planNoRepeat(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	items, justified, err := plan(c)
	if err != nil {
		return err
	}
	names := map[string]bool{}
	for _, x := range items {
		names[x.Name] = true
	}
	var faults fault.Collector
	found := remarks(&faults, "findings", step.Fields["findings"], names)
	if err := faults.Err("findings_invalid", "审核认定填写有误", "CN-19.1"); err != nil {
		return err
	}
	for name := range found {
		if !justified[name] {
			delete(found, name)
		}
	}
	matches, err := s.compare(ctx, c.Parties["collector"], items)
	if err != nil {
		return err
	}
	return repeated(items, matches, found, "批准须有收集部门的理由和主管部门不能通过共享满足需要的认定,否则应退回删去该项")
}

// repeated is the refusal that lists what can be had by sharing.
func repeated(items []PlanItem, matches []Match, excused map[string]bool, remedy string) error {
	var faults fault.Collector
	for i, x := range items {
		for _, m := range matches {
			if m.Item != x.Name || m.Partial || excused[x.Name] {
				continue
			}
			from := "“" + m.ResourceName + "”"
			if m.Resource == "" {
				from = "数源部门"
			}
			faults.Add(fmt.Sprintf("fields.items[%d]", i), "repeated_collection",
				"“"+x.Name+"”可以通过共享取得:"+from+","+m.Why+"。"+remedy, "CN-19.1")
			break // the strongest says enough; the others are in the facts
		}
	}
	f, ok := fault.As(faults.Err("repeated_collection", "计划中有可以通过共享取得的收集项目", "CN-19.1"))
	if !ok {
		return nil
	}
	f.Kind = fault.Illegal
	return f.With("matches", matches)
}

// noteMatches keeps with the act what the comparison found, excused items and
// partial matches included.
func (s *Service) noteMatches(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	items, _, err := plan(c)
	if err != nil {
		return err
	}
	matches, err := s.compare(ctx, c.Parties["collector"], items)
	if err != nil {
		return err
	}
	if len(matches) > 0 {
		act.Results["matches"] = matches
	}
	return nil
}
