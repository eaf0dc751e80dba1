package collection

import (
	"context"
	"slices"
	"strings"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// ElementState says where a standard element comes from in one government.
type ElementState string

// The states of 一数一源 (CN-19.2).
const (
	Designated  ElementState = "designated"  // the source is designated and publishes it
	Unpublished ElementState = "unpublished" // the source is designated and publishes nothing of it
	Single      ElementState = "single"      // one department publishes it, nobody is designated
	Unsettled   ElementState = "unsettled"   // several publish it, nobody is designated
	Absent      ElementState = "absent"      // a standard element that nobody publishes
)

// ElementStates lists them in the order in which they ask for attention.
var ElementStates = []ElementState{Unsettled, Unpublished, Single, Designated, Absent}

// ElementLine is one standard element in the map of a government.
type ElementLine struct {
	Element     string
	Name        string // empty: not in the register of elements
	State       ElementState
	Departments int // that publish it
	Resources   int
	Items       int
	// Conflict: somebody who is not the source calls its data authoritative, or
	// several do.
	Conflict bool
	Source   *catalog.Source // nil: none
}

// SourceMap is the map of one government: counts over all of it, lines of one
// page.
type SourceMap struct {
	Authority string
	Region    string
	Counts    map[ElementState]int
	Conflicts int
	Lines     []ElementLine
	Next      string // cursor; empty: the last page
}

// MapFilter narrows a map.
type MapFilter struct {
	Region string // whose authority's map; "": the principal's own
	State  ElementState
	Text   string // part of code or name
	Limit  int    // 0: all
	After  string // element
}

// ElementFigures are the sums over one element in one government.
type ElementFigures struct {
	Element                        string
	Departments, Resources, Items  int
	Authoritative                  int    // departments that call their data so
	FirstAuthoritative, LastOfThem string // the least and the greatest of them
	OfSource                       int    // items that the designated source publishes
	Department                     string // the designated source; empty: none
}

// ElementProvider is a department that publishes items of an element.
type ElementProvider struct {
	Element, Provider, Region string
	Resources, Items          int
	Authoritative             int // items
}

// SourceMapStore sums over the published items.
type SourceMapStore interface {
	// AuthorityRegions gives the departments that are authorities, by region.
	AuthorityRegions(ctx context.Context) (map[string]string, error)
	// DepartmentRegions gives the regions of departments inside the territory.
	DepartmentRegions(ctx context.Context, region string) ([]string, error)
	// ElementFigures sums over the departments of the regions, by element, with
	// the designations of the authority.
	ElementFigures(ctx context.Context, authority string, regions []string) ([]ElementFigures, error)
	// DesignatedBy gives the running designations of an authority, by element.
	DesignatedBy(ctx context.Context, authority string) ([]catalog.Source, error)
	// Designations gives all designations of an element by an authority, the
	// newest first, ended ones too.
	Designations(ctx context.Context, authority, element string) ([]catalog.Source, error)
	// SourceOf gives the running designations of a department as source.
	SourceOf(ctx context.Context, department string) ([]catalog.Source, error)
	// ProvidersOfElement gives who publishes an element in a territory, by region.
	ProvidersOfElement(ctx context.Context, element, region string, limit int) ([]ElementProvider, error)
	// ElementsOfProvider gives what a department publishes, by element.
	ElementsOfProvider(ctx context.Context, department string) ([]ElementProvider, error)
	// ItemsOfElementAfter gives the items of an element in a territory, by region,
	// resource and code, after the cursor of those three.
	ItemsOfElementAfter(ctx context.Context, element, region string, after [3]string, limit int) ([]catalog.PublishedItem, error)
}

// SourceMap gives the map of 一数一源 of one government (CN-19.2): each standard
// element with its source, without one, or published by several without one. The
// people of an authority read that of their own government and of those in their
// territory.
func (s *Service) SourceMap(ctx context.Context, p org.Principal, f MapFilter) (SourceMap, error) {
	if f.Region == "" {
		f.Region = p.Department.Region
	}
	if p.Territory == "" || !rulebook.Covers(p.Territory, f.Region) {
		return SourceMap{}, fault.New(fault.Forbidden, "map_hidden", "一数一源清单由主管部门在其行政区域内查阅").Under("CN-19.2")
	}
	out := SourceMap{Region: f.Region, Counts: map[ElementState]int{}}
	lines, authority, err := s.mapLines(ctx, f.Region)
	if err != nil {
		return SourceMap{}, err
	}
	out.Authority = authority
	for _, l := range lines {
		out.Counts[l.State]++
		if l.Conflict {
			out.Conflicts++
		}
	}
	text := strings.ToLower(strings.TrimSpace(f.Text))
	lines = slices.DeleteFunc(lines, func(l ElementLine) bool {
		return f.State != "" && l.State != f.State || l.Element <= f.After && f.After != "" ||
			text != "" && !strings.Contains(strings.ToLower(l.Element), text) && !strings.Contains(strings.ToLower(l.Name), text)
	})
	if f.Limit > 0 && len(lines) > f.Limit {
		lines = lines[:f.Limit]
		out.Next = lines[f.Limit-1].Element
	}
	out.Lines = lines
	return out, nil
}

// mapLines makes all lines of the government that the region belongs to, by
// element.
func (s *Service) mapLines(ctx context.Context, region string) (lines []ElementLine, authority string, err error) {
	of, err := s.authorities(ctx)
	if err != nil {
		return nil, "", err
	}
	if authority = of(region); authority == "" {
		return nil, "", fault.New(fault.Illegal, "no_authority", "该区划没有主管部门").Under("CN-5.2")
	}
	all, err := s.store.DepartmentRegions(ctx, region)
	if err != nil {
		return nil, "", err
	}
	regions := slices.DeleteFunc(all, func(r string) bool { return of(r) != authority })
	figures, err := s.store.ElementFigures(ctx, authority, regions)
	if err != nil {
		return nil, "", err
	}
	sources, err := s.store.DesignatedBy(ctx, authority)
	if err != nil {
		return nil, "", err
	}
	bySource := map[string]catalog.Source{}
	for _, x := range sources {
		bySource[x.Element] = x
	}
	for _, f := range figures {
		lines = append(lines, lineOf(f, bySource))
		delete(bySource, f.Element)
	}
	for _, x := range bySource { // designated, and nobody publishes it
		lines = append(lines, lineOf(ElementFigures{Element: x.Element, Department: x.Department}, bySource))
	}
	lines, err = s.withNames(ctx, lines)
	slices.SortFunc(lines, func(a, b ElementLine) int { return strings.Compare(a.Element, b.Element) })
	return lines, authority, err
}

func lineOf(f ElementFigures, sources map[string]catalog.Source) ElementLine {
	l := ElementLine{Element: f.Element, Departments: f.Departments, Resources: f.Resources, Items: f.Items}
	source, designated := sources[f.Element]
	if designated {
		l.Source, l.Name = &source, source.Name
	}
	switch {
	case designated && f.OfSource > 0:
		l.State = Designated
	case designated:
		l.State = Unpublished
	case f.Departments > 1:
		l.State = Unsettled
	default:
		l.State = Single
	}
	l.Conflict = f.Authoritative > 1 || f.Authoritative == 1 && designated && f.FirstAuthoritative != source.Department
	return l
}

// maxAsked bounds the elements that are asked for one by one.
const maxAsked = 500

// withNames names the lines and adds the registered elements that nobody
// publishes.
func (s *Service) withNames(ctx context.Context, lines []ElementLine) ([]ElementLine, error) {
	if s.elements == nil {
		return lines, nil
	}
	registered, err := s.elements.Elements(ctx, "", 0)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, m := range registered {
		names[m.Element.Code] = m.Element.Name
	}
	asked := 0
	for i, l := range lines {
		name, known := names[l.Element]
		if !known && l.Name == "" && asked < maxAsked {
			asked++
			e, err := s.elements.Element(ctx, l.Element)
			if f, ok := fault.As(err); err != nil && (!ok || f.Kind != fault.NotFound) {
				return nil, err
			}
			name = e.Name
		}
		if name != "" {
			lines[i].Name = name
		}
		delete(names, l.Element)
	}
	for code, name := range names {
		lines = append(lines, ElementLine{Element: code, Name: name, State: Absent})
	}
	return lines, nil
}

// authorities gives a function that finds the authority of a region: that of the
// smallest territory that contains it.
func (s *Service) authorities(ctx context.Context) (func(region string) string, error) {
	have, err := s.store.AuthorityRegions(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]string{}
	return func(region string) string {
		if a, ok := known[region]; ok {
			return a
		}
		nearest, best := "", ""
		for _, code := range coveringCodes(region) {
			if a, ok := have[code]; ok && (nearest == "" || rulebook.Covers(nearest, code)) {
				nearest, best = code, a
			}
		}
		known[region] = best
		return best
	}, nil
}
