package e2e

import (
	"bytes"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/supervision"
)

// Calls outside the grant are counted from the ledger; the day that passes the
// threshold is one violation, whatever comes after and whoever reads.
func TestRefusedCallsBecomeAViolation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, consumer := t.Context(), w.department("sjzyb")
		grant := ident.New()
		refuse := func(n int, code string) {
			var entries []ledger.Entry
			for range n {
				entries = append(entries, ledger.Entry{ID: ident.New(), Kind: ledger.RefusedCall, At: w.clock.Now(),
					Facts: map[string]any{"grant": grant, "consumer": consumer, "code": code, "rows": 0, "status": 403}})
			}
			for _, e := range entries {
				if _, err := w.node.Ledger.Record(ctx, e); err != nil {
					t.Fatal(err)
				}
			}
			w.settle()
			var wg sync.WaitGroup
			for range 2 { // two replicas read at once
				wg.Go(func() {
					for more := true; more; {
						var err error
						if more, err = w.node.Supervision.ReadCalls(ctx); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
		}
		refuse(19, "scope_exceeded")
		refuse(30, "rate_limited") // not a matter of scope
		if got := w.rectifications(consumer); len(got) != 0 {
			t.Fatalf("below the threshold: %v", got)
		}
		refuse(1, "purpose_not_granted")
		refuse(25, "scope_exceeded")
		opened := w.rectifications(consumer)
		if len(opened) != 1 {
			t.Fatalf("%d cases", len(opened))
		}
		c, err := w.node.Store.Cases().Case(ctx, opened[0])
		facts, _ := c.Facts["facts"].(map[string]any)
		if err != nil || c.Facts["violated"] != "CN-40.2" || c.Facts["grant"] != grant || facts["refused_calls"] != 20.0 {
			t.Errorf("%+v, %v", c, err)
		}
		w.clock.Advance(24 * time.Hour)
		refuse(20, "scope_exceeded")
		if got := w.rectifications(consumer); len(got) != 2 {
			t.Errorf("another day is another violation: %d", len(got))
		}
	})
}

// A linked service that fails for a week without one answer counts as ended by
// its provider; a single answer in between begins a new count.
func TestAServiceThatIsGone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, provider := t.Context(), w.department("sjzga")
		resource := ident.New()
		call := func(code string) {
			if _, err := w.node.Ledger.Record(ctx, ledger.Entry{ID: ident.New(), Kind: ledger.Call, At: w.clock.Now(),
				Facts: map[string]any{"resource": resource, "provider": provider, "grant": ident.New(), "code": code}}); err != nil {
				t.Fatal(err)
			}
			w.settle()
			for more := true; more; {
				var err error
				if more, err = w.node.Supervision.ReadCalls(ctx); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.node.Supervision.Ended(ctx); err != nil {
				t.Fatal(err)
			}
		}
		count := func() int {
			n := 0
			for _, id := range w.rectifications(provider) {
				if c, err := w.node.Store.Cases().Case(ctx, id); err == nil && c.Facts["violated"] == "CN-39.7" {
					n++
				}
			}
			return n
		}
		call("upstream_unreachable")
		w.clock.Advance(4 * 24 * time.Hour)
		call("")
		call("upstream_timeout")
		w.clock.Advance(4 * 24 * time.Hour)
		call("upstream_unreachable")
		if n := count(); n != 0 {
			t.Fatalf("eight days with an answer in between: %d", n)
		}
		w.clock.Advance(3 * 24 * time.Hour)
		call("upstream_unreachable")
		call("upstream_unreachable")
		if n := count(); n != 1 {
			t.Errorf("seven days without an answer: %d", n)
		}
	})
}

// The assessment is computed from what happened, for supervisors only, and can
// be saved as a spreadsheet.
func TestAssessment(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path = "/api/v1/assessment?from=2026-03-01&to=2026-03-31"
		a := w.as("sjj.sh", http.MethodGet, path, nil)
		if a.Status != 200 {
			t.Fatalf("%s", a.Raw)
		}
		byName := map[string]map[string]any{}
		for _, x := range a.JSON["rows"].([]any) {
			row := x.(map[string]any)
			byName[row["name"].(string)] = row
		}
		if len(byName) != 8 {
			t.Errorf("%d departments", len(byName))
		}
		mark := func(name string, i int) map[string]any { return byName[name]["marks"].([]any)[i].(map[string]any) }
		for i, want := range []string{"true 1/1", "true 1/1", "true 1/1"} {
			m := mark("石家庄市公安局", i)
			if got := fmt.Sprintf("%v %v/%v", m["applies"], m["good"], m["total"]); got != want {
				t.Errorf("indicator %d: %s, want %s", i, got, want)
			}
		}
		if m := mark("石家庄市医疗保障局", 5); m["applies"] != true || m["good"] != 1.0 {
			t.Errorf("used: %v", m)
		}
		if m := mark("石家庄市医疗保障局", 2); m["applies"] != false {
			t.Errorf("nobody applied to it: %v", m)
		}
		before := byName["石家庄市公安局"]["score"].(float64)
		if _, _, err := w.node.Supervision.Report(t.Context(), supervision.Violation{Key: "k", Clause: "CN-39.2", Department: w.department("sjzga")}); err != nil {
			t.Fatal(err)
		}
		for _, x := range w.ok("sjzsj.sj", http.MethodGet, path, nil)["rows"].([]any) {
			if row := x.(map[string]any); row["name"] == "石家庄市公安局" && row["score"].(float64) >= before {
				t.Errorf("a violation costs nothing: %v after %v", row["score"], before)
			}
		}
		w.refusedAs("by a department", 0, func() answer { return w.as("sjzga.jb", http.MethodGet, path, nil) }, 403, "not_a_supervisor", "CN-29.1", nil)
		w.refusedAs("of another territory", 0, func() answer { return w.as("casj.sh", http.MethodGet, path+"&region=130000", nil) }, 403, "outside_territory", "CN-38.2", nil)
		w.refusedAs("of no period", 0, func() answer {
			return w.as("sjj.sh", http.MethodGet, "/api/v1/assessment?from=2026-03-31&to=2026-03-01", nil)
		}, 400, "period_invalid", "CN-38.2", map[string]string{"to": "CN-38.2"})
		sheet := w.as("sjj.sh", http.MethodGet, "/api/v1/assessment.xlsx?from=2026-03-01&to=2026-03-31", nil)
		f, err := excelize.OpenReader(bytes.NewReader(sheet.Raw))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("考核结果")
		if err != nil || len(rows) != 10 || rows[1][1] != "部门" {
			t.Errorf("%v, %v", rows, err)
		}
	})
}

// A grant that ends behind everybody's back is seen; one that a case of its own
// ended is not.
func TestAGrantThatEndedAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		grants, err := w.node.Store.Sharing().Grants(ctx, sharing.GrantFilter{Limit: 10})
		if err != nil || len(grants) == 0 {
			t.Fatalf("%d grants, %v", len(grants), err)
		}
		g := grants[0]
		now := w.clock.Now()
		g.TerminatedAt = &now
		if err := w.node.Store.Sharing().UpdateGrant(ctx, g); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := w.node.Supervision.Ended(ctx); err != nil {
				t.Fatal(err)
			}
		}
		opened := w.rectifications(g.Provider)
		if len(opened) != 1 {
			t.Fatalf("%d cases", len(opened))
		}
		c, err := w.node.Store.Cases().Case(ctx, opened[0])
		if err != nil || c.Facts["violated"] != "CN-39.7" || c.Facts["grant"] != g.ID || c.Facts["origin"] != g.Case {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// What nobody did: records of a file's use, a source department for an element
// that two departments of one government publish.
func TestUndoneDuties(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		grants, err := w.node.Store.Sharing().Grants(ctx, sharing.GrantFilter{Limit: 10})
		if err != nil || len(grants) < 2 {
			t.Fatalf("%d grants, %v", len(grants), err)
		}
		g := grants[0]
		used := w.clock.Now()
		g.Method, g.DeliveredAt = catalog.FileDownload, &used
		if err := w.node.Store.Sharing().UpdateGrant(ctx, g); err != nil {
			t.Fatal(err)
		}
		province := w.department("sjj")
		for _, provider := range []string{"mzt", "rst"} {
			w.publishTwin(provider, "sjj.sh", false)
		}
		of := w.rectifying
		undone := func() {
			for range 2 {
				if err := w.node.Supervision.Undone(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		undone()
		if n, m := of("CN-40.5", g.Consumer), of("CN-41.1", province); len(n)+len(m) != 0 {
			t.Fatalf("at once: %v %v", n, m)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		undone()
		if n := of("CN-40.5", g.Consumer); len(n) != 1 || n[0].Facts["grant"] != g.ID {
			t.Errorf("no records: %v", n)
		}
		n := of("CN-41.1", province)
		if len(n) != 1 || n[0].Facts["by_government"] != "yes" {
			t.Fatalf("no source department: %v", n)
		}
		if facts, _ := n[0].Facts["facts"].(map[string]any); facts["element"] != "DE-SXBM" || len(facts["providers"].([]any)) != 2 {
			t.Errorf("%v", facts)
		}
	})
}

// rectifying lists the rectification cases of a department for a clause.
func (w *world) rectifying(clause, department string) []procedure.Case {
	w.t.Helper()
	var out []procedure.Case
	for _, id := range w.rectifications(department) {
		c, err := w.node.Store.Cases().Case(w.t.Context(), id)
		if err != nil {
			w.t.Fatal(err)
		}
		if c.Facts["violated"] == clause {
			out = append(out, c)
		}
	}
	return out
}

// publishTwin publishes an entry with an item of the element DE-SXBM.
func (w *world) publishTwin(provider, review string, authoritative bool) {
	w.t.Helper()
	clerk := provider + ".jb"
	made := w.ok(clerk, http.MethodPost, "/api/v1/resources", map[string]any{"entry": map[string]any{
		"name": "同类数据(" + provider + ")", "class_code": "3010010001", "abstract": "两个部门都有的数据", "format_kind": "database", "format": "数据库", "frequency": "yearly",
		"attribute": "unconditional", "methods": []string{"service_api"}, "use_conditions": "无", "scope_of_use": "所有部门", "purposes": []string{"履行职责需要"},
		"level": "general_1", "collection": "hosted_copy", "source_system": "业务系统", "duty_basis": "三定规定", "contact": "0311-80000009",
		"open_attribute": "open", "items": []map[string]any{{"code": "code", "name": "编码", "type": "C", "length": 12, "format": "12位", "description": "编码",
			"level": "general_1", "key": true, "element": "DE-SXBM", "authoritative": authoritative}}}})
	c := w.ok(clerk, http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "catalog_publication", "subject": made["pending"].(map[string]any)["id"]})
	for _, step := range []struct {
		user, action string
		fields       map[string]any
	}{
		{clerk, "assess_secrecy", map[string]any{"secrecy_conclusion": "pass", "secrecy_report": "不涉密"}},
		{clerk, "submit", nil}, {provider + ".ld", "head_approve", nil}, {review, "publish", nil},
	} {
		if a := w.take(step.user, c["id"].(string), step.action, step.fields); a.Status != 200 {
			w.t.Fatalf("%s: %s", step.action, a.Raw)
		}
	}
}
