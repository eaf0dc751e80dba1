package catalog

import (
	"context"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// sampleRows is how many hosted rows are looked at for the shapes of values.
const sampleRows = 200

// checkEntry tells, all at once, everything that stands in the way of an
// entry's submission: what CheckComplete tells, and what only the rest of the
// catalog knows: names, classes, related resources, standard elements, proposed
// levels, the table that holds its rows.
func (s *Service) checkEntry(ctx context.Context, r Resource, e Entry, samples map[string][]string) error {
	var c fault.Collector
	complete(&c, e)
	for _, check := range []func(context.Context, *fault.Collector, Resource, Entry) error{
		s.outside, s.relatedExist, s.elementsAgree, s.tableCanFollow} {
		if err := check(ctx, &c, r, e); err != nil {
			return err
		}
	}
	levelsJustified(&c, e, samples)
	return incomplete(&c)
}

// relatedExist refuses related resources that are not there, not published to
// others, or the resource itself.
func (s *Service) relatedExist(ctx context.Context, c *fault.Collector, r Resource, e Entry) error {
	for i, code := range e.Related {
		path := fmt.Sprintf("related[%d]", i)
		if !resourceCode.MatchString(code) {
			continue // told by the form
		}
		other, err := s.store.ResourceByCode(ctx, code)
		switch {
		case err != nil && !notFound(err):
			return err
		case err != nil || other.Published == 0 && other.Provider != r.Provider:
			c.Add(path, "unknown_resource", "没有信息资源代码为“"+code+"”的目录条目", "CN-12")
		case other.ID == r.ID:
			c.Add(path, "itself", "关联资源不能是本条目自身", "CN-12")
		}
	}
	return nil
}

// elementsAgree refuses items that cite an element that does not exist, or
// depart from it in type or length without saying why.
func (s *Service) elementsAgree(ctx context.Context, c *fault.Collector, _ Resource, e Entry) error {
	var codes []string
	for _, x := range e.Items {
		if x.Element != "" {
			codes = append(codes, x.Element)
		}
	}
	known, err := s.scheme.elements(ctx, codes)
	if err != nil {
		return err
	}
	words := map[string]string{"type": "数据类型", "length": "长度", "decimals": "小数位数"}
	for i, x := range e.Items {
		if x.Element == "" {
			continue
		}
		element, ok := known[x.Element]
		if !ok {
			c.Add(fmt.Sprintf("items[%d].element", i), "unknown_element", "没有标准数据元“"+x.Element+"”", "CN-13.2")
			continue
		}
		if field := element.Departs(x); field != "" && x.ElementNote == "" {
			c.Add(fmt.Sprintf("items[%d].%s", i, field), "departs_from_element",
				fmt.Sprintf("%s与标准数据元“%s”（%s，长度%d）不一致，请修改，或者填写不一致的说明", words[field], element.Name,
					Label(VocabItemType, element.Type), element.Length), "CN-13.2")
		}
	}
	return nil
}

// levelsJustified refuses items that are protected less than the rules propose
// without a reason (CN-13.2).
func levelsJustified(c *fault.Collector, e Entry, samples map[string][]string) {
	for i, x := range e.Items {
		p, found := proposeItem(x, samples[x.Code])
		if !found || justified(x) || x.Level == "" {
			continue // a missing level is told by the form
		}
		switch {
		case rank(x.Level) < rank(p.Level):
			c.Add(fmt.Sprintf("items[%d].level", i), "below_proposal", fmt.Sprintf("%s，建议定为%s；低于建议的，请填写理由（定级依据）",
				p.Reason, Label(VocabLevel, string(p.Level))), "CN-13.2")
		case p.Sensitivity != "" && x.Sensitivity == "":
			c.Add(fmt.Sprintf("items[%d].sensitivity", i), "below_proposal", fmt.Sprintf("%s，建议标明个人信息类别“%s”；不标明的，请填写理由（定级依据）",
				p.Reason, Label(VocabSensitivity, string(p.Sensitivity))), "CN-13.2")
		}
	}
}

// samples gives values of the hosted rows of a published resource by item, for
// the rules to look at. They stay in memory and go into no answer.
func (s *Service) samples(ctx context.Context, r Resource) (map[string][]string, error) {
	if r.Published == 0 {
		return nil, nil
	}
	v, err := s.store.Version(ctx, r.ID, r.Published)
	if err != nil || v.Entry.Collection != HostedCopy || v.Entry.Attribute == Withheld {
		return nil, err
	}
	rows, err := s.hosted.Query(ctx, HostedQuery{Resource: r.ID, Items: v.Entry.Items, Limit: sampleRows})
	if err != nil {
		if notFound(err) {
			return nil, nil
		}
		return nil, err
	}
	out := map[string][]string{}
	for _, row := range rows {
		for code, value := range row {
			switch x := value.(type) {
			case string:
				if x = strings.TrimSpace(x); x != "" {
					out[code] = append(out[code], x)
				}
			case float64:
				out[code] = append(out[code], fmt.Sprintf("%.0f", x))
			}
		}
	}
	return out, nil
}
