package store_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestResourcesAndVersionsReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, got := range []catalog.Resource{get(s.Catalog().Resource(w.ctx, w.resource.ID))(t),
			get(s.Catalog().ResourceByCode(w.ctx, w.resource.Code))(t)} {
			if !reflect.DeepEqual(got, w.resource) {
				t.Errorf("got %+v", got)
			}
		}
		draft := catalog.Version{ID: ident.New(), Resource: w.resource.ID, Number: 2, Status: catalog.Draft, CreatedAt: noon, Revision: 1,
			Entry: catalog.Entry{Name: `引号'"\?$1`, Methods: []catalog.Method{}, Upstream: &catalog.Upstream{URL: "https://x"}}}
		ok(t, s.Catalog().InsertVersion(w.ctx, draft))
		draft.Status, draft.Case, draft.Digest = catalog.Submitted, ident.New(), "aa"
		ok(t, s.Catalog().UpdateVersion(w.ctx, draft))
		wantFault(t, s.Catalog().UpdateVersion(w.ctx, draft), "changed_meanwhile")
		draft.Revision++
		want := []catalog.Version{w.version, draft}
		if got := get(s.Catalog().Versions(w.ctx, w.resource.ID))(t); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := get(s.Catalog().Version(w.ctx, w.resource.ID, 2))(t); !reflect.DeepEqual(got, draft) {
			t.Errorf("got %+v", got)
		}
		got := get(s.Catalog().VersionByID(w.ctx, w.version.ID))(t)
		before, after := get(w.version.Entry.Canonical())(t), get(got.Entry.Canonical())(t)
		if string(before) != string(after) {
			t.Errorf("the canonical entry changed:\n%s\n%s", before, after)
		}
		r := w.resource
		r.Pending = 2
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		wantFault(t, s.Catalog().UpdateResource(w.ctx, r), "changed_meanwhile")
	})
}

func TestNULIsRefused(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := w.draft()
		c.Facts["reasons"] = "a\x00b"
		wantFault(t, s.Cases().InsertCase(w.ctx, c, nil, nil), "nul_character")
		c.Facts["reasons"] = `about \u0000 and \\u0000`
		ok(t, s.Cases().InsertCase(w.ctx, c, nil, nil))
		if got := get(s.Cases().Case(w.ctx, c.ID))(t); got.Facts["reasons"] != c.Facts["reasons"] {
			t.Errorf("got %q", got.Facts["reasons"])
		}
	})
}

func TestAPublishedVersionStaysAsItWas(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		v := w.version
		v.Entry.Abstract = "另一种说法"
		if err := s.Catalog().UpdateVersion(w.ctx, v); err == nil {
			t.Error("the entry of a published version was changed")
		}
		v = w.version
		v.Status = catalog.Draft
		if err := s.Catalog().UpdateVersion(w.ctx, v); err == nil {
			t.Error("a published version became a draft")
		}
		if err := s.Exec(w.ctx, "DELETE FROM resource_versions"); err == nil {
			t.Error("a published version was deleted")
		}
		v = w.version
		v.Status = catalog.Superseded
		ok(t, s.Catalog().UpdateVersion(w.ctx, v))
	})
}

func TestNameTaken(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for name, c := range map[string]struct {
			provider, name, except string
			want                   bool
		}{
			"taken":          {w.provider.ID, "户籍信息", "", true},
			"its own":        {w.provider.ID, "户籍信息", w.resource.ID, false},
			"another's":      {w.consumer.ID, "户籍信息", "", false},
			"part of a name": {w.provider.ID, "户籍", "", false},
		} {
			if got := get(s.Catalog().NameTaken(w.ctx, c.provider, c.name, c.except))(t); got != c.want {
				t.Errorf("%s: %v", name, got)
			}
		}
	})
}

func TestCatalogLists(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		second, _ := w.entry(t, "Vehicle 100% 登记", 2)
		draft := catalog.Resource{ID: ident.New(), Code: "3001/9", Provider: w.provider.ID, Region: "990100", Pending: 1, Version: 1, CreatedAt: noon}
		ok(t, s.Catalog().InsertResource(w.ctx, draft))
		ok(t, s.Catalog().InsertVersion(w.ctx, catalog.Version{ID: ident.New(), Resource: draft.ID, Number: 1, Status: catalog.Draft,
			CreatedAt: noon, Entry: catalog.Entry{Name: "草稿"}}))
		// A draft beside a published version does not show.
		ok(t, s.Catalog().InsertVersion(w.ctx, catalog.Version{ID: ident.New(), Resource: second.ID, Number: 2, Status: catalog.Draft,
			CreatedAt: noon, Entry: catalog.Entry{Name: "改名"}}))
		for name, c := range map[string]struct {
			f    catalog.Filter
			want []string
		}{
			"published":    {catalog.Filter{Published: true}, []string{second.ID, w.resource.ID}},
			"provider's":   {catalog.Filter{Provider: w.provider.ID}, []string{draft.ID, second.ID, w.resource.ID}},
			"other's":      {catalog.Filter{Provider: w.consumer.ID}, nil},
			"attribute":    {catalog.Filter{Attribute: catalog.Withheld, Published: true}, nil},
			"name":         {catalog.Filter{Text: "户籍信", Published: true}, []string{w.resource.ID}},
			"letter case":  {catalog.Filter{Text: "vEHICLE", Published: true}, []string{second.ID}},
			"item":         {catalog.Filter{Text: "证件号", Published: true}, []string{second.ID, w.resource.ID}},
			"provider":     {catalog.Filter{Text: "公安", Published: true}, []string{second.ID, w.resource.ID}},
			"code":         {catalog.Filter{Text: w.resource.Code, Published: true}, []string{w.resource.ID}},
			"percent":      {catalog.Filter{Text: "00%", Published: true}, []string{second.ID}},
			"no wildcards": {catalog.Filter{Text: "V_hicle", Published: true}, nil},
			"draft's name": {catalog.Filter{Text: "改名"}, nil},
			"page":         {catalog.Filter{Published: true, Limit: 1, After: second.ID}, []string{w.resource.ID}},
		} {
			var got []string
			for _, x := range get(s.Catalog().List(w.ctx, c.f))(t) {
				got = append(got, x.Resource.ID)
			}
			if strings.Join(got, " ") != strings.Join(c.want, " ") {
				t.Errorf("%s: got %v, want %v", name, got, c.want)
			}
		}
		at := noon
		want := catalog.Summary{Resource: w.resource, Name: "户籍信息", ProviderName: w.provider.Name, Attribute: catalog.Conditional,
			Abstract: "居民户籍登记", Methods: []catalog.Method{catalog.ServiceAPI}, Collection: catalog.HostedCopy, Items: 2, PublishedAt: &at}
		if got := get(s.Catalog().List(w.ctx, catalog.Filter{Text: "户籍信息"}))(t); len(got) != 1 || !reflect.DeepEqual(got[0], want) {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
}

func TestGrantsReadBack(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		again := g
		again.ID = ident.New()
		wantFault(t, s.Sharing().InsertGrant(w.ctx, again), "already_exists")
		later := noon.Add(time.Microsecond)
		g.TerminatedAt, g.DeliveredAt, g.Clear = &later, &later, []string{"id_no"}
		flagged := g
		flagged.SuspendedProvider = true // derived from holds: an update leaves it alone
		ok(t, s.Sharing().UpdateGrant(w.ctx, flagged))
		wantFault(t, s.Sharing().UpdateGrant(w.ctx, g), "changed_meanwhile")
		g.Version++
		if got := get(s.Sharing().Grant(w.ctx, g.ID))(t); !reflect.DeepEqual(got, g) {
			t.Errorf("got  %+v\nwant %+v", got, g)
		}
		if got := get(s.Sharing().GrantOfCase(w.ctx, g.Case))(t); got.ID != g.ID {
			t.Errorf("got %+v", got)
		}
		backwards := w.grant()
		backwards.NotAfter = backwards.NotBefore
		if err := s.Sharing().InsertGrant(w.ctx, backwards); err == nil {
			t.Error("a grant that is never in force was stored")
		}
	})
}
