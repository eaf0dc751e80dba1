package dcat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/dcat/dcattest"
)

// harvest keeps a copy of a catalog by its feed: ID → title.
type harvest struct {
	ask    dcat.Ask
	copied map[string]string
	events int
}

// poll reads to the present end of the feed.
func (h *harvest) poll(s *dcat.Service) error {
	for {
		doc, err := s.Changes(context.Background(), h.ask)
		if err != nil {
			return err
		}
		var page struct {
			Graph []struct {
				UpToDate     bool `json:"upToDate"`
				OrderedItems []struct {
					Type   string `json:"type"`
					Object struct {
						ID    string `json:"id"`
						Title string `json:"title"`
					} `json:"object"`
				} `json:"orderedItems"`
			} `json:"graph"`
		}
		if err := json.Unmarshal(doc.Body, &page); err != nil {
			return err
		}
		for _, act := range page.Graph[0].OrderedItems {
			h.events++
			id := act.Object.ID[strings.LastIndex(act.Object.ID, "/")+1:]
			if act.Type == "Delete" {
				delete(h.copied, id)
			} else {
				h.copied[id] = act.Object.Title
			}
		}
		_, cursor, _ := strings.Cut(doc.Next, "cursor=")
		h.ask.Cursor, _, _ = strings.Cut(cursor, "&")
		if page.Graph[0].UpToDate {
			return nil
		}
	}
}

func newHarvest(a dcat.Audience, limit int) *harvest {
	return &harvest{ask: dcat.Ask{Audience: a, Format: dcat.JSONLD, Limit: limit}, copied: map[string]string{}}
}

// However publications, updates and withdrawals mix with polls, each harvester
// ends with exactly what its audience is told of, and a new one, from an empty
// cursor, gets each entry once.
func TestFeedKeepsCopiesTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		source := dcattest.NewSource()
		s, err := dcat.NewService(dcattest.Address, source, source)
		if err != nil {
			t.Fatal(err)
		}
		harvests := []*harvest{
			newHarvest(dcat.Departments, rapid.IntRange(1, 4).Draw(t, "limit")), newHarvest(dcat.Public, rapid.IntRange(1, 4).Draw(t, "limit")),
		}
		truth := map[dcat.Audience]map[string]string{dcat.Departments: {}, dcat.Public: {}}
		for step := range rapid.IntRange(0, 40).Draw(t, "steps") {
			n := rapid.IntRange(1, 6).Draw(t, "entry")
			id := dcattest.ID(n)
			switch what := rapid.SampledFrom([]string{"open", "closed", "remove", "poll", "poll one"}).Draw(t, "what"); what {
			case "open", "closed":
				r := dcattest.Samples()[map[string]int{"open": 0, "closed": 1}[what]]
				r.Resource.ID, r.Entry.Name = id, fmt.Sprintf("第%d步", step)
				source.Put(r)
				truth[dcat.Departments][id] = r.Entry.Name
				delete(truth[dcat.Public], id)
				if what == "open" {
					truth[dcat.Public][id] = r.Entry.Name
				}
			case "remove":
				source.Remove(id, "依法撤回")
				delete(truth[dcat.Departments], id)
				delete(truth[dcat.Public], id)
			default:
				for _, h := range harvests[:map[string]int{"poll": 2, "poll one": 1}[what]] {
					if err := h.poll(s); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		fresh := newHarvest(dcat.Departments, 3)
		for _, h := range append(harvests, fresh) {
			if err := h.poll(s); err != nil {
				t.Fatal(err)
			}
			if !maps.Equal(h.copied, truth[h.ask.Audience]) {
				t.Fatalf("%s: copied %v, published %v", h.ask.Audience, h.copied, truth[h.ask.Audience])
			}
		}
		before := fresh.events
		if err := fresh.poll(s); err != nil || fresh.events != before {
			t.Fatalf("a poll without changes brought %d events, %v", fresh.events-before, err)
		}
	})
}

// The same with writers beside the harvester.
func TestFeedBesideWriters(t *testing.T) {
	t.Parallel()
	source := dcattest.NewSource()
	s := service(t, source)
	var writers sync.WaitGroup
	for w := range 4 {
		writers.Go(func() {
			for n := range 100 {
				r := dcattest.Samples()[1]
				r.Resource.ID, r.Entry.Name = dcattest.ID(w*1000+n%40), fmt.Sprintf("%d之%d", w, n)
				source.Put(r)
			}
		})
	}
	h := newHarvest(dcat.Departments, 7)
	for range 20 {
		if err := h.poll(s); err != nil {
			t.Fatal(err)
		}
	}
	writers.Wait()
	if err := h.poll(s); err != nil || len(h.copied) != 160 {
		t.Fatalf("%d entries, %v", len(h.copied), err)
	}
	for w := range 4 {
		for n := 60; n < 100; n++ {
			if got := h.copied[dcattest.ID(w*1000+n%40)]; got != fmt.Sprintf("%d之%d", w, n) {
				t.Errorf("entry %d of writer %d is %q", n%40, w, got)
			}
		}
	}
}

// The public does not learn that there are entries it is not told of.
func TestTombstonesTellThePublicNothingNew(t *testing.T) {
	t.Parallel()
	source := dcattest.NewSource(dcattest.Samples()...)
	source.Remove(dcattest.ID(2), "涉及个人")
	closed := dcattest.Samples()[0]
	closed.Entry.OpenAttribute = "not_open"
	source.Put(closed)
	s := service(t, source)
	doc, err := s.Changes(context.Background(), dcat.Ask{Audience: dcat.Public, Format: dcat.Turtle})
	if err != nil {
		t.Fatal(err)
	}
	text := string(doc.Body)
	if strings.Contains(text, dcattest.ID(2)) || strings.Contains(text, dcattest.ID(3)) || strings.Contains(text, "涉及个人") {
		t.Error("the public is told of what was never open")
	}
	if !strings.Contains(text, "as:Tombstone") || !strings.Contains(text, dcattest.ID(1)) {
		t.Error("the public is not told that an entry is open no more")
	}
	doc, err = s.Changes(context.Background(), dcat.Ask{Audience: dcat.Departments, Format: dcat.Turtle})
	if err != nil || !strings.Contains(string(doc.Body), "涉及个人") {
		t.Errorf("departments are not told the reason: %v", err)
	}
}

func TestCursorsAreRefused(t *testing.T) {
	t.Parallel()
	source := dcattest.NewSource(dcattest.Samples()...)
	s := service(t, source)
	cursor := func(s *dcat.Service, a dcat.Audience) string {
		doc, err := s.Changes(context.Background(), dcat.Ask{Audience: a, Format: dcat.JSONLD})
		if err != nil {
			t.Fatal(err)
		}
		return doc.Next[strings.Index(doc.Next, "cursor=")+7:]
	}
	ask := func(s *dcat.Service, cursor string) error {
		_, err := s.Changes(context.Background(), dcat.Ask{Audience: dcat.Departments, Format: dcat.JSONLD, Cursor: cursor})
		return err
	}
	for _, bad := range []string{"x", "%", "MQ", "MWQ", "MWQt", "MWQtMQ", "MmQx", "MWR4", cursor(s, dcat.Departments) + "A", strings.Repeat("A", 90)} {
		wantFault(t, ask(s, bad), "cursor_void")
	}
	wantFault(t, ask(s, cursor(s, dcat.Public)), "cursor_of_other_audience")
	restored := service(t, dcattest.NewSource(dcattest.Samples()[:2]...))
	wantFault(t, ask(restored, cursor(s, dcat.Departments)), "cursor_void")
	if err := ask(s, cursor(s, dcat.Departments)); err != nil {
		t.Error(err)
	}
}

// FuzzCursor: no cursor that was not given out is taken.
func FuzzCursor(f *testing.F) {
	f.Add("MWQ1")
	f.Add("")
	s, err := dcat.NewService(dcattest.Address, dcattest.NewSource(), dcattest.NewSource(dcattest.Samples()...))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		doc, err := s.Changes(context.Background(), dcat.Ask{Audience: dcat.Departments, Format: dcat.Turtle, Cursor: cursor})
		if err == nil && !strings.Contains(doc.Next, "cursor=") {
			t.Errorf("%q leads nowhere", cursor)
		}
	})
}
