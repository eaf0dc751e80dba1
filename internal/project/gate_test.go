package project_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/project"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// entries is a small catalog with what is hosted and called.
type entries struct {
	project.Store
	resources map[string]catalog.Resource
	versions  map[string]catalog.Entry
	rows      map[string]int
	called    map[string]bool
	documents []project.Document
}

func (e *entries) Resource(_ context.Context, id string) (catalog.Resource, error) {
	r, ok := e.resources[id]
	if !ok {
		return r, fault.Missing("目录条目", id)
	}
	return r, nil
}

func (e *entries) Version(_ context.Context, id string, _ int) (catalog.Version, error) {
	return catalog.Version{Entry: e.versions[id]}, nil
}

func (e *entries) Count(_ context.Context, id string, _ []catalog.Condition) (int, error) {
	n, ok := e.rows[id]
	if !ok {
		return 0, fault.Missing("汇聚数据表", id)
	}
	return n, nil
}

func (e *entries) Called(_ context.Context, id string) (bool, error) { return e.called[id], nil }
func (e *entries) NextDocument(context.Context, string) (int, error) {
	return len(e.documents) + 1, nil
}
func (e *entries) Department(_ context.Context, id string) (org.Department, error) {
	return org.Department{ID: id, Name: id}, nil
}
func (e *entries) Case(context.Context, string) (procedure.Case, error) { return procedure.Case{}, nil }
func (e *entries) InsertDocument(_ context.Context, d project.Document) error {
	e.documents = append(e.documents, d)
	return nil
}

func world() (*entries, *project.Service) {
	e := &entries{
		resources: map[string]catalog.Resource{}, versions: map[string]catalog.Entry{}, rows: map[string]int{}, called: map[string]bool{},
	}
	put := func(id string, published int, entry catalog.Entry) {
		e.resources[id] = catalog.Resource{ID: id, Code: "C-" + id, Provider: "me", Published: published}
		e.versions[id] = entry
	}
	put("draft", 0, catalog.Entry{})
	put("empty", 1, catalog.Entry{Attribute: catalog.Unconditional, Collection: catalog.HostedCopy})
	put("table", 1, catalog.Entry{Attribute: catalog.Unconditional, Collection: catalog.HostedCopy})
	put("loaded", 1, catalog.Entry{Attribute: catalog.Unconditional, Collection: catalog.HostedCopy})
	put("silent", 1, catalog.Entry{Attribute: catalog.Conditional, Collection: catalog.LinkedService})
	put("called", 1, catalog.Entry{Attribute: catalog.Conditional, Collection: catalog.LinkedService})
	put("withheld", 1, catalog.Entry{Attribute: catalog.Withheld, Collection: catalog.HostedCopy})
	e.resources["foreign"] = catalog.Resource{ID: "foreign", Provider: "other", Published: 1}
	e.rows["table"], e.rows["loaded"], e.called["called"] = 0, 3, true
	return e, project.NewService(e, e, e, e, e)
}

func gate(resource string) *procedure.Case {
	return &procedure.Case{ID: "c", Title: "项目", Parties: map[string]string{"department": "me"},
		Facts: map[string]any{"assets": []any{map[string]any{"name": "资产"}}, "links": []any{map[string]any{"asset": "资产", "resource": resource}}}}
}

// An asset is done when it is published and its data are there; acceptance and
// refusal follow from that and never both.
func TestAcceptanceFollowsTheFacts(t *testing.T) {
	t.Parallel()
	for resource, why := range map[string]string{
		"draft": "尚未发布", "empty": "尚未装载", "table": "尚未装载", "silent": "尚无成功调用",
		"loaded": "", "called": "", "withheld": "",
	} {
		e, s := world()
		c, step := gate(resource), procedure.Step{At: noon}
		ready := s.Hooks().Checks["project.ready"](t.Context(), c, step)
		notReady := s.Hooks().Checks["project.not_ready"](t.Context(), c, step)
		if why == "" {
			if ready != nil || !fault.Is(notReady, "assets_complete") {
				t.Errorf("%s: %v, %v", resource, ready, notReady)
			}
		} else if !fault.Is(ready, "assets_missing") || !strings.Contains(ready.Error(), why) || notReady != nil {
			t.Errorf("%s: %v, %v", resource, ready, notReady)
		}
		act := &procedure.Act{ID: "a", At: noon, Department: "authority", Results: map[string]any{}}
		name := map[bool]string{true: "project.certify", false: "project.refuse"}[why == ""]
		if err := s.Hooks().Effects[name](t.Context(), c, act); err != nil {
			t.Fatal(err)
		}
		d := e.documents[0]
		sum, _ := d.Body.Sum()
		if d.Body.Favourable != (why == "") || sum != d.Digest || act.Results["document_sha256"] != sum || act.Results["number"] != d.Number {
			t.Errorf("%s: %+v", resource, d)
		}
	}
}

func TestAssetsNotRegistered(t *testing.T) {
	t.Parallel()
	_, s := world()
	c := gate("loaded")
	delete(c.Facts, "links")
	if err := s.Hooks().Checks["project.ready"](t.Context(), c, procedure.Step{}); !fault.Is(err, "assets_missing") {
		t.Error(err)
	}
}

func TestProjectForm(t *testing.T) {
	t.Parallel()
	_, s := world()
	form := s.Hooks().Checks["project.form"]
	if err := form(t.Context(), gate("loaded"), procedure.Step{}); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(facts map[string]any){
		"another department's": func(f map[string]any) { f["links"] = []any{map[string]any{"asset": "资产", "resource": "foreign"}} },
		"no such entry":        func(f map[string]any) { f["links"] = []any{map[string]any{"asset": "资产", "resource": "nothing"}} },
		"no entry":             func(f map[string]any) { f["links"] = []any{map[string]any{"asset": "资产"}} },
		"no such asset":        func(f map[string]any) { f["links"] = []any{map[string]any{"asset": "别的", "resource": "loaded"}} },
		"twice the same asset": func(f map[string]any) {
			f["assets"] = []any{map[string]any{"name": "资产"}, map[string]any{"name": "资产"}}
		},
		"a nameless asset":      func(f map[string]any) { f["assets"] = []any{map[string]any{"name": " "}} },
		"an unknown member":     func(f map[string]any) { f["assets"] = []any{map[string]any{"name": "资产", "price": 3}} },
		"an asset that is text": func(f map[string]any) { f["assets"] = []any{"资产"} },
	} {
		c := gate("loaded")
		change(c.Facts)
		if err := form(t.Context(), c, procedure.Step{}); !fault.Is(err, "project_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPlatforms(t *testing.T) {
	t.Parallel()
	_, s := world()
	existing := s.Hooks().Checks["project.platform_existing"]
	for name, c := range map[string]struct {
		facts map[string]any
		ok    bool
	}{
		"old":          {map[string]any{"built_on": "2025-07-31"}, true},
		"new":          {map[string]any{"built_on": "2025-08-01"}, false},
		"new, by law":  {map[string]any{"built_on": "2025-08-01", "legal_exception": "《某条例》第三条"}, true},
		"not yet":      {map[string]any{"built_on": "2026-03-03", "legal_exception": "《某条例》第三条"}, false},
		"built today":  {map[string]any{"built_on": "2026-03-02", "legal_exception": "《某条例》第三条"}, true},
		"long planned": {map[string]any{"built_on": "2027-01-01"}, false},
	} {
		err := existing(t.Context(), &procedure.Case{Facts: c.facts}, procedure.Step{At: noon})
		if (err == nil) != c.ok || err != nil && !fault.Is(err, "platform_invalid") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ready := s.Hooks().Checks["project.platform_ready"]
	for resource, want := range map[string]bool{"loaded": true, "called": true, "silent": false, "draft": false} {
		c := &procedure.Case{Parties: map[string]string{"owner": "me"}, Facts: map[string]any{"resources": []any{resource}}}
		if err := ready(t.Context(), c, procedure.Step{}); (err == nil) != want || err != nil && !fault.Is(err, "platform_not_integrated") {
			t.Errorf("%s: %v", resource, err)
		}
	}
}
