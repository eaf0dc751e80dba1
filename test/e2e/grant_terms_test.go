package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Wider scope, another purpose, a third party: nothing without the provider's
// consent, which changes the grant or is recorded (CN-25.1).
func TestWideningNeedsConsent(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		const other = "人口抽样核对"
		if code := l.calls(other); code != "purpose_not_granted" {
			t.Fatalf("before: %q", code)
		}
		asked := func(fields map[string]any) string {
			for k, v := range map[string]any{"basis": "《统计法》第三条", "scenario": "抽样核对"} {
				fields[k] = v
			}
			id := l.open("rst.jb", "scope_widening", "draft", fields)
			l.step("rst.jb", id, "propose", "with_office_head", nil)
			l.refusedStep("mzt.fzr", id, "agree", nil, 409, "step_not_allowed", "CN-25.1")
			l.refusedStep("rst.jb", id, "consent", nil, 403, "actor_not_entitled", "CN-20.2")
			l.step("rst.fzr", id, "consent", "received", nil)
			return id
		}
		l.refusedOpening("rst.jb", "scope_widening", "draft", map[string]any{"kind": "purpose", "third_party": "某公司"}, 400, "widening_invalid", "CN-25.1", map[string]string{"fields.third_party": "CN-25.1"})
		l.refusedOpening("rst.jb", "scope_widening", "draft", map[string]any{"kind": "scope", "more_items": []string{"code", "salary"}}, 400, "widening_invalid", "", map[string]string{"fields.more_items": "CN-25.1"})
		l.refusedOpening("rst.jb", "scope_widening", "draft", map[string]any{"kind": "third_party", "third_party_uscc": "91350100M000100Y40"}, 400, "widening_invalid", "CN-25.1", map[string]string{"fields.third_party_uscc": "CN-25.1"})

		id := asked(map[string]any{"kind": "purpose", "more_purpose": other})
		v := w.ok("mzt.fzr", http.MethodGet, "/api/v1/cases/"+id, nil)
		if k := v["clocks"].([]any)[0].(map[string]any); k["clause"] != "CN-21.1" || k["last_day"] != "2026-03-03" {
			t.Errorf("the reply clock of unconditional data: %v", k)
		}
		l.refusedStep("mzt.fzr", id, "refuse", nil, 400, "fields_invalid", "CN-21.2")
		l.step("mzt.jb", id, "supplement_notice", "supplementing", map[string]any{"supplement_list": "统计任务书"})
		l.step("rst.jb", id, "complete", "received", map[string]any{"supplement": "已附"})
		l.refusedStep("mzt.jb", id, "supplement_notice", map[string]any{"supplement_list": "再补"}, 409, "already_done", "CN-21.2")
		if code := l.calls(other); code != "purpose_not_granted" {
			t.Errorf("while it is asked for: %q", code)
		}
		l.step("mzt.fzr", id, "agree", "agreed", nil)
		if code := l.calls(other); code != "" {
			t.Errorf("the new purpose: %q", code)
		}
		if code := l.calls(""); code != "" {
			t.Errorf("the old purpose: %q", code)
		}

		id = asked(map[string]any{"kind": "third_party", "third_party": "某会计师事务所", "third_party_items": []string{"code"}, "third_party_use": "审计", "third_party_until": day(w, 30)})
		l.step("mzt.fzr", id, "agree", "agreed", nil)
		list := l.state()["third_parties"].([]any)
		if len(list) != 1 || list[0].(map[string]any)["name"] != "某会计师事务所" {
			t.Errorf("%v", list)
		}
		id = asked(map[string]any{"kind": "scope", "more_use": "全省经办机构"})
		l.step("mzt.fzr", id, "refuse", "refused", map[string]any{"reasons": "超出职责"})
		l.history("widened", "third_party")
		l.proved()
	})
}

// More items and rows of conditional data: ten working days to reply, and the
// grant holds more once the provider has agreed.
func TestWideningOfItemsAndRows(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		list := w.ok("sjzyb.jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)
		l := &life{world: w, grant: list[0].(map[string]any)["id"].(string)}
		id := l.open("sjzyb.jb", "scope_widening", "draft", map[string]any{"kind": "scope", "basis": "条例", "scenario": "核对", "more_items": []string{"sex"},
			"more_clear_items": []string{"name"}, "new_rows": []map[string]any{{"item": "region", "op": "prefix", "values": []string{"1301"}}}})
		l.step("sjzyb.jb", id, "propose", "with_office_head", nil)
		l.refusedStep("sjzyb.jb", id, "amend", map[string]any{"all_rows": true}, 409, "step_not_allowed", "CN-25.1")
		a := l.step("sjzyb.fzr", id, "consent", "received", nil)
		if k := a.JSON["clocks"].([]any)[0].(map[string]any); k["last_day"] != "2026-03-16" || k["clause"] != "CN-21.1" {
			t.Errorf("the reply clock of conditional data: %v", k)
		}
		read := func() map[string]any { return w.ok("sjzga.jb", http.MethodGet, "/api/v1/grants/"+l.grant, nil) }
		if g := read(); fmt.Sprint(g["items"]) != "[id_number name phone region]" {
			t.Fatalf("before: %v", g["items"])
		}
		l.step("sjzga.fzr", id, "request_extension", "extension_asked", map[string]any{"reasons": "需征求法制意见", "extension_days": 5})
		a = l.step("sjzsj.sh", id, "consent_extension", "received", nil)
		if k := a.JSON["clocks"].([]any)[0].(map[string]any); k["last_day"] != "2026-03-23" {
			t.Errorf("extended: %v", k)
		}
		l.step("sjzga.fzr", id, "agree", "agreed", nil)
		g := read()
		if fmt.Sprint(g["items"]) != "[id_number name phone region sex]" || fmt.Sprint(g["clear"]) != "[name]" || len(g["rows"].([]any)) != 1 {
			t.Errorf("after: %v", g)
		}
		// What is narrower passes as a change, what is wider again does not.
		rows := func(prefix string) map[string]any {
			return map[string]any{"new_rows": []map[string]any{{"item": "region", "op": "prefix", "values": []string{prefix}}}}
		}
		l.refusedOpening("sjzyb.jb", "grant_change", "draft", rows("13"), 400, "change_invalid", "CN-25.1", map[string]string{"fields.new_rows": "CN-25.1"})
		l.open("sjzyb.jb", "grant_change", "draft", rows("130102"))
	})
}

// Renewal and change within what was granted; what goes beyond is a widening.
func TestRenewalOfAGrant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		base := map[string]any{"basis": "条例", "scenario": "继续经办"}
		with := func(more map[string]any) map[string]any {
			out := map[string]any{}
			for k, v := range base {
				out[k] = v
			}
			for k, v := range more {
				out[k] = v
			}
			return out
		}
		l.refusedOpening("rst.jb", "grant_change", "draft", map[string]any{"new_items": []string{"code", "other"}}, 400, "change_invalid", "CN-25.1", map[string]string{"fields.new_items": "CN-25.1"})
		l.refusedOpening("rst.jb", "grant_change", "draft", map[string]any{"new_until": day(w, -1)}, 400, "change_invalid", "CN-20.2", map[string]string{"fields.new_until": "CN-20.2"})
		empty := l.open("rst.jb", "grant_change", "draft", with(nil))
		l.refusedStep("rst.jb", empty, "propose", nil, 400, "change_incomplete", "CN-20.2")
		l.step("rst.jb", empty, "withdraw", "withdrawn", nil)

		// Expired, and renewed within the period of grace: it begins again now.
		l.until(time.Date(2026, 9, 10, 2, 0, 0, 0, time.UTC))
		if code := l.calls(""); code != "grant_expired" {
			t.Errorf("expired: %q", code)
		}
		id := l.open("rst.jb", "grant_change", "draft", with(map[string]any{"new_items": []string{"code", "name"}}))
		l.refusedStep("rst.jb", id, "propose", nil, 400, "change_incomplete", "CN-20.2")
		l.step("rst.jb", id, "propose", "with_office_head", map[string]any{"new_until": day(w, 100)})
		l.step("rst.fzr", id, "consent", "received", nil)
		l.refusedStep("rst.fzr", id, "agree", nil, 403, "actor_not_entitled", "CN-20.3")
		l.step("mzt.fzr", id, "agree", "agreed", nil)
		g := l.state()
		if g["status"] != "active" || !strings.HasPrefix(g["not_before"].(string), "2026-09-10") || fmt.Sprint(g["items"]) != "[code name]" {
			t.Errorf("%v", g)
		}
		if code := l.calls("", "code"); code != "" {
			t.Errorf("renewed: %q", code)
		}
		l.history("altered")

		l.until(time.Date(2027, 3, 1, 2, 0, 0, 0, time.UTC))
		l.refusedOpening("rst.jb", "grant_change", "draft", with(map[string]any{"new_until": day(w, 9)}), 409, "renewal_too_late", "CN-20.2", nil)
	})
}
