package catalog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// fields takes a value apart, as the canonical form has it.
func fields(t *rapid.T, v any) map[string]json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]json.RawMessage
	if err := json.Unmarshal(raw, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func patch(t *rapid.T, m map[string]json.RawMessage, changes []catalog.FieldChange) {
	for _, c := range changes {
		if from, there := m[c.Field]; there && string(from) != string(c.From) || !there && string(c.From) != "null" {
			t.Fatalf("%s was %s, the difference says %s", c.Field, from, c.From)
		}
		m[c.Field] = c.To
	}
}

// apply is what a difference means.
func apply(t *rapid.T, a catalog.Entry, d catalog.Difference) catalog.Entry {
	entry := fields(t, a)
	patch(t, entry, d.Fields)
	items, order := map[string]map[string]json.RawMessage{}, []string{}
	for _, x := range a.Items {
		items[x.Code], order = fields(t, x), append(order, x.Code)
	}
	moved := map[string]map[string]json.RawMessage{}
	for _, c := range d.Items {
		switch c.Kind {
		case catalog.ItemRemoved:
			delete(items, c.Code)
		case catalog.ItemRenamed:
			moved[c.Code] = items[c.Was]
			delete(items, c.Was)
		case catalog.ItemAdded:
			moved[c.Code] = map[string]json.RawMessage{}
		}
	}
	for code, x := range moved {
		items[code] = x
	}
	for _, c := range d.Items {
		if c.Kind != catalog.ItemRemoved {
			patch(t, items[c.Code], c.Fields)
		}
	}
	if d.Order != nil {
		order = d.Order
	}
	list := []map[string]json.RawMessage{}
	for _, code := range order {
		list = append(list, items[code])
	}
	var out catalog.Entry
	raw, err := json.Marshal(list)
	if err != nil {
		t.Fatal(err)
	}
	entry["items"] = raw
	if raw, err = json.Marshal(entry); err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func anyEntry(t *rapid.T, label string) catalog.Entry {
	e := catalogtest.Entry()
	e.Abstract = rapid.SampledFrom([]string{"甲", "乙", ""}).Draw(t, label+" abstract")
	e.Methods = rapid.SampledFrom([][]catalog.Method{{catalog.ServiceAPI}, {catalog.FileDownload, catalog.ServiceAPI}, {}}).Draw(t, label+" methods")
	e.Related = rapid.SampledFrom([][]string{nil, {"301001/000001"}}).Draw(t, label+" related")
	e.PersonalInfo = rapid.Bool().Draw(t, label+" personal")
	if rapid.Bool().Draw(t, label+" linked") {
		e.Upstream = &catalog.Upstream{URL: "https://x"}
	}
	e.Items = []catalog.Item{}
	for i := range rapid.IntRange(0, 6).Draw(t, label+" items") {
		x := catalog.Item{Code: rapid.SampledFrom([]string{"a", "b", "c", "d", "e"}).Draw(t, fmt.Sprint(label, i)),
			Name: rapid.SampledFrom([]string{"一", "二", "三", ""}).Draw(t, fmt.Sprint(label, i, " name")), Element: rapid.SampledFrom([]string{"", "DE-XM", "DE-XB"}).Draw(t, fmt.Sprint(label, i, " element")),
			Type: rapid.SampledFrom([]string{"C", "I"}).Draw(t, fmt.Sprint(label, i, " type")), Length: rapid.IntRange(0, 2).Draw(t, fmt.Sprint(label, i, " length"))}
		if rapid.Bool().Draw(t, fmt.Sprint(label, i, " domain")) {
			x.Domain = &catalog.Domain{Min: "1"}
		}
		if !slices.ContainsFunc(e.Items, func(y catalog.Item) bool { return y.Code == x.Code }) {
			e.Items = append(e.Items, x)
		}
	}
	return e
}

// CN-16: what a difference says is just what makes one version of the other.
func TestDifferenceAppliedGivesTheTarget(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		a, b := anyEntry(rt, "a"), anyEntry(rt, "b")
		d, err := catalog.Compare(a, b)
		if err != nil {
			rt.Fatal(err)
		}
		got, _ := apply(rt, a, d).Canonical()
		want, _ := b.Canonical()
		if string(got) != string(want) {
			rt.Fatalf("got  %s\nwant %s\nby %+v", got, want, d)
		}
		if same, err := catalog.Compare(a, a); err != nil || !same.Empty() {
			rt.Fatalf("an entry differs from itself: %+v, %v", same, err)
		}
	})
}

func TestRenamedItems(t *testing.T) {
	t.Parallel()
	item := func(code, name, element string) catalog.Item {
		return catalog.Item{Code: code, Name: name, Element: element}
	}
	for name, x := range map[string]struct {
		a, b []catalog.Item
		want string
	}{
		"by element":        {[]catalog.Item{item("a", "姓名", "DE-XM")}, []catalog.Item{item("b", "名字", "DE-XM")}, "renamed a→b;"},
		"by name":           {[]catalog.Item{item("a", "姓名", "")}, []catalog.Item{item("b", "姓名", "DE-XM")}, "renamed a→b;"},
		"two of one name":   {[]catalog.Item{item("a", "x", ""), item("b", "x", "")}, []catalog.Item{item("c", "x", "")}, "added →c;removed →a;removed →b;"},
		"code stays":        {[]catalog.Item{item("a", "x", "")}, []catalog.Item{item("a", "y", "")}, "changed →a;"},
		"nothing in common": {[]catalog.Item{item("a", "x", "")}, []catalog.Item{item("b", "y", "")}, "added →b;removed →a;"},
	} {
		d, err := catalog.Compare(catalog.Entry{Items: x.a}, catalog.Entry{Items: x.b})
		got := ""
		for _, c := range d.Items {
			got += fmt.Sprintf("%s %s→%s;", c.Kind, c.Was, c.Code)
		}
		if err != nil || got != x.want {
			t.Errorf("%s: %s, %v", name, got, err)
		}
	}
}

// CN-16: others learn of published versions only.
func TestDiffVisibility(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	if _, err := f.catalog.Diff(ctx, f.stranger, r.ID, 0, 0); !fault.Is(err, "not_found") {
		t.Errorf("of a draft: %v", err)
	}
	f.publishAll(t, "case", v)
	next, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, "补充摘要")
	if err != nil {
		t.Fatal(err)
	}
	f.edit(t, r, with(func(e *catalog.Entry) { e.Abstract = "新" }), next)
	if d, err := f.catalog.Diff(ctx, f.supervisor, r.ID, 0, 0); err != nil || d.From.Number != 1 || d.To.Number != 2 || d.To.Reason != "补充摘要" || len(d.Fields) != 1 || d.Fields[0].Field != "abstract" {
		t.Errorf("the authority: %+v, %v", d, err)
	}
	if _, err := f.catalog.Diff(ctx, f.stranger, r.ID, 1, 2); !fault.Is(err, "not_found") {
		t.Errorf("a stranger: %v", err)
	}
	if d, err := f.catalog.Diff(ctx, f.stranger, r.ID, 1, 1); err != nil || !d.Empty() || d.From.CreatedBy != "" {
		t.Errorf("of what is published: %+v, %v", d, err)
	}
}
