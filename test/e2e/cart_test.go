package e2e

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
)

func (w *world) putInCart(user, resource string, choice map[string]any) answer {
	w.t.Helper()
	return w.as(user, http.MethodPut, "/api/v1/cart/entries/"+resource, choice)
}

// cartLines are the lines of a cart by resource.
func cartLines(c map[string]any) map[string]map[string]any {
	out := map[string]map[string]any{}
	for _, g := range c["groups"].([]any) {
		for _, l := range g.(map[string]any)["lines"].([]any) {
			m := l.(map[string]any)
			out[m["resource"].(string)] = m
		}
	}
	return out
}

func noteCodes(line map[string]any) []string {
	var out []string
	for _, n := range line["notes"].([]any) {
		out = append(out, n.(map[string]any)["code"].(string))
	}
	slices.Sort(out)
	return out
}

// CN-20.2: several resources put aside, each checked at once, one form, all or
// none; the cart is emptied of what was applied for.
func TestCart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.resources()
		codes, persons := r[codesName], r[peopleName]
		funerals := w.published("mzt", "sjj", hosted("殡葬服务信息", "301003", nil))
		draft, _ := w.draft("mzt", hosted("尚未发布的信息", "301003", nil))

		w.refusedAs("what does not exist", 0, func() answer { return w.putInCart("camz.jb", w.department("mzt"), map[string]any{}) },
			400, "cart_entry_invalid", "CN-16", map[string]string{"resource": "CN-16"})
		w.refusedAs("another department's draft", 0, func() answer { return w.putInCart("camz.jb", draft, map[string]any{}) },
			400, "cart_entry_invalid", "CN-16", map[string]string{"resource": "CN-16"})
		w.refusedAs("one's own", 0, func() answer { return w.putInCart("mzt.jb", codes, map[string]any{}) },
			400, "cart_entry_invalid", "CN-20.2", map[string]string{"resource": "CN-20.2"})
		w.refusedAs("everything wrong at once", 0, func() answer {
			return w.putInCart("camz.jb", codes, map[string]any{"items": []string{"code", "salary"}, "clear_items": []string{"name"}, "method": "file_download",
				"rows": []map[string]any{{"item": "nobody", "op": "eq", "values": []string{"a", "b"}}}})
		}, 400, "cart_entry_invalid", "", map[string]string{"items[1]": "CN-20.2", "clear_items[0]": "CN-35", "method": "CN-22", "rows[0]": "CN-20.2"})
		if n := w.ok("camz.jb", http.MethodGet, "/api/v1/cart", nil)["entries"]; n != 0.0 {
			t.Fatalf("refused and kept: %v", n)
		}

		for id, choice := range map[string]map[string]any{
			codes: {"items": []string{"code", "name"}}, persons: {"items": []string{"name"}, "mode": "verify"}, funerals: {"items": []string{"region"}}} {
			if a := w.putInCart("camz.jb", id, choice); a.Status != 200 {
				t.Fatalf("put %s: %s", id, a.Raw)
			}
		}
		w.ok("camz.jb", http.MethodPut, "/api/v1/cart/entries/"+codes, map[string]any{"items": []string{"code"},
			"rows": []map[string]any{{"item": "code", "op": "prefix", "values": []string{"1301"}}}})
		clear(w.seen) // another session, the same cart
		cart := w.ok("camz.jb", http.MethodGet, "/api/v1/cart", nil)
		if cart["entries"] != 3.0 || cart["ready"] != 3.0 || len(cart["groups"].([]any)) != 2 || cart["purposes_bound"] != true {
			t.Errorf("the cart: %v", cart)
		}
		if n := w.ok("camz.fzr", http.MethodGet, "/api/v1/cart", nil)["entries"]; n != 0.0 {
			t.Errorf("a colleague's cart has %v entries", n)
		}

		form := w.form("camz", "社会救助对象核验")
		delete(form, "items")
		apply := func(body map[string]any) answer { return w.as("camz.jb", http.MethodPost, "/api/v1/cart/apply", body) }
		order := []string{codes, persons, funerals}
		before := w.count()
		bad := merged(form, map[string]any{"until": "2020-01-01"})
		delete(bad, "basis")
		a := apply(map[string]any{"fields": bad, "resources": order, "own": map[string]any{funerals: map[string]any{"items": []string{"nothing"}}}})
		got := slices.Sorted(maps.Keys(a.fields()))
		if a.Status != 400 || a.code() != "bulk_invalid" || !slices.Contains(got, "subjects[0].fields.until") || !slices.Contains(got, "subjects[2].fields.items") {
			t.Errorf("faulty ones: %s", a.Raw)
		}
		unfinished := maps.Clone(form)
		delete(unfinished, "basis")
		a = apply(map[string]any{"fields": unfinished, "resources": order, "propose": true})
		if a.Status != 400 || a.fields()["subjects[1].fields.basis"] != "CN-20.2" || len(a.JSON["facts"].(map[string]any)["subjects"].([]any)) != 3 {
			t.Errorf("proposed unfinished: %s", a.Raw)
		}
		if after := w.count(); after != before {
			t.Errorf("something stayed: %+v, was %+v", after, before)
		}
		w.refusedAs("what is not in the cart", 0, func() answer { return apply(map[string]any{"fields": form, "resources": []string{draft}}) },
			400, "cart_invalid", "CN-20.2", map[string]string{"resources[0]": "CN-20.2"})
		if n := w.ok("camz.jb", http.MethodGet, "/api/v1/cart", nil)["entries"]; n != 3.0 {
			t.Errorf("after refusals the cart has %v entries", n)
		}

		// Two of three; the form that is sent twice is taken once.
		body := map[string]any{"fields": form, "resources": order[:2], "propose": true, "own": map[string]any{codes: map[string]any{"purpose": "履行职责需要"}}}
		answers := make([]answer, 2)
		token := w.session("camz.jb")
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() { answers[i] = w.send(token, http.MethodPost, "/api/v1/cart/apply", body) })
		}
		wg.Wait()
		slices.SortFunc(answers, func(a, b answer) int { return a.Status - b.Status })
		if answers[0].Status != 201 || answers[0].JSON["done"] != 2.0 || answers[1].Status == 201 {
			t.Fatalf("applied twice: %s / %s", answers[0].Raw, answers[1].Raw)
		}
		for _, x := range answers[0].JSON["items"].([]any) {
			c := w.caseOf("camz.fzr", x.(map[string]any)["case"].(string))
			facts := c["facts"].(map[string]any)
			want := map[string]any{codes: "履行职责需要", persons: "社会救助对象核验"}[c["subject"].(string)]
			mode := map[string]any{codes: "query", persons: "verify"}[c["subject"].(string)]
			if c.stage() != "with_office_head" || facts["purpose"] != want || facts["mode"] != mode {
				t.Errorf("application: %s %v", c.stage(), facts)
			}
		}
		if n := len(w.ok("camz.jb", http.MethodGet, "/api/v1/cases?procedure=application&stage=with_office_head", nil)["items"].([]any)); n != 2 {
			t.Errorf("%d applications", n)
		}
		cart = w.ok("camz.jb", http.MethodGet, "/api/v1/cart", nil)
		if lines := cartLines(cart); len(lines) != 1 || lines[funerals] == nil {
			t.Errorf("left in the cart: %v", cart)
		}

		// What has been asked for is noted; what becomes unavailable blocks.
		if a := w.putInCart("camz.jb", codes, map[string]any{"items": []string{"code"}}); a.Status != 200 || !slices.Contains(noteCodes(a.JSON), "already_applied") || a.JSON["ready"] != true {
			t.Errorf("asked for already: %s", a.Raw)
		}
		if a := w.putInCart("rst.jb", codes, map[string]any{"items": []string{"code"}}); a.Status != 200 || !slices.Contains(noteCodes(a.JSON), "already_granted") {
			t.Errorf("granted already: %s", a.Raw)
		}
		pub := w.publication("mzt", w.revise("mzt", funerals, func(e map[string]any) {
			items := e["items"].([]any)
			items[1].(map[string]any)["code"] = "place"
		}))
		w.walk(pub, nil, "mzt.jb submit", "mzt.ld head_approve", "sjj.sh publish")
		line := cartLines(w.ok("camz.jb", http.MethodGet, "/api/v1/cart", nil))[funerals]
		if line["ready"] != false || !slices.Equal(noteCodes(line), []string{"changed_since", "unknown_item"}) {
			t.Errorf("an item that went: %v", line)
		}
		w.ok("camz.jb", http.MethodDelete, "/api/v1/cart/entries/"+funerals, nil)
		w.ok("camz.jb", http.MethodDelete, "/api/v1/cart", nil)
		w.refusedAs("an empty cart", 0, func() answer { return apply(map[string]any{"fields": form}) }, 400, "cart_invalid", "CN-20.2", map[string]string{"resources": "CN-20.2"})
	})
}
