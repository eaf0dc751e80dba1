package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/demo"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// reader is a system with a token, ready to call under one grant.
type reader struct {
	w    *world
	sys  *demo.System
	base demo.Call
}

func (w *world) reader(short, grant, purpose string) *reader {
	w.t.Helper()
	sys, c := w.consumer(short)
	w.token(sys)
	if grant != "" {
		c.Grant, c.Purpose = grant, purpose
	}
	return &reader{w, sys, c}
}

// read makes a call and gives its entry and rows.
func (r *reader) read(body map[string]any) (entry string, rows []map[string]any, err error) {
	c := r.base
	c.Path, c.Body = "rows", body
	var out demo.Rows
	entry, err = r.sys.Do(context.Background(), c, &out)
	return entry, out.Rows, err
}

func (r *reader) mustRead(body map[string]any) (string, []map[string]any) {
	r.w.t.Helper()
	entry, rows, err := r.read(body)
	if err != nil {
		r.w.t.Fatalf("call: %v", err)
	}
	return entry, rows
}

func eq(item, value string, items ...string) map[string]any {
	return map[string]any{"items": items, "where": []map[string]any{{"item": item, "op": "eq", "values": []string{value}}}}
}

// another agrees to an application of a department and gives its grant.
func (w *world) another(short, resource, purpose, provider string, items ...string) string {
	w.t.Helper()
	c := w.applied(short, "application", resource, w.form(short, purpose, items...))
	return w.walk(c.id(), nil, provider+".fzr agree").grant()
}

func (w *world) report(user string, body map[string]any) answer {
	w.t.Helper()
	return w.as(user, http.MethodPost, "/api/v1/corrections", body)
}

func merged(base, change map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range []map[string]any{base, change} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// ledgerIsSilentOf looks for texts in every entry.
func (w *world) ledgerIsSilentOf(texts ...string) {
	w.t.Helper()
	w.settle()
	leaves, err := w.node.Store.Ledger().Leaves(w.t.Context(), 0, 100_000)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, leaf := range leaves {
		for _, text := range texts {
			if strings.Contains(string(leaf.Data), text) {
				w.t.Errorf("entry %d (%s) holds %q", leaf.Index, leaf.Kind, text)
			}
		}
	}
}

func (w *world) entriesOf(kind ledger.Kind) []string {
	w.t.Helper()
	w.settle()
	leaves, err := w.node.Store.Ledger().Leaves(w.t.Context(), 0, 100_000)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, leaf := range leaves {
		if leaf.Kind == kind {
			out = append(out, string(leaf.Data))
		}
	}
	return out
}

// told waits until a department's clerk has a notice with the text.
func (w *world) told(user, text string) string {
	w.t.Helper()
	return w.await(func() string {
		for _, x := range w.ok(user, http.MethodGet, "/api/v1/notices", nil)["items"].([]any) {
			if got := x.(map[string]any)["text"].(string); strings.Contains(got, text) {
				return got
			}
		}
		return ""
	})
}

// CN-26.2: the consumer cites its call, the provider corrects what the platform
// hosts in the step that says so, and every earlier recipient is told.
func TestCorrectionOfHostedData(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const wrong, right = "长安区", "长安区〔更正〕"
		codes := w.resources()[codesName]
		rst := w.reader("rst", "", "")
		entry, rows := rst.mustRead(eq("code", "130102", "code", "name"))
		if len(rows) != 1 || rows[0]["name"] != wrong {
			t.Fatalf("before: %v", rows)
		}
		grant := w.another("camz", codes, "履行职责需要", "mzt", "code", "name")
		camz := w.reader("camz", grant, "履行职责需要")
		foreign, _ := camz.mustRead(eq("code", "130102", "name"))

		good := map[string]any{"procedure": "correction", "grant": rst.base.Grant, "source": entry, "kind": "wrong",
			"key": map[string]any{"code": "130102"}, "claims": []map[string]any{{"item": "name", "found": wrong, "right": right}},
			"problem": "名称与民政部门公布的不一致", "evidence": filed}
		for name, c := range map[string]struct {
			user          string
			change        map[string]any
			status        int
			code, basis   string
			field, fbasis string
		}{
			"another's call":           {"rst.jb", map[string]any{"source": foreign}, 400, "correction_invalid", "CN-26.2", "fields.source", "CN-26.2"},
			"no such call":             {"rst.jb", map[string]any{"source": grant}, 400, "correction_invalid", "CN-26.2", "fields.source", "CN-26.2"},
			"another's grant":          {"rst.jb", map[string]any{"grant": grant}, 400, "correction_invalid", "CN-26.2", "grant", "CN-26.2"},
			"an item it has not":       {"rst.jb", map[string]any{"claims": []map[string]any{{"item": "salary", "right": "1"}}}, 400, "correction_invalid", "CN-26.2", "claims[0].item", "CN-26.2"},
			"no key":                   {"rst.jb", map[string]any{"key": map[string]any{}}, 400, "correction_invalid", "CN-26.2", "key", "CN-26.2"},
			"no claims":                {"rst.jb", map[string]any{"claims": []any{}}, 400, "correction_invalid", "CN-26.2", "claims", "CN-26.2"},
			"the value in the open":    {"rst.jb", map[string]any{"problem": "应为" + right}, 400, "correction_invalid", "CN-37.1", "fields.problem", "CN-37.1"},
			"a telephone in the open":  {"rst.jb", map[string]any{"problem": "请联系13912345678"}, 400, "correction_invalid", "CN-37.1", "fields.problem", "CN-37.1"},
			"an unknown kind":          {"rst.jb", map[string]any{"kind": "bad"}, 400, "fields_invalid", "CN-26.2", "fields.kind", "CN-26.2"},
			"nobody who files reports": {"rst.dj", nil, 403, "actor_not_entitled", "CN-26.2", "", ""},
		} {
			a := w.report(c.user, merged(good, c.change))
			w.wantRefused(name, a, c.status, c.code, c.basis)
			if c.field != "" && a.fields()[c.field] != c.fbasis {
				t.Errorf("%s: fields %v, want %s", name, a.fields(), c.field)
			}
		}
		w.wantRefused("without the sealed record", w.as("rst.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "correction", "subject": rst.base.Grant,
			"fields": map[string]any{"record": grant, "source": entry, "kind": "wrong", "items": []string{"name"}, "problem": "有误"}}), 400, "correction_invalid", "CN-26.2")

		a := w.report("rst.jb", good)
		if a.Status != 201 {
			t.Fatalf("report: %d %s", a.Status, a.Raw)
		}
		c := flow(a.JSON)
		w.wantClock(c, "feedback", "CN-26.2", "2026-03-16")
		if strings.Contains(string(a.Raw), right) || strings.Contains(string(a.Raw), "130102\"") && c["facts"].(map[string]any)["key"] != nil {
			t.Errorf("the case holds what is sealed: %s", a.Raw)
		}
		sealed := "/api/v1/corrections/" + c.id() + "/sealed"
		for user, status := range map[string]int{"mzt.jb": 200, "rst.fzr": 200, "sjj.sh": 403, "mzt.dj": 403, "camz.jb": 404, "": 401} {
			if a := w.as(user, http.MethodGet, sealed, nil); a.Status != status || status != 200 && strings.Contains(string(a.Raw), right) {
				t.Errorf("%q reads the sealed content: %d %s", user, a.Status, a.Raw)
			}
		}
		if n := len(w.entriesOf("sealed_read")); n != 2 {
			t.Errorf("%d readings recorded, want 2", n)
		}
		finding := map[string]any{"finding": "录入有误"}
		w.wantRefused("a correction without verification", w.take("mzt.fzr", c.id(), "correct", map[string]any{"way": "as_proposed"}), 400, "fields_invalid", "CN-26.2")
		w.wantRefused("a correction by a clerk", w.take("mzt.jb", c.id(), "correct", map[string]any{"way": "as_proposed"}), 403, "actor_not_entitled", "CN-26.2")
		w.wantRefused("the consumer corrects", w.take("rst.fzr", c.id(), "correct", map[string]any{"way": "as_proposed"}), 403, "actor_not_entitled", "CN-26.2")
		w.wantRefused("no explanation", w.take("mzt.fzr", c.id(), "uphold", finding), 400, "fields_invalid", "CN-26.2")
		w.walk(c.id(), map[string]map[string]any{"verify": finding}, "mzt.jb verify")
		w.wantRefused("values that nobody filed", w.take("mzt.fzr", c.id(), "correct", map[string]any{"way": "as_filed"}), 409, "values_not_filed", "CN-26.2")
		if a := w.as("rst.jb", http.MethodPut, "/api/v1/corrections/"+c.id()+"/values", map[string]any{"values": map[string]any{"name": "x"}}); a.Status != 403 {
			t.Errorf("the consumer files: %d %s", a.Status, a.Raw)
		}
		c = w.walk(c.id(), map[string]map[string]any{"correct": {"way": "as_proposed"}}, "mzt.fzr correct")
		if c.stage() != "corrected" || c.clock("feedback")["running"] != false {
			t.Errorf("corrected: %v", c)
		}
		if _, rows := rst.mustRead(eq("code", "130102", "code", "name", "parent")); len(rows) != 1 || rows[0]["name"] != right || rows[0]["parent"] != "130100" {
			t.Errorf("after: %v", rows)
		}
		text := w.told("camz.jb", "更正")
		if !strings.Contains(text, foreign) || !strings.Contains(text, "可能") || strings.Contains(text, right) || strings.Contains(text, "130102") {
			t.Errorf("the recipient is told: %s", text)
		}
		w.told("rst.jb", "更正并反馈")
		if list := w.entriesOf("correction_told"); len(list) != 1 || !strings.Contains(list[0], w.department("camz")) || strings.Contains(list[0], w.department("rst")) {
			t.Errorf("told: %v", list)
		}
		w.ledgerIsSilentOf(right)
		w.projectionIsTrue()
		w.wantRefused("a step after the end", w.take("mzt.fzr", c.id(), "uphold", map[string]any{"explanation": "x"}), 409, "case_closed", "CN-26.2")

		// Partly, with a value of the provider's own; then as it was.
		a = w.report("rst.fzr", merged(good, map[string]any{"claims": []map[string]any{{"item": "name", "found": right}, {"item": "level", "found": "county"}}}))
		c = flow(a.JSON)
		w.wantRefused("no value proposed", w.take("mzt.fzr", c.id(), "correct_partly", map[string]any{"way": "as_proposed", "finding": "属实", "corrected_items": []string{"name"}, "explanation": "级别无误"}),
			409, "value_not_proposed", "CN-26.2")
		w.wantRefused("all of it partly", w.take("mzt.fzr", c.id(), "correct_partly", map[string]any{"way": "at_source", "finding": "属实", "corrected_items": []string{"name", "level"}, "explanation": "无"}),
			400, "outcome_invalid", "CN-26.2")
		w.ok("mzt.jb", http.MethodPut, "/api/v1/corrections/"+c.id()+"/values", map[string]any{"values": map[string]any{"name": wrong}})
		c = w.walk(c.id(), map[string]map[string]any{"correct_partly": {"way": "as_filed", "finding": "属实", "corrected_items": []string{"name"}, "explanation": "级别无误"}}, "mzt.fzr correct_partly")
		if _, rows := rst.mustRead(eq("code", "130102", "name")); c.stage() != "partly_corrected" || rows[0]["name"] != wrong {
			t.Errorf("partly: %s %v", c.stage(), rows)
		}
		c = flow(w.report("rst.fzr", good).JSON)
		if c = w.walk(c.id(), map[string]map[string]any{"uphold": {"finding": "属实", "explanation": "以国家公布的为准"}}, "mzt.fzr uphold"); c.stage() != "upheld" {
			t.Errorf("upheld: %s", c.stage())
		}
	})
}

// projectionIsTrue compares the projection of calls with the ledger.
func (w *world) projectionIsTrue() {
	w.t.Helper()
	w.settle()
	head, err := w.node.Store.Ledger().ReadHead(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for read := 1; read > 0; {
		if read, err = w.node.Protection.Corrections.Project(w.t.Context(), 7); err != nil {
			w.t.Fatal(err)
		}
	}
	next, err := w.node.Store.Corrections().NextIndex(w.t.Context())
	differences, err2 := w.node.Protection.Corrections.Check(w.t.Context(), 10)
	if err != nil || err2 != nil || next < head.Size || len(differences) > 0 {
		w.t.Errorf("projection at %d of %d differs: %+v, %v %v", next, head.Size, differences, err, err2)
	}
}

// HB-16.2: through the authority, forwarded in three days; the ten days of the
// provider cannot be extended, since CN-26.2 knows no extension.
func TestCorrectionThroughTheAuthority(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		person, other := people.Person(42), people.Person(43)
		id, phone := person["id_number"].(string), person["phone"].(string)
		yb := w.reader("sjzyb", "", "")
		entry, _ := yb.mustRead(eq("id_number", id, "name", "phone"))
		of43, _ := yb.mustRead(eq("id_number", other["id_number"].(string), "name"))
		w.walk(w.result.Pending, nil, "sjzga.fzr agree")
		grants := w.ok("camz.jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)
		mz := w.reader("camz", grants[0].(map[string]any)["id"].(string), "社会救助对象核验")
		foreign, _ := mz.mustRead(eq("id_number", id, "name"))

		good := map[string]any{"procedure": "correction_via_authority", "grant": yb.base.Grant, "source": entry, "kind": "outdated",
			"key": map[string]any{"id_number": id}, "claims": []map[string]any{{"item": "phone", "right": phone}}, "problem": "联系电话已停用"}
		a := w.report("sjzyb.jb", merged(good, map[string]any{"source": of43}))
		if a.fields()["fields.source"] != "CN-26.2" {
			t.Errorf("a call about somebody else: %d %s", a.Status, a.Raw)
		}
		a = w.report("sjzyb.jb", good)
		if a.Status != 201 {
			t.Fatalf("report: %d %s", a.Status, a.Raw)
		}
		c := flow(a.JSON)
		w.wantClock(c, "forward", "HB-16.2", "2026-03-05")
		sealed := "/api/v1/corrections/" + c.id() + "/sealed"
		for user, status := range map[string]int{"sjzga.jb": 403, "sjzsj.sh": 403, "sjzyb.jb": 200} {
			if a := w.as(user, http.MethodGet, sealed, nil); a.Status != status {
				t.Errorf("%s before it is forwarded: %d", user, a.Status)
			}
		}
		w.wantRefused("before it is forwarded", w.take("sjzga.fzr", c.id(), "uphold", map[string]any{"explanation": "无误", "finding": "查"}), 409, "step_not_allowed", "HB-16.2")
		w.wantRefused("the province forwards for the city", w.take("sjj.sh", c.id(), "forward", nil), 403, "actor_not_entitled", "HB-16.2")
		c = w.walk(c.id(), nil, "sjzsj.sh forward")
		w.wantClock(c, "feedback", "CN-26.2", "2026-03-16")
		if a := w.as("sjzga.jb", http.MethodGet, sealed, nil); a.Status != 200 || !strings.Contains(string(a.Raw), id) {
			t.Errorf("the provider reads: %d %s", a.Status, a.Raw)
		}
		w.wantRefused("an extension", w.take("sjzga.fzr", c.id(), "request_extension", map[string]any{"reasons": "需外地核实", "extension_days": 5}),
			409, "term_not_extensible", "CN-26.2")
		w.wantRefused("a number in the open", w.take("sjzga.jb", c.id(), "verify", map[string]any{"finding": "经查" + id}), 400, "personal_data", "CN-37.1")
		w.wantRefused("what is not hosted", w.take("sjzga.fzr", c.id(), "correct", map[string]any{"way": "as_proposed", "finding": "属实"}), 409, "not_hosted", "CN-26.2")
		c = w.walk(c.id(), map[string]map[string]any{"verify": {"finding": "号码已变更"}, "correct": {"way": "at_source"}}, "sjzga.jb verify", "sjzga.fzr correct")
		if c.stage() != "corrected" {
			t.Errorf("corrected: %s", c.stage())
		}
		if text := w.told("camz.jb", "更正"); !strings.Contains(text, "查询这条记录") || !strings.Contains(text, foreign) || !strings.Contains(text, "联系电话") {
			t.Errorf("the recipient is told: %s", text)
		}
		w.ledgerIsSilentOf(id, phone, person["name"].(string))
		w.projectionIsTrue()
	})
}

// CN-39.6: whoever does not answer in ten working days is reported by the clock.
func TestALateCorrection(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		rst := w.reader("rst", "", "")
		entry, _ := rst.mustRead(eq("code", "130102", "name"))
		a := w.report("rst.jb", map[string]any{"procedure": "correction", "grant": rst.base.Grant, "source": entry, "kind": "wrong",
			"key": map[string]any{"code": "130102"}, "claims": []map[string]any{{"item": "name", "found": "长安区"}}, "problem": "名称不一致"})
		if a.Status != 201 {
			t.Fatalf("report: %d %s", a.Status, a.Raw)
		}
		provider := w.department("mzt")
		due := time.Date(2026, 3, 16, 16, 0, 0, 0, time.UTC)
		w.clock.Set(due.Add(2 * time.Minute))
		id := w.await(func() string {
			for _, id := range w.rectifications(provider) {
				return id
			}
			return ""
		})
		c, err := w.node.Store.Cases().Case(t.Context(), id)
		if err != nil || !strings.Contains(c.Title, "第三十九条第六项") {
			t.Errorf("the violation: %+v %v", c, err)
		}
	})
}
