package store_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/store"
)

// bench is what quality works with, on a store.
type bench struct {
	*world
	clock    *clock.Fake
	told     []casework.Telling
	entries  int
	resource catalog.Resource
	items    []catalog.Item
	// read, if set, is called before each page of rows.
	read func()
}

func (b *bench) Get(ctx context.Context, _ org.Principal, id string) (catalog.Resource, *catalog.Version, *catalog.Version, error) {
	r, err := b.Catalog().Resource(ctx, id)
	if err != nil {
		return r, nil, nil, err
	}
	v, err := b.Catalog().Version(ctx, id, r.Published)
	return r, &v, nil, err
}

func (b *bench) Tell(_ context.Context, t casework.Telling) error {
	b.told = append(b.told, t)
	return nil
}

func (b *bench) AppendIn(context.Context, ...ledger.Entry) ([]ledger.Leaf, error) {
	b.entries++
	return nil, nil
}

func (b *bench) Query(ctx context.Context, q catalog.HostedQuery) ([]catalog.Row, error) {
	if b.read != nil && q.Limit > 1 {
		b.read()
	}
	return b.Hosted().Query(ctx, q)
}

func (b *bench) Count(ctx context.Context, resource string, where []catalog.Condition) (int, error) {
	return b.Hosted().Count(ctx, resource, where)
}

// service makes a service as another process would have it.
func (b *bench) service() *quality.Service {
	return quality.NewService(quality.Deps{Store: b.Quality(), Catalog: b, Entries: b.Catalog(), Cases: b, Hosted: b, Org: orgOf{b.Org()}, Ledger: b, Clock: b.clock})
}

func (b *bench) clerk() org.Principal {
	return org.Principal{Person: org.Person{ID: b.person.ID, Roles: []org.Role{org.Clerk, org.OfficeHead}}, Department: b.provider}
}

// benchOf hosts a table of the rows in a store.
func benchOf(t testing.TB, s *store.Store, w *world, rows int) *bench {
	t.Helper()
	b := &bench{world: w, clock: clock.NewFake(noon), items: []catalog.Item{
		{Code: "no", Name: "编号", Type: "C", Length: 12, Key: true}, {Code: "phone", Name: "电话", Type: "C", Length: 20, Nullable: true, Sensitivity: catalog.Phone},
		{Code: "a", Name: "起", Type: "D", Nullable: true}, {Code: "z", Name: "止", Type: "D", Nullable: true}}}
	b.resource = w.publish(t, w.provider, b.items...)
	b.load(t, b.resource.ID, rows)
	return b
}

func (b *bench) load(t testing.TB, resource string, rows int) {
	t.Helper()
	if err := b.Hosted().CreateTable(b.ctx, resource, b.items); err != nil {
		t.Fatal(err)
	}
	for from := 0; from < rows; from += 5000 {
		var page []catalog.Row
		for i := from; i < min(from+5000, rows); i++ {
			page = append(page, catalog.Row{"no": fmt.Sprintf("N%09d", i), "phone": "0311-8000000" + fmt.Sprint(i%10), "a": "2026-01-01", "z": "2026-01-02"})
		}
		if err := b.Hosted().Load(b.ctx, resource, b.items, page); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Quality().NoteLoad(b.ctx, resource, b.clock.Now()); err != nil {
		t.Fatal(err)
	}
}

func (b *bench) state(t *testing.T, id string) quality.Job {
	t.Helper()
	return get(b.Quality().QualityJob(b.ctx, id))(t)
}

func TestQualityJobs(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 2500)
		service := b.service()
		work := func() bool { return get(service.Work(w.ctx))(t) }
		if work() {
			t.Error("work without a job")
		}
		ok(t, b.Hosted().Load(w.ctx, b.resource.ID, b.items, []catalog.Row{{"no": "N000000001", "phone": "喂", "a": "2026-01-03", "z": "2026-01-02"}}))
		rules := []quality.Rule{{Kind: quality.Compare, Item: "a", Op: "le", Other: "z"}}
		get(service.FileRules(w.ctx, b.clerk(), b.resource.ID, 0, rules))(t)

		j := get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		_, err := service.Ask(w.ctx, b.clerk(), b.resource.ID)
		wantFault(t, err, "run_in_progress")
		_, err = service.Ask(w.ctx, org.Principal{Department: w.consumer}, b.resource.ID)
		wantFault(t, err, "not_entitled")
		if !work() {
			t.Fatal("nothing to do")
		}
		done := b.state(t, j.ID)
		if done.State != quality.Done || done.Read != 2500 || done.Total != 2500 || done.EndedAt == nil || b.entries != 1 {
			t.Errorf("%+v, %d entries in the ledger", done, b.entries)
		}
		r := get(service.Report(w.ctx, b.clerk(), b.resource.ID))(t)
		if len(r.Runs) != 1 || r.Runs[0].ID != done.Run || r.Job.ID != j.ID || r.Runs[0].Result.Scores[quality.Consistency] != 99.96 || r.Runs[0].Result.Scores[quality.Validity] != 99.96 {
			t.Errorf("%+v", r)
		}
		if len(b.told) != 1 || len(b.told[0].To) != 2 || strings.Contains(b.told[0].Text, "喂") || !strings.Contains(b.told[0].Text, "电话") {
			t.Errorf("told %+v", b.told)
		}
		if got := get(s.Quality().LatestScores(w.ctx, []string{b.resource.ID, "none"}))(t); len(got) != 1 || got[b.resource.ID].Run != done.Run || got[b.resource.ID].Band != quality.Excellent {
			t.Errorf("scores %v", got)
		}
		// The same findings again are no news.
		get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		if work(); len(b.told) != 1 {
			t.Errorf("told %+v", b.told)
		}
		_, err = service.Stop(w.ctx, b.clerk(), b.resource.ID, j.ID)
		wantFault(t, err, "run_ended")
	})
}

func TestQualityJobsAreStopped(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 21_500)
		service := b.service()
		queued := get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		if got := get(service.Stop(w.ctx, b.clerk(), b.resource.ID, queued.ID))(t); got.State != quality.Cancelled {
			t.Errorf("queued: %+v", got)
		}
		running := get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		b.read = func() {
			b.read = nil
			if got := get(service.Stop(w.ctx, b.clerk(), b.resource.ID, running.ID))(t); got.State != quality.Running || !got.Stopping {
				t.Errorf("running: %+v", got)
			}
		}
		get(service.Work(w.ctx))(t)
		if got := b.state(t, running.ID); got.State != quality.Cancelled || got.Run != "" || b.entries != 0 {
			t.Errorf("stopped: %+v", got)
		}
	})
}

// A job outlives the process that runs it, and does not go on for ever.
func TestQualityJobsSurviveTheirWorkers(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 1500)
		first, second := b.service(), b.service()
		j := get(first.Ask(w.ctx, b.clerk(), b.resource.ID))(t)

		// The node ends while the rows are read: the job is free at once.
		ctx, stop := context.WithCancel(w.ctx)
		b.read = stop
		if _, err := first.Work(ctx); err != nil {
			t.Fatal(err)
		}
		b.read = nil
		if got := b.state(t, j.ID); got.State != quality.Queued || got.Attempts != 0 {
			t.Errorf("after the node ended: %+v", got)
		}
		// The process dies: its lease must pass. What it still does is lost.
		b.read = func() {
			b.read = nil
			if get(second.Work(w.ctx))(t) {
				t.Error("taken away while the lease holds")
			}
			b.clock.Advance(3 * time.Minute)
			if !get(second.Work(w.ctx))(t) {
				t.Error("not taken over")
			}
		}
		get(first.Work(w.ctx))(t)
		done := b.state(t, j.ID)
		if runs := get(s.Quality().QualityRuns(w.ctx, b.resource.ID, 9))(t); done.State != quality.Done || done.Attempts != 2 || len(runs) != 1 || runs[0].ID != done.Run {
			t.Errorf("after the take-over: %+v, %d runs", done, len(runs))
		}
		// What fails again and again is told, plainly.
		j = get(first.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		for range 3 {
			claimed := get(s.Quality().ClaimJob(w.ctx, "gone", b.clock.Now(), b.clock.Now().Add(time.Minute)))(t)
			if claimed == nil || claimed.ID != j.ID {
				t.Fatalf("claimed %+v", claimed)
			}
			b.clock.Advance(2 * time.Minute)
		}
		get(first.Work(w.ctx))(t)
		if got := b.state(t, j.ID); got.State != quality.Failed || got.Code != "interrupted" || got.Message == "" {
			t.Errorf("interrupted for good: %+v", got)
		}
		// A refusal met by the job is its end.
		broken := quality.NewService(quality.Deps{Store: s.Quality(), Catalog: b, Entries: b.Catalog(), Hosted: failing{b}, Org: orgOf{s.Org()}, Ledger: b, Clock: b.clock})
		j = get(first.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		for range 3 {
			if _, err := broken.Work(w.ctx); err == nil {
				t.Error("an error of the machine is not told")
			}
			b.clock.Advance(2 * time.Minute)
		}
		if got := b.state(t, j.ID); got.State != quality.Failed || got.Code != "internal" {
			t.Errorf("errors of the machine: %+v", got)
		}
	})
}

type failing struct{ *bench }

func (failing) Query(context.Context, catalog.HostedQuery) ([]catalog.Row, error) {
	return nil, errors.New("disk")
}

func TestQualityIsScheduled(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 10)
		service := b.service()
		step := func(d time.Duration, want bool) {
			t.Helper()
			b.clock.Advance(d)
			get(service.Schedule(w.ctx))(t)
			if got := get(service.Work(w.ctx))(t); got != want {
				t.Errorf("after %s: %v", d, got)
			}
		}
		step(time.Minute, false)
		step(time.Hour, true)
		step(time.Hour, false)
		step(31*24*time.Hour, true) // the entry promises no frequency
		runs := get(s.Quality().QualityRuns(w.ctx, b.resource.ID, 9))(t)
		if len(runs) != 2 || runs[0].By != "" {
			t.Errorf("%+v", runs)
		}
	})
}

// A rule may refer to the key of a table that the provider has, or has a grant
// on that is in force when the run begins.
func TestReferentialRules(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 20)
		service := b.service()
		own := w.publish(t, w.provider, b.items...)
		b.load(t, own.ID, 15)
		others := w.publish(t, w.consumer, b.items...)
		b.load(t, others.ID, 20)
		rule := func(resource, target string) []quality.Rule {
			return []quality.Rule{{Kind: quality.Referential, Item: "no", Resource: resource, Target: target}}
		}
		for code, rules := range map[string][]quality.Rule{"not_found": rule("none", "no"), "not_key": rule(own.ID, "phone"), "not_readable": rule(others.ID, "no")} {
			_, err := service.FileRules(w.ctx, b.clerk(), b.resource.ID, 0, rules)
			if f, isFault := fault.As(err); !isFault || len(f.Fields) != 1 || f.Fields[0].Code != code {
				t.Errorf("%s: %v", code, err)
			}
		}
		outcome := func(read int, rules []quality.Rule) quality.Outcome {
			t.Helper()
			get(service.FileRules(w.ctx, b.clerk(), b.resource.ID, read, rules))(t)
			get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
			get(service.Work(w.ctx))(t)
			for _, o := range get(s.Quality().QualityRuns(w.ctx, b.resource.ID, 1))(t)[0].Result.Outcomes {
				if o.Kind == quality.Referential {
					return o
				}
			}
			return quality.Outcome{}
		}
		want := quality.Outcome{Dimension: quality.Consistency, Kind: quality.Referential, Item: "no", Filed: true, Checked: 20, Failed: 5, Other: own.ID + ".no"}
		if got := outcome(0, rule(own.ID, "no")); !reflect.DeepEqual(got, want) {
			t.Errorf("its own: %+v", got)
		}
		g := w.grant()
		g.ID, g.Case, g.Resource, g.ResourceVersion, g.Consumer, g.Provider, g.Items, g.Rows = ident.New(), ident.New(), others.ID, 1, w.provider.ID, w.consumer.ID, []string{"no"}, nil
		g.NotBefore, g.NotAfter = noon.Add(-time.Hour), noon.Add(time.Hour)
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		b.clock.Advance(time.Minute)
		want.Failed, want.Other = 0, others.ID+".no"
		if got := outcome(1, rule(others.ID, "no")); !reflect.DeepEqual(got, want) {
			t.Errorf("with a grant: %+v", got)
		}
		b.clock.Advance(2 * time.Hour)
		get(service.Ask(w.ctx, b.clerk(), b.resource.ID))(t)
		get(service.Work(w.ctx))(t)
		for _, o := range get(s.Quality().QualityRuns(w.ctx, b.resource.ID, 1))(t)[0].Result.Outcomes {
			if o.Kind == quality.Referential && (o.Unmeasured != "not_readable" || o.Checked != 0) {
				t.Errorf("after the grant: %+v", o)
			}
		}
	})
}

func TestEntriesAreScored(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		b := benchOf(t, s, w, 3)
		service := b.service()
		review := func() {
			t.Helper()
			for get(service.ReviewEntries(w.ctx))(t) {
			}
		}
		if e := get(s.Quality().EntryScore(w.ctx, b.resource.ID))(t); e != nil {
			t.Errorf("before the review: %+v", e)
		}
		review()
		e := get(s.Quality().EntryScore(w.ctx, b.resource.ID))(t)
		if e == nil || e.Version != 1 || e.Score <= 0 || e.Score >= 100 || len(e.Findings) == 0 {
			t.Fatalf("%+v", e)
		}
		d := get(service.Department(w.ctx, b.clerk(), "", "", -1, "", 10))(t)
		if d.Entries != 2 || len(d.Worst) != 2 || d.Worst[0].Score > d.Worst[1].Score || d.Worst[0].Name == "" || len(d.Findings) == 0 {
			t.Errorf("%+v", d)
		}
		if next := get(service.Department(w.ctx, b.clerk(), "", "", d.Worst[0].Score, d.Worst[0].Resource, 10))(t); len(next.Worst) != 1 || next.Worst[0].Resource != d.Worst[1].Resource {
			t.Errorf("the second page: %+v", next.Worst)
		}
		if got := get(service.Department(w.ctx, b.clerk(), "", quality.PersonalInClear, -1, "", 10))(t); len(got.Worst) != 1 || got.Worst[0].Resource != b.resource.ID {
			t.Errorf("of one kind: %+v", got.Worst)
		}
		_, err := service.Department(w.ctx, org.Principal{Department: w.consumer}, w.provider.ID, "", -1, "", 10)
		wantFault(t, err, "scores_hidden")
		above := org.Principal{Department: w.consumer, Territory: "990000"}
		if got := get(service.Departments(w.ctx, above, "", "", 10))(t); len(got) != 1 || got[0].Department != w.provider.ID || got[0].Entries != 2 {
			t.Errorf("the territory: %+v", got)
		}
		_, err = service.Departments(w.ctx, b.clerk(), "", "", 10)
		wantFault(t, err, "scores_hidden")

		// A further version is looked at again.
		w.withElement(t, catalog.Conditional)
		review()
		if again := get(s.Quality().EntryScore(w.ctx, w.resource.ID))(t); again.Version != 2 {
			t.Errorf("%+v", again)
		}
	})
}
