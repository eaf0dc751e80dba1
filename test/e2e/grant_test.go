package e2e

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/demo"
)

const paper = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" // digest of some document

// life is what the tests of a grant's life share: a grant that works, both
// sides, their authority, and the system that calls.
type life struct {
	*world
	grant string
	sys   *demo.System
	call  demo.Call
	moved bool // the clock was moved: the sweeper may open cases of what is overdue
}

// living is the grant of the region codes: provider mzt, consumer rst, authority
// sjj of both.
func living(w *world) *life {
	list := w.ok("rst.dj", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)
	sys, call := w.consumer("rst")
	w.token(sys)
	return &life{world: w, grant: list[0].(map[string]any)["id"].(string), sys: sys, call: call}
}

// try opens a case about the grant.
func (l *life) try(username, procedure, action string, fields map[string]any) answer {
	l.t.Helper()
	if fields == nil {
		fields = map[string]any{}
	}
	return l.as(username, http.MethodPost, "/api/v1/cases", map[string]any{
		"procedure": procedure, "action": action, "subject": l.grant, "fields": fields})
}

// open opens a case and gives its ID.
func (l *life) open(username, procedure, action string, fields map[string]any) string {
	l.t.Helper()
	a := l.try(username, procedure, action, fields)
	if a.Status >= 300 {
		l.t.Fatalf("%s opens %s by %s: %d %s", username, procedure, action, a.Status, a.Raw)
	}
	return a.JSON["id"].(string)
}

// step takes a step that must succeed and end at a stage.
func (l *life) step(username, caseID, action, stage string, fields map[string]any) answer {
	l.t.Helper()
	a := l.take(username, caseID, action, fields)
	if a.Status >= 300 || a.JSON["stage"] != stage {
		l.t.Fatalf("%s %s: %d, want stage %s: %s", username, action, a.Status, stage, a.Raw)
	}
	return a
}

// refuses asserts a refusal and, as long as nothing else is at work, that
// nothing was changed by it.
func (l *life) refuses(name string, try func() answer, status int, code, basis string, fields map[string]string) {
	l.t.Helper()
	if !l.moved {
		l.refusedAs(name, 0, try, status, code, basis, fields)
		return
	}
	a := try()
	if a.Status != status || a.code() != code || a.basis() != basis {
		l.t.Errorf("%s: %d %s %q, want %d %s %q: %s", name, a.Status, a.code(), a.basis(), status, code, basis, a.Raw)
	}
}

// refusedStep is a step that must be refused.
func (l *life) refusedStep(username, caseID, action string, fields map[string]any, status int, code, basis string) {
	l.t.Helper()
	l.refuses(username+" "+action, func() answer { return l.take(username, caseID, action, fields) }, status, code, basis, nil)
}

func (l *life) refusedOpening(username, procedure, action string, fields map[string]any, status int, code, basis string, faulty map[string]string) {
	l.t.Helper()
	l.refuses(username+" "+procedure+"/"+action, func() answer { return l.try(username, procedure, action, fields) }, status, code, basis, faulty)
}

// calls says what a call is answered after the second in which every replica
// has learned of a change: "" when it is let through.
func (l *life) calls(purpose string, items ...string) string {
	l.t.Helper()
	l.token(l.sys)
	c := l.call
	if purpose != "" {
		c.Purpose = purpose
	}
	if len(items) > 0 {
		c.Body = map[string]any{"items": items, "limit": 1}
	}
	a := call(l.sys, c)()
	if a.Status == 200 {
		return ""
	}
	return a.code()
}

func (l *life) state() map[string]any {
	l.t.Helper()
	return l.ok("rst.jb", http.MethodGet, "/api/v1/grants/"+l.grant, nil)
}

// kinds is the grant's history in short, without what the story left.
func (l *life) kinds() []string {
	l.t.Helper()
	var out []string
	for i, x := range l.ok("mzt.jb", http.MethodGet, "/api/v1/grants/"+l.grant+"/history", nil)["items"].([]any) {
		m := x.(map[string]any)
		if m["version"].(float64) != float64(i) {
			l.t.Errorf("line %d of the history is of version %v", i, m["version"])
		}
		if m["name"] == "" || m["act"] == "" {
			l.t.Errorf("%v", m)
		}
		out = append(out, m["kind"].(string))
	}
	if len(out) < 2 || out[0] != "issued" || out[1] != "delivered" {
		l.t.Fatalf("history begins with %v", out)
	}
	return out[2:]
}

func (l *life) history(want ...string) {
	l.t.Helper()
	if got := l.kinds(); !slices.Equal(got, want) {
		l.t.Errorf("history %v, want %v", got, want)
	}
}

func day(w *world, days int) string {
	return w.clock.Now().In(time.FixedZone("", 8*3600)).AddDate(0, 0, days).Format(time.DateOnly)
}

// jump moves the clock; sessions end with it.
func (l *life) jump(d time.Duration) { l.until(l.clock.Now().Add(d)) }

func (l *life) until(at time.Time) {
	l.clock.Set(at)
	l.forget()
	l.moved = true
}

func misuse(w *world) map[string]any {
	return map[string]any{"misuse": "scope", "findings": "抽查发现用于群发短信", "demands": "停止并删除", "rectify_by": day(w, 10), "evidence": paper}
}

// Misuse: provider and authority suspend each for themselves, nobody lifts
// another's flag, and whoever does not rectify in time loses the grant.
func TestSuspensionOfAGrant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		if code := l.calls(""); code != "" {
			t.Fatalf("before: %s", code)
		}
		bad := misuse(w)
		bad["rectify_by"] = day(w, 0)
		l.refusedOpening("mzt.fzr", "suspension", "suspend_by_provider", bad, 400, "dates_invalid", "CN-27.2", map[string]string{"fields.rectify_by": "CN-27.2"})
		l.refusedOpening("mzt.fzr", "suspension", "suspend_by_provider", map[string]any{"facts": "x"}, 400, "fields_invalid", "CN-27.2",
			map[string]string{"fields.misuse": "CN-27.2", "fields.findings": "CN-27.2", "fields.demands": "CN-27.2", "fields.rectify_by": "CN-27.2", "fields.facts": "CN-27.2"})
		l.refusedOpening("mzt.jb", "suspension", "suspend_by_provider", misuse(w), 403, "actor_not_entitled", "CN-27.2", nil)
		l.refusedOpening("rst.fzr", "suspension", "suspend_by_provider", misuse(w), 403, "not_own_department", "CN-27", nil)
		l.refusedOpening("rst.fzr", "suspension", "suspend_by_authority", misuse(w), 403, "actor_not_entitled", "CN-27.2", nil)
		l.refusedOpening("sjzga.fzr", "suspension", "suspend_by_provider", misuse(w), 404, "not_found", "", nil)
		l.refusedOpening("casj.sh", "suspension", "suspend_by_authority", misuse(w), 404, "not_found", "", nil)

		byProvider := l.open("mzt.fzr", "suspension", "suspend_by_provider", misuse(w))
		if code := l.calls(""); code != "grant_suspended" {
			t.Errorf("suspended: %q", code)
		}
		l.refusedOpening("mzt.fzr", "suspension", "suspend_by_provider", misuse(w), 409, "already_suspended", "CN-27.2", nil)
		byAuthority := l.open("sjj.sh", "suspension", "suspend_by_authority", misuse(w))
		own := l.open("rst.fzr", "suspension", "suspend_self", map[string]any{"reasons": "内部核查"})
		if g := l.state(); g["suspended_provider"] != true || g["suspended_authority"] != true || g["suspended_consumer"] != true {
			t.Errorf("three flags: %v", g)
		}

		// Nobody lifts another's.
		l.refusedStep("mzt.fzr", byAuthority, "authority_revoke", map[string]any{"reasons": "x"}, 403, "actor_not_entitled", "CN-27.2")
		l.refusedStep("mzt.fzr", byAuthority, "provider_revoke", map[string]any{"reasons": "x"}, 409, "condition_not_met", "CN-27.2")
		l.refusedStep("sjj.sh", byProvider, "authority_revoke", map[string]any{"reasons": "x"}, 409, "condition_not_met", "CN-27.2")
		l.refusedStep("sjj.sh", own, "resume_self", map[string]any{"reasons": "x"}, 403, "actor_not_entitled", "CN-35.2")
		l.refusedStep("rst.fzr", byProvider, "provider_accept", map[string]any{"conclusion": "x"}, 403, "actor_not_entitled", "CN-27.2")
		l.refusedStep("mzt.fzr", byProvider, "provider_accept", map[string]any{"conclusion": "x"}, 409, "step_not_allowed", "CN-27.2")
		l.step("rst.fzr", own, "resume_self", "restored", map[string]any{"reasons": "核查完毕"})

		report := map[string]any{"report": "已停用并删除", "report_evidence": paper}
		l.refusedStep("rst.fzr", byProvider, "report_to_authority", report, 409, "condition_not_met", "CN-27.2")
		l.step("rst.fzr", byProvider, "report_to_provider", "with_provider", report)
		l.step("mzt.fzr", byProvider, "provider_accept", "restored", map[string]any{"conclusion": "整改到位"})
		if g := l.state(); g["suspended_provider"] != false || g["suspended_authority"] != true || g["suspended_consumer"] != false || g["status"] != "suspended" {
			t.Errorf("the authority's flag alone: %v", g)
		}
		if code := l.calls(""); code != "grant_suspended" {
			t.Errorf("still suspended by the authority: %q", code)
		}
		l.untilTerminated(byAuthority, report)
		l.proved()
	})
}

// untilTerminated takes the authority's suspension to its end: reported, not
// enough, more time once, and that runs out.
func (l *life) untilTerminated(byAuthority string, report map[string]any) {
	t, w := l.t, l.world
	l.step("rst.fzr", byAuthority, "report_to_authority", "with_authority", report)
	shorter := map[string]any{"conclusion": "只删除了一部分", "extended_to": day(w, 10)}
	l.refusedStep("sjj.sh", byAuthority, "authority_extend", shorter, 400, "dates_invalid", "CN-27.2")
	longer := map[string]any{"conclusion": "只删除了一部分", "extended_to": day(w, 20)}
	a := l.step("sjj.sh", byAuthority, "authority_extend", "rectifying", longer)
	last := ""
	for _, k := range a.JSON["clocks"].([]any) {
		if m := k.(map[string]any); m["running"] == true {
			last, _ = m["last_day"].(string)
		}
	}
	if last != "2026-03-23" { // 22 March is a Sunday
		t.Errorf("the extended term ends on %s", last)
	}
	l.refusedStep("sjj.sh", byAuthority, "authority_terminate_overdue", map[string]any{"conclusion": "x"}, 409, "term_running", "CN-27.2")
	l.refusedStep("sjj.sh", byAuthority, "authority_terminate", map[string]any{"conclusion": "x"}, 409, "step_not_allowed", "CN-27.2")
	l.until(time.Date(2026, 3, 23, 16, 0, 0, 0, time.UTC))
	l.refusedStep("sjj.sh", byAuthority, "authority_extend", longer, 409, "already_done", "CN-27.2")
	l.step("sjj.sh", byAuthority, "authority_terminate_overdue", "terminated", map[string]any{"conclusion": "逾期未整改"})
	if code := l.calls(""); code != "grant_terminated" {
		t.Errorf("terminated: %q", code)
	}
	l.refusedOpening("mzt.fzr", "suspension", "suspend_by_provider", misuse(w), 409, "grant_terminated", "CN-27", nil)
	l.history("suspended", "suspended", "suspended", "restored", "restored", "terminated")
}

// proved: every act has its entry, and the acts alone rebuild every case.
func (l *life) proved() {
	l.t.Helper()
	audit, err := l.node.Ledger.Verify(l.t.Context())
	if err != nil {
		l.t.Fatal(err)
	}
	l.actsAreProved(audit.Size)
}

// Two suspend at once for the same side: one case, one flag.
func TestSuspendedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		l := living(w)
		w.as("mzt.fzr", http.MethodGet, "/api/v1/me", nil)
		answers := make(chan int, 6)
		for range 6 {
			go func() { answers <- l.try("mzt.fzr", "suspension", "suspend_by_provider", misuse(w)).Status }()
		}
		won := 0
		for range 6 {
			switch status := <-answers; status {
			case 201:
				won++
			case 409:
			default:
				t.Errorf("status %d", status)
			}
		}
		if won != 1 {
			t.Errorf("%d won", won)
		}
		l.history("suspended")
	})
}
