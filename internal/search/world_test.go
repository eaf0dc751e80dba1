package search

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
)

// fakeSource is a database of documents with a feed.
type fakeSource struct {
	mu     sync.Mutex
	epoch  string
	docs   map[string][]Document // by resource
	log    []Change
	dir    DirectoryData
	failed error
}

func newFakeSource() *fakeSource {
	return &fakeSource{epoch: "one", docs: map[string][]Document{}, dir: DirectoryData{
		Regions: []Region{{"100000", "全国", "100000/"}, {"130000", "河北省", "100000/130000/"}, {"130100", "石家庄市", "100000/130000/130100/"}, {"130200", "唐山市", "100000/130000/130200/"}},
		Departments: []Department{{"d1", "石家庄市公安局", "130100"}, {"d2", "石家庄市民政局", "130100"}, {"d3", "唐山市公安局", "130200"},
			{"d4", "石家庄市数据局", "130100"}, {"d5", "河北省数据局", "130000"}},
		Authorities: map[string]string{"130100": "d4", "130000": "d5"},
	}}
}

func (f *fakeSource) put(docs ...Document) {
	f.mu.Lock()
	defer f.mu.Unlock()
	by := map[string][]Document{}
	for _, d := range docs {
		by[d.Resource] = append(by[d.Resource], d)
	}
	for id, list := range by {
		f.docs[id] = list
		f.log = append(f.log, Change{Resource: id})
	}
}

func (f *fakeSource) drop(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.docs, id)
	f.log = append(f.log, Change{Resource: id})
}

func (f *fakeSource) Epoch(context.Context) (string, error) { return f.epoch, f.failed }

func (f *fakeSource) Position(context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strconv.Itoa(len(f.log)), f.failed
}

func (f *fakeSource) Changes(_ context.Context, position string, limit int) ([]Change, string, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	at, err := strconv.Atoi(position)
	if err != nil || at > len(f.log) {
		return nil, "", false, ErrPositionVoid
	}
	to := min(at+limit, len(f.log))
	return slices.Clone(f.log[at:to]), strconv.Itoa(to), to < len(f.log), f.failed
}

func (f *fakeSource) Documents(_ context.Context, resources []string) ([]Document, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Document
	seen := map[string]bool{}
	for _, id := range resources {
		if !seen[id] {
			out = append(out, f.docs[id]...)
		}
		seen[id] = true
	}
	return out, f.failed
}

func (f *fakeSource) all() []Document {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []Document
	for _, list := range f.docs {
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b Document) int { return strings.Compare(a.Provider+a.Resource, b.Provider+b.Resource) })
	return out
}

func (f *fakeSource) EachDocument(_ context.Context, fn func([]Document) error) error {
	for chunk := range slices.Chunk(f.all(), 50) {
		if err := fn(chunk); err != nil {
			return err
		}
	}
	return f.failed
}

func (f *fakeSource) CountDocuments(context.Context) (int, error) { return len(f.docs), nil }

func (f *fakeSource) Directory(context.Context) (DirectoryData, error) { return f.dir, f.failed }

// world is an index over a fake source.
type world struct {
	t     *testing.T
	src   *fakeSource
	dir   string
	clock *clock.Fake
	*Index
}

func newWorld(t *testing.T, docs ...Document) *world {
	w := &world{t: t, src: newFakeSource(), dir: t.TempDir(), clock: clock.NewFake(time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC))}
	w.src.put(docs...)
	w.open()
	w.maintain()
	return w
}

func (w *world) open() {
	w.t.Helper()
	synonyms, err := ReadSynonyms(strings.NewReader("groups:\n  - [身份证, 公民身份号码]\n  - [户口, 户籍]\n"))
	if err != nil {
		w.t.Fatal(err)
	}
	x, err := Open(w.t.Context(), Options{Dir: w.dir, Source: w.src, Synonyms: synonyms, Clock: w.clock, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Index = x
	w.t.Cleanup(x.Close)
}

func (w *world) poll() {
	w.t.Helper()
	for more := true; more; {
		var err error
		if more, err = w.Poll(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) maintain() {
	w.t.Helper()
	for more := true; more; {
		var err error
		if more, err = w.Maintain(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) search(q Query) *Result {
	w.t.Helper()
	r, err := w.Search(w.t.Context(), q)
	if err != nil {
		w.t.Fatalf("%+v: %v", q, err)
	}
	return r
}

// find gives the resources that a text finds, in order.
func (w *world) find(text string) []string {
	w.t.Helper()
	return ids(w.search(Query{Text: text, Limit: 100}))
}

func ids(r *Result) []string {
	out := []string{}
	for _, h := range r.Hits {
		out = append(out, h.Document.Resource)
	}
	return out
}

func text(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		if p.Hit {
			b.WriteString("[" + p.Text + "]")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func (r *Result) facet(name FacetName) map[string]int {
	out := map[string]int{}
	for _, f := range r.Facets {
		if f.Name == name {
			for _, c := range f.Counts {
				out[c.Value] = c.Count
			}
		}
	}
	return out
}

// entry makes a published document.
func entry(n int, provider, name string, items ...string) Document {
	d := Document{Resource: fmt.Sprintf("r%04d", n), Version: 1, Code: fmt.Sprintf("307001/%06d", n), Provider: provider, Name: name,
		ClassCode: "307001", Attribute: "conditional", Methods: []string{"service_api"}, FormatKind: "database", Frequency: "daily",
		Level: "general_2", Linked: "hosted_copy", Quality: -1, Items: []Item{}, Rank: int64(n)}
	for _, x := range items {
		name, code, _ := strings.Cut(x, ":")
		d.Items = append(d.Items, Item{Name: name, Code: code})
	}
	return d
}
