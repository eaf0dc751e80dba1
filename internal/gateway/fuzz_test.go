package gateway

import (
	"github.com/go-json-experiment/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

var honest = regexp.MustCompile(`^(/share/token|/share/v1/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/(rows|verify))$`)

func FuzzPath(f *testing.F) {
	id := ident.New()
	for _, p := range []string{
		"/share/token", "/share/v1/" + id + "/rows?items=a", "/share/v1/" + id + "/verify", "/share/v1/../x",
		"/share/v1/%2e%2e/rows", `/share\token`, "//share", "/share/v1/" + id + "%2Frows", "", "?", "*",
	} {
		f.Add("GET", p)
		f.Add("POST", p)
	}
	f.Fuzz(func(t *testing.T, method, raw string) {
		got, err := checkPath(method, raw)
		p, _, _ := strings.Cut(raw, "?")
		if err == nil {
			if !honest.MatchString(p) || got.endpoint == "" || !Owns(raw) {
				t.Fatalf("%s %q taken as %+v", method, raw, got)
			}
			return
		}
		if _, ok := fault.As(err); !ok {
			t.Fatalf("%q: not a fault: %v", raw, err)
		}
		if got.grant != "" && !ident.Valid(got.grant) {
			t.Fatalf("%q: grant %q", raw, got.grant)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, q := range []string{
		"items=a,b&where.a=1&where.b.prefix=2&limit=3&after=x", "items=a&items=b", "where.=1", "where.a.like=1",
		"a;b=1", "%zz=1", "items=%00", "limit=-1", "&&", "=", "items", "where.a=%e2%80%a8",
	} {
		f.Add(q)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := parseQuery(raw)
		if err != nil {
			ft, ok := fault.As(err)
			if !ok || len(ft.Fields) == 0 || ft.Code != "request_invalid" {
				t.Fatalf("%q: %v", raw, err)
			}
			for _, x := range ft.Fields {
				if !utf8.ValidString(x.Path) || utf8.RuneCountInString(x.Path) > 65 {
					t.Fatalf("%q: path %q", raw, x.Path)
				}
			}
			return
		}
		// What was taken accounts for every parameter.
		n := len(a.where)
		for _, set := range []bool{a.items != nil, a.limit != 0, strings.Contains(raw, "after=") || a.after != "" || strings.Contains(raw, "%")} {
			if set {
				n++
			}
		}
		if pairs := strings.Count(raw, "&") + 1; raw != "" && !strings.Contains(raw, "%") && !strings.Contains(raw, "after") && n != pairs {
			t.Fatalf("%q: %d parameters, %d taken: %+v", raw, pairs, n, a)
		}
		for _, c := range a.where {
			if len(c.Values) != 1 || !clean(c.Values[0]) || c.Item == "" {
				t.Fatalf("%q: %+v", raw, c)
			}
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, b := range []string{
		`{"items":["a"],"where":[{"item":"a","op":"in","values":["1","2"]}],"limit":5,"after":"x"}`,
		`{"values":{"a":"1","b":2,"c":true}}`, `{"items":["a"],"items":[]}`, `{`, `[]`, `{"a":{"a":{"a":1}}}`, `{"values":{"a":1e400}}`,
	} {
		f.Add([]byte(b))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, parse := range []func([]byte) (ask, error){parseRowsBody, parseVerifyBody} {
			a, err := parse(body)
			if err != nil {
				if _, ok := fault.As(err); !ok {
					t.Fatalf("%q: %v", body, err)
				}
				continue
			}
			if !utf8.Valid(body) || len(a.where) > maxConditions || a.limit < 0 || a.limit > maxRows ||
				slices.ContainsFunc(a.items, func(s string) bool { return !utf8.ValidString(s) }) {
				t.Fatalf("%q taken as %+v", body, a)
			}
		}
		sameRows(t, body)
	})
}

// sameRows holds what readRows makes of an answer against the slow and obvious
// way.
func sameRows(t *testing.T, body []byte) {
	codes := []string{"name", "score", "ok"}
	var want struct {
		Rows []map[string]any `json:"rows"`
	}
	slow := json.Unmarshal(body, &want)
	for _, row := range want.Rows {
		for _, v := range row {
			switch v.(type) {
			case map[string]any, []any:
				slow = errAnswer
			}
		}
	}
	got, err := readRows(body, codes)
	if slow == nil && want.Rows != nil && err != nil {
		t.Fatalf("%q: %v", body, err)
	}
	if err != nil || slow != nil {
		return // what the obvious way refuses besides: items twice that nobody asked for, numbers out of range
	}
	if got.len() != len(want.Rows) {
		t.Fatalf("%q: %d rows, want %d", body, got.len(), len(want.Rows))
	}
	for i, row := range want.Rows {
		for column, code := range codes {
			if v := got.value(i, column); v != row[code] {
				t.Fatalf("%q: row %d, %s: %v, want %v", body, i, code, v, row[code])
			}
			b, err := got.appendJSON(nil, i, column)
			var again any
			if err != nil || json.Unmarshal(b, &again) != nil || again != row[code] {
				t.Fatalf("%q: row %d, %s is written as %s", body, i, code, b)
			}
		}
	}
}

func FuzzMark(f *testing.F) {
	s, err := newCursorSeal(make([]byte, 32))
	if err != nil {
		f.Fatal(err)
	}
	mark := s.seal("g", []string{"k"})
	if keys, err := s.open("g", mark); err != nil || len(keys) != 1 || keys[0] != "k" {
		f.Fatal(keys, err)
	}
	if _, err := s.open("h", mark); err == nil {
		f.Fatal("a mark of another grant was taken")
	}
	f.Add(mark[1:])
	f.Add("")
	f.Fuzz(func(t *testing.T, m string) {
		if _, err := s.open("g", m); err == nil && m != mark {
			t.Fatalf("%q was taken", m)
		}
	})
}

func FuzzAssertion(f *testing.F) {
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJhIiwic3ViIjoiYSJ9.AA")
	f.Fuzz(func(t *testing.T, raw string) {
		token, claims, err := parseAssertion(raw)
		if err != nil {
			if x, ok := fault.As(err); !ok || x.Kind != fault.Unauthenticated {
				t.Fatalf("%q: %v", raw, err)
			}
			return
		}
		if claims.Issuer == "" || claims.Issuer != claims.Subject {
			t.Fatalf("%q: %+v", raw, claims)
		}
		if _, _, err := verifyAssertion(token, nil); err == nil {
			t.Fatalf("%q verified without a key", raw)
		}
	})
}
