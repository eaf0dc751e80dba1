package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/store"
)

// Rules and runs read back, are never changed, and a version exists once.
func TestQualityIsAppendOnly(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		id := w.resource.ID
		if got := get(s.Quality().QualityRules(w.ctx, id))(t); got.Version != 0 || len(got.Rules) != 0 {
			t.Errorf("before the first filing: %+v", got)
		}
		set := quality.RuleSet{Resource: id, Version: 1, At: noon, By: w.person.ID, Rules: []quality.Rule{
			{Kind: quality.Domain, Item: "level", Values: []string{"引'号\"", "b"}}, {Kind: quality.Range, Item: "n", Min: "1"}}}
		ok(t, s.Quality().InsertQualityRules(w.ctx, set))
		wantFault(t, s.Quality().InsertQualityRules(w.ctx, set), "changed_meanwhile")
		if got := get(s.Quality().QualityRules(w.ctx, id))(t); !reflect.DeepEqual(got, set) {
			t.Errorf("got %+v, want %+v", got, set)
		}
		ok(t, s.Quality().InsertQualityRules(w.ctx, quality.RuleSet{Resource: id, Version: 2, At: noon, By: w.person.ID}))
		if got := get(s.Quality().QualityRules(w.ctx, id))(t); got.Version != 2 || len(got.Rules) != 0 {
			t.Errorf("rules taken back: %+v", got)
		}

		loaded := noon.Add(-time.Hour)
		var runs []quality.Run
		for i := range 3 {
			r := quality.Run{ID: ident.New(), Resource: id, Entry: 1, Rules: i, At: noon.Add(time.Duration(i) * time.Hour), By: w.person.ID, Result: quality.Result{
				Rows: 3, Total: 99.99, Scores: map[quality.Dimension]float64{quality.Validity: 66.66}, LoadedAt: &loaded,
				Outcomes: []quality.Outcome{{Dimension: quality.Validity, Kind: quality.TypeLength, Item: "a", Checked: 3, Failed: 1}}}}
			ok(t, s.Quality().InsertQualityRun(w.ctx, r))
			runs = append([]quality.Run{r}, runs...)
		}
		if got := get(s.Quality().QualityRuns(w.ctx, id, 2))(t); !reflect.DeepEqual(got, runs[:2]) {
			t.Errorf("got %+v, want %+v", got, runs[:2])
		}
		for _, table := range []string{"quality_rules", "quality_runs"} {
			statements := []string{"UPDATE " + table + " SET resource = resource", "DELETE FROM " + table}
			if s.Concurrent() {
				statements = append(statements, "TRUNCATE "+table)
			} else {
				statements = append(statements, "REPLACE INTO "+table+" SELECT * FROM "+table)
			}
			refused(t, s, statements)
		}

		if got := get(s.Quality().LoadedAt(w.ctx, id))(t); !got.IsZero() {
			t.Errorf("loaded at %v", got)
		}
		ok(t, s.Quality().NoteLoad(w.ctx, id, noon))
		ok(t, s.Quality().NoteLoad(w.ctx, id, loaded))
		if got := get(s.Quality().LoadedAt(w.ctx, id))(t); !got.Equal(loaded) {
			t.Errorf("loaded at %v", got)
		}
		if got := get(s.Quality().KnownRegions(w.ctx, []string{w.resource.Region, "no region"}))(t); !reflect.DeepEqual(got, map[string]bool{w.resource.Region: true}) {
			t.Errorf("regions %v", got)
		}
	})
}
