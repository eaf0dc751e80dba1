package dispute

import (
	"context"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/sharing"
)

// memory holds cases and grants, and notes what was carried out.
type memory struct {
	cases    map[string]procedure.Case
	grants   map[string]sharing.Grant
	open     []procedure.Case
	unfit    error
	issued   string
	restored string
}

func (m *memory) Case(_ context.Context, id string) (procedure.Case, error) {
	c, ok := m.cases[id]
	if !ok {
		return c, fault.Missing("办件", id)
	}
	return c, nil
}
func (m *memory) Cases(context.Context, casework.Filter) ([]procedure.Case, error) {
	return m.open, nil
}
func (m *memory) Grant(_ context.Context, id string) (sharing.Grant, error) {
	g, ok := m.grants[id]
	if !ok {
		return g, fault.Missing("授权", id)
	}
	return g, nil
}
func (m *memory) GrantOfCase(_ context.Context, id string) (sharing.Grant, error) {
	for _, g := range m.grants {
		if g.Case == id {
			return g, nil
		}
	}
	return sharing.Grant{}, fault.Missing("授权", id)
}
func (m *memory) IssueOrdered(_ context.Context, a procedure.Case, _ *procedure.Case, _ *procedure.Act) error {
	m.issued = a.ID
	return nil
}
func (m *memory) RestoreOrdered(_ context.Context, g string, _ *procedure.Case, _ *procedure.Act) error {
	m.restored = g
	return nil
}
func (m *memory) Restorable(context.Context, sharing.Grant) error { return m.unfit }

func newMemory() (*memory, *Service) {
	parties := map[string]string{"consumer": "c", "provider": "p"}
	facts := map[string]any{"items": []any{"a"}, "systems": []any{"s"}}
	m := &memory{
		cases: map[string]procedure.Case{
			"refused": {ID: "refused", Procedure: "application", Stage: "refused", Region: "130100", Title: "申请", Parties: parties, Facts: facts},
			"running": {ID: "running", Procedure: "application", Stage: "received", Parties: parties, Facts: facts},
			"agreed":  {ID: "agreed", Procedure: "application", Stage: "refused", Region: "130100", Parties: parties, Facts: facts},
			"lonely":  {ID: "lonely", Procedure: "catalog_publication", Parties: map[string]string{"provider": "p"}},
			"dispute": {ID: "dispute", Procedure: Procedure, Parties: parties},
		},
		grants: map[string]sharing.Grant{"g": {ID: "g", Case: "agreed", Consumer: "c", Provider: "p"}},
	}
	return m, NewService(m, m, m)
}

func code(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestWhoMayDisputeWhat(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, subject, own string
		given              map[string]string
		want               string
	}{
		{"the consumer, a case", "refused", "c", map[string]string{"consumer": "c"}, ""},
		{"the provider, a case", "refused", "p", map[string]string{"provider": "p"}, ""},
		{"the consumer, a grant", "g", "c", map[string]string{"consumer": "c"}, ""},
		{"the provider in the consumer's place", "g", "p", map[string]string{"consumer": "p"}, "party_mismatch"},
		{"the consumer against somebody else", "g", "c", map[string]string{"consumer": "c", "provider": "x"}, "party_mismatch"},
		{"a stranger", "g", "x", map[string]string{"consumer": "x"}, "not_found"},
		{"what there is not", "nothing", "c", map[string]string{"consumer": "c"}, "not_found"},
		{"a case without two sides", "lonely", "p", map[string]string{"provider": "p"}, "not_disputable"},
		{"a stranger, a case without two sides", "lonely", "x", map[string]string{"provider": "x"}, "not_found"},
		{"a dispute about a dispute", "dispute", "c", map[string]string{"consumer": "c"}, "not_disputable"},
	} {
		_, s := newMemory()
		c := &procedure.Case{Subject: x.subject, Parties: x.given, Facts: map[string]any{}}
		err := s.subject(context.Background(), org.Principal{Department: org.Department{ID: x.own}}, c)
		if code(err) != x.want {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
		if err == nil && (c.Parties["consumer"] != "c" || c.Parties["provider"] != "p" || c.Region != "130100" || c.Facts["about"] == nil) {
			t.Errorf("%s: %+v", x.name, c)
		}
	}
}

func TestOutcomesFit(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		about, subject string
		outcome        Outcome
		want           string
	}{
		{"case", "refused", OrderShare, ""},
		{"case", "running", OrderShare, "outcome_unfit"},
		{"case", "agreed", OrderShare, "outcome_unfit"},
		{"grant", "g", OrderShare, "outcome_unfit"},
		{"grant", "g", RestoreGrant, ""},
		{"case", "refused", RestoreGrant, "outcome_unfit"},
		{"case", "running", Uphold, ""},
		{"grant", "g", OrderAct, ""},
	} {
		_, s := newMemory()
		c := &procedure.Case{Subject: x.subject, Facts: map[string]any{"about": x.about, "outcome": string(x.outcome)}}
		if err := s.outcomeFits(context.Background(), c, procedure.Step{}); code(err) != x.want {
			t.Errorf("%s of %s: %v, want %q", x.outcome, x.subject, err, x.want)
		}
	}
}

func TestWhatIsCarriedOut(t *testing.T) {
	t.Parallel()
	run := func(outcome Outcome, about, subject string, unfit error) (*memory, *procedure.Act, error) {
		m, s := newMemory()
		m.unfit = unfit
		act := &procedure.Act{Results: map[string]any{}}
		c := &procedure.Case{Subject: subject, Facts: map[string]any{"about": about, "outcome": string(outcome)}}
		if outcome == OrderShare {
			return m, act, s.orderShare(context.Background(), c, act)
		}
		return m, act, s.carryOut(context.Background(), c, act)
	}
	if m, act, err := run(OrderShare, "case", "refused", nil); err != nil || m.issued != "refused" || act.Results["outcome"] != "order_share" {
		t.Errorf("order: %v %v", m.issued, err)
	}
	if m, _, err := run(OrderShare, "case", "agreed", nil); code(err) != "outcome_unfit" || m.issued != "" {
		t.Errorf("order of what has a grant: %v", err)
	}
	if m, _, err := run(RestoreGrant, "grant", "g", nil); err != nil || m.restored != "g" {
		t.Errorf("restore: %v %v", m.restored, err)
	}
	moot := fault.New(fault.Illegal, "grant_expired", "已届满")
	if m, act, err := run(RestoreGrant, "grant", "g", moot); err != nil || m.restored != "" || act.Results["moot"] != "grant_expired" {
		t.Errorf("moot: %v %v", act.Results, err)
	}
	for _, o := range []Outcome{Uphold, OrderAct} {
		if m, act, err := run(o, "grant", "g", nil); err != nil || m.restored+m.issued != "" || act.Results["subject"] != "g" {
			t.Errorf("%s: %v %v", o, act.Results, err)
		}
	}
}

func TestStepsOfADispute(t *testing.T) {
	t.Parallel()
	m, s := newMemory()
	c := &procedure.Case{ID: "d", Taken: map[string]int{"open_by_provider": 1}}
	at := procedure.Step{At: time.Date(2026, 3, 2, 15, 59, 0, 0, time.UTC), Action: "withdraw_by_provider"} // 23:59 in China
	if err := negotiated(context.Background(), c, at); code(err) != "negotiate_first" {
		t.Error(err)
	}
	c.Taken["record_negotiation"] = 1
	if err := negotiated(context.Background(), c, at); err != nil {
		t.Error(err)
	}
	if err := ownClaim(context.Background(), c, at); err != nil {
		t.Error(err)
	}
	at.Action = "withdraw_by_consumer"
	if err := ownClaim(context.Background(), c, at); code(err) != "not_own_claim" {
		t.Error(err)
	}
	for day, want := range map[string]string{"2026-03-02": "", "2026-03-03": "record_invalid"} {
		at.Fields = map[string]any{"decided_on": day}
		if err := recordedDays(context.Background(), c, at); code(err) != want {
			t.Errorf("%s: %v", day, err)
		}
	}
	m.open = []procedure.Case{{ID: "d"}}
	if err := s.onlyOne(context.Background(), c, at); err != nil {
		t.Errorf("itself: %v", err)
	}
	m.open = append(m.open, procedure.Case{ID: "e"})
	if err := s.onlyOne(context.Background(), c, at); code(err) != "dispute_open" {
		t.Error(err)
	}
}
