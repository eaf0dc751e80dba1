package e2e

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/sharing"
)

// filed stands for the SHA-256 of a filed document.
const filed = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

// flow reads what the tests of the other ways to apply need of a case.
type flow map[string]any

func (f flow) id() string    { return f["id"].(string) }
func (f flow) stage() string { return f["stage"].(string) }

func (f flow) clock(name string) map[string]any {
	for _, x := range f["clocks"].([]any) {
		if k := x.(map[string]any); k["id"] == name {
			return k
		}
	}
	return nil
}

func (f flow) grant() string {
	for _, x := range f["acts"].([]any) {
		if results, ok := x.(map[string]any)["results"].(map[string]any); ok && results["grant"] != nil {
			return results["grant"].(string)
		}
	}
	return ""
}

// resources maps names to IDs.
func (w *world) resources() map[string]string {
	out := map[string]string{}
	for _, x := range w.ok("camz.jb", http.MethodGet, "/api/v1/resources", nil)["items"].([]any) {
		m := x.(map[string]any)
		out[m["name"].(string)] = m["resource"].(map[string]any)["id"].(string)
	}
	return out
}

func (w *world) systemOf(short string) string {
	list := w.ok(short+".dj", http.MethodGet, "/api/v1/systems", nil)["items"].([]any)
	return list[0].(map[string]any)["id"].(string)
}

const (
	codesName  = "行政区划代码"
	peopleName = "常住人口基本信息(演示)"
)

func (w *world) form(short, purpose string, items ...string) map[string]any {
	return map[string]any{"basis": "《社会救助暂行办法》第五十八条", "scenario": "受理申请时核对身份", "scope_of_use": "本部门经办窗口",
		"purpose": purpose, "method": "service_api", "until": w.clock.Now().AddDate(0, 6, 0).Format(time.DateOnly),
		"items": items, "mode": "query", "systems": []string{w.systemOf(short)}}
}

// walk takes the steps in order, each "user action", and fails the test at the
// first that is refused.
func (w *world) walk(id string, fields map[string]map[string]any, steps ...string) flow {
	w.t.Helper()
	var last answer
	for _, s := range steps {
		user, action, _ := strings.Cut(s, " ")
		if last = w.take(user, id, action, fields[action]); last.Status != 200 {
			w.t.Fatalf("%s: %d %s", s, last.Status, last.Raw)
		}
	}
	return flow(last.JSON)
}

// applied opens a case and takes it up to the office head's consent.
func (w *world) applied(short, procedure, subject string, fields map[string]any) flow {
	w.t.Helper()
	c := flow(w.ok(short+".jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": procedure, "action": "draft", "subject": subject, "fields": fields}))
	return w.walk(c.id(), nil, short+".jb propose", short+".fzr consent")
}

func (w *world) wantRefused(what string, a answer, status int, code, basis string) {
	w.t.Helper()
	if a.Status != status || a.code() != code || a.basis() != basis {
		w.t.Errorf("%s: %d %s %q, want %d %s %q: %s", what, a.Status, a.code(), a.basis(), status, code, basis, a.Raw)
	}
}

func (w *world) wantClock(f flow, name, clause, lastDay string) {
	w.t.Helper()
	k := f.clock(name)
	if k == nil || k["running"] != true || k["clause"] != clause || k["last_day"] != lastDay {
		w.t.Errorf("clock %s: %v, want %s until %s", name, k, clause, lastDay)
	}
}

// used makes a first call under a grant and waits until the case is observed
// to be delivered.
func (w *world) used(short, grant, purpose, viewer, caseID, stage string) {
	w.t.Helper()
	sys, c := w.consumer(short)
	assertion, err := sys.Assertion(w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	if err := sys.Token(context.Background(), assertion); err != nil {
		w.t.Fatal(err)
	}
	c.Grant, c.Purpose, c.Body = grant, purpose, map[string]any{"items": []string{"id_number"}, "limit": 1,
		"where": []map[string]any{{"item": "id_number", "op": "eq", "values": []string{people.Person(42)["id_number"].(string)}}}}
	if a := call(sys, c)(); a.Status != 200 {
		w.t.Fatalf("call under %s: %s", grant, a.Raw)
	}
	for range 200 {
		if f := flow(w.ok(viewer, http.MethodGet, "/api/v1/cases/"+caseID, nil)); f.stage() == stage {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Errorf("case %s is not %s", caseID, stage)
}

// HB-15: unconditional data straight from the authority, in the one day that
// the national regulation leaves of the three; conditional data forwarded.
func TestFlowsThroughTheAuthority(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.resources()
		c := w.applied("rst", "application_via_authority", r[codesName], w.form("rst", "履行职责需要", "code", "name"))
		w.wantClock(c, "direct", "CN-21.1", "2026-03-03")
		w.wantRefused("a provider answers for the authority", w.take("mzt.fzr", c.id(), "provide_directly", nil), 403, "actor_not_entitled", "HB-15.2")
		w.wantRefused("unconditional data are not forwarded", w.take("sjj.sh", c.id(), "forward", nil), 409, "condition_not_met", "HB-15.3")
		if c = w.walk(c.id(), nil, "sjj.sh provide_directly"); c.stage() != "provided" || c.grant() == "" {
			t.Fatalf("provided: %v", c)
		}

		const purpose = "参保身份核验"
		c = w.applied("sjzyb", "application_via_authority", r[peopleName], w.form("sjzyb", purpose, "id_number", "name", "phone"))
		w.wantClock(c, "review", "HB-15.3", "2026-03-05")
		notice := map[string]map[string]any{"supplement_notice": {"supplement_list": "上级文件"}, "complete": {"supplement": "已附"}}
		c = w.walk(c.id(), notice, "sjzsj.sh supplement_notice", "sjzyb.jb complete")
		w.wantRefused("a second notice", w.take("sjzsj.sh", c.id(), "supplement_notice", notice["supplement_notice"]), 409, "already_done", "CN-21.2")
		c = w.walk(c.id(), nil, "sjzsj.sh forward")
		w.wantClock(c, "reply", "HB-15.3", "2026-03-09")
		w.wantRefused("a refusal without a law", w.take("sjzga.fzr", c.id(), "refuse", map[string]any{"reasons": "不便提供", "legal_basis": "按有关规定办理"}),
			400, "refusal_without_basis", "HB-14")
		c = w.walk(c.id(), map[string]map[string]any{"agree": {"agreed_items": []string{"id_number", "name"}, "reasons": "电话非必需", "daily_calls": 500}}, "sjzga.fzr agree")
		w.wantClock(c, "provision", "HB-15.3", "2026-03-05")
		c = w.walk(c.id(), nil, "sjzsj.sh provide")
		g, err := w.node.Store.Sharing().Grant(t.Context(), c.grant())
		if err != nil || len(g.Items) != 2 || g.DailyCalls != 500 || g.Case != c.id() {
			t.Fatalf("more or less than the provider agreed to: %+v, %v", g, err)
		}
		w.used("sjzyb", g.ID, purpose, "sjzyb.jb", c.id(), "delivered")
	})
}

// HB-15.3: the refusal's reasons are told, the objection is decided, and a
// decision against the refusal issues the grant.
func TestFlowsObjection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		people := w.resources()[peopleName]
		c := w.applied("sjzyb", "application_via_authority", people, w.form("sjzyb", "参保身份核验", "id_number", "name"))
		fields := map[string]map[string]any{
			"refuse": {"reasons": "涉及未成年人", "legal_basis": "《中华人民共和国未成年人保护法》第四条"},
			"object": {"objection": "本部门依法履职所需"}, "overrule_refusal": {"coordination": "三方会商", "reasons": "法律没有禁止"},
		}
		c = w.walk(c.id(), fields, "sjzsj.sh forward", "sjzga.fzr refuse")
		w.wantRefused("an objection before the reasons are told", w.take("sjzyb.fzr", c.id(), "object", fields["object"]), 409, "step_not_allowed", "HB-15.3")
		c = w.walk(c.id(), fields, "sjzsj.sh tell_reasons", "sjzyb.fzr object")
		if c.clock("objection") == nil {
			t.Error("nobody is told by when to decide")
		}
		if c = w.walk(c.id(), fields, "sjzsj.sh overrule_refusal"); c.stage() != "provided" || c.grant() == "" {
			t.Errorf("overruled: %s", c.stage())
		}
	})
}

// HB-17: from authority to authority, each hand-over an act of its own.
func TestFlowsAcrossLevels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.resources()
		form := w.form("camz", "社会救助对象核验", "id_number", "name")
		open := func(user, procedure, subject string, fields map[string]any) answer {
			return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": procedure, "action": "draft", "subject": subject, "fields": fields})
		}
		w.wantRefused("a county asks its own authority for the city's data", open("camz.jb", "application_via_authority", r[peopleName], form), 409, "cross_level_required", "HB-17")
		w.wantRefused("a city asks upwards for its own city's data", open("sjzyb.jb", "cross_level_application", r[peopleName], w.form("sjzyb", "参保身份核验", "name")), 409, "not_cross_level", "HB-15.1")

		c := w.applied("camz", "cross_level_application", r[peopleName], form)
		w.wantClock(c, "hand_over", "HB-17", "2026-03-05")
		w.wantRefused("the city's authority before it was asked", w.take("sjzsj.sh", c.id(), "forward", nil), 409, "step_not_allowed", "HB-15.3")
		w.wantRefused("a relay that nobody needs", w.take("casj.sh", c.id(), "hand_up_to_relay", nil), 409, "condition_not_met", "HB-17")
		c = w.walk(c.id(), nil, "casj.sh hand_up", "sjzsj.sh forward", "sjzga.fzr agree", "sjzsj.sh provide")
		if c.stage() != "provided" || c.grant() == "" {
			t.Errorf("city's data: %s", c.stage())
		}
		w.used("camz", c.grant(), "社会救助对象核验", "camz.jb", c.id(), "delivered")

		c = w.applied("camz", "cross_level_application", r[codesName], w.form("camz", "履行职责需要", "code", "name"))
		c = w.walk(c.id(), nil, "casj.sh hand_up_to_relay")
		w.wantRefused("the province before the city relayed it", w.take("sjj.sh", c.id(), "provide_directly", nil), 409, "step_not_allowed", "HB-15.2")
		c = w.walk(c.id(), nil, "sjzsj.sh relay")
		w.wantClock(c, "direct", "CN-21.1", "2026-03-03")
		if c = w.walk(c.id(), nil, "sjj.sh provide_directly"); c.stage() != "provided" {
			t.Errorf("province's data: %s", c.stage())
		}
	})
}

// HB-17: ministries and other provinces, through the provincial authority.
func TestFlowsOutsideTheProvince(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		fields := map[string]map[string]any{
			"send_out":        {"sent_on": "2026-03-02", "letter_number": "冀数函〔2026〕1号", "letter": filed},
			"record_obtained": {"answered_on": "2026-03-20", "answer": filed, "way_of_delivery": "国家平台服务接口"},
		}
		c := flow(w.ok("camz.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "external_application", "subject": "MCA-HYDJ",
			"fields": map[string]any{"external_provider": "民政部", "external_kind": "ministry", "wanted": "婚姻登记的登记日期和状态"}}))
		a := w.take("camz.jb", c.id(), "propose", nil)
		if missing := slices.Sorted(maps.Keys(a.fields())); a.Status != 400 || !slices.Equal(missing, []string{"fields.basis", "fields.scenario", "fields.scope_of_use", "fields.until"}) {
			t.Errorf("half a form: %s", a.Raw)
		}
		rest := map[string]map[string]any{"propose": {"basis": "《社会救助暂行办法》第五十八条", "scenario": "核对婚姻状况", "scope_of_use": "低保审核", "until": "2027-03-01"}}
		c = w.walk(c.id(), rest, "camz.jb propose", "camz.fzr consent")
		w.wantRefused("the city's authority speaks for the province", w.take("sjzsj.sh", c.id(), "send_out", fields["send_out"]), 403, "actor_not_entitled", "HB-17")
		c = w.walk(c.id(), fields, "casj.sh hand_up", "sjj.sh send_out")
		w.wantRefused("an answer from the future", w.take("sjj.sh", c.id(), "record_obtained", fields["record_obtained"]), 400, "record_invalid", "HB-17")
		w.wantRefused("without evidence", w.take("sjj.sh", c.id(), "record_obtained", map[string]any{"answered_on": "2026-03-02", "way_of_delivery": "接口"}), 400, "fields_invalid", "HB-17")
		fields["record_obtained"]["answered_on"] = "2026-03-02"
		if c = w.walk(c.id(), fields, "sjj.sh record_obtained"); c.stage() != "obtained" {
			t.Error(c.stage())
		}
	})
}

// CN-24: the rows of the lower territory, whole, and no way to put anything on it.
func TestFlowsBackflow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		people := w.resources()[peopleName]
		form := w.form("camz", "基层社会救助巡查", "id_number", "name", "region") // a purpose that the catalog does not list
		delete(form, "scope_of_use")
		form["clear_items"] = []string{"name"}
		w.wantRefused("departments of one government", w.as("sjzyb.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "backflow", "subject": people}),
			409, "not_backflow", "CN-24.1")
		w.wantRefused("rows of one's own choice", w.as("camz.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "backflow", "subject": people,
			"fields": map[string]any{"rows": []map[string]any{{"item": "region", "op": "prefix", "values": []string{"13"}}}}}), 400, "fields_invalid", "CN-24.1")
		c := flow(w.ok("camz.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "backflow", "subject": people, "fields": form}))
		c = w.walk(c.id(), nil, "camz.jb propose", "camz.fzr consent")
		w.wantClock(c, "return", "CN-24.1", "2026-03-16")
		for what, fields := range map[string]map[string]any{
			"fewer items": {"agreed_items": []string{"name"}}, "a condition": {"conditions": "先签协议"}, "a limit": {"daily_calls": 10},
			"fewer rows": {"rows": []any{}}, "an earlier end": {"until": "2026-03-05"},
		} {
			w.wantRefused(what, w.take("sjzga.fzr", c.id(), "give_back", fields), 400, "fields_invalid", "CN-24.1")
		}
		for _, action := range []string{"refuse", "supplement_notice", "request_extension"} {
			w.wantRefused(action, w.take("sjzga.fzr", c.id(), action, nil), 400, "action_unknown", "CN-24.1")
		}
		w.clock.Set(time.Date(2026, 3, 16, 16, 0, 0, 0, time.UTC))
		w.forget()
		late := flow(w.ok("camz.jb", http.MethodGet, "/api/v1/cases/"+c.id(), nil))
		if k := late.clock("return"); k["overdue"] != true {
			t.Errorf("at midnight: %v", k)
		}
		c = w.walk(c.id(), nil, "sjzga.fzr give_back")
		g, err := w.node.Store.Sharing().Grant(t.Context(), c.grant())
		if err != nil || len(g.Rows) != 1 || g.Rows[0].Item != "region" || g.Rows[0].Op != "prefix" || g.Rows[0].Values[0] != "130102" ||
			len(g.Items) != 3 || !slices.Equal(g.Clear, []string{"name"}) {
			t.Errorf("the grant: %+v, %v", g, err)
		}
	})
}

// One form for many: all or none, every fault with its place; then one step on
// many, each with its own result.
func TestFlowsBulk(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.resources()
		form := w.form("camz", "社会救助对象核验")
		delete(form, "items")
		subjects := []map[string]any{
			{"subject": r[codesName], "fields": map[string]any{"items": []string{"code"}, "purpose": "履行职责需要"}},
			{"subject": r[peopleName], "fields": map[string]any{"items": []string{"name", "salary"}}},
			{"subject": w.result.Pending},
		}
		before := w.count()
		a := w.as("camz.jb", http.MethodPost, "/api/v1/cases/bulk", map[string]any{"procedure": "application", "fields": form, "subjects": subjects})
		if got := slices.Sorted(maps.Keys(a.fields())); a.Status != 400 || a.code() != "bulk_invalid" ||
			!slices.Equal(got, []string{"subjects[1].fields.items", "subjects[2]"}) {
			t.Errorf("faulty ones: %s", a.Raw)
		}
		if after := w.count(); after != before {
			t.Errorf("something stayed: %+v, was %+v", after, before)
		}
		subjects[1]["fields"] = map[string]any{"items": []string{"name"}}
		a = w.as("camz.jb", http.MethodPost, "/api/v1/cases/bulk", map[string]any{"procedure": "application", "fields": form, "subjects": subjects[:2]})
		if a.Status != 201 || a.JSON["done"] != 2.0 {
			t.Fatalf("both: %d %s", a.Status, a.Raw)
		}
		var ids []string
		for _, x := range a.JSON["items"].([]any) {
			ids = append(ids, x.(map[string]any)["case"].(string))
		}
		drafts := w.ok("camz.jb", http.MethodGet, "/api/v1/cases?procedure=application&stage=drafted&open=true", nil)["items"].([]any)
		if len(drafts) != 2 {
			t.Errorf("%d drafts are kept", len(drafts))
		}
		step := func(user, action string, cases ...string) []any {
			list := []map[string]any{}
			for _, id := range cases {
				list = append(list, map[string]any{"case": id})
			}
			return w.ok(user, http.MethodPost, "/api/v1/cases/bulk/actions/"+action, map[string]any{"cases": list})["items"].([]any)
		}
		results := step("camz.jb", "propose", ids[0], w.result.Pending, ids[1])
		for i, want := range []string{"", "step_not_allowed", ""} {
			m := results[i].(map[string]any)
			if code, _ := m["code"].(string); code != want || m["done"] != (want == "") {
				t.Errorf("result %d: %v", i, m)
			}
		}
		for i, x := range step("camz.fzr", "consent", ids...) {
			if m := x.(map[string]any); m["stage"] != "received" {
				t.Errorf("consent %d: %v", i, m)
			}
		}
	})
}

// One form for many departments: the authority drafts, and cannot do what the
// department's own head must.
func TestFlowsOnBehalf(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := w.resources()[codesName]
		parties := map[string]any{}
		for _, x := range w.ok("sjj.sh", http.MethodGet, "/api/v1/departments?limit=100", nil)["items"].([]any) {
			m := x.(map[string]any)
			parties[m["name"].(string)] = map[string]any{"consumer": m["id"]}
		}
		body := func(names ...string) map[string]any {
			var subjects []map[string]any
			for _, name := range names {
				subjects = append(subjects, map[string]any{"subject": codes, "parties": parties[name]})
			}
			return map[string]any{"procedure": "application_via_authority", "action": "draft_for", "subjects": subjects,
				"fields": map[string]any{"scenario": "全省统一核对区划", "items": []string{"code", "name"}}}
		}
		a := w.as("sjj.sh", http.MethodPost, "/api/v1/cases/bulk", body("河北省人力资源和社会保障厅", "河北省民政厅", "石家庄市医疗保障局"))
		if got := slices.Sorted(maps.Keys(a.fields())); a.Status != 400 || !slices.Equal(got, []string{"subjects[1]", "subjects[2]"}) {
			t.Errorf("the provider itself, and another authority's: %s", a.Raw)
		}
		a = w.as("sjj.sh", http.MethodPost, "/api/v1/cases/bulk", body("河北省人力资源和社会保障厅"))
		if a.Status != 201 {
			t.Fatalf("on behalf: %s", a.Raw)
		}
		id := a.JSON["items"].([]any)[0].(map[string]any)["case"].(string)
		w.wantRefused("the authority proposes for it", w.take("sjj.sh", id, "propose", nil), 403, "actor_not_entitled", "CN-20.2")
		fields := map[string]map[string]any{"propose": w.form("rst", "履行职责需要", "code", "name")}
		if c := w.walk(id, fields, "rst.jb propose", "rst.fzr consent"); c.stage() != "with_authority" {
			t.Error(c.stage())
		}
	})
}

// publishAddresses publishes a second linked resource of the city's police.
func (w *world) publishAddresses() string {
	w.t.Helper()
	item := func(code, name, sensitivity string, key bool) map[string]any {
		return map[string]any{"code": code, "name": name, "type": "C", "length": 50, "format": "文字", "description": name, "level": "general_4",
			"sensitivity": sensitivity, "masked": true, "key": key}
	}
	made := w.ok("sjzga.jb", http.MethodPost, "/api/v1/resources", map[string]any{"entry": map[string]any{
		"name": "居住登记(演示)", "class_code": "1010010003", "abstract": "演示用虚构人员的住址。", "format_kind": "service", "format": "服务接口", "frequency": "realtime",
		"attribute": "conditional", "methods": []string{"service_api"}, "use_conditions": "按批准的用途逐笔查询", "scope_of_use": "医疗保障部门",
		"purposes": []string{"参保身份核验"}, "legal_basis": "《中华人民共和国户口登记条例》第三条", "level": "general_4", "personal_info": true,
		"collection": "linked_service", "upstream": map[string]any{"url": upstreamURL, "timeout_seconds": 5}, "source_system": "居住登记",
		"duty_basis": "《中华人民共和国户口登记条例》第三条", "contact": "0311-80000004", "open_attribute": "not_open",
		"items": []map[string]any{item("name", "姓名", "person_name", true), item("address", "住址", "address", false)}}})
	c := flow(w.ok("sjzga.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "catalog_publication", "subject": made["pending"].(map[string]any)["id"]}))
	w.walk(c.id(), map[string]map[string]any{
		"assess_secrecy": {"secrecy_conclusion": "pass", "secrecy_report": "不涉密"},
		"assess_privacy": {"privacy_conclusion": "pass", "privacy_report": "最小必要"},
	}, "sjzga.jb assess_secrecy", "sjzga.jb assess_privacy", "sjzga.jb submit", "sjzga.ld head_approve", "sjzsj.sh publish")
	return made["resource"].(map[string]any)["id"].(string)
}

// CN-25.2: identity and telephone from one resource, the address from another.
func TestFlowsAggregation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		c := w.applied("sjzyb", "application", w.publishAddresses(), w.form("sjzyb", "参保身份核验", "address"))
		agree := func() answer { return w.take("sjzga.fzr", c.id(), "agree", nil) }
		w.refusedAs("agreeing without the assessment", 0, agree, 409, "aggregation_assessment_required", "CN-25.2", nil)
		assessment := map[string]any{"aggregation_rules": []string{"identity_contact_address"}, "aggregation_conclusion": "fail",
			"aggregation_report": "两项数据汇聚后可以定位到人", "aggregation_evidence": filed}
		w.walk(c.id(), map[string]map[string]any{"assess_aggregation": assessment}, "sjzga.jb assess_aggregation")
		w.refusedAs("agreeing against the assessment", 0, agree, 409, "aggregation_risk", "CN-25.2", nil)
		assessment["aggregation_conclusion"] = "pass"
		w.walk(c.id(), map[string]map[string]any{"assess_aggregation": assessment}, "sjzga.jb assess_aggregation", "sjzga.fzr agree")
		for range 2 {
			if hits, err := w.node.Flows.ScanAggregation(t.Context()); err != nil || len(hits) != 1 || hits[0].AssessedCase != c.id() {
				t.Errorf("the scan: %+v, %v", hits, err)
			}
		}
		for user, want := range map[string]int{"sjzyb.jb": 1, "sjzsj.sj": 1, "sjj.sh": 1, "casj.sh": 0, "camz.jb": 0} {
			list := w.ok(user, http.MethodGet, "/api/v1/aggregation-risks", nil)["items"].([]any)
			if len(list) != want {
				t.Errorf("%s sees %v", user, list)
			} else if want == 1 && list[0].(map[string]any)["demanded"] != false {
				t.Errorf("assessed, and still demanded: %v", list)
			}
		}
	})
}

// CN-28: negotiate, the common superior authority, its government; a refused
// application is ordered to be met.
func TestFlowsDispute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		app := w.result.Pending // of camz, at sjzga: the city's authority is above both
		w.walk(app, map[string]map[string]any{"refuse": {"reasons": "没有必要"}}, "sjzga.fzr refuse")
		open := func(user, action string) answer {
			return w.as(user, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "dispute", "action": action, "subject": app, "fields": map[string]any{"claim": "理由不成立"}})
		}
		w.wantRefused("a stranger", open("rst.jb", "open_by_consumer"), 404, "not_found", "")
		w.wantRefused("in the other's name", open("sjzga.jb", "open_by_consumer"), 400, "party_mismatch", "CN-28")
		a := open("camz.jb", "open_by_consumer")
		if a.Status != 201 {
			t.Fatalf("open: %s", a.Raw)
		}
		c := flow(a.JSON)
		w.wantRefused("a second one", open("sjzga.jb", "open_by_provider"), 409, "dispute_open", "CN-28")
		fields := map[string]map[string]any{
			"record_negotiation": {"negotiation": "当面协商两次", "negotiated_on": "2026-03-02"}, "apply": {"reasons": "协商不成"},
			"coordinate": {"coordination": "召集双方"}, "decide": {"outcome": "order_share", "opinion": "应当共享", "reasons": "符合目录列明的用途"},
			"object": {"reasons": "仍不同意"}, "government_decides": {"outcome": "order_share", "decision_number": "石政字〔2026〕8号", "decided_on": "2026-03-02", "decision": filed, "reasons": "依法应当共享"},
			"withdraw_by_provider": {"reasons": "不争了"},
		}
		w.wantRefused("without negotiation", w.take("camz.fzr", c.id(), "apply", fields["apply"]), 409, "negotiate_first", "CN-28.2")
		c = w.walk(c.id(), fields, "camz.jb record_negotiation", "camz.fzr apply")
		w.wantClock(c, "coordination", "CN-28.2", "2026-03-23")
		w.wantRefused("the other side takes it back", w.take("sjzga.fzr", c.id(), "withdraw_by_provider", fields["withdraw_by_provider"]), 403, "not_own_claim", "CN-28.2")
		w.wantRefused("the county's authority takes it", w.take("casj.sh", c.id(), "accept", nil), 403, "actor_not_entitled", "CN-28.2")
		c = w.walk(c.id(), nil, "sjzsj.sh accept")
		w.wantRefused("a decision without coordination", w.take("sjzsj.sh", c.id(), "decide", fields["decide"]), 400, "fields_invalid", "CN-28.2")
		w.walk(c.id(), fields, "sjzsj.sh coordinate")
		w.wantRefused("an outcome that does not fit", w.take("sjzsj.sh", c.id(), "decide", map[string]any{"outcome": "restore_grant", "opinion": "x", "reasons": "y"}), 409, "outcome_unfit", "CN-28.2")
		w.walk(c.id(), fields, "sjzsj.sh decide", "camz.fzr accept_by_consumer", "sjzga.fzr object")
		w.wantRefused("without the government's document", w.take("sjzsj.sh", c.id(), "government_decides", map[string]any{"outcome": "order_share", "reasons": "口头"}), 400, "fields_invalid", "CN-28.2")
		c = w.walk(c.id(), fields, "sjzsj.sh government_decides")
		w.wantRefused("a provider executes on itself", w.take("sjzga.fzr", c.id(), "serve_order", nil), 403, "actor_not_entitled", "CN-28.2")
		w.wantRefused("more than was applied for", w.take("sjzsj.sh", c.id(), "serve_order", map[string]any{"agreed_items": []string{"phone"}}), 400, "order_invalid", "CN-28")
		c = w.walk(c.id(), nil, "sjzsj.sh serve_order")
		g, err := w.node.Store.Sharing().Grant(t.Context(), c.grant())
		if err != nil || g.Case != c.id() || len(g.Rows) != 1 {
			t.Fatalf("the grant: %+v, %v", g, err)
		}
		w.used("camz", g.ID, g.Purpose, "camz.jb", c.id(), "fulfilled")
	})
}

// CN-28: a grant that the provider suspended is restored when both accept.
func TestFlowsDisputeRestores(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		grants, err := w.node.Store.Sharing().Grants(t.Context(), sharing.GrantFilter{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(grants, func(g sharing.Grant) bool { return g.Purpose == "参保身份核验" })
		g := grants[i]
		open := func() answer {
			return w.as("sjzyb.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "dispute", "action": "open_by_consumer", "subject": g.ID, "fields": map[string]any{"claim": "擅自暂停"}})
		}
		fields := map[string]map[string]any{
			"record_negotiation": {"negotiation": "电话协商", "negotiated_on": "2026-03-02"}, "apply": {"reasons": "协商不成"},
			"decide": {"outcome": "restore_grant", "opinion": "恢复", "reasons": "没有违规事实", "coordination": "双方到场"},
		}
		fields["coordinate"] = map[string]any{"coordination": "双方到场"}
		delete(fields["decide"], "coordination")
		c := flow(open().JSON)
		w.walk(c.id(), fields, "sjzyb.jb record_negotiation", "sjzyb.fzr apply", "sjzsj.sh accept", "sjzsj.sh coordinate")
		w.wantRefused("nothing to restore", w.take("sjzsj.sh", c.id(), "decide", fields["decide"]), 409, "nothing_to_restore", "CN-28")
		w.ok("sjzyb.fzr", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "suspension", "action": "suspend_self", "subject": g.ID, "fields": map[string]any{"reasons": "自查"}})
		suspension := flow(w.ok("sjzga.fzr", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "suspension", "action": "suspend_by_provider", "subject": g.ID,
			"fields": map[string]any{"misuse": "scope", "findings": "超范围查询", "demands": "停止并说明", "rectify_by": "2026-03-20"}}))
		c = w.walk(c.id(), fields, "sjzsj.sh decide", "sjzga.fzr accept_by_provider", "sjzyb.fzr agree_by_consumer", "sjzsj.sh serve")
		after, err := w.node.Store.Sharing().Grant(t.Context(), g.ID)
		if err != nil || after.SuspendedProvider || !after.SuspendedConsumer || c.stage() != "concluded" {
			t.Errorf("%s, %+v, %v", c.stage(), after, err)
		}
		w.walk(suspension.id(), map[string]map[string]any{"report_to_provider": {"report": "没有违规", "report_evidence": filed}}, "sjzyb.fzr report_to_provider")
		w.wantRefused("ended by what was found to be without ground", w.take("sjzga.fzr", suspension.id(), "provider_terminate", map[string]any{"conclusion": "整改不到位"}), 409, "suspension_lifted", "CN-28")
		if a := open(); a.Status != 201 {
			t.Errorf("a new dispute after the first has ended: %s", a.Raw)
		}
	})
}
