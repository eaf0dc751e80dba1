package sheet

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sheet/table"
)

var department = org.Department{ID: "dept", Name: "河北省民政厅", USCC: "11130000000218000X"}

// shelf is a catalog in memory.
type shelf struct {
	resources map[string]catalog.Resource
	versions  map[string]catalog.Version
}

func newShelf(entries ...catalog.Entry) *shelf {
	s := &shelf{map[string]catalog.Resource{}, map[string]catalog.Version{}}
	for i, e := range entries {
		id := fmt.Sprintf("r%d", i+1)
		s.resources[id] = catalog.Resource{ID: id, Code: fmt.Sprintf("%s/%06d", e.ClassCode, i+1), Provider: department.ID, Pending: 1, Version: 1}
		s.versions[id] = catalog.Version{ID: "v" + id, Resource: id, Number: 1, Status: catalog.Draft, Entry: e, Revision: 1}
	}
	return s
}

func (s *shelf) Resource(_ context.Context, id string) (catalog.Resource, error) {
	if r, ok := s.resources[id]; ok {
		return r, nil
	}
	return catalog.Resource{}, fault.Missing("目录条目", id)
}

func (s *shelf) ResourceByCode(ctx context.Context, code string) (catalog.Resource, error) {
	for _, r := range s.resources {
		if r.Code == code {
			return r, nil
		}
	}
	return catalog.Resource{}, fault.Missing("目录条目", code)
}

func (s *shelf) Version(_ context.Context, resource string, _ int) (catalog.Version, error) {
	return s.versions[resource], nil
}

func (s *shelf) Versions(_ context.Context, resource string) ([]catalog.Version, error) {
	return []catalog.Version{s.versions[resource]}, nil
}

func (s *shelf) ResourceNamed(_ context.Context, _, name string) (string, error) {
	for id, v := range s.versions {
		if v.Entry.Name == name {
			return id, nil
		}
	}
	return "", nil
}

// builtIn is the scheme that every node has.
func builtIn() Scheme { return catalog.NewScheme(nil, nil, nil) }

type tb interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// planned reads a file and plans it against a catalog.
func planned(t tb, data []byte, s *shelf) ([]Planned, *parsed) {
	t.Helper()
	b, err := table.Open(bytes.NewReader(data), int64(len(data)), table.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := recognise(b)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.check(); err != nil {
		t.Fatal(err, m)
	}
	p, err := parse(b, m, func(int) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	tree, err := readClasses(context.Background(), builtIn())
	if err != nil {
		t.Fatal(err)
	}
	pl := &planner{parsed: p, store: s, classes: tree, dept: department, names: map[string]int{}, ids: map[string]int{}}
	var out []Planned
	for _, g := range p.groups {
		row, err := pl.plan(context.Background(), g)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, row)
	}
	return out, p
}

// exported writes entries as the template has them; without codes they are new
// where they arrive.
func exported(t tb, f table.Format, codes bool, s *shelf, entries []catalog.Entry) []byte {
	t.Helper()
	var out bytes.Buffer
	err := (&Service{Deps: Deps{Scheme: builtIn()}}).book(context.Background(), f, &out, false, func(put func(catalog.Resource, catalog.Entry) error) error {
		for i, e := range entries {
			r := catalog.Resource{}
			if codes {
				r = s.resources[fmt.Sprintf("r%d", i+1)]
			}
			if err := put(r, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// tricky are texts that spreadsheets, separators and escapes make trouble of.
func tricky(limit int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{"社会团体", "=1+1", "+86", "-5", "@SUM(A1)", "\t", "\n", "；", ";", `\`, "=", "'", `"`, ",", "_x0041_", "_x005F_",
			"<b>&amp;", "1E5", "00123", "2026-03-02", "　", " ", "𠀀", "是", "x", "】【", "http://a?b=c", "a\rb"}), 0, 5).Draw(t, "parts")
		s := strings.TrimSpace(strings.Join(parts, ""))
		if r := []rune(s); len(r) > limit {
			s = strings.TrimSpace(string(r[:limit]))
		}
		return s
	})
}

func oneOf[T ~string](list string, blank bool) *rapid.Generator[T] {
	var codes []T
	for _, e := range catalog.Vocabulary() {
		if e.ID == list {
			for _, w := range e.Words {
				codes = append(codes, T(w.Code))
			}
		}
	}
	if blank {
		codes = append(codes, "")
	}
	return rapid.SampledFrom(codes)
}

func texts(limit, n int) *rapid.Generator[[]string] {
	return rapid.Map(rapid.SliceOfNDistinct(tricky(limit).Filter(func(s string) bool { return s != "" }), 0, n, rapid.ID[string]), func(x []string) []string {
		if x == nil {
			return []string{}
		}
		return x
	})
}

func anItem(n int) *rapid.Generator[catalog.Item] {
	return rapid.Custom(func(t *rapid.T) catalog.Item {
		x := catalog.Item{Code: fmt.Sprintf("i%d", n), Name: fmt.Sprintf("项%d%s", n, tricky(20).Draw(t, "name")), Type: oneOf[string](catalog.VocabItemType, true).Draw(t, "type"),
			Length: rapid.IntRange(0, 4000).Draw(t, "length"), Format: tricky(50).Draw(t, "format"), Description: tricky(50).Draw(t, "description"), Element: rapid.SampledFrom([]string{"", "DE-XM", "内部元素；1"}).Draw(t, "element"),
			Key: rapid.Bool().Draw(t, "key"), Nullable: rapid.Bool().Draw(t, "nullable"), Level: oneOf[catalog.Level](catalog.VocabLevel, true).Draw(t, "level"),
			Sensitivity: oneOf[catalog.Sensitivity](catalog.VocabSensitivity, true).Draw(t, "sensitivity"), Masked: rapid.Bool().Draw(t, "masked"),
			EnglishName: tricky(20).Draw(t, "english"), Attribute: oneOf[catalog.Attribute](catalog.VocabAttribute, true).Draw(t, "attribute"), Authoritative: rapid.Bool().Draw(t, "authoritative"),
			ElementNote: tricky(30).Draw(t, "note")}
		x.Name = strings.TrimSpace(x.Name)
		if x.Type == "N" {
			x.Decimals = rapid.IntRange(0, min(15, x.Length)).Draw(t, "decimals")
		}
		if r := tricky(30).Draw(t, "reason"); r != "" {
			x.LevelBasis = &catalog.LevelBasis{Reason: r}
		}
		if x.Type == "C" || x.Type == "" {
			d := catalog.Domain{Scheme: tricky(20).Draw(t, "scheme")}
			for _, code := range texts(max(1, min(10, x.Length)), 4).Draw(t, "values") {
				d.Values = append(d.Values, catalog.CodeValue{Code: code, Name: tricky(20).Draw(t, "meaning")})
			}
			if rapid.Bool().Draw(t, "pattern") {
				d.Pattern = rapid.SampledFrom([]string{`\d{18}`, `[一-龥]+`, `a;b\\=c`, `=x`}).Draw(t, "re")
			}
			if len(d.Values) > 0 || d.Scheme+d.Pattern != "" {
				x.Domain = &d
			}
		}
		return x
	})
}

func anEntry(n int) *rapid.Generator[catalog.Entry] {
	return rapid.Custom(func(t *rapid.T) catalog.Entry {
		e := catalog.Entry{Name: strings.TrimSpace(fmt.Sprintf("资源%d%s", n, tricky(20).Draw(t, "name"))), ClassCode: rapid.SampledFrom([]string{"101001", "1010010002", "301001"}).Draw(t, "class"),
			Abstract: tricky(100).Draw(t, "abstract"), Format: rapid.SampledFrom([]string{"", "数据库", "数据库/达梦"}).Draw(t, "format"),
			Frequency: oneOf[string](catalog.VocabFrequency, true).Draw(t, "frequency"), Attribute: oneOf[catalog.Attribute](catalog.VocabAttribute, true).Draw(t, "attribute"),
			Methods: []catalog.Method{}, UseConditions: tricky(50).Draw(t, "conditions"), ScopeOfUse: tricky(50).Draw(t, "scope"), Purposes: texts(30, 4).Draw(t, "purposes"),
			LegalBasis: tricky(50).Draw(t, "legal"), WithheldReason: tricky(50).Draw(t, "reason"), Level: oneOf[catalog.Level](catalog.VocabLevel, true).Draw(t, "level"),
			PersonalInfo: rapid.Bool().Draw(t, "personal"), Collection: oneOf[catalog.Collection](catalog.VocabCollection, true).Draw(t, "collection"),
			SourceSystem: tricky(30).Draw(t, "system"), DutyBasis: tricky(30).Draw(t, "duty"), Contact: tricky(30).Draw(t, "contact"),
			OpenAttribute: oneOf[string](catalog.VocabOpenness, true).Draw(t, "open"), Items: []catalog.Item{}, Category: tricky(30).Draw(t, "category")}
		if e.Format != "" {
			e.FormatKind = catalog.FormatDatabase
		}
		e.Methods = append(e.Methods, rapid.SliceOfNDistinct(oneOf[catalog.Method](catalog.VocabMethod, false), 0, 3, rapid.ID[catalog.Method]).Draw(t, "methods")...)
		if rapid.Bool().Draw(t, "linked") {
			e.Upstream = &catalog.Upstream{URL: "https://data.example.cn:8443/a", TimeoutSeconds: rapid.IntRange(0, 60).Draw(t, "timeout")}
		}
		for i := range rapid.IntRange(0, 3).Draw(t, "items") {
			e.Items = append(e.Items, anItem(i).Draw(t, "item"))
		}
		if rapid.Bool().Draw(t, "related") {
			e.Related = []string{"301001/000001", "101001/000007"}
		}
		return e
	})
}

func canonical(t tb, e catalog.Entry) string {
	t.Helper()
	b, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(b), `\r\n`, `\n`)
}

// What is exported and handed in comes back as it was: as new entries where
// nothing is, and as unchanged ones where they came from; in both formats.
func TestRoundTripLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom([]table.Format{table.XLSX, table.CSVZip}).Draw(t, "format")
		var entries []catalog.Entry
		for i := range rapid.IntRange(1, 3).Draw(t, "entries") {
			e := anEntry(i).Draw(t, "entry")
			if err := catalog.CheckForm(e); err != nil {
				t.Skip(err) // never in a catalog
			}
			entries = append(entries, e)
		}
		here := newShelf(entries...)
		got, _ := planned(t, exported(t, f, false, here, entries), newShelf())
		if len(got) != len(entries) {
			t.Fatalf("%d resources of %d", len(got), len(entries))
		}
		for i, row := range got {
			if row.Outcome != New || row.Entry == nil {
				t.Fatalf("%s: %+v", row.Outcome, row.Reasons)
			}
			if want, is := canonical(t, entries[i]), canonical(t, *row.Entry); want != is {
				t.Fatalf("want %s\ngot %s", want, is)
			}
		}
		back, _ := planned(t, exported(t, f, true, here, entries), here)
		for _, row := range back {
			if row.Outcome != Unchanged {
				t.Fatalf("where it came from: %s %v %v %v", row.Outcome, row.Fields, row.Changes, row.Reasons)
			}
		}
	})
}
