package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// counts is what a refusal must leave alone.
type counts struct {
	cases, acts, grants, departments int
	entries                          uint64
}

func (w *world) count() counts {
	w.t.Helper()
	ctx := w.t.Context()
	var n counts
	cases, err := w.node.Store.Cases().Cases(ctx, casework.Filter{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	n.cases = len(cases)
	for _, c := range cases {
		n.acts += c.Version
	}
	grants, err := w.node.Store.Sharing().Grants(ctx, sharing.GrantFilter{Limit: 1000})
	if err != nil {
		w.t.Fatal(err)
	}
	n.grants = len(grants)
	n.departments = len(w.ok("sjj.admin", http.MethodGet, "/api/v1/departments?limit=100", nil)["items"].([]any))
	head, err := w.node.Ledger.Head(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	n.entries = head.Size
	return n
}

// refusedAs asserts a refusal: status, code, clause, faulty fields with their
// clauses, and that nothing changed but by the given number of refused-call
// records.
func (w *world) refusedAs(name string, records uint64, try func() answer, status int, code, basis string, fields map[string]string) {
	w.t.Helper()
	before := w.count()
	a := try()
	if a.Status != status || a.code() != code || a.basis() != basis {
		w.t.Errorf("%s: %d %s %q, want %d %s %q: %s", name, a.Status, a.code(), a.basis(), status, code, basis, a.Raw)
	}
	if detail, _ := a.JSON["detail"].(string); detail == "" {
		w.t.Errorf("%s: no message", name)
	}
	got := a.fields()
	for field, clause := range fields {
		if found, ok := got[field]; !ok || found != clause {
			w.t.Errorf("%s: field %s under %q, want %q: %s", name, field, found, clause, a.Raw)
		}
	}
	after := w.count()
	want := before
	want.entries += records
	if after != want {
		w.t.Errorf("%s: changed %+v to %+v", name, before, after)
	}
	if records > 0 {
		leaf, err := w.node.Store.Ledger().Leaf(w.t.Context(), after.entries-1)
		kind := ledger.RefusedCall
		if code == "secret_refused" {
			kind = app.SecretRefused
		}
		if err != nil || leaf.Kind != kind || kind == ledger.RefusedCall && !strings.Contains(string(leaf.Data), `"`+code+`"`) {
			w.t.Errorf("%s: the record is %s, %v", name, leaf.Data, err)
		}
	}
}

func TestBadInputOfPeople(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		result := w.result
		resources := w.ok("camz.jb", http.MethodGet, "/api/v1/resources", nil)["items"].([]any)
		byName := map[string]string{}
		for _, x := range resources {
			m := x.(map[string]any)
			byName[m["name"].(string)] = m["resource"].(map[string]any)["id"].(string)
		}
		codes := byName["行政区划代码"]
		post := func(user, path string, body any) func() answer {
			return func() answer { return w.as(user, http.MethodPost, path, body) }
		}

		w.refusedAs("a wrong check digit and a region that does not exist", 0,
			post("sjj.admin", "/api/v1/departments", map[string]any{"name": "某局", "uscc": "11130000MB9000991A", "region": "139999", "kind": "department"}),
			400, "department_invalid", "CN-2", map[string]string{"uscc": "CN-2", "region": "CN-2"})

		// A department that nobody has filed a sharing office for.
		d := w.ok("sjj.admin", http.MethodPost, "/api/v1/departments", map[string]any{"name": "河北省档案局", "uscc": uscc(t, "11130000MB900777X"), "region": "130000", "kind": "authorised"})
		w.ok("sjj.admin", http.MethodPost, "/api/v1/departments/"+d["id"].(string)+"/people",
			map[string]any{"name": "经办人(演示)", "username": "daj.jb", "password": password, "roles": []string{"clerk"}})
		w.refusedAs("an application by a department without a sharing office", 0,
			post("daj.jb", "/api/v1/cases", map[string]any{"procedure": "application", "subject": codes}),
			409, "sharing_office_incomplete", "CN-11", nil)

		// Everything an entry lacks is told at once when it is submitted.
		draft := w.ok("mzt.jb", http.MethodPost, "/api/v1/resources", map[string]any{"entry": map[string]any{
			"name": "福利彩票发行记录", "class_code": "301001", "attribute": "withheld"}})
		version := draft["pending"].(map[string]any)["id"].(string)
		c := w.ok("mzt.jb", http.MethodPost, "/api/v1/cases", map[string]any{"procedure": "catalog_publication", "subject": version})
		w.refusedAs("a resource without a legal basis, reason, items, format", 0,
			func() answer { return w.take("mzt.jb", c["id"].(string), "submit", nil) },
			400, "entry_incomplete", "", map[string]string{"legal_basis": "CN-15.2", "withheld_reason": "CN-15.2", "items": "CN-13.2", "format": "CN-13.2"})
		w.refusedAs("somebody else's draft", 0, post("rst.jb", "/api/v1/cases", map[string]any{"procedure": "catalog_publication", "subject": version}),
			404, "not_found", "", nil)

		w.refusedAs("a state secret", 1, post("mzt.jb", "/api/v1/resources", map[string]any{"entry": map[string]any{
			"name": "涉密事项", "class_code": "301001", "secrecy_marking": "机密"}}), 400, "secret_refused", "CN-3", nil)

		agree := func() answer { return w.take("sjzga.fzr", result.Pending, "agree", nil) }
		if a := agree(); a.Status != 200 {
			t.Fatalf("agree: %s", a.Raw)
		}
		w.refusedAs("a reply after the grant exists", 0, agree, 409, "step_not_allowed", "CN-20.3", nil)
		w.refusedAs("a supplement notice after it", 0, func() answer {
			return w.take("sjzga.jb", result.Pending, "supplement_notice", map[string]any{"supplement_list": "补"})
		}, 409, "step_not_allowed", "CN-21.2", nil)
		w.refusedAs("an unknown member", 0, post("rst.jb", "/api/v1/cases", map[string]any{"procedure": "application", "subject": codes, "colour": "red"}),
			400, "input_invalid", "", map[string]string{"colour": ""})
		w.refusedAs("an application for items the catalog does not have, a past date, somebody's system", 0,
			post("rst.jb", "/api/v1/cases", map[string]any{"procedure": "application", "subject": codes, "fields": map[string]any{
				"items": []string{"code", "salary"}, "until": "2020-01-01", "systems": []string{result.Pending}, "method": "file_download"}}),
			400, "application_invalid", "", map[string]string{"fields.items": "CN-20.2", "fields.until": "CN-20.2", "fields.systems": "CN-20.2", "fields.method": "CN-22"})
		w.refusedAs("conditions that the catalog does not have", 0, post("rst.jb", "/api/v1/cases", map[string]any{"procedure": "application", "subject": codes,
			"fields": map[string]any{"conditions": "先交费"}}), 400, "fields_invalid", "CN-20.2", map[string]string{"fields.conditions": "CN-20.2"})
	})
}

func TestABodyOf100MiBIsNotRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.refusedAs("an act", 0, func() answer { return w.flood("/api/v1/cases", 100<<20) }, 413, "body_too_large", "", nil)
		path := "/share/v1/" + ident.New() + "/rows"
		w.refusedAs("a call", 1, func() answer { return w.flood(path, 100<<20) }, 413, "body_too_large", "CN-35", nil)
	})
}

// flood declares a body of n bytes and sends until the server answers.
func (w *world) flood(path string, n int64) answer {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: node\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n", path, w.seen["sjj.admin"], n)
	sent := make(chan int64)
	go func() {
		written, _ := io.Copy(conn, io.LimitReader(zeros{}, n))
		sent <- written
	}()
	a := w.read(conn)
	conn.Close()
	if got := <-sent; got > 32<<20 { // what the sockets' buffers hold, not what was read
		w.t.Errorf("%s took %d bytes", path, got)
	}
	return a
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// read reads one answer from a raw connection.
func (w *world) read(conn net.Conn) answer {
	w.t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Header: resp.Header, Raw: raw}
	_ = json.Unmarshal(raw, &a.JSON)
	return a
}

// raw sends a request target as it is: clients would clean it.
func (w *world) raw(target string) answer {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.base, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n", target)
	return w.read(conn)
}
