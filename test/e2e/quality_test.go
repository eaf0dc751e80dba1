package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// resourceNamed finds a published resource by a part of its name.
func (w *world) resourceNamed(name string) string {
	w.t.Helper()
	list, _ := w.ok("rst.jb", http.MethodGet, "/api/v1/resources?q="+url.QueryEscape(name), nil)["items"].([]any)
	for _, x := range list {
		x, _ := x.(map[string]any)
		if r, ok := x["resource"].(map[string]any); ok {
			x = r
		}
		if id, _ := x["id"].(string); id != "" {
			return id
		}
	}
	w.t.Fatalf("no resource %s: %v", name, list)
	return ""
}

func scoreOf(run map[string]any, dimension string) float64 {
	scores, _ := run["scores"].(map[string]any)
	s, ok := scores[dimension].(float64)
	if !ok {
		return -1
	}
	return s
}

// domainRule is the levels of the region table, of which the story's lowest is
// left out when short.
func domainRule(short bool) map[string]any {
	values := []string{"province", "city", "county", "township", "village"}
	if short {
		values = values[:4]
	}
	return map[string]any{"kind": "domain", "item": "level", "values": values}
}

// CN-18: the hosted region codes are measured, a filed rule that some rows fail
// lowers the score, age lowers it too, and everybody signed in reads the trend.
func TestQuality(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/resources/" + w.resourceNamed("行政区划代码") + "/quality"
		if q := w.ok("camz.jb", http.MethodGet, path, nil); q["latest"] != nil || q["rules"].(map[string]any)["version"] != 0.0 {
			t.Errorf("before any run: %v", q)
		}
		first := w.ok("mzt.jb", http.MethodPost, path+"/runs", nil)
		if rows, _ := first["rows"].(float64); rows < 100 || first["loaded_at"] == nil {
			t.Errorf("the first run: %v", first)
		}
		for _, d := range []string{"total", "completeness", "validity", "uniqueness", "consistency", "timeliness"} {
			if scoreOf(first, d) != 100 {
				t.Errorf("%s of clean data: %v", d, first)
			}
		}

		filed := w.ok("mzt.fzr", http.MethodPut, path+"/rules", map[string]any{"version": 0, "rules": []any{domainRule(true)}})
		if filed["version"] != 1.0 || filed["filed_by"] == nil {
			t.Errorf("filed: %v", filed)
		}
		second := w.ok("sjj.sh", http.MethodPost, path+"/runs", nil)
		if scoreOf(second, "validity") >= 100 || scoreOf(second, "total") >= scoreOf(first, "total") || scoreOf(second, "completeness") != 100 || second["rules_version"] != 1.0 {
			t.Errorf("with a rule that villages fail: %v", second)
		}
		w.ok("mzt.jb", http.MethodPut, path+"/rules", map[string]any{"version": 1, "rules": []any{domainRule(false)}})
		if third := w.ok("mzt.dj", http.MethodPost, path+"/runs", nil); scoreOf(third, "total") != 100 {
			t.Errorf("with the right rule: %v", third)
		}

		w.clock.Advance(549 * 24 * time.Hour) // one year and a half: the entry promises yearly updates
		w.forget()
		late := w.ok("mzt.jb", http.MethodPost, path+"/runs", nil)
		if s := scoreOf(late, "timeliness"); s < 49 || s > 51 || scoreOf(late, "total") >= 100 {
			t.Errorf("a year and a half after the load: %v", late)
		}

		q := w.ok("camz.jb", http.MethodGet, path, nil)
		trend, _ := q["trend"].([]any)
		latest, _ := q["latest"].(map[string]any)
		if len(trend) != 4 || latest["id"] != late["id"] || latest["by"] != nil || q["rules"].(map[string]any)["filed_by"] != nil {
			t.Errorf("a stranger reads %v", q)
		}
		if inside := w.ok("sjj.sh", http.MethodGet, path, nil)["latest"].(map[string]any); inside["by"] == nil {
			t.Errorf("the authority reads %v", inside)
		}
		w.runIsProved(second)
	})
}

// runIsProved looks for the entry of a run.
func (w *world) runIsProved(run map[string]any) {
	w.t.Helper()
	leaf, err := w.node.Ledger.Leaf(w.t.Context(), run["id"].(string))
	if err != nil || leaf.Kind != ledger.Kind("quality") || !strings.Contains(string(leaf.Data), `"basis":"CN-18"`) {
		w.t.Errorf("entry of a run: %s, %v", leaf.Data, err)
	}
}

// Who may not file or measure, and what cannot be filed, is refused with the
// clause; nothing is kept of it.
func TestQualityRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := "/api/v1/resources/" + w.resourceNamed("行政区划代码") + "/quality"
		people := "/api/v1/resources/" + w.resourceNamed("常住人口基本信息") + "/quality"
		empty := "/api/v1/resources/" + w.published("mzt", "sjj", hosted("社会组织登记", "301001", nil)) + "/quality"
		draft, _ := w.draft("mzt", hosted("慈善组织登记", "301001", nil))
		rules := func(version int, list ...map[string]any) map[string]any {
			return map[string]any{"version": version, "rules": list}
		}
		pattern := map[string]any{"kind": "pattern", "item": "code", "pattern": "["}
		unknown := map[string]any{"kind": "required", "item": "mayor"}
		for _, c := range []struct {
			user, method, path string
			body               any
			status             int
			code               string
		}{
			{"rst.jb", http.MethodPut, codes + "/rules", rules(0, domainRule(true)), 403, "role_missing"},
			{"sjj.sh", http.MethodPut, codes + "/rules", rules(0, domainRule(true)), 403, "role_missing"},
			{"mzt.dj", http.MethodPut, codes + "/rules", rules(0, domainRule(true)), 403, "role_missing"},
			{"mzt.jb", http.MethodPut, codes + "/rules", rules(0, pattern, unknown), 400, "rules_invalid"},
			{"mzt.jb", http.MethodPut, codes + "/rules", rules(3, domainRule(true)), 409, "changed_meanwhile"},
			{"sjzga.jb", http.MethodPut, people + "/rules", rules(0, domainRule(true)), 409, "not_hosted"},
			{"rst.jb", http.MethodPost, codes + "/runs", nil, 403, "not_entitled"},
			{"sjzsj.sh", http.MethodPost, codes + "/runs", nil, 403, "not_entitled"}, // another level's authority
			{"sjj.sj", http.MethodPost, codes + "/runs", nil, 403, "not_entitled"},
			{"sjzga.jb", http.MethodPost, people + "/runs", nil, 409, "not_hosted"},
			{"mzt.jb", http.MethodPost, empty + "/runs", nil, 409, "no_rows"},
			{"mzt.jb", http.MethodGet, "/api/v1/resources/" + draft + "/quality", nil, 409, "resource_not_published"},
		} {
			a := w.as(c.user, c.method, c.path, c.body)
			if a.Status != c.status || a.code() != c.code || c.code != "rules_invalid" && a.basis() != "CN-18" {
				t.Errorf("%s %s %s: %d %s", c.user, c.method, c.path, a.Status, a.Raw)
			}
			if c.code == "rules_invalid" && (a.fields()["rules[0].pattern"] != "CN-18" || a.fields()["rules[1].item"] != "CN-18") {
				t.Errorf("faulty rules: %v", a.fields())
			}
		}
		if a := w.as("rst.jb", http.MethodGet, "/api/v1/resources/"+draft+"/quality", nil); a.Status != 404 {
			t.Errorf("a stranger learns of a draft: %d %s", a.Status, a.Raw)
		}
		if a := w.as("", http.MethodGet, codes, nil); a.Status != 401 {
			t.Errorf("nobody: %d", a.Status)
		}
		q := w.ok("mzt.jb", http.MethodGet, codes, nil)
		if trend, _ := q["trend"].([]any); len(trend) != 0 || q["rules"].(map[string]any)["version"] != 0.0 {
			t.Errorf("something was kept: %v", q)
		}
	})
}
