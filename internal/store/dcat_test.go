package store_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/store"
)

// renew publishes another version of a resource, inside a transaction.
func (w *world) renew(ctx context.Context, r catalog.Resource, change func(*catalog.Entry)) (catalog.Resource, error) {
	old, err := w.Catalog().Version(ctx, r.ID, r.Published)
	if err != nil {
		return r, err
	}
	v := old
	old.Status = catalog.Superseded
	at := noon.Add(time.Duration(r.Published) * time.Hour)
	v.ID, v.Number, v.PublishedAt, v.Revision = ident.New(), r.Published+1, &at, 1
	change(&v.Entry)
	if err := w.Catalog().UpdateVersion(ctx, old); err != nil {
		return r, err
	}
	if err := w.Catalog().InsertVersion(ctx, v); err != nil {
		return r, err
	}
	r.Published = v.Number
	err = w.Catalog().UpdateResource(ctx, r)
	r.Version++
	return r, err
}

// A record holds what the documents tell; drafts are not there.
func TestDCATRecords(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, err := func() (any, error) { d, _, err := s.DCAT().Operator(w.ctx); return d, err }()
		wantFault(t, err, "no_operator")
		ok(t, s.Org().SetAuthority(w.ctx, "990100", w.provider.ID))
		ok(t, s.Org().SetAuthority(w.ctx, "990000", w.consumer.ID))
		if d, region, err := s.DCAT().Operator(w.ctx); err != nil || d.ID != w.consumer.ID || region != "甲省" {
			t.Errorf("operator %v of %s, %v", d, region, err)
		}
		other, _ := w.entry(t, "暂住登记", 2)
		draft := catalog.Resource{ID: ident.New(), Code: "3001/draft", Provider: w.provider.ID, Region: w.provider.Region, Pending: 1, Version: 1, CreatedAt: noon}
		ok(t, s.Catalog().InsertResource(w.ctx, draft))
		r := w.resource
		ok(t, s.Catalog().Do(w.ctx, func(ctx context.Context) (err error) {
			r, err = w.renew(ctx, r, func(e *catalog.Entry) {
				e.Name = "户籍登记"
				e.Related = []string{other.Code, draft.Code, r.Code, "none"}
			})
			return err
		}))
		all := get(s.DCAT().Records(w.ctx, "", 10))(t)
		if len(all) != 2 {
			t.Fatalf("%d records", len(all))
		}
		got := all[slices.IndexFunc(all, func(x dcat.Record) bool { return x.Resource.ID == r.ID })]
		if got.Entry.Name != "户籍登记" || got.Version != 2 || !got.FirstIssued.Equal(noon) || !got.PublishedAt.Equal(noon.Add(time.Hour)) ||
			got.RegionName != "乙市" || got.Provider.Name != "乙市公安局" || !slices.Equal(got.Related, []string{other.ID}) {
			t.Errorf("got %+v", got)
		}
		first := get(s.DCAT().Records(w.ctx, "", 1))(t)
		second := get(s.DCAT().Records(w.ctx, first[0].Resource.ID, 1))(t)
		if first[0].Resource.ID != all[0].Resource.ID || second[0].Resource.ID != all[1].Resource.ID ||
			len(get(s.DCAT().Records(w.ctx, all[1].Resource.ID, 1))(t)) != 0 {
			t.Error("the pages are not in order")
		}
		if got := get(s.DCAT().RecordsOf(w.ctx, []string{draft.ID, "nothing"}))(t); len(got) != 0 {
			t.Errorf("got %+v", got)
		}
		earlier := get(s.DCAT().Superseded(w.ctx, []string{r.ID}))(t)[r.ID]
		if len(earlier) != 2 {
			t.Errorf("published before: %+v", earlier)
		}
	})
}

// copier keeps a copy of the published catalog by the feed: ID → name.
type copier struct {
	position string
	names    map[string]string
	events   int
}

func (c *copier) poll(ctx context.Context, s *store.Store, limit int) error {
	for {
		changes, next, more, err := s.DCATFeed().Changes(ctx, c.position, limit)
		if err != nil {
			return err
		}
		ids := make([]string, 0, len(changes))
		for _, x := range changes {
			if ids = append(ids, x.Resource); x.Gone {
				delete(c.names, x.Resource)
			}
		}
		records, err := s.DCAT().RecordsOf(ctx, ids)
		if err != nil {
			return err
		}
		for _, r := range records {
			c.names[r.Resource.ID] = r.Entry.Name
		}
		c.position, c.events = next, c.events+len(changes)
		if !more {
			return nil
		}
	}
}

// published reads the truth.
func (w *world) published(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, r := range get(w.DCAT().Records(w.ctx, "", 10_000))(t) {
		out[r.Resource.ID] = r.Entry.Name
	}
	return out
}

// Writers publish beside a harvester, in transactions that overlap: its copy
// becomes the catalog, and one that begins anew gets each entry exactly once.
func TestDCATFeedBesideWriters(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		var sets [4][]catalog.Resource
		for i := range sets {
			for n := range 6 {
				r, _ := w.entry(t, fmt.Sprintf("写者%d的第%d条", i, n), 0)
				sets[i] = append(sets[i], r)
			}
		}
		var writers sync.WaitGroup
		failures := make(chan error, len(sets))
		for i := range sets {
			writers.Go(func() {
				for round := range 12 {
					err := s.Catalog().Do(w.ctx, func(ctx context.Context) (err error) {
						for _, n := range []int{round % 6, (round + 1 + i) % 6} {
							r, err := w.renew(ctx, sets[i][n], func(e *catalog.Entry) { e.Name = fmt.Sprintf("写者%d第%d轮第%d条", i, round, n) })
							if err != nil {
								return err
							}
							sets[i][n] = r
						}
						return nil
					})
					if err != nil {
						failures <- err
						return
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { writers.Wait(); close(done) }()
		c := &copier{names: map[string]string{}}
		for running := true; running; {
			select {
			case <-done:
				running = false
			default:
			}
			ok(t, c.poll(w.ctx, s, 5))
		}
		select {
		case err := <-failures:
			t.Fatal(err)
		default:
		}
		truth := w.published(t)
		if !maps.Equal(c.names, truth) {
			t.Errorf("the copy is not the catalog: %v, want %v", c.names, truth)
		}
		fresh := &copier{names: map[string]string{}}
		ok(t, fresh.poll(w.ctx, s, 5))
		if !maps.Equal(fresh.names, truth) || fresh.events != len(truth) {
			t.Errorf("a new harvester got %d events for %d entries", fresh.events, len(truth))
		}
		before, position := fresh.events, fresh.position
		ok(t, fresh.poll(w.ctx, s, 5))
		if fresh.events != before || fresh.position != position {
			t.Errorf("nothing changed, yet %d events came and the position moved from %q to %q", fresh.events-before, position, fresh.position)
		}
	})
}

// A transaction that began first and commits last is not overtaken: PostgreSQL
// lets them overlap, SQLite does not.
func TestDCATFeedWaitsForNobody(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		if !s.Concurrent() {
			return // one writer at a time: there is no such order
		}
		w := newWorld(t, s)
		late, early := w.resource, catalog.Resource{}
		early, _ = w.entry(t, "先提交", 2)
		c := &copier{names: map[string]string{}}
		ok(t, c.poll(w.ctx, s, 100))
		name, _, err := s.DCATFeed().State(w.ctx)
		ok(t, err)
		written, commit, committed := make(chan struct{}), make(chan struct{}), make(chan error)
		go func() {
			committed <- s.Catalog().Do(w.ctx, func(ctx context.Context) error {
				_, err := w.renew(ctx, late, func(e *catalog.Entry) { e.Name = "后提交的新版" })
				close(written)
				<-commit
				return err
			})
		}()
		<-written
		ok(t, s.Catalog().Do(w.ctx, func(ctx context.Context) error {
			_, err := w.renew(ctx, early, func(e *catalog.Entry) { e.Name = "先提交的新版" })
			return err
		}))
		ok(t, c.poll(w.ctx, s, 100))
		if c.names[early.ID] != "先提交的新版" || c.names[late.ID] != "户籍信息" {
			t.Errorf("while the other is under way: %v", c.names)
		}
		between, _, err := s.DCATFeed().State(w.ctx)
		ok(t, err)
		close(commit)
		ok(t, <-committed)
		ok(t, c.poll(w.ctx, s, 100))
		if c.names[late.ID] != "后提交的新版" {
			t.Errorf("the late commit was missed: %v", c.names)
		}
		after, last, err := s.DCATFeed().State(w.ctx)
		ok(t, err)
		if name == between || between == after || !last.Equal(noon.Add(time.Hour)) {
			t.Errorf("states %q, %q, %q; last %v", name, between, after, last)
		}
		if again, _, err := s.DCATFeed().State(w.ctx); err != nil || again != after {
			t.Errorf("the state moves on its own: %q, %q, %v", after, again, err)
		}
	})
}

// What is withdrawn is told as gone, and positions of others are refused.
func TestDCATFeedTellsWhatIsGone(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		c := &copier{names: map[string]string{}}
		ok(t, c.poll(w.ctx, s, 100))
		r := w.resource
		r.Published = 0
		ok(t, s.Catalog().UpdateResource(w.ctx, r))
		changes, _, _, err := s.DCATFeed().Changes(w.ctx, c.position, 100)
		if ok(t, err); len(changes) != 1 || !changes[0].Gone || changes[0].Resource != r.ID {
			t.Errorf("got %+v", changes)
		}
		if ok(t, c.poll(w.ctx, s, 100)); len(c.names) != 0 {
			t.Errorf("still there: %v", c.names)
		}
		for _, void := range []string{"x", "-1", "99999999999999:99999999999999:", "999999999", "1:1:/1:1:/x/y", "'; DROP TABLE resources; --"} {
			_, _, _, err := s.DCATFeed().Changes(w.ctx, void, 10)
			wantFault(t, err, "cursor_void")
		}
	})
}
