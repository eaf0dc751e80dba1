package web_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func TestEveryFaultyFieldIsToldAtOnce(t *testing.T) {
	t.Parallel()
	n := newNode(t, nil)
	w, doc := n.ask(t, "POST", "/api/v1/departments", `{"name":["长长"],"region":7,"kind":"club","colour":"red","USCC":"x"}`)
	refused(t, w, doc, 400, "input_invalid")
	want := map[string]string{
		"name": "type", "region": "type", "kind": "not_in_list", "colour": "unknown_member",
		"uscc": "required", "USCC": "unknown_member",
	}
	if got := fields(doc); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if strings.Contains(w.Body.String(), "长长") {
		t.Error("the answer repeats the input")
	}
	for _, e := range doc["errors"].([]any) {
		if m := e.(map[string]any)["message"].(string); !regexp.MustCompile(`\p{Han}`).MatchString(m) {
			t.Errorf("message %q is not Chinese", m)
		}
	}
	if len(n.org.registered) != 0 {
		t.Error("faulty input reached the use case")
	}
}

func TestPathsInsideListsAndMembers(t *testing.T) {
	t.Parallel()
	_, doc := newNode(t, nil).ask(t, "POST", "/api/v1/resources",
		`{"entry":{"name":"x","methods":["post"],"items":[{"code":"a"},{"name":"b","level":"top","length":-1}]}}`)
	want := map[string]string{
		"entry.methods[0]": "not_in_list", "entry.items[1].code": "required",
		"entry.items[1].level": "not_in_list", "entry.items[1].length": "too_small",
	}
	if got := fields(doc); !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A use case knows the entry, the caller wrote it inside "entry".
func TestPathsOfAUseCaseAreThoseOfTheCaller(t *testing.T) {
	t.Parallel()
	w, doc := newNode(t, nil).ask(t, "POST", "/api/v1/resources", `{"entry":{"name":"x","secrecy_marking":"秘密"}}`)
	refused(t, w, doc, 400, "resource_secret")
	if doc["basis"] != "CN-3" || fields(doc)["entry.secrecy_marking"] != "secret" {
		t.Errorf("%v", doc)
	}
}

func TestPathsOutsideTheInputStayAsTheyAre(t *testing.T) {
	t.Parallel()
	w, doc := newNode(t, nil).ask(t, "POST", "/api/v1/resources", `{"entry":{"name":"no office"}}`)
	refused(t, w, doc, 409, "sharing_office_incomplete")
	if doc["basis"] != "CN-11" || fields(doc)["office.head"] != "required" {
		t.Errorf("%v", doc)
	}
}

// Whatever bytes come as a body, the answer is the act's or a refusal of the
// input; an act is taken exactly when the answer says so.
func FuzzBodies(f *testing.F) {
	for _, seed := range []string{`{}`, `{"fields":{"a":[1,{"b":null}]},"expect":3}`, `{"expect":1e99}`, `{"expect":1.5}`,
		`{"fields":null}`, `{"fields":{"a":1,"a":2}}`, `[`, "\xff", `{"Expect":1}`, `{"expect":"1"}`, `null`, `"x"`, ``} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		n := newNode(t, nil)
		w, doc := n.ask(t, "POST", "/api/v1/cases/c1/actions/agree", body, "Content-Type", "application/json")
		switch {
		case w.Code == 200 && len(n.cases.took) == 1:
		case w.Code == 400 && len(n.cases.took) == 0 && len(fields(doc)) > 0:
		default:
			t.Errorf("%q: %d %s, %d acts", body, w.Code, w.Body, len(n.cases.took))
		}
	})
}

func TestBodiesThatAreNotWhatTheyShouldBe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body, contentType string
		code, field, why  string
	}{
		"none":           {"", "application/json", "input_invalid", "body", "required"},
		"cut off":        {`{"name":`, "application/json", "input_invalid", "body", "malformed"},
		"not JSON":       {`name=x`, "application/json", "input_invalid", "body", "malformed"},
		"two values":     {`{} {}`, "application/json", "input_invalid", "body", "malformed"},
		"member twice":   {`{"procedure":"a","subject":"s","procedure":"b"}`, "application/json", "input_invalid", "body", "duplicate"},
		"twice, deeper":  {`{"procedure":"a","subject":"s","fields":{"x":[{"y":1,"y":2}]}}`, "application/json", "input_invalid", "body", "duplicate"},
		"a list":         {`[]`, "application/json", "input_invalid", "body", "type"},
		"a form":         {`a=b`, "application/x-www-form-urlencoded", "media_type", "", ""},
		"no known type":  {`{}`, "application/xml", "media_type", "", ""},
		"text, as forms": {`{}`, "text/plain", "media_type", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, doc := newNode(t, nil).ask(t, "POST", "/api/v1/cases", c.body, "Content-Type", c.contentType)
			refused(t, w, doc, 400, c.code)
			if c.field != "" && fields(doc)[c.field] != c.why {
				t.Errorf("%v", doc)
			}
		})
	}
}

func TestQueryAndPathParametersAreChecked(t *testing.T) {
	t.Parallel()
	for target, want := range map[string]map[string]string{
		"/api/v1/departments?limit=0":              {"limit": "too_small"},
		"/api/v1/departments?limit=many":           {"limit": "type"},
		"/api/v1/departments?colour=red":           {"colour": "unknown_parameter"},
		"/api/v1/resources?attribute=free":         {"attribute": "not_in_list"},
		"/api/v1/resources?mine=perhaps":           {"mine": "type"},
		"/api/v1/regions/13":                       {"code": "pattern"},
		"/api/v1/authorities/common-superior":      {"a": "required", "b": "required"},
		"/ledger/v1/consistency?from=-1&to=2":      {"from": "type"},
		"/api/v1/resources?q=" + long(101):         {"q": "too_long"},
		"/api/v1/regions/130000%2F..%2F1/children": {"code": "pattern"},
	} {
		w, doc := newNode(t, nil).ask(t, "GET", target, "")
		refused(t, w, doc, 400, "input_invalid")
		if got := fields(doc); !maps.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", target, got, want)
		}
	}
}

func long(n int) string { return strings.Repeat("x", n) }

// endless counts how much of it is read.
type endless struct{ left, read int64 }

func (e *endless) Read(b []byte) (int, error) {
	n := min(int64(len(b)), e.left)
	if n == 0 {
		return 0, http.ErrBodyReadAfterClose
	}
	for i := range b[:n] {
		b[i] = ' '
	}
	e.left, e.read = e.left-n, e.read+n
	return int(n), nil
}

func TestAHundredMebibytesAreRefusedUnread(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]int64{"announced": 100 << 20, "not announced": -1} {
		n := newNode(t, nil)
		body := &endless{left: 100 << 20}
		r := httptest.NewRequest("POST", "/api/v1/cases", body)
		r.ContentLength = length
		r.Header.Set("Authorization", "Bearer "+goodToken)
		r.Header.Set("Content-Type", "application/json")
		w, doc := n.send(t, r)
		refused(t, w, doc, http.StatusRequestEntityTooLarge, "body_too_large")
		if body.read > 3<<20 {
			t.Errorf("%s: %d bytes were read", name, body.read)
		}
	}
}

func TestABodyOfExactlyTheLimitIsRead(t *testing.T) {
	t.Parallel()
	body := `{"fields":{"x":"` + long(2<<20-19) + `"}}`
	if len(body) != 2<<20 {
		t.Fatal(len(body))
	}
	n := newNode(t, nil)
	w, _ := n.ask(t, "POST", "/api/v1/cases/c1/actions/agree", body)
	if w.Code != 200 || len(n.cases.took) != 1 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
