package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// recorded writes entries as the node does and lets the reader of the ledger
// come to their end.
func (w *world) recorded(n int, kind ledger.Kind, facts any) {
	w.t.Helper()
	for range n {
		if _, err := w.node.Ledger.Record(w.t.Context(), ledger.Entry{ID: ident.New(), Kind: kind, At: w.clock.Now(), Facts: facts}); err != nil {
			w.t.Fatal(err)
		}
	}
	w.settle()
	for more := true; more; {
		var err error
		if more, err = w.node.Supervision.ReadCalls(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// CN-40.3, CN-40.6: a contractor beyond its entrustment, a system without an
// assessment. Each is counted by itself, reported once a day, and what another
// node's department did keeps nobody waiting.
func TestRefusedCallsOfOtherKinds(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		consumer, grant, system := w.department("sjzyb"), ident.New(), ident.New()
		refuse := func(n int, code string) {
			w.recorded(n, ledger.RefusedCall, map[string]any{"grant": grant, "system": system, "consumer": consumer, "code": code, "rows": 0, "status": 403})
		}
		refuse(4, "entrustment_over")
		refuse(19, "mlps_missing")
		refuse(19, "scope_exceeded")
		if got := w.rectifications(consumer); len(got) != 0 {
			t.Fatalf("below every threshold: %v", got)
		}
		w.recorded(30, ledger.RefusedCall, map[string]any{"grant": grant, "system": system, "consumer": ident.New(), "code": "mlps_missing"})
		system = ident.New() // the tally above belongs to somebody unknown
		refuse(1, "outside_entrustment")
		refuse(6, "entrustment_over")
		third := w.rectifying("CN-40.3", consumer)
		if len(third) != 1 || third[0].Facts["grant"] != grant {
			t.Fatalf("%+v", third)
		}
		facts, _ := third[0].Facts["facts"].(map[string]any)
		if facts["refused_calls"] != 5.0 || facts["threshold"] != 5.0 || facts["first_entry"] == nil {
			t.Errorf("%v", facts)
		}
		refuse(25, "mlps_missing")
		if got := w.rectifying("CN-40.6", consumer); len(got) != 1 || got[0].Facts["facts"].(map[string]any)["system"] != system {
			t.Errorf("%+v", got)
		}
		if got := w.rectifying("CN-40.2", consumer); len(got) != 0 {
			t.Errorf("other codes were counted as calls out of scope: %+v", got)
		}
		w.clock.Advance(24 * time.Hour)
		refuse(5, "entrustment_over")
		if got := w.rectifying("CN-40.3", consumer); len(got) != 2 {
			t.Errorf("another day is another violation: %d", len(got))
		}
	})
}

// CN-39.2: one refusal that was found to be without ground is a difference of
// opinion, the second within a year is reported, once; other acts are nothing.
func TestOverruledRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		grants, err := w.node.Store.Sharing().Grants(t.Context(), sharing.GrantFilter{Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		g := grants[0] // its case is an application with consumer and provider
		overrule := func(procedure, action string) {
			w.recorded(1, ledger.Act, casework.ActFacts{Case: g.Case, Procedure: procedure, Action: action, Version: 9, Clause: "CN-28.2"})
		}
		overrule("dispute", "serve_order")
		overrule("dispute", "serve")
		overrule("application_via_authority", "uphold_refusal")
		w.recorded(1, ledger.Act, casework.ActFacts{Case: ident.New(), Procedure: "dispute", Action: "serve_order"}) // another node's case
		w.clock.Advance(366 * 24 * time.Hour)
		overrule("application_via_authority", "overrule_refusal")
		if got := w.rectifying("CN-39.2", g.Provider); len(got) != 0 {
			t.Fatalf("more than a year apart: %+v", got)
		}
		w.clock.Advance(100 * 24 * time.Hour)
		overrule("dispute", "serve_order")
		overrule("dispute", "serve_order")
		got := w.rectifying("CN-39.2", g.Provider)
		if len(got) != 1 {
			t.Fatalf("%d cases", len(got))
		}
		facts, _ := got[0].Facts["facts"].(map[string]any)
		if cases, _ := facts["overruled_cases"].([]any); len(cases) != 2 || got[0].Facts["origin"] != g.Case {
			t.Errorf("%v", facts)
		}
	})
}

// CN-39.3: an entry that still calls an element authoritative, twenty working
// days after another department was designated its source.
func TestEntriesBesideTheSource(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, mzt, rst := t.Context(), w.department("mzt"), w.department("rst")
		w.publishTwin("rst", "sjj.sh", true)
		w.publishTwin("mzt", "sjj.sh", false)
		w.clock.Advance(time.Hour)
		grants, err := w.node.Store.Sharing().Grants(ctx, sharing.GrantFilter{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		designate := func(authority string) {
			if err := w.node.Store.Sources().ReplaceSource(ctx, catalog.Source{ID: ident.New(), Authority: authority, Region: "130000", Element: "DE-SXBM",
				Name: "编码", Department: mzt, Case: grants[0].Case, DesignatedAt: w.clock.Now()}); err != nil {
				t.Fatal(err)
			}
		}
		undone := func() {
			for range 2 {
				if err := w.node.Supervision.Undone(ctx); err != nil {
					t.Fatal(err)
				}
			}
		}
		designate(w.department("sjzsj")) // of another government: it binds nobody here
		w.clock.Advance(60 * 24 * time.Hour)
		undone()
		if got := w.rectifying("CN-39.3", rst); len(got) != 0 {
			t.Fatalf("by another government's designation: %+v", got)
		}
		designate(w.department("sjj"))
		w.clock.Advance(15 * 24 * time.Hour)
		undone()
		if got := w.rectifying("CN-39.3", rst); len(got) != 0 {
			t.Fatalf("within the term: %+v", got)
		}
		w.clock.Advance(30 * 24 * time.Hour)
		undone()
		got := w.rectifying("CN-39.3", rst)
		if len(got) != 1 || len(w.rectifying("CN-39.3", mzt)) != 0 {
			t.Fatalf("%+v", got)
		}
		facts, _ := got[0].Facts["facts"].(map[string]any)
		if facts["element"] != "DE-SXBM" || facts["source_department"] != mzt || got[0].Facts["resource"] == nil {
			t.Errorf("%v", facts)
		}
	})
}

// CN-40.1: what the authority declined to have collected again, and what its
// department publishes all the same without anything granted to it. A plan that
// was approved after all clears it.
func TestCollectedAnyway(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		form := map[string]any{"basis": "《社会保险法》", "purpose": "登记", "respondents": "参保单位", "items": []map[string]any{{"name": "编码", "element": "DE-SXBM"}},
			"justifications": []map[string]any{{"item": "编码", "text": "想要自己收集"}}}
		plan := func(short string, fields map[string]any, decision string) string {
			c := w.opened(short+".jb", "collection_plan", "", "", nil, form)
			return w.walk(c.id(), map[string]map[string]any{decision: fields}, short+".fzr submit", "sjj.sh "+decision).id()
		}
		found := func(what string, want ...string) {
			t.Helper()
			var got []string
			list, err := w.node.Store.Supervision().CollectedAnyway(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range list {
				got = append(got, x.Department)
			}
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
		}
		mzt, rst := w.department("mzt"), w.department("rst")
		declined := plan("rst", map[string]any{"reasons": "可以通过共享获取"}, "decline")
		plan("mzt", map[string]any{"reasons": "可以通过共享获取"}, "decline")
		w.clock.Advance(time.Minute)
		w.publishTwin("mzt", "sjj.sh", false)
		found("nobody else has it")
		w.clock.Advance(time.Minute)
		w.publishTwin("rst", "sjj.sh", false)
		found("mzt was the first to publish it", rst)
		w.publishTwin("sjzga", "sjzsj.sh", false)
		for range 2 {
			if err := w.node.Supervision.Undone(ctx); err != nil {
				t.Fatal(err)
			}
		}
		got := w.rectifying("CN-40.1", rst)
		if len(got) != 1 || len(w.rectifying("CN-40.1", mzt)) != 0 {
			t.Fatalf("%+v", got)
		}
		facts, _ := got[0].Facts["facts"].(map[string]any)
		if got[0].Facts["origin"] != declined || facts["element"] != "DE-SXBM" || fmt.Sprint(facts["also_under"]) != "[HB-30.2]" {
			t.Errorf("%+v", got[0].Facts)
		}
		found("reported already")
		plan("sjj", map[string]any{"reasons": "可以通过共享获取"}, "decline")
		w.clock.Advance(time.Minute)
		w.publishTwin("sjj", "sjj.sh", false)
		found("another", w.department("sjj"))
		plan("sjj", map[string]any{"findings": []map[string]any{{"item": "编码", "text": "共享数据不含此期间"}}}, "approve")
		found("approved since")
	})
}

// CN-35.3, CN-40.6: an incident with shared data that is not reported in its
// term is the consumer's breach of its duty of security.
func TestAnIncidentThatIsNotReported(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		asConsumer := flow(w.incident("sjzyb.fzr", map[string]any{"grants": []string{yb.base.Grant}}).JSON)
		alone := flow(w.incident("sjzga.fzr", nil).JSON)
		w.clock.Advance(4 * 24 * time.Hour)
		w.forget()
		w.within("both are reported", func() bool {
			return len(w.rectifying("CN-40.6", w.department("sjzyb"))) == 1 && len(w.rectifying("CN-39.9", w.department("sjzga"))) == 1
		})
		got := w.rectifying("CN-40.6", w.department("sjzyb"))[0]
		facts, _ := got.Facts["facts"].(map[string]any)
		if got.Facts["origin"] != asConsumer.id() || facts["duty"] != "CN-35.3" || facts["last_day"] != "2026-03-03" {
			t.Errorf("%v", got.Facts)
		}
		if got := w.rectifying("CN-39.9", w.department("sjzga"))[0]; got.Facts["origin"] != alone.id() {
			t.Errorf("%v", got.Facts)
		}
	})
}
