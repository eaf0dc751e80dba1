package e2e

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
)

// objects are the objects of a JSON list.
func objects(v any) []map[string]any {
	items, _ := v.([]any)
	out := make([]map[string]any, 0, len(items))
	for _, x := range items {
		m, _ := x.(map[string]any)
		out = append(out, m)
	}
	return out
}

// CN-12, HB-7: one standard: words, classes with codes made by the platform,
// standard elements in versions; changes in the ledger.
func TestModelScheme(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		if got := w.ok("rst.jb", http.MethodGet, "/api/v1/catalog/vocabulary", nil); len(objects(got["enumerations"])) != len(catalog.Vocabulary()) ||
			len(objects(got["format_methods"])) != 7 || len(objects(got["level_rules"])) == 0 {
			t.Errorf("vocabulary: %v", got)
		}
		tree := objects(w.ok("rst.jb", http.MethodGet, "/api/v1/catalog/classes?depth=2", nil)["items"])
		if len(tree) != 3 || tree[0]["name"] != "基础信息资源" || len(objects(tree[0]["children"])) != 6 {
			t.Errorf("classes: %v", tree)
		}
		w.wantRefused("an unknown class", w.as("rst.jb", http.MethodGet, "/api/v1/catalog/classes?below=999", nil), 404, "not_found", "")
		add := func(user, parent, name string) func() answer {
			return func() answer {
				return w.as(user, http.MethodPost, "/api/v1/catalog/classes", map[string]any{"parent": parent, "name": name})
			}
		}
		w.refusedAs("a class by a department", 0, add("mzt.jb", "301001", "养老"), 403, "role_missing", "CN-12", nil)
		w.refusedAs("a 目 by a city", 0, add("sjzsj.sh", "301", "档案"), 403, "province_only", "CN-12", nil)
		w.refusedAs("a name that is there", 0, add("sjj.sh", "301", "民政"), 400, "class_invalid", "CN-12", map[string]string{"name": "CN-12"})
		w.refusedAs("below a 细目", 0, add("sjj.sh", "3010010001", "村"), 400, "class_invalid", "CN-12", map[string]string{"parent": "CN-12"})
		made := add("sjzsj.sh", "301001", "养老服务")()
		code, _ := made.JSON["code"].(string)
		if made.Status != 201 || code != "3010015001" {
			t.Fatalf("added: %s", made.Raw)
		}
		if second := add("sjj.sh", "301", "档案")(); second.JSON["code"] != "301501" {
			t.Errorf("added: %s", second.Raw)
		}
		w.draft("mzt", hosted("养老机构", code, nil))
		end := func(user string) func() answer {
			return func() answer {
				return w.as(user, http.MethodPost, "/api/v1/catalog/classes/"+code+"/end", map[string]any{"reason": "并入社会福利"})
			}
		}
		w.refusedAs("another authority's class", 0, end("sjj.sh"), 403, "not_own_class", "CN-12", nil)
		if a := end("sjzsj.sh")(); a.Status != 200 || a.JSON["ended_at"] == nil {
			t.Errorf("ended: %s", a.Raw)
		}
		w.refusedAs("a draft in a class that was ended", 0, func() answer {
			return w.as("mzt.jb", http.MethodPost, "/api/v1/resources", map[string]any{"entry": hosted("养老床位", code, nil)})
		}, 400, "entry_invalid", "CN-12", map[string]string{"entry.class_code": "CN-12"})
		if n := len(w.entriesOf(catalog.ClassChanged)); n != 3 {
			t.Errorf("%d entries about classes", n)
		}
		w.elements()
	})
}

func (w *world) elements() {
	w.t.Helper()
	t := w.t
	found := objects(w.ok("rst.jb", http.MethodGet, "/api/v1/catalog/elements?q=%E8%BA%AB%E4%BB%BD%E8%AF%81%E5%8F%B7", nil)["items"])
	if len(found) == 0 || found[0]["match"] != "alias" || found[0]["element"].(map[string]any)["code"] != "DE-SFZHM" {
		t.Errorf("身份证号: %v", found)
	}
	body := func(version, length int, reason string) map[string]any {
		return map[string]any{"version": version, "name": "档案编号", "type": "C", "length": length, "format": "字符", "definition": "一卷档案的编号", "reason": reason}
	}
	put := func(user, code string, body map[string]any) func() answer {
		return func() answer { return w.as(user, http.MethodPut, "/api/v1/catalog/elements/"+code, body) }
	}
	w.refusedAs("an element by a department", 0, put("mzt.jb", "DE-DABH", body(0, 20, "")), 403, "role_missing", "CN-12", nil)
	w.refusedAs("a code of another form", 0, put("sjzsj.sh", "dabh", body(0, 20, "")), 400, "element_invalid", "CN-12", map[string]string{"code": "CN-12"})
	if a := put("sjzsj.sh", "DE-DABH", body(0, 20, ""))(); a.Status != 200 || a.JSON["version"] != 1.0 {
		t.Errorf("filed: %s", a.Raw)
	}
	w.refusedAs("filed twice", 0, put("sjzsj.sh", "DE-DABH", body(0, 20, "")), 409, "changed_meanwhile", "CN-12", nil)
	w.refusedAs("changed without a reason", 0, put("sjzsj.sh", "DE-DABH", body(1, 30, "")), 400, "element_invalid", "CN-12", map[string]string{"reason": "CN-12"})
	w.refusedAs("another authority's", 0, put("casj.sh", "DE-DABH", body(1, 30, "加长")), 403, "province_only", "CN-12", nil)
	w.refusedAs("one that every node has", 0, put("sjzsj.sh", "DE-XM", body(1, 30, "改名")), 403, "province_only", "CN-12", nil)
	if a := put("sjj.sh", "DE-DABH", body(1, 30, "加长"))(); a.Status != 200 || a.JSON["version"] != 2.0 {
		t.Errorf("changed: %s", a.Raw)
	}
	if all := objects(w.ok("rst.jb", http.MethodGet, "/api/v1/catalog/elements/DE-DABH", nil)["items"]); len(all) != 2 || all[1]["element"].(map[string]any)["length"] != 30.0 {
		t.Errorf("versions: %v", all)
	}
	if n := len(w.entriesOf(catalog.ElementChanged)); n != 2 {
		t.Errorf("%d entries about elements", n)
	}
}

// CN-13.2: proposals, and what is below them without a reason.
func TestModelLevels(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		item := map[string]any{"code": "xm", "name": "院长姓名", "type": "C", "length": 50, "format": "文字", "description": "院长", "level": "general_1", "nullable": true}
		entry := hosted("福利院名录", "301001", nil)
		entry["items"] = append(entry["items"].([]map[string]any), item)
		advice := w.ok("mzt.jb", http.MethodPost, "/api/v1/catalog/advice", map[string]any{"entry": entry})
		if got := objects(advice["items"]); len(got) != 2 || got[1]["item"] != "xm" || got[1]["level"] != "general_3" || got[1]["by"] != "name" || advice["level"] != "general_3" || advice["personal_info"] != true {
			t.Errorf("advice: %v", advice)
		}
		resource, version := w.draft("mzt", entry)
		c := w.publication("mzt", version)
		w.refusedAs("below the proposal", 0, func() answer { return w.take("mzt.jb", c, "submit", nil) }, 400, "entry_incomplete", "CN-13.2",
			map[string]string{"items[2].level": "CN-13.2"})
		w.refusedAs("somebody else asks for advice", 0, func() answer {
			return w.as("rst.jb", http.MethodGet, "/api/v1/resources/"+resource+"/advice", nil)
		}, 404, "not_found", "", nil)
		item["level_basis"] = map[string]any{"reason": "依法公示的机构负责人姓名", "rule": "forged"}
		detail := w.ok("mzt.jb", http.MethodGet, "/api/v1/resources/"+resource, nil)["pending"].(map[string]any)
		saved := w.ok("mzt.jb", http.MethodPut, "/api/v1/resources/"+resource+"/draft", map[string]any{"entry": entry, "revision": detail["revision"]})
		if basis, _ := objects(saved["entry"].(map[string]any)["items"])[2]["level_basis"].(map[string]any); basis["rule"] != "person_name" || basis["proposed"] != "general_3" || basis["by"] == nil {
			t.Errorf("basis: %v", basis)
		}
		w.walk(c, map[string]map[string]any{"assess_secrecy": {"secrecy_conclusion": "pass", "secrecy_report": "不涉密"}},
			"mzt.jb assess_secrecy", "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		if a := w.as("rst.jb", http.MethodGet, "/api/v1/resources/"+resource, nil); strings.Contains(string(a.Raw), "level_basis") {
			t.Errorf("others see who confirmed: %s", a.Raw)
		}

		// What the rows hold speaks louder than what the item is called.
		w.ok("mzt.jb", http.MethodPost, "/api/v1/resources/"+resource+"/rows", map[string]any{"rows": []map[string]any{
			{"no": "11010519491231002X", "region": "130102"}, {"no": "440524188001010014", "region": "130102"}, {"no": "130102199001010015", "region": "130102"}}})
		a := w.as("mzt.jb", http.MethodGet, "/api/v1/resources/"+resource+"/advice", nil)
		if got := objects(a.JSON["items"]); len(got) != 3 || got[0]["rule"] != "resident_id" || got[0]["by"] != "values" || strings.Contains(string(a.Raw), "440524") {
			t.Errorf("by values: %s", a.Raw)
		}
	})
}

// CN-16, HB-12: a new version beside the published one, compared, published;
// the hosted table follows, grants go on, the code follows the class.
func TestModelVersions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		codes := w.resources()[codesName]
		path := "/api/v1/resources/" + codes
		grant := w.ok("rst.jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)[0].(map[string]any)
		r := w.reader("rst", grant["id"].(string), grant["purpose"].(string))
		w.refusedAs("a reason without end", 0, func() answer {
			return w.as("mzt.jb", http.MethodPost, path+"/versions", map[string]any{"reason": strings.Repeat("长", 501)})
		}, 400, "input_invalid", "", map[string]string{"reason": ""})
		v := w.ok("mzt.jb", http.MethodPost, path+"/versions", map[string]any{"reason": "区划调整，增加备注"})
		entry := v["entry"].(map[string]any)
		items := objects(entry["items"])
		// parent goes, note comes, name is longer.
		items[1]["length"] = 120
		items = append(items[:2:2], items[3], map[string]any{"code": "note", "name": "备注", "type": "M", "format": "文字", "description": "变更说明", "level": "general_1"})
		entry["items"], entry["class_code"] = items, "103004"
		save := func(revision any) map[string]any {
			return w.ok("mzt.jb", http.MethodPut, path+"/draft", map[string]any{"entry": entry, "revision": revision})
		}
		save(v["revision"])
		c := w.publication("mzt", v["id"].(string))
		w.refusedAs("an item that rows lack is required", 0, func() answer { return w.take("mzt.jb", c, "submit", nil) }, 400, "entry_incomplete", "HB-12",
			map[string]string{"items[3].nullable": "HB-12"})
		items[3]["nullable"] = true
		save(w.ok("mzt.jb", http.MethodGet, path, nil)["pending"].(map[string]any)["revision"])
		w.refusedAs("a stranger compares with what is pending", 0, func() answer {
			return w.as("rst.jb", http.MethodGet, path+"/diff?from=1&to=2", nil)
		}, 404, "not_found", "", nil)
		d := w.ok("sjj.sh", http.MethodGet, path+"/diff?from=1&to=2", nil)
		raw, _ := json.Marshal(d)
		kinds := map[string]string{}
		for _, x := range objects(d["items"]) {
			kinds[x["code"].(string)] = x["kind"].(string)
		}
		if len(kinds) != 3 || kinds["name"] != "changed" || kinds["note"] != "added" || kinds["parent"] != "removed" ||
			d["to"].(map[string]any)["reason"] != "区划调整，增加备注" || !strings.Contains(string(raw), `"name":"分类代码","to":"103004"`) {
			t.Errorf("difference: %s", raw)
		}
		w.walk(c, map[string]map[string]any{"assess_secrecy": {"secrecy_conclusion": "pass", "secrecy_report": "不涉密"}},
			"mzt.jb assess_secrecy", "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		if got := w.ok("rst.jb", http.MethodGet, path, nil)["resource"].(map[string]any); got["code"] != "103004/000001" || got["published"] != 2.0 {
			t.Errorf("published: %v", got)
		}
		w.ok("mzt.jb", http.MethodPost, path+"/rows", map[string]any{"rows": []map[string]any{{"code": "130199", "name": "新区", "level": "county", "note": "新设"}}})
		_, rows := r.mustRead(eq("code", "130102", "code", "name", "parent"))
		if len(rows) != 1 || rows[0]["name"] == nil || rows[0]["parent"] != nil {
			t.Errorf("by the grant on the first version: %v", rows)
		}
		if _, rows = r.mustRead(eq("code", "130199", "code", "name")); len(rows) != 1 {
			t.Errorf("the new row by the grant on the first version: %v", rows)
		}
		if a := w.as("rst.jb", http.MethodGet, path+"/diff", nil); a.Status != 200 || strings.Contains(string(a.Raw), "created_by") || strings.Contains(string(a.Raw), "区划调整") {
			t.Errorf("others compare what is published: %d %s", a.Status, a.Raw)
		}
	})
}
