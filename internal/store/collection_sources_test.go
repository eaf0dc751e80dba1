package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/store"
)

func element(code, element string, authoritative bool) catalog.Item {
	return catalog.Item{Code: code, Name: "数据项" + code, Element: element, Authoritative: authoritative}
}

// The map of a government counts its own departments only and follows
// publications and designations.
func TestSourceMap(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		authority, police, civil := w.department(t, "甲省数据局", "990000"), w.department(t, "甲省公安厅", "990000"), w.consumer
		ok(t, s.Org().SetAuthority(w.ctx, "990000", authority.ID))
		city := w.department(t, "乙市数据局", "990100")
		ok(t, s.Org().SetAuthority(w.ctx, "990100", city.ID))
		w.publish(t, police, element("a", "DE-1", true), element("b", "DE-1", false), element("c", "DE-2", false))
		w.publish(t, civil, element("a", "DE-1", false), element("d", "DE-3", false))
		w.publish(t, w.provider, element("a", "DE-1", true), element("e", "DE-5", false)) // of the city
		c := w.openCase(t)
		put := func(id, element, department string, at time.Time) {
			ok(t, s.Sources().ReplaceSource(w.ctx, catalog.Source{ID: id, Authority: authority.ID, Region: "990000", Element: element, Name: "元" + element, Department: department, Case: c.ID, DesignatedAt: at}))
		}
		service := comparing(s)
		people := org.Principal{Department: authority, Territory: "990000"}
		state := func(f collection.MapFilter) map[string]collection.ElementState {
			out := map[string]collection.ElementState{}
			for _, l := range get(service.SourceMap(w.ctx, people, f))(t).Lines {
				out[l.Element] = l.State
			}
			return out
		}
		if got := state(collection.MapFilter{}); !reflect.DeepEqual(got, map[string]collection.ElementState{"DE-1": collection.Unsettled, "DE-2": collection.Single, "DE-3": collection.Single}) {
			t.Errorf("at first: %v", got)
		}
		put(ident.New(), "DE-1", civil.ID, noon.Add(-time.Hour))
		put(ident.New(), "DE-1", civil.ID, noon)
		put(ident.New(), "DE-4", police.ID, noon)
		m := get(service.SourceMap(w.ctx, people, collection.MapFilter{Limit: 2}))(t)
		if m.Next != "DE-2" || m.Conflicts != 1 || m.Authority != authority.ID ||
			!reflect.DeepEqual(m.Counts, map[collection.ElementState]int{collection.Designated: 1, collection.Single: 2, collection.Unpublished: 1}) {
			t.Errorf("after the designations: %+v", m)
		}
		if l := m.Lines[0]; l.Departments != 2 || l.Resources != 2 || l.Items != 3 || !l.Conflict || l.Source == nil || l.Source.Department != civil.ID || l.Name != "元DE-1" {
			t.Errorf("the first line: %+v", l)
		}
		if got := state(collection.MapFilter{After: "DE-2", State: collection.Unpublished}); !reflect.DeepEqual(got, map[string]collection.ElementState{"DE-4": collection.Unpublished}) {
			t.Errorf("narrowed: %v", got)
		}
		if got := state(collection.MapFilter{Region: "990100"}); !reflect.DeepEqual(got, map[string]collection.ElementState{"DE-1": collection.Single, "DE-5": collection.Single}) {
			t.Errorf("the city's: %v", got)
		}
		for name, p := range map[string]org.Principal{"a department": {Department: civil}, "the city looks up": {Department: city, Territory: "990100"}} {
			if _, err := service.SourceMap(w.ctx, p, collection.MapFilter{Region: "990000"}); !fault.Is(err, "map_hidden") {
				t.Errorf("%s: %v", name, err)
			}
		}

		e := get(service.ElementSources(w.ctx, org.Principal{Department: civil}, "DE-1", "", "", 3))(t)
		if e.Source == nil || len(e.Earlier) != 1 || len(e.Departments) != 3 || len(e.Items) != 3 || !e.Conflict || e.Next == "" {
			t.Errorf("the element: %+v", e)
		}
		if rest := get(service.ElementSources(w.ctx, org.Principal{Department: civil}, "DE-1", "", e.Next, 3))(t); len(rest.Items) != 1 || rest.Items[0].Provider != w.provider.ID || rest.Next != "" {
			t.Errorf("the second page: %+v", rest.Items)
		}
		if _, err := service.ElementSources(w.ctx, org.Principal{Department: civil}, "DE-9", "", "", 3); !fault.Is(err, "not_found") {
			t.Errorf("an unknown element: %v", err)
		}
		codes := func(list []collection.DepartmentElement) (out []string) {
			for _, x := range list {
				out = append(out, x.Element)
			}
			return out
		}
		own, others, open, err := service.DepartmentSources(w.ctx, org.Principal{}, police.ID)
		ok(t, err)
		if !reflect.DeepEqual([][]string{codes(own), codes(others), codes(open)}, [][]string{{"DE-4"}, {"DE-1"}, {"DE-2"}}) {
			t.Errorf("the police: %v, %v, %v", own, others, open)
		}
		w.sumsAgree(t)
	})
}

// A further version takes what it no longer has out of the sums.
func TestSumsFollowVersions(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.publish(t, w.provider, element("a", "DE-1", true), element("b", "DE-2", false))
		w.withElement(t, catalog.Conditional)
		w.sumsAgree(t)
		got := get(s.Collection().ElementsOfProvider(w.ctx, w.provider.ID))(t)
		if len(got) != 2 || got[0].Items != 2 || got[0].Resources != 2 || got[0].Authoritative != 2 {
			t.Errorf("%+v", got)
		}
	})
}

// sumsAgree compares the sums with what is published.
func (w *world) sumsAgree(t *testing.T) {
	t.Helper()
	type sum struct{ items, authoritative int }
	want, got := map[[2]string]sum{}, map[[2]string]sum{}
	for _, x := range eachItem(t, w) {
		if x.Element != "" {
			k := [2]string{x.Provider, x.Element}
			n := want[k]
			n.items++
			if x.Authoritative {
				n.authoritative++
			}
			want[k] = n
		}
	}
	for k := range want {
		for _, e := range get(w.Collection().ElementsOfProvider(w.ctx, k[0]))(t) {
			got[[2]string{e.Provider, e.Element}] = sum{e.Items, e.Authoritative}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("sums %v, items %v", got, want)
	}
}
