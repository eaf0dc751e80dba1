package e2e

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/demo"
)

func uscc(t *testing.T, body string) string {
	t.Helper()
	s, err := checkdigit.CompleteUSCC(body)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// consumer gives a system of the department with registered keys, and the
// grant it holds.
func (w *world) consumer(short string) (*demo.System, demo.Call) {
	w.t.Helper()
	list := w.ok(short+".dj", http.MethodGet, "/api/v1/systems", nil)["items"].([]any)
	id := list[0].(map[string]any)["id"].(string)
	sys, err := demo.NewSystem(w.base, id, w.clock.Now())
	if err != nil {
		w.t.Fatal(err)
	}
	jwk, err := sys.PublicJWK()
	if err != nil {
		w.t.Fatal(err)
	}
	w.ok(short+".dj", http.MethodPost, "/api/v1/systems/"+id+"/credentials", map[string]any{"kind": "jwk", "jwk": jwk})
	w.ok(short+".dj", http.MethodPost, "/api/v1/systems/"+id+"/credentials", map[string]any{"kind": "cert", "pem": sys.CertificatePEM()})
	w.clock.Advance(time.Second) // the gateway looks for new keys at most every half second
	grants := w.ok(short+".jb", http.MethodGet, "/api/v1/grants", nil)["items"].([]any)
	g := grants[0].(map[string]any)
	return sys, demo.Call{Grant: g["id"].(string), Purpose: g["purpose"].(string), Path: "rows", Body: map[string]any{"items": []string{"code"}, "limit": 1}}
}

// call turns a call of a demo system into an answer.
func call(sys *demo.System, c demo.Call) func() answer {
	return func() answer {
		var raw []byte
		_, err := sys.Do(context.Background(), c, &raw)
		return toAnswer(err)
	}
}

func toAnswer(err error) answer {
	var refusal interface{ Document() map[string]any }
	if err == nil {
		return answer{Status: 200}
	}
	if !errors.As(err, &refusal) {
		return answer{Status: -1, Raw: []byte(err.Error())}
	}
	doc := refusal.Document()
	status, _ := doc["status"].(float64)
	return answer{Status: int(status), JSON: doc, Raw: []byte(err.Error())}
}

func TestBadInputOfMachines(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sys, good := w.consumer("rst")
		forged, err := demo.NewSystem(w.base, sys.ID, w.clock.Now()) // right name, wrong key
		if err != nil {
			t.Fatal(err)
		}
		token := func(s *demo.System, assertion string) func() answer {
			return func() answer { return toAnswer(s.Token(context.Background(), assertion)) }
		}
		assertion, err := sys.Assertion(w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if a := token(sys, assertion)(); a.Status != 200 {
			t.Fatalf("token: %s", a.Raw)
		}
		w.refusedAs("a replayed assertion", 1, token(forged, assertion), 401, "assertion_replayed", "CN-35", nil)
		fake, err := forged.Assertion(w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		w.refusedAs("a forged assertion", 1, token(forged, fake), 401, "assertion_signature", "CN-35", nil)
		w.refusedAs("a call without a token", 1, call(forged, good), 401, "credential_missing", "CN-35", nil)

		if a := call(sys, good)(); a.Status != 200 {
			t.Fatalf("a good call: %d %s", a.Status, a.Raw)
		}
		outside := good
		outside.Body = map[string]any{"items": []string{"code", "salary"}}
		w.refusedAs("an item outside the grant", 1, call(sys, outside), 403, "scope_exceeded", "CN-25.1", map[string]string{"items[1]": "CN-25.1"})
		unknown := good
		unknown.Body = map[string]any{"items": []string{"code"}, "where_sql": "1=1"}
		w.refusedAs("an unknown parameter", 1, call(sys, unknown), 400, "request_invalid", "CN-35", map[string]string{"where_sql": "CN-35"})
		purpose := good
		purpose.Purpose = "营销"
		w.refusedAs("another purpose", 1, call(sys, purpose), 403, "purpose_not_granted", "CN-25.1", nil)

		for _, target := range []string{
			"/share/v1/" + good.Grant + "/../" + good.Grant + "/rows", "/share/v1/" + good.Grant + "%2frows", "/share/v1/%2e%2e/rows",
			"/share/v1//" + good.Grant + "/rows", "/share/v1/" + good.Grant + "/rows%00", "/x/../share/v1/" + good.Grant + "/rows", "/share%2fv1/x/rows",
			"/share\\v1\\" + good.Grant + "\\rows",
		} {
			w.refusedAs(target, 1, func() answer { return w.raw(target) }, 400, "path_refused", "CN-35", nil)
		}

		// After its last day the grant is over, at midnight and not before.
		end := time.Date(2026, 9, 2, 16, 0, 0, 0, time.UTC)
		w.clock.Set(end.Add(-2 * time.Second))
		w.token(sys)
		if a := call(sys, good)(); a.Status != 200 {
			t.Errorf("in its last second: %d %s", a.Status, a.Raw)
		}
		w.clock.Set(end)
		w.forget()
		w.refusedAs("an expired grant", 1, call(sys, good), 403, "grant_expired", "CN-25.1", nil)
	})
}

// What the rules for a URL keep out of access logs: an identifier of a person
// goes into a body.
func TestIdentifiersStayOutOfURLs(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		sys, good := w.consumer("sjzyb")
		w.token(sys)
		a := sys.Get(context.Background(), "/share/v1/"+good.Grant+"/rows?items=name&where.id_number=130102", good.Purpose)
		if got := toAnswer(a); got.Status != 400 || strings.Contains(string(got.Raw), "130102") {
			t.Errorf("%d %s", got.Status, got.Raw)
		}
	})
}

// token gets the system a token.
func (w *world) token(sys *demo.System) {
	w.t.Helper()
	w.clock.Advance(time.Second)
	assertion, err := sys.Assertion(w.clock.Now())
	if err == nil {
		err = sys.Token(context.Background(), assertion)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
