package cart

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// world is a catalog, grants, cases and one cart in memory.
type world struct {
	published map[string]catalog.Entry
	grants    []sharing.Grant
	open      []procedure.Case
	entries   []Entry
	refuse    error // of OpenMany
	opened    []casework.OpenRequest
}

func (w *world) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	before := slices.Clone(w.entries)
	err := fn(ctx)
	if err != nil {
		w.entries = before
	}
	return err
}

func (w *world) PutEntry(_ context.Context, e Entry) error {
	w.entries = append(slices.DeleteFunc(w.entries, func(x Entry) bool { return x.Resource == e.Resource }), e)
	return nil
}

func (w *world) Entries(context.Context, string) ([]Entry, error) {
	return slices.Clone(w.entries), nil
}

func (w *world) DropEntries(_ context.Context, _ string, resources []string) (int, error) {
	before := len(w.entries)
	w.entries = slices.DeleteFunc(w.entries, func(x Entry) bool { return slices.Contains(resources, x.Resource) })
	return before - len(w.entries), nil
}

func (w *world) Get(_ context.Context, _ org.Principal, id string) (catalog.Resource, *catalog.Version, *catalog.Version, error) {
	e, ok := w.published[id]
	if !ok {
		return catalog.Resource{}, nil, nil, fault.Missing("目录条目", id)
	}
	provider := "you"
	if id == "own" {
		provider = "me"
	}
	return catalog.Resource{ID: id, Provider: provider, Published: 2}, &catalog.Version{Number: 2, Entry: e}, nil, nil
}

func (w *world) Grants(context.Context, org.Principal, sharing.GrantFilter) ([]sharing.Grant, error) {
	return w.grants, nil
}

func (w *world) Cases(context.Context, org.Principal, casework.Filter) ([]procedure.Case, error) {
	return w.open, nil
}

func (w *world) OpenMany(_ context.Context, _ org.Principal, r []casework.OpenRequest) ([]casework.View, error) {
	w.opened = r
	return make([]casework.View, len(r)), w.refuse
}

func (w *world) Take(context.Context, org.Principal, string, casework.TakeRequest) (casework.View, error) {
	return casework.View{}, fault.New(fault.Forbidden, "actor_not_entitled", "应由经办人办理").Under("CN-20.2")
}

func (w *world) Department(_ context.Context, id string) (org.Department, error) {
	return org.Department{ID: id, Name: id}, nil
}

var me = org.Principal{Person: org.Person{ID: "p"}, Department: org.Department{ID: "me"}}

func newWorld() (*world, *Service) {
	e := catalog.Entry{Name: "登记", Attribute: catalog.Conditional, Purposes: []string{"甲", "乙"}, Methods: []catalog.Method{catalog.ServiceAPI},
		Items: []catalog.Item{{Code: "a", Name: "子"}, {Code: "b", Name: "丑"}, {Code: "h", Name: "隐", Attribute: catalog.Withheld}}}
	other := e
	other.Purposes = []string{"乙", "丙"}
	free := e
	free.Attribute = catalog.Unconditional
	withheld := e
	withheld.Attribute, withheld.LegalBasis = catalog.Withheld, "《××法》第一条"
	w := &world{published: map[string]catalog.Entry{"x": e, "y": other, "free": free, "own": e, "withheld": withheld}}
	return w, NewService(Deps{Store: w, Catalog: w, Grants: w, Cases: w, Org: w, Clock: clock.NewFake(noon)})
}

// Each refusal with its clause, and nothing is kept.
func TestWhatDoesNotComeIn(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		e                 Entry
		path, code, basis string
	}{
		{Entry{Resource: "gone"}, "resource", "resource_not_published", "CN-16"},
		{Entry{Resource: "withheld"}, "resource", "resource_withheld", "CN-14"},
		{Entry{Resource: "own"}, "resource", "own_resource", "CN-20.2"},
		{Entry{Resource: "x", Items: []string{"a", "z"}}, "items[1]", "unknown_item", "CN-20.2"},
		{Entry{Resource: "x", Items: []string{"h"}}, "items[0]", "item_withheld", "CN-14"},
		{Entry{Resource: "x", Items: []string{"a", "a"}}, "items[1]", "duplicate", "CN-20.2"},
		{Entry{Resource: "x", Clear: []string{"a"}}, "clear_items[0]", "outside", "CN-35"},
		{Entry{Resource: "x", Method: catalog.FileDownload}, "method", "not_offered", "CN-22"},
		{Entry{Resource: "x", Mode: "guess"}, "mode", "not_in_list", "CN-35"},
		{Entry{Resource: "x", Rows: []catalog.Condition{{Item: "z", Op: catalog.Equal, Values: []string{"1"}}}}, "rows[0]", "unknown_item", "CN-20.2"},
		{Entry{Resource: "x", Rows: []catalog.Condition{{Item: "a", Op: catalog.Equal, Values: []string{"1", "2"}}}}, "rows[0]", "condition", "CN-20.2"},
		{Entry{Resource: "x", Rows: []catalog.Condition{{Item: "a", Op: "like", Values: []string{"1"}}}}, "rows[0]", "condition", "CN-20.2"},
	} {
		w, s := newWorld()
		_, err := s.Put(t.Context(), me, x.e)
		f, ok := fault.As(err)
		if !ok || len(f.Fields) != 1 || f.Fields[0].Path != x.path || f.Fields[0].Code != x.code || f.Fields[0].Basis != x.basis || len(w.entries) != 0 {
			t.Errorf("%+v: %+v, %v", x.e, f, w.entries)
		}
	}
}

func TestACartIsBounded(t *testing.T) {
	t.Parallel()
	w, s := newWorld()
	for range MaxEntries {
		w.entries = append(w.entries, Entry{Resource: "other"})
	}
	_, err := s.Put(t.Context(), me, Entry{Resource: "x"})
	if !fault.Is(err, "cart_full") {
		t.Errorf("%v", err)
	}
	w.entries[0].Resource = "x"
	if _, err := s.Put(t.Context(), me, Entry{Resource: "x"}); err != nil {
		t.Errorf("a change of what is there: %v", err)
	}
}

func TestWhatIsNoted(t *testing.T) {
	t.Parallel()
	w, s := newWorld()
	w.entries = []Entry{{Resource: "x", Items: []string{"a"}, Version: 1}, {Resource: "y", Version: 2}, {Resource: "gone"}, {Resource: "free", Version: 2}}
	w.grants = []sharing.Grant{{ID: "g", Case: "done", Consumer: "me", Items: []string{"a"}, NotAfter: noon.Add(time.Hour)},
		{ID: "old", Consumer: "me", NotAfter: noon}, {ID: "theirs", Consumer: "you", NotAfter: noon.Add(time.Hour)}}
	w.open = []procedure.Case{{ID: "c", Procedure: "application", Parties: map[string]string{"consumer": "me"}},
		{ID: "done", Procedure: "application", Parties: map[string]string{"consumer": "me"}},
		{ID: "d", Procedure: "dispute", Parties: map[string]string{"consumer": "me"}}, {ID: "e", Procedure: "application", Parties: map[string]string{"consumer": "you"}}}
	c, err := s.View(t.Context(), me)
	if err != nil || c.Entries != 4 || c.Ready != 3 || len(c.Groups) != 2 || !c.Bound || !slices.Equal(c.Purposes, []string{"乙"}) {
		t.Fatalf("%+v, %v", c, err)
	}
	var about []string
	for _, n := range c.Groups[0].Lines[0].Notes {
		about = append(about, n.Code+n.About)
	}
	if !slices.Equal(about, []string{"already_grantedg", "already_appliedc", "changed_since"}) {
		t.Errorf("%v", about)
	}
	if l := c.Groups[1].Lines[0]; l.Ready() || l.Name != "" {
		t.Errorf("what is gone: %+v", l)
	}
}

// Own over chosen over common; the common form is not changed by any.
func TestFormsOfACart(t *testing.T) {
	t.Parallel()
	values := rapid.SampledFrom([]any{"1", "2", nil})
	form := rapid.MapOf(rapid.SampledFrom([]string{"items", "mode", "purpose", "basis"}), values)
	rapid.Check(t, func(t *rapid.T) {
		common, own := form.Draw(t, "common"), form.Draw(t, "own")
		e := Entry{Resource: "x", Items: rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(t, "items"),
			Mode: rapid.SampledFrom([]sharing.Mode{"", sharing.Verify}).Draw(t, "mode")}
		kept := maps.Clone(common)
		got := fields(e, common, own)
		for k, v := range got {
			want := common[k]
			if k == "items" && len(e.Items) > 0 {
				want = e.Items
			}
			if k == "mode" && e.Mode != "" {
				want = string(e.Mode)
			}
			if x, ok := own[k]; ok {
				want = x
			}
			if !reflect.DeepEqual(v, want) {
				t.Errorf("%s: %v, want %v", k, v, want)
			}
		}
		for _, m := range []map[string]any{common, own} {
			for k := range m {
				if _, ok := got[k]; !ok {
					t.Errorf("%s is lost", k)
				}
			}
		}
		if !reflect.DeepEqual(common, kept) {
			t.Error("the common form was changed")
		}
	})
}

// All or none: after a refusal the cart is what it was, and faults say which
// resource stands where.
func TestApplyAllOrNone(t *testing.T) {
	t.Parallel()
	w, s := newWorld()
	w.entries = []Entry{{Resource: "x"}, {Resource: "y"}, {Resource: "free"}}
	var bad fault.Collector
	bad.Add("subjects[1].fields.items", "unknown_item", "没有", "CN-20.2")
	w.refuse = bad.Err("bulk_invalid", "有误", "")
	_, err := s.Apply(t.Context(), me, Application{Resources: []string{"free", "x"}})
	f, ok := fault.As(err)
	if !ok || f.Code != "bulk_invalid" || !reflect.DeepEqual(f.Facts["subjects"], []string{"free", "x"}) || len(w.entries) != 3 {
		t.Errorf("%+v, %v", f, w.entries)
	}
	w.refuse = nil
	_, err = s.Apply(t.Context(), me, Application{Propose: true})
	if f, ok = fault.As(err); !ok || len(f.Fields) != 3 || f.Fields[2].Path != "subjects[2]" || f.Fields[2].Basis != "CN-20.2" || len(w.entries) != 3 {
		t.Errorf("proposed by nobody: %+v, %v", f, w.entries)
	}
	if _, err := s.Apply(t.Context(), me, Application{Resources: []string{"free", "x"}}); err != nil || len(w.entries) != 1 || w.opened[0].Subject != "free" {
		t.Errorf("%v, %v, %+v", err, w.entries, w.opened)
	}
	for _, a := range []Application{{Resources: []string{"x"}}, {Resources: []string{"y", "y"}}, {Procedure: "dispute"}, {Own: map[string]map[string]any{"x": {}}}} {
		if _, err := s.Apply(t.Context(), me, a); !fault.Is(err, "cart_invalid") || len(w.entries) != 1 {
			t.Errorf("%+v: %v", a, err)
		}
	}
}
