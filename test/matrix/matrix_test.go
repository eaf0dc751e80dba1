package matrix

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

var errUndo = errors.New("undo")

func TestEveryStepFromEveryStage(t *testing.T) {
	t.Parallel()
	eachEngine(t, func(t *testing.T, s *stageHands) {
		rules, err := s.Rules.InForce("130102", morning)
		if err != nil {
			t.Fatal(err)
		}
		tried, legal := 0, 0
		for _, book := range rules.Books {
			for _, id := range slices.Sorted(maps.Keys(book.Procedures)) {
				p := book.Procedures[id]
				t.Run(id, func(t *testing.T) {
					clear(s.seat)
					for stage, way := range paths(t, rules, s.Calendar, &p) {
						n, ok := s.tryAll(t, &p, stage, way)
						tried, legal = tried+n, legal+ok
					}
				})
			}
		}
		t.Logf("%d steps tried, %d of them legal", tried, legal)
	})
}

// tryAll brings a case to the stage and tries every action by every relation.
func (s *stageHands) tryAll(t *testing.T, p *rulebook.Procedure, stage string, way path) (tried, legal int) {
	t.Helper()
	ctx := t.Context()
	id := s.drive(t, p, way)
	before := s.picture(t, id)
	c, err := s.Store.Case(ctx, id)
	if err != nil || c.Stage != stage {
		t.Fatalf("%s: arrived at %s, %v", stage, c.Stage, err)
	}
	s.rebuilds(t, c, way.facts)
	for _, action := range slices.Sorted(maps.Keys(p.Actions)) {
		a := p.Actions[action]
		for _, relation := range relations(p) {
			if relation == rulebook.Anyone {
				continue // opens cases only; the rulebook's check sees to it
			}
			want := declared(a, relation, &c)
			err := s.Store.Do(ctx, func(ctx context.Context) error {
				if err := s.step(ctx, id, move{action, relation, fill(p, a)}); err != nil {
					return err
				}
				return errUndo // what is legal is seen to work and taken back
			})
			tried++
			if want {
				legal++
				// An extension that a senior instrument has cut, or that was
				// given already or never asked for, is refused by the clock itself.
				cut := extends(p, action) && (fault.Is(err, "term_not_extensible") || fault.Is(err, "already_extended") || fault.Is(err, "fields_invalid"))
				if !errors.Is(err, errUndo) && !cut {
					t.Errorf("%s: declared and refused: %v", sentence(stage, action, relation), err)
				}
			} else if f, ok := fault.As(err); !ok || f.Basis == "" && f.Code != "not_found" || f.Message == "" {
				t.Errorf("%s: want a refusal with clause and reason, got %v", sentence(stage, action, relation), err)
			}
			if after := s.picture(t, id); after != before {
				t.Fatalf("%s: changed the case\nfrom %s\nto   %s", sentence(stage, action, relation), before, after)
			}
		}
	}
	return tried, legal
}

// drive opens a case and takes it along a path.
func (s *stageHands) drive(t *testing.T, p *rulebook.Procedure, way path) string {
	t.Helper()
	ctx := context.WithValue(t.Context(), factsKey{}, way.facts)
	first := way.moves[0]
	parties := map[string]string{}
	for party := range p.Parties {
		parties[party] = s.of(party)
	}
	req := casework.OpenRequest{Procedure: p.ID, Action: first.action, Subject: ident.New(), Title: "矩阵", Parties: parties, Fields: first.fields}
	var id string
	var err error
	switch first.relation {
	case rulebook.Platform:
		id, err = s.OpenAsPlatform(ctx, "130102", req)
	case rulebook.Anyone:
		id, err = s.OpenAsAnyone(ctx, "130102", req)
	default:
		var v casework.View
		v, err = s.Open(ctx, s.principal(first.relation), req)
		id = v.Case.ID
	}
	if err != nil {
		t.Fatalf("%s: open with %s by %s: %v", p.ID, first.action, first.relation, err)
	}
	for _, m := range way.moves[1:] {
		if err := s.step(ctx, id, m); err != nil {
			t.Fatalf("%s: on the way, %s by %s: %v", p.ID, m.action, m.relation, err)
		}
	}
	return id
}

func (s *stageHands) step(ctx context.Context, id string, m move) error {
	if m.relation == rulebook.Platform {
		return s.TakeAsPlatform(ctx, id, m.action, m.fields)
	}
	_, err := s.Take(ctx, s.principal(m.relation), id, casework.TakeRequest{Action: m.action, Fields: m.fields})
	return err
}

// rebuilds makes the case again from its stored acts alone, and compares.
func (s *stageHands) rebuilds(t *testing.T, c procedure.Case, facts map[string]any) {
	t.Helper()
	acts, err := s.Store.Acts(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	seed := procedure.Case{ID: c.ID, Number: c.Number, Procedure: c.Procedure, Region: c.Region, Subject: c.Subject, Title: c.Title,
		Parties: c.Parties, Facts: maps.Clone(facts), Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{}}
	rebuilt, err := procedure.Replay(s.Rules.ByKey, s.Calendar, &seed, acts)
	if err != nil {
		t.Fatalf("%s: the acts do not rebuild the case: %v", c.Procedure, err)
	}
	if got, want := plain(t, rebuilt), plain(t, c); got != want {
		t.Errorf("%s rebuilt from its acts:\n%s\nstored:\n%s", c.Procedure, got, want)
	}
}

// plain is a case as JSON with its members in one order, as a store may give it.
func plain(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	if b, err = json.Marshal(m); err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// picture is the case with its acts, as stored.
func (s *stageHands) picture(t *testing.T, id string) string {
	t.Helper()
	c, err := s.Store.Case(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	acts, err := s.Store.Acts(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(struct {
		Case procedure.Case
		Acts []procedure.Act
	}{c, acts})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
