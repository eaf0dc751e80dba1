package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/monitor"
)

// tick judges what was observed, whether or not the job has come to it.
func (w *world) tick() {
	w.t.Helper()
	if _, err := w.node.Monitor.Tick(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// code calls and gives the refusal, "" for an answer.
func (r *reader) code(body map[string]any) (code, basis string) {
	_, _, err := r.read(body)
	if err == nil {
		return "", ""
	}
	a := toAnswer(err)
	return a.code(), a.basis()
}

// enumerate asks for identity numbers one after the other.
func (r *reader) enumerate(from, n int) (refused map[string]int) {
	refused = map[string]int{}
	for i := range n {
		code, _ := r.code(eq("id_number", fmt.Sprintf("130102199001%05d0", from+i), "name"))
		refused[code]++
		r.w.clock.Advance(10 * time.Millisecond)
	}
	return refused
}

// signal waits for a signal of the kind that the user sees.
func (w *world) signal(user, kind string) map[string]any {
	w.t.Helper()
	var found map[string]any
	w.within("signal "+kind, func() bool {
		w.tick()
		list := w.ok(user, http.MethodGet, "/api/v1/signals?kind="+kind, nil)["items"].([]any)
		if len(list) > 0 {
			found = list[0].(map[string]any)
		}
		return found != nil
	})
	return found
}

func (w *world) lift(user, id, reason string) answer {
	w.t.Helper()
	return w.as(user, http.MethodPost, "/api/v1/cutoffs/"+id+"/lift", map[string]any{"reason": reason})
}

func (w *world) cut(user, target, id, reason string) answer {
	w.t.Helper()
	return w.as(user, http.MethodPost, "/api/v1/cutoffs", map[string]any{"target": target, "target_id": id, "reason": reason})
}

// CN-35: a consumer that enumerates is noticed and slowed; the provider and the
// authority see it, and what a person decides is kept and proved.
func TestEnumerationIsNoticedAndSlowed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		grant := yb.base.Grant
		if got := yb.enumerate(10000, 59); got[""] != 59 {
			t.Fatalf("ordinary calls: %v", got)
		}
		w.tick()
		if list := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/signals", nil)["items"].([]any); len(list) != 0 {
			t.Fatalf("below the threshold: %v", list)
		}
		yb.enumerate(10059, 10)
		s := w.signal("sjzga.fzr", "sequential")
		facts := s["facts"].(map[string]any)
		if s["grant"] != grant || s["measure"] != "slow" || s["state"] != "open" || s["clause"] != "CN-35" || facts["near_percent"].(float64) < 80 {
			t.Errorf("%v", s)
		}
		w.clock.Advance(time.Second)
		if got := yb.enumerate(20000, 10); got[""] != 1 || got["rate_slowed"] != 9 {
			t.Errorf("slowed: %v", got)
		}
		for _, user := range []string{"sjzga.jb", "sjzyb.jb", "sjzsj.sh"} {
			w.told(user, "按顺序逐个查询")
		}
		if got := w.as("rst.fzr", http.MethodGet, "/api/v1/signals", nil); strings.Contains(string(got.Raw), s["id"].(string)) {
			t.Error("a third department sees it")
		}
		figures := w.ok("sjzga.jb", http.MethodGet, "/api/v1/grants/"+grant+"/monitoring", nil)
		if n := len(figures["in_force"].([]any)); n != 1 || figures["open_signals"] != 1.0 || len(figures["hours"].([]any)) == 0 {
			t.Errorf("%v", figures)
		}
		w.wantRefused("the figures of another's grant", w.as("rst.fzr", http.MethodGet, "/api/v1/grants/"+grant+"/monitoring", nil), 404, "not_found", "")

		decide := func(user, decision, reason string) answer {
			return w.as(user, http.MethodPost, "/api/v1/signals/"+s["id"].(string)+"/decision", map[string]any{"decision": decision, "reason": reason})
		}
		w.wantRefused("the consumer itself", decide("sjzyb.fzr", "dismiss", "正常业务"), 403, "not_entitled", "CN-35")
		w.wantRefused("a third", decide("rst.fzr", "dismiss", "正常业务"), 404, "not_found", "")
		w.wantRefused("without reasons", decide("sjzga.fzr", "dismiss", " "), 400, "reason_invalid", "CN-35")
		w.wantRefused("with personal data", decide("sjzga.fzr", "dismiss", "本人13912345678"), 400, "reason_invalid", "CN-37.1")
		w.wantRefused("the consumer lifts", w.lift("sjzyb.fzr", s["cutoff"].(string), "正常业务"), 403, "not_entitled", "CN-35")
		if a := decide("sjzga.fzr", "dismiss", "参保登记批量核对,已事先告知"); a.Status != 200 || a.JSON["state"] != "dismissed" || a.JSON["decided_by"] == "" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		w.wantRefused("twice", decide("sjzsj.sh", "confirm", ""), 409, "signal_decided", "CN-35")
		w.clock.Advance(2 * time.Second)
		if got := yb.enumerate(30000, 70); got[""] != 70 {
			t.Errorf("a false alarm lifts what it did: %v", got)
		}
		w.tick()
		if n := len(w.ok("sjzga.fzr", http.MethodGet, "/api/v1/signals?state=open", nil)["items"].([]any)); n != 0 {
			t.Errorf("the rule speaks again though it was dismissed: %d", n)
		}
		for kind, n := range map[ledger.Kind]int{monitor.SignalEntry: 1, monitor.CutEntry: 1, monitor.DecidedEntry: 1, monitor.LiftedEntry: 1} {
			found := len(w.entriesOf(kind))
			if found != n {
				t.Errorf("%d entries of %s", found, kind)
			}
		}
		w.ledgerIsSilentOf("1301021990010", "127.0.0", "批量核对", "near_percent")
	})
}

// A signal is turned into a case in one step, once, and is confirmed by it.
func TestASignalBecomesACase(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		yb.enumerate(10000, 70)
		s := w.signal("sjzga.fzr", "sequential")
		path := "/api/v1/signals/" + s["id"].(string)
		incident := map[string]any{"gravity": "general", "measures": "已通知需求部门停止批量查询"}
		if a := w.as("sjzga.fzr", http.MethodPost, path+"/incident", map[string]any{"gravity": "general", "measures": "号码13912345678"}); a.Status != 400 || a.code() != "personal_data" {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		w.wantRefused("a third", w.as("rst.fzr", http.MethodPost, path+"/incident", incident), 404, "not_found", "")
		a := w.as("sjzga.fzr", http.MethodPost, path+"/incident", incident)
		if a.Status != 201 || a.JSON["stage"] != "responding" {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		w.wantRefused("again", w.as("sjzga.fzr", http.MethodPost, path+"/report", map[string]any{}), 409, "signal_decided", "CN-35")
		now := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/signals", nil)["items"].([]any)[0].(map[string]any)
		if now["state"] != "confirmed" || now["case"] != a.JSON["id"] {
			t.Errorf("%v", now)
		}

		w.clock.Advance(31 * time.Minute) // the measure has ended by itself
		w.forget()
		yb = w.reader("sjzyb", "", "")
		yb.enumerate(40000, 70)
		var second map[string]any
		w.within("a second window's signal", func() bool {
			w.tick()
			list := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/signals?state=open", nil)["items"].([]any)
			if len(list) > 0 {
				second = list[0].(map[string]any)
			}
			return second != nil
		})
		a = w.as("sjzga.fzr", http.MethodPost, "/api/v1/signals/"+second["id"].(string)+"/report", map[string]any{"description": "与批准的用途不符"})
		if a.Status != 201 || a.JSON["stage"] != "filed" {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		c := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/cases/"+a.JSON["id"].(string), nil)
		if f := c["facts"].(map[string]any); f["grant"] != yb.base.Grant || !strings.Contains(f["description"].(string), "按顺序逐个查询") {
			t.Errorf("%v", f)
		}
	})
}

// CN-35: the emergency stop of everything and of parts, by who may, within a
// second, and lifted by the same side.
func TestEmergencyCutOff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb, rst := w.reader("sjzyb", "", ""), w.reader("rst", "", "")
		ask := eq("id_number", people.Person(42)["id_number"].(string), "name")
		codes := map[string]any{"items": []string{"code"}, "limit": 1}
		want := func(what, ybCode, rstCode string) {
			t.Helper()
			w.clock.Advance(time.Second)
			a, _ := yb.code(ask)
			b, _ := rst.code(codes)
			if a != ybCode || b != rstCode {
				t.Errorf("%s: %q, %q", what, a, b)
			}
		}
		want("before", "", "")
		for _, user := range []string{"sjzsj.sh", "casj.sh", "mzt.fzr", "sjj.fzr", "sjj.sj"} {
			w.wantRefused("all by "+user, w.cut(user, "all", "", "数据外泄"), 403, "not_entitled", "CN-35")
		}
		if a := w.cut("sjj.sh", "all", "x", " "); a.Status != 400 || a.fields()["target_id"] == "" || a.fields()["reason"] == "" {
			t.Errorf("every fault at once: %s", a.Raw)
		}
		all := w.cut("sjj.sh", "all", "", "发现大规模数据外泄,紧急停止")
		if all.Status != 201 || all.JSON["side"] != "authority" || all.JSON["in_force"] != true {
			t.Fatalf("%d %s", all.Status, all.Raw)
		}
		want("everything", "cut_off_all", "cut_off_all")
		w.told("sjzyb.jb", "本平台的全部共享服务已紧急停止")
		id := all.JSON["id"].(string)
		w.wantRefused("another lifts", w.lift("sjzsj.sh", id, "已排除"), 403, "not_entitled", "CN-35")
		if a := w.lift("sjj.sh", id, "隐患已经排除"); a.Status != 200 || a.JSON["in_force"] != false {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		w.wantRefused("twice", w.lift("sjj.sh", id, "隐患已经排除"), 409, "not_in_force", "CN-35")
		want("lifted", "", "")

		system, resource := yb.sys.ID, w.resources()[codesName]
		w.wantRefused("another's system", w.cut("rst.fzr", "system", system, "x"), 403, "not_entitled", "CN-35")
		w.wantRefused("a clerk", w.cut("mzt.jb", "resource", resource, "x"), 403, "not_entitled", "CN-35")
		w.wantRefused("beyond the territory", w.cut("casj.sh", "resource", resource, "x"), 403, "not_entitled", "CN-35")
		if a := w.cut("mzt.fzr", "resource", "nothing", "x"); a.Status != 400 || a.fields()["target_id"] == "" {
			t.Errorf("%s", a.Raw)
		}
		own := w.cut("sjzyb.dj", "system", system, "前置机疑似被控制")
		res := w.cut("mzt.fzr", "resource", resource, "数据有误")
		if own.Status != 201 || res.Status != 201 {
			t.Fatalf("%s %s", own.Raw, res.Raw)
		}
		want("a system and a resource", "cut_off_system", "cut_off_resource")
		w.told("rst.jb", "共享服务已紧急停止")
		w.wantRefused("the authority lifts a department's", w.lift("sjj.sh", res.JSON["id"].(string), "x"), 403, "not_entitled", "CN-35")
		for user, a := range map[string]answer{"sjzyb.fzr": own, "mzt.ld": res} {
			if got := w.lift(user, a.JSON["id"].(string), "已处理"); got.Status != 200 {
				t.Errorf("%s: %s", user, got.Raw)
			}
		}
		want("given back", "", "")
		dep := w.cut("sjzsj.sh", "consumer", w.department("sjzyb"), "违规外传")
		if dep.Status != 201 {
			t.Fatalf("%s", dep.Raw)
		}
		want("a department", "cut_off_consumer", "")
		if n := len(w.ok("sjzyb.jb", http.MethodGet, "/api/v1/cutoffs?in_force=true", nil)["items"].([]any)); n != 1 {
			t.Errorf("the department sees %d", n)
		}
	})
}

// Two replicas on one database: what is cut off at one is refused at the other
// within a second, and the machine's operator can do it without either.
func TestCutOffReachesEveryReplica(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cfg := w.beside(t)
		cfg.Addr, cfg.TLSAddr = "127.0.0.1:0", "127.0.0.1:0"
		other, end, err := serve(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := end(); err != nil {
				t.Error(err)
			}
		})
		sys, call := w.consumer("sjzyb")
		call.Path, call.Body = "rows", eq("id_number", people.Person(42)["id_number"].(string), "name")
		here, there := sys.MutualTLS(w.tls), sys.MutualTLS(other.tls)
		want := func(what, code string) {
			t.Helper()
			w.clock.Advance(time.Second)
			for i, s := range []via{via(func() error { _, err := here.Do(t.Context(), call, nil); return err }), via(func() error { _, err := there.Do(t.Context(), call, nil); return err })} {
				if got := s.refused(); got != code {
					t.Errorf("%s, replica %d: %q", what, i, got)
				}
			}
		}
		want("before", "")
		x, err := app.InEmergency(t.Context(), cfg, app.Emergency{Username: "sjj.admin", Reason: "机房断网演练",
			Order: monitor.Order{Target: monitor.All}})
		if err != nil || x.Side != monitor.ByOperator || x.Person == "" {
			t.Fatalf("%+v, %v", x, err)
		}
		want("by the operator", "cut_off_all")
		if list, err := app.CutoffsInForce(t.Context(), cfg); err != nil || len(list) != 1 {
			t.Errorf("%v %v", list, err)
		}
		if _, err := app.InEmergency(t.Context(), cfg, app.Emergency{Username: "nobody", Reason: "x", Lift: x.ID}); err == nil {
			t.Error("lifted by nobody")
		}
		if _, err := app.InEmergency(t.Context(), cfg, app.Emergency{Username: "sjj.admin", Reason: "演练结束", Lift: x.ID}); err != nil {
			t.Error(err)
		}
		want("lifted", "")
		mine := w.cut("sjzyb.fzr", "system", sys.ID, "自查")
		want("by its department", "cut_off_system")
		if _, err := app.InEmergency(t.Context(), cfg, app.Emergency{Username: "sjj.admin", Reason: "x", Lift: mine.JSON["id"].(string)}); err == nil {
			t.Error("the operator lifts what a department stopped")
		}
	})
}

// A system that calls from where it never called from is told, once it is known.
func TestANewAddressIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		yb := w.reader("sjzyb", "", "")
		ask := eq("id_number", people.Person(42)["id_number"].(string), "name")
		observe := func(remote string) {
			w.node.Monitor.Observe(monitor.Observation{At: w.clock.Now(), Grant: yb.base.Grant, System: yb.sys.ID, Consumer: w.department("sjzyb"),
				Provider: w.department("sjzga"), Remote: remote})
			w.tick()
		}
		count := func() int {
			return len(w.ok("sjzyb.fzr", http.MethodGet, "/api/v1/signals?kind=new_address", nil)["items"].([]any))
		}
		yb.mustRead(ask)
		w.tick()
		observe("10.20.30.40:9000")
		if n := count(); n != 0 {
			t.Fatalf("in the learning time: %d", n)
		}
		w.clock.Advance(8 * 24 * time.Hour)
		w.forget()
		observe("10.20.30.99:9000")
		if n := count(); n != 0 {
			t.Errorf("a known network: %d", n)
		}
		observe("192.0.2.7:9000")
		observe("192.0.2.8:9000")
		s := w.signal("sjzyb.fzr", "new_address")
		if n := count(); n != 1 || s["facts"].(map[string]any)["network"] != "192.0.2.0/24" || s["measure"] != "signal" {
			t.Errorf("%d: %v", n, s)
		}
	})
}

// An operator's rules take the place of the release's: one that pauses, one that
// cuts off. A rule with mistakes keeps the node from starting.
func TestRulesOfTheOperator(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cfg := w.beside(t)
		cfg.MonitorRules = []byte("rules: [{kind: sequential, name: x, clause: CN-35, window: 10m, calls: 5, gap: 3, digits: 8, share: 80, measure: shout}]")
		if _, err := app.New(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "measure must be one of") {
			t.Errorf("%v", err)
		}
		cfg.Addr, cfg.TLSAddr = "127.0.0.1:0", "127.0.0.1:0"
		cfg.MonitorRules = []byte(`rules:
  - {kind: sequential, name: 逐个查询, clause: CN-35, window: 10m, calls: 5, gap: 3, digits: 8, share: 80, measure: cut_off}
  - {kind: refused, name: 反复越权, clause: CN-35, window: 5m, calls: 5, codes: [scope_exceeded], measure: pause, for: 10m}`)
		strict, end, err := serve(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := end(); err != nil {
				t.Error(err)
			}
		})
		sys, call := w.consumer("sjzyb")
		call.Path = "rows"
		there := sys.MutualTLS(strict.tls)
		ask := func(body map[string]any) string {
			call.Body = body
			return via(func() error { _, err := there.Do(t.Context(), call, nil); return err }).refused()
		}
		ordinary := eq("id_number", people.Person(42)["id_number"].(string), "name")
		// The measure of the newest signal of a kind, once there is one.
		measure := func(kind string) map[string]any {
			t.Helper()
			var found map[string]any
			w.within("a signal of "+kind, func() bool {
				if _, err := strict.node.Monitor.Tick(t.Context()); err != nil {
					t.Fatal(err)
				}
				list := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/signals?kind="+kind, nil)["items"].([]any)
				if len(list) > 0 {
					found = list[0].(map[string]any)
				}
				return found != nil
			})
			w.clock.Advance(time.Second)
			return found
		}
		for range 5 {
			if code := ask(eq("id_number", people.Person(42)["id_number"].(string), "address")); code != "scope_exceeded" {
				t.Fatalf("%q", code)
			}
		}
		burst := measure("refused")
		if code := ask(ordinary); burst["measure"] != "pause" || code != "cut_off_grant" {
			t.Errorf("not paused: %v, %q", burst, code)
		}
		w.wantRefused("what supervision counts", w.as("sjzga.fzr", http.MethodPost, "/api/v1/signals/"+burst["id"].(string)+"/report", map[string]any{}),
			409, "counted_by_supervision", "CN-40.2")
		w.clock.Advance(10 * time.Minute)
		if code := ask(ordinary); code != "" {
			t.Errorf("the pause does not end: %q", code)
		}
		for i := range 5 {
			ask(eq("id_number", fmt.Sprintf("130102199001%05d0", 50000+i), "name"))
		}
		s := measure("sequential")
		if code := ask(ordinary); s["measure"] != "cut_off" || code != "cut_off_grant" {
			t.Errorf("not cut off: %v, %q", s, code)
		}
		w.clock.Advance(20 * time.Minute)
		w.forget()
		if code := ask(ordinary); code != "cut_off_grant" {
			t.Errorf("a cut-off ended by itself: %q", code)
		}
		id := s["cutoff"].(string)
		w.wantRefused("the consumer", w.lift("sjzyb.ld", id, "x"), 403, "not_entitled", "CN-35")
		w.wantRefused("an authority of elsewhere", w.lift("casj.sh", id, "x"), 403, "not_entitled", "CN-35")
		w.wantRefused("without reasons", w.lift("sjzga.fzr", id, ""), 400, "reason_invalid", "CN-35")
		if a := w.lift("sjzga.fzr", id, "已核实"); a.Status != 200 {
			t.Errorf("%s", a.Raw)
		}
		w.clock.Advance(time.Second)
		if code := ask(ordinary); code != "" {
			t.Errorf("lifted: %q", code)
		}
	})
}

type via func() error

func (v via) refused() string {
	if err := v(); err != nil {
		a := toAnswer(err)
		return a.code()
	}
	return ""
}

// beside is the configuration of a second node on the same database: a journal
// belongs to one process.
func (w *world) beside(t *testing.T) app.Config {
	cfg := w.node.Config
	if cfg.JournalDir != "" {
		cfg.JournalDir = t.TempDir()
	}
	return cfg
}
