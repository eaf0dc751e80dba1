package e2e

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// lodge complains as anybody would.
func (w *world) lodge(body map[string]any) answer {
	w.t.Helper()
	w.clock.Advance(time.Minute) // the allowance of one address
	return w.send("", http.MethodPost, "/public/v1/complaints", body)
}

func (w *world) follow(number, code string) answer {
	w.t.Helper()
	req, err := http.NewRequest(http.MethodGet, w.base+"/public/v1/complaints/"+number, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Complaint-Code", code)
	return w.do(req)
}

// complaintOf finds the case of a complaint among the reader's.
func (w *world) complaintOf(user, number string) string {
	w.t.Helper()
	for _, x := range w.ok(user, http.MethodGet, "/api/v1/cases?procedure=complaint", nil)["items"].([]any) {
		if m := x.(map[string]any); m["title"] == number {
			return m["id"].(string)
		}
	}
	w.t.Fatalf("%s has no case of %s", user, number)
	return ""
}

// CN-37.2: anyone complains without an account, gets a number and a code, and
// follows the complaint to its answer; what was written is read by those who
// handle it alone.
func TestComplaintOfAnybody(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const text, name, contact = "参保时窗口打印的住址是前任房主的,疑似泄露了我的信息", "周晓阳", "zxy@example.org"
		about, ministry := w.department("sjzga"), w.department("mzt")
		found := w.send("", http.MethodGet, "/public/v1/departments?q=%E7%9F%B3%E5%AE%B6%E5%BA%84%E5%B8%82%E5%85%AC%E5%AE%89", nil)
		if found.Status != 200 || !strings.Contains(string(found.Raw), about) {
			t.Errorf("find a department: %d %s", found.Status, found.Raw)
		}
		good := map[string]any{"kind": "leak", "about": about, "text": text, "name": name, "contact": contact}
		for what, c := range map[string]struct {
			change map[string]any
			field  string
		}{
			"nothing said":            {map[string]any{"text": "有误"}, "text"},
			"an unknown kind":         {map[string]any{"kind": "rude"}, "kind"},
			"no department":           {map[string]any{"about": ""}, "about"},
			"an unknown department":   {map[string]any{"about": "00000000-0000-7000-8000-000000000000"}, "about"},
			"the culprit as judge":    {map[string]any{"handler": about}, "handler"},
			"characters of a machine": {map[string]any{"text": "有\u0007些不对的地方"}, "text"},
		} {
			if a := w.lodge(merged(good, c.change)); a.Status != 400 || a.code() != "complaint_invalid" || a.fields()[c.field] != "CN-37.2" {
				t.Errorf("%s: %d %s", what, a.Status, a.Raw)
			}
		}
		if a := w.lodge(merged(good, map[string]any{"text": strings.Repeat("长", 40_000)})); a.Status != 413 && a.Status != 400 {
			t.Errorf("a book: %d", a.Status)
		}
		a := w.lodge(good)
		number, _ := a.JSON["number"].(string)
		code, _ := a.JSON["code"].(string)
		if a.Status != 201 || number == "" || code == "" || a.JSON["department"] != "石家庄市数据局" && !strings.Contains(a.JSON["department"].(string), "石家庄市") {
			t.Fatalf("lodged: %d %s", a.Status, a.Raw)
		}
		for _, wrong := range [][2]string{{number, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A"}, {"TS-2026-999999", code}, {number, ""}} {
			w.wantRefused("a wrong code", w.follow(wrong[0], wrong[1]), 404, "complaint_not_found", "CN-37.2")
		}
		p := w.follow(number, strings.ToLower(code))
		if p.Status != 200 || p.JSON["stage"] != "received" || p.JSON["last_day"] != "2026-03-23" || strings.Contains(string(p.Raw), text) {
			t.Errorf("followed: %d %s", p.Status, p.Raw)
		}

		id := w.complaintOf("sjzsj.jb", number)
		view := w.as("sjzsj.jb", http.MethodGet, "/api/v1/cases/"+id, nil)
		if strings.Contains(string(view.Raw), text) || strings.Contains(string(view.Raw), name) || strings.Contains(string(view.Raw), contact) {
			t.Errorf("the case holds what is sealed: %s", view.Raw)
		}
		sealed := "/api/v1/complaints/" + id + "/sealed"
		for user, status := range map[string]int{"sjzsj.jb": 200, "sjzsj.sj": 403, "sjj.sh": 403, "sjzga.jb": 404, "sjzga.fzr": 404, "": 401} {
			if a := w.as(user, http.MethodGet, sealed, nil); a.Status != status || (status == 200) != strings.Contains(string(a.Raw), text) {
				t.Errorf("%q reads the complaint: %d %s", user, a.Status, a.Raw)
			}
		}
		w.wantRefused("a clerk declines", w.take("sjzsj.jb", id, "decline", map[string]any{"decline_reasons": "不属本部门"}), 403, "actor_not_entitled", "CN-37.2")
		w.wantRefused("declined without reasons", w.take("sjzsj.fzr", id, "decline", nil), 400, "fields_invalid", "CN-37.2")
		w.wantRefused("an answer before handling", w.take("sjzsj.fzr", id, "answer", map[string]any{"reply": "已处理"}), 409, "step_not_allowed", "CN-37.2")
		for field, to := range map[string]string{"the culprit": about, "itself": w.department("sjzsj")} {
			w.wantRefused("a transfer to "+field, w.take("sjzsj.fzr", id, "transfer", map[string]any{"transfer_to": to, "transfer_reasons": "由其处理"}), 400, "transfer_invalid", "CN-37.2")
		}
		w.walk(id, map[string]map[string]any{"transfer": {"transfer_to": ministry, "transfer_reasons": "属民政部门职责"}}, "sjzsj.jb accept", "sjzsj.fzr transfer")
		w.wantRefused("read by one who passed it on", w.as("sjzsj.jb", http.MethodGet, sealed, nil), 403, "not_handler", "CN-37.1")

		id = w.complaintOf("mzt.jb", number)
		if a := w.as("mzt.jb", http.MethodGet, "/api/v1/complaints/"+id+"/sealed", nil); a.JSON["contact"] != contact {
			t.Errorf("the new handler reads: %d %s", a.Status, a.Raw)
		}
		fields := map[string]map[string]any{"conclude": {"result": "founded", "finding": "打印模板取值有误", "measures": "已修正模板并核查"}, "rework": {"rework_reasons": "核查范围不全"}}
		w.walk(id, fields, "mzt.jb accept", "mzt.jb conclude", "mzt.fzr rework", "mzt.jb conclude")
		for _, reply := range []string{"请致电13912345678", name + "您好,已修正", "已致" + contact} {
			w.wantRefused("a reply with personal data", w.take("mzt.fzr", id, "answer", map[string]any{"reply": reply}), 400, "personal_data", "CN-37.1")
		}
		if p := w.follow(number, code); p.JSON["reply"] != nil || p.JSON["result"] != nil || p.JSON["stage"] != "handled" {
			t.Errorf("told before it is decided: %s", p.Raw)
		}
		w.walk(id, map[string]map[string]any{"answer": {"reply": "反映属实,已修正,感谢监督"}}, "mzt.fzr answer")
		p = w.follow(number, code)
		events, _ := p.JSON["events"].([]any)
		if p.JSON["closed"] != true || p.JSON["result"] != "反映属实" || p.JSON["reply"] != "反映属实,已修正,感谢监督" || len(events) != 8 {
			t.Errorf("answered: %s", p.Raw)
		}
		w.ledgerIsSilentOf(text, name, contact, code)

		second := w.lodge(merged(good, map[string]any{"about": w.department("sjzsj"), "handler": ""}))
		id = w.complaintOf("sjj.jb", second.JSON["number"].(string)) // an authority is judged by the one above
		w.walk(id, map[string]map[string]any{"decline": {"decline_reasons": "应当通过诉讼解决"}}, "sjj.fzr decline")
		if p := w.follow(second.JSON["number"].(string), second.JSON["code"].(string)); p.JSON["reasons"] != "应当通过诉讼解决" || p.JSON["stage"] != "not_accepted" {
			t.Errorf("declined: %s", p.Raw)
		}
	})
}

// Somebody who floods is slowed down, and told so.
func TestComplaintsAreLimited(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		about, refused := w.department("sjzga"), 0
		for range 23 {
			a := w.send("", http.MethodPost, "/public/v1/complaints", map[string]any{"kind": "other", "about": about, "text": "反映数据错误"})
			if a.Status == 429 {
				refused++
				if a.code() != "too_many_requests" {
					t.Errorf("%s", a.Raw)
				}
			}
		}
		if refused != 3 {
			t.Errorf("%d of 23 refused", refused)
		}
	})
}
