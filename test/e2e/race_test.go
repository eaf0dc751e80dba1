package e2e

import (
	"net/http"
	"sync"
	"testing"
	"time"
)

// Two people act at once: exactly one wins, the other is told who did what,
// and there is one grant.
func TestTwoAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		result := w.result
		version := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/cases/"+result.Pending, nil)["version"]
		w.as("sjzga.jb", http.MethodGet, "/api/v1/me", nil)
		const tries = 8
		answers := make([]answer, tries)
		var wg sync.WaitGroup
		for i := range tries {
			wg.Go(func() {
				action, fields := "agree", map[string]any{}
				if i%2 == 1 {
					action, fields = "refuse", map[string]any{"reasons": "法律规定不得提供"}
				}
				answers[i] = w.as("sjzga.fzr", http.MethodPost, "/api/v1/cases/"+result.Pending+"/actions/"+action,
					map[string]any{"fields": fields, "expect": version})
			})
		}
		wg.Wait()
		won := 0
		for i, a := range answers {
			switch {
			case a.Status == 200:
				won++
			case a.Status != 409:
				t.Errorf("try %d: %d %s", i, a.Status, a.Raw)
			default:
				facts, _ := a.JSON["facts"].(map[string]any)
				if facts["last_department"] != "石家庄市公安局" || facts["last_action"] == nil {
					t.Errorf("try %d is not told who did what: %v", i, facts)
				}
			}
		}
		if won != 1 {
			t.Fatalf("%d won", won)
		}
		if acts, err := w.node.Store.Cases().Acts(t.Context(), result.Pending); err != nil || len(acts) != 4 {
			t.Errorf("%d acts, %v", len(acts), err)
		}
	})
}

// A reply clock runs out at 24:00 of its last working day, not earlier, and
// the to-do list says so.
func TestOverdue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		result := w.result
		todo := func() map[string]any {
			w.forget()
			items, _ := w.ok("sjzga.fzr", http.MethodGet, "/api/v1/todos", nil)["items"].([]any)
			for _, x := range items {
				m := x.(map[string]any)
				if m["case"].(map[string]any)["id"] == result.Pending {
					return m
				}
			}
			t.Fatal("the application is not on the list")
			return nil
		}
		first := todo()
		if first["last_day"] != "2026-03-16" || first["overdue"] != false || first["clause"] != "CN-21.1" || first["working_days_left"] != 10.0 {
			t.Fatalf("on the first day: %v", first)
		}
		midnight := time.Date(2026, 3, 16, 16, 0, 0, 0, time.UTC)
		w.clock.Set(midnight.Add(-time.Microsecond))
		if m := todo(); m["overdue"] != false {
			t.Errorf("a moment before: %v", m)
		}
		w.clock.Set(midnight)
		if m := todo(); m["overdue"] != true || m["working_days_left"].(float64) >= 0 {
			t.Errorf("at midnight: %v", m)
		}
	})
}
