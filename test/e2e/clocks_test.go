package e2e

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/notice/channel"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// within waits for what the node's workers do.
func (w *world) within(what string, done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("not within half a minute: %s", what)
		}
	}
}

// about lists the texts of a user's notices of a case that contain a text.
func (w *world) about(user, caseID, text string) []map[string]any {
	w.t.Helper()
	var out []map[string]any
	items, _ := w.ok(user, http.MethodGet, "/api/v1/notices?limit=200", nil)["items"].([]any)
	for _, x := range items {
		n := x.(map[string]any)
		if n["case"] == caseID && strings.Contains(n["text"].(string), text) {
			out = append(out, n)
		}
	}
	return out
}

// A reply that runs late: the owner is reminded twice, then owner and
// authority are told, the supervisors above see it in their lists, and it is
// one violation, however often the sweeper looks.
func TestDeadlines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.result.Pending // at sjzga, due 16 March 2026
		beijing := time.FixedZone("", 8*3600)
		at := func(day, hour int) {
			w.clock.Set(time.Date(2026, 3, day, hour, 0, 0, 0, beijing))
			w.forget()
		}
		const remind, late = "期限将于2026-03-16届满", "期限已于2026-03-16届满,逾期未办"
		if got := w.about("sjzga.fzr", id, remind); len(got) != 0 {
			t.Errorf("reminded at once: %v", got)
		}
		at(11, 9)
		w.within("a reminder three working days before", func() bool { return len(w.about("sjzga.fzr", id, remind+",还剩3个工作日")) == 1 })
		if n := w.about("sjzga.fzr", id, remind)[0]; n["clause"] != "CN-21.1" || n["due"] != "2026-03-16T16:00:00Z" {
			t.Errorf("the reminder says %v", n)
		}
		at(13, 9)
		w.within("a reminder one working day before", func() bool { return len(w.about("sjzga.fzr", id, remind+",还剩1个工作日")) == 1 })

		soon := w.ok("sjzsj.sh", http.MethodGet, "/api/v1/clocks?overdue=false&within=1", nil)
		if line := w.clockLine(soon, id); line == nil || line["overdue"] != false || line["working_days_left"] != 1.0 || line["department_name"] != "石家庄市公安局" {
			t.Errorf("soon due: %v", soon)
		}
		if line := w.clockLine(w.ok("sjzsj.sh", http.MethodGet, "/api/v1/clocks?overdue=true", nil), id); line != nil {
			t.Errorf("overdue already: %v", line)
		}

		at(17, 9)
		w.within("the owner is told", func() bool { return len(w.about("sjzga.fzr", id, late)) == 1 })
		w.within("the authority is told", func() bool { return len(w.about("sjzsj.sh", id, late)) == 1 })
		w.within("the violation is answered", func() bool { return len(w.rectifications(w.department("sjzga"))) == 1 })
		for _, user := range []string{"sjzsj.sh", "sjj.sh", "sjj.sj"} {
			list := w.ok(user, http.MethodGet, "/api/v1/clocks?overdue=true", nil)
			if line := w.clockLine(list, id); line == nil || line["overdue"] != true || line["working_days_left"] != -1.0 ||
				line["clause"] != "CN-21.1" || line["last_day"] != "2026-03-16" || !strings.Contains(line["article"].(string), "第二十一条") {
				t.Errorf("%s: %v", user, list)
			}
		}
		if list := w.ok("casj.sh", http.MethodGet, "/api/v1/clocks?overdue=true", nil); w.clockLine(list, id) != nil {
			t.Errorf("the county sees the city's: %v", list)
		}
		for path, want := range map[string]string{"": "not_supervisor", "?overdue=maybe": "invalid", "?after=x": "invalid"} {
			user, status := "sjzga.fzr", 403
			if path != "" {
				user, status = "sjzsj.sh", 400
			}
			if a := w.as(user, http.MethodGet, "/api/v1/clocks"+path, nil); a.Status != status || status == 403 && a.code() != want {
				t.Errorf("%s %s: %d %s", user, path, a.Status, a.Raw)
			}
		}

		// It is answered at last, time goes on, the clock jumps: nothing fires again.
		if a := w.take("sjzga.fzr", id, "refuse", map[string]any{"reasons": "法律规定不得提供"}); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		at(16, 23)
		at(18, 9)
		for range 3 {
			if _, err := w.node.Cases.Sweep(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
			if _, err := w.node.Cases.DeliverNotices(t.Context(), 100); err != nil {
				t.Fatal(err)
			}
		}
		if a, b, c := len(w.about("sjzga.fzr", id, late)), len(w.about("sjzsj.sh", id, late)), len(w.about("sjzga.fzr", id, remind)); a != 1 || b != 1 || c != 2 {
			t.Errorf("told %d and %d times, reminded %d times", a, b, c)
		}
		if line := w.clockLine(w.ok("sjzsj.sh", http.MethodGet, "/api/v1/clocks", nil), id); line != nil {
			t.Errorf("it has stopped: %v", line)
		}
	})
}

func (w *world) clockLine(list map[string]any, caseID string) map[string]any {
	items, _ := list["items"].([]any)
	for _, x := range items {
		if line := x.(map[string]any); line["case"] == caseID {
			return line
		}
	}
	return nil
}

// receiver is a department's own service that takes notices.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	got    []received
}

type received struct {
	id, signature string
	body          []byte
}

func newReceiver(t *testing.T) *receiver {
	r := &receiver{status: 503}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		body, _ := io.ReadAll(in.Body)
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, received{in.Header.Get(channel.DeliveryHeader), in.Header.Get(channel.SignatureHeader), body})
		out.WriteHeader(r.status)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answer(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status = status
}

func (r *receiver) all() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]received(nil), r.got...)
}

// A department's webhook gets its notices, signed and under one ID however
// often they are sent; what is refused for good stays visible and can be sent
// again; other departments' notices never come.
func TestNoticesLeaveTheNode(t *testing.T) {
	t.Parallel()
	testdb.EachMigrated(t, playOnce, func(t *testing.T, url string) {
		hook := newReceiver(t)
		ca := filepath.Join(t.TempDir(), "ca.pem")
		if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: hook.Certificate().Raw}), 0o600); err != nil {
			t.Fatal(err)
		}
		clk := clock.NewFake(morning.Add(time.Minute))
		cfg := config(url, clk)
		cfg.Notices.CAFile, cfg.Notices.Loopback = ca, true
		w, end, err := serve(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := end(); err != nil {
				t.Error(err)
			}
		})
		engine, _, _ := strings.Cut(url, ":")
		left, _ := stories.Load(engine)
		w.t, w.clock, w.result, w.seen = t, clk, left.(*leftBehind).result, maps.Clone(left.(*leftBehind).sessions)

		w.refusedSubscriptions()
		sub := w.ok("sjzga.fzr", http.MethodPost, "/api/v1/notice-subscriptions", map[string]any{"channel": "webhook", "address": hook.URL + "/in"})
		secret, _ := sub["secret"].(string)
		if secret == "" {
			t.Fatalf("no key: %v", sub)
		}
		listed := w.as("sjzga.fzr", http.MethodGet, "/api/v1/notice-subscriptions", nil)
		if strings.Contains(string(listed.Raw), secret) || !strings.Contains(string(listed.Raw), hook.URL) {
			t.Errorf("listed %s", listed.Raw)
		}
		if a := w.as("sjzga.fzr", http.MethodPost, "/api/v1/notice-subscriptions", map[string]any{"channel": "webhook", "address": hook.URL + "/in"}); a.Status != 409 {
			t.Errorf("twice: %d %s", a.Status, a.Raw)
		}

		// camz completes nothing; sjzga asks its authority for more time.
		if a := w.take("sjzga.fzr", w.result.Pending, "request_extension", map[string]any{"reasons": "需要协调", "extension_days": 5}); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		w.within("a first attempt", func() bool { return len(hook.all()) >= 1 })
		hook.answer(200)
		w.within("a second attempt", func() bool {
			w.clock.Advance(20 * time.Second)
			return w.delivery("sjzga.fzr", "sent") != nil
		})
		got := hook.all()
		for _, x := range got {
			var doc map[string]any
			if err := json.Unmarshal(x.body, &doc); err != nil || doc["id"] != x.id || doc["case"] != w.result.Pending || doc["clause"] != "CN-21.1" {
				t.Errorf("%v: %s", err, x.body)
			}
			var at int64
			if _, err := fmt.Sscanf(x.signature, "t=%d,", &at); err != nil || channel.Sign([]byte(secret), time.Unix(at, 0), x.id, x.body) != x.signature {
				t.Errorf("signature %q does not fit", x.signature)
			}
			if x.id != got[0].id {
				t.Errorf("one notice under %s and %s", x.id, got[0].id)
			}
		}
		w.deadLetter(hook, sub["id"].(string))
	})
}

func (w *world) refusedSubscriptions() {
	for _, c := range []struct {
		user, channel, address string
		status                 int
	}{
		{"sjzga.jb", "webhook", "https://a.example/", 403},
		{"sjzga.fzr", "email", "a@b.cn", 400}, // no mail server is configured
		{"sjzga.fzr", "webhook", "http://a.example/", 400},
		{"sjzga.fzr", "webhook", "https://169.254.169.254/", 400},
		{"sjzga.fzr", "pigeon", "roof", 400},
	} {
		if a := w.as(c.user, http.MethodPost, "/api/v1/notice-subscriptions", map[string]any{"channel": c.channel, "address": c.address}); a.Status != c.status {
			w.t.Errorf("%+v: %d %s", c, a.Status, a.Raw)
		}
	}
}

// delivery gives the newest delivery in a state.
func (w *world) delivery(user, state string) map[string]any {
	w.t.Helper()
	items, _ := w.ok(user, http.MethodGet, "/api/v1/notice-deliveries?state="+state, nil)["items"].([]any)
	if len(items) == 0 {
		return nil
	}
	return items[0].(map[string]any)
}

func (w *world) deadLetter(hook *receiver, subscription string) {
	t := w.t
	hook.answer(410)
	if a := w.take("sjzsj.sh", w.result.Pending, "consent_extension", nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	w.within("it is given up", func() bool { return w.delivery("sjzga.fzr", "dead") != nil })
	dead := w.delivery("sjzga.fzr", "dead")
	if dead["failure"] != "http_410" || dead["subscription"] != subscription {
		t.Errorf("dead: %v", dead)
	}
	retry := "/api/v1/notice-deliveries/" + dead["id"].(string) + "/retry"
	if a := w.as("camz.fzr", http.MethodPost, retry, nil); a.Status != 404 {
		t.Errorf("another department sends it again: %d %s", a.Status, a.Raw)
	}
	hook.answer(204)
	if a := w.as("sjzga.fzr", http.MethodPost, retry, nil); a.Status >= 300 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	w.within("it is sent again", func() bool {
		return w.delivery("sjzga.fzr", "dead") == nil && w.delivery("sjzga.fzr", "waiting") == nil
	})
	if a := w.as("camz.fzr", http.MethodDelete, "/api/v1/notice-subscriptions/"+subscription, nil); a.Status != 404 {
		t.Errorf("another department unsubscribes: %d %s", a.Status, a.Raw)
	}
	if a := w.as("sjzga.fzr", http.MethodDelete, "/api/v1/notice-subscriptions/"+subscription, nil); a.Status >= 300 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	before := len(hook.all())
	if a := w.take("sjzga.fzr", w.result.Pending, "agree", nil); a.Status != 200 {
		t.Fatalf("%d %s", a.Status, a.Raw)
	}
	w.within("the inbox has it", func() bool { return len(w.about("sjzga.jb", w.result.Pending, "同意共享")) == 1 })
	if _, err := w.node.Notices.Sender.Send(t.Context(), 10); err != nil {
		t.Error(err)
	}
	if n := len(hook.all()); n != before {
		t.Errorf("%d notices came after the end", n-before)
	}
}
