package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/web"
)

const goodToken = "the-token"

var (
	start = time.Date(2025, 9, 1, 1, 0, 0, 0, time.UTC)
	clerk = org.Principal{
		Person:     org.Person{ID: "p1", Department: "d1", Name: "测试员", Username: "clerk", Roles: []org.Role{org.Clerk}},
		Department: org.Department{ID: "d1", Name: "测试局", Region: "130000"},
	}
)

// The fakes answer what a test tells them; a call that a test does not expect
// meets the nil interface inside and panics, which the test sees as a 500.
type fakeAccess struct {
	web.Access // what no test expects
	signedOut  []string
}

func (f *fakeAccess) SignIn(_ context.Context, user, password, _ string) (string, org.Principal, error) {
	if user != "clerk" || password != "right" {
		return "", org.Principal{}, fault.New(fault.Unauthenticated, "sign_in_failed", "用户名或口令不对")
	}
	return goodToken, clerk, nil
}

func (f *fakeAccess) Authenticate(_ context.Context, token string) (org.Principal, error) {
	if token != goodToken {
		return org.Principal{}, fault.New(fault.Unauthenticated, "session_unknown", "登录已失效")
	}
	return clerk, nil
}

func (f *fakeAccess) SignOut(_ context.Context, token string) error {
	f.signedOut = append(f.signedOut, token)
	return nil
}

type fakeOrg struct {
	web.Org
	registered []org.Department
}

func (f *fakeOrg) RegisterDepartment(_ context.Context, _ org.Principal, d org.Department) (org.Department, error) {
	f.registered = append(f.registered, d)
	d.ID, d.CreatedAt = "d2", start
	return d, nil
}

func (f *fakeOrg) Departments(context.Context, org.DepartmentFilter) ([]org.Department, error) {
	return []org.Department{{ID: "d1"}, {ID: "d2"}}, nil
}

type fakeCatalog struct{ web.Catalog }

func (fakeCatalog) CreateDraft(_ context.Context, _ org.Principal, e catalog.Entry) (catalog.Resource, catalog.Version, error) {
	if e.SecrecyMarking != "" {
		var c fault.Collector
		c.Add("secrecy_marking", "secret", "涉密数据不得编入目录", "CN-3")
		return catalog.Resource{}, catalog.Version{}, c.Err("resource_secret", "涉密数据不得编入目录", "")
	}
	if e.Name == "no office" {
		var c fault.Collector
		c.Add("office.head", "required", "共享工作机构负责人为必填项", "CN-11")
		f, _ := fault.As(c.Err("sharing_office_incomplete", "尚未备案", ""))
		f.Kind = fault.Illegal
		return catalog.Resource{}, catalog.Version{}, f
	}
	return catalog.Resource{ID: "r1"}, catalog.Version{ID: "v1", Entry: e}, nil
}

// Other names, since a field Cases would hide the method Cases.
type (
	anyCases  interface{ web.Cases }
	anyGrants interface{ web.Grants }
)

type fakeCases struct {
	anyCases
	err  error
	took []casework.TakeRequest
}

func (f *fakeCases) View(context.Context, org.Principal, string) (casework.View, error) {
	if f.err != nil && f.err.Error() == "panic" {
		panic("secret value 42")
	}
	return casework.View{}, f.err
}

func (f *fakeCases) Take(_ context.Context, _ org.Principal, _ string, r casework.TakeRequest) (casework.View, error) {
	f.took = append(f.took, r)
	return casework.View{Case: procedure.Case{ID: "c1", Parties: map[string]string{"provider": "d1", "consumer": "d2"}},
		PartyNames: map[string]string{"provider": "甲局", "consumer": "乙局"}}, nil
}

func (f *fakeCases) Todos(context.Context, org.Principal, int) ([]casework.TodoView, error) {
	return nil, nil
}

func (f *fakeCases) Openings(context.Context, org.Principal, map[string]string, ...string) ([]casework.Opening, error) {
	return []casework.Opening{{Procedure: "disposal", Action: casework.ActionView{ID: "declare"}}}, nil
}

type fakeGrants struct{ anyGrants }

func (fakeGrants) ThirdParties(context.Context, org.Principal, string) ([]sharing.ThirdParty, error) {
	return nil, nil
}

func (fakeGrants) Grant(context.Context, org.Principal, string) (sharing.Grant, error) {
	return sharing.Grant{ID: "g1", NotBefore: start.Add(-time.Hour), NotAfter: start.Add(time.Hour)}, nil
}

type fakeLedger struct{}

func (fakeLedger) Witnessed(context.Context) (ledger.Checkpoint, []byte, error) {
	return ledger.Checkpoint{}, nil, fault.Missing("存证检查点", "")
}
func (fakeLedger) Resource(context.Context, ledger.Resource) ([]byte, error) {
	return []byte("tile"), nil
}
func (fakeLedger) Published(context.Context) ([]byte, error) {
	return []byte("origin\n1\nroot\n"), nil
}
func (fakeLedger) PublicKey() string { return "key" }
func (fakeLedger) Consistency(context.Context, uint64, uint64) ([][]byte, error) {
	return [][]byte{{1, 2, 3}}, nil
}
func (fakeLedger) Prove(_ context.Context, id string) (*ledger.Receipt, error) {
	return nil, fault.Missing("存证", id)
}

type node struct {
	http.Handler
	clock  *clock.Fake
	access *fakeAccess
	org    *fakeOrg
	cases  *fakeCases
}

var builtConsole = fstest.MapFS{
	"index.html":         {Data: []byte("<!doctype html><title>console</title>")},
	"assets/app-1234.js": {Data: []byte(strings.Repeat("console.log('x');", 100))},
	"favicon.svg":        {Data: []byte("<svg/>")},
	".gitkeep":           {},
}

func newNode(t *testing.T, files fs.FS) *node {
	t.Helper()
	n := &node{clock: clock.NewFake(start), access: &fakeAccess{}, org: &fakeOrg{}, cases: &fakeCases{}}
	n.Handler = web.New(web.Deps{
		Access: n.access, Org: n.org, Catalog: fakeCatalog{}, Cases: n.cases, Grants: fakeGrants{},
		Ledger: fakeLedger{}, Clock: n.clock, Console: files, Version: "test",
		Ready: func(context.Context) error { return errors.New("database password is hunter2") },
	})
	return n
}

// ask sends a request of the signed-in clerk and reads a JSON answer.
func (n *node) ask(t *testing.T, method, target, body string, headers ...string) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	var in io.Reader
	if body != "" {
		in = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, target, in)
	r.Header.Set("Authorization", "Bearer "+goodToken)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if r.Header.Del(headers[i]); headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return n.send(t, r)
}

func (n *node) send(t *testing.T, r *http.Request) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	n.ServeHTTP(w, r)
	var doc map[string]any
	if strings.Contains(w.Header().Get("Content-Type"), "json") {
		if err := json.Unmarshal(w.Body.Bytes(), &doc); err != nil {
			t.Fatalf("%s %s: %v in %s", r.Method, r.URL, err, w.Body)
		}
	}
	return w, doc
}

// refused checks that the answer is a problem of this status and code.
func refused(t *testing.T, w *httptest.ResponseRecorder, doc map[string]any, status int, code string) {
	t.Helper()
	if w.Code != status || doc["code"] != code || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem+json") {
		t.Errorf("answered %d %v %q, want %d %s", w.Code, doc, w.Header().Get("Content-Type"), status, code)
	}
}

// fields turns the errors of a problem into "path code" lines.
func fields(doc map[string]any) map[string]string {
	out := map[string]string{}
	list, _ := doc["errors"].([]any)
	for _, e := range list {
		f := e.(map[string]any)
		out[f["field"].(string)] = f["code"].(string)
	}
	return out
}
