package catalog_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/catalog/catalogtest"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/org/orgtest"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

var (
	noon = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)
	ctx  = context.Background()
)

type acts []procedure.Act

func (a *acts) Acts(context.Context, string) ([]procedure.Act, error) { return *a, nil }

type fixture struct {
	*orgtest.World
	store    *catalogtest.Store
	catalog  *catalog.Service
	refusals []catalog.Refusal
	acts     acts

	clerk, stranger, supervisor org.Principal
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	clk := clock.NewFake(noon)
	f := &fixture{World: orgtest.NewWorld(t, clk)}
	f.store = catalogtest.NewStore(f.Store)
	f.catalog = catalog.NewService(f.store, f.store, f.Service, clk,
		catalog.WithRefusals(func(_ context.Context, r catalog.Refusal) error {
			f.refusals = append(f.refusals, r)
			return nil
		}), catalog.WithActs(&f.acts))
	d, other := f.Department(t, "民政厅", "130000"), f.Department(t, "公安厅", "130000")
	f.Office(t, d)
	f.Office(t, other)
	f.clerk, f.stranger = f.Person(t, d, org.Clerk), f.Person(t, other, org.Clerk)
	f.supervisor = f.Person(t, f.Root.Department, org.Supervisor)
	return f
}

func (f *fixture) create(t *testing.T, e catalog.Entry) (catalog.Resource, catalog.Version) {
	t.Helper()
	r, v, err := f.catalog.CreateDraft(ctx, f.clerk, e)
	if err != nil {
		t.Fatal(err)
	}
	return r, v
}

// newCase opens a publication case the way the engine does.
func (f *fixture) newCase(t *testing.T, id string, v catalog.Version) *procedure.Case {
	t.Helper()
	c := &procedure.Case{ID: id, Subject: v.ID, Parties: map[string]string{}, Facts: map[string]any{}}
	if err := f.catalog.Hooks().Prepares["catalog.publication_subject"](ctx, f.clerk, c); err != nil {
		t.Fatal(err)
	}
	return c
}

func (f *fixture) check(c *procedure.Case, name string) error {
	return f.catalog.Hooks().Checks["catalog."+name](ctx, c, procedure.Step{})
}

// effect runs an effect and keeps the act and what it brought, like the engine.
func (f *fixture) effect(c *procedure.Case, name string, fields map[string]any) (*procedure.Act, error) {
	act := &procedure.Act{Case: c.ID, At: noon, Fields: fields, Results: map[string]any{}}
	for k, x := range fields {
		c.Facts[k] = x
	}
	err := f.catalog.Hooks().Effects["catalog."+name](ctx, c, act)
	f.acts = append(f.acts, *act)
	return act, err
}

func (f *fixture) assess(t *testing.T, c *procedure.Case, field, conclusion string) {
	t.Helper()
	if _, err := f.effect(c, "note_assessment", map[string]any{field: conclusion}); err != nil {
		t.Fatal(err)
	}
}

// publishAll takes a pending version to publication.
func (f *fixture) publishAll(t *testing.T, id string, v catalog.Version) *procedure.Act {
	t.Helper()
	c := f.newCase(t, id, v)
	f.assess(t, c, "secrecy_conclusion", "pass")
	if v.Entry.PersonalInfo {
		f.assess(t, c, "privacy_conclusion", "pass")
	}
	if _, err := f.effect(c, "mark_submitted", nil); err != nil {
		t.Fatal(err)
	}
	act, err := f.effect(c, "publish", nil)
	if err != nil {
		t.Fatal(err)
	}
	return act
}

func TestCreateDraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, with(func(e *catalog.Entry) { e.Name = " 行政区划代码 " }))
	if r.Code != "3010010001/000001" || r.Pending != 1 || r.Region != "130000" || v.Status != catalog.Draft || v.Entry.Name != "行政区划代码" {
		t.Errorf("%+v %+v", r, v)
	}
	if _, _, err := f.catalog.CreateDraft(ctx, f.clerk, catalogtest.Entry()); faults(err) != "name:name_taken" {
		t.Errorf("same name: %v", err)
	}
	if _, _, err := f.catalog.CreateDraft(ctx, f.stranger, catalogtest.Entry()); err != nil {
		t.Errorf("same name of another provider: %v", err)
	}
	bare := f.Person(t, f.Department(t, "水利厅", "130000"), org.Clerk)
	if _, _, err := f.catalog.CreateDraft(ctx, bare, catalogtest.Entry()); !fault.Is(err, "sharing_office_incomplete") {
		t.Errorf("no office: %v", err)
	}
	if _, _, err := f.catalog.CreateDraft(ctx, f.supervisor, catalogtest.Entry()); !fault.Is(err, "role_missing") {
		t.Errorf("supervisor: %v", err)
	}
}

// CN-3: refused at entry, recorded without its content, nothing kept.
func TestSecretsAreRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	const content = "天机"
	marked := map[string]func(*catalog.Entry){
		"secrecy_marking":      func(e *catalog.Entry) { e.SecrecyMarking = content },
		"abstract":             func(e *catalog.Entry) { e.Abstract = content + "机密★10年" },
		"items[1].description": func(e *catalog.Entry) { e.Items[1].Description = "秘密 ★ " + content },
	}
	for path, change := range marked {
		e := with(change)
		e.Name = "另一条" + content
		_, _, err := f.catalog.CreateDraft(ctx, f.clerk, e)
		if faults(err) != path+":secret" || strings.Contains(fmt.Sprint(err), content) {
			t.Errorf("%s: %v", path, err)
		}
		if x, ok := fault.As(err); !ok || x.Basis != "CN-3" {
			t.Errorf("%s: basis of %v", path, err)
		}
		if _, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, v.Revision); !fault.Is(err, "secret_refused") {
			t.Errorf("edit %s: %v", path, err)
		}
	}
	if len(f.refusals) != 2*len(marked) || strings.Contains(fmt.Sprint(f.refusals), content) {
		t.Errorf("records: %+v", f.refusals)
	}
	if _, _, got, err := f.catalog.Get(ctx, f.clerk, r.ID); err != nil || got.Revision != v.Revision {
		t.Errorf("after refusals: %+v, %v", got, err)
	}
}

func TestEditDraft(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	e := with(func(e *catalog.Entry) { e.Abstract = "新摘要" })
	got, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, v.Revision)
	if err != nil || got.Revision != v.Revision+1 || got.Digest == v.Digest {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, v.Revision); !fault.Is(err, "changed_meanwhile") {
		t.Errorf("old revision: %v", err)
	}
	if _, err := f.catalog.EditDraft(ctx, f.stranger, r.ID, e, got.Revision); !fault.Is(err, "not_found") {
		t.Errorf("stranger: %v", err)
	}
	e.ClassCode = "9990010001"
	if _, err := f.catalog.EditDraft(ctx, f.clerk, r.ID, e, got.Revision); faults(err) != "class_code:unknown_class" {
		t.Errorf("another class: %v", err)
	}
}

func TestVisibilityOfPublished(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, with(linked))
	f.publishAll(t, "case", v)
	if _, got, _, err := f.catalog.Get(ctx, f.stranger, r.ID); err != nil || got.Entry.Upstream != nil || got.CreatedBy != "" {
		t.Errorf("a stranger learns the upstream: %+v, %v", got, err)
	}
	if _, got, _, err := f.catalog.Get(ctx, f.clerk, r.ID); err != nil || got.Entry.Upstream == nil {
		t.Errorf("the provider does not: %+v, %v", got, err)
	}
	if _, full, err := f.catalog.Published(ctx, r.ID); err != nil || full.Entry.Upstream == nil {
		t.Errorf("other features do not: %+v, %v", full, err)
	}
	list, err := f.catalog.List(ctx, f.stranger, catalog.Filter{Published: true})
	if err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if _, err := f.catalog.List(ctx, f.stranger, catalog.Filter{Provider: r.Provider}); !fault.Is(err, "drafts_hidden") {
		t.Errorf("a stranger lists drafts: %v", err)
	}
	for name, p := range map[string]org.Principal{"own": f.clerk, "authority": f.supervisor} {
		if list, err := f.catalog.List(ctx, p, catalog.Filter{Provider: r.Provider}); err != nil || len(list) != 1 {
			t.Errorf("%s: %v, %v", name, list, err)
		}
	}
}

func TestLoadRows(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r, v := f.create(t, catalogtest.Entry())
	good := []catalog.Row{{"code": "130000", "name": "河北省", "area": 188800.0}, {"code": "130100", "name": "石家庄市"}}
	if err := f.catalog.LoadRows(ctx, f.clerk, r.ID, good); !fault.Is(err, "resource_not_published") {
		t.Errorf("rows of a draft: %v", err)
	}
	f.publishAll(t, "case", v)
	if err := f.catalog.LoadRows(ctx, f.stranger, r.ID, good); !fault.Is(err, "role_missing") {
		t.Errorf("stranger: %v", err)
	}
	if err := f.catalog.LoadRows(ctx, f.clerk, r.ID, good); err != nil || len(f.store.Rows[r.ID]) != 2 {
		t.Fatalf("%v, %v", f.store.Rows, err)
	}
	for want, row := range map[string]catalog.Row{
		"rows[0].code:required":  {"name": "x"},
		"rows[0].name:required":  {"code": "1", "name": nil},
		"rows[0].name:type":      {"code": "1", "name": 7.0},
		"rows[0].area:type":      {"code": "1", "name": "x", "area": "大"},
		"rows[0].name:too_long":  {"code": "1", "name": strings.Repeat("长", 21)},
		"rows[0]:unknown_item":   {"code": "1", "name": "x", "other": "x"},
		"rows[0].code:type":      {"code": "\x00", "name": "x"},
		"rows[0].code:required ": {"code": "", "name": "x"},
	} {
		if got := faults(f.catalog.LoadRows(ctx, f.clerk, r.ID, []catalog.Row{row})); got != strings.TrimSpace(want) {
			t.Errorf("got %q; want %q", got, want)
		}
	}
	if got := faults(f.catalog.LoadRows(ctx, f.clerk, r.ID, []catalog.Row{good[0], good[0]})); got != "rows[1]:duplicate_key" {
		t.Errorf("same key twice: %q", got)
	}
	many := make([]catalog.Row, 1000)
	err := f.catalog.LoadRows(ctx, f.clerk, r.ID, many)
	if x, ok := fault.As(err); !ok || len(x.Fields) != 50 {
		t.Errorf("a thousand empty rows: %v", err)
	}
	if err := f.catalog.LoadRows(ctx, f.clerk, r.ID, make([]catalog.Row, catalog.MaxRows+1)); !fault.Is(err, "too_many_rows") {
		t.Errorf("too many: %v", err)
	}
	if len(f.store.Rows[r.ID]) != 2 {
		t.Errorf("refusals left rows: %v", f.store.Rows)
	}
}
