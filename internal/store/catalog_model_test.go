package store_test

import (
	"context"
	"reflect"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/store"
)

// newDraft writes a draft of a name, as the service does.
func (w *world) newDraft(ctx context.Context, name string) (catalog.Resource, error) {
	r := catalog.Resource{ID: ident.New(), Code: "301001/" + ident.New(), Provider: w.provider.ID, Region: w.provider.Region, Pending: 1, Version: 1, CreatedAt: noon}
	return r, w.Do(ctx, func(ctx context.Context) error {
		if err := w.Catalog().InsertResource(ctx, r); err != nil {
			return err
		}
		return w.Catalog().InsertVersion(ctx, catalog.Version{ID: ident.New(), Resource: r.ID, Number: 1, Status: catalog.Draft,
			CreatedAt: noon, Revision: 1, Entry: catalog.Entry{Name: name}})
	})
}

// CN-12: of drafts of one name that come at once exactly one is kept.
func TestOfDraftsOfOneNameOneWins(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() { _, errs[i] = w.newDraft(w.ctx, "同名") })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if f, is := fault.As(err); !is || f.Code != "name_taken" || f.Kind != fault.Conflict {
				t.Errorf("lost by %v", err)
			}
		}
		if won != 1 {
			t.Errorf("%d drafts of one name", won)
		}
		if n := get(s.Text(w.ctx, "SELECT count(*) FROM resource_versions WHERE name = '同名'"))(t); n != "1" {
			t.Errorf("%s versions", n)
		}
	})
}

// A name is free again when nothing published or pending bears it.
func TestNamesAreFreed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		taken := func(name string) bool { return get(s.Catalog().NameTaken(w.ctx, w.provider.ID, name, ""))(t) }
		pending := catalog.Version{ID: ident.New(), Resource: w.resource.ID, Number: 2, Status: catalog.Draft, CreatedAt: noon, Revision: 1, Entry: catalog.Entry{Name: "新名"}, Reason: "更名"}
		r := w.resource
		ok(t, s.Catalog().InsertVersion(w.ctx, pending))
		r.Pending = 2
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		if !taken("户籍信息") || !taken("新名") {
			t.Error("both names are borne")
		}
		_, err := w.newDraft(w.ctx, "新名")
		wantFault(t, err, "name_taken")
		r.Version, r.Published, r.Pending = 2, 2, 0
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		if taken("户籍信息") || !taken("新名") {
			t.Error("the earlier name is free")
		}
		if _, err := w.newDraft(w.ctx, "户籍信息"); err != nil {
			t.Error(err)
		}
		if got := get(s.Catalog().Version(w.ctx, r.ID, 2))(t); got.Reason != "更名" {
			t.Errorf("reason %q", got.Reason)
		}
	})
}

func TestEarlierCodes(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		ok(t, s.Catalog().KeepCode(w.ctx, "301001/000009", w.resource.ID, noon))
		if got := get(s.Catalog().ResourceByCode(w.ctx, "301001/000009"))(t); got.ID != w.resource.ID {
			t.Errorf("got %+v", got)
		}
		_, err := s.Catalog().ResourceByCode(w.ctx, "301001/000008")
		wantFault(t, err, "not_found")
		wantFault(t, s.Catalog().KeepCode(w.ctx, "301001/000009", w.resource.ID, noon), "already_exists")
		for _, statement := range []string{"DELETE FROM resource_codes", "UPDATE resource_codes SET code = 'x'"} {
			if s.Exec(w.ctx, statement) == nil {
				t.Errorf("%s was run", statement)
			}
		}
	})
}

func TestSchemeStore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		at := noon
		c := catalog.Class{Code: "301001500", Parent: "301", Name: "档案", Note: "n", Region: "990000", Authority: w.consumer.ID, AddedBy: w.person.ID, AddedAt: &at}
		ok(t, s.Scheme().InsertClass(w.ctx, c))
		wantFault(t, s.Scheme().InsertClass(w.ctx, c), "already_exists")
		if a, b := get(s.Scheme().NextClass(w.ctx, "301"))(t), get(s.Scheme().NextClass(w.ctx, "301"))(t); a != 1 || b != 2 {
			t.Errorf("numbers %d, %d", a, b)
		}
		ok(t, s.Scheme().EndClass(w.ctx, c.Code, "合并", at))
		c.EndedAt, c.Reason = &at, "合并"
		if got := get(s.Scheme().Classes(w.ctx))(t); !reflect.DeepEqual(got, []catalog.Class{c}) {
			t.Errorf("got %+v", got)
		}
		_, err := s.Scheme().Class(w.ctx, "301999")
		wantFault(t, err, "not_found")
		if s.Exec(w.ctx, "DELETE FROM catalog_classes") == nil {
			t.Error("a class was deleted")
		}

		e := catalog.Element{Code: "DE-DABH", Version: 1, Name: "档案编号", EnglishName: "Archive No", Type: "C", Length: 20, Format: "字符", Definition: "d",
			Aliases: []string{"卷宗号"}, By: w.person.ID, Authority: w.consumer.ID, At: &at, Domain: &catalog.Domain{Pattern: `\d+`}}
		ok(t, s.Scheme().InsertElement(w.ctx, e))
		later := e
		later.Version, later.Length, later.Reason = 2, 30, "加长"
		ok(t, s.Scheme().InsertElement(w.ctx, later))
		wantFault(t, s.Scheme().InsertElement(w.ctx, later), "already_exists")
		if got := get(s.Scheme().ElementVersions(w.ctx, e.Code))(t); !reflect.DeepEqual(got, []catalog.Element{e, later}) {
			t.Errorf("got %+v", got)
		}
		for text, n := range map[string]int{"": 1, "档案": 1, "卷宗": 1, "archive": 1, "de-da": 1, "100%": 0} {
			got := get(s.Scheme().FindElements(w.ctx, text, 10))(t)
			if len(got) != n || n == 1 && got[0].Version != 2 {
				t.Errorf("%q: %+v", text, got)
			}
		}
		if got := get(s.Scheme().LatestElements(w.ctx, []string{"DE-DABH", "DE-XM"}))(t); len(got) != 1 || got[0].Length != 30 {
			t.Errorf("got %+v", got)
		}
		for _, statement := range []string{"DELETE FROM standard_elements", "UPDATE standard_elements SET reason = 'x'"} {
			if s.Exec(w.ctx, statement) == nil {
				t.Errorf("%s was run", statement)
			}
		}
	})
}
