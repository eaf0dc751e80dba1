package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// csv2027 is the law's holidays of 2027 with a bridge over New Year.
func csv2027(t *testing.T) string {
	_, base, err := app.Law()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, d := range base.Statutory(2027).Days {
		fmt.Fprintf(&b, "%s,%s,放假\n", d.Date, d.Name)
	}
	return b.String() + "2027-01-02,元旦,放假\n2027-01-03,元旦,放假\n2027-01-04,元旦,放假\n2027-01-09,元旦,上班\n"
}

// The notice for 2027 comes while a term runs into January: a dry run tells
// which terms move and where to, filing moves them on every replica, those
// concerned are told, the ledger has it; a correction moves them back.
func TestCalendarNotice(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const path, title = "/api/v1/calendar/notices", "《国务院办公厅关于2027年部分节假日安排的通知》"
		file := func(user string, change map[string]any) answer {
			body := map[string]any{"year": 2027, "title": title, "document": "国办发明电〔2026〕7号", "csv": csv2027(t)}
			for k, v := range change {
				body[k] = v
			}
			return w.as(user, http.MethodPost, path, body)
		}
		w.clock.Set(time.Date(2026, 12, 24, 2, 0, 0, 0, time.UTC))
		w.forget()
		c := w.applied("sjzyb", "application", w.resources()[peopleName], w.form("sjzyb", "参保身份核验", "id_number", "name"))
		reply := func() map[string]any {
			return flow(w.ok("sjzga.jb", http.MethodGet, "/api/v1/cases/"+c.id(), nil)).clock("reply")
		}
		if k := reply(); k["last_day"] != "2027-01-08" || k["provisional"] != true {
			t.Fatalf("before: %v", k)
		}
		for user, want := range map[string]int{"casj.sh": 403, "sjzga.fzr": 403, "sjj.sh": 403} {
			if a := file(user, nil); a.Status != want || a.code() != "not_highest_authority" {
				t.Errorf("%s: %d %s", user, a.Status, a.Raw)
			}
		}
		for field, change := range map[string]map[string]any{
			"days":     {"csv": ""},
			"csv[2]":   {"csv": "2027-01-01,元旦,放假\nx,元旦,放假\n"},
			"replaces": {"replaces": "release-2026"},
			"year":     {"year": 1066},
		} {
			if a := file("sjj.admin", change); a.Status != 400 || !strings.Contains(fmt.Sprint(a.fields()), field) {
				t.Errorf("%s: %d %s", field, a.Status, a.Raw)
			}
		}

		dry := file("sjj.admin", map[string]any{"dry_run": true})
		if dry.Status != 200 || dry.JSON["dry_run"] != true {
			t.Fatalf("dry run: %d %s", dry.Status, dry.Raw)
		}
		moved := ""
		for _, x := range dry.JSON["impact"].(map[string]any)["terms"].([]any) {
			if m := x.(map[string]any); m["case"] == c.id() {
				moved = fmt.Sprint(m["last_day"], " ", m["new_last_day"], " ", m["provisional"])
			}
		}
		if moved != "2027-01-08 2027-01-09 false" {
			t.Errorf("dry run: %q in %s", moved, dry.Raw)
		}
		if k := reply(); k["last_day"] != "2027-01-08" {
			t.Errorf("a dry run has moved it: %v", k)
		}

		var other *world // a second replica
		if strings.HasPrefix(w.node.Config.DatabaseURL, "postgres") {
			second, end, err := serve(config(w.node.Config.DatabaseURL, w.clock))
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := end(); err != nil {
					t.Error(err)
				}
			}()
			other = second
		}
		filed := file("sjj.admin", nil)
		if filed.Status != 200 {
			t.Fatalf("%d %s", filed.Status, filed.Raw)
		}
		id := filed.JSON["notice"].(map[string]any)["id"].(string)
		w.within("the term is counted again", func() bool {
			k := reply()
			return k["last_day"] == "2027-01-09" && k["provisional"] == false
		})
		w.within("the owner is told", func() bool { return len(w.about("sjzga.fzr", c.id(), "调整为2027-01-09届满")) == 1 })
		if other != nil {
			w.within("the other replica has it", func() bool {
				return !other.node.Calendar.Live.Current().IsWorkday(worktime.Date(2027, 1, 4))
			})
		}
		if a := w.as("", http.MethodGet, "/ledger/v1/entries/"+id+"/receipt", nil); a.Status != 200 || !strings.Contains(string(a.Raw), "calendar_notice") {
			t.Errorf("receipt: %d %s", a.Status, a.Raw)
		}
		if a := file("sjj.admin", nil); a.Status != 409 || a.code() != "calendar_unchanged" {
			t.Errorf("twice: %d %s", a.Status, a.Raw)
		}

		without := strings.Replace(csv2027(t), "2027-01-04,元旦,放假\n2027-01-09,元旦,上班\n", "", 1)
		if a := file("sjj.admin", map[string]any{"csv": without}); a.Status != 400 || a.fields() == nil {
			t.Errorf("a correction that does not say so: %d %s", a.Status, a.Raw)
		}
		if a := file("sjj.admin", map[string]any{"csv": without, "replaces": id, "reason": "录入有误"}); a.Status != 200 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		w.within("the correction moves it back", func() bool { return reply()["last_day"] == "2027-01-08" })
		years := w.ok("camz.jb", http.MethodGet, "/api/v1/calendar?from=2026&to=2028", nil)["items"].([]any)
		for i, want := range []string{"2026 false 0", "2027 false 2", "2028 true 0"} {
			y := years[i].(map[string]any)
			if got := fmt.Sprint(y["year"], " ", y["provisional"], " ", len(y["filed"].([]any))); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		}
		if a := w.as("camz.jb", http.MethodGet, "/api/v1/calendar?from=2028&to=2026", nil); a.Status != 400 {
			t.Errorf("years backwards: %d %s", a.Status, a.Raw)
		}
	})
}

// A database that was put back behind the node's back does not start: the log
// is shorter than what this machine has published.
func TestAnOldDatabaseDoesNotStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cfg := config("", nil)
	cfg.Dir, cfg.Clock, cfg.DatabaseURL = dir, nil, ""
	if err := app.Migrate(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "shuqiao.db")
	run := func() {
		t.Helper()
		w, end, err := serve(cfg)
		if err != nil {
			t.Fatal(err)
		}
		w.t = t
		head, err := w.node.Ledger.Head(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.node.Ledger.Record(t.Context(), entryOfTest()); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("\n%d\n", head.Size+1)
		w.within("the checkpoint is remembered", func() bool {
			note, _ := os.ReadFile(file + ".checkpoint")
			return strings.Contains(string(note), want)
		})
		if err := end(); err != nil {
			t.Fatal(err)
		}
	}
	run()
	old, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	run()
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.New(t.Context(), cfg); !fault.Is(err, "ledger_behind") {
		t.Fatalf("it started: %v", err)
	}
	if _, err := app.VerifyLedger(t.Context(), cfg); err != nil {
		t.Errorf("it can be looked at: %v", err)
	}
	act := app.ResumeOptions{Act: app.Act{Operator: "ops-1", Reason: "rollback"}}
	if _, err := app.Resume(t.Context(), cfg, act); !fault.Is(err, "missing_not_accepted") {
		t.Errorf("resumed without accepting the loss: %v", err)
	}
	if _, err := app.Resume(t.Context(), cfg, app.ResumeOptions{Act: app.Act{Operator: "张三", Reason: "whim"}}); !fault.Is(err, "act_invalid") {
		t.Errorf("a name and no reason: %v", err)
	}
	act.AcceptMissing = 1
	facts, err := app.Resume(t.Context(), cfg, act)
	if err != nil || facts.Missing == nil || *facts.Missing != 1 {
		t.Fatalf("%+v, %v", facts, err)
	}
	run()
	if _, err := app.Resume(t.Context(), cfg, act); !fault.Is(err, "nothing_to_resume") {
		t.Errorf("again: %v", err)
	}
}

func entryOfTest() ledger.Entry {
	return ledger.Entry{ID: ident.New(), Kind: ledger.Act, Facts: struct{}{}}
}
