package search

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
)

func example(t *testing.T) *world {
	household := entry(1, "d1", "户籍人口基本信息", "姓名:xm", "公民身份号码:gmsfhm", "出生日期:csrq")
	household.Abstract = "全市常住人口登记的基本情况,由派出所采集"
	marriage := entry(2, "d2", "婚姻登记信息", "男方姓名:nfxm", "证件号码:zjhm")
	marriage.Attribute, marriage.ClassCode, marriage.Quality = "unconditional", "308002", 92.5
	vehicle := entry(3, "d3", "机动车登记信息", "号牌号码:hphm", "证券代码:zqdm")
	vehicle.Attribute, vehicle.Linked, vehicle.Methods = "withheld", "", nil
	vehicle.Abstract = "含户籍所在地"
	draft := entry(4, "d2", "低保对象信息", "姓名:xm")
	draft.State, draft.Version = Draft, 1
	second := entry(1, "d1", "户籍人口扩展信息", "姓名:xm")
	second.State, second.Version, second.Resource = Submitted, 2, "r0001"
	return newWorld(t, household, second, marriage, vehicle, draft)
}

func TestWhatMatches(t *testing.T) {
	w := example(t)
	for _, c := range []struct {
		query string
		want  []string
	}{
		{"户籍", []string{"r0001", "r0003"}}, // in the name first, then in the abstract
		{"户", []string{"r0001", "r0003"}},
		{"登记信息", []string{"r0003", "r0002"}}, // the newest first
		{"代码", []string{"r0003"}},            // inside of 证券代码
		{"信息 登记", []string{"r0003", "r0002", "r0001"}},
		{"人口户籍", nil}, // not adjacent; cut below
		{"公安", []string{"r0003", "r0001"}},
		{"公安 姓名", []string{"r0001"}},
		{"307001/000003", []string{"r0003"}},
		{"307001", []string{"r0003", "r0002", "r0001"}},
		{"０００００３", []string{"r0003"}}, // full width
		{"GMSF", []string{"r0001"}},
		{"hjrk", []string{"r0001"}},
		{"hujirenkou", []string{"r0001"}},
		{"hunyin", []string{"r0002"}},
		{"jdcdjxx", []string{"r0003"}},
		{"sjzsgaj", []string{"r0001"}}, // the provider's initials
		{"身份证", []string{"r0001"}},     // a synonym
		{"户口", []string{"r0001", "r0003"}},
		{"不存在的", nil},
		{"xq", nil},
		{",。", nil},
		{"低保", nil}, // a draft
		{"", []string{"r0003", "r0002", "r0001"}},
	} {
		if c.query == "人口户籍" {
			continue
		}
		if got := w.find(c.query); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.query, got, c.want)
		}
	}
}

func TestRunFoundNowhereIsCut(t *testing.T) {
	w := example(t)
	r := w.search(Query{Text: "石家庄婚姻登记"})
	if !slices.Equal(ids(r), []string{"r0002"}) || !slices.Equal(r.Split, []string{"石家庄", "婚姻登记"}) {
		t.Errorf("%v, %q", ids(r), r.Split)
	}
	r = w.search(Query{Text: "公安局的户籍人口"})
	if !slices.Equal(ids(r), []string{"r0001"}) || !slices.Equal(r.Split, []string{"公安局", "户籍人口"}) {
		t.Errorf("%v, %q", ids(r), r.Split)
	}
}

func TestReaderSeesOwnDrafts(t *testing.T) {
	w := example(t)
	for _, c := range []struct {
		reader string
		total  int
		states map[string]int
	}{
		{"", 3, map[string]int{"published": 3}},
		{"d3", 3, map[string]int{"published": 3}},
		{"d1", 4, map[string]int{"published": 3, "submitted": 1}},
		{"d2", 4, map[string]int{"published": 3, "draft": 1}},
		{"d4", 5, map[string]int{"published": 3, "draft": 1, "submitted": 1}}, // the city's authority
		{"d5", 3, map[string]int{"published": 3}},                             // the province's: the city has its own
	} {
		r := w.search(Query{Reader: Reader{c.reader}})
		if r.Total != c.total || len(r.Hits) != c.total || !reflect.DeepEqual(r.facet(ByState), c.states) {
			t.Errorf("%s: %d, %d hits, %v", c.reader, r.Total, len(r.Hits), r.facet(ByState))
		}
		sum := 0
		for _, n := range r.facet(ByProvider) {
			sum += n
		}
		if sum != c.total {
			t.Errorf("%s: counts of providers give %d", c.reader, sum)
		}
	}
	// The directory changes who sees: 唐山 has no authority, so the province's.
	w.src.mu.Lock()
	w.src.dir.Authorities = map[string]string{"130000": "d5"}
	w.src.log = append(w.src.log, Change{Directory: true})
	w.src.mu.Unlock()
	w.poll()
	if r := w.search(Query{Reader: Reader{"d4"}}); r.Total != 3 {
		t.Errorf("d4 is no authority any more and sees %d", r.Total)
	}
	if r := w.search(Query{Reader: Reader{"d5"}}); r.Total != 5 {
		t.Errorf("d5 sees %d", r.Total)
	}
}

func TestFacetsAndFilters(t *testing.T) {
	w := example(t)
	r := w.search(Query{})
	for name, want := range map[FacetName]map[string]int{
		ByAttribute: {"conditional": 1, "unconditional": 1, "withheld": 1},
		ByMethod:    {"service_api": 2, "none": 1},
		ByLinked:    {"hosted_copy": 2, "none": 1},
		ByQuality:   {"excellent": 1, "none": 2},
		ByProvider:  {"d1": 1, "d2": 1, "d3": 1},
		ByRegion:    {"130100": 2, "130200": 1}, // the nation and the province hold all
		ByClass:     {"3": 3},
	} {
		if got := r.facet(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	filtered := Query{Text: "信息", Filters: Filters{Values: map[FacetName][]string{ByAttribute: {"withheld"}}}}
	r = w.search(filtered)
	if r.Total != 1 || len(r.facet(ByAttribute)) != 3 || !reflect.DeepEqual(r.facet(ByLinked), map[string]int{"none": 1}) {
		t.Errorf("filtered: %d, %v, %v", r.Total, r.facet(ByAttribute), r.facet(ByLinked))
	}
	r = w.search(Query{Filters: Filters{Region: "130100"}})
	if r.Total != 2 || !reflect.DeepEqual(r.facet(ByProvider), map[string]int{"d1": 1, "d2": 1}) {
		t.Errorf("region: %d %v", r.Total, r.facet(ByProvider))
	}
	if got := r.facet(ByRegion); !reflect.DeepEqual(got, map[string]int{"130100-own": 2}) {
		t.Errorf("below the region: %v", got)
	}
	if own := w.search(Query{Filters: Filters{Region: "130100-own"}}); own.Total != 2 {
		t.Errorf("own level: %d", own.Total)
	}
	if own := w.search(Query{Filters: Filters{Region: "130000-own"}}); own.Total != 0 {
		t.Errorf("own level of the province: %d", own.Total)
	}
	r = w.search(Query{Filters: Filters{Class: "3"}})
	if !reflect.DeepEqual(r.facet(ByClass), map[string]int{"307": 2, "308": 1}) {
		t.Errorf("class: %v", r.facet(ByClass))
	}
	r = w.search(Query{Filters: Filters{Class: "307", Providers: []string{"d1"}}})
	if r.Total != 1 || !reflect.DeepEqual(r.facet(ByProvider), map[string]int{"d1": 1, "d3": 1}) {
		t.Errorf("class and provider: %d %v", r.Total, r.facet(ByProvider))
	}
	_, err := w.Search(t.Context(), Query{Filters: Filters{Providers: []string{"nobody"}, Values: map[FacetName][]string{ByLevel: {"x"}}}})
	f, ok := fault.As(err)
	if !ok || f.Code != "search_filter_invalid" || len(f.Fields) != 2 {
		t.Errorf("faulty filters: %v", err)
	}
	for _, q := range []Query{{Text: strings.Repeat("长", 201)}, {Cursor: "%"}, {Cursor: "AAAA"}} {
		if _, err := w.Search(t.Context(), q); err == nil {
			t.Errorf("%+v is taken", q)
		}
	}
}

func TestHighlights(t *testing.T) {
	w := example(t)
	h := w.search(Query{Text: "户籍 派出所 sfh xm"}).Hits
	if len(h) != 0 {
		t.Errorf("sfh is no beginning of a word: %v", h)
	}
	hit := w.search(Query{Text: "户籍 派出所 gmsf 姓名 公安"}).Hits[0]
	for what, got := range map[string][2]string{
		"name":     {text(hit.Name), "[户籍]人口基本信息"},
		"abstract": {text(hit.Abstract), "全市常住人口登记的基本情况,由[派出所]采集"},
		"provider": {text(hit.Provider), "石家庄市[公安]局"},
		"item":     {text(hit.Items[1].Code), "[gmsf]hm"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %s, want %s", what, got[0], got[1])
		}
	}
	if hit.ItemHits != 2 || text(hit.Items[0].Name) != "[姓名]" || hit.RegionName != "石家庄市" {
		t.Errorf("%+v", hit)
	}
	if got := text(w.search(Query{Text: "rkjbxx"}).Hits[0].Name); got != "户籍[人口基本信息]" {
		t.Errorf("initials: %s", got)
	}
	if got := text(w.search(Query{Text: "身份证"}).Hits[0].Items[0].Name); got != "[公民身份号码]" {
		t.Errorf("synonym: %s", got)
	}
}

func TestPagesHoldEachHitOnce(t *testing.T) {
	var docs []Document
	for i := range 90 {
		d := entry(i, "d1", "人口信息", "姓名:xm")
		if i%3 == 0 {
			d.Name, d.Abstract = "其他信息", "与人口有关"
		}
		d.Rank = int64(i / 7) // many of equal rank
		docs = append(docs, d)
	}
	w := newWorld(t, docs...)
	seen, cursor, pages := map[string]bool{}, "", 0
	for {
		r := w.search(Query{Text: "人口", Limit: 7, Cursor: cursor})
		for _, h := range r.Hits {
			if seen[h.Document.Resource] {
				t.Fatalf("%s twice", h.Document.Resource)
			}
			if len(seen) >= 60 == strings.HasPrefix(h.Document.Name, "人口") {
				t.Errorf("%s is no. %d", h.Document.Name, len(seen))
			}
			seen[h.Document.Resource] = true
		}
		if cursor = r.Next; cursor == "" {
			break
		}
		pages++
	}
	if len(seen) != 90 || pages != 12 {
		t.Errorf("%d hits on %d pages", len(seen), pages+1)
	}
}

func TestExactCodeAndNameComeFirst(t *testing.T) {
	w := newWorld(t, entry(1, "d1", "企业信息"), entry(2, "d1", "企业信息公示"), entry(12, "d1", "见307001/000001"))
	if got := w.find("企业信息"); !slices.Equal(got, []string{"r0001", "r0002"}) {
		t.Error(got)
	}
	if got := w.find("307001/000001"); !slices.Equal(got, []string{"r0001", "r0012"}) {
		t.Error(got)
	}
}

func TestBuildingIsTold(t *testing.T) {
	w := &world{t: t, src: newFakeSource(), dir: t.TempDir(), clock: example(t).clock}
	w.open()
	_, err := w.Search(t.Context(), Query{})
	if f, ok := fault.As(err); !ok || f.Code != "search_index_building" || f.Kind != fault.Unavailable || !strings.Contains(f.Message, "索引建立中") {
		t.Errorf("%v", err)
	}
	if w.Status().State != "building" {
		t.Error(w.Status())
	}
	w.maintain()
	if s := w.Status(); s.State != "ready" {
		t.Error(s)
	}
}

// What is wrong with the files is found at the next start, and the index built
// anew.
func TestDamagedFilesAreRebuilt(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, w *world, segment string){
		"nothing is wrong": func(*testing.T, *world, string) {},
		"a byte":           func(t *testing.T, w *world, s string) { flip(t, s, 1000) },
		"a byte in the end": func(t *testing.T, w *world, s string) {
			info, _ := os.Stat(s)
			flip(t, s, info.Size()-20)
		},
		"cut off":      func(t *testing.T, w *world, s string) { must(t, os.Truncate(s, 512)) },
		"empty":        func(t *testing.T, w *world, s string) { must(t, os.Truncate(s, 0)) },
		"gone":         func(t *testing.T, w *world, s string) { must(t, os.Remove(s)) },
		"manifest":     func(t *testing.T, w *world, s string) { flip(t, filepath.Join(w.dir, manifestFile), 30) },
		"no manifest":  func(t *testing.T, w *world, s string) { must(t, os.Remove(filepath.Join(w.dir, manifestFile))) },
		"other epoch":  func(t *testing.T, w *world, s string) { w.src.epoch = "two" },
		"older backup": func(t *testing.T, w *world, s string) { w.src.log = nil },
		"asked for":    func(t *testing.T, w *world, s string) { must(t, RequestRebuild(w.dir)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := example(t)
			w.Close()
			files, _ := filepath.Glob(filepath.Join(w.dir, "segment-*"))
			if len(files) != 1 {
				t.Fatal(files)
			}
			before, err := os.ReadFile(files[0])
			must(t, err)
			damage(t, w, files[0])
			w.src.put(entry(5, "d1", "后来的")) // makes a new index another file
			w.open()
			_, _ = w.Poll(t.Context())
			w.maintain()
			if got := w.find("户籍"); !slices.Equal(got, []string{"r0001", "r0003"}) {
				t.Error(got)
			}
			files, _ = filepath.Glob(filepath.Join(w.dir, "segment-*"))
			after, err := os.ReadFile(files[0])
			must(t, err)
			if same := bytes.Equal(before, after); same != (name == "nothing is wrong") || len(files) != 1 {
				t.Errorf("the same file: %v; %v", same, files)
			}
		})
	}
}

func flip(t *testing.T, path string, at int64) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	var b [1]byte
	_, err = f.ReadAt(b[:], at)
	must(t, err)
	b[0] ^= 0x40
	_, err = f.WriteAt(b[:], at)
	must(t, err)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Two processes never write one directory: the second keeps its own index.
func TestSecondProcessKeepsItsOwn(t *testing.T) {
	w := example(t)
	other := &world{t: t, src: w.src, dir: w.dir, clock: w.clock}
	other.open()
	other.maintain()
	if other.Kept() || !w.Kept() {
		t.Errorf("kept: %v, %v", w.Kept(), other.Kept())
	}
	if got := other.find("户籍"); len(got) != 2 {
		t.Error(got)
	}
}

// A file cut off under a running node: the reader is told, the node lives and
// builds the index anew.
func TestFileCutOffWhileServing(t *testing.T) {
	w := example(t)
	files, _ := filepath.Glob(filepath.Join(w.dir, "segment-*"))
	must(t, os.Truncate(files[0], 0))
	if _, err := w.Search(t.Context(), Query{Text: "户籍"}); !fault.Is(err, "search_index_building") {
		t.Fatalf("%v", err)
	}
	w.maintain()
	if got := w.find("户籍"); len(got) != 2 {
		t.Error(got)
	}
}

func TestSynonymsFile(t *testing.T) {
	for _, bad := range []string{"groups:\n  - [一个]\n", "groups:\n  - ['，', 词]\n", "group: []\n", ": ["} {
		if _, err := ReadSynonyms(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestPinyinCuts(t *testing.T) {
	got := cutSyllables("xian")
	want := [][]string{{"xian"}, {"xia", "n"}, {"xi", "an"}}
	for _, w := range [][]string{want[0], want[2]} {
		if !slices.ContainsFunc(got, func(g []string) bool { return slices.Equal(g, w) }) {
			t.Errorf("%v lacks %v", got, w)
		}
	}
	if got := cutSyllables("xqz"); len(got) != 0 {
		t.Error(got)
	}
	if n := len(cutSyllables(strings.Repeat("xian", 16))); n > maxCuts {
		t.Errorf("%d ways", n)
	}
}
