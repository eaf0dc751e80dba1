package collection_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// published are the items that the fake catalog has.
type published struct {
	collection.Store
	items []catalog.PublishedItem
}

// at tells whether an item counts at a place, without any index.
func at(p collection.Place, x catalog.PublishedItem) bool {
	covers := rulebook.Covers(x.Region, p.Region)
	return x.Provider != p.Except && (covers && !p.Inside || !covers && p.Inside && rulebook.Covers(p.Region, x.Region))
}

func (p published) where(good func(catalog.PublishedItem) bool) (out []catalog.PublishedItem, err error) {
	for _, x := range p.items {
		if good(x) {
			out = append(out, x)
		}
	}
	return out, nil
}

func (p published) ItemsOfElementAt(_ context.Context, element string, place collection.Place, _ int) ([]catalog.PublishedItem, error) {
	return p.where(func(x catalog.PublishedItem) bool { return x.Element == element && at(place, x) })
}

func (p published) ItemsNamed(_ context.Context, names []string, place collection.Place, _ int) ([]catalog.PublishedItem, error) {
	return p.where(func(x catalog.PublishedItem) bool {
		return slices.Contains(names, collection.Normalise(x.Name)) && at(place, x)
	})
}

func (p published) names(good func(name string) bool) (out []string, err error) {
	for _, x := range p.items {
		if n := collection.Normalise(x.Name); good(n) && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out, nil
}

func (p published) NamesAt(_ context.Context, names []string, _ collection.Place, _ int) ([]string, error) {
	return p.names(func(n string) bool { return slices.Contains(names, n) })
}

func (p published) NamesEnding(_ context.Context, text string, _ int) ([]string, error) {
	return p.names(func(n string) bool { return strings.HasSuffix(n, text) })
}

func (p published) NamesSharing(_ context.Context, pairs []string, least, shortest, longest, _ int) ([]string, error) {
	return p.names(func(n string) bool {
		shared := 0
		for _, x := range collection.Pairs(n) {
			if slices.Contains(pairs, x) {
				shared++
			}
		}
		length := utf8.RuneCountInString(n)
		return shared >= least && length >= shortest && length <= longest
	})
}

func (published) EachUnnamed(context.Context, func(catalog.PublishedItem) error) error { return nil }

// sources maps elements to source departments.
type sources map[string]string

func (s sources) SourceFor(_ context.Context, _, element string) (catalog.Source, bool, error) {
	d, ok := s[element]
	return catalog.Source{Department: d, Element: element}, ok, nil
}

type departments struct{}

func (departments) Department(_ context.Context, id string) (org.Department, error) {
	return org.Department{ID: id, Region: "130102"}, nil
}

func (departments) SameLevelAuthority(context.Context, string) (string, error) {
	return "authority", nil
}

// check takes a step's check on a plan with the facts.
func check(t *testing.T, name string, facts, fields map[string]any, src sources, items ...catalog.PublishedItem) *fault.Fault {
	t.Helper()
	s := collection.NewService(published{items: items}, nil, src, departments{}, nil, clock.NewFake(noon))
	c := &procedure.Case{ID: "c", Parties: map[string]string{"collector": "me"}, Facts: facts}
	err := s.Hooks().Checks["collection."+name](t.Context(), c, procedure.Step{Fields: fields, At: noon})
	if err == nil {
		return nil
	}
	f, ok := fault.As(err)
	if !ok {
		t.Fatal(err)
	}
	return f
}

func item(provider, region, name, element string) catalog.PublishedItem {
	return catalog.PublishedItem{Resource: "r-" + provider, ResourceName: provider + "的数据", Provider: provider, Region: region, Code: "x", Name: name, Element: element}
}

func asks(names ...string) map[string]any {
	var items []any
	for _, n := range names {
		name, element, _ := strings.Cut(n, "/")
		items = append(items, map[string]any{"name": name, "element": element})
	}
	return map[string]any{"items": items}
}

func remarks(items ...string) []any {
	var out []any
	for _, x := range items {
		out = append(out, map[string]any{"item": x, "text": "理由"})
	}
	return out
}

func TestComparisonWithTheCatalog(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		have []catalog.PublishedItem
		src  sources
		ask  string
		want collection.Kind // "": nothing stands in the way
	}{
		"the same element under another name": {[]catalog.PublishedItem{item("other", "130000", "身份代码", "DE-1")}, nil, "证件/DE-1", collection.SameElement},
		"the same name":                       {[]catalog.PublishedItem{item("other", "130100", "姓名", "")}, nil, "姓名", collection.SameName},
		"its own data":                        {[]catalog.PublishedItem{item("me", "130102", "姓名", "")}, nil, "姓名", ""},
		"of a neighbouring county":            {[]catalog.PublishedItem{item("other", "130104", "姓名", "")}, nil, "姓名", ""},
		"of one street of its own county":     {[]catalog.PublishedItem{item("other", "130102001", "姓名", "")}, nil, "姓名", ""},
		"another thing":                       {[]catalog.PublishedItem{item("other", "130000", "车牌号码", "DE-2")}, nil, "姓名/DE-1", ""},
		"a source that has published nothing": {nil, sources{"DE-1": "source"}, "证件/DE-1", collection.SameElement},
		"it is the source itself":             {nil, sources{"DE-1": "me"}, "证件/DE-1", ""},
	} {
		f := check(t, "plan_compared", asks(c.ask), nil, c.src, c.have...)
		switch {
		case c.want == "" && f != nil:
			t.Errorf("%s: %v", name, f)
		case c.want != "" && (f == nil || f.Code != "repeated_collection" || f.Basis != "CN-19.1" || f.Kind != fault.Illegal):
			t.Errorf("%s: %v", name, f)
		case c.want != "":
			if m := f.Facts["matches"].([]collection.Match); m[0].Kind != c.want || m[0].Why == "" {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
}

// Only an item with the department's reason and the authority's finding on it
// passes.
func TestApprovalNeedsReasonAndFinding(t *testing.T) {
	t.Parallel()
	have := item("other", "130000", "姓名", "")
	for name, c := range map[string]struct {
		justified, found []any
		passes           bool
	}{
		"neither":         {nil, nil, false},
		"reason alone":    {remarks("姓名"), nil, false},
		"finding alone":   {nil, remarks("姓名"), false},
		"both":            {remarks("姓名"), remarks("姓名"), true},
		"on another item": {remarks("宠物"), remarks("姓名"), false},
	} {
		facts := asks("姓名", "宠物")
		fields := map[string]any{}
		if c.justified != nil {
			facts["justifications"] = c.justified
		}
		if c.found != nil {
			fields["findings"] = c.found
		}
		if f := check(t, "no_repeat", facts, fields, nil, have); (f == nil) != c.passes {
			t.Errorf("%s: %v", name, f)
		}
	}
	if f := check(t, "no_repeat", asks("姓名"), map[string]any{"findings": remarks("没有这项")}, nil, have); f == nil || f.Code != "findings_invalid" {
		t.Errorf("a finding on nothing: %v", f)
	}
}

func TestPlanForm(t *testing.T) {
	t.Parallel()
	for name, facts := range map[string]map[string]any{
		"a blank name":          asks("姓名", " "),
		"twice the same":        asks("姓名", "姓名"),
		"too long":              asks(strings.Repeat("名", 101)),
		"an unknown member":     {"items": []any{map[string]any{"name": "姓名", "colour": "red"}}},
		"a text for a list":     {"items": map[string]any{"name": "姓名"}},
		"a reason for nothing":  {"items": asks("姓名")["items"], "justifications": remarks("住址")},
		"a reason that is none": {"items": asks("姓名")["items"], "justifications": []any{map[string]any{"item": "姓名", "text": ""}}},
	} {
		if f := check(t, "plan_form", facts, nil, nil); f == nil || f.Code != "plan_invalid" || f.Basis != "CN-19.1" {
			t.Errorf("%s: %v", name, f)
		}
	}
	many := make([]string, 201)
	for i := range many {
		many[i] = fmt.Sprint("项目", i)
	}
	if f := check(t, "plan_form", asks(many...), nil, nil); f == nil {
		t.Error("201 items")
	}
	if f := check(t, "plan_form", map[string]any{}, nil, nil); f != nil {
		t.Errorf("a plan not filled yet: %v", f)
	}
}

// However many entries have the same name, the report stays short and the
// strongest stands first.
func TestTheReportIsShort(t *testing.T) {
	t.Parallel()
	var have []catalog.PublishedItem
	for i := range 20 {
		have = append(have, item(fmt.Sprint("d", i), "130000", "申请人姓名", ""))
	}
	have = append(have, item("last", "130000", "姓名", "DE-9"))
	f := check(t, "plan_compared", asks("姓名/DE-9"), nil, nil, have...)
	m := f.Facts["matches"].([]collection.Match)
	if len(m) != 5 || m[0].Kind != collection.SameElement || m[0].Provider != "last" {
		t.Errorf("%d matches, first %+v", len(m), m[0])
	}
}
