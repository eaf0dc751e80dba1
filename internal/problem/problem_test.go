package problem_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
)

func write(t *testing.T, err error, extra map[string]any) (*httptest.ResponseRecorder, map[string]any) {
	t.Helper()
	w := httptest.NewRecorder()
	problem.Write(w, httptest.NewRequest(http.MethodGet, "/x", nil), err, extra)
	var doc map[string]any
	if e := json.Unmarshal(w.Body.Bytes(), &doc); e != nil {
		t.Fatalf("not JSON: %v in %s", e, w.Body)
	}
	if got := w.Header().Get("Content-Type"); got != problem.ContentType {
		t.Errorf("content type %q", got)
	}
	if int(doc["status"].(float64)) != w.Code {
		t.Errorf("status member %v, answered %d", doc["status"], w.Code)
	}
	return w, doc
}

func TestEveryKindHasItsStatus(t *testing.T) {
	t.Parallel()
	want := map[fault.Kind]int{
		fault.Invalid: 400, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404,
		fault.Conflict: 409, fault.Illegal: 409, fault.TooLarge: 413, fault.RateLimited: 429,
		fault.Unavailable: 503, fault.Upstream: 502,
	}
	for k := fault.Invalid; k <= fault.Upstream; k++ {
		if _, ok := want[k]; !ok {
			t.Fatalf("kind %d is not in this test", k)
		}
		w, doc := write(t, fmt.Errorf("wrapped: %w", fault.New(k, "some_code", "说明").Under("CN-21.2")), nil)
		if w.Code != want[k] || problem.Status(k) != want[k] {
			t.Errorf("kind %d: status %d, want %d", k, w.Code, want[k])
		}
		if doc["code"] != "some_code" || doc["detail"] != "说明" || doc["basis"] != "CN-21.2" || doc["title"] == "" {
			t.Errorf("kind %d: %v", k, doc)
		}
	}
	if problem.Status(0) != 500 {
		t.Error("an unknown kind must be 500")
	}
}

func TestUnknownErrorsAreOpaque(t *testing.T) {
	t.Parallel()
	w, doc := write(t, errors.New("pq: password of user 李雷 refused"), nil)
	if w.Code != 500 || doc["code"] != problem.CodeInternal || doc["incident"] == nil {
		t.Errorf("%d %v", w.Code, doc)
	}
	if strings.Contains(w.Body.String(), "password") || strings.Contains(w.Body.String(), "李雷") {
		t.Error("the cause leaked")
	}
}

func TestCauseOfAFaultStaysInside(t *testing.T) {
	t.Parallel()
	w, _ := write(t, fault.New(fault.Unavailable, "x", "稍后").Because(errors.New("disk full")), nil)
	if strings.Contains(w.Body.String(), "disk") {
		t.Error("the cause leaked")
	}
	if w.Header().Get("Retry-After") == "" {
		t.Error("503 without Retry-After")
	}
}

func TestFieldsFactsAndExtra(t *testing.T) {
	t.Parallel()
	var c fault.Collector
	c.Add("a", "required", "必填", "CN-1")
	c.Add("b", "too_long", "过长", "CN-1")
	f, _ := fault.As(c.Err("invalid", "有误", ""))
	_, doc := write(t, f.With("stage", "draft"), map[string]any{"receipt": "r1", "status": 1, "code": "other"})
	if len(doc["errors"].([]any)) != 2 || doc["facts"].(map[string]any)["stage"] != "draft" || doc["receipt"] != "r1" {
		t.Errorf("%v", doc)
	}
	if doc["code"] != "invalid" || doc["basis"] != "CN-1" {
		t.Errorf("extra replaced a member: %v", doc)
	}
}

func TestFactsThatJSONCannotHold(t *testing.T) {
	t.Parallel()
	_, doc := write(t, fault.New(fault.Conflict, "x", "冲突").With("f", func() {}), nil)
	if doc["code"] != "x" {
		t.Errorf("%v", doc)
	}
}
