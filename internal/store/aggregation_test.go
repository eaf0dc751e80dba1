package store_test

import (
	"slices"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestRisks(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		r := sharing.Risk{Consumer: w.consumer.ID, Rule: "identity_finance", RaisesTo: catalog.Important, Resources: []string{"a", "b"},
			FirstSeen: noon, LastSeen: noon}
		if _, err := s.Risks().Risk(w.ctx, r.Consumer, r.Rule); !fault.Is(err, "not_found") {
			t.Errorf("none yet: %v", err)
		}
		ok(t, s.Risks().PutRisk(w.ctx, r))
		later := noon.Add(24 * time.Hour)
		r.LastSeen, r.AssessedCase, r.Conclusion, r.Resources = later, w.openCase(t).ID, "pass", []string{"a", "b", "c"}
		ok(t, s.Risks().PutRisk(w.ctx, r))
		got := get(s.Risks().Risk(w.ctx, r.Consumer, r.Rule))(t)
		if !got.FirstSeen.Equal(noon) || !got.LastSeen.Equal(later) || got.AssessedCase != r.AssessedCase || got.Conclusion != "pass" ||
			!slices.Equal(got.Resources, r.Resources) || got.RaisesTo != catalog.Important || got.ClearedAt != nil {
			t.Errorf("%+v", got)
		}
		other := r
		other.Rule, other.AssessedCase, other.Conclusion, other.ClearedAt = "whereabouts", "", "", &later
		ok(t, s.Risks().PutRisk(w.ctx, other))
		if list := get(s.Risks().Risks(w.ctx))(t); len(list) != 1 || list[0].Rule != r.Rule {
			t.Errorf("in force: %+v", list)
		}
		other.Conclusion = "pass" // of no case
		if err := s.Risks().PutRisk(w.ctx, other); err == nil {
			t.Error("a conclusion without a case is taken")
		}
	})
}

// One dispute about a thing at a time, whoever was checking beside (CN-28).
func TestOneOpenDispute(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		dispute := func() error {
			c := w.draft()
			c.Procedure, c.Number = "dispute", "争议-"+ident.New()
			return s.Cases().InsertCase(w.ctx, c, nil, nil)
		}
		ok(t, dispute())
		if err := dispute(); !fault.Is(err, "already_exists") {
			t.Errorf("a second one: %v", err)
		}
	})
}
