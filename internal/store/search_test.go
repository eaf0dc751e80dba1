package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/store"
)

// changedSince follows the feed from a position to its end, two lines at a time.
func changedSince(t *testing.T, s *store.Store, position string) (map[string]int, string) {
	t.Helper()
	got := map[string]int{}
	for {
		changes, next, more, err := s.CatalogFeed().Changes(t.Context(), position, 2)
		ok(t, err)
		for _, c := range changes {
			if c.Directory {
				got["directory"]++
			} else {
				got[c.Resource]++
			}
		}
		if position = next; !more {
			return got, position
		}
	}
}

// Each kind of change is told once, and nothing when nothing changed.
func TestCatalogFeed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		all, position := changedSince(t, s, "")
		if all[w.resource.ID] != 1 || all["directory"] == 0 {
			t.Errorf("from the beginning: %v", all)
		}
		now := get(s.CatalogFeed().Position(w.ctx))(t)
		var second catalog.Resource
		for what, change := range map[string]func(){
			"nothing": func() {},
			"a resource": func() {
				second, _ = w.entry(t, "婚姻登记信息", 2)
			},
			"a version": func() {
				v := w.version
				v.ID, v.Number, v.Status, v.PublishedAt = ident.New(), 7, catalog.Draft, nil
				ok(t, s.Catalog().InsertVersion(w.ctx, v))
			},
			"a quality run": func() {
				ok(t, s.Quality().InsertQualityRun(w.ctx, quality.Run{ID: ident.New(), Resource: w.resource.ID, Entry: 1, At: noon, By: w.person.ID}))
			},
			"a department": func() { w.department(t, "丙局", "990100") },
			"its name": func() {
				d := get(s.Org().Department(w.ctx, w.provider.ID))(t)
				d.Name = "乙市公安厅"
				ok(t, s.Org().UpdateDepartment(w.ctx, d))
			},
			"an authority": func() { ok(t, s.Org().SetAuthority(w.ctx, "990100", w.consumer.ID)) },
			"undone": func() {
				err := s.Do(w.ctx, func(ctx context.Context) error {
					ok(t, s.Catalog().UpdateResource(ctx, get(s.Catalog().Resource(ctx, w.resource.ID))(t)))
					return errors.New("no")
				})
				if err == nil {
					t.Error("committed")
				}
			},
		} {
			change()
			got, next := changedSince(t, s, position)
			want := map[string]int{w.resource.ID: 1}
			switch what {
			case "nothing", "undone":
				want = map[string]int{}
			case "a resource":
				want = map[string]int{second.ID: 1}
			case "a department", "its name", "an authority":
				want = map[string]int{"directory": 1}
			}
			if !maps.Equal(got, want) {
				t.Errorf("%s: %v, want %v", what, got, want)
			}
			position = next
		}
		since, _ := changedSince(t, s, now)
		if since[w.resource.ID] != 1 || since[second.ID] != 1 {
			t.Errorf("since the beginning of the test: %v", since)
		}
		for _, void := range []string{"x", "99999999999999", "9999999:9999999:", "1:2", "1:x:", "1:2:3/4", "';--"} {
			if _, _, _, err := s.CatalogFeed().Changes(w.ctx, void, 10); !errors.Is(err, search.ErrPositionVoid) {
				t.Errorf("%q: %v", void, err)
			}
		}
		if a, b := get(s.CatalogFeed().Epoch(w.ctx))(t), get(s.CatalogFeed().Epoch(w.ctx))(t); a == "" || a != b {
			t.Errorf("epochs %q, %q", a, b)
		}
	})
}

// Transactions that commit in another order than they began are all told.
func TestCatalogFeedLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		if !s.Concurrent() {
			return // writers come one after the other
		}
		a, _ := w.entry(t, "一", 11)
		b, _ := w.entry(t, "二", 12)
		position := get(s.CatalogFeed().Position(w.ctx))(t)
		touch := func(ctx context.Context, id string) {
			ok(t, s.Catalog().UpdateResource(ctx, get(s.Catalog().Resource(ctx, id))(t)))
		}
		begun, finish, done := make(chan bool), make(chan bool), make(chan error)
		go func() {
			done <- s.Do(w.ctx, func(ctx context.Context) error {
				touch(ctx, a.ID)
				close(begun)
				<-finish
				return nil
			})
		}()
		<-begun
		touch(w.ctx, b.ID)
		got, position := changedSince(t, s, position)
		if !maps.Equal(got, map[string]int{b.ID: 1}) {
			t.Errorf("while the first is open: %v", got)
		}
		close(finish)
		ok(t, <-done)
		if got, _ = changedSince(t, s, position); !maps.Equal(got, map[string]int{a.ID: 1}) {
			t.Errorf("after its end: %v", got)
		}
	})
}

// Many writers and one reader at once: in the end the reader was told of every
// resource after its last change.
func TestCatalogFeedUnderWriters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var ids []string
		for i := range 6 {
			r, _ := w.entry(t, fmt.Sprintf("信息%d", i), 20+i)
			ids = append(ids, r.ID)
		}
		position := get(s.CatalogFeed().Position(w.ctx))(t)
		seen := map[string]int{} // resource → version that was read after it was told
		read := func() {
			var got map[string]int
			got, position = changedSince(t, s, position)
			for id := range got {
				if id != "directory" {
					seen[id] = get(s.Catalog().Resource(w.ctx, id))(t).Version
				}
			}
		}
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				for range 15 {
					if err := s.Do(w.ctx, func(ctx context.Context) error {
						r, err := s.Catalog().Resource(ctx, id)
						if err == nil {
							err = s.Catalog().UpdateResource(ctx, r)
						}
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		finished := make(chan bool)
		go func() { wg.Wait(); close(finished) }()
		for running := true; running; {
			select {
			case <-finished:
				running = false
			default:
			}
			read()
		}
		for _, id := range ids {
			if want := get(s.Catalog().Resource(w.ctx, id))(t).Version; seen[id] != want {
				t.Errorf("%s: seen version %d of %d", id, seen[id], want)
			}
		}
	})
}

// Harvesters are told of what is public only.
func TestPublicFeed(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		feed := s.CatalogFeed()
		follow := func(position string) ([]store.PublicChange, string) {
			changes, next, more, err := feed.PublicChanges(w.ctx, position, 100)
			ok(t, err)
			if more {
				t.Error("more")
			}
			return changes, next
		}
		first, position := follow("")
		if !slices.Equal(first, []store.PublicChange{{Resource: w.resource.ID}}) {
			t.Errorf("first: %v", first)
		}
		r := w.resource
		r.Pending = 2
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		again, position := follow(position)
		if len(again) != 0 {
			t.Errorf("a draft: %v", again)
		}
		r.Version, r.Pending, r.Published = r.Version+1, 0, 0
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		if gone, _ := follow(position); !slices.Equal(gone, []store.PublicChange{{Resource: w.resource.ID, Gone: true}}) {
			t.Errorf("gone: %v", gone)
		}
	})
}

// The documents say what the catalog says.
func TestSearchDocuments(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		draft := w.version
		draft.ID, draft.Number, draft.Status, draft.PublishedAt, draft.Entry.Name = ident.New(), 2, catalog.Submitted, nil, "户籍信息二"
		ok(t, s.Catalog().InsertVersion(w.ctx, draft))
		r := w.resource
		r.Pending = 2
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		ok(t, s.Quality().InsertQualityRun(w.ctx, quality.Run{ID: ident.New(), Resource: r.ID, Entry: 1, At: noon, By: w.person.ID, Result: quality.Result{Total: 87.25}}))
		w.entry(t, "另一个", 2)
		src := s.SearchSource()
		docs := get(src.Documents(w.ctx, []string{r.ID, "nobody"}))(t)
		slices.SortFunc(docs, func(a, b search.Document) int { return a.Version - b.Version })
		if len(docs) != 2 || docs[0].State != search.Published || docs[1].State != search.Submitted || docs[1].Name != "户籍信息二" {
			t.Fatalf("%+v", docs)
		}
		d := docs[0]
		if d.Name != "户籍信息" || d.Quality != 87.25 || d.Linked != "hosted_copy" || d.Rank != noon.UnixMicro() || len(d.Items) != 2 ||
			d.Items[0] != (search.Item{Name: "证件号码", Code: "id_no"}) || !slices.Equal(d.Methods, []string{"service_api"}) {
			t.Errorf("%+v", d)
		}
		total := 0
		ok(t, src.EachDocument(w.ctx, func(list []search.Document) error { total += len(list); return nil }))
		if n := get(src.CountDocuments(w.ctx))(t); total != 3 || n != 2 {
			t.Errorf("%d documents of %d resources", total, n)
		}
		ok(t, s.Org().SetAuthority(w.ctx, "990000", w.consumer.ID))
		dir := get(src.Directory(w.ctx))(t)
		if len(dir.Departments) != 2 || len(dir.Regions) != 3 || dir.Authorities["990000"] != w.consumer.ID {
			t.Errorf("%+v", dir)
		}
	})
}
