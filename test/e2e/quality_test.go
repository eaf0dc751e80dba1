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

// measured asks for a run and waits for what the worker makes of it.
func (w *world) measured(user, path string) map[string]any {
	w.t.Helper()
	a := w.as(user, http.MethodPost, path+"/runs", nil)
	id, _ := a.JSON["id"].(string)
	if a.Status != http.StatusAccepted || id == "" {
		w.t.Fatalf("%s asks for a run: %d %s", user, a.Status, a.Raw)
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		j := w.ok(user, http.MethodGet, path+"/runs/"+id, nil)
		switch state := j["state"]; {
		case state == "done":
			latest := w.ok(user, http.MethodGet, path, nil)["latest"].(map[string]any)
			if latest["id"] != j["run"] || j["read"] != j["total"] || j["ended_at"] == nil {
				w.t.Fatalf("run %v, latest %v", j, latest)
			}
			return latest
		case state == "failed" || state == "cancelled" || time.Now().After(deadline):
			w.t.Fatalf("run %v", j)
		}
	}
}

// CN-18: the hosted region codes are measured, a filed rule that some rows fail
// lowers the score, age lowers it too, and everybody signed in reads the trend.
func TestQuality(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		path := "/api/v1/resources/" + w.resourceNamed("行政区划代码") + "/quality"
		if q := w.ok("camz.jb", http.MethodGet, path, nil); q["latest"] != nil || q["rules"].(map[string]any)["version"] != 0.0 {
			t.Errorf("before any run: %v", q)
		}
		first := w.measured("mzt.jb", path)
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
		second := w.measured("sjj.sh", path)
		if scoreOf(second, "validity") >= 100 || scoreOf(second, "total") >= scoreOf(first, "total") || scoreOf(second, "completeness") != 100 || second["rules_version"] != 1.0 {
			t.Errorf("with a rule that villages fail: %v", second)
		}
		w.ok("mzt.jb", http.MethodPut, path+"/rules", map[string]any{"version": 1, "rules": []any{domainRule(false)}})
		if third := w.measured("mzt.dj", path); scoreOf(third, "total") != 100 {
			t.Errorf("with the right rule: %v", third)
		}

		w.clock.Advance(549 * 24 * time.Hour) // one year and a half: the entry promises yearly updates
		w.forget()
		late := w.measured("mzt.jb", path)
		if s := scoreOf(late, "timeliness"); s < 49 || s > 51 || scoreOf(late, "total") >= 100 {
			t.Errorf("a year and a half after the load: %v", late)
		}

		q := w.ok("camz.jb", http.MethodGet, path, nil)
		trend, _ := q["trend"].([]any)
		latest, _ := q["latest"].(map[string]any)
		if len(trend) < 4 || latest["id"] != late["id"] || latest["by"] != nil || q["rules"].(map[string]any)["filed_by"] != nil {
			t.Errorf("a stranger reads %v", q)
		}
		if inside := w.ok("sjj.sh", http.MethodGet, path, nil)["latest"].(map[string]any); inside["by"] == nil {
			t.Errorf("the authority reads %v", inside)
		}
		w.runIsProved(second)
		w.entryIsScored(q)
		w.providerIsTold()
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
			{"mzt.jb", http.MethodPut, codes + "/rules", rules(0, map[string]any{"kind": "compare", "item": "code", "op": "lt", "other": "mayor"}), 400, "rules_invalid"},
			{"rst.jb", http.MethodDelete, codes + "/runs/none", nil, 403, "not_entitled"},
			{"mzt.jb", http.MethodGet, "/api/v1/resources/" + draft + "/quality", nil, 409, "resource_not_published"},
		} {
			a := w.as(c.user, c.method, c.path, c.body)
			if a.Status != c.status || a.code() != c.code || c.code != "rules_invalid" && a.basis() != "CN-18" {
				t.Errorf("%s %s %s: %d %s", c.user, c.method, c.path, a.Status, a.Raw)
			}
			if c.code == "rules_invalid" && a.fields()["rules[0].other"] == "" && (a.fields()["rules[0].pattern"] != "CN-18" || a.fields()["rules[1].item"] != "CN-18") {
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

// entryIsScored looks at the score of the entry itself and at its department's.
func (w *world) entryIsScored(q map[string]any) {
	w.t.Helper()
	entry, _ := q["entry"].(map[string]any)
	if score, _ := entry["score"].(float64); score <= 0 || score > 100 || entry["version"] != 1.0 {
		w.t.Errorf("the entry's score: %v", entry)
	}
	own := w.ok("mzt.jb", http.MethodGet, "/api/v1/quality/departments/"+w.department("mzt"), nil)
	if own["entries"] == 0.0 || own["measured"] != 1.0 || len(own["items"].([]any)) == 0 {
		w.t.Errorf("the department reads %v", own)
	}
	list, _ := w.ok("sjj.sh", http.MethodGet, "/api/v1/quality/departments", nil)["items"].([]any)
	if len(list) < 2 {
		w.t.Errorf("the authority reads %v", list)
	}
	for user, path := range map[string]string{"rst.jb": "/api/v1/quality/departments/" + w.department("mzt"), "mzt.jb": "/api/v1/quality/departments"} {
		if a := w.as(user, http.MethodGet, path, nil); a.Status != 403 || a.code() != "scores_hidden" || a.basis() != "CN-18" {
			w.t.Errorf("%s %s: %d %s", user, path, a.Status, a.Raw)
		}
	}
}

// providerIsTold waits for the notice about the rows that failed.
func (w *world) providerIsTold() {
	w.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/notices", nil); strings.Contains(string(a.Raw), "质量检查") {
			return
		}
	}
	w.t.Error("the provider was not told")
}
