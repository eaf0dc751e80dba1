package dcat_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/dcat/dcattest"
	"github.com/shuqiao/shuqiao/internal/fault"
)

var update = flag.Bool("update", false, "write the golden documents")

var formats = []dcat.Format{dcat.JSONLD, dcat.Turtle}

func service(t testing.TB, source *dcattest.Source) *dcat.Service {
	t.Helper()
	s, err := dcat.NewService(dcattest.Address+"/", source, source)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func wantFault(t *testing.T, err error, code string) {
	t.Helper()
	if f, ok := fault.As(err); !ok || f.Code != code {
		t.Errorf("got %v, want the fault %s", err, code)
	}
}

// The documents are byte for byte what they were.
func TestGolden(t *testing.T) {
	t.Parallel()
	source := dcattest.NewSource(dcattest.Samples()[:4]...)
	source.Remove(dcattest.ID(4), "依法撤回")
	s := service(t, source)
	for _, a := range []dcat.Audience{dcat.Departments, dcat.Public} {
		for _, f := range formats {
			ask := dcat.Ask{Audience: a, Format: f, Suffix: f.Extension(), Limit: 3}
			page, err := s.Catalog(context.Background(), ask)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "catalog-"+string(a)+f.Extension(), page.Body)
			changes, err := s.Changes(context.Background(), ask)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "feed-"+string(a)+f.Extension(), changes.Body)
		}
	}
	golden(t, "context.jsonld", dcat.Context())
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s changed: go test ./internal/dcat -run TestGolden -update", name)
	}
}

func dump(t *testing.T, s *dcat.Service, a dcat.Audience, f dcat.Format) string {
	t.Helper()
	var b strings.Builder
	if err := s.Dump(context.Background(), a, f, &b, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What nobody but provider and authority knows, what is of persons, and of an
// entry that is not shared all but existence, reason and law, is in no document.
func TestNothingIsToldThatMustNotBe(t *testing.T) {
	t.Parallel()
	s := service(t, dcattest.NewSource(dcattest.Samples()...))
	for _, f := range formats {
		all := dump(t, s, dcat.Departments, f)
		for _, secret := range []string{"secret-path", "inner.example.gov", "138 0000 0000", "13800000000", "人员甲", "人员乙", "人员丙",
			"收养人", "adopter", "档案内容说明", "收养登记\""} {
			if strings.Contains(all, secret) {
				t.Errorf("%s: departments are told %q", f, secret)
			}
		}
		for _, told := range []string{"收养登记档案", "法律规定应当保守收养秘密", "第一千一百一十条", "公民身份号码", "按批准的用途逐笔查询"} {
			if !strings.Contains(all, told) {
				t.Errorf("%s: departments are not told %q", f, told)
			}
		}
		public := dump(t, s, dcat.Public, f)
		for _, secret := range []string{"收养登记档案", "社会救助对象", "公民身份号码", dcattest.ID(3), dcattest.ID(4), "区划地名管理", "general_1", "设立日期", "founded"} {
			if strings.Contains(public, secret) {
				t.Errorf("%s: the public is told %q", f, secret)
			}
		}
		if !strings.Contains(public, "行政区划代码") || !strings.Contains(public, "面积") {
			t.Errorf("%s: the public is not told of what is open", f)
		}
	}
}

func TestOpenEntries(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*catalog.Entry){
		"not open":    func(e *catalog.Entry) { e.OpenAttribute = "conditional_open" },
		"withheld":    func(e *catalog.Entry) { e.Attribute = catalog.Withheld },
		"of persons":  func(e *catalog.Entry) { e.PersonalInfo = true },
		"important":   func(e *catalog.Entry) { e.Level = catalog.Important },
		"core":        func(e *catalog.Entry) { e.Level = catalog.Core },
		"not decided": func(e *catalog.Entry) { e.OpenAttribute = "" },
	} {
		r := dcattest.Samples()[0]
		change(&r.Entry)
		s := service(t, dcattest.NewSource(r))
		if _, err := s.Dataset(context.Background(), dcat.Ask{Audience: dcat.Public, Format: dcat.Turtle}, dcattest.ID(1)); err == nil {
			t.Errorf("%s: shown to the public", name)
		}
		if _, err := s.Dataset(context.Background(), dcat.Ask{Audience: dcat.Departments, Format: dcat.Turtle}, dcattest.ID(1)); err != nil {
			t.Errorf("%s: not shown to departments: %v", name, err)
		}
	}
	s := service(t, dcattest.NewSource())
	_, err := s.Dataset(context.Background(), dcat.Ask{Audience: dcat.Departments, Format: dcat.Turtle}, dcattest.ID(1))
	wantFault(t, err, "not_found")
}

// entriesOf gives the ends of the IDs of the datasets told of in a JSON-LD page.
func entriesOf(t *testing.T, doc dcat.Document) (out []string) {
	t.Helper()
	var page struct {
		Graph []struct {
			ID   string `json:"id"`
			Type any    `json:"type"`
		} `json:"graph"`
	}
	if err := json.Unmarshal(doc.Body, &page); err != nil {
		t.Fatal(err)
	}
	for _, n := range page.Graph {
		if n.Type == "Dataset" {
			out = append(out, n.ID[len(n.ID)-12:])
		}
	}
	return out
}

// Turning the pages shows each entry once, whatever the size of a page and
// however few of the entries the audience is told of.
func TestPagesHoldEachEntryOnce(t *testing.T) {
	t.Parallel()
	source := dcattest.NewSource()
	var wanted []string
	for n := range 57 {
		r := dcattest.Samples()[1]
		if n%7 == 3 {
			r = dcattest.Samples()[0]
			wanted = append(wanted, dcattest.ID(n)[24:])
		}
		r.Resource.ID = dcattest.ID(n)
		source.Put(r)
	}
	s := service(t, source)
	for _, limit := range []int{1, 2, 3, 8, 9, 56, 57, 58, 1000} {
		for audience, n := range map[dcat.Audience]int{dcat.Departments: 57, dcat.Public: len(wanted)} {
			ask := dcat.Ask{Audience: audience, Format: dcat.JSONLD, Limit: limit}
			var seen []string
			for pages := 0; ; pages++ {
				doc, err := s.Catalog(context.Background(), ask)
				if err != nil {
					t.Fatal(err)
				}
				got := entriesOf(t, doc)
				if seen = append(seen, got...); len(got) > limit || pages > 60 {
					t.Fatalf("limit %d: page %d has %d entries", limit, pages, len(got))
				}
				if doc.Next == "" {
					break
				}
				_, after, _ := strings.Cut(doc.Next, "after=")
				ask.After, _, _ = strings.Cut(after, "&")
			}
			if len(seen) != n || !slices.IsSorted(seen) || len(slices.Compact(slices.Clone(seen))) != n {
				t.Errorf("limit %d, %s: %v", limit, audience, seen)
			}
			if audience == dcat.Public && !slices.Equal(seen, wanted) {
				t.Errorf("the public saw %v, want %v", seen, wanted)
			}
		}
	}
}

// many is a catalog that is made as it is read.
type many struct {
	*dcattest.Source
	entries int
	heap    uint64 // largest seen, in bytes
}

func (m *many) Records(_ context.Context, after string, limit int) (out []dcat.Record, err error) {
	n := 0
	if after != "" {
		if _, err := fmt.Sscanf(after[24:], "%d", &n); err != nil {
			return nil, err
		}
	}
	var stats runtime.MemStats
	if n%10_000 == 0 {
		runtime.GC()
		runtime.ReadMemStats(&stats)
		m.heap = max(m.heap, stats.HeapAlloc)
	}
	for n++; n <= m.entries && len(out) < limit; n++ {
		r := dcattest.Samples()[0]
		r.Resource.ID = dcattest.ID(n)
		out = append(out, r)
	}
	return out, nil
}

// The dump of a large catalog is not held in memory.
func TestDumpHoldsLittle(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 40,000 entries")
	}
	m := &many{Source: dcattest.NewSource(), entries: 40_000}
	s, err := dcat.NewService(dcattest.Address, m, m)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range formats {
		out := &counter{}
		if err := s.Dump(context.Background(), dcat.Departments, f, out, nil); err != nil {
			t.Fatal(err)
		}
		if out.n < 40_000*1000 || m.heap > 64<<20 {
			t.Errorf("%s: %d bytes written with a heap of %d", f, out.n, m.heap)
		}
		t.Logf("%s: %d MB written, heap at most %d MB", f, out.n>>20, m.heap>>20)
	}
}

type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

// A dump that cannot be written, or that nobody waits for, ends.
func TestDumpEndsWithItsReader(t *testing.T) {
	t.Parallel()
	s := service(t, dcattest.NewSource(dcattest.Samples()...))
	gone := io.ErrClosedPipe
	if err := s.Dump(context.Background(), dcat.Departments, dcat.Turtle, io.Discard, func() error { return gone }); err != gone {
		t.Errorf("got %v", err)
	}
	r, w := io.Pipe()
	r.Close()
	if err := s.Dump(context.Background(), dcat.Departments, dcat.Turtle, w, nil); err != gone {
		t.Errorf("got %v", err)
	}
	if _, err := dcat.NewWriter(io.Discard, "rdfxml"); err == nil {
		t.Error("an unknown format is taken")
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "share.example.gov", "ftp://x", "http://a b", "https://x/?q", "https://x/#f", "https://x/\">"} {
		if _, err := dcat.NewService(bad, nil, nil); err == nil {
			t.Errorf("%q is taken for an address", bad)
		}
	}
}
