package gateway_test

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

func TestACallShowsWhatTheGrantCovers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	r := w.request(&cert, "POST", w.rowsPath(""),
		`{"items":["id_number","name","phone","score"],"where":[{"item":"id_number","values":["130102199001010015"]}]}`)
	r.Header.Set(gateway.HeaderCase, "2026-001")
	rec := w.do(r)
	want := `{"rows":[{"id_number":"130***********0015","name":"李*","phone":"13800000001","score":1.5}],"count":1}` + "\n"
	if rec.Code != 200 || rec.Body.String() != want {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	e, f := w.last()
	if len(w.entries) != 1 || e.Kind != ledger.Call || rec.Header().Get(gateway.HeaderReceipt) != e.ID || rec.Header().Get(gateway.HeaderEntryIndex) != "0" {
		t.Errorf("%+v %v", e, rec.Header())
	}
	digest := w.gw.IdentifierDigest(catalog.ResidentID, "130102199001010015")
	if f.Rows != 1 || f.Status != 200 || f.Purpose != "低保审核" || f.Operator == "" || f.CaseNumber == "" || f.Consumer != "consumer-dept" ||
		f.Provider != "provider-dept" || f.System != w.sys.ID || f.Auth != "mtls" || f.Grant != w.grant.ID || f.Resource != w.grant.Resource ||
		!reflect.DeepEqual(f.Items, []string{"id_number", "name", "phone", "score"}) ||
		!reflect.DeepEqual(f.Conditions, []string{"id_number"}) || !reflect.DeepEqual(f.Identifiers, []string{digest}) {
		t.Errorf("%+v", f)
	}
	if q := w.queries[0]; len(q.Where) != 2 || q.Where[0].Item != "region" {
		t.Errorf("the grant's rows were not added: %+v", q.Where)
	}
}

func TestRowsOutsideAreNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	if a := w.ok(w.request(&cert, "POST", w.rowsPath(""), `{"items":["name"],"where":[{"item":"id_number","values":["130202199001010012"]}]}`)); a.Count != 0 {
		t.Errorf("%+v", a)
	}
	if a := w.ok(w.request(&cert, "GET", w.rowsPath("items=name,region"), "")); a.Count != 3 {
		t.Errorf("%+v", a)
	}
	if a := w.ok(w.request(&cert, "GET", w.rowsPath("items=name&where.region.prefix=1302"), "")); a.Count != 0 {
		t.Errorf("a condition of the call widened the grant: %+v", a)
	}
}

func TestVerifyAnswersOnlyMatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.edit(func() { w.grant.Mode = sharing.Verify })
	for _, c := range []struct {
		values string
		want   bool
	}{
		{`{"id_number":"130102199001010015","name":"李雷"}`, true},
		{`{"id_number":"130102199001010015","name":"韩梅梅"}`, false},
		{`{"id_number":"130202199001010012","name":"王芳"}`, false}, // outside the rows of the grant
		{`{"name":"李雷","score":1.5}`, true},
	} {
		rec := w.do(w.request(&cert, "POST", "/share/v1/"+w.grant.ID+"/verify", `{"values":`+c.values+`}`))
		if want := fmt.Sprintf("{\"match\":%v}\n", c.want); rec.Code != 200 || rec.Body.String() != want {
			t.Errorf("%s: %d %s", c.values, rec.Code, rec.Body)
		}
	}
	for body, field := range map[string]string{
		`{}`: "values", `{"values":{}}`: "values", `{"values":[]}`: "values", `{"values":{"name":null}}`: "values.name",
		`{"values":{"name":{"a":1}}}`: "values.name", `{"values":{"name":"x"},"items":["name"]}`: "items",
	} {
		rec := w.do(w.request(&cert, "POST", "/share/v1/"+w.grant.ID+"/verify", body))
		if rec.Code != 400 || !strings.Contains(rec.Body.String(), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, rec.Code, rec.Body)
		}
	}
	w.refused(w.request(&cert, "POST", "/share/v1/"+w.grant.ID+"/verify", `{"values":{"secret":"x"}}`), 403, "scope_exceeded", "CN-25.1")
}

func TestPaging(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	var names []any
	mark, pages := "", 0
	for pages = 0; pages < 5; pages++ {
		query := "items=name&limit=2"
		if mark != "" {
			query += "&after=" + mark
		}
		a := w.ok(w.request(&cert, "GET", w.rowsPath(query), ""))
		for _, r := range a.Rows {
			names = append(names, r["name"])
		}
		if mark = a.Next; mark == "" {
			break
		}
		if strings.Contains(mark, "130102") {
			t.Error("the mark shows a key")
		}
	}
	if want := []any{"韩**", "李*", "欧阳**"}; len(names) != 3 || pages != 1 {
		t.Errorf("%v, want some order of %v, after %d pages", names, want, pages)
	}
	// A mark is good for its grant only.
	first := w.ok(w.request(&cert, "GET", w.rowsPath("items=name&limit=1"), ""))
	old := w.grant
	w.edit(func() { w.grant = w.addGrant(old.Resource) })
	w.refused(w.request(&cert, "GET", w.rowsPath("items=name&after="+first.Next), ""), 400, "request_invalid", "")
}

func TestASuspensionTakesEffectWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	call := func() *http.Request { return w.request(&cert, "GET", w.rowsPath("items=region"), "") }
	w.ok(call())
	w.edit(func() { w.grant.SuspendedAuthority = true })
	w.clk.Advance(499 * time.Millisecond)
	w.ok(call()) // not asked yet
	w.clk.Advance(time.Millisecond)
	w.refused(call(), 403, "grant_suspended", "CN-27.2")
	w.edit(func() { w.grant.SuspendedAuthority = false })
	w.wait()
	w.ok(call())
	w.edit(func() { w.sys.Credentials[0].RevokedAt = ptr(w.clk.Now()) })
	w.wait()
	w.refused(call(), 401, "credential_revoked", "CN-35")
}

func ptr[T any](v T) *T { return &v }

func TestTheGrantEndsOnTimeWithoutAnyChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.clk.Set(w.grant.NotAfter.Add(-time.Microsecond))
	w.edit(func() {
		w.sys.MLPS.ValidUntil = noon.AddDate(9, 0, 0)
		w.sys.Credentials[0].NotAfter = noon.AddDate(9, 0, 0)
	})
	w.ok(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
	w.clk.Advance(time.Microsecond)
	w.refused(w.request(&cert, "GET", w.rowsPath("items=region"), ""), 403, "grant_expired", "CN-25.1")
}

func TestWhatIsKnownIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	for range 20 {
		w.ok(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
		w.clk.Advance(100 * time.Millisecond)
	}
	if w.grantLoads != 1 {
		t.Errorf("%d loads of one grant", w.grantLoads)
	}
}

func TestWithoutTheStoreNothingIsLetThrough(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	call := func() *http.Request { return w.request(&cert, "GET", w.rowsPath("items=region"), "") }
	w.ok(call())
	w.versionErr = errDown
	w.ok(call()) // still fresh
	w.clk.Advance(time.Second)
	w.refused(call(), 503, "authorisation_unavailable", "CN-35")
	w.versionErr = nil
	w.ok(call())
}

func TestRate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.edit(func() { w.grant.RatePerSecond = 3 })
	call := func() *http.Request { return w.request(&cert, "GET", w.rowsPath("items=region"), "") }
	for range 3 {
		w.ok(call())
	}
	w.refused(call(), 429, "rate_exceeded", "CN-35")
	w.edit(func() {}) // another change must not refill the bucket
	w.clk.Advance(100 * time.Millisecond)
	w.refused(call(), 429, "rate_exceeded", "CN-35")
	w.clk.Advance(time.Second)
	w.ok(call())
}

func TestDailyCallsAreNeverOvershot(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{7, 730} {
		w := newWorld(t, func(c *gateway.Config) { c.RatePerSecond = 1 << 20 })
		cert := w.enrol(w.sys)
		w.edit(func() { w.grant.DailyCalls = limit })
		second, err := gateway.New(w.cfg) // another replica on the same store
		if err != nil {
			t.Fatal(err)
		}
		good := 0
		var mu sync.Mutex
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				gw := w.gw
				if i%2 == 0 {
					gw = second
				}
				for range 150 {
					rec := newRecorder()
					gw.ServeHTTP(rec, w.request(&cert, "GET", w.rowsPath("items=region"), ""))
					if rec.Code == 200 {
						mu.Lock()
						good++
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		second.Close()
		if good > limit || good < limit-limit/100-1 {
			t.Errorf("%d calls of %d", good, limit)
		}
		w.clk.Set(noon.Add(12*time.Hour - time.Second)) // 23:59:59 in UTC+8
		w.edit(func() { w.grant.DailyCalls = 7 })
		if rec := w.do(w.request(&cert, "GET", w.rowsPath("items=region"), "")); rec.Code != 429 {
			t.Errorf("still today: %d", rec.Code)
		}
		w.clk.Advance(time.Second)
		w.ok(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
	}
}

func TestDeliveryIsToldOnceAndAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.observeErr = errDown
	call := func() {
		w.ok(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
		w.gw.Close() // waits for what was started
	}
	call()
	w.observeErr = nil
	call()
	call()
	if want := w.grant.ID + " " + w.grant.Case; len(w.observed) != 2 || w.observed[0] != want || w.observed[1] != want {
		t.Errorf("%v", w.observed)
	}
	delivered := newWorld(t)
	cert = delivered.enrol(delivered.sys)
	delivered.edit(func() { delivered.grant.DeliveredAt = ptr(noon) })
	delivered.ok(delivered.request(&cert, "GET", delivered.rowsPath("items=region"), ""))
	delivered.gw.Close()
	if len(delivered.observed) != 0 {
		t.Error("told of a delivery that is known")
	}
}

func TestHostedFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	w.hostedErr = errDown
	rec := w.do(w.request(&cert, "GET", w.rowsPath("items=region"), ""))
	if e, f := w.last(); rec.Code != 503 || f.Code != "data_unavailable" || e.Kind != ledger.Call || len(w.entries) != 1 {
		t.Errorf("%d %+v", rec.Code, f)
	}
	w.gw.Close()
	if len(w.observed) != 0 {
		t.Error("a failed call counted as delivery")
	}
}

func TestOwns(t *testing.T) {
	t.Parallel()
	id := ident.New()
	for _, p := range []string{
		"/share", "/share/token", "/share/v1/" + id + "/rows?x", "/share/../api", "//share/token", "/api/../share/token",
		"/%73hare/token", "/share%2Ftoken", "/%2573hare/token", `/share\token`, "/SHARE/token", "/x/%2e%2e/share/v1",
		"http://node/share/token", "/./share/token",
	} {
		if !gateway.Owns(p) {
			t.Errorf("%s is not owned", p)
		}
	}
	for _, p := range []string{"/", "/api/v1/x", "/shared", "/sharex/token", "/api?next=/share/token", "*", "", "/assets/share.js"} {
		if gateway.Owns(p) {
			t.Errorf("%s is owned", p)
		}
	}
}

func TestAValueThatTheTableCannotCompare(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cert := w.enrol(w.sys)
	call := func() *http.Request { return w.request(&cert, "GET", w.rowsPath("items=name&where.score=abc"), "") }
	invalid := func(path string) error {
		var c fault.Collector
		c.Add(path, "format", "应为数字", "")
		return c.Err("condition_invalid", "条件有误", "")
	}
	w.hostedErr = invalid("where[1].values[0]") // the grant's own is where[0]
	rec := w.do(call())
	if e, f := w.last(); rec.Code != 400 || e.Kind != ledger.RefusedCall || f.Code != "request_invalid" ||
		!strings.Contains(rec.Body.String(), `"field":"where.score"`) {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
	w.hostedErr = invalid("where[0].values[0]") // not the caller's fault, and not its business
	rec = w.do(call())
	if _, f := w.last(); rec.Code != 503 || f.Code != "data_unavailable" {
		t.Errorf("%d %s", rec.Code, rec.Body)
	}
}
