package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// CN-36: approved before access, bounded to systems and grants, marked on every
// call, and over with the entrustment.
func TestContractor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rst := w.reader("rst", "", "")
		ask := eq("code", "130102", "name")
		rst.mustRead(ask)
		yb := w.systemOf("sjzyb")
		form := map[string]any{"contractor_name": "冀云运维有限公司", "contractor_uscc": uscc(t, "91130100MA0CYE8X0"), "work": "operate", "scope": "平台运行维护",
			"systems": []string{rst.sys.ID}, "grants": []string{rst.base.Grant}, "standards": "运维规范", "safeguards": "堡垒机、操作审计",
			"agreement": filed, "confidentiality": filed, "from_day": "2026-03-02", "last_day": "2026-03-31"}
		draft := func(user string, change map[string]any) answer {
			return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "contractor", "subject": "contractor", "fields": merged(form, change)})
		}
		for what, c := range map[string]struct {
			change map[string]any
			field  string
		}{
			"a wrong check digit":   {map[string]any{"contractor_uscc": "91130100MA0CYE8X00"}, "fields.contractor_uscc"},
			"another's system":      {map[string]any{"systems": []string{yb}}, "fields.systems"},
			"another's grant":       {map[string]any{"grants": []string{w.result.Pending}}, "fields.grants"},
			"ends before it begins": {map[string]any{"last_day": "2026-03-01"}, "fields.last_day"},
			"for ever":              {map[string]any{"last_day": "2036-03-01"}, "fields.last_day"},
		} {
			if a := draft("rst.jb", c.change); a.Status != 400 || a.code() != "entrustment_invalid" || a.fields()[c.field] != "CN-36.1" {
				t.Errorf("%s: %d %s", what, a.Status, a.Raw)
			}
		}
		open := func(change map[string]any) flow {
			t.Helper()
			a := draft("rst.jb", change)
			if a.Status != 201 {
				t.Fatalf("draft: %d %s", a.Status, a.Raw)
			}
			return flow(a.JSON)
		}
		part := open(map[string]any{"agreement": nil, "confidentiality": nil})
		a := w.take("rst.jb", part.id(), "submit", nil)
		if a.Status != 400 || a.fields()["fields.agreement"] != "CN-36.1" || a.fields()["fields.confidentiality"] != "CN-36.1" {
			t.Errorf("without agreements: %d %s", a.Status, a.Raw)
		}
		w.walk(part.id(), nil, "rst.jb withdraw")

		c := open(nil)
		w.wantRefused("approved by the clerk", w.take("rst.jb", c.id(), "approve", nil), 403, "actor_not_entitled", "CN-36.1")
		w.walk(c.id(), nil, "rst.jb submit", "rst.fzr review")
		rst.mustRead(ask) // not approved: not the contractor's yet
		c = w.walk(c.id(), nil, "rst.ld approve")
		w.clock.Advance(time.Second)
		entry, _ := rst.mustRead(ask)
		leaf, err := w.node.Ledger.Leaf(t.Context(), entry)
		id := results(c, "entrustment")
		if err != nil || id == "" || !strings.Contains(string(leaf.Data), `"contractor":"`+id+`"`) {
			t.Errorf("the call is not marked with %s: %s %v", id, leaf.Data, err)
		}
		register := func(user, department string) answer {
			return w.as(user, http.MethodGet, "/api/v1/entrustments?department="+department, nil)
		}
		own := w.department("rst")
		for user, status := range map[string]int{"rst.jb": 200, "sjj.sh": 200, "mzt.jb": 404, "sjzsj.sh": 404} {
			if a := register(user, own); a.Status != status || status == 200 && !strings.Contains(string(a.Raw), `"status":"active"`) {
				t.Errorf("%s reads the register: %d %s", user, a.Status, a.Raw)
			}
		}
		refused := func(what, code string) {
			t.Helper()
			w.clock.Advance(time.Second)
			_, _, err := rst.read(ask)
			if got := toAnswer(err); got.Status != 403 || got.code() != code || got.basis() != "CN-36.1" {
				t.Errorf("%s: %d %s", what, got.Status, got.Raw)
			}
		}
		// The last second of the last day, and the first after it.
		end := time.Date(2026, 3, 31, 16, 0, 0, 0, time.UTC)
		w.clock.Set(end.Add(-2 * time.Second))
		w.token(rst.sys)
		rst.mustRead(ask)
		w.clock.Set(end)
		w.forget()
		refused("after the last day", "entrustment_over")
		if a := register("rst.jb", own); !strings.Contains(string(a.Raw), `"status":"expired"`) {
			t.Errorf("the register: %s", a.Raw)
		}
		w.wantRefused("ended without proof", w.take("rst.fzr", c.id(), "end", map[string]any{"after": "in_house"}), 400, "fields_invalid", "CN-36.1")

		// Entrusted anew without this grant: outside; stopped; then taken back.
		next := open(map[string]any{"grants": nil, "from_day": "2026-04-01", "last_day": "2026-06-30"})
		w.walk(next.id(), nil, "rst.jb submit", "rst.fzr review", "rst.ld approve")
		refused("a grant that it does not name", "outside_entrustment")
		w.walk(next.id(), map[string]map[string]any{"stop": {"reasons": "违规留存"}, "inspect": {"inspection": "现场检查"}}, "rst.jb inspect", "sjj.sh stop")
		w.wantRefused("stopped twice", w.take("rst.fzr", next.id(), "stop", map[string]any{"reasons": "再停"}), 409, "already_done", "CN-36.1")
		refused("after it was stopped", "entrustment_over")
		w.walk(next.id(), map[string]map[string]any{"end": {"data_returned": filed, "after": "none"}}, "rst.fzr end")
		refused("ended, and nobody runs it", "entrustment_over")
		last := open(map[string]any{"from_day": "2026-04-01", "last_day": "2026-06-30"})
		w.walk(last.id(), map[string]map[string]any{"end": {"data_returned": filed, "after": "in_house"}}, "rst.jb submit", "rst.fzr review", "rst.ld approve", "rst.fzr end")
		w.clock.Advance(time.Second)
		w.token(rst.sys)
		entry, _ = rst.mustRead(ask)
		if leaf, err := w.node.Ledger.Leaf(t.Context(), entry); err != nil || strings.Contains(string(leaf.Data), `"contractor"`) {
			t.Errorf("run by the department itself and marked: %s %v", leaf.Data, err)
		}
	})
}

// results finds what an act of the case left behind.
func results(c flow, name string) string {
	for _, x := range c["acts"].([]any) {
		if r, ok := x.(map[string]any)["results"].(map[string]any); ok && r[name] != nil {
			return r[name].(string)
		}
	}
	return ""
}
