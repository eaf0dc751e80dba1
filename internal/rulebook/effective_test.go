package rulebook_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/rulebook"
)

var (
	before = time.Date(2025, 7, 31, 4, 0, 0, 0, time.UTC)
	after  = time.Date(2025, 8, 1, 4, 0, 0, 0, time.UTC)
)

func rules(t testing.TB, region string, at time.Time) *rulebook.Rules {
	t.Helper()
	r, err := rulebook.NewLibrary(mainFiles(t)...).InForce(region, at)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The conflicts that the three texts have, before and from the day the
// national regulation is in force, inside and outside the province.
func TestPrecedence(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, region      string
		at                time.Time
		term              string
		length, extension int
		prevails, decides string // clause of the length, of the extension
		overridden        string
	}{
		{"HB-9 alone", "130000", before, "hb_catalog_update", 10, 10, "HB-9", "HB-9", ""},
		{"HB-9's extension is cut to five", "130000", after, "hb_catalog_update", 10, 5, "CN-17.2", "CN-17.2", "HB-9"},
		{"the national term in the province", "130102", after, "catalog_update", 10, 5, "CN-17.2", "CN-17.2", "HB-9"},
		{"HB-9's review alone", "130000", before, "hb_catalog_review", 10, 0, "HB-9", "", ""},
		{"HB-9's review is cut to two", "130000", after, "hb_catalog_review", 2, 0, "CN-17.3", "", "HB-9"},
		{"HB-15.2 alone", "130100", before, "hb_direct_provision", 3, 0, "HB-15.2", "", ""},
		{"HB-15.2 is cut to one", "130100", after, "hb_direct_provision", 1, 0, "CN-21.1", "HB-15.2", "CN-21.1 HB-15.2"},
		{"HB-15.3's reply is stricter", "130100", after, "hb_provider_reply", 5, 0, "HB-15.3", "HB-15.3", "CN-21.1"},
		{"but not for the direct procedure", "130100", after, "reply_conditional", 10, 10, "CN-21.1", "CN-21.1", ""},
		{"HB-15.3's provision is stricter", "130100", after, "hb_authority_provision", 3, 0, "HB-15.3", "", "CN-22"},
		{"delivery in the direct procedure", "130100", after, "delivery", 20, 0, "CN-22", "", ""},
		{"HB-16 alone can be extended", "130102", before, "hb_correction", 10, 10, "HB-16.2", "HB-16.2", ""},
		{"CN-26.2 knows no extension", "130102", after, "hb_correction", 10, 0, "CN-26.2", "CN-26.2", "HB-16.2"},
		{"no counterpart", "130102", after, "hb_authority_review", 3, 0, "HB-15.3", "", ""},
		{"outside the province", "140000", after, "catalog_update", 10, 5, "CN-17.2", "CN-17.2", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			res, ok := rules(t, tc.region, tc.at).Effective(tc.term)
			if !ok {
				t.Fatal("not found")
			}
			var over []string
			for _, o := range res.Overrides {
				over = append(over, o.Clause.ID)
			}
			got := fmt.Sprint(res.Term.Length, res.Term.ExtensionLength(), res.Prevails.ID, res.ExtensionFrom.ID, over)
			want := fmt.Sprint(tc.length, tc.extension, tc.prevails, tc.decides, strings.Fields(tc.overridden))
			if got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
			if res.Term.Clause != tc.prevails || res.Term.ID != tc.term || res.Stated.ID != tc.term {
				t.Errorf("term %+v", res.Term)
			}
		})
	}
	if _, ok := rules(t, "140000", after).Effective("hb_catalog_update"); ok {
		t.Error("a provincial term outside its province")
	}
}

// A clock picks the term that prevails, and a case's rules are found by the
// joined key: those of one book alone, as cases received before have it, too.
func TestClocksGoByTheEffectiveTerm(t *testing.T) {
	t.Parallel()
	lib := rulebook.NewLibrary(mainFiles(t)...)
	r, err := lib.InForce("130102", after)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(strings.Split(r.Key, "+")); n != 3 {
		t.Fatalf("key %s", r.Key)
	}
	clock := rulebook.Clock{Terms: []rulebook.ClockTerm{{When: map[string][]string{"x": {"y"}}, Term: "delivery"}, {Term: "hb_catalog_review"}}}
	got, ok := r.ClockTerm(clock, map[string]any{"x": "z"})
	if !ok || got.Length != 2 || got.Clause != "CN-17.3" {
		t.Errorf("clock term %+v", got)
	}
	for _, key := range []string{r.Key, lib.Current()[0].Key, lib.Current()[1].Key} {
		again, err := lib.ByKey(key)
		if err != nil || again.Key != key {
			t.Fatalf("%s: %v", key, err)
		}
	}
	if alone, _ := lib.ByKey(lib.Current()[1].Key); alone != nil {
		if term, _ := alone.Term("hb_catalog_review"); term.Length != 10 {
			t.Errorf("received before: %+v", term)
		}
	}
	if _, err := lib.ByKey(r.Key + "+cn-1@000000000000"); err == nil {
		t.Error("an unknown key was found")
	}
}

func TestConflictsOfTheThreeTexts(t *testing.T) {
	t.Parallel()
	var got []string
	for _, c := range rulebook.Conflicts(mainFiles(t)...) {
		got = append(got, fmt.Sprintf("%s %s %s=%d %s=%d → %s from %s", c.Local.ID, c.Part, c.LocalClause.ID, c.LocalLength,
			c.SeniorClause.ID, c.SeniorLength, c.Prevailing().ID, c.From))
	}
	want := []string{
		"hb_authority_provision length HB-15.3=3 CN-22=20 → HB-15.3 from 2025-08-01",
		"hb_catalog_review length HB-9=10 CN-17.3=2 → CN-17.3 from 2025-08-01",
		"hb_catalog_update extension HB-9=10 CN-17.2=5 → CN-17.2 from 2025-08-01",
		"hb_correction extension HB-16.2=10 CN-26.2=0 → CN-26.2 from 2025-08-01",
		"hb_direct_provision length HB-15.2=3 CN-21.1=1 → CN-21.1 from 2025-08-01",
		"hb_direct_provision extension HB-15.2=0 CN-21.1=10 → HB-15.2 from 2025-08-01",
		"hb_provider_reply length HB-15.3=5 CN-21.1=10 → HB-15.3 from 2025-08-01",
		"hb_provider_reply extension HB-15.3=0 CN-21.1=10 → HB-15.3 from 2025-08-01",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// family draws one national book with a term and local books below it with
// terms that are its counterparts, directly or through each other.
func family(t *rapid.T) []*rulebook.Rulebook {
	minimum := rapid.Bool().Draw(t, "minimum")
	term := func(name, clause, counterpart string, own bool) string {
		s := fmt.Sprintf("terms:\n  %s: {name: 期限, clause: %s, length: %d, unit: working_day, from: 收到", name, clause, rapid.IntRange(1, 30).Draw(t, name))
		if rapid.Bool().Draw(t, name+" can be extended") {
			s += fmt.Sprintf(", extension: {length: %d, unit: working_day, consent: p.authority, clause: %s}", rapid.IntRange(1, 30).Draw(t, name+" extension"), clause)
		}
		if counterpart != "" {
			s += ", counterpart: " + counterpart
		}
		return s + fmt.Sprintf(", own_procedure: %v, minimum: %v}\n", own, minimum)
	}
	head := func(code, prefix, rank, region string) string {
		return fmt.Sprintf("instrument: {code: %s, prefix: %s, name: 规定, number: 1, rank: %s, region: %q, in_force: 2020-01-01}\nclauses: [{id: %s-1, article: 第一条, gist: 期限}]\n",
			code, prefix, rank, region, prefix)
	}
	sources := []string{head("n", "N", "national", "100000") + term("t_n", "N-1", "", false)}
	above := []string{"t_n"}
	for _, b := range [][3]string{{"p", "provincial", "130000"}, {"c", "city", "130100"}, {"x", "county", "130102"}} {
		if rapid.Bool().Draw(t, "there is a book of "+b[1]) {
			prefix := strings.ToUpper(b[0])
			sources = append(sources, head(b[0], prefix, b[1], b[2])+
				term("t_"+b[0], prefix+"-1", rapid.SampledFrom(above).Draw(t, b[0]+" counterpart"), rapid.Bool().Draw(t, b[0]+" own")))
			above = append(above, "t_"+b[0])
		}
	}
	var books []*rulebook.Rulebook
	for _, s := range sources {
		b, err := rulebook.Parse([]byte(s))
		if err != nil {
			t.Fatalf("%v\n%s", err, s)
		}
		books = append(books, b)
	}
	if err := rulebook.CheckTogether(books...); err != nil {
		t.Fatal(err)
	}
	return books
}

// However the instruments differ, what applies is never laxer than any
// senior counterpart nor than the instrument itself, someone states it, it
// does not depend on the order the books are read in, and resolving what is
// resolved changes nothing.
func TestEffectiveTermProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		books := family(t)
		at := time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC)
		in := func(books []*rulebook.Rulebook) *rulebook.Rules {
			r, err := rulebook.NewLibrary(books...).InForce("130102", at)
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		r, shuffled := in(books), in(rapid.Permutation(books).Draw(t, "order"))
		for _, b := range books {
			for id, stated := range b.Terms {
				res, ok := r.Effective(id)
				if !ok {
					t.Fatalf("%s is gone", id)
				}
				if other, _ := shuffled.Effective(id); fmt.Sprintf("%+v", other) != fmt.Sprintf("%+v", res) {
					t.Fatalf("%s: order counts: %+v %+v", id, res, other)
				}
				for up, ok := stated, true; ok; up, ok = r.Stated(up.Counterpart) {
					notLaxer(t, res.Term, up)
				}
				again := resolvedAgain(t, books, r)
				if twice, _ := again.Effective(id); twice.Term.Length != res.Term.Length || twice.Term.ExtensionLength() != res.Term.ExtensionLength() {
					t.Fatalf("%s: once %+v, twice %+v", id, res.Term, twice.Term)
				}
				for _, o := range res.Overrides {
					if !o.Length && !o.Extension {
						t.Fatalf("%s: %s is overridden in nothing", id, o.Clause.ID)
					}
					notLaxer(t, res.Term, o.Term)
				}
			}
		}
	})
}

func notLaxer(t *rapid.T, got, than rulebook.Term) {
	if laxer := got.Length > than.Length; laxer != got.Minimum && got.Length != than.Length {
		t.Fatalf("%s: length %d is laxer than %s's %d", got.ID, got.Length, than.ID, than.Length)
	}
	if got.ExtensionLength() > than.ExtensionLength() {
		t.Fatalf("%s: extension %d is longer than %s's %d", got.ID, got.ExtensionLength(), than.ID, than.ExtensionLength())
	}
}

// resolvedAgain makes rules of books whose terms already say what applies.
func resolvedAgain(t *rapid.T, books []*rulebook.Rulebook, r *rulebook.Rules) *rulebook.Rules {
	var again []*rulebook.Rulebook
	for _, b := range books {
		c := *b
		c.Terms = map[string]rulebook.Term{}
		for id := range b.Terms {
			c.Terms[id], _ = r.Term(id)
		}
		again = append(again, &c)
	}
	out, err := rulebook.NewLibrary(again...).InForce("130102", time.Date(2026, 1, 5, 4, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCheckTogetherNamesEveryKindOfError(t *testing.T) {
	t.Parallel()
	const national = "instrument: {code: n, prefix: N, name: 条例, number: 1, rank: national, region: \"100000\", in_force: 2020-01-01}\n" +
		"clauses: [{id: N-1, article: 第一条, gist: 期限}]\nterms:\n  a: {name: 期限, clause: N-1, length: 1, unit: working_day, from: 收到}\n"
	const local = "instrument: {code: p, prefix: P, name: 办法, number: 1, rank: provincial, region: \"130000\", in_force: 2020-01-01}\n" +
		"clauses: [{id: P-1, article: 第一条, gist: 期限}]\nterms:\n  b: {name: 期限, clause: N-1, length: 1, unit: working_day, from: 收到, counterpart: a}\n"
	for _, tc := range []struct{ name, old, new, want string }{
		{"nothing", "", "", ""},
		{"clause", "clause: N-1", "clause: N-2", `p: term b: unknown clause "N-2"`},
		{"counterpart", "counterpart: a", "counterpart: z", `term b: unknown counterpart "z"`},
		{"unit", "unit: working_day", "unit: month", "cannot be compared"},
		{"minimum", "counterpart: a", "counterpart: a, minimum: true", "cannot be compared"},
		{"term twice", "  b: {name", "  a: {name", "term a: defined in both n and p"},
		{"clause twice", "prefix: P, name", "prefix: N, name", "clause N-1: defined in both n and p"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text := strings.Replace(local, tc.old, tc.new, 1)
			if tc.name == "clause twice" {
				text = strings.ReplaceAll(text, "P-1", "N-1")
			}
			var books []*rulebook.Rulebook
			for _, s := range []string{text, national} {
				b, err := rulebook.Parse([]byte(s))
				if err != nil {
					t.Fatal(err)
				}
				books = append(books, b)
			}
			err := rulebook.CheckTogether(books...)
			if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
				t.Fatalf("want %q, got %v", tc.want, err)
			}
		})
	}
}
