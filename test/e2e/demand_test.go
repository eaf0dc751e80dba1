package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

const marriageName = "婚姻登记信息"

// wanted is the form of a demand.
func wanted(more map[string]any) map[string]any {
	return merged(map[string]any{"data": "办理救助时需要核对申请人的婚姻登记状况", "wanted_items": []string{"登记编号", "登记类别", "登记日期"},
		"purpose": "社会救助对象核验", "basis": "《社会救助暂行办法》第五十八条", "scenario": "受理申请时核对", "scope": "石家庄市,2015年以来",
		"urgency": "normal", "search_words": "婚姻登记"}, more)
}

// marriages is the entry that a demand leads to.
func marriages(more map[string]any) map[string]any {
	return hosted(marriageName, "301003", merged(map[string]any{"items": []map[string]any{
		{"code": "no", "name": "登记编号", "type": "C", "length": 20, "format": "文字", "description": "编号", "level": "general_1", "key": true},
		{"code": "status", "name": "登记类别", "type": "C", "length": 2, "format": "文字", "description": "类别", "level": "general_1"},
		{"code": "day", "name": "登记日期", "type": "D", "length": 8, "format": "YYYYMMDD", "description": "日期", "level": "general_1"},
	}}, more))
}

// asked files a demand up to the authority.
func (w *world) asked(short, name string, fields map[string]any) string {
	w.t.Helper()
	c := flow(w.ok(short+".jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "demand", "title": name, "fields": fields}))
	w.walk(c.id(), nil, short+".jb propose", short+".fzr consent")
	return c.id()
}

// assignment finds the open assignment at a department.
func (w *world) assignment(user, demand string) string {
	w.t.Helper()
	for _, x := range w.ok(user, http.MethodGet, "/api/v1/cases?procedure=demand_assignment&open=true", nil)["items"].([]any) {
		if m := x.(map[string]any); m["subject"] == demand {
			return m["id"].(string)
		}
	}
	w.t.Fatalf("%s has no assignment of %s", user, demand)
	return ""
}

func (w *world) onBoard(user, demand string) map[string]any {
	w.t.Helper()
	return w.ok(user, http.MethodGet, "/api/v1/demands/"+demand, nil)
}

// CN-20.1, HB-21: an empty search leads to a demand; the authority assigns, the
// department confirms and catalogues, the platform sees the publication, and
// asker and joiners are told and apply from there.
func TestDemandIsMet(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ready()
		if n := total(w.search("rst.jb", "q="+url.QueryEscape(marriageName))); n != 0 {
			t.Fatalf("%d hits before", n)
		}
		mzt := w.department("mzt")
		id := w.asked("rst", marriageName, wanted(map[string]any{"suspected_holder": mzt}))
		w.wantClock(w.caseOf("sjj.sh", id), "review", "CN-20.1", "2026-03-09")

		// Whoever needs the same finds it and joins; purpose and basis are not shown.
		look := w.ok("sjzyb.jb", http.MethodPost, "/api/v1/demands/look", map[string]any{"name": "婚姻登记", "items": []string{"登记类型"}})
		if d := look["demands"].([]any); len(d) != 1 || d[0].(map[string]any)["id"] != id {
			t.Fatalf("the demand is not found: %v", look)
		}
		w.wantRefused("the asker joins itself", w.as("rst.jb", http.MethodPut, "/api/v1/demands/"+id+"/joining", map[string]any{}), 409, "own_demand", "CN-20.1")
		w.wantRefused("a reader of the authority joins", w.as("sjzsj.sj", http.MethodPut, "/api/v1/demands/"+id+"/joining", map[string]any{}), 403, "not_office", "CN-20.1")
		w.refusedAs("a joining with personal data", 0, func() answer {
			return w.as("sjzyb.jb", http.MethodPut, "/api/v1/demands/"+id+"/joining", map[string]any{"note": "联系13912345678"})
		}, 400, "join_invalid", "CN-37.1", map[string]string{"note": "CN-37.1"})
		joined := w.ok("sjzyb.jb", http.MethodPut, "/api/v1/demands/"+id+"/joining", map[string]any{"note": "参保核验也要"})
		if joined["joined_by_us"] != true || joined["ours"] != false || strings.Contains(string(w.as("sjzyb.jb", http.MethodGet, "/api/v1/demands/"+id, nil).Raw), "社会救助对象核验") {
			t.Errorf("joined: %v", joined)
		}
		if a := w.as("sjzyb.jb", http.MethodGet, "/api/v1/cases/"+id, nil); a.Status != 404 {
			t.Errorf("who joined reads the case: %d", a.Status)
		}
		w.told("sjj.sh", "石家庄市医疗保障局也需要")

		w.wantRefused("the asker assigns", w.take("rst.fzr", id, "assign", map[string]any{"assignee": mzt}), 403, "actor_not_entitled", "CN-20.1")
		w.refusedAs("to the asker itself", 0, func() answer {
			return w.take("sjj.sh", id, "assign", map[string]any{"assignee": w.department("rst")})
		}, 400, "assignment_invalid", "CN-20.1", map[string]string{"fields.assignee": "CN-20.1"})
		w.walk(id, map[string]map[string]any{"assign": {"assignee": mzt}}, "sjj.sh assign")
		part := w.assignment("mzt.jb", id)
		w.wantClock(w.caseOf("mzt.jb", part), "confirmation", "CN-20.1", "2026-03-09")
		for day, basis := range map[string]string{"2026-03-02": "CN-20.1", "2029-01-01": "CN-20.1"} {
			w.wantRefused("a promise of "+day, w.take("mzt.fzr", part, "confirm", map[string]any{"catalogue_by": day}), 400, "dates_invalid", basis)
		}
		w.wantRefused("a clerk confirms", w.take("mzt.jb", part, "confirm", map[string]any{"catalogue_by": "2026-03-20"}), 403, "actor_not_entitled", "CN-20.1")
		w.walk(part, map[string]map[string]any{"confirm": {"catalogue_by": "2026-03-20"}, "postpone": {"catalogue_by": "2026-03-27", "reasons": "系统改造"}},
			"mzt.fzr confirm", "mzt.fzr postpone")
		w.wantClock(w.caseOf("mzt.jb", part), "cataloguing", "CN-20.1", "2026-03-27")
		if c := w.caseOf("rst.jb", id); c.stage() != "cataloguing" || c["facts"].(map[string]any)["catalogue_by"] != "2026-03-27" {
			t.Errorf("the asker sees %s, %v", c.stage(), c["facts"])
		}

		w.wantRefused("an application before there is an entry", w.as("rst.jb", http.MethodGet, "/api/v1/demands/"+id+"/application", nil), 409, "not_answered", "CN-20.2")
		resource, version := w.draft("mzt", marriages(nil))
		w.wantRefused("another department's entry", w.take("mzt.jb", part, "link", map[string]any{"resource": w.resources()[peopleName]}), 400, "resource_invalid", "CN-20.1")
		w.walk(part, map[string]map[string]any{"link": {"resource": resource}}, "mzt.jb link")
		w.wantRefused("the department declares it catalogued", w.take("mzt.fzr", part, "observe_catalogued", map[string]any{"resource": resource}), 403, "actor_not_entitled", "CN-20.1")
		w.walk(w.publication("mzt", version), nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		w.within("the publication is seen", func() bool { return w.caseOf("rst.jb", id).stage() == "answered" })
		if s := w.caseOf("mzt.jb", part).stage(); s != "catalogued" {
			t.Errorf("the assignment: %s", s)
		}
		w.told("rst.jb", "你部门需要的“"+marriageName+"”已有目录条目")
		w.told("sjzyb.jb", "你部门也需要的“"+marriageName+"”已有目录条目")

		// From the demand straight to an application.
		form := w.ok("rst.jb", http.MethodGet, "/api/v1/demands/"+id+"/application", nil)
		fields := form["fields"].(map[string]any)
		if len(fields["items"].([]any)) != 3 || fields["basis"] == nil || len(form["missing"].([]any)) != 0 {
			t.Errorf("pre-filled: %v", form)
		}
		others := w.ok("sjzyb.jb", http.MethodGet, "/api/v1/demands/"+id+"/application", nil)["fields"].(map[string]any)
		if others["basis"] != nil || len(others["items"].([]any)) != 3 {
			t.Errorf("pre-filled for who joined: %v", others)
		}
		for k, v := range map[string]any{"purpose": "社会救助对象核验", "until": "2026-12-31", "systems": []string{w.systemOf("rst")}} {
			fields[k] = v
		}
		app := w.ok("rst.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": form["procedure"], "subject": form["subject"], "action": "draft", "fields": fields})
		w.walk(flow(app).id(), nil, "rst.jb propose")
		w.walk(id, map[string]map[string]any{"close_satisfied": {"feedback": "可用"}}, "rst.jb close_satisfied")
		if b := w.onBoard("camz.jb", id); b["state"] != "closed" || b["resource"] != resource || b["resource_name"] != marriageName {
			t.Errorf("on the board: %v", b)
		}
		w.wantRefused("joining a closed one", w.as("camz.jb", http.MethodPut, "/api/v1/demands/"+id+"/joining", map[string]any{}), 409, "demand_closed", "CN-20.1")
	})
}

// What a demand must not be, and every other way out: it is there already,
// somebody else asks for it, nobody has it, the law forbids it, taken back.
func TestDemandOtherwise(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ready()
		mzt := w.department("mzt")
		open := func(title string, fields map[string]any) func() answer {
			return func() answer {
				return w.as("rst.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "demand", "title": title, "fields": fields})
			}
		}
		w.refusedAs("without a name", 0, open("", wanted(nil)), 400, "title_missing", "CN-20.1", map[string]string{"title": "CN-20.1"})
		w.refusedAs("everything wrong at once", 0, open("某人13912345678的信息", wanted(map[string]any{
			"suspected_holder": w.department("rst"), "data": "身份证110101199003070134", "wanted_items": []string{strings.Repeat("长", 101)}})),
			400, "demand_invalid", "", map[string]string{"title": "CN-37.1", "fields.data": "CN-37.1", "fields.suspected_holder": "CN-20.1", "fields.wanted_items[0]": "CN-20.1"})
		draft := flow(w.ok("rst.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "demand", "title": marriageName,
			"fields": map[string]any{"urgency": "urgent"}}))
		a := w.take("rst.jb", draft.id(), "propose", nil)
		if got := a.fields(); a.Status != 400 || got["fields.purpose"] != "CN-20.2" || got["fields.wanted_items"] != "CN-20.1" {
			t.Errorf("proposed unfinished: %s", a.Raw)
		}
		w.refusedAs("urgent without a reason", 0, func() answer {
			return w.take("rst.jb", draft.id(), "propose", wanted(map[string]any{"urgency": "urgent"}))
		}, 400, "demand_invalid", "CN-20.1", map[string]string{"fields.urgency_reasons": "CN-20.1"})
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/demands/"+draft.id(), nil); a.Status != 404 {
			t.Errorf("a draft is on the board: %d", a.Status)
		}
		w.walk(draft.id(), map[string]map[string]any{"propose": wanted(map[string]any{"urgency": "urgent", "urgency_reasons": "汛期救助"})},
			"rst.jb propose", "rst.fzr consent")
		w.wantClock(w.caseOf("sjj.sh", draft.id()), "review", "CN-20.1", "2026-03-04")

		// The department declines, with whom it believes; the law forbids it needs the law.
		id := draft.id()
		w.walk(id, map[string]map[string]any{"assign": {"assignee": mzt}}, "sjj.sh assign")
		part := w.assignment("mzt.jb", id)
		w.wantRefused("withheld without the law", w.take("mzt.fzr", part, "decline_withheld", map[string]any{"reasons": "不便", "legal_basis": "内部规定"}),
			400, "withheld_without_basis", "CN-14")
		w.wantRefused("believed to be with the asker", w.take("mzt.fzr", part, "decline", map[string]any{"reasons": "不是", "believed_holder": w.department("rst")}),
			400, "holder_invalid", "CN-20.1")
		w.wantRefused("withheld though nobody said so", w.take("sjj.sh", id, "answer_withheld", map[string]any{"reasons": "x"}), 409, "step_not_allowed", "CN-20.1")
		w.walk(part, map[string]map[string]any{"decline": {"reasons": "登记在公安机关", "believed_holder": w.department("sjzga")}}, "mzt.fzr decline")
		c := w.caseOf("sjj.sh", id)
		if c.stage() != "with_authority" || c["facts"].(map[string]any)["believed_holder"] != w.department("sjzga") {
			t.Errorf("declined: %s %v", c.stage(), c["facts"])
		}
		w.wantRefused("withheld though it is only not theirs", w.take("sjj.sh", id, "answer_withheld", map[string]any{"reasons": "x"}), 409, "condition_not_met", "CN-20.1")
		w.wantRefused("asked again for no reason", w.take("sjj.sh", id, "assign", map[string]any{"assignee": mzt}), 400, "assignment_invalid", "CN-20.1")
		w.walk(id, map[string]map[string]any{"assign": {"assignee": mzt, "opinion": "婚姻登记由民政部门负责"}}, "sjj.sh assign")
		part = w.assignment("mzt.jb", id)
		w.walk(part, map[string]map[string]any{"decline_withheld": {"reasons": "涉及个人隐私", "legal_basis": "《婚姻登记档案管理办法》第十五条"}}, "mzt.fzr decline_withheld")
		w.walk(id, map[string]map[string]any{"answer_withheld": {"reasons": "依法不能共享"}}, "sjj.sh answer_withheld")
		if b := w.onBoard("mzt.jb", id); b["state"] != "closed" {
			t.Errorf("on the board: %v", b)
		}

		// There already: the authority cannot overlook it.
		resource := w.published("mzt", "sjj", marriages(nil))
		w.within("the search knows it", func() bool { return total(w.search("rst.jb", "q="+url.QueryEscape(marriageName))) == 1 })
		id = w.asked("rst", "婚姻登记数据", wanted(nil))
		m := w.ok("sjj.sh", http.MethodGet, "/api/v1/demands/"+id+"/matches", nil)
		if r := m["resources"].([]any); len(r) == 0 || r[0].(map[string]any)["resource"] != resource || r[0].(map[string]any)["complete"] != true {
			t.Errorf("matches: %v", m)
		}
		w.refusedAs("assigned though it is there", 0, func() answer {
			return w.take("sjj.sh", id, "assign", map[string]any{"assignee": w.department("sjzga")})
		}, 400, "already_there", "CN-20.1", map[string]string{"fields.not_there": "CN-20.1"})
		w.wantRefused("answered with what is not published", w.take("sjj.sh", id, "answer_there", map[string]any{"resource": mzt}), 400, "answer_invalid", "CN-16")

		// Another department's is the same: merged, and the answer reaches both.
		twin := w.asked("mzt", "婚姻登记情况", wanted(nil))
		w.wantRefused("into itself", w.take("sjj.sh", twin, "merge", map[string]any{"merged_into": twin}), 400, "merge_invalid", "CN-20.1")
		w.walk(twin, map[string]map[string]any{"merge": {"merged_into": id}}, "sjj.sh merge")
		w.walk(id, map[string]map[string]any{"answer_there": {"resource": resource}}, "sjj.sh answer_there")
		w.told("mzt.jb", "你部门也需要的“婚姻登记数据”已有目录条目")
		w.walk(id, map[string]map[string]any{"press_on": {"feedback": "缺2015年以前的"}}, "rst.fzr press_on")
		if b := w.onBoard("mzt.jb", id); b["state"] != "open" || b["resource"] != nil || b["joined_by_us"] != true {
			t.Errorf("pressed on: %v", b)
		}
		w.wantRefused("a plan that is a demand", w.take("sjj.sh", id, "answer_none", map[string]any{"route": "collection_plan", "reasons": "无", "related_case": twin}),
			400, "related_case_invalid", "CN-19")
		w.walk(id, map[string]map[string]any{"answer_none": {"route": "collection_plan", "reasons": "2015年以前没有电子数据"}}, "sjj.sh answer_none")
		w.told("mzt.jb", "没有部门掌握")

		// Taken back while a department is at it.
		id = w.asked("rst", "社区矫正人员信息", wanted(map[string]any{"wanted_items": []string{"矫正类别"}, "search_words": "矫正"}))
		w.walk(id, map[string]map[string]any{"assign": {"assignee": mzt}}, "sjj.sh assign")
		part = w.assignment("mzt.jb", id)
		w.walk(id, nil, "rst.jb withdraw")
		if s := w.caseOf("mzt.jb", part).stage(); s != "cancelled" {
			t.Errorf("the assignment: %s", s)
		}
		list := w.ok("rst.jb", http.MethodGet, "/api/v1/demands?own=true&state=closed", nil)["items"].([]any)
		if len(list) != 3 {
			t.Errorf("%d own demands are closed", len(list))
		}
	})
}

// Across levels the common superior authority decides whether a department is
// assigned; a term that passes is a reminder and no violation.
func TestDemandAcrossLevels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ready()
		id := w.asked("camz", marriageName, wanted(nil))
		w.walk(id, map[string]map[string]any{"assign": {"assignee": w.department("mzt"), "opinion": "请省厅提供"}}, "casj.sh assign")
		if list := w.ok("mzt.jb", http.MethodGet, "/api/v1/todos", nil)["items"].([]any); slices.ContainsFunc(list, func(x any) bool {
			return strings.Contains(x.(map[string]any)["procedure"].(string), "demand")
		}) {
			t.Error("the department is asked before the common superior agreed")
		}
		part := w.assignment("sjj.sh", id)
		w.wantRefused("the county's authority agrees for the province", w.take("casj.sh", part, "agree_assignment", nil), 403, "actor_not_entitled", "CN-9")
		w.walk(part, map[string]map[string]any{"refuse_assignment": {"reasons": "先查市级"}}, "sjj.sh refuse_assignment")
		if c := w.caseOf("casj.sh", id); c.stage() != "with_authority" || c["facts"].(map[string]any)["last_answer"] != "not_agreed" {
			t.Errorf("not agreed: %s", c.stage())
		}
		w.walk(id, map[string]map[string]any{"assign": {"assignee": w.department("mzt"), "opinion": "市级没有"}}, "casj.sh assign")
		part = w.assignment("sjj.sh", id)
		w.walk(part, nil, "sjj.sh agree_assignment")
		before := w.ok("sjj.sh", http.MethodGet, "/api/v1/violations", nil)["items"].([]any)
		w.clock.Set(time.Date(2026, 3, 10, 1, 0, 0, 0, time.UTC)) // due 9 March
		w.forget()
		w.within("the authority hears of it", func() bool { return len(w.about("sjj.sh", part, "逾期未办")) > 0 })
		for _, x := range w.ok("sjj.sh", http.MethodGet, "/api/v1/violations", nil)["items"].([]any) {
			if strings.Contains(strings.Join([]string{x.(map[string]any)["department"].(string)}, ""), w.department("mzt")) && len(before) == 0 {
				t.Errorf("a platform's term became a violation: %v", x)
			}
		}
		w.walk(part, map[string]map[string]any{"confirm": {"catalogue_by": "2026-03-31"}}, "mzt.fzr confirm")
		if c := w.caseOf("camz.jb", id); c.stage() != "cataloguing" {
			t.Errorf("the asker sees %s", c.stage())
		}
	})
}
