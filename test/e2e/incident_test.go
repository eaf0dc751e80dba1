package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (w *world) incident(user string, fields map[string]any) answer {
	w.t.Helper()
	base := map[string]any{"kind": "leak", "gravity": "general", "discovered_on": w.clock.Now().Format(time.DateOnly),
		"summary": "前置机日志外传", "first_measures": "已断开外网"}
	return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "incident", "subject": "incident", "fields": merged(base, fields)})
}

// CN-35.3: the response begins with the report, cuts off at once, is reported in
// time, and ends with lessons that the authority accepts.
func TestIncident(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		ask := eq("id_number", people.Person(42)["id_number"].(string), "name")
		yb.mustRead(ask)
		grant, system := yb.base.Grant, yb.sys.ID
		rst := w.reader("rst", "", "")

		for what, c := range map[string]struct {
			fields map[string]any
			code   string
			field  string
		}{
			"tomorrow":            {map[string]any{"discovered_on": w.clock.Now().AddDate(0, 0, 2).Format(time.DateOnly)}, "dates_invalid", "fields.discovered_on"},
			"another's grant":     {map[string]any{"grants": []string{rst.base.Grant}}, "affected_invalid", "fields.grants"},
			"another's system":    {map[string]any{"cut_systems": []string{rst.sys.ID}}, "cut_invalid", "fields.cut_systems"},
			"to cut another's":    {map[string]any{"cut_grants": []string{rst.base.Grant}}, "cut_invalid", "fields.cut_grants"},
			"no measures":         {map[string]any{"first_measures": " "}, "fields_invalid", "fields.first_measures"},
			"the leak in the act": {map[string]any{"summary": "泄露了13912345678"}, "personal_data", "fields.summary"},
		} {
			if a := w.incident("sjzyb.jb", c.fields); a.Status != 400 || a.code() != c.code || a.fields()[c.field] == "" {
				t.Errorf("%s: %d %s", what, a.Status, a.Raw)
			}
		}
		a := w.incident("sjzyb.dj", map[string]any{"grants": []string{grant}, "systems": []string{system}, "cut_grants": []string{grant}})
		if a.Status != 201 {
			t.Fatalf("report: %d %s", a.Status, a.Raw)
		}
		c := flow(a.JSON)
		w.wantClock(c, "report", "CN-35.3", "2026-03-03")
		w.told("sjzsj.sh", "上报安全事件")
		refusedCall := func(what, code, basis string) {
			t.Helper()
			w.clock.Advance(time.Second)
			_, _, err := yb.read(ask)
			if got := toAnswer(err); got.code() != code || got.basis() != basis {
				t.Errorf("%s: %d %s", what, got.Status, got.Raw)
			}
		}
		refusedCall("a call after the cut", "grant_suspended", "CN-27.2")
		w.wantRefused("nothing to cut", w.take("sjzyb.fzr", c.id(), "cut", map[string]any{"reasons": "续"}), 400, "cut_invalid", "CN-35.3")
		w.wantRefused("a clerk cuts", w.take("sjzyb.jb", c.id(), "cut", map[string]any{"reasons": "续", "cut_systems": []string{system}}), 403, "actor_not_entitled", "CN-35.3")
		w.wantRefused("another authority", w.take("casj.sh", c.id(), "cut", map[string]any{"reasons": "续", "cut_systems": []string{system}}), 404, "not_found", "")
		w.wantRefused("the authority beyond its territory", w.take("sjzsj.sh", c.id(), "cut", map[string]any{"reasons": "续", "cut_grants": []string{rst.base.Grant}}), 400, "cut_invalid", "CN-35.3")

		// The authority cuts the system too; each lifts its own.
		w.walk(c.id(), map[string]map[string]any{"cut": {"reasons": "防止扩散", "cut_systems": []string{system}, "cut_grants": []string{grant}}}, "sjzsj.sh cut")
		w.wantRefused("to lift the authority's", w.take("sjzyb.fzr", c.id(), "lift", map[string]any{"reasons": "已修复", "lift_systems": []string{system}}), 400, "lift_invalid", "CN-35.3")
		w.walk(c.id(), map[string]map[string]any{"lift": {"reasons": "已修复", "lift_grants": []string{grant}}}, "sjzyb.fzr lift")
		refusedCall("the system is cut", "system_disabled", "CN-35")
		g, err := w.node.Store.Sharing().Grant(t.Context(), grant)
		if err != nil || g.SuspendedConsumer || !g.SuspendedAuthority {
			t.Errorf("flags: %+v %v", g, err)
		}
		w.wantRefused("not an incident, with things cut", w.take("sjzyb.fzr", c.id(), "dismiss", map[string]any{"reasons": "误报"}), 409, "still_cut", "CN-35.3")

		fields := map[string]map[string]any{
			"order": {"ordered_measures": "更换全部口令"}, "carry_out": {"taken_measures": "已更换"}, "contain": {"containment": "外传已停止"},
			"conclude":           {"cause": "弱口令", "harm": "日志片段", "lessons": "强制口令策略"},
			"report_authorities": {"reported_to": []string{"市网信办", "市公安局", "市数据局"}, "reported_on": w.clock.Now().Format(time.DateOnly), "report": "发生日志外传"},
			"lift":               {"reasons": "隐患消除", "lift_grants": []string{grant}, "lift_systems": []string{system}}, "return_summary": {"reasons": "补充整改期限"},
		}
		w.wantRefused("nothing was ordered", w.take("sjzyb.jb", c.id(), "carry_out", fields["carry_out"]), 409, "nothing_ordered", "CN-35.3")
		w.walk(c.id(), fields, "sjzsj.sh order")
		w.wantRefused("contained with orders open", w.take("sjzyb.fzr", c.id(), "contain", fields["contain"]), 409, "orders_open", "CN-35.3")
		w.walk(c.id(), fields, "sjzyb.jb carry_out", "sjzyb.fzr contain")
		w.wantRefused("a summary before the report", w.take("sjzyb.fzr", c.id(), "conclude", fields["conclude"]), 409, "not_reported", "CN-35.3")
		w.wantRefused("reported tomorrow", w.take("sjzyb.fzr", c.id(), "report_authorities", merged(fields["report_authorities"], map[string]any{"reported_on": "2026-04-01"})), 400, "dates_invalid", "CN-35.3")
		c = w.walk(c.id(), fields, "sjzyb.fzr report_authorities")
		if c.clock("report")["running"] != false {
			t.Error("the clock of the report still runs")
		}
		w.wantRefused("a summary with things cut", w.take("sjzyb.fzr", c.id(), "conclude", fields["conclude"]), 409, "still_cut", "CN-35.3")
		w.walk(c.id(), fields, "sjzsj.sh lift")
		w.clock.Advance(time.Second)
		yb.mustRead(ask)
		c = w.walk(c.id(), fields, "sjzyb.fzr conclude", "sjzsj.sh return_summary", "sjzyb.ld conclude", "sjzsj.sh close")
		if c.stage() != "closed" {
			t.Errorf("closed: %s", c.stage())
		}
		history := w.as("sjzyb.jb", http.MethodGet, "/api/v1/grants/"+grant, nil)
		if !strings.Contains(string(history.Raw), `"active"`) {
			t.Errorf("the grant: %s", history.Raw)
		}
	})
}

// What a suspension set before the incident stays when the incident is over, and
// of two incidents the last one gives back.
func TestAnIncidentGivesBackOnlyWhatItTook(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		grant := yb.base.Grant
		state := func() (consumer, provider bool) {
			t.Helper()
			g, err := w.node.Store.Sharing().Grant(t.Context(), grant)
			if err != nil {
				t.Fatal(err)
			}
			return g.SuspendedConsumer, g.SuspendedProvider
		}
		w.ok("sjzga.fzr", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "suspension", "action": "suspend_by_provider", "subject": grant,
			"fields": map[string]any{"misuse": "scope", "findings": "超范围查询", "demands": "停止并说明", "rectify_by": "2026-03-20"}})
		ga := flow(w.incident("sjzga.fzr", map[string]any{"cut_grants": []string{grant}}).JSON)
		lift := map[string]map[string]any{"lift": {"reasons": "已排除", "lift_grants": []string{grant}}}
		w.walk(ga.id(), lift, "sjzga.fzr lift")
		if _, provider := state(); !provider {
			t.Error("the suspension was lifted by an incident")
		}
		one := flow(w.incident("sjzyb.fzr", map[string]any{"cut_grants": []string{grant}}).JSON)
		two := flow(w.incident("sjzyb.fzr", map[string]any{"cut_grants": []string{grant}}).JSON)
		w.walk(one.id(), lift, "sjzyb.fzr lift")
		if consumer, _ := state(); !consumer {
			t.Error("the first incident gave back what the second holds")
		}
		w.walk(two.id(), lift, "sjzyb.fzr lift")
		if consumer, _ := state(); consumer {
			t.Error("nobody gave it back")
		}
	})
}

// A suspension and a cut-off on the same side end each by itself, in either
// order; only when both are over do calls go through again.
func TestHoldsEndEachByItself(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		grant := yb.base.Grant
		ask := eq("id_number", people.Person(42)["id_number"].(string), "name")
		lift := map[string]map[string]any{"lift": {"reasons": "已排除", "lift_grants": []string{grant}},
			"provider_revoke": {"reasons": "查明没有违规"}}
		suspend := func() string {
			return flow(w.ok("sjzga.fzr", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "suspension", "action": "suspend_by_provider", "subject": grant,
				"fields": map[string]any{"misuse": "scope", "findings": "超范围查询", "demands": "停止并说明", "rectify_by": "2026-03-20"}})).id()
		}
		cut := func() string {
			return flow(w.incident("sjzga.fzr", map[string]any{"cut_grants": []string{grant}}).JSON).id()
		}
		calls := func(what string, through bool) {
			t.Helper()
			w.clock.Advance(time.Second)
			_, _, err := yb.read(ask)
			if got := toAnswer(err); through != (err == nil) || !through && got.code() != "grant_suspended" {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, suspensionFirst := range []bool{true, false} {
			for _, suspensionEndsFirst := range []bool{true, false} {
				what := fmt.Sprintf("suspended first %v, restored first %v", suspensionFirst, suspensionEndsFirst)
				var suspension, incident string
				if suspensionFirst {
					suspension, incident = suspend(), cut()
				} else {
					incident, suspension = cut(), suspend()
				}
				calls(what+": both hold", false)
				if a := w.as("sjzga.fzr", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "suspension", "action": "suspend_by_provider", "subject": grant,
					"fields": map[string]any{"misuse": "scope", "findings": "再", "demands": "再", "rectify_by": "2026-03-20"}}); a.code() != "already_suspended" {
					t.Errorf("%s: suspended twice: %s", what, a.Raw)
				}
				steps := [][3]string{{suspension, "sjzga.fzr provider_revoke", "still_held"}, {incident, "sjzga.fzr lift", "still_cut"}}
				if !suspensionEndsFirst {
					steps[0], steps[1] = steps[1], steps[0]
				}
				w.walk(steps[0][0], lift, steps[0][1])
				if a := w.as("sjzga.fzr", http.MethodGet, "/api/v1/cases/"+steps[0][0], nil); !strings.Contains(string(a.Raw), steps[0][2]) {
					t.Errorf("%s: nobody is told that it is held still: %s", what, a.Raw)
				}
				calls(what+": one holds", false)
				w.walk(steps[1][0], lift, steps[1][1])
				calls(what+": none holds", true)
			}
		}
		history := w.as("sjzga.jb", http.MethodGet, "/api/v1/grants/"+grant+"/history", nil)
		if !strings.Contains(string(history.Raw), "provider:incident:") || !strings.Contains(string(history.Raw), "provider:suspension:") {
			t.Errorf("the history does not say why: %d %s", history.Status, history.Raw)
		}
	})
}
