package incident

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// Monday 2 March 2026, 23:59 in China.
var late = time.Date(2026, 3, 2, 15, 59, 0, 0, time.UTC)

// world is everything the service asks: consumer c (region 130100) and provider
// p (130000) share g; c runs the system cs, p the system ps; a is the authority
// of 130100.
type world struct {
	grants  map[string]sharing.Grant
	systems map[string]org.System
	cuts    []Cut
	holds   []sharing.Hold
	fails   error
}

func newWorld() (*world, *Service) {
	w := &world{
		grants: map[string]sharing.Grant{"g": {ID: "g", Consumer: "c", Provider: "p"}},
		systems: map[string]org.System{
			"cs": {ID: "cs", Department: "c", Version: 1}, "ps": {ID: "ps", Department: "p", Version: 1},
		},
	}
	return w, NewService(Deps{Store: w, Grants: w, Holds: w, Org: w, Resources: w})
}

func (w *world) Grant(_ context.Context, id string) (sharing.Grant, error) {
	if g, ok := w.grants[id]; ok {
		return g, nil
	}
	return sharing.Grant{}, fault.Missing("授权", id)
}

func (w *world) Resource(_ context.Context, id string) (catalog.Resource, error) {
	switch id {
	case "published":
		return catalog.Resource{ID: id, Published: 1}, nil
	case "draft":
		return catalog.Resource{ID: id}, nil
	case "broken":
		return catalog.Resource{}, errors.New("disk")
	}
	return catalog.Resource{}, fault.Missing("目录条目", id)
}

func (w *world) Department(_ context.Context, id string) (org.Department, error) {
	return org.Department{ID: id, Region: map[string]string{"c": "130100", "a": "130100", "p": "130000"}[id]}, nil
}

func (w *world) TerritoryOf(_ context.Context, id string) (string, error) {
	return map[string]string{"a": "130100"}[id], nil
}

func (w *world) System(_ context.Context, id string) (org.System, error) {
	if x, ok := w.systems[id]; ok {
		return x, nil
	}
	return org.System{}, fault.Missing("信息系统", id)
}

func (w *world) UpdateSystem(_ context.Context, x org.System) error {
	if w.systems[x.ID].Version != x.Version {
		return fault.New(fault.Conflict, "changed_meanwhile", "")
	}
	x.Version++
	w.systems[x.ID] = x
	return w.fails
}

func (w *world) Suspend(_ context.Context, grant, side string, cause sharing.Cause, c *procedure.Case, _ *procedure.Act) (bool, error) {
	w.holds = append(w.holds, sharing.Hold{Grant: grant, Side: side, Cause: cause, Case: c.ID})
	return true, w.fails
}

func (w *world) Release(_ context.Context, grant string, which func(sharing.Hold) bool, _ *procedure.Case, _ *procedure.Act) ([]sharing.Hold, error) {
	w.holds = slices.DeleteFunc(w.holds, func(h sharing.Hold) bool { return h.Grant == grant && which(h) })
	return slices.Clone(w.holds), w.fails
}

func (w *world) InsertCut(_ context.Context, x Cut) error { w.cuts = append(w.cuts, x); return nil }
func (w *world) UpdateCut(_ context.Context, x Cut) error {
	i := slices.IndexFunc(w.cuts, func(y Cut) bool { return y.ID == x.ID && y.LiftedAt == nil })
	if i < 0 {
		return fault.Missing("紧急暂停", x.ID)
	}
	w.cuts[i] = x
	return nil
}

func (w *world) open(which func(Cut) bool) (out []Cut) {
	for _, x := range w.cuts {
		if x.LiftedAt == nil && which(x) {
			out = append(out, x)
		}
	}
	return out
}

func (w *world) CutsOfCase(_ context.Context, id string) ([]Cut, error) {
	return w.open(func(x Cut) bool { return x.Case == id }), w.fails
}

func (w *world) CutsOf(_ context.Context, target string, side Side) ([]Cut, error) {
	return w.open(func(x Cut) bool { return x.TargetID == target && x.Side == side }), nil
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return "plain"
	}
	return ""
}

func incidentOf(id, reporter string) *procedure.Case {
	return &procedure.Case{ID: id, Version: 2, Parties: map[string]string{"reporter": reporter, "reporter.authority": "a"},
		Facts: map[string]any{}, Taken: map[string]int{}}
}

func step(action, department string, fields map[string]any, relations ...string) procedure.Step {
	return procedure.Step{Action: action, At: late, Fields: fields, Actor: procedure.Actor{Department: department, Relations: relations}}
}

func actOf(s procedure.Step) *procedure.Act {
	return &procedure.Act{ID: s.Action, At: s.At, Fields: s.Fields, Department: s.Actor.Department, Results: map[string]any{}}
}

func TestDates(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ discovered, reported, want string }{
		{"", "", ""},
		{"2026-03-02", "", ""},
		{"2026-03-03", "", "dates_invalid"},
		{"2026-03-01", "2026-03-01", ""},
		{"2026-03-01", "2026-03-02", ""},
		{"2026-03-01", "2026-02-28", "dates_invalid"},
		{"2026-03-01", "2026-03-03", "dates_invalid"},
	} {
		c := incidentOf("i", "c")
		c.Facts["discovered_on"] = x.discovered
		fields := map[string]any{"discovered_on": x.discovered}
		if x.reported != "" {
			fields = map[string]any{"reported_on": x.reported}
		}
		if err := dates(t.Context(), c, step("s", "c", fields)); code(err) != x.want {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// No field of any shape may carry what leaked, and the refusal does not repeat it.
func TestSilent(t *testing.T) {
	t.Parallel()
	const phone = "13912345678"
	for _, x := range []struct {
		title  string
		fields map[string]any
		path   string
	}{
		{"日志外传", map[string]any{"summary": "日志外传"}, ""},
		{"日志外传", map[string]any{"summary": "含" + phone}, "fields.summary"},
		{"日志外传", map[string]any{"reported_to": []any{"网信办", "电话" + phone}}, "fields.reported_to"},
		{"外传" + phone, nil, "title"},
	} {
		c := incidentOf("i", "c")
		c.Title, c.Version = x.title, 1
		err := silent(t.Context(), c, step("s", "c", x.fields))
		f, ok := fault.As(err)
		if ok != (x.path != "") || ok && (f.Code != "personal_data" || len(f.Fields) != 1 || f.Fields[0].Path != x.path) {
			t.Errorf("%+v: %v", x, err)
		}
		if ok && strings.Contains(fmt.Sprintf("%+v", *f), phone) {
			t.Errorf("the refusal repeats it: %+v", f)
		}
	}
}

func TestAffected(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		reporter, field, id, want string
	}{
		{"c", "resources", "published", ""},
		{"c", "resources", "draft", "affected_invalid"},
		{"c", "resources", "nothing", "affected_invalid"},
		{"c", "resources", "broken", "plain"},
		{"c", "grants", "g", ""},
		{"p", "grants", "g", ""},
		{"x", "grants", "g", "affected_invalid"},
		{"c", "grants", "nothing", "affected_invalid"},
		{"c", "systems", "cs", ""},
		{"c", "systems", "ps", "affected_invalid"},
	} {
		_, s := newWorld()
		c := incidentOf("i", x.reporter)
		c.Facts[x.field] = []any{x.id}
		if err := s.affected(t.Context(), c, step("report_incident", x.reporter, nil)); code(err) != x.want {
			t.Errorf("%+v: %v", x, err)
		}
	}
}

// By which right who cuts off what: one's own side first, the authority only in
// that role and within its territory.
func TestMayCut(t *testing.T) {
	t.Parallel()
	authority := "reporter.authority"
	for _, x := range []struct {
		name, department string
		relations        []string
		grant, system    string
		want             string
	}{
		{"the consumer", "c", nil, "g", "cs", ""},
		{"the provider", "p", nil, "g", "ps", ""},
		{"another's system", "c", nil, "", "ps", "cut_invalid"},
		{"a stranger", "x", nil, "g", "", "cut_invalid"},
		{"the authority", "a", []string{authority}, "g", "cs", ""},
		{"the authority's clerk", "a", []string{"reporter.clerk"}, "g", "", "cut_invalid"},
		{"the authority beyond its territory", "a", []string{authority}, "", "ps", "cut_invalid"},
		{"what there is not", "c", nil, "nothing", "", "cut_invalid"},
		{"nothing", "c", nil, "", "", "cut_invalid"},
	} {
		_, s := newWorld()
		fields := map[string]any{}
		if x.grant != "" {
			fields["cut_grants"] = []any{x.grant}
		}
		if x.system != "" {
			fields["cut_systems"] = []any{x.system}
		}
		if err := s.mayCut(t.Context(), incidentOf("i", "c"), step("cut", x.department, fields, x.relations...)); code(err) != x.want {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
	}
	_, s := newWorld()
	if err := s.mayCut(t.Context(), incidentOf("i", "c"), step("report_incident", "c", map[string]any{})); err != nil {
		t.Errorf("a report need not cut: %v", err)
	}
}

func (w *world) run(t *testing.T, s *Service, c *procedure.Case, action, department string, fields map[string]any) *procedure.Act {
	t.Helper()
	st := step(action, department, fields, "reporter.authority")
	a := actOf(st)
	check, effect := s.mayCut, s.cut
	if action == "lift" {
		check, effect = s.mayLift, s.lift
	}
	if err := check(t.Context(), c, st); err != nil {
		t.Fatalf("%s by %s: %v", action, department, err)
	}
	if err := effect(t.Context(), c, a); err != nil {
		t.Fatalf("%s by %s: %v", action, department, err)
	}
	return a
}

// A cut holds on its own side for its own case; twice the same is once, and
// lifting says what another reason still holds.
func TestCutAndLiftOfAGrant(t *testing.T) {
	t.Parallel()
	w, s := newWorld()
	one, two := incidentOf("one", "c"), incidentOf("two", "c")
	cut, lift := map[string]any{"cut_grants": []any{"g"}}, map[string]any{"lift_grants": []any{"g"}}
	a := w.run(t, s, one, "cut", "c", cut)
	w.run(t, s, one, "cut", "c", cut)
	w.run(t, s, one, "cut", "a", cut)
	w.run(t, s, two, "cut", "c", cut)
	want := []sharing.Hold{{Grant: "g", Side: "consumer", Cause: sharing.ByIncident, Case: "one"},
		{Grant: "g", Side: "authority", Cause: sharing.ByIncident, Case: "one"}, {Grant: "g", Side: "consumer", Cause: sharing.ByIncident, Case: "two"}}
	if !slices.Equal(w.holds, want) || !slices.Equal(procedure.Texts(a.Results["cut_grants"]), []string{"g"}) {
		t.Fatalf("%+v, %v", w.holds, a.Results)
	}
	if a = w.run(t, s, one, "lift", "c", lift); !slices.Equal(a.Results["still_cut"].([]string), []string{"g"}) {
		t.Errorf("the second incident still holds it: %v", a.Results)
	}
	if err := s.allLifted(t.Context(), one, step("conclude", "c", nil)); code(err) != "still_cut" {
		t.Errorf("the authority's is not lifted: %v", err)
	}
	if err := s.mayLift(t.Context(), one, step("lift", "c", lift)); code(err) != "lift_invalid" {
		t.Errorf("lifted twice: %v", err)
	}
	if a = w.run(t, s, two, "lift", "c", lift); a.Results["still_cut"] != nil {
		t.Errorf("nothing holds the consumer's side: %v", a.Results)
	}
	w.run(t, s, one, "lift", "a", lift)
	if err := s.allLifted(t.Context(), one, step("conclude", "c", nil)); err != nil || len(w.holds) != 0 {
		t.Errorf("%v, %+v", err, w.holds)
	}
	if err := s.mayLift(t.Context(), one, step("lift", "c", nil)); code(err) != "lift_invalid" {
		t.Errorf("lifting nothing: %v", err)
	}
}

// In every order of lifting a system stays disabled until the last cut is
// lifted; one that was disabled before stays so.
func TestCutAndLiftOfASystem(t *testing.T) {
	t.Parallel()
	cut, lift := map[string]any{"cut_systems": []any{"cs"}}, map[string]any{"lift_systems": []any{"cs"}}
	type who struct{ incident, department string }
	holders := []who{{"one", "c"}, {"two", "c"}, {"one", "a"}}
	for _, order := range [][]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		for _, before := range []bool{false, true} {
			w, s := newWorld()
			if before {
				at := late.Add(-time.Hour)
				x := w.systems["cs"]
				x.DisabledAt = &at
				w.systems["cs"] = x
			}
			for _, h := range holders {
				w.run(t, s, incidentOf(h.incident, "c"), "cut", h.department, cut)
			}
			for n, i := range order {
				if w.systems["cs"].DisabledAt == nil {
					t.Errorf("order %v: enabled after %d", order, n)
				}
				version := w.systems["cs"].Version
				w.run(t, s, incidentOf(holders[i].incident, "c"), "lift", holders[i].department, lift)
				if w.systems["cs"].Version != version+1 {
					t.Errorf("order %v: step %d is not compared with others at the same time", order, n)
				}
			}
			if disabled := w.systems["cs"].DisabledAt != nil; disabled != before {
				t.Errorf("order %v, disabled before %v: %v", order, before, disabled)
			}
		}
	}
}

func TestOrdersAndReport(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		order, carried, reported    int
		ordered, carriedOut, report string
	}{
		{0, 1, 0, "nothing_ordered", "", "not_reported"}, // the step that is being taken counts
		{1, 0, 1, "", "orders_open", ""},
		{1, 1, 2, "", "", ""},
		{1, 2, 1, "nothing_ordered", "", ""},
		{2, 1, 0, "", "orders_open", "not_reported"},
	} {
		c := incidentOf("i", "c")
		c.Taken = map[string]int{"order": x.order, "carry_out": x.carried, "report_authorities": x.reported}
		for name, got := range map[string][2]string{
			"ordered":     {code(ordered(t.Context(), c, procedure.Step{})), x.ordered},
			"carried out": {code(ordersCarriedOut(t.Context(), c, procedure.Step{})), x.carriedOut},
			"reported":    {code(reported(t.Context(), c, procedure.Step{})), x.report},
		} {
			if got[0] != got[1] {
				t.Errorf("%+v: %s: %q", x, name, got[0])
			}
		}
	}
}

// What fails underneath is an error, never a silent success.
func TestFailuresAreHandedOn(t *testing.T) {
	t.Parallel()
	w, s := newWorld()
	w.fails = errors.New("disk")
	c := incidentOf("i", "c")
	for _, fields := range []map[string]any{{"cut_grants": []any{"g"}}, {"cut_systems": []any{"cs"}}} {
		if err := s.cut(t.Context(), c, actOf(step("cut", "c", fields))); code(err) != "plain" {
			t.Errorf("%v: %v", fields, err)
		}
	}
	if err := s.allLifted(t.Context(), c, procedure.Step{}); code(err) != "plain" {
		t.Error(err)
	}
	if err := subject(t.Context(), org.Principal{Department: org.Department{ID: "c", Region: "130100"}}, c); err != nil ||
		c.Subject != "c" || c.Region != "130100" || c.Title == "" {
		t.Errorf("%+v %v", c, err)
	}
}
