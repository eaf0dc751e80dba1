package e2e

import (
	"database/sql"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// department's database, before and after its owner changed it.
var (
	associations = []string{
		`CREATE TABLE association (code VARCHAR(18) PRIMARY KEY, title VARCHAR(100) NOT NULL, kind CHAR(1) CHECK (kind IN ('1', '2')), founded DATE, fund NUMERIC(14,2))`,
		`CREATE TABLE officer (id_no VARCHAR(18) PRIMARY KEY, phone VARCHAR(20))`,
		`CREATE TABLE sys_oper_log (id INTEGER PRIMARY KEY, what TEXT)`,
		`INSERT INTO officer VALUES ('11010119900307803X', '13800000001'), ('110101199003074514', '13800000002'), ('110101199003071153', '13800000003')`,
	}
	altered = []string{`ALTER TABLE association ADD COLUMN closed DATE`, `CREATE TABLE branch (id INTEGER PRIMARY KEY)`, `DROP TABLE sys_oper_log`}
)

func execAll(t *testing.T, driver, dsn string, statements ...string) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// settled asks for a reading and waits for its end.
func (w *world) settled(user, source string, sample bool) map[string]any {
	w.t.Helper()
	r := w.ok(user, http.MethodPost, "/api/v1/reverse-sources/"+source+"/runs", map[string]any{"sample": sample})
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if now := w.ok(user, http.MethodGet, "/api/v1/reverse-runs/"+r["id"].(string), nil); now["state"] == "done" || now["state"] == "failed" {
			return now
		}
	}
	w.t.Fatal("the run does not end")
	return nil
}

func list(m map[string]any, name string) (out []map[string]any) {
	items, _ := m[name].([]any)
	for _, x := range items {
		x, _ := x.(map[string]any)
		out = append(out, x)
	}
	return out
}

// find gives the element whose member has a value.
func find(items []map[string]any, member, value string) map[string]any {
	for _, x := range items {
		if x[member] == value {
			return x
		}
	}
	return nil
}

// HB-7, CN-17: an engineer registers a PostgreSQL database, the schema is read
// and proposed, a clerk makes drafts of it, and a second reading tells what
// changed and which entries it concerns.
func TestReverse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		address := testdb.Postgres(t)
		execAll(t, "pgx", address, append(associations, `COMMENT ON TABLE association IS '社会团体登记表：在民政部门登记的社会团体'`,
			`COMMENT ON COLUMN association.code IS '统一社会信用代码'`, `COMMENT ON COLUMN association.title IS '名称'`, `COMMENT ON COLUMN association.kind IS '类别（1-行业，2-学术）'`)...)
		u, _ := url.Parse(address)
		port, _ := strconv.Atoi(u.Port())
		secret, _ := u.User.Password()
		made := w.as("mzt.dj", http.MethodPost, "/api/v1/reverse-sources", map[string]any{"name": "社会团体登记库", "engine": "postgres", "host": u.Hostname(), "port": port,
			"database": strings.TrimPrefix(u.Path, "/"), "user": u.User.Username(), "password": secret, "tls": "disable"})
		source, _ := made.JSON["id"].(string)
		listed := w.as("mzt.dj", http.MethodGet, "/api/v1/reverse-sources", nil)
		for _, text := range []string{string(made.Raw), string(listed.Raw)} {
			if source == "" || strings.Contains(text, secret) || strings.Contains(text, u.Hostname()) || strings.Contains(text, strings.TrimPrefix(u.Path, "/")) {
				t.Fatalf("registered: %s", text)
			}
		}
		if v := w.ok("mzt.dj", http.MethodPost, "/api/v1/reverse-sources/"+source+"/test", nil); v["version"] == "" {
			t.Errorf("test: %v", v)
		}
		run := w.settled("mzt.dj", source, true)
		path := "/api/v1/reverse-runs/" + run["id"].(string)
		if run["state"] != "done" || run["count"] != 3.0 {
			t.Fatalf("run: %v", run)
		}
		proposals := list(w.ok("mzt.jb", http.MethodGet, path+"/proposals?class_code=3010010001", nil), "items")
		a, officer, log := find(proposals, "table", "public.association"), find(proposals, "table", "public.officer"), find(proposals, "table", "public.sys_oper_log")
		if a == nil || a["selected"] != true || log["selected"] != false || log["reason"] != "日志表" {
			t.Fatalf("proposals: %v", proposals)
		}
		entry, _ := a["entry"].(map[string]any)
		if items := list(entry, "items"); entry["name"] != "社会团体登记" || len(items) != 5 || items[0]["name"] != "统一社会信用代码" || items[0]["key"] != true || items[4]["type"] != "N" {
			t.Errorf("entry: %v", entry)
		}
		personal, _ := officer["entry"].(map[string]any)
		if items := list(personal, "items"); items[0]["sensitivity"] != "resident_id" || items[1]["sensitivity"] != "phone" || personal["personal_info"] != true {
			t.Errorf("a sample of numbers and phones: %v", personal)
		}

		drafts := map[string]any{"all": true, "drafts": []any{map[string]any{"table": "public.association", "entry": entry}, map[string]any{"table": "public.officer", "entry": map[string]any{"name": "负责人系统", "class_code": "3010010001"}}}}
		if out := w.ok("mzt.jb", http.MethodPost, path+"/drafts", drafts); out["created"] != 0.0 || find(list(out, "items"), "table", "public.officer")["code"] != "entry_invalid" {
			t.Errorf("all or none: %v", out)
		}
		drafts["all"] = false
		out := w.ok("mzt.jb", http.MethodPost, path+"/drafts", drafts)
		resource, _ := find(list(out, "items"), "table", "public.association")["resource"].(map[string]any)
		if out["created"] != 1.0 || resource == nil {
			t.Fatalf("each for itself: %v", out)
		}
		id := resource["id"].(string)
		pending, _ := w.ok("mzt.jb", http.MethodGet, "/api/v1/resources/"+id, nil)["pending"].(map[string]any)
		kept, _ := pending["entry"].(map[string]any)
		if items := list(kept, "items"); pending["status"] != "draft" || len(items) != 5 || items[2]["code"] != "kind" || items[2]["length"] != 1.0 {
			t.Errorf("draft: %v", pending)
		}

		if x := w.as("mzt.jb", http.MethodGet, "/api/v1/reverse-sources/"+source+"/changes", nil); x.code() != "nothing_to_compare" || x.basis() != "CN-17" {
			t.Errorf("after one reading: %d %s", x.Status, x.Raw)
		}
		execAll(t, "pgx", address, altered...)
		w.clock.Advance(time.Minute)
		w.settled("mzt.jb", source, false)
		changes := list(w.ok("mzt.jb", http.MethodGet, "/api/v1/reverse-sources/"+source+"/changes", nil), "items")
		c := find(changes, "table", "public.association")
		if len(changes) != 3 || find(changes, "table", "public.branch")["kind"] != "added" || find(changes, "table", "public.sys_oper_log")["kind"] != "removed" ||
			find(list(c, "columns"), "column", "closed")["kind"] != "added" {
			t.Errorf("changes: %v", changes)
		}
		if hit := list(c, "affected"); len(hit) != 1 || hit[0]["resource"] != id || hit[0]["propose"] != "edit_draft" {
			t.Errorf("affected: %v", c)
		}
		if again := find(list(w.ok("mzt.jb", http.MethodGet, path+"/proposals", nil), "items"), "table", "public.association"); again["selected"] != false || again["resource"] != id {
			t.Errorf("proposed again: %v", again)
		}
		w.ok("mzt.dj", http.MethodDelete, "/api/v1/reverse-sources/"+source, nil)
		if x := w.as("mzt.dj", http.MethodGet, path, nil); x.Status != 404 {
			t.Errorf("after its end: %d", x.Status)
		}
	})
}

// CN-3, CN-11, CN-35: who may not, where nobody may, and what is marked secret
// is refused; nothing of it is kept.
func TestReverseRefusals(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		dir, err := os.MkdirTemp(masterDir, "reverse-")
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, "jh.db")
		execAll(t, "sqlite", file, `CREATE TABLE plan (a INT) `, `CREATE TABLE action ( -- 机密★某某行动
			b INT)`)
		name, _ := filepath.Rel(masterDir, file)
		lite := map[string]any{"name": "计划库", "engine": "sqlite", "file": name}
		remote := func(host string) map[string]any {
			return map[string]any{"name": "库", "engine": "mysql", "host": host, "database": "d", "user": "u", "password": "p"}
		}
		for _, c := range []struct {
			user   string
			body   map[string]any
			status int
			code   string
		}{
			{"mzt.jb", lite, 403, "role_missing"},
			{"mzt.dj", remote("10.1.2.3"), 403, "address_not_allowed"},
			{"mzt.dj", remote("169.254.169.254"), 403, "address_not_allowed"},
			{"mzt.dj", map[string]any{"name": "库", "engine": "sqlite", "file": "../../etc/passwd"}, 403, "file_not_allowed"},
			{"mzt.dj", map[string]any{"name": "", "engine": "mysql", "host": "a b"}, 400, "source_invalid"},
			{"mzt.dj", map[string]any{"name": "库", "engine": "oracle"}, 400, "source_invalid"},
		} {
			if a := w.as(c.user, http.MethodPost, "/api/v1/reverse-sources", c.body); a.Status != c.status || a.code() != c.code {
				t.Errorf("%s %v: %d %s", c.user, c.body, a.Status, a.Raw)
			}
		}
		source := w.ok("mzt.dj", http.MethodPost, "/api/v1/reverse-sources", lite)["id"].(string)
		at := "/api/v1/reverse-sources/" + source
		for _, c := range []struct{ user, method, path, code string }{
			{"rst.dj", http.MethodPost, at + "/test", "not_found"}, {"rst.jb", http.MethodGet, at + "/runs", "not_found"},
			{"mzt.jb", http.MethodPost, at + "/test", "role_missing"}, {"mzt.jb", http.MethodDelete, at, "role_missing"}, {"sjj.sh", http.MethodGet, at + "/runs", "role_missing"},
		} {
			if a := w.as(c.user, c.method, c.path, nil); a.code() != c.code {
				t.Errorf("%s %s: %d %s", c.user, c.path, a.Status, a.Raw)
			}
		}
		if a := w.as("mzt.jb", http.MethodPost, at+"/runs", map[string]any{"sample": true}); a.code() != "role_missing" {
			t.Errorf("a clerk asks for a sample: %d %s", a.Status, a.Raw)
		}
		before := w.secretsRefused()
		run := w.settled("mzt.jb", source, false)
		a := w.as("mzt.jb", http.MethodGet, "/api/v1/reverse-runs/"+run["id"].(string)+"/proposals", nil)
		if p := find(list(a.JSON, "items"), "table", "action"); p["refused"] != "secret" || p["entry"] != nil || strings.Contains(string(a.Raw), "行动") {
			t.Errorf("marked: %s", a.Raw)
		}
		if n := w.secretsRefused(); n != before+1 {
			t.Errorf("%d refusals recorded", n-before)
		}
		entry := map[string]any{"name": "行动", "class_code": "3010010001"}
		post := func(user, table string) answer {
			return w.as(user, http.MethodPost, "/api/v1/reverse-runs/"+run["id"].(string)+"/drafts", map[string]any{"drafts": []any{map[string]any{"table": table, "entry": entry}}})
		}
		if a := post("mzt.jb", "action"); find(list(a.JSON, "items"), "table", "action")["code"] != "secret_refused" {
			t.Errorf("a draft of a marked table: %s", a.Raw)
		}
		if a := post("mzt.jb", "unknown"); find(list(a.JSON, "items"), "table", "unknown")["code"] != "table_unknown" {
			t.Errorf("a table that is not there: %s", a.Raw)
		}
		if a := post("mzt.dj", "plan"); a.code() != "role_missing" || a.basis() != "CN-11" {
			t.Errorf("an engineer compiles: %d %s", a.Status, a.Raw)
		}
		if err := os.WriteFile(file, []byte(strings.Repeat("x", 5000)), 0o600); err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(time.Minute)
		if r := w.settled("mzt.jb", source, false); r["state"] != "failed" || r["failure"] != "file_unreadable" {
			t.Errorf("a broken file: %v", r)
		}
	})
}

// secretsRefused counts the entries about refused secrets.
func (w *world) secretsRefused() int {
	w.t.Helper()
	n := 0
	for i := uint64(0); ; i++ {
		leaf, err := w.node.Store.Ledger().Leaf(w.t.Context(), i)
		if err != nil {
			return n
		}
		if leaf.Kind == ledger.Kind("secret_refused") {
			n++
			if strings.Contains(string(leaf.Data), "行动") {
				w.t.Errorf("content in the ledger: %s", leaf.Data)
			}
		}
	}
}
