package catalog_test

import (
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
)

// CN-13.2: which rule speaks of an item, and by what.
func TestProposals(t *testing.T) {
	t.Parallel()
	values := func(v string) []string { return []string{v, v, v} }
	for name, x := range map[string]struct {
		item    catalog.Item
		samples []string
		want    string // rule by level; "": none
	}{
		"nothing":             {item: catalog.Item{Code: "area", Name: "面积", Type: "F"}},
		"ID by name":          {item: catalog.Item{Code: "a", Name: "身份证号码", Type: "C"}, want: "resident_id name general_4"},
		"ID by element":       {item: catalog.Item{Code: "a", Name: "号码", Type: "C", Element: "DE-SFZHM"}, want: "resident_id element general_4"},
		"ID by column":        {item: catalog.Item{Code: "owner_id_card", Name: "权利人号码", Type: "C"}, want: "resident_id column general_4"},
		"ID by values":        {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: values("11010519491231002X"), want: "resident_id values general_4"},
		"wrong check digit":   {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: values("110105194912310021")},
		"too few values":      {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: []string{"11010519491231002X"}},
		"minority":            {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: append(values("x"), "11010519491231002X")},
		"card by values":      {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: values("4111111111111111"), want: "bank_card values general_4"},
		"card of wrong Luhn":  {item: catalog.Item{Code: "a", Name: "编号", Type: "C"}, samples: values("4111111111111112")},
		"USCC by values":      {item: catalog.Item{Code: "a", Name: "主体", Type: "C"}, samples: values("91350100M000100Y43"), want: "uscc values general_1"},
		"e-mail by values":    {item: catalog.Item{Code: "a", Name: "备注", Type: "C"}, samples: values("a@example.cn"), want: "email values general_3"},
		"plate by values":     {item: catalog.Item{Code: "a", Name: "备注", Type: "C"}, samples: values("冀A12345"), want: "plate values general_3"},
		"phone by values":     {item: catalog.Item{Code: "a", Name: "备注", Type: "C"}, samples: values("13800138000"), want: "phone values general_3"},
		"office telephone":    {item: catalog.Item{Code: "a", Name: "单位联系电话", Type: "C"}},
		"phone":               {item: catalog.Item{Code: "a", Name: "联系电话", Type: "C"}, want: "phone name general_3"},
		"applicant":           {item: catalog.Item{Code: "a", Name: "申请人", Type: "C"}, want: "person_name name general_3"},
		"applicant's opinion": {item: catalog.Item{Code: "a", Name: "申请人意见", Type: "C"}},
		"health":              {item: catalog.Item{Code: "a", Name: "诊断结果", Type: "C"}, want: "health name general_4"},
		"health statistics":   {item: catalog.Item{Code: "a", Name: "传染病统计", Type: "I"}},
		"coordinates":         {item: catalog.Item{Code: "a", Name: "经度", Type: "N"}, want: "coordinates name general_2"},
		"column inside word":  {item: catalog.Item{Code: "telegram", Name: "电报", Type: "C"}},
		"highest speaks":      {item: catalog.Item{Code: "sex", Name: "监护人性别", Type: "C"}, want: "minor name general_4"},
	} {
		e := catalog.Entry{Items: []catalog.Item{x.item}}
		got := ""
		for _, p := range catalog.Propose(e, map[string][]string{x.item.Code: x.samples}).Items {
			got = p.Rule + " " + p.By + " " + string(p.Level)
		}
		if got != x.want {
			t.Errorf("%s: got %q, want %q", name, got, x.want)
		}
	}
}

func personal(e *catalog.Entry) {
	e.Items = append(e.Items, catalog.Item{Code: "xm", Name: "姓名", Type: "C", Length: 50, Format: "文字", Description: "姓名", Nullable: true,
		Element: "DE-XM", Level: catalog.General3, Sensitivity: catalog.PersonName, Masked: true})
	e.Level, e.PersonalInfo = catalog.General3, true
}

// The level of the resource is that of its highest item; a reason lets an item
// stay below.
func TestProposalOfTheResource(t *testing.T) {
	t.Parallel()
	e := with(personal)
	e.Items[3].Level = catalog.General1
	if p := catalog.Propose(e, nil); p.Level != catalog.General3 || !p.PersonalInfo {
		t.Errorf("%+v", p)
	}
	e.Items[3].LevelBasis = &catalog.LevelBasis{Reason: "仅为演示用虚构姓名"}
	if p := catalog.Propose(e, nil); p.Level != catalog.General1 {
		t.Errorf("with a reason: %+v", p)
	}
}

// CN-13.2: below the proposal only with a reason, which is kept with who gave it.
func TestLevelsAreConfirmed(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	low := with(personal)
	low.Items[3].Level, low.Items[3].Sensitivity, low.Items[3].Masked, low.PersonalInfo = catalog.General1, "", false, false
	r, v := f.create(t, low)
	basis := v.Entry.Items[3].LevelBasis
	if basis == nil || basis.Rule != "person_name" || basis.Proposed != catalog.General3 || basis.By != f.clerk.Person.ID || v.Entry.Items[0].LevelBasis != nil {
		t.Fatalf("basis %+v", basis)
	}
	if err := f.check(f.newCase(t, "case", v), "entry_complete"); faults(err) != "items[3].level:below_proposal" || basisOf(err, "items[3].level") != "CN-13.2" {
		t.Errorf("below without a reason: %v", err)
	}
	low.Items[3].Level = catalog.General3
	if v = f.edit(t, r, low, v); faults(f.check(f.newCase(t, "case", v), "entry_complete")) != "items[3].sensitivity:below_proposal" {
		t.Error("personal data that is not marked")
	}
	low.Items[3].LevelBasis = &catalog.LevelBasis{Rule: "forged", Proposed: catalog.General1, By: "somebody", Reason: "均为演示用虚构姓名"}
	low.Items[3].Level = catalog.General1
	v = f.edit(t, r, low, v)
	if err := f.check(f.newCase(t, "case", v), "entry_complete"); err != nil {
		t.Errorf("below with a reason: %v", err)
	}
	if got := v.Entry.Items[3].LevelBasis; got.Rule != "person_name" || got.By != f.clerk.Person.ID || got.Reason == "" {
		t.Errorf("the caller wrote %+v", got)
	}
	before := v.Digest
	if v = f.edit(t, r, v.Entry, v); v.Digest != before {
		t.Error("saved unchanged, the digest changed")
	}
}

func (f *fixture) edit(t *testing.T, r catalog.Resource, e catalog.Entry, v catalog.Version) catalog.Version {
	t.Helper()
	v, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, v.Revision)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// What only the rest of the catalog knows is told together with what is missing.
func TestSubmissionTellsEverythingAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	other, _ := f.create(t, with(func(e *catalog.Entry) { e.Name = "另一条目" }))
	e := with(func(e *catalog.Entry) {
		e.Frequency, e.Related = "", []string{"301001/999999", "3010010001/000002", other.Code}
		e.Items[0].Element, e.Items[0].Type, e.Items[0].Length = "DE-QHDM", "C", 20
		e.Items[1].Element = "DE-NOBODY"
	})
	r, v := f.create(t, e)
	if r.Code != "3010010001/000002" {
		t.Fatal(r.Code)
	}
	got := faults(f.check(f.newCase(t, "case", v), "entry_complete"))
	want := "frequency:required related[0]:unknown_resource related[1]:itself items[0].length:departs_from_element items[1].element:unknown_element"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	e.Frequency, e.Related, e.Items[1].Element = "yearly", []string{other.Code}, ""
	e.Items[0].ElementNote = "含历史代码"
	if v = f.edit(t, r, e, v); f.check(f.newCase(t, "case", v), "entry_complete") != nil {
		t.Errorf("said why: %v", f.check(f.newCase(t, "case", v), "entry_complete"))
	}
}

// CN-12: another class gives another code at publication; the earlier one goes
// on finding the resource.
func TestAnotherClass(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	f.publishAll(t, "case", v)
	v, err := f.catalog.NewVersion(ctx, f.clerk, r.ID, "机构改革，改由民政编目")
	if err != nil || v.Reason == "" {
		t.Fatal(err)
	}
	v = f.edit(t, r, with(func(e *catalog.Entry) { e.ClassCode = "103004" }), v)
	if now, _ := f.store.Resource(ctx, r.ID); now.Code != "3010010001/000001" {
		t.Errorf("before publication: %s", now.Code)
	}
	f.publishAll(t, "second", v)
	for _, code := range []string{"3010010001/000001", "103004/000001"} {
		if got, err := f.store.ResourceByCode(ctx, code); err != nil || got.ID != r.ID || got.Code != "103004/000001" {
			t.Errorf("%s: %+v, %v", code, got, err)
		}
	}
	if next, _ := f.create(t, with(func(e *catalog.Entry) { e.Name = "后来的" })); next.Code != "3010010001/000002" {
		t.Errorf("the code is given again: %s", next.Code)
	}
}

func TestFormatTellsItsKind(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	_, v := f.create(t, with(func(e *catalog.Entry) { e.FormatKind, e.Format = "", "服务接口/REST" }))
	if v.Entry.FormatKind != catalog.FormatService {
		t.Errorf("kind %q", v.Entry.FormatKind)
	}
	_, v = f.create(t, with(func(e *catalog.Entry) { e.Name, e.FormatKind, e.Format = "乙", catalog.FormatGraphic, "" }))
	if v.Entry.Format != "图形图像" {
		t.Errorf("format %q", v.Entry.Format)
	}
}

// Everything that is embedded can be read, and what the rules cite exists.
func TestEmbeddedData(t *testing.T) {
	t.Parallel()
	s := catalog.NewScheme(nil, nil, nil)
	all, err := s.Elements(ctx, "", 0)
	if err != nil || len(all) < 60 {
		t.Fatalf("%d elements, %v", len(all), err)
	}
	for _, r := range catalog.LevelRules() {
		for _, code := range r.Elements {
			if _, err := s.Element(ctx, code); err != nil {
				t.Errorf("rule %s cites %s: %v", r.ID, code, err)
			}
		}
	}
	for _, m := range all {
		x := catalog.Item{Code: "x", Name: m.Element.Name, Type: m.Element.Type, Length: m.Element.Length, Decimals: m.Element.Decimals}
		if d := m.Element.Departs(x); d != "" {
			t.Errorf("%s departs from itself in %s", m.Element.Code, d)
		}
		found, err := s.ProposeElements(ctx, []catalog.Item{x})
		if err != nil || len(found["x"]) == 0 || found["x"][0].Element.Code != m.Element.Code {
			t.Errorf("%s is not proposed for its own name: %v", m.Element.Code, found["x"])
		}
	}
	tree, err := s.Tree(ctx, "", 4)
	if err != nil || len(tree) != 3 || len(tree[0].Children) != 6 || len(tree[1].Children) != 12 {
		t.Errorf("classes: %v", err)
	}
	for _, e := range catalog.Vocabulary() {
		for _, w := range e.Words {
			if got, ok := catalog.CodeOf(e.ID, w.Name); !ok || got != w.Code || strings.TrimSpace(w.Name) == "" {
				t.Errorf("%s %s: %s", e.ID, w.Code, got)
			}
		}
	}
}
