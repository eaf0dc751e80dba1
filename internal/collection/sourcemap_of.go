package collection

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// ElementSources is what is known of one standard element: who publishes it in a
// territory and who is, and was, its source there.
type ElementSources struct {
	Element     string
	Name        string
	Source      *catalog.Source  // running; nil: none
	Earlier     []catalog.Source // ended, the newest first
	Departments []ElementProvider
	Items       []catalog.PublishedItem
	Next        string
	Conflict    bool
}

// maxProviders bounds the departments told of one element.
const maxProviders = 500

// ElementSources gives one element in a territory, "" being the principal's own
// region: departments, items page by page, source since when, conflicts. It is
// open to everybody signed in, as the catalog is.
func (s *Service) ElementSources(ctx context.Context, p org.Principal, element, region, after string, limit int) (ElementSources, error) {
	if region == "" {
		region = p.Department.Region
	}
	out := ElementSources{Element: element}
	of, err := s.authorities(ctx)
	if err != nil {
		return out, err
	}
	all, err := s.store.Designations(ctx, of(region), element)
	if err != nil {
		return out, err
	}
	for _, x := range all {
		if x.EndedAt == nil {
			out.Source, out.Name = &x, x.Name
		} else {
			out.Earlier = append(out.Earlier, x)
		}
	}
	if out.Departments, err = s.store.ProvidersOfElement(ctx, element, region, maxProviders); err != nil {
		return out, err
	}
	var cursor [3]string
	copy(cursor[:], strings.SplitN(after, "~", 3))
	if out.Items, err = s.store.ItemsOfElementAfter(ctx, element, region, cursor, limit); err != nil {
		return out, err
	}
	if n := len(out.Items); n == limit {
		last := out.Items[n-1]
		out.Next = last.Region + "~" + last.Resource + "~" + last.Code
	}
	calls := 0
	for _, d := range out.Departments {
		if d.Authoritative > 0 && of(d.Region) == of(region) {
			calls++
			out.Conflict = out.Conflict || calls > 1 || out.Source != nil && out.Source.Department != d.Provider
		}
	}
	lines, err := s.withNames(ctx, []ElementLine{{Element: element, Name: out.Name}})
	if err != nil {
		return out, err
	}
	out.Name = lines[0].Name
	if out.Name == "" && len(out.Items) == 0 && len(all) == 0 {
		return out, fault.Missing("标准数据元", element)
	}
	return out, nil
}

// DepartmentElement is one element that a department publishes or is the source
// of.
type DepartmentElement struct {
	ElementProvider
	Name   string
	Source string // the designated source's department; empty: none
	Since  *time.Time
	Case   string
}

// DepartmentSources gives what a department is the source of, what it publishes
// though another is, and what it publishes without anybody being designated.
func (s *Service) DepartmentSources(ctx context.Context, _ org.Principal, department string) (own, others, open []DepartmentElement, err error) {
	d, err := s.org.Department(ctx, department)
	if err != nil {
		return nil, nil, nil, err
	}
	published, err := s.store.ElementsOfProvider(ctx, department)
	if err != nil {
		return nil, nil, nil, err
	}
	of, err := s.authorities(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	by, err := s.store.DesignatedBy(ctx, of(d.Region))
	if err != nil {
		return nil, nil, nil, err
	}
	mine, err := s.store.SourceOf(ctx, department)
	if err != nil {
		return nil, nil, nil, err
	}
	sources := map[string]catalog.Source{}
	for _, x := range slices.Concat(by, mine) {
		sources[x.Element] = x
	}
	lines := make([]ElementLine, len(published))
	for i, x := range published {
		lines[i] = ElementLine{Element: x.Element}
	}
	for _, x := range mine {
		if !slices.ContainsFunc(published, func(y ElementProvider) bool { return y.Element == x.Element }) {
			published = append(published, ElementProvider{Element: x.Element, Provider: department, Region: d.Region})
			lines = append(lines, ElementLine{Element: x.Element, Name: x.Name})
		}
	}
	if lines, err = s.withNames(ctx, lines); err != nil {
		return nil, nil, nil, err
	}
	for i, x := range published {
		e := DepartmentElement{ElementProvider: x, Name: lines[i].Name}
		source, designated := sources[x.Element]
		if designated {
			e.Source, e.Since, e.Case = source.Department, &source.DesignatedAt, source.Case
		}
		switch {
		case !designated:
			open = append(open, e)
		case source.Department == department:
			own = append(own, e)
		default:
			others = append(others, e)
		}
	}
	return own, others, open, nil
}
