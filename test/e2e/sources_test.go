package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// CN-19.2: an authority reads where each standard element comes from, exports
// it, and looks into one element and one department.
func TestSourceMap(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/source-map"
		m := w.ok("sjj.sh", http.MethodGet, path, nil)
		counts, _ := m["counts"].(map[string]any)
		lines, _ := m["items"].([]any)
		if m["region"] == "" || len(lines) == 0 || counts["absent"] == 0.0 {
			t.Errorf("the map: %v", m)
		}
		a := w.as("sjj.sh", http.MethodGet, path+"/export", nil)
		if text := string(a.Raw); a.Status != 200 || !strings.HasPrefix(text, "\uFEFF标准数据元,名称,状态") || !strings.Contains(text, "DE-QHDM") ||
			!strings.Contains(a.Header.Get("Content-Type"), "text/csv") {
			t.Errorf("the export: %d %s", a.Status, a.Raw)
		}
		first := w.ok("sjj.sh", http.MethodGet, path+"?limit=1&q=DE-", nil)
		if next, _ := first["next"].(string); next == "" {
			t.Errorf("a page of one: %v", first)
		} else if second := w.ok("sjj.sh", http.MethodGet, path+"?limit=1&q=DE-&after="+next, nil); second["items"].([]any)[0].(map[string]any)["element"] == next {
			t.Errorf("the second page: %v", second)
		}
		e := w.ok("rst.jb", http.MethodGet, path+"/elements/DE-QHDM", nil)
		if e["name"] == "" || len(e["departments"].([]any)) == 0 || len(e["items"].([]any)) == 0 {
			t.Errorf("one element: %v", e)
		}
		d := w.ok("rst.jb", http.MethodGet, path+"/departments/"+w.department("mzt"), nil)
		if len(d["own"].([]any))+len(d["others"].([]any))+len(d["open"].([]any)) == 0 {
			t.Errorf("one department: %v", d)
		}
		for _, c := range []struct {
			user, path string
			status     int
			code       string
		}{
			{"rst.jb", path, 403, "map_hidden"}, {"rst.jb", path + "/export", 403, "map_hidden"},
			{"casj.sh", path + "?region=130000", 403, "map_hidden"},
			{"rst.jb", path + "/elements/DE-NICHTS", 404, "not_found"}, {"rst.jb", path + "/departments/none", 404, "not_found"},
			{"sjj.sh", path + "?state=lost", 400, ""},
			{"rst.jb", "/api/v1/realtime-exemptions?region=130000", 200, ""},
		} {
			if a := w.as(c.user, http.MethodGet, c.path, nil); a.Status != c.status || c.code != "" && a.code() != c.code {
				t.Errorf("%s %s: %d %s", c.user, c.path, a.Status, a.Raw)
			}
		}
	})
}

// CN-19.1: a planned form is compared without a case, from pasted text, and says
// of each item what there is, why, and what to do.
func TestFormsAreComparedWithoutACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/collection-comparison"
		got := w.ok("camz.jb", http.MethodPost, path, map[string]any{"text": "收集项目\t标准数据元\n申请人姓名\t\n户籍区划\tDE-QHDM\n饲养宠物数量\t\n"})
		items, _ := got["items"].([]any)
		if len(items) != 3 || got["shareable"] != 2.0 || got["not_there"] != 1.0 {
			t.Fatalf("%v", got)
		}
		for i, want := range []string{"contains", "element", ""} {
			x := items[i].(map[string]any)
			matches, _ := x["matches"].([]any)
			remedies, _ := x["remedies"].([]any)
			if want == "" {
				if len(matches) > 0 || x["verdict"] != "not_there" || len(remedies) == 0 {
					t.Errorf("%v", x)
				}
				continue
			}
			m := matches[0].(map[string]any)
			r := remedies[0].(map[string]any)
			if m["kind"] != want || m["why"] == "" || r["kind"] != "apply" || r["procedure"] != "application" || r["subject"] != m["resource"] {
				t.Errorf("%v", x)
			}
		}
		w.refusedAs("a form with the same item twice", 0, func() answer {
			return w.as("camz.jb", http.MethodPost, path, map[string]any{"items": []map[string]any{{"name": "姓名"}, {"name": "姓名"}, {"name": " "}}})
		}, 400, "plan_invalid", "CN-19.1", map[string]string{"items[1].name": "CN-19.1", "items[2].name": "CN-19.1"})
		w.refusedAs("nothing", 0, func() answer { return w.as("camz.jb", http.MethodPost, path, map[string]any{}) },
			400, "plan_invalid", "CN-19.1", map[string]string{"items": "CN-19.1"})
		if a := w.as("", http.MethodPost, path, map[string]any{"text": "姓名"}); a.Status != 401 {
			t.Errorf("nobody: %d", a.Status)
		}
	})
}
