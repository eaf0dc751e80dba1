package supervision

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/law"
)

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

func library(t testing.TB) *rulebook.Library {
	t.Helper()
	names, err := fs.Glob(law.Rulebooks, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var books []*rulebook.Rulebook
	for _, name := range names {
		source, err := law.Source(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rulebook.Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		books = append(books, b)
	}
	return rulebook.NewLibrary(books...)
}

// tree is a province, a city in it and a county in that, each with an
// authority and a department.
type tree struct{ Organisation }

var authorities = map[string]string{"130000": "a1", "130100": "a2", "130102": "a3"}

func regionOf(department string) string {
	return map[byte]string{'1': "130000", '2': "130100", '3': "130102"}[department[1]]
}

func (tree) Department(_ context.Context, id string) (org.Department, error) {
	if len(id) != 2 || id[1] < '1' || id[1] > '3' {
		return org.Department{}, fault.Missing("部门", id)
	}
	return org.Department{ID: id, Name: id, Region: regionOf(id)}, nil
}

func (tree) SameLevelAuthority(_ context.Context, id string) (string, error) {
	return authorities[regionOf(id)], nil
}

func (tree) SuperiorAuthority(_ context.Context, id string) (string, error) {
	return map[string]string{"a3": "a2", "a2": "a1", "a1": "a1"}[authorities[regionOf(id)]], nil
}

// Who orders what, for every item and every kind of department: nobody decides
// its own matter, and where nobody is above the government decides.
func TestWhoDecides(t *testing.T) {
	t.Parallel()
	s := NewService(Deps{Org: tree{}, Rules: library(t), Clock: clock.NewFake(noon)})
	if n := len(Items()); n != 32 {
		t.Fatalf("%d items", n)
	}
	for _, item := range Items() {
		for department, want := range map[string][2]string{ // same-level decider, superior decider; "!" is the government
			"d3": {"a3", "a2"}, "d2": {"a2", "a1"}, "d1": {"a1", "a1!"}, "a3": {"a2", "a2"}, "a2": {"a1", "a1"}, "a1": {"a1!", "a1!"},
		} {
			r, err := s.route(t.Context(), item.Clause, department)
			if strings.HasPrefix(item.Clause, "XN") && department[1] != '3' {
				if !fault.Is(err, "clause_not_in_force") {
					t.Errorf("%s against %s: %v", item.Clause, department, err)
				}
				continue
			}
			if item.Role == Authority && department[0] != 'a' {
				if !fault.Is(err, "not_an_authority") {
					t.Errorf("%s against %s: %v", item.Clause, department, err)
				}
				continue
			}
			expected := want[0]
			if item.Superior {
				expected = want[1]
			}
			got := r.Decider
			if r.ByGovernment {
				got += "!"
			}
			if err != nil || got != expected || r.Gist == "" || !strings.Contains(r.Article, "》第") {
				t.Errorf("%s against %s: %s (%+v, %v), want %s", item.Clause, department, got, r, err, expected)
			}
		}
	}
	if _, err := s.route(t.Context(), "CN-39.4", "zz"); !fault.Is(err, "department_unknown") {
		t.Errorf("unknown department: %v", err)
	}
	if _, err := s.route(t.Context(), "CN-39", "d1"); !fault.Is(err, "liability_clause_unknown") {
		t.Errorf("an article is no item: %v", err)
	}
}

// Every item of the liability articles is one of the rulebooks', and each
// article has no item more.
func TestItemsAreThoseOfTheRulebooks(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for _, b := range library(t).Current() {
		for _, c := range b.Clauses {
			if i := slices.IndexFunc(articles, func(a struct {
				clause   string
				items    int
				role     Role
				superior bool
			}) bool {
				return strings.HasPrefix(c.ID, a.clause+".")
			}); i >= 0 {
				found[c.ID] = true
			}
		}
	}
	for _, i := range Items() {
		if !found[i.Clause] {
			t.Errorf("%s is in no rulebook", i.Clause)
		}
		delete(found, i.Clause)
	}
	if len(found) > 0 {
		t.Errorf("not covered: %v", found)
	}
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	rules, err := library(t).InForce("130102", noon)
	if err != nil {
		t.Fatal(err)
	}
	sum, seen := 0, map[string]bool{}
	for _, i := range Indicators() {
		sum += i.Weight
		if seen[i.ID] || i.Name == "" || i.Weight <= 0 || measureWords[i.Measure] == "" || (i.Measure == "clocks") != (len(i.Clocks) > 0) {
			t.Errorf("%+v", i)
		}
		seen[i.ID] = true
		if rules.Clause(i.Clause).Article == "" {
			t.Errorf("%s: unknown clause %s", i.ID, i.Clause)
		}
		for _, name := range i.Clocks {
			proc, clk, _ := strings.Cut(name, ".")
			p, err := rules.Procedure(proc)
			if err != nil {
				t.Errorf("%s: %v", i.ID, err)
				continue
			}
			if k, ok := p.Clocks[clk]; !ok || !strings.HasPrefix(k.Owner, "provider.") {
				t.Errorf("%s: %s is no clock of a provider", i.ID, name)
			}
		}
	}
	if sum != 100 {
		t.Errorf("weights sum to %d", sum)
	}
}

// A score lies between the worst and the best mark, does not depend on what
// does not apply, and ranks go down with scores.
func TestScores(t *testing.T) {
	t.Parallel()
	list := Indicators()
	rapid.Check(t, func(t *rapid.T) {
		var rows []Assessed
		for range rapid.IntRange(1, 12).Draw(t, "departments") {
			marks := make([]Mark, len(list))
			lowest, highest, applies := math.Inf(1), math.Inf(-1), false
			for i := range marks {
				total := rapid.IntRange(0, 5).Draw(t, "total")
				marks[i] = share(rapid.IntRange(0, total).Draw(t, "good"), total)
				if marks[i].Applies {
					applies = true
					lowest, highest = min(lowest, marks[i].Score), max(highest, marks[i].Score)
				}
			}
			score := weigh(list, marks)
			if applies && (score < lowest-0.01 || score > highest+0.01) || !applies && score != 0 {
				t.Fatalf("%v of %+v", score, marks)
			}
			rows = append(rows, Assessed{Name: rapid.StringMatching(`[a-c]`).Draw(t, "name"), Score: score})
		}
		rank(rows)
		for i, r := range rows {
			better := 0
			for _, o := range rows {
				if o.Score > r.Score {
					better++
				}
			}
			if r.Rank != better+1 || i > 0 && rows[i-1].Score < r.Score {
				t.Fatalf("row %d: %+v with %d better", i, r, better)
			}
		}
	})
	for n, want := range map[int]float64{0: 100, 1: 80, 4: 20, 5: 0, 50: 0} {
		if m := deduct(n, 20); m.Score != want || !m.Applies {
			t.Errorf("%d complaints: %+v", n, m)
		}
	}
}

// However the ledger is cut into batches, an outage is what a reader of the
// whole would see.
func TestOutagesInBatches(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Bool(), 1, 30).Draw(t, "failed")
		store := &outages{}
		s := NewService(Deps{Store: store, Clock: clock.NewFake(noon)})
		var batch *service
		flush := func() {
			if batch != nil {
				if err := s.keep(context.Background(), *batch); err != nil {
					t.Fatal(err)
				}
			}
			batch = nil
		}
		var want *Outage
		for i, failed := range events {
			at, code := noon.Add(time.Duration(i)*time.Hour), ""
			if failed {
				code = "upstream_timeout"
			}
			if batch == nil {
				batch = &service{outage: Outage{Resource: "r", Provider: "p"}}
			}
			batch.add(call{Resource: "r", Provider: "p", Code: code}, at)
			switch {
			case !failed:
				want = nil
			case want == nil:
				want = &Outage{Resource: "r", Provider: "p", Since: at, Last: at, Failures: 1}
			default:
				want.Last, want.Failures = at, want.Failures+1
			}
			if rapid.Bool().Draw(t, "cut") {
				flush()
			}
		}
		flush()
		if (want == nil) != (store.now == nil) || want != nil && *want != *store.now {
			t.Fatalf("%v: %+v, want %+v", events, store.now, want)
		}
	})
}

// outages keeps one outage.
type outages struct {
	Store
	now *Outage
}

func (o *outages) NoteSuccess(context.Context, string) error { o.now = nil; return nil }

func (o *outages) NoteFailures(_ context.Context, x Outage) error {
	if o.now == nil {
		o.now = &x
		return nil
	}
	o.now.Last, o.now.Failures, o.now.Grant = x.Last, o.now.Failures+x.Failures, x.Grant
	return nil
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	from, to, err := Period{From: "2026-01-01", To: "2026-03-31"}.bounds()
	if err != nil || from.Format(time.RFC3339) != "2026-01-01T00:00:00+08:00" || to.Format(time.RFC3339) != "2026-04-01T00:00:00+08:00" {
		t.Errorf("%v %v %v", from, to, err)
	}
	for _, p := range []Period{{}, {From: "2026-02-30", To: "2026-03-01"}, {From: "2026-03-02", To: "2026-03-01"}} {
		if _, _, err := p.bounds(); !fault.Is(err, "period_invalid") {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func TestTheSheetHoldsEveryRow(t *testing.T) {
	t.Parallel()
	a := Assessment{From: "2026-01-01", To: "2026-03-31", Indicators: Indicators(), Rows: []Assessed{
		{Rank: 1, Name: "=HYPERLINK(1)", Region: "130100", Score: 90, Marks: []Mark{share(1, 1), {}, share(1, 2), {}, {}, {}, deduct(1, 20)}}}}
	var b bytes.Buffer
	if err := a.WriteSheet(&b); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := f.GetRows(resultSheet)
	if err != nil || len(rows) != 3 || rows[2][1] != "'=HYPERLINK(1)" || rows[2][6] != "不适用" || rows[2][9] != "1/2" {
		t.Errorf("%v, %v", rows, err)
	}
	if basis, err := f.GetRows(basisSheet); err != nil || len(basis) != len(a.Indicators)+2 {
		t.Errorf("%v, %v", basis, err)
	}
}

// A message whose clause is no liability item is filed under the last item of
// the article, and a broken one is an error that keeps it in the outbox.
func TestMessages(t *testing.T) {
	t.Parallel()
	store := &violations{}
	s := NewService(Deps{Store: store, Org: tree{}, Rules: library(t), Cases: store, Clock: clock.NewFake(noon)})
	for clause, want := range map[string]string{"CN-39.6": "CN-39.6", "CN-17.3": "CN-39.9"} {
		store.last = Violation{}
		err := s.HandleMessage(t.Context(), casework.Message{ID: "m", Payload: []byte(`{"key":"` + clause + `","clause":"` + clause +
			`","department":"d2","at":"2026-03-02T04:00:00Z","facts":{"number":"校核-2026-000001"}}`)})
		if err != nil || store.last.Clause != want || store.last.Facts["case_number"] != "校核-2026-000001" || store.opened.Procedure != "rectification" {
			t.Errorf("%s: %+v, %v", clause, store.last, err)
		}
	}
	for department, want := range map[string]string{"d2": "CN-40.6", "d3": "CN-39.9", "a2": "CN-41.3"} { // who owes the report of an incident as what
		store.last, store.consumer = Violation{}, "d2"
		err := s.HandleMessage(t.Context(), casework.Message{ID: "m", Payload: []byte(`{"key":"i","clause":"CN-35.3","department":"` + department +
			`","at":"2026-03-02T04:00:00Z","facts":{"case":"i","procedure":"incident"}}`)})
		if err != nil || store.last.Clause != want || store.last.Facts["duty"] != "CN-35.3" {
			t.Errorf("%s: %+v, %v", department, store.last, err)
		}
	}
	if err := s.HandleMessage(t.Context(), casework.Message{Payload: []byte("{")}); err == nil {
		t.Error("a broken message is taken")
	}
	if _, _, err := s.Report(t.Context(), Violation{Clause: "CN-39.1", Department: "d1"}); !fault.Is(err, "violation_key") {
		t.Errorf("no key: %v", err)
	}
	store.fails = errors.New("no engine")
	if _, opened, err := s.Report(t.Context(), Violation{Key: "k", Clause: "CN-39.1", Department: "d1"}); err == nil || opened {
		t.Error("a violation without a case")
	}
}

type violations struct {
	Store
	last     Violation
	opened   casework.OpenRequest
	consumer string // of the incident's grants
	fails    error
}

func (v *violations) ConsumerIn(_ context.Context, _, department string) (bool, error) {
	return department == v.consumer, v.fails
}

func (v *violations) Do(ctx context.Context, fn func(context.Context) error) error { return fn(ctx) }
func (v *violations) InsertViolation(_ context.Context, x Violation) (bool, error) {
	v.last = x
	return true, nil
}
func (v *violations) LinkViolation(context.Context, string, string) error { return nil }
func (v *violations) OpenAsPlatform(_ context.Context, _ string, r casework.OpenRequest) (string, error) {
	v.opened = r
	return "case", v.fails
}

func (v *violations) TakeAsPlatform(context.Context, string, string, map[string]any) error {
	return v.fails
}

// A recommendation of discipline asks for roles and reasons, never for names,
// and an order that lapses is no further violation of its own.
func TestARecommendationNamesNobody(t *testing.T) {
	t.Parallel()
	rules, err := library(t).InForce("130100", noon)
	if err != nil {
		t.Fatal(err)
	}
	proc, err := rules.Procedure(rectification)
	if err != nil {
		t.Fatal(err)
	}
	if k := proc.Clocks["rectify"]; k.LastDayField != "rectify_by" || k.Overdue != nil {
		t.Errorf("%+v", k)
	}
	a := proc.Actions["recommend_discipline"]
	if !slices.Contains(a.Requires, "persons") || proc.Fields["persons"].Type != rulebook.Choice {
		t.Errorf("who is recommended for discipline is not a choice of roles: %+v", a)
	}
}
