package e2e

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

// logs waits until the call log has read the whole ledger.
func (w *world) logs() {
	w.t.Helper()
	w.settle()
	w.within("call logs", func() bool {
		behind, err := w.node.CallLogs.Behind(w.t.Context())
		if err != nil {
			w.t.Fatal(err)
		}
		return behind == 0
	})
}

func (w *world) callLog(user, query string) []map[string]any {
	w.t.Helper()
	var out []map[string]any
	for _, x := range w.ok(user, http.MethodGet, "/api/v1/call-log?"+query, nil)["items"].([]any) {
		out = append(out, x.(map[string]any))
	}
	return out
}

// sendLog sends a log for reconciliation.
func (w *world) sendLog(user, kind, query, body string) answer {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, w.base+"/api/v1/reconciliations?"+query, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Authorization", "Bearer "+w.session(user))
	return w.do(req)
}

// compared waits for the result.
func (w *world) compared(user, id string) map[string]any {
	w.t.Helper()
	var r map[string]any
	w.within("reconciliation", func() bool {
		r = w.ok(user, http.MethodGet, "/api/v1/reconciliations/"+id, nil)
		return r["state"] == "done"
	})
	return r
}

// CN-29.2: each side sees its calls and nobody else's; the provider does not
// see who worked on what.
func TestCallLogOfBothSides(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		w.clock.Advance(time.Minute)
		from := w.clock.Now()
		receipt, _ := yb.mustRead(eq("id_number", people.Person(7)["id_number"].(string), "name"))
		refused, _ := yb.code(eq("id_number", people.Person(7)["id_number"].(string), "address"))
		if refused != "scope_exceeded" {
			t.Fatal(refused)
		}
		w.logs()
		since := "&from=" + url.QueryEscape(from.Format(time.RFC3339Nano))
		mine := w.callLog("sjzyb.jb", "side=consumer"+since)
		if len(mine) != 2 || mine[1]["receipt"] != receipt || mine[1]["rows"] != 1.0 || mine[1]["status"] != 200.0 || mine[0]["code"] != "scope_exceeded" {
			t.Fatalf("%v", mine)
		}
		// The consumer finds its own operator and matter by their digests.
		d := w.ok("sjzyb.jb", http.MethodPost, "/api/v1/call-log/digests", map[string]any{"operators": []string{"demo-operator-1", "someone-else"}, "case_numbers": []string{"YB-2026-000001"}})
		if ops := d["operators"].([]any); ops[0] != mine[1]["operator"] || ops[1] == ops[0] || d["case_numbers"].([]any)[0] != mine[1]["case_number"] {
			t.Errorf("%v, %v", d, mine[1])
		}
		if other := w.ok("rst.jb", http.MethodPost, "/api/v1/call-log/digests", map[string]any{"operators": []string{"demo-operator-1"}}); other["operators"].([]any)[0] == mine[1]["operator"] {
			t.Error("a digest is the same for two departments")
		}
		theirs := w.callLog("sjzga.jb", "side=provider"+since)
		if len(theirs) != 2 || theirs[1]["receipt"] != receipt {
			t.Fatalf("%v", theirs)
		}
		for _, hidden := range []string{"operator", "case_number", "response_sha256", "auth"} {
			if theirs[1][hidden] != nil || mine[1][hidden] == nil {
				t.Errorf("%s: the provider sees %v, the consumer %v", hidden, theirs[1][hidden], mine[1][hidden])
			}
		}
		grant := yb.base.Grant
		for query, want := range map[string]int{
			"side=consumer&outcome=refused" + since: 1, "side=consumer&outcome=answered" + since: 1, "side=consumer&status=403" + since: 1,
			"side=consumer&status=429" + since: 0, "side=consumer&grant=" + grant + since: 2, "side=provider" + since: 0,
			"side=consumer&to=" + url.QueryEscape(from.Format(time.RFC3339Nano)) + since: -1,
		} {
			a := w.as("sjzyb.jb", http.MethodGet, "/api/v1/call-log?"+query, nil)
			if want < 0 {
				w.wantRefused(query, a, 400, "query_invalid", "")
			} else if n := len(a.JSON["items"].([]any)); n != want {
				t.Errorf("%s: %d calls, want %d", query, n, want)
			}
		}
		// Page by page, one after the other, it is the whole log.
		var paged []string
		for after := ""; ; {
			a := w.ok("sjzyb.jb", http.MethodGet, "/api/v1/call-log?side=consumer&limit=1&after="+after, nil)
			for _, x := range a["items"].([]any) {
				paged = append(paged, x.(map[string]any)["receipt"].(string))
			}
			next, ok := a["next"].(string)
			if !ok {
				break
			}
			after = next
		}
		whole := w.callLog("sjzyb.jb", "side=consumer&limit=200")
		if len(paged) != len(whole) || len(whole) < 4 {
			t.Errorf("%d calls in pages of one, %d in one page", len(paged), len(whole))
		}
		lines, err := csv.NewReader(strings.NewReader(string(w.as("sjzyb.jb", http.MethodGet, "/api/v1/call-log/export?side=consumer", nil).Raw))).ReadAll()
		if err != nil || len(lines) != len(whole)+1 || lines[0][0] != "receipt" || lines[len(lines)-2][0] != receipt {
			t.Errorf("%v %v", lines, err)
		}
		w.wantRefused("another's grant", w.as("rst.jb", http.MethodGet, "/api/v1/call-log?side=consumer&grant="+grant, nil), 404, "not_found", "")
		w.wantRefused("the wrong side", w.as("sjzga.jb", http.MethodGet, "/api/v1/call-log?side=consumer&grant="+grant, nil), 404, "not_found", "")
		w.wantRefused("no side", w.as("sjzyb.jb", http.MethodGet, "/api/v1/call-log", nil), 400, "input_invalid", "")
		w.wantRefused("a made-up mark", w.as("sjzyb.jb", http.MethodGet, "/api/v1/call-log?side=consumer&after=%21", nil), 400, "input_invalid", "")
		w.wantRefused("nobody", w.as("", http.MethodGet, "/api/v1/call-log?side=consumer", nil), 401, "sign_in_required", "")
		if n := len(w.callLog("rst.jb", "side=consumer"+since)); n != 0 {
			t.Errorf("a third department sees %d calls", n)
		}
	})
}

// CN-29.2: a consumer's own log is compared with the ledger, and what differs is
// listed, kept, proved and can be reported.
func TestReconciliationOfAConsumer(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		w.clock.Advance(time.Minute)
		from := w.clock.Now()
		for i := range 6 {
			yb.mustRead(eq("id_number", people.Person(i + 10)["id_number"].(string), "name"))
		}
		_, _ = yb.code(eq("id_number", people.Person(7)["id_number"].(string), "address"))
		rst := w.reader("rst", w.ok("rst.jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)[0].(map[string]any)["id"].(string), "履行职责需要")
		stranger, _ := rst.mustRead(map[string]any{"items": []string{"code"}, "limit": 1})
		w.clock.Advance(time.Minute)
		w.logs()
		grant := yb.base.Grant
		query := fmt.Sprintf("side=consumer&from=%s&to=%s&grant=%s", url.QueryEscape(from.Format(time.RFC3339Nano)), url.QueryEscape(w.clock.Now().Format(time.RFC3339Nano)), grant)
		mine := w.callLog("sjzyb.jb", "side=consumer&outcome=answered&from="+url.QueryEscape(from.Format(time.RFC3339Nano)))
		if len(mine) != 6 {
			t.Fatalf("%d calls", len(mine))
		}
		line := func(c map[string]any) []string {
			return []string{c["receipt"].(string), c["time"].(string), c["grant"].(string), c["response_sha256"].(string), fmt.Sprint(c["rows"])}
		}
		lines := [][]string{line(mine[0]), line(mine[0]), line(mine[1]), line(mine[2]), line(mine[3]), line(mine[4])} // mine[5] is missing
		lines[2][3] = strings.Repeat("0", 64)
		lines[3][4] = "9"
		lines[4][1] = from.Add(-time.Hour).Format(time.RFC3339)
		lines = append(lines, []string{stranger, "", "", "", ""}, []string{"01890000-0000-7000-8000-000000000000", "", "", "", ""})
		body := "receipt,time,grant,response_sha256,rows\n"
		for _, l := range lines {
			body += strings.Join(l, ",") + "\n"
		}
		a := w.sendLog("sjzyb.jb", "text/csv; charset=utf-8", query, "\ufeff"+body)
		if a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		id := a.JSON["id"].(string)
		r := w.compared("sjzyb.jb", id)
		want := map[string]float64{"missing_there": 1, "missing_here": 2, "repeated": 1, "digest_differs": 1, "count_differs": 1, "time_differs": 1, "grant_differs": 0}
		for kind, n := range want {
			if got := r["mismatches"].(map[string]any)[kind]; got != n {
				t.Errorf("%s: %v, want %v", kind, got, n)
			}
		}
		if r["matched"] != 1.0 || r["lines"] != 7.0 {
			t.Errorf("%v", r)
		}
		list, err := csv.NewReader(strings.NewReader(string(w.as("sjzyb.jb", http.MethodGet, "/api/v1/reconciliations/"+id+"/mismatches", nil).Raw))).ReadAll()
		if err != nil || len(list) != 8 {
			t.Fatalf("%v %v", list, err)
		}
		if !slices.ContainsFunc(list, func(l []string) bool { return l[1] == "missing_there" && l[2] == mine[5]["receipt"] }) ||
			!slices.ContainsFunc(list, func(l []string) bool { return l[1] == "missing_here" && l[2] == stranger && l[6] == "" }) {
			t.Errorf("%v", list)
		}
		w.within("ledger entry", func() bool {
			leaf, err := w.node.Ledger.Leaf(t.Context(), id)
			return err == nil && strings.Contains(string(leaf.Data), `"kind":"reconciliation"`) && strings.Contains(string(leaf.Data), r["log_sha256"].(string))
		})
		w.reportMismatches(id, grant)
	})
}

func (w *world) reportMismatches(id, grant string) {
	t := w.t
	path := "/api/v1/reconciliations/" + id
	for _, part := range []string{"", "/mismatches"} {
		w.wantRefused("the provider reads "+part, w.as("sjzga.jb", http.MethodGet, path+part, nil), 404, "not_found", "")
	}
	w.wantRefused("another reports", w.as("sjzga.jb", http.MethodPost, path+"/case", map[string]any{"description": "x"}), 404, "not_found", "")
	if a := w.as("sjzyb.jb", http.MethodPost, path+"/case", map[string]any{"description": "x", "clause": "CN-99"}); a.Status != 400 && a.Status != 409 {
		t.Errorf("a clause that is none: %d %s", a.Status, a.Raw)
	}
	made := w.as("sjzyb.jb", http.MethodPost, path+"/case", map[string]any{"description": "已暂停批量任务并核查", "gravity": "general"})
	if made.Status != 201 || made.JSON["procedure"] != "incident" {
		t.Fatalf("%d %s", made.Status, made.Raw)
	}
	if r := w.ok("sjzyb.jb", http.MethodGet, path, nil); r["case"] != made.JSON["id"] {
		t.Errorf("%v", r)
	}
	w.wantRefused("twice", w.as("sjzyb.jb", http.MethodPost, path+"/case", map[string]any{"description": "x", "gravity": "general"}), 409, "already_reported", "CN-29.2")
	if n := len(w.ok("sjzyb.jb", http.MethodGet, "/api/v1/reconciliations", nil)["items"].([]any)); n != 1 {
		t.Errorf("%d reconciliations", n)
	}
}

// XN-18: a provider's own log of what it was asked, with the receipts that it
// was sent.
func TestReconciliationOfAProvider(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		w.clock.Advance(time.Minute)
		from := w.clock.Now()
		var receipts []string
		for i := range 3 {
			receipt, _ := yb.mustRead(eq("id_number", people.Person(i + 20)["id_number"].(string), "name"))
			receipts = append(receipts, receipt)
		}
		w.clock.Advance(time.Minute)
		w.logs()
		scope := fmt.Sprintf("side=provider&from=%s&to=%s", url.QueryEscape(from.Format(time.RFC3339Nano)), url.QueryEscape(w.clock.Now().Format(time.RFC3339Nano)))
		query := scope + "&grant=" + yb.base.Grant
		var body strings.Builder
		for i, receipt := range receipts[:2] {
			b, _ := json.Marshal(map[string]any{"receipt": receipt, "time": w.clock.Now(), "rows": i + 1})
			body.Write(append(b, '\n'))
		}
		a := w.sendLog("sjzga.jb", "application/x-ndjson", query, body.String())
		if a.Status != 202 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		r := w.compared("sjzga.jb", a.JSON["id"].(string))
		found := r["mismatches"].(map[string]any)
		if r["matched"] != 1.0 || found["count_differs"] != 1.0 || found["missing_there"] != 1.0 || found["missing_here"] != 0.0 {
			t.Errorf("%v", r)
		}
		made := w.as("sjzga.fzr", http.MethodPost, "/api/v1/reconciliations/"+a.JSON["id"].(string)+"/case", map[string]any{"clause": "CN-40.2", "description": "请核实"})
		if made.Status != 201 || made.JSON["procedure"] != "violation_report" {
			t.Errorf("%d %s", made.Status, made.Raw)
		}
		w.wantRefused("without a scope", w.sendLog("sjzga.jb", "text/csv", scope, "receipt\n"), 400, "reconciliation_invalid", "CN-29.2")
		w.wantRefused("another's grant", w.sendLog("rst.jb", "text/csv", query, "receipt\n"), 404, "not_found", "")
		w.wantRefused("the other side's grant", w.sendLog("sjzyb.jb", "text/csv", query, "receipt\n"), 404, "not_found", "")
		w.wantRefused("not a table", w.sendLog("sjzga.jb", "application/json", query, "{}"), 400, "media_type", "")
		w.wantRefused("empty", w.sendLog("sjzga.jb", "text/csv", query, ""), 400, "log_invalid", "CN-29.2")
		bad := w.sendLog("sjzga.jb", "text/csv", query, "receipt,rows\nnonsense,1\n"+receipts[0]+",-1\n"+receipts[0]+"\n")
		w.wantRefused("faulty lines", bad, 400, "log_invalid", "CN-29.2")
		for _, field := range []string{"line[2].receipt", "line[3].rows", "line[4]"} {
			if _, ok := bad.fields()[field]; !ok {
				t.Errorf("no fault of %s: %s", field, bad.Raw)
			}
		}
		if n := len(w.ok("sjzga.jb", http.MethodGet, "/api/v1/reconciliations", nil)["items"].([]any)); n != 1 {
			t.Errorf("%d reconciliations: what was refused is kept", n)
		}
	})
}
