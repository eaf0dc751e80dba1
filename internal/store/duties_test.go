package store_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/project"
	"github.com/shuqiao/shuqiao/internal/store"
)

// withElement publishes a new version of the world's resource whose second
// item names a standard element.
func (w *world) withElement(t *testing.T, attribute catalog.Attribute) {
	t.Helper()
	old := get(w.Catalog().Version(w.ctx, w.resource.ID, 1))(t)
	v := old
	v.ID, v.Number, v.Revision = ident.New(), 2, 1
	v.Entry.Attribute = attribute
	v.Entry.Items = []catalog.Item{{Code: "id_no", Name: "证件号码", Element: "DE-1", Authoritative: true}, {Code: "sex", Name: "性别"}}
	old.Status = catalog.Superseded
	ok(t, w.Catalog().UpdateVersion(w.ctx, old))
	ok(t, w.Catalog().InsertVersion(w.ctx, v))
	r := get(w.Catalog().Resource(w.ctx, w.resource.ID))(t)
	r.Published = 2
	ok(t, w.Catalog().UpdateResource(w.ctx, r))
}

func eachItem(t *testing.T, w *world) (out []catalog.PublishedItem) {
	t.Helper()
	ok(t, w.EachItem(w.ctx, func(x catalog.PublishedItem) error {
		out = append(out, x)
		return nil
	}))
	return out
}

// The index of published items follows what is published, and the migration
// fills it as publishing does.
func TestPublishedItemsFollowThePublishedVersion(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		if got := eachItem(t, w); len(got) != 2 || got[0].Code != "id_no" || got[1].Name != "姓名" {
			t.Errorf("at first: %+v", got)
		}
		w.withElement(t, catalog.Unconditional)
		want := catalog.PublishedItem{Resource: w.resource.ID, ResourceName: "户籍信息", Provider: w.provider.ID, Region: "990100",
			Attribute: catalog.Unconditional, Code: "id_no", Name: "证件号码", Element: "DE-1", Authoritative: true}
		got := eachItem(t, w)
		if len(got) != 2 || got[0] != want || got[1].Code != "sex" {
			t.Errorf("the new version: %+v", got)
		}
		engine := "sqlite"
		if s.Concurrent() {
			engine = "postgres"
		}
		source := get(store.Migrations.ReadFile("migrations/" + engine + "/0012_catalog2.sql"))(t)
		_, fill, _ := strings.Cut(string(source), "INSERT INTO published_items")
		fill, _, _ = strings.Cut(fill, ";")
		ok(t, s.Exec(w.ctx, "DELETE FROM published_items"))
		ok(t, s.Exec(w.ctx, "INSERT INTO published_items (resource, code, resource_name, provider, region, attribute, name, element, authoritative)"+fill))
		if again := eachItem(t, w); !reflect.DeepEqual(again, got) {
			t.Errorf("migrated: %+v\nwritten: %+v", again, got)
		}
		for region, n := range map[string]int{"100000": 1, "990000": 1, "990100": 1, "980000": 0, "990200": 0} {
			if got := get(s.Sources().ItemsWithElement(w.ctx, region))(t); len(got) != n {
				t.Errorf("territory %s: %+v", region, got)
			}
		}
		if got := get(s.Sources().ItemsOfElement(w.ctx, ""))(t); len(got) != 0 {
			t.Errorf("items of no element: %+v", got)
		}
	})
}

func TestWithheldItemsAreNotToBeHad(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.withElement(t, catalog.Withheld)
		if got := eachItem(t, w); len(got) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

func TestExpectedUpdates(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c, at := w.openCase(t), noon
		u := catalog.ExpectedUpdate{Case: c.ID, Resource: w.resource.ID}
		ok(t, s.Changes().InsertExpected(w.ctx, u))
		wantFault(t, s.Changes().InsertExpected(w.ctx, u), "already_exists")
		u.Publication, u.FiledAt = ident.New(), &at
		ok(t, s.Changes().UpdateExpected(w.ctx, u))
		if got := get(s.Changes().ExpectedOfResource(w.ctx, w.resource.ID))(t); len(got) != 1 || !reflect.DeepEqual(got[0], u) {
			t.Errorf("%+v", got)
		}
		u.PublishedAt = &at
		ok(t, s.Changes().UpdateExpected(w.ctx, u))
		if got := get(s.Changes().ExpectedOfResource(w.ctx, w.resource.ID))(t); len(got) != 0 {
			t.Errorf("still expected: %+v", got)
		}
		ok(t, s.Changes().DropExpected(w.ctx, c.ID))
		if got := get(s.Changes().ExpectedOfCase(w.ctx, c.ID))(t); len(got) != 1 {
			t.Errorf("what was done is gone: %+v", got)
		}
	})
}

func TestLeavesAndNegativeList(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		l := catalog.Leave{ID: ident.New(), Resource: w.resource.ID, Version: 1, Attribute: catalog.Conditional, Removed: []string{"救助"}, Case: c.ID, At: noon}
		ok(t, s.Reviews().InsertLeave(w.ctx, l))
		if got := get(s.Reviews().Leaves(w.ctx, w.resource.ID, 1))(t); !reflect.DeepEqual(got, []catalog.Leave{l}) {
			t.Errorf("%+v", got)
		}
		if got := get(s.Reviews().Leaves(w.ctx, w.resource.ID, 2))(t); len(got) != 0 {
			t.Errorf("of another version: %+v", got)
		}
		n := catalog.NegativeEntry{ID: ident.New(), Resource: w.resource.ID, Provider: w.provider.ID, Region: "990100", Authority: w.consumer.ID,
			Name: "户籍信息", Reason: "隐私", LegalBasis: "《某法》第一条", ApprovalNumber: "甲政1号", ApprovedOn: "2026-03-01",
			ApprovalDocument: strings.Repeat("ab", 32), Case: c.ID, ListedAt: noon}
		wantFault(t, func() error { _, err := s.Reviews().Negative(w.ctx, w.resource.ID); return err }(), "not_found")
		ok(t, s.Reviews().InsertNegative(w.ctx, n))
		twice := n
		twice.ID = ident.New()
		wantFault(t, s.Do(w.ctx, func(ctx context.Context) error { return s.Reviews().InsertNegative(ctx, twice) }), "already_exists")
		if got := get(s.Reviews().Negative(w.ctx, w.resource.ID))(t); !reflect.DeepEqual(got, n) {
			t.Errorf("%+v", got)
		}
		for region, want := range map[string]int{"": 1, "990000": 1, "980000": 0} {
			if got := get(s.Reviews().Negatives(w.ctx, catalog.NegativeFilter{Region: region}))(t); len(got) != want {
				t.Errorf("territory %q: %+v", region, got)
			}
		}
		ok(t, s.Reviews().EndNegative(w.ctx, w.resource.ID, noon))
		ok(t, s.Reviews().InsertNegative(w.ctx, twice)) // listed again later
		if got := get(s.Reviews().Negatives(w.ctx, catalog.NegativeFilter{}))(t); len(got) != 1 || got[0].ID != twice.ID {
			t.Errorf("%+v", got)
		}
	})
}

func TestSources(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c, asked := w.openCase(t), w.openCase(t)
		x := catalog.Source{ID: ident.New(), Authority: w.consumer.ID, Region: "990000", Element: "DE-1", Name: "证件", Department: w.provider.ID, Case: c.ID, DesignatedAt: noon}
		ok(t, s.Sources().ReplaceSource(w.ctx, x))
		if got := get(s.Sources().Source(w.ctx, w.consumer.ID, "DE-1"))(t); !reflect.DeepEqual(got, x) {
			t.Errorf("%+v", got)
		}
		next := x
		next.ID, next.Department, next.DesignatedAt = ident.New(), w.consumer.ID, noon.Add(time.Hour)
		ok(t, s.Sources().ReplaceSource(w.ctx, next))
		for region, want := range map[string]int{"100000": 1, "990000": 1, "990100": 1, "980000": 0} {
			got := get(s.Sources().Sources(w.ctx, region))(t)
			if len(got) != want || want == 1 && got[0].ID != next.ID {
				t.Errorf("seen from %s: %+v", region, got)
			}
		}
		q := catalog.Consultation{Case: asked.ID, Of: c.ID, Department: w.provider.ID}
		ok(t, s.Sources().InsertConsultation(w.ctx, q))
		ok(t, s.Sources().AnswerConsultation(w.ctx, asked.ID, "agree", noon))
		at := noon
		q.Opinion, q.AnsweredAt = "agree", &at
		if got := get(s.Sources().Consultations(w.ctx, c.ID))(t); !reflect.DeepEqual(got, []catalog.Consultation{q}) {
			t.Errorf("%+v", got)
		}
	})
}

func TestCollectionStore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		var duties []collection.Duty
		for range 1201 {
			duties = append(duties, collection.Duty{ID: ident.New(), Department: w.provider.ID, Region: "990100", Name: "证件", Case: c.ID, DecidedAt: noon})
		}
		ok(t, s.Collection().ReplaceDuties(w.ctx, w.provider.ID, duties))
		if got := get(s.Collection().Duties(w.ctx, w.provider.ID))(t); !reflect.DeepEqual(got, duties) {
			t.Errorf("%d duties", len(got))
		}
		ok(t, s.Collection().ReplaceDuties(w.ctx, w.provider.ID, nil))
		if got := get(s.Collection().Duties(w.ctx, w.provider.ID))(t); len(got) != 0 {
			t.Errorf("%d duties", len(got))
		}

		x := collection.Exemption{ID: ident.New(), Resource: w.resource.ID, Provider: w.provider.ID, Region: "990100", Name: "户籍信息", Reason: "旧", IntervalHours: 24, Case: c.ID, FiledAt: noon}
		ok(t, s.Collection().PutExemption(w.ctx, x))
		x.ID, x.IntervalHours = ident.New(), 12
		ok(t, s.Collection().PutExemption(w.ctx, x))
		if got := get(s.Collection().Exemptions(w.ctx, "990000", 10))(t); !reflect.DeepEqual(got, []collection.Exemption{x}) {
			t.Errorf("%+v", got)
		}

		l := collection.Library{ID: c.ID, Kind: "base", Domain: "population", Name: "人口", Lead: w.provider.ID, Region: "990000", CreatedAt: noon}
		ok(t, s.Collection().InsertLibrary(w.ctx, l))
		second := l
		second.ID = w.openCase(t).ID
		wantFault(t, s.Collection().InsertLibrary(w.ctx, second), "already_exists")
		for range 2 {
			ok(t, s.Collection().AssignResource(w.ctx, l.ID, w.resource.ID))
		}
		l.Resources = []string{w.resource.ID}
		if got := get(s.Collection().Library(w.ctx, l.ID))(t); !reflect.DeepEqual(got, l) {
			t.Errorf("%+v", got)
		}
		ok(t, s.Collection().RemoveResource(w.ctx, l.ID, w.resource.ID))
		ok(t, s.Collection().EndLibrary(w.ctx, l.ID, noon))
		ok(t, s.Collection().InsertLibrary(w.ctx, second))
		if got := get(s.Collection().Libraries(w.ctx, "990100"))(t); len(got) != 1 || got[0].ID != second.ID {
			t.Errorf("%+v", got)
		}
	})
}

func TestProjectDocuments(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.openCase(t)
		if a, b := get(s.Projects().NextDocument(w.ctx, "验收-2026"))(t), get(s.Projects().NextDocument(w.ctx, "验收-2026"))(t); a != 1 || b != 2 {
			t.Errorf("numbers %d, %d", a, b)
		}
		d := project.Document{ID: ident.New(), Number: "验收-2026-000001", Kind: project.Certificate, Case: c.ID, Department: w.provider.ID, Region: "990100",
			Title: "系统", Body: project.Body{Number: "验收-2026-000001", Findings: []project.Finding{{Asset: "<a> & b"}}, Basis: []string{"XN-14"}}, IssuedAt: noon}
		d.Digest = get(d.Body.Sum())(t)
		ok(t, s.Projects().InsertDocument(w.ctx, d))
		got := get(s.Projects().Document(w.ctx, d.ID))(t)
		if sum := get(got.Body.Sum())(t); !reflect.DeepEqual(got, d) || sum != d.Digest {
			t.Errorf("%+v, digest %s", got, sum)
		}
		for f, want := range map[project.Filter]int{{}: 1, {Case: c.ID}: 1, {Case: "x"}: 0, {Department: w.consumer.ID}: 0, {Region: "990000"}: 1, {Region: "980000"}: 0} {
			if got := get(s.Projects().Documents(w.ctx, f))(t); len(got) != want {
				t.Errorf("%+v: %d", f, len(got))
			}
		}
		if err := s.Exec(w.ctx, "UPDATE project_documents SET title = 'x'"); err == nil {
			t.Error("a document was changed")
		}
		if called := get(s.Projects().Called(w.ctx, w.resource.ID))(t); called {
			t.Error("called without a grant")
		}
		g, at := w.grant(), noon
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		g.DeliveredAt = &at
		ok(t, s.Sharing().UpdateGrant(w.ctx, g))
		if called := get(s.Projects().Called(w.ctx, w.resource.ID))(t); !called {
			t.Error("the call is not seen")
		}
	})
}
