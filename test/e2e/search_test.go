package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// search asks the catalog's search as an account.
func (w *world) search(user, query string) map[string]any {
	w.t.Helper()
	return w.ok(user, http.MethodGet, "/api/v1/catalog/search?"+query, nil)
}

// total is how many hits there are.
func total(r map[string]any) int { n, _ := r["total"].(float64); return int(n) }

// facetCounts are the counts of a facet.
func facetCounts(r map[string]any, facet string) map[string]int {
	out := map[string]int{}
	for _, x := range r["facets"].([]any) {
		f := x.(map[string]any)
		if f["name"] != facet {
			continue
		}
		for _, y := range f["counts"].([]any) {
			c := y.(map[string]any)
			out[c["value"].(string)] = int(c["count"].(float64))
		}
	}
	return out
}

// await asks until the condition holds, for at most d.
func await(t *testing.T, d time.Duration, what string, holds func() bool) time.Duration {
	t.Helper()
	begun := time.Now()
	for !holds() {
		if time.Since(begun) > d {
			t.Fatalf("%s: not within %v", what, d)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return time.Since(begun)
}

// ready waits for the first index of a node.
func (w *world) ready() {
	w.t.Helper()
	await(w.t, 30*time.Second, "the index", func() bool {
		return w.as("mzt.jb", http.MethodGet, "/api/v1/catalog/search", nil).Status == http.StatusOK
	})
}

// What is published is found within a second, on every node of the database;
// before, only by those who may know of it.
func TestPublishedIsFoundWithinASecond(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		nodes := []*world{w}
		if strings.HasPrefix(w.node.Config.DatabaseURL, "postgres") {
			second := start(t, w.node.Config.DatabaseURL, w.clock)
			second.seen = map[string]string{}
			nodes = append(nodes, second)
		}
		for _, n := range nodes {
			n.ready()
		}
		q := "q=" + url.QueryEscape("隆昌") // in nothing else
		resource, version := w.draft("mzt", hosted("隆昌试点登记信息", "301003", nil))
		c := w.publication("mzt", version)
		w.walk(c, nil, "mzt.jb submit", "mzt.ld head_approve")
		for i, n := range nodes {
			await(t, 5*time.Second, "the department finds what it submitted", func() bool {
				r := n.search("mzt.jb", q)
				return total(r) == 1 && facetCounts(r, "state")["submitted"] == 1
			})
			r := n.search("rst.jb", q)
			if total(r) != 0 || len(facetCounts(r, "state")) != 0 || len(facetCounts(r, "provider")) != 0 {
				t.Errorf("node %d: a stranger counts %d, %v", i, total(r), facetCounts(r, "provider"))
			}
		}
		w.walk(c, nil, "sjj.sh publish")
		for i, n := range nodes {
			took := await(t, time.Second, "a stranger finds the published entry", func() bool { return total(n.search("rst.jb", q)) == 1 })
			t.Logf("node %d: visible after %v", i, took)
			hit := n.search("rst.jb", q)["hits"].([]any)[0].(map[string]any)
			name := hit["name"].([]any)[0].(map[string]any)
			if hit["resource"] != resource || name["text"] != "隆昌" || name["hit"] != true {
				t.Errorf("node %d: %v", i, hit)
			}
		}
	})
}

// The answers through HTTP: words, pinyin, codes, facets, pages, refusals.
func TestSearchOverHTTP(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.ready()
		all := w.search("mzt.jb", "")
		if total(all) != 2 || all["total_exact"] != true {
			t.Fatalf("%v", all)
		}
		sum := 0
		for _, n := range facetCounts(all, "attribute") {
			sum += n
		}
		if sum != total(all) {
			t.Errorf("attributes count %d of %d", sum, total(all))
		}
		if first := w.search("mzt.jb", "limit=1"); len(first["hits"].([]any)) != 1 || first["next"] == nil {
			t.Errorf("one of many: %v", first)
		} else if second := w.search("mzt.jb", "limit=1&cursor="+first["next"].(string)); second["hits"].([]any)[0].(map[string]any)["resource"] == first["hits"].([]any)[0].(map[string]any)["resource"] {
			t.Error("the second page repeats the first")
		}
		hit := all["hits"].([]any)[0].(map[string]any)
		var code strings.Builder
		for _, p := range hit["code"].([]any) {
			code.WriteString(p.(map[string]any)["text"].(string))
		}
		found := w.search("mzt.jb", "q="+url.QueryEscape(code.String()))["hits"].([]any)
		if len(found) == 0 || found[0].(map[string]any)["resource"] != hit["resource"] {
			t.Errorf("by code %s: %v", code.String(), found)
		}
		for query, want := range map[string]string{
			"attribute=nonsense": "search_filter_invalid",
			"provider=nobody":    "search_filter_invalid",
			"cursor=AAAA":        "search_cursor_invalid",
			"q=" + url.QueryEscape(strings.Repeat("长", 201)): "search_text_too_long",
		} {
			if a := w.as("mzt.jb", http.MethodGet, "/api/v1/catalog/search?"+query, nil); a.Status != 400 || a.code() != want {
				t.Errorf("%s: %d %s", query, a.Status, a.Raw)
			}
		}
		if a := w.send("", http.MethodGet, "/api/v1/catalog/search", nil); a.Status != 401 {
			t.Errorf("without a session: %d", a.Status)
		}
		if s := w.ok("mzt.jb", http.MethodGet, "/api/v1/catalog/search/status", nil); s["state"] != "ready" {
			t.Errorf("%v", s)
		}
	})
}
