package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// Who answers for what, what may be opened, and the records of use.
func TestResponsibilityAndUsageRecords(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		path := "/api/v1/grants/" + l.grant
		duties := map[string]string{}
		for _, x := range w.ok("sjj.sh", http.MethodGet, path+"/responsibility", nil)["items"].([]any) {
			m := x.(map[string]any)
			duties[m["stage"].(string)] = m["department_name"].(string)
			if m["head"] == nil || m["clause"] == "" {
				t.Errorf("%v", m)
			}
		}
		if duties["use"] != "河北省人力资源和社会保障厅" || duties["quality"] != "河北省民政厅" || duties["third_party"] != "" {
			t.Errorf("%v", duties)
		}
		openings := func(user string) string {
			var out []string
			for _, x := range w.ok(user, http.MethodGet, path, nil)["openings"].([]any) {
				m := x.(map[string]any)
				out = append(out, m["procedure"].(string)+"/"+m["action"].(map[string]any)["id"].(string))
			}
			return strings.Join(out, " ")
		}
		for user, want := range map[string]string{
			"rst.jb":  "disposal/declare grant_change/draft scope_widening/draft",
			"mzt.fzr": "disposal/demand service_change/propose suspension/suspend_by_provider",
			"sjj.sh":  "suspension/suspend_by_authority",
			"rst.dj":  "",
		} {
			if got := openings(user); got != want {
				t.Errorf("%s may open %q, want %q", user, got, want)
			}
		}
		for _, part := range []string{"", "/history", "/responsibility", "/usage", "/calls"} {
			if a := w.as("sjzga.fzr", http.MethodGet, path+part, nil); a.Status != 404 {
				t.Errorf("a stranger reads %s: %d", part, a.Status)
			}
		}
		l.usageRecords(path)
	})
}

func (l *life) usageRecords(path string) {
	t, w := l.t, l.world
	record := map[string]any{"scenario": "待遇核对", "process": "批量比对", "effect": "核对200条", "storage": "业务库", "destruction": "办结删除",
		"user": "rst-0017", "approver": "rst-0002", "content": "区划代码和名称", "from": w.clock.Now().Add(-time.Minute).UTC(), "to": w.clock.Now().UTC(),
		"way": "service_api", "medium": "database"}
	spoilt := map[string]any{}
	for k, v := range record {
		spoilt[k] = v
	}
	spoilt["user"], spoilt["content"], spoilt["effect"] = "张三", "查了11010519491231002X", " "
	l.refusedAs("a bad usage record", 0, func() answer { return w.as("rst.jb", http.MethodPost, path+"/usage", spoilt) }, 400, "record_invalid", "",
		map[string]string{"user": "CN-29.2", "content": "CN-37.1", "effect": "CN-29.2"})
	l.refusedAs("the provider's usage record", 0, func() answer { return w.as("mzt.jb", http.MethodPost, path+"/usage", record) }, 403, "not_consumer", "CN-29.2", nil)
	before := w.count().entries
	made := w.ok("rst.jb", http.MethodPost, path+"/usage", record)
	if !strings.HasPrefix(made["retain_until"].(string), "2029-03-02") || w.count().entries != before+1 {
		t.Errorf("%v", made)
	}
	leaf, err := w.node.Ledger.Leaf(t.Context(), made["id"].(string))
	if err != nil || !strings.Contains(string(leaf.Data), `"record_sha256"`) || strings.Contains(string(leaf.Data), "rst-0017") {
		t.Errorf("%s %v", leaf.Data, err)
	}
	for _, user := range []string{"rst.jb", "mzt.jb", "sjj.sh", "sjj.sj"} {
		if list := w.ok(user, http.MethodGet, path+"/usage", nil)["items"].([]any); len(list) != 1 {
			t.Errorf("%s reads %d records", user, len(list))
		}
	}
	for _, method := range []string{http.MethodDelete, http.MethodPut, http.MethodPatch} {
		if a := w.as("rst.jb", method, path+"/usage/"+made["id"].(string), nil); a.Status != 404 && a.Status != 405 {
			t.Errorf("%s: %d", method, a.Status)
		}
	}
	if sum := w.ok("mzt.jb", http.MethodGet, path+"/calls", nil); sum["counted"] != false {
		t.Errorf("%v", sum)
	}
}
