package matrix

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/checkdigit"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
	"github.com/shuqiao/shuqiao/internal/testdb"
)

// actors is how many departments there are to play the parties of a case.
const actors = 16

var dir string

func TestMain(m *testing.M) {
	var err error
	if dir, err = os.MkdirTemp("", "shuqiao-matrix-"); err != nil {
		panic(err)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func config(url string) app.Config {
	return app.Config{Name: "matrix.test", Dir: dir, DatabaseURL: url, Clock: clock.NewFake(morning), Console: fstest.MapFS{},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// prepare makes a node with departments enough to give every party of a case
// one of its own.
func prepare(url string) error {
	ctx := context.Background()
	cfg := config(url)
	if err := app.Migrate(ctx, cfg); err != nil {
		return err
	}
	n, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(register(ctx, n), n.Close())
}

func register(ctx context.Context, n *app.Node) error {
	if err := n.LoadRegions(ctx); err != nil {
		return err
	}
	var admin org.Principal
	for i := range actors {
		code, err := checkdigit.CompleteUSCC(fmt.Sprintf("11130000MB7%05dX", i))
		if err != nil {
			return err
		}
		d := org.Department{Name: fmt.Sprintf("演示部门%02d", i), USCC: code, Region: "130000", Kind: org.Government}
		if i == 0 {
			admin, err = n.Org.Bootstrap(ctx, d, org.Person{Name: "管理员", Username: "admin", Roles: []org.Role{org.Admin}}, "Matrix-2026-passphrase")
		} else {
			_, err = n.Org.RegisterDepartment(ctx, admin, d)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// stageHands runs cases with hooks that let everything pass: what is tested
// here is who may do what when, as the rulebooks say it.
type stageHands struct {
	*casework.Engine
	node        *app.Node
	departments []string          // IDs
	seat        map[string]string // party → department ID
	person      string
}

func newStageHands(t *testing.T, url string) *stageHands {
	t.Helper()
	ctx := t.Context()
	n, err := app.New(ctx, config(url))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	list, err := n.Store.Org().Departments(ctx, org.DepartmentFilter{Limit: actors})
	if err != nil || len(list) != actors {
		t.Fatalf("%d departments, %v", len(list), err)
	}
	s := &stageHands{node: n, seat: map[string]string{}}
	for _, d := range list {
		s.departments = append(s.departments, d.ID)
	}
	people, err := n.Store.Org().People(ctx, list[0].ID)
	for _, d := range list {
		if len(people) == 0 {
			people, err = n.Store.Org().People(ctx, d.ID)
		}
	}
	if err != nil || len(people) == 0 {
		t.Fatal("nobody to act", err)
	}
	s.person = people[0].ID
	engine := *n.Cases
	engine.Dir = s
	engine.Hooks = s.hooks()
	s.Engine = &engine
	return s
}

// hooks names every function of every rulebook and lets each pass.
func (s *stageHands) hooks() casework.Hooks {
	h := casework.Hooks{Prepares: map[string]casework.Prepare{}, Checks: map[string]casework.Check{}, Effects: map[string]casework.Effect{}}
	real := s.node.Cases.Hooks
	for name := range real.Prepares {
		h.Prepares[name] = s.seatParties
	}
	for name := range real.Checks {
		h.Checks[name] = func(context.Context, *procedure.Case, procedure.Step) error { return nil }
	}
	for name := range real.Effects {
		h.Effects[name] = func(context.Context, *procedure.Case, *procedure.Act) error { return nil }
	}
	return h
}

// facts that the next case is prepared with.
type factsKey struct{}

func (s *stageHands) seatParties(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	rules, err := s.Rules.ByKey(c.RulesKey)
	if err != nil {
		return err
	}
	p, err := rules.Procedure(c.Procedure)
	if err != nil {
		return err
	}
	for party := range p.Parties {
		c.Parties[party] = s.of(party)
	}
	if facts, ok := ctx.Value(factsKey{}).(map[string]any); ok {
		maps.Copy(c.Facts, facts)
	}
	c.Region = "130102"
	return nil
}

// of seats a party, or an authority computed for one, at a department of its own.
func (s *stageHands) of(party string) string {
	if s.seat[party] == "" {
		if len(s.seat) == len(s.departments) {
			panic("matrix: more parties than departments")
		}
		s.seat[party] = s.departments[len(s.seat)]
	}
	return s.seat[party]
}

func (s *stageHands) partyAt(department string) string {
	for party, d := range s.seat {
		if d == department {
			return party
		}
	}
	return "nobody"
}

// SameLevelAuthority implements casework.Directory.
func (s *stageHands) SameLevelAuthority(_ context.Context, d string) (string, error) {
	return s.of(s.partyAt(d) + rulebook.AuthoritySuffix), nil
}

// SuperiorAuthority implements casework.Directory.
func (s *stageHands) SuperiorAuthority(_ context.Context, d string) (string, error) {
	return s.of(s.partyAt(d) + rulebook.SuperiorSuffix), nil
}

// CommonSuperiorAuthority implements casework.Directory.
func (s *stageHands) CommonSuperiorAuthority(context.Context, string, string) (string, error) {
	return s.of(rulebook.CommonSuperior), nil
}

// DepartmentName implements casework.Directory.
func (s *stageHands) DepartmentName(context.Context, string) (string, error) { return "部门", nil }

// PersonName implements casework.Directory.
func (s *stageHands) PersonName(context.Context, string) (string, error) { return "某人", nil }

// RecordName implements casework.Directory.
func (s *stageHands) RecordName(context.Context, string) (string, error) { return "", nil }

// principal is somebody who holds exactly one relation to a case.
func (s *stageHands) principal(relation string) org.Principal {
	party, role := rulebook.SplitRelation(relation)
	p := org.Principal{Person: org.Person{ID: s.person, Department: s.of(party)},
		Department: org.Department{ID: s.of(party), Region: "130102"}}
	if rulebook.Computed(party) {
		role, p.Territory = string(org.Supervisor), "130000"
	}
	p.Person.Roles = []org.Role{org.Role(role)}
	return p
}

func eachEngine(t *testing.T, f func(t *testing.T, s *stageHands)) {
	testdb.EachMigrated(t, prepare, func(t *testing.T, url string) { f(t, newStageHands(t, url)) })
}

// relations lists every relation that the procedure names anywhere.
func relations(p *rulebook.Procedure) []string {
	set := map[string]bool{}
	for _, a := range p.Actions {
		for _, r := range a.By {
			set[r] = true
		}
	}
	for _, st := range p.Stages {
		for _, r := range st.Turn {
			set[r] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}
