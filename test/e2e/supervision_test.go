package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/supervision"
)

// digest stands for a filed document.
var digest = strings.Repeat("ab", 32)

// department finds the department whose accounts begin with short.
func (w *world) department(short string) string {
	w.t.Helper()
	me := w.ok(short+".fzr", http.MethodGet, "/api/v1/me", nil)
	d, _ := me["department"].(map[string]any)
	id, _ := d["id"].(string)
	if id == "" {
		w.t.Fatalf("department of %s: %v", short, me)
	}
	return id
}

// rectifications lists the rectification cases of a department.
func (w *world) rectifications(department string) []string {
	w.t.Helper()
	cases, err := w.node.Store.Cases().Cases(w.t.Context(), casework.Filter{Procedure: "rectification", Department: department, Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, c := range cases {
		if c.Parties["department"] == department {
			out = append(out, c.ID)
		}
	}
	return out
}

// Every item of the liability articles can be filed by hand with evidence, and
// leads, once verified, to exactly one rectification case at the authority that
// the article names.
func TestEveryViolationCanBeFiled(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sjz, ca := w.department("sjzga"), w.department("camz")
		city, district, province := w.department("sjzsj"), w.department("casj"), w.department("sjj")
		for _, item := range supervision.Items() {
			// The culprit and who verifies: the authority of the same level,
			// or the one above where the article says so.
			culprit, reporter, judge, judges := sjz, "camz.jb", "sjzsj.sh", city
			switch {
			case item.Role == supervision.Authority:
				culprit, judge, judges = city, "sjj.sh", province
			case strings.HasPrefix(item.Clause, "XN"): // the county's measures are in force in the county
				culprit, reporter, judge, judges = ca, "sjzga.jb", "casj.sh", district
			case item.Superior:
				judge, judges = "sjj.sh", province
			}
			before := len(w.rectifications(culprit))
			c := w.ok(reporter, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "violation_report", "subject": item.Clause,
				"parties": map[string]any{"department": culprit}, "fields": map[string]any{"description": "违规事实", "evidence": digest}})
			id := c["id"].(string)
			if a := w.take(reporter, id, "verify", map[string]any{"findings": "属实"}); a.Status != 403 {
				t.Errorf("%s: the reporter verified: %d %s", item.Clause, a.Status, a.Raw)
			}
			if a := w.take(judge, id, "verify", map[string]any{"findings": "属实"}); a.Status != 200 {
				t.Fatalf("%s: %s: %s", item.Clause, judge, a.Raw)
			}
			if a := w.take(judge, id, "verify", map[string]any{"findings": "属实"}); a.Status != 409 {
				t.Errorf("%s: verified twice: %d", item.Clause, a.Status)
			}
			after := w.rectifications(culprit)
			if len(after) != before+1 {
				t.Fatalf("%s: %d new cases", item.Clause, len(after)-before)
			}
			opened, err := w.node.Store.Cases().Case(t.Context(), after[0])
			if err != nil || opened.Parties["decider"] != judges || opened.Facts["violated"] != item.Clause || opened.Facts["source"] != "filed" {
				t.Errorf("%s: %+v, %v", item.Clause, opened, err)
			}
			facts, _ := opened.Facts["facts"].(map[string]any)
			if facts["description"] != "违规事实" || facts["evidence"] != digest || facts["report"] != c["number"] {
				t.Errorf("%s: facts %v", item.Clause, facts)
			}
			if got := w.ok(judge, http.MethodGet, "/api/v1/violations?clause="+item.Clause+"&open=true&department="+culprit, nil)["items"].([]any); len(got) != 1 {
				t.Errorf("%s: listed %d times", item.Clause, len(got))
			}
		}
	})
}

func TestReportsAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sjz, province := w.department("sjzga"), w.department("sjj")
		file := func(user, clause string, parties map[string]any, fields map[string]any) func() answer {
			return func() answer {
				return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "violation_report", "subject": clause,
					"parties": parties, "fields": fields})
			}
		}
		whole := map[string]any{"description": "事实", "evidence": digest}
		about := map[string]any{"department": sjz}
		w.refusedAs("without evidence", 0, file("camz.jb", "CN-40.3", about, map[string]any{"description": "事实"}),
			400, "fields_invalid", "CN-29.1", map[string]string{"fields.evidence": "CN-29.1"})
		w.refusedAs("a clause that is none", 0, file("camz.jb", "CN-21.1", about, whole), 400, "liability_clause_unknown", "", map[string]string{"subject": ""})
		w.refusedAs("an authority's clause against a department", 0, file("camz.jb", "CN-41.1", about, whole), 400, "not_an_authority", "CN-41.1", nil)
		w.refusedAs("a clause of another county", 0, file("camz.jb", "XN-26.1", about, whole), 400, "clause_not_in_force", "", nil)
		w.refusedAs("no department", 0, file("camz.jb", "CN-40.3", map[string]any{}, whole), 400, "department_unknown", "CN-2", nil)
		w.refusedAs("a judge of one's own choice", 0, file("camz.jb", "CN-40.3", map[string]any{"department": sjz, "decider": province}, whole),
			400, "decider_computed", "CN-40", nil)
		w.refusedAs("by another authority than the decider", 0, func() answer {
			return w.as("casj.sh", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "rectification", "subject": "CN-40.3",
				"action": "open", "parties": about, "fields": map[string]any{"findings": "事实"}})
		}, 403, "actor_not_entitled", "CN-39", nil)
		w.refusedAs("in the name of the platform", 0, func() answer {
			return w.as("sjzsj.sh", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "rectification", "subject": "CN-40.3",
				"action": "detect", "parties": about, "fields": map[string]any{"violation": ident.New(), "violated": "CN-40.3", "source": "detected"}})
		}, 403, "actor_not_entitled", "CN-39", nil)
		// An auditor files; a clerk of a department sees only its own record.
		if a := file("sjzsj.sj", "CN-39.8", about, whole)(); a.Status != 201 {
			t.Errorf("an auditor files: %d %s", a.Status, a.Raw)
		}
		if a := w.as("camz.jb", http.MethodGet, "/api/v1/supervision", nil); a.Status != 403 || a.basis() != "CN-29.1" {
			t.Errorf("a clerk's overview: %d %s", a.Status, a.Raw)
		}
	})
}

// Two sweepers, eight times each, report the same breach at once: one case.
func TestAViolationIsReportedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		department := w.department("sjzyb")
		const tries = 16
		var wg sync.WaitGroup
		var mu sync.Mutex
		opened, cases := 0, map[string]bool{}
		for range tries {
			wg.Go(func() {
				v, first, err := w.node.Supervision.Report(t.Context(), supervision.Violation{Key: "clock:x:reply:1", Clause: "CN-39.4",
					Department: department, Facts: map[string]any{"last_day": "2026-03-02", "late": 3}})
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if first {
					opened++
				}
				cases[v.Rectification] = true
			})
		}
		wg.Wait()
		if opened != 1 || len(cases) != 1 || cases[""] || len(w.rectifications(department)) != 1 {
			t.Errorf("%d opened, cases %v, %d stored", opened, cases, len(w.rectifications(department)))
		}
		list := w.ok("sjzyb.jb", http.MethodGet, "/api/v1/violations", nil)["items"].([]any)
		if len(list) != 1 {
			t.Fatalf("listed: %v", list)
		}
		v := list[0].(map[string]any)
		if facts := v["facts"].(map[string]any); facts["late"] != 3.0 || v["stage"] != "opened" || v["stage_name"] != "待处理机关审查" {
			t.Errorf("%v", v)
		}
		if other := w.ok("camz.jb", http.MethodGet, "/api/v1/violations", nil)["items"].([]any); len(other) != 0 {
			t.Errorf("a stranger sees %v", other)
		}
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/cases/"+v["rectification"].(string), nil); a.Status != 404 {
			t.Errorf("a stranger reads the case: %d", a.Status)
		}
	})
}

// A reply that is late is found by its clock and answered by one rectification
// case with the facts; the order, its term, the report, the acceptance.
func TestALateReplyIsPutRight(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		provider := w.department("sjzga")
		w.clock.Advance(40 * 24 * time.Hour)
		w.forget()
		id := w.await(func() string {
			for _, id := range w.rectifications(provider) {
				if c, err := w.node.Store.Cases().Case(ctx, id); err == nil && c.Facts["origin"] == w.result.Pending {
					return id
				}
			}
			return ""
		})
		c, err := w.node.Store.Cases().Case(ctx, id)
		facts, _ := c.Facts["facts"].(map[string]any)
		if err != nil || c.Facts["violated"] != "CN-39.4" || c.Facts["role"] != "provider" || facts["last_day"] == nil || facts["term_clause"] != "CN-21.1" {
			t.Fatalf("%+v, %v", c, err)
		}
		w.checkRectification(id)
		late := w.ok("sjzsj.sj", http.MethodGet, "/api/v1/supervision", nil)
		if list := late["late"].([]any); len(list) == 0 || len(late["departments"].([]any)) == 0 {
			t.Errorf("overview: %v", late)
		}
		n := 0
		for _, other := range w.rectifications(provider) {
			if c, err := w.node.Store.Cases().Case(ctx, other); err == nil && c.Facts["origin"] == w.result.Pending {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d cases about one reply", n)
		}
	})
}

func (w *world) checkRectification(id string) {
	t := w.t
	day := func(days int) string { return w.clock.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	order := map[string]any{"findings": "未按时答复", "demands": "三日内答复", "rectify_by": day(3)}
	w.refusedAs("a term that is past", 0, func() answer {
		return w.take("sjzsj.sh", id, "order", map[string]any{"findings": "x", "demands": "y", "rectify_by": day(0)})
	}, 400, "term_past", "CN-39", map[string]string{"fields.rectify_by": "CN-39"})
	w.refusedAs("the superior decides nothing here", 0, func() answer { return w.take("sjj.sh", id, "order", order) }, 403, "actor_not_entitled", "CN-39", nil)
	steps := []struct {
		user, action string
		fields       map[string]any
		stage        string
	}{
		{"sjzga.fzr", "state", map[string]any{"statement": "系统升级期间未及时处理"}, "opened"},
		{"sjzsj.sh", "order", order, "ordered"},
		{"sjzga.fzr", "report", map[string]any{"measures": "已答复", "measures_evidence": digest}, "reported"},
		{"sjzsj.sh", "insufficient", map[string]any{"conclusion": "未附答复", "demands": "补充", "rectify_by": day(5)}, "ordered"},
		{"sjzga.fzr", "report", map[string]any{"measures": "已答复,附后", "measures_evidence": digest}, "reported"},
		{"sjzsj.sh", "accept", map[string]any{"conclusion": "已改正"}, "rectified"},
	}
	for _, s := range steps {
		a := w.take(s.user, id, s.action, s.fields)
		if a.Status != 200 || a.JSON["stage"] != s.stage {
			t.Fatalf("%s by %s: %d %v %s", s.action, s.user, a.Status, a.JSON["stage"], a.Raw)
		}
		if s.action == "order" {
			k := a.JSON["clocks"].([]any)[0].(map[string]any)
			if k["last_day"] != day(3) || k["clause"] != "CN-39" {
				t.Errorf("the order's clock: %v", k)
			}
		}
	}
	w.refusedAs("after the end", 0, func() answer {
		return w.take("sjzsj.sh", id, "revoke", map[string]any{"reasons": "x"})
	}, 409, "case_closed", "CN-39", nil)
}

// await asks until the workers have done it.
func (w *world) await(what func() string) string {
	w.t.Helper()
	for range 400 {
		if got := what(); got != "" {
			return got
		}
		<-time.After(25 * time.Millisecond)
	}
	w.t.Fatal("the workers did not do it")
	return ""
}

// An order that lapses escalates by itself at the end of its last day; the
// recommendation of discipline and the circular follow, and all departments of
// the territory read the circular.
func TestAnOrderThatLapsesEscalates(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, culprit := t.Context(), w.department("sjzyb")
		c := w.ok("sjzsj.sh", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "rectification", "subject": "CN-40.3", "action": "open",
			"parties": map[string]any{"department": culprit}, "fields": map[string]any{"findings": "提供给第三方", "evidence": digest}})
		id := c["id"].(string)
		if list := w.ok("sjzsj.sh", http.MethodGet, "/api/v1/violations?source=filed&clause=CN-40", nil)["items"].([]any); len(list) != 1 {
			t.Errorf("the violation of a case opened by hand: %v", list)
		}
		last := w.clock.Now().AddDate(0, 0, 2)
		if a := w.take("sjzsj.sh", id, "order", map[string]any{"findings": "属实", "demands": "收回数据", "rectify_by": last.Format(time.DateOnly)}); a.Status != 200 {
			t.Fatalf("order: %s", a.Raw)
		}
		w.refusedAs("overdue before it is", 0, func() answer {
			return w.take("sjzsj.sh", id, "escalate", map[string]any{"ground": "overdue", "reasons": "x"})
		}, 409, "term_not_over", "CN-39", nil)
		stage := func() string {
			got, err := w.node.Store.Cases().Case(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			return got.Stage
		}
		end := time.Date(last.Year(), last.Month(), last.Day(), 16, 0, 0, 0, time.UTC) // 24:00 in Shanghai
		w.clock.Advance(end.Add(-time.Second).Sub(w.clock.Now()))
		if _, err := w.node.Supervision.Lapse(ctx); err != nil || stage() != "ordered" {
			t.Fatalf("before the end: %s, %v", stage(), err)
		}
		w.clock.Advance(2 * time.Minute)
		if _, err := w.node.Supervision.Lapse(ctx); err != nil || stage() != "escalated" {
			t.Fatalf("after the end: %s, %v", stage(), err)
		}
		w.forget()
		w.refusedAs("closed with nothing done", 0, func() answer {
			return w.take("sjzsj.sh", id, "transfer", map[string]any{"conclusion": "x"})
		}, 409, "escalation_missing", "CN-39", nil)
		if a := w.take("sjzsj.sh", id, "recommend_discipline", map[string]any{"persons": "both", "addressee": "石家庄市监察委员会",
			"discipline_reasons": "逾期拒不改正", "discipline_evidence": digest}); a.Status != 200 {
			t.Fatalf("recommend: %s", a.Raw)
		}
		if a := w.take("sjzsj.sh", id, "propose_circular", map[string]any{"circular_text": "市医疗保障局逾期未改正"}); a.Status != 200 {
			t.Fatalf("propose: %s", a.Raw)
		}
		if a := w.take("sjzsj.sh", id, "transfer", map[string]any{"conclusion": "已建议处分并通报"}); a.Status != 200 {
			t.Fatalf("transfer: %s", a.Raw)
		}
		list := w.ok("sjzsj.sh", http.MethodGet, "/api/v1/cases?procedure=circular", nil)["items"].([]any)
		if len(list) != 1 {
			t.Fatalf("circulars proposed: %v", list)
		}
		w.publish(list[0].(map[string]any)["id"].(string))
	})
}

func (w *world) publish(id string) {
	t := w.t
	if a := w.take("sjzsj.sh", id, "publish", nil); a.Status != 409 || a.code() != "step_not_allowed" {
		t.Errorf("published unapproved: %d %s", a.Status, a.Raw)
	}
	if a := w.take("sjzsj.sh", id, "submit", nil); a.Status != 200 {
		t.Fatalf("submit: %s", a.Raw)
	}
	if a := w.take("sjzsj.sh", id, "approve", map[string]any{"approval_number": "石数〔2026〕1号", "approval": digest}); a.Status != 403 {
		t.Errorf("a supervisor approved: %d", a.Status)
	}
	if a := w.take("sjzsj.ld", id, "approve", map[string]any{"approval_number": "石数〔2026〕1号"}); a.Status != 400 {
		t.Errorf("approved without the document: %d", a.Status)
	}
	if a := w.take("sjzsj.ld", id, "approve", map[string]any{"approval_number": "石数〔2026〕1号", "approval": digest}); a.Status != 200 {
		t.Fatalf("approve: %s", a.Raw)
	}
	if a := w.take("sjzsj.sh", id, "publish", nil); a.Status != 200 {
		t.Fatalf("publish: %s", a.Raw)
	}
	for user, want := range map[string]int{"sjzga.jb": 1, "camz.jb": 1, "sjzsj.sh": 1, "rst.jb": 0, "sjj.sh": 0} {
		if got := w.ok(user, http.MethodGet, "/api/v1/circulars", nil)["items"].([]any); len(got) != want {
			t.Errorf("%s reads %d circulars, want %d", user, len(got), want)
		}
	}
}

// The topmost authority's own breach is for its government to decide, and the
// decision is on file before anything follows from it.
func TestTheTopAuthorityNeedsItsGovernment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		top := w.department("sjj")
		v, _, err := w.node.Supervision.Report(t.Context(), supervision.Violation{Key: "dispute:1", Clause: "CN-41.2", Department: top})
		if err != nil {
			t.Fatal(err)
		}
		order := map[string]any{"findings": "属实", "demands": "处理争议", "rectify_by": "2026-06-30"}
		w.refusedAs("its own word", 0, func() answer { return w.take("sjj.sh", v.Rectification, "order", order) },
			400, "government_decision_required", "CN-41", map[string]string{"fields.government_decision": "CN-41", "fields.government_evidence": "CN-41"})
		w.refusedAs("dismissed alone", 0, func() answer {
			return w.take("sjj.sh", v.Rectification, "dismiss", map[string]any{"reasons": "x"})
		}, 400, "government_decision_required", "CN-41", nil)
		order["government_decision"], order["government_evidence"] = "冀政字〔2026〕5号", digest
		if a := w.take("sjj.sh", v.Rectification, "order", order); a.Status != 200 {
			t.Errorf("order: %s", a.Raw)
		}
	})
}

// An inspection: planned, carried out, each finding its own case, concluded,
// reported.
func TestInspection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		department := w.department("camz")
		open := func(user string, about string) answer {
			return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "inspection", "parties": map[string]any{"department": about},
				"fields": map[string]any{"scope": "使用记录和安全措施", "way": "on_site", "planned_on": "2026-03-10"}})
		}
		w.refusedAs("a department inspects", 0, func() answer { return open("sjzga.jb", department) }, 403, "not_an_authority", "CN-29.1", nil)
		w.refusedAs("outside the territory", 0, func() answer { return open("casj.sh", w.department("sjzga")) }, 403, "outside_territory", "CN-29.1", nil)
		a := open("sjzsj.sh", department)
		if a.Status != 201 {
			t.Fatalf("plan: %s", a.Raw)
		}
		id := a.JSON["id"].(string)
		today := w.clock.Now().Format(time.DateOnly)
		w.refusedAs("carried out tomorrow", 0, func() answer {
			return w.take("sjzsj.sh", id, "carry_out", map[string]any{"carried_out_on": "2027-01-01"})
		}, 400, "date_in_future", "CN-29.1", map[string]string{"fields.carried_out_on": "CN-29.1"})
		must := func(user, action string, fields map[string]any) answer {
			a := w.take(user, id, action, fields)
			if a.Status != 200 {
				t.Fatalf("%s: %s", action, a.Raw)
			}
			return a
		}
		must("sjzsj.sh", "carry_out", map[string]any{"carried_out_on": today})
		w.refusedAs("a clause for authorities", 0, func() answer {
			return w.take("sjzsj.sh", id, "note_finding", map[string]any{"finding": "x", "evidence": digest, "violated": "CN-41.1"})
		}, 400, "finding_invalid", "CN-29.1", map[string]string{"fields.violated": "CN-41.1"})
		must("sjzsj.sh", "note_finding", map[string]any{"finding": "未见使用记录", "evidence": digest, "violated": "CN-40.5"})
		must("sjzsj.sh", "note_finding", map[string]any{"finding": "账号共用", "evidence": digest, "violated": "CN-40.6"})
		must("sjzsj.sh", "note_finding", map[string]any{"finding": "制度健全", "evidence": digest})
		must("camz.fzr", "state", map[string]any{"statement": "无异议"})
		must("sjzsj.sh", "conclude", map[string]any{"conclusion": "两项需要改正"})
		must("sjzsj.sh", "report", map[string]any{"report": digest})
		// The case is the district authority's, not the inspecting city's.
		opened := w.rectifications(department)
		if len(opened) != 2 {
			t.Fatalf("%d cases of two findings", len(opened))
		}
		for _, rectification := range opened {
			c, err := w.node.Store.Cases().Case(t.Context(), rectification)
			if err != nil || c.Parties["decider"] != w.department("casj") || c.Facts["origin"] != id {
				t.Errorf("%+v, %v", c, err)
			}
		}
	})
}
