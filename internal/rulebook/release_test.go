package rulebook_test

import (
	"io/fs"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/law"
)

// release reads every rulebook of this release.
func release(t testing.TB) []*rulebook.Rulebook { return parseAll(t, law.Source) }

// mainFiles reads the clauses and terms of the three instruments, without
// their procedures.
func mainFiles(t testing.TB) []*rulebook.Rulebook { return parseAll(t, law.Rulebooks.ReadFile) }

func parseAll(t testing.TB, read func(name string) ([]byte, error)) []*rulebook.Rulebook {
	t.Helper()
	names, err := fs.Glob(law.Rulebooks, "*.yaml")
	if err != nil || len(names) != 3 {
		t.Fatalf("rulebooks %v: %v", names, err)
	}
	var books []*rulebook.Rulebook
	for _, name := range names {
		source, err := read(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(source)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		books = append(books, b)
	}
	return books
}

func TestTheReleaseIsSoundTogether(t *testing.T) {
	t.Parallel()
	if err := rulebook.CheckTogether(release(t)...); err != nil {
		t.Fatal(err)
	}
}

// An instrument is in force from 00:00 of its first day to 24:00 of its last
// one, in China; a later text of it follows without a gap.
func TestPeriods(t *testing.T) {
	t.Parallel()
	parse := func(code, days string) *rulebook.Rulebook {
		b, err := rulebook.Parse([]byte("instrument: {code: " + code + ", prefix: N, name: 条例, number: 1, rank: national, region: \"100000\", " + days + "}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	old, young := parse("n", "in_force: 2024-01-01, until: 2024-06-30"), parse("n", "in_force: 2024-07-01")
	if err := rulebook.CheckTogether(old, young); err != nil {
		t.Fatal(err)
	}
	lib := rulebook.NewLibrary(young, old)
	midnight := time.Date(2024, 6, 30, 16, 0, 0, 0, time.UTC) // 1 July begins in China
	for _, tc := range []struct {
		at   time.Time
		want *rulebook.Rulebook
	}{
		{time.Date(2023, 12, 31, 15, 59, 59, 0, time.UTC), nil},
		{time.Date(2023, 12, 31, 16, 0, 0, 0, time.UTC), old},
		{midnight.Add(-time.Nanosecond), old},
		{midnight, young},
	} {
		rules, err := lib.InForce("130102", tc.at)
		if (err != nil) != (tc.want == nil) || err == nil && (len(rules.Books) != 1 || rules.Books[0] != tc.want) {
			t.Errorf("%s: %+v %v", tc.at, rules, err)
		}
	}
}

// Whatever a rulebook file holds, reading it ends in a rulebook or in an
// error; one that is read can be joined and resolved.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`
instrument: {code: b, prefix: B, name: 条例, number: "1", rank: national, region: "100000", in_force: "2020-01-01"}
clauses: [{id: B-1, article: 第一条, gist: 期限}]
terms: {t: {name: 期限, clause: B-1, length: 1, unit: working_day, from: 收到}}
procedures:
  p:
    {name: 程序, clause: B-1, number: 程, parties: {a: 部门}, stages: {x: {name: 开, turn: [a.clerk]}, y: {name: 结, final: true}},
     actions: {o: {name: 开, opens: true, to: x, by: [a.clerk]}, c: {name: 结, from: [x], by: [platform], to: y}},
     clocks: {k: {name: 钟, terms: [{term: t}], starts: [o], stops: [c], owner: a.clerk}}}
`))
	f.Add([]byte("instrument: {code: a}\nprocedures: {p: {stages: {s: {}}, actions: {a: {from: [s], to: t}}, clocks: {c: {}}}}\n---\nterms: {t: {counterpart: t}}\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		b, err := rulebook.Parse(source)
		if err != nil {
			return
		}
		_ = rulebook.CheckTogether(b, b)
		rules, err := rulebook.NewLibrary(b).ByKey(b.Key)
		if err != nil {
			t.Fatal(err)
		}
		for id := range b.Terms {
			if _, ok := rules.Effective(id); !ok {
				t.Fatalf("term %s is gone", id)
			}
		}
	})
}
