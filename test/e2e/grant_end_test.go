package e2e

import (
	"net/http"
	"testing"
	"time"
)

// What is no longer needed is disposed of as the provider requires, with proof.
func TestDisposalOfWhatWasShared(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		l.refusedOpening("rst.jb", "disposal", "declare", map[string]any{"cause": "expired", "statement": "x"}, 400, "disposal_invalid", "CN-27.1",
			map[string]string{"fields.cause": "CN-27.1"})
		l.refusedOpening("rst.jb", "disposal", "demand", map[string]any{}, 403, "not_own_department", "CN-27", nil)
		id := l.open("rst.jb", "disposal", "declare", map[string]any{"cause": "achieved", "statement": "专项工作已完成"})
		proof := map[string]any{"method": "逐表删除并核对", "disposed_scope": "业务库和全部备份", "disposed_on": day(w, 0), "responsible": "信息中心数据管理岗", "evidence": paper}
		l.refusedStep("rst.fzr", id, "file_proof", proof, 409, "step_not_allowed", "CN-27.1")
		demands := map[string]any{"way": "delete", "demands": "含备份,不可恢复", "dispose_by": day(w, 4)}
		l.refusedStep("rst.fzr", id, "set_demands", demands, 403, "actor_not_entitled", "CN-27.1")
		a := l.step("mzt.fzr", id, "set_demands", "demanded", demands)
		if k := a.JSON["clocks"].([]any)[0].(map[string]any); k["last_day"] != "2026-03-06" || k["clause"] != "CN-27.1" {
			t.Errorf("clock %v", k)
		}
		future := map[string]any{"method": "x", "disposed_scope": "x", "disposed_on": day(w, 1), "responsible": "岗位", "evidence": paper}
		l.refusedStep("rst.fzr", id, "file_proof", future, 400, "disposal_invalid", "CN-27.1")
		l.step("rst.fzr", id, "object", "objected", map[string]any{"reasons": "备份另有保存义务"})
		l.step("mzt.fzr", id, "insist", "demanded", map[string]any{"reasons": "无此规定", "dispose_by": day(w, 5)})
		l.refusedStep("rst.fzr", id, "object", map[string]any{"reasons": "x"}, 409, "already_done", "CN-27.1")
		l.step("rst.fzr", id, "file_proof", "proved", proof)
		l.step("mzt.fzr", id, "reject", "demanded", map[string]any{"reasons": "缺少备份的证明", "dispose_by": day(w, 6)})
		l.step("rst.fzr", id, "file_proof", "proved", proof)
		l.step("mzt.fzr", id, "confirm", "closed", map[string]any{"conclusion": "证明齐全"})
		g := l.state()
		if g["status"] != "terminated" || g["disposed_at"] == nil {
			t.Errorf("%v", g)
		}
		if code := l.calls(""); code != "grant_terminated" {
			t.Errorf("disposed of: %q", code)
		}
		l.refusedOpening("rst.jb", "disposal", "declare", map[string]any{"cause": "ended", "statement": "x"}, 409, "already_disposed", "CN-27.1", nil)
		l.history("closed")
	})
}

// A disposal that is late is told, and one that is owed cannot be dropped.
func TestDisposalIsOwed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		end := l.open("rst.fzr", "service_change", "end_by_consumer", map[string]any{"effective_on": day(w, 1)})
		if code := l.calls(""); code != "" {
			t.Errorf("before the day: %q", code)
		}
		l.jump(24 * time.Hour)
		if code := l.calls(""); code != "grant_terminated" {
			t.Errorf("on the day: %q", code)
		}
		l.step("mzt.fzr", end, "acknowledge", "carried_out", nil)
		id := l.open("mzt.fzr", "disposal", "demand", map[string]any{"cause": "ended", "statement": "共享已终止", "way": "delete", "demands": "全部", "dispose_by": day(w, 3)})
		l.refusedStep("mzt.fzr", id, "drop", map[string]any{"reasons": "x"}, 409, "disposal_owed", "CN-27.1")
		l.jump(10 * 24 * time.Hour)
		clock := w.ok("rst.jb", http.MethodGet, "/api/v1/cases/"+id, nil)["clocks"].([]any)[0].(map[string]any)
		if clock["overdue"] != true {
			t.Errorf("%v", clock)
		}
		l.history("terminated")
	})
}

// A provider ends or changes nothing alone: cause, negotiation and filing come
// first, in that order (CN-27.3).
func TestServiceChangeInItsOrder(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		change := map[string]any{"kind": "change", "just_cause": "系统改造", "effective_on": day(w, 2), "new_items": []string{"code", "name"}, "new_daily_calls": 500}
		wrong := map[string]any{"kind": "change", "just_cause": "系统改造", "effective_on": day(w, 2), "new_items": []string{"code", "salary"}}
		l.refusedOpening("mzt.fzr", "service_change", "propose", map[string]any{"kind": "end", "effective_on": day(w, 2)}, 400, "fields_invalid", "CN-27.3", map[string]string{"fields.just_cause": "CN-27.3"})
		l.refusedOpening("mzt.fzr", "service_change", "propose", wrong, 400, "change_invalid", "CN-27.3", map[string]string{"fields.new_items": "CN-27.3"})
		l.refusedOpening("mzt.fzr", "service_change", "propose", map[string]any{"kind": "change", "just_cause": "x", "effective_on": day(w, 2)}, 400, "change_invalid", "CN-27.3", nil)
		id := l.open("mzt.fzr", "service_change", "propose", change)
		for _, early := range []string{"file", "carry_out"} {
			l.refusedStep("mzt.fzr", id, early, nil, 409, "step_not_allowed", "CN-27.3")
		}
		l.refusedStep("sjj.sh", id, "accept_filing", nil, 409, "step_not_allowed", "CN-27.3")
		l.refusedStep("mzt.fzr", id, "agree", map[string]any{"minutes": "x", "minutes_evidence": paper}, 403, "actor_not_entitled", "CN-27.3")
		l.step("rst.fzr", id, "agree", "agreed", map[string]any{"minutes": "双方协商一致", "minutes_evidence": paper})
		l.refusedStep("mzt.fzr", id, "carry_out", nil, 409, "step_not_allowed", "CN-27.3")
		l.step("mzt.fzr", id, "file", "filing", nil)
		l.refusedStep("mzt.fzr", id, "carry_out", nil, 409, "step_not_allowed", "CN-27.3")
		l.refusedStep("mzt.fzr", id, "accept_filing", nil, 403, "actor_not_entitled", "CN-27.3")
		l.step("sjj.sh", id, "return_filing", "agreed", map[string]any{"reasons": "补充协商记录"})
		l.step("mzt.fzr", id, "file", "filing", nil)
		l.step("sjj.sh", id, "accept_filing", "filed", nil)
		l.refusedStep("mzt.fzr", id, "carry_out", nil, 409, "not_yet_effective", "CN-27.3")
		if code := l.calls("", "code", "level"); code != "" {
			t.Errorf("before: %q", code)
		}
		l.jump(48 * time.Hour)
		l.step("mzt.fzr", id, "carry_out", "carried_out", nil)
		if code := l.calls("", "code", "level"); code != "scope_exceeded" {
			t.Errorf("an item that was taken out: %q", code)
		}
		if code := l.calls("", "code"); code != "" || l.state()["daily_calls"] != 500.0 {
			t.Errorf("what is left: %q, %v", code, l.state())
		}

		// The consumer does not agree: only a decision opens the way.
		end := map[string]any{"kind": "end", "just_cause": "数据不再产生", "effective_on": day(w, 0)}
		id = l.open("mzt.fzr", "service_change", "propose", end)
		l.step("rst.fzr", id, "disagree", "disagreed", map[string]any{"minutes": "需求部门不同意", "reasons": "业务仍需要"})
		l.refusedStep("mzt.fzr", id, "file", nil, 409, "step_not_allowed", "CN-27.3")
		l.refusedStep("mzt.fzr", id, "note_allowed", map[string]any{}, 403, "actor_not_entitled", "CN-28.2")
		l.step("sjj.sh", id, "note_refused", "not_allowed", map[string]any{"decision_number": "冀数函〔2026〕3号", "decision": paper})
		id = l.open("mzt.fzr", "service_change", "propose", end)
		l.step("rst.fzr", id, "disagree", "disagreed", map[string]any{"minutes": "仍不同意", "reasons": "业务仍需要"})
		l.step("sjj.sh", id, "note_allowed", "agreed", map[string]any{"decision_number": "冀数函〔2026〕4号", "decision": paper})
		l.step("mzt.fzr", id, "file", "filing", nil)
		l.step("sjj.sh", id, "accept_filing", "filed", nil)
		l.step("mzt.fzr", id, "carry_out", "carried_out", nil)
		if code := l.calls("", "code"); code != "grant_terminated" {
			t.Errorf("ended: %q", code)
		}
		l.history("service_change", "terminated")
		l.proved()
	})
}
