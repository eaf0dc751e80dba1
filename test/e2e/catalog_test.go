package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// hosted is a small catalog entry of a hosted resource.
func hosted(name, class string, more map[string]any) map[string]any {
	e := map[string]any{
		"name": name, "class_code": class, "abstract": name + "的登记信息。", "format_kind": "database", "format": "数据库", "frequency": "daily",
		"attribute": "unconditional", "methods": []string{"service_api"}, "use_conditions": "无", "scope_of_use": "各部门", "level": "general_1",
		"collection": "hosted_copy", "source_system": "登记", "duty_basis": "《行政区划管理条例》第四条", "contact": "0311-80000001", "open_attribute": "not_open",
		"items": []map[string]any{
			{"code": "no", "name": name + "编号", "type": "C", "length": 20, "format": "文字", "description": "编号", "level": "general_1", "key": true},
			{"code": "region", "name": "所在区划", "type": "C", "length": 12, "format": "数字", "description": "区划代码", "level": "general_1", "element": "DE-QHDM"},
		},
	}
	for k, v := range more {
		e[k] = v
	}
	return e
}

// authoritative marks the item of an entry that names the standard element.
func authoritative(e map[string]any) map[string]any {
	e["items"].([]map[string]any)[1]["authoritative"] = true
	return e
}

// draft makes a draft and gives resource and version.
func (w *world) draft(short string, entry map[string]any) (resource, version string) {
	w.t.Helper()
	made := w.ok(short+".jb", http.MethodPost, "/api/v1/resources", map[string]any{"entry": entry})
	return made["resource"].(map[string]any)["id"].(string), made["pending"].(map[string]any)["id"].(string)
}

// revise makes a new version of a published resource and changes its entry.
func (w *world) revise(short, resource string, change func(entry map[string]any)) (version string) {
	w.t.Helper()
	v := w.ok(short+".jb", http.MethodPost, "/api/v1/resources/"+resource+"/versions", nil)
	entry := v["entry"].(map[string]any)
	if change != nil {
		change(entry)
		v = w.ok(short+".jb", http.MethodPut, "/api/v1/resources/"+resource+"/draft", map[string]any{"entry": entry, "revision": v["revision"]})
	}
	return v["id"].(string)
}

// publication opens the publication of a version and has it assessed.
func (w *world) publication(short, version string) string {
	w.t.Helper()
	c := flow(w.ok(short+".jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "catalog_publication", "subject": version}))
	w.walk(c.id(), map[string]map[string]any{"assess_secrecy": {"secrecy_conclusion": "pass", "secrecy_report": "不涉密"}}, short+".jb assess_secrecy")
	return c.id()
}

// published takes an entry from draft to publication.
func (w *world) published(short, authority string, entry map[string]any) string {
	w.t.Helper()
	resource, version := w.draft(short, entry)
	w.walk(w.publication(short, version), nil, short+".jb submit", short+".ld head_approve", authority+".sh publish")
	return resource
}

func (w *world) open(user, procedure, action, subject string, parties map[string]string, fields map[string]any) answer {
	w.t.Helper()
	body := map[string]any{"procedure": procedure, "action": action, "fields": fields}
	if subject != "" {
		body["subject"] = subject
	}
	if parties != nil {
		body["parties"] = parties
	}
	if procedure == "project_gate" || procedure == "platform_integration" {
		body["title"] = "社会救助系统升级"
	}
	return w.as(user, http.MethodPost, "/api/v1/cases", body)
}

func (w *world) opened(user, procedure, action, subject string, parties map[string]string, fields map[string]any) flow {
	w.t.Helper()
	a := w.open(user, procedure, action, subject, parties, fields)
	if a.Status >= 300 {
		w.t.Fatalf("open %s: %d %s", procedure, a.Status, a.Raw)
	}
	return flow(a.JSON)
}

func (w *world) caseOf(user, id string) flow {
	w.t.Helper()
	return flow(w.ok(user, http.MethodGet, "/api/v1/cases/"+id, nil))
}

// CN-17, HB-9: ten working days from the change itself, five more at most; the
// publications fulfil it, a return undoes that and gives no new term.
func TestCatalogUpdate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := w.resources()[codesName]
		event := func(day string, resources ...string) map[string]any {
			return map[string]any{"cause": "law", "event": "区划调整", "basis": "《行政区划管理条例》第四条", "changed_on": day, "evidence": digest, "resources": resources}
		}
		w.refusedAs("a change of tomorrow, of somebody else's entry", 0, func() answer {
			return w.open("mzt.jb", "catalog_update", "file", "", nil, event("2026-03-03", w.resources()[peopleName]))
		}, 400, "change_invalid", "CN-17.2", map[string]string{"fields.changed_on": "CN-17.2", "fields.resources[0]": "CN-17.2"})
		w.refusedAs("an order by the authority of another government", 0, func() answer {
			return w.open("sjzsj.sh", "catalog_update", "order", "", map[string]string{"provider": w.department("mzt")}, event("2026-03-02", codes))
		}, 403, "actor_not_entitled", "CN-17.2", nil)

		// 2026-02-28 is a make-up working day.
		c := w.opened("mzt.jb", "catalog_update", "file", "", nil, event("2026-02-27", codes))
		w.wantClock(c, "update", "CN-17.2", "2026-03-12")
		w.refusedAs("ten days more, as the provincial measures had it", 0, func() answer {
			return w.take("mzt.fzr", c.id(), "request_extension", map[string]any{"reasons": "核对量大", "extension_days": 10})
		}, 400, "fields_invalid", "CN-17.2", map[string]string{"fields.extension_days": "CN-17.2"})
		c = w.walk(c.id(), map[string]map[string]any{"request_extension": {"reasons": "核对量大", "extension_days": 5}},
			"mzt.fzr request_extension", "sjj.sh consent_extension")
		w.wantClock(c, "update", "CN-17.2", "2026-03-19")
		w.wantRefused("a second extension", w.take("mzt.fzr", c.id(), "request_extension", map[string]any{"reasons": "x", "extension_days": 1}),
			409, "already_done", "CN-17.2")

		pub := w.publication("mzt", w.revise("mzt", codes, nil))
		w.walk(pub, nil, "mzt.jb submit")
		w.wantRefused("an update that changes nothing", w.take("mzt.ld", pub, "head_approve", nil), 409, "nothing_changed", "CN-17.2")
		w.walk(pub, map[string]map[string]any{"head_return": {"reasons": "未更新"}, "abandon": {"reasons": "重编"}}, "mzt.ld head_return", "mzt.jb abandon")
		pub = w.publication("mzt", w.revise("mzt", codes, func(e map[string]any) { e["abstract"] = "按调整后的区划更新。" }))
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve")
		if got := w.caseOf("mzt.jb", c.id()); got.stage() != "filed" || got.clock("update")["running"] != false {
			t.Errorf("after the update was filed: %s %v", got.stage(), got.clock("update"))
		}
		w.walk(pub, map[string]map[string]any{"review_return": {"reasons": "缺县级"}}, "sjj.sh review_return")
		if got := w.caseOf("mzt.jb", c.id()); got.stage() != "updating" {
			t.Errorf("after the return: %s", got.stage())
		} else {
			w.wantClock(got, "update", "CN-17.2", "2026-03-19")
		}
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		if got := w.caseOf("mzt.jb", c.id()); got.stage() != "updated" {
			t.Errorf("after the publication: %s", got.stage())
		}

		// Ordered by the authority, and never done.
		late := w.opened("sjj.sh", "catalog_update", "order", "", map[string]string{"provider": w.department("mzt")}, event("2026-03-02", codes))
		w.wantClock(late, "update", "CN-17.2", "2026-03-16")
		w.clock.Advance(time.Date(2026, 3, 16, 16, 2, 0, 0, time.UTC).Sub(w.clock.Now()))
		w.forget()
		w.await(func() string {
			list := w.ok("sjj.sh", http.MethodGet, "/api/v1/violations?clause=CN-39.1", nil)["items"].([]any)
			if len(list) != 1 || list[0].(map[string]any)["department"] != w.department("mzt") {
				return ""
			}
			return "reported"
		})
	})
}

// CN-15.1: sharing less than was published needs the authority's reasons.
func TestCatalogStricterAttribute(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := w.resources()[codesName]
		stricter := func(e map[string]any) {
			e["attribute"], e["purposes"], e["legal_basis"] = "conditional", []string{"救助"}, "《行政区划管理条例》第四条"
		}
		pub := w.publication("mzt", w.revise("mzt", codes, stricter))
		w.refusedAs("filed without a review", 0, func() answer { return w.take("mzt.jb", pub, "submit", nil) }, 409, "attribute_not_reviewed", "CN-15.1", nil)
		wanted := map[string]any{"attribute_wanted": "withheld", "legal_basis": "内部规定", "justification": "敏感"}
		w.refusedAs("a basis that is none", 0, func() answer { return w.open("mzt.fzr", "attribute_change", "", codes, nil, wanted) },
			400, "attribute_change_invalid", "CN-15.2", map[string]string{"fields.legal_basis": "CN-15.2"})
		wanted["attribute_wanted"], wanted["legal_basis"] = "conditional", "《行政区划管理条例》第四条"
		w.refusedAs("somebody else's resource", 0, func() answer { return w.open("rst.fzr", "attribute_change", "", codes, nil, wanted) },
			403, "not_own_department", "CN-15.1", nil)
		c := w.opened("mzt.fzr", "attribute_change", "", codes, nil, wanted)
		w.wantRefused("no reasons", w.take("sjj.sh", c.id(), "allow", nil), 400, "fields_invalid", "CN-15.1")
		w.walk(c.id(), map[string]map[string]any{"allow": {"reasons": "确有必要"}}, "sjj.sh allow")
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		// And to withhold it is another step, with a review of its own.
		pub = w.publication("mzt", w.revise("mzt", codes, func(e map[string]any) { e["attribute"], e["withheld_reason"] = "withheld", "敏感" }))
		w.wantRefused("stricter again", w.take("mzt.jb", pub, "submit", nil), 409, "attribute_not_reviewed", "CN-15.1")
	})
}

// HB-11: what is withheld is published only from the negative list, and gets
// there only by the approval of the government.
func TestCatalogNegativeList(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		resource, version := w.draft("mzt", hosted("收养登记", "301002", map[string]any{"attribute": "withheld",
			"withheld_reason": "涉及隐私", "legal_basis": "《收养登记办法》第三条"}))
		pub := w.publication("mzt", version)
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve")
		w.refusedAs("published without being listed", 0, func() answer { return w.take("sjj.sh", pub, "publish", nil) }, 409, "not_on_negative_list", "HB-11.2", nil)

		ask := map[string]any{"withheld_reason": "涉及隐私", "legal_basis": "内部规定", "evidence": digest}
		w.refusedAs("a basis that is none", 0, func() answer { return w.open("mzt.fzr", "negative_list", "", resource, nil, ask) },
			400, "negative_invalid", "CN-15.2", map[string]string{"fields.legal_basis": "CN-15.2"})
		ask["legal_basis"] = "《收养登记办法》第三条"
		w.refusedAs("what is shared", 0, func() answer { return w.open("mzt.fzr", "negative_list", "", w.resources()[codesName], nil, ask) },
			409, "not_withheld", "HB-11.2", nil)
		c := w.opened("mzt.fzr", "negative_list", "", resource, nil, ask)
		approval := map[string]any{"approval_number": "冀政函〔2026〕9号", "approval_date": "2026-03-02", "approval_document": digest}
		w.wantRefused("listed before the review", w.take("sjj.sh", c.id(), "list", approval), 409, "step_not_allowed", "HB-11.2")
		w.walk(c.id(), map[string]map[string]any{"pass": {"opinion": "符合规定"}}, "sjj.sh pass")
		w.wantRefused("listed without the government's document", w.take("sjj.sh", c.id(), "list", map[string]any{"approval_number": "9"}), 400, "fields_invalid", "HB-11.2")
		approval["approval_date"] = "2026-02-01"
		w.wantRefused("an approval from before", w.take("sjj.sh", c.id(), "list", approval), 400, "approval_invalid", "HB-11.2")
		approval["approval_date"] = "2026-03-02"
		w.wantRefused("listed by the department itself", w.take("mzt.fzr", c.id(), "list", approval), 403, "actor_not_entitled", "HB-11.2")
		w.walk(c.id(), map[string]map[string]any{"list": approval}, "sjj.sh list")
		w.walk(pub, nil, "sjj.sh publish")

		list := func() []any {
			return w.ok("camz.jb", http.MethodGet, "/api/v1/negative-list?region=130000", nil)["items"].([]any)
		}
		if got := list(); len(got) != 1 || got[0].(map[string]any)["approval_number"] != "冀政函〔2026〕9号" || got[0].(map[string]any)["resource"] != resource {
			t.Errorf("the negative list: %v", got)
		}
		if got := w.ok("camz.jb", http.MethodGet, "/api/v1/negative-list?region=130100", nil)["items"].([]any); len(got) != 0 {
			t.Errorf("the city's list: %v", got)
		}
		w.refusedAs("listed twice", 0, func() answer { return w.open("mzt.fzr", "negative_list", "", resource, nil, ask) }, 409, "already_listed", "HB-11.2", nil)
		// Shared after all: it leaves the list with the publication.
		pub = w.publication("mzt", w.revise("mzt", resource, func(e map[string]any) { e["attribute"] = "unconditional" }))
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		if got := list(); len(got) != 0 {
			t.Errorf("after it is shared: %v", got)
		}
	})
}

// CN-19.2, CN-41.1: several departments, one source.
func TestCatalogSources(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		mzt, rst := w.department("mzt"), w.department("rst")
		w.published("rst", "sjj", hosted("就业服务站点", "301003", nil))
		open := w.ok("sjj.sh", http.MethodGet, "/api/v1/sources/undesignated", nil)["items"].([]any)
		if len(open) != 1 || open[0].(map[string]any)["element"] != "DE-QHDM" || len(open[0].(map[string]any)["departments"].([]any)) != 2 {
			t.Errorf("undesignated: %v", open)
		}
		for _, user := range []string{"sjzsj.sh", "rst.jb"} {
			if got := w.ok(user, http.MethodGet, "/api/v1/sources/undesignated", nil)["items"].([]any); len(got) != 0 {
				t.Errorf("%s sees %v", user, got)
			}
		}
		fields := map[string]any{"element_name": "行政区划代码", "proposal": "两个部门都在收集"}
		w.refusedAs("no element", 0, func() answer {
			return w.open("sjj.sh", "source_designation", "propose", " ", map[string]string{"candidate": mzt}, fields)
		}, 400, "element_missing", "CN-19.2", nil)
		c := w.opened("sjj.sh", "source_designation", "propose", "DE-QHDM", map[string]string{"candidate": mzt}, fields)
		ask := func(departments ...string) map[string]any {
			return map[string]any{"departments": departments, "answer_by": "2026-03-06"}
		}
		w.refusedAs("one that has the data is left out, one is of the city", 0, func() answer {
			return w.take("sjj.sh", c.id(), "consult", ask(mzt, w.department("sjzga")))
		}, 400, "consultation_incomplete", "CN-19.2", map[string]string{"fields.departments": "CN-19.2", "fields.departments[1]": "CN-19.2"})
		w.walk(c.id(), map[string]map[string]any{"consult": ask(mzt, rst)}, "sjj.sh consult")
		decision := map[string]map[string]any{"designate": {"reasons": "民政部门主管区划"}, "answer": {"answer": "agree", "opinion": "同意"}}
		w.wantRefused("decided before the answers", w.take("sjj.sh", c.id(), "designate", decision["designate"]), 409, "consultation_open", "CN-19.2")
		for _, short := range []string{"mzt", "rst"} {
			asked := w.ok(short+".fzr", http.MethodGet, "/api/v1/cases?procedure=source_consultation", nil)["items"].([]any)
			if len(asked) != 1 {
				t.Fatalf("%s was asked %d times", short, len(asked))
			}
			w.walk(asked[0].(map[string]any)["id"].(string), decision, short+".fzr answer")
		}
		w.walk(c.id(), decision, "sjj.sh designate")
		got := w.ok("rst.jb", http.MethodGet, "/api/v1/sources", nil)["items"].([]any)
		if len(got) != 1 || got[0].(map[string]any)["department"] != mzt || got[0].(map[string]any)["element"] != "DE-QHDM" {
			t.Errorf("sources: %v", got)
		}
		if open := w.ok("sjj.sh", http.MethodGet, "/api/v1/sources/undesignated", nil)["items"].([]any); len(open) != 0 {
			t.Errorf("still undesignated: %v", open)
		}
		_, version := w.draft("rst", authoritative(hosted("就业区划", "301003", nil)))
		pub := w.publication("rst", version)
		w.refusedAs("authoritative beside the source", 0, func() answer { return w.take("rst.jb", pub, "submit", nil) },
			400, "source_conflict", "CN-19.2", map[string]string{"items[1].authoritative": "CN-19.2"})
		w.published("mzt", "sjj", authoritative(hosted("民政区划", "301003", nil)))
		// The city has an authority and sources of its own.
		w.published("sjzyb", "sjzsj", authoritative(hosted("医保区划", "301003", nil)))
	})
}

// CN-19.1, CN-40.1: a form is compared item by item with the catalog.
func TestCatalogCollectionPlan(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		items := func(names ...string) (out []map[string]any) {
			for _, n := range names {
				out = append(out, map[string]any{"name": n})
			}
			return out
		}
		form := map[string]any{"basis": "《社会救助暂行办法》第十一条", "purpose": "受理申请", "respondents": "申请救助的居民",
			"items": append(items("申请人姓名", "身份证号码", "饲养宠物数量"), map[string]any{"name": "户籍区划", "element": "DE-QHDM"})}
		w.refusedAs("a form of another shape", 0, func() answer {
			return w.open("camz.jb", "collection_plan", "", "", nil, map[string]any{"items": []map[string]any{{"title": "姓名"}}})
		}, 400, "plan_invalid", "CN-19.1", map[string]string{"fields.items": "CN-19.1"})
		c := w.opened("camz.jb", "collection_plan", "", "", nil, form)
		submit := func() answer { return w.take("camz.fzr", c.id(), "submit", nil) }
		w.refusedAs("what can be had by sharing", 0, submit, 409, "repeated_collection", "CN-19.1",
			map[string]string{"fields.items[0]": "CN-19.1", "fields.items[1]": "CN-19.1", "fields.items[3]": "CN-19.1"})
		a := submit()
		if _, told := a.fields()["fields.items[2]"]; told || !strings.Contains(string(a.Raw), peopleName) || !strings.Contains(string(a.Raw), `"kind":"element"`) {
			t.Errorf("the report: %s", a.Raw)
		}
		amended := map[string]any{"items": items("申请人姓名", "饲养宠物数量"), "justifications": []map[string]any{{"item": "申请人姓名", "text": "须本人书写签名"}}}
		w.walk(c.id(), map[string]map[string]any{"amend": amended}, "camz.jb amend", "camz.fzr submit")
		w.refusedAs("approved without a finding", 0, func() answer { return w.take("casj.sh", c.id(), "approve", nil) }, 409, "repeated_collection", "CN-19.1",
			map[string]string{"fields.items[0]": "CN-19.1"})
		w.wantRefused("approved by another authority", w.take("sjzsj.sh", c.id(), "approve", nil), 403, "actor_not_entitled", "CN-19.1")
		done := w.walk(c.id(), map[string]map[string]any{"approve": {"findings": []map[string]any{{"item": "申请人姓名", "text": "签名不能通过共享取得"}}}}, "casj.sh approve")
		if done.stage() != "approved" || !strings.Contains(fmt.Sprint(done["acts"]), "matches") {
			t.Errorf("%s", done.stage())
		}
	})
}

// HB-10: what each department collects, decided by the authority.
func TestCatalogCollectionList(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		party := map[string]string{"department": w.department("mzt")}
		w.refusedAs("by a department itself", 0, func() answer { return w.open("rst.fzr", "collection_list", "", "", party, map[string]any{}) },
			403, "actor_not_entitled", "HB-10.1", nil)
		c := w.opened("sjj.sh", "collection_list", "", "", party, map[string]any{"additions": []map[string]any{{"name": "纸质婚姻档案"}}})
		w.walk(c.id(), map[string]map[string]any{"confirm": {"opinion": "无意见"}, "decide": {"left_out": []string{"级别"}}}, "mzt.fzr confirm", "sjj.sh decide")
		names := fmt.Sprint(w.ok("mzt.jb", http.MethodGet, "/api/v1/collection-duties", nil)["items"])
		if !strings.Contains(names, "区划代码") || !strings.Contains(names, "纸质婚姻档案") || strings.Contains(names, "name:级别") {
			t.Errorf("the list: %s", names)
		}
		w.wantRefused("read by another department", w.as("rst.jb", http.MethodGet, "/api/v1/collection-duties?department="+party["department"], nil), 403, "list_hidden", "HB-10.1")
	})
}

// XN-14, XN-10, CN-38: no acceptance before the assets are there, no refusal
// after; documents with numbers, their digests in the ledger.
func TestCatalogProjectGate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		plan := map[string]any{"project_basis": "县发改〔2026〕3号", "assets": []map[string]any{{"name": "救助对象"}, {"name": "救助金发放"}}}
		w.refusedAs("outside the county", 0, func() answer { return w.open("sjzyb.jb", "project_gate", "file", "", nil, plan) }, 400, "procedure_unknown", "", nil)
		c := w.opened("camz.jb", "project_gate", "file", "", nil, plan)
		w.walk(c.id(), map[string]map[string]any{"request_acceptance": {"assessment_report": digest}}, "casj.sh confirm_list", "camz.fzr request_acceptance")
		w.refusedAs("accepted with nothing registered", 0, func() answer { return w.take("casj.sh", c.id(), "certify", nil) }, 409, "assets_missing", "XN-14",
			map[string]string{"fields.assets[0]": "XN-14", "fields.assets[1]": "XN-14"})
		w.walk(c.id(), nil, "casj.sh refuse_acceptance")

		a := w.published("camz", "casj", hosted("救助对象登记", "301004", nil))
		b, draft := w.draft("camz", hosted("救助金发放登记", "301004", nil))
		links := map[string]any{"links": []map[string]any{{"asset": "救助对象", "resource": a}, {"asset": "救助金发放", "resource": b}}}
		w.refusedAs("an asset that is not listed, a resource of another department", 0, func() answer {
			return w.take("camz.jb", c.id(), "link_assets", map[string]any{"links": []map[string]any{{"asset": "其他", "resource": w.resources()[codesName]}}})
		}, 400, "project_invalid", "XN-14", map[string]string{"fields.links[0].asset": "XN-14", "fields.links[0].resource": "XN-14"})
		w.walk(c.id(), map[string]map[string]any{"link_assets": links, "request_acceptance": {"assessment_report": digest}}, "camz.jb link_assets", "camz.fzr request_acceptance")
		rows := func(resource string) {
			w.ok("camz.jb", http.MethodPost, "/api/v1/resources/"+resource+"/rows", map[string]any{"rows": []map[string]any{{"no": "1", "region": "130102"}}})
		}
		rows(a)
		w.wantRefused("one asset unpublished", w.take("casj.sh", c.id(), "certify", nil), 409, "assets_missing", "XN-14")
		funding := func(want bool) {
			t.Helper()
			w.opened("casj.sh", "funding_opinion", "", c.id(), nil, map[string]any{"purpose": "operation"})
			newest := w.ok("camz.jb", http.MethodGet, "/api/v1/project-documents", nil)["items"].([]any)[0].(map[string]any)
			if newest["kind"] != "funding_opinion" || newest["favourable"] != want {
				t.Errorf("funding opinion: %v", newest)
			}
		}
		funding(false)
		w.walk(w.publication("camz", draft), nil, "camz.jb submit", "camz.ld head_approve", "casj.sh publish")
		w.wantRefused("published and empty", w.take("casj.sh", c.id(), "certify", nil), 409, "assets_missing", "XN-14")
		rows(b)
		w.refusedAs("refused though all is there", 0, func() answer { return w.take("casj.sh", c.id(), "refuse_acceptance", nil) }, 409, "assets_complete", "XN-14", nil)
		done := w.walk(c.id(), nil, "casj.sh certify")
		if done.stage() != "accepted" {
			t.Fatal(done.stage())
		}
		funding(true)

		list := w.ok("casj.sh", http.MethodGet, "/api/v1/project-documents?case="+c.id(), nil)["items"].([]any)
		if len(list) != 4 {
			t.Fatalf("documents: %v", list)
		}
		certificate := list[1].(map[string]any)
		if certificate["kind"] != "acceptance" || certificate["number"] != "验收-2026-000001" {
			t.Errorf("certificate: %v", certificate)
		}
		id := certificate["id"].(string)
		if _, err := w.node.Ledger.Leaf(t.Context(), id); err != nil {
			t.Errorf("the act that issued it has no entry: %v", err)
		}
		w.wantRefused("read by a stranger", w.as("sjzyb.jb", http.MethodGet, "/api/v1/project-documents/"+id, nil), 404, "not_found", "")
	})
}

// XN-13, HB-12: what is not collected in real time is filed. HB-13: libraries.
func TestCatalogIntervalsAndLibraries(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		resource := w.published("camz", "casj", hosted("救助站点", "301004", nil))
		w.refusedAs("an interval longer than the catalog promises", 0, func() answer {
			return w.open("camz.jb", "realtime_exemption", "", resource, nil, map[string]any{"reason": "系统老旧", "interval_hours": 48})
		}, 400, "exemption_invalid", "XN-13", map[string]string{"fields.interval_hours": "XN-13"})
		c := w.opened("camz.jb", "realtime_exemption", "", resource, nil, map[string]any{"reason": "系统老旧", "interval_hours": 24})
		w.walk(c.id(), nil, "casj.sh record")
		if got := w.ok("camz.jb", http.MethodGet, "/api/v1/realtime-exemptions", nil)["items"].([]any); len(got) != 1 || got[0].(map[string]any)["interval_hours"] != 24.0 {
			t.Errorf("exemptions: %v", got)
		}

		party := map[string]string{"lead": w.department("mzt")}
		base := map[string]any{"kind": "base", "library_name": "人口基础库"}
		w.refusedAs("a base library that is none", 0, func() answer { return w.open("sjj.sh", "library", "", "pets", party, base) },
			400, "library_invalid", "HB-13", map[string]string{"subject": "HB-13"})
		l := w.opened("sjj.sh", "library", "", "population", party, base)
		w.refusedAs("a second one", 0, func() answer { return w.open("sjj.sh", "library", "", "population", party, base) }, 409, "library_exists", "HB-13", nil)
		assign := map[string]map[string]any{"assign": {"resources": []string{resource}}}
		w.wantRefused("assigned by another", w.take("sjj.sh", l.id(), "assign", assign["assign"]), 403, "actor_not_entitled", "HB-13")
		w.walk(l.id(), assign, "mzt.jb assign")
		if got := w.ok("rst.jb", http.MethodGet, "/api/v1/libraries/"+l.id(), nil); len(got["resources"].([]any)) != 1 || got["lead"] != party["lead"] {
			t.Errorf("library: %v", got)
		}
		if got := w.ok("rst.jb", http.MethodGet, "/api/v1/libraries", nil)["items"].([]any); len(got) != 1 {
			t.Errorf("libraries: %v", got)
		}
	})
}

// CN-31, HB-23, XN-11: an existing platform is brought in by its day; a new
// one is not built.
func TestCatalogPlatforms(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		platform := map[string]any{"built_on": "2025-12-01", "functions": "部门间交换救助数据"}
		register := func() answer { return w.open("camz.fzr", "platform_integration", "", "", nil, platform) }
		w.refusedAs("a new one", 0, register, 400, "platform_invalid", "CN-31", map[string]string{"fields.legal_exception": "CN-31"})
		platform["built_on"] = "2019-06-01"
		c := flow(register().JSON)
		w.walk(c.id(), map[string]map[string]any{"set_term": {"integrate_by": "2026-03-31"}}, "casj.sh set_term")
		w.wantClock(w.caseOf("camz.fzr", c.id()), "integration", "CN-31", "2026-03-31")
		resource, version := w.draft("camz", hosted("救助家庭", "301004", nil))
		w.walk(c.id(), map[string]map[string]any{"bring_in": {"adapter": "前置机批量交换", "resources": []string{resource}}}, "camz.dj bring_in", "camz.fzr report")
		w.refusedAs("held for integrated with nothing there", 0, func() answer { return w.take("casj.sh", c.id(), "accept", nil) },
			409, "platform_not_integrated", "CN-31", map[string]string{"fields.resources[0]": "CN-31"})
		w.walk(c.id(), map[string]map[string]any{"send_back": {"reasons": "未接入"}}, "casj.sh send_back")
		w.walk(w.publication("camz", version), nil, "camz.jb submit", "camz.ld head_approve", "casj.sh publish")
		w.ok("camz.jb", http.MethodPost, "/api/v1/resources/"+resource+"/rows", map[string]any{"rows": []map[string]any{{"no": "1", "region": "130102"}}})
		if got := w.walk(c.id(), nil, "camz.fzr report", "casj.sh accept"); got.stage() != "integrated" {
			t.Error(got.stage())
		}
	})
}
