package search

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// oracle answers a query by looking at every text, knowing nothing of the
// index: Chinese words are contained in a field, others begin a word of one.
func oracle(docs []Document, dir DirectoryData, q Query) map[string]bool {
	names := map[string]string{}
	for _, d := range dir.Departments {
		names[d.ID] = d.Name
	}
	found := map[string]bool{}
	for _, d := range docs {
		if d.State != Published && d.Provider != q.Reader.Department {
			continue
		}
		if want := q.Filters.Values[ByAttribute]; len(want) > 0 && !slices.Contains(want, d.Attribute) {
			continue
		}
		fields := []string{d.Name, d.Code, d.Abstract, names[d.Provider]}
		for _, x := range d.Items {
			fields = append(fields, x.Name, x.Code, x.EnglishName)
		}
		all := true
		for _, word := range strings.Fields(q.Text) {
			all = all && slices.ContainsFunc(fields, func(f string) bool {
				if word[0] >= 0x80 {
					return strings.Contains(f, word)
				}
				return slices.ContainsFunc(strings.FieldsFunc(f, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }),
					func(w string) bool { return strings.HasPrefix(w, word) })
			})
		}
		if all {
			found[d.Resource+d.State.String()] = true
		}
	}
	return found
}

// The characters are few, so that words recur and stand apart; those of the
// words with letters are no pinyin (u, v and digits).
var (
	someText  = rapid.StringOfN(rapid.RuneFrom([]rune("人口信息登记 ")), 0, 12, -1)
	someCode  = rapid.StringMatching(`[uv0-2]{1,6}(_[uv]{1,3})?`)
	someWord  = rapid.OneOf(rapid.StringOfN(rapid.RuneFrom([]rune("人口信息登记")), 1, 5, -1), rapid.StringMatching(`[uv0-2]{1,5}`))
	providers = []string{"d1", "d2", "d3"}
)

func someDocument(rt *rapid.T, n int) []Document {
	d := entry(n, rapid.SampledFrom(providers).Draw(rt, "provider"), someText.Draw(rt, "name"))
	d.Abstract = someText.Draw(rt, "abstract")
	d.Attribute = rapid.SampledFrom([]string{"conditional", "unconditional"}).Draw(rt, "attribute")
	d.Rank = int64(rapid.IntRange(0, 5).Draw(rt, "rank"))
	for range rapid.IntRange(0, 3).Draw(rt, "items") {
		d.Items = append(d.Items, Item{Name: someText.Draw(rt, "item"), Code: someCode.Draw(rt, "code"), EnglishName: someCode.Draw(rt, "english")})
	}
	switch rapid.IntRange(0, 3).Draw(rt, "states") {
	case 0:
		d.State = Draft
	case 1:
		second := d
		second.State, second.Version, second.Name = Submitted, 2, someText.Draw(rt, "second name")
		return []Document{d, second}
	}
	return []Document{d}
}

// Whatever is put, changed, dropped, joined and restarted: the index finds what
// reading everything finds, and counts it.
func TestIndexIsTheOracle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		alive := 0
		rt.Repeat(map[string]func(*rapid.T){
			"put": func(rt *rapid.T) {
				for range rapid.IntRange(1, 6).Draw(rt, "how many") {
					w.src.put(someDocument(rt, rapid.IntRange(0, 30).Draw(rt, "resource"))...)
					alive++
				}
			},
			"drop":    func(rt *rapid.T) { w.src.drop(entry(rapid.IntRange(0, 30).Draw(rt, "resource"), "d1", "").Resource) },
			"poll":    func(*rapid.T) { w.poll() },
			"flush":   func(*rapid.T) { w.clock.Advance(flushEvery); w.maintain() },
			"rebuild": func(*rapid.T) { must(t, RequestRebuild(w.dir)); w.maintain() },
			"restart": func(*rapid.T) { w.Close(); w.open() },
			"": func(rt *rapid.T) {
				w.poll()
				q := Query{Limit: maxLimit, Reader: Reader{rapid.SampledFrom(append([]string{""}, providers...)).Draw(rt, "reader")},
					Text: strings.Join(rapid.SliceOfN(someWord, 0, 3).Draw(rt, "words"), " ")}
				if rapid.Bool().Draw(rt, "filtered") {
					q.Filters.Values = map[FacetName][]string{ByAttribute: {"conditional"}}
				}
				compareToOracle(rt, w, q)
			},
		})
		w.Close()
	})
}

func compareToOracle(rt *rapid.T, w *world, q Query) {
	want := oracle(w.src.all(), w.src.dir, q)
	r := w.search(q)
	if len(r.Split) > 0 {
		if len(want) > 0 {
			rt.Fatalf("%q was cut though it finds %v", q.Text, want)
		}
		return
	}
	got := map[string]bool{}
	for _, h := range r.Hits {
		got[h.Document.Resource+h.Document.State.String()] = true
	}
	for id := range want {
		if !got[id] {
			rt.Fatalf("%+v: %s is not found; got %v", q, id, got)
		}
	}
	if len(got) != len(want) || len(r.Hits) != len(want) || r.Total != len(want) || !r.TotalExact {
		rt.Fatalf("%+v: %d hits of %d (exact: %v), want %d", q, len(r.Hits), r.Total, r.TotalExact, len(want))
	}
	for _, name := range []FacetName{ByProvider, ByState, ByLevel, ByClass} {
		sum := 0
		for _, n := range r.facet(name) {
			sum += n
		}
		if sum != len(want) {
			rt.Fatalf("%+v: facet %s counts %d, want %d", q, name, sum, len(want))
		}
	}
	for i := 1; i < len(r.Hits); i++ {
		a, b := r.Hits[i-1], r.Hits[i]
		inName := func(h Hit) bool {
			return !slices.ContainsFunc(strings.Fields(q.Text), func(word string) bool {
				return !slices.ContainsFunc(strings.Fields(h.Document.Name), func(s string) bool { return strings.Contains(s, word) })
			})
		}
		if q.Text != "" && h1(a, q.Text) == h1(b, q.Text) && inName(a) == inName(b) && a.Document.Rank < b.Document.Rank {
			rt.Fatalf("%+v: rank %d before %d", q, a.Document.Rank, b.Document.Rank)
		}
	}
}

// h1 tells whether a hit is the text itself.
func h1(h Hit, text string) bool {
	text = strings.TrimSpace(text)
	return h.Document.Name == text || h.Document.Code == text
}

// Thousands of documents go through tiers, dense counting and pairs that stand
// apart; the counts are still those of the oracle where they say so.
func TestManyDocuments(t *testing.T) {
	var docs []Document
	for i := range 6000 {
		d := entry(i, providers[i%3], "人口登记信息")
		d.Resource = d.Resource + "x"
		if i%2 == 0 {
			d.Name = "口信 人口 信息" // has all pairs of 人口信息, but not the word
		}
		if i%5 == 0 {
			d.Attribute = "unconditional"
		}
		docs = append(docs, d)
	}
	w := newWorld(t, docs...)
	for _, q := range []Query{{Text: "人口"}, {Text: "登记"}, {}, {Text: "息"}, {Text: "人口", Filters: Filters{Values: map[FacetName][]string{ByAttribute: {"conditional"}}}}} {
		want := oracle(docs, w.src.dir, q)
		r := w.search(q)
		if r.Total != len(want) || !r.TotalExact || len(r.Hits) != defaultLimit {
			t.Errorf("%+v: %d (%v), want %d", q, r.Total, r.TotalExact, len(want))
		}
		for i := 1; i < len(r.Hits); i++ {
			if r.Hits[i-1].Document.Rank <= r.Hits[i].Document.Rank {
				t.Errorf("%+v: rank %d before %d", q, r.Hits[i-1].Document.Rank, r.Hits[i].Document.Rank)
			}
		}
	}
	r := w.search(Query{Text: "人口信息"})
	if r.TotalExact || r.Total != 3000 || len(r.Hits) != 0 || r.Next == "" {
		t.Errorf("pairs that stand apart: %d, exact %v, %d hits", r.Total, r.TotalExact, len(r.Hits))
	}
}
