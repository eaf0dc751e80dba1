package sharing

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// keptHolds is a store of one grant and its holds.
type keptHolds struct {
	Store
	grant   Grant
	holds   []Hold
	history []GrantChange
}

func (h *keptHolds) Grant(context.Context, string) (Grant, error) { return h.grant, nil }
func (h *keptHolds) Holds(context.Context, string) ([]Hold, error) {
	return slices.DeleteFunc(slices.Clone(h.holds), func(x Hold) bool { return x.ReleasedAt != nil }), nil
}
func (h *keptHolds) InsertHold(_ context.Context, x Hold) error {
	h.holds = append(h.holds, x)
	return nil
}
func (h *keptHolds) ReleaseHold(_ context.Context, x Hold) error {
	i := slices.IndexFunc(h.holds, func(y Hold) bool { return y.ID == x.ID && y.ReleasedAt == nil })
	if i < 0 {
		return fault.New(fault.Conflict, "changed_meanwhile", "")
	}
	h.holds[i] = x
	return nil
}
func (h *keptHolds) DeriveFlags(_ context.Context, g Grant) (Grant, error) {
	if g.Version != h.grant.Version {
		return g, fault.New(fault.Conflict, "changed_meanwhile", "")
	}
	on := func(side string) bool {
		return slices.ContainsFunc(h.holds, func(x Hold) bool { return x.Side == side && x.ReleasedAt == nil })
	}
	h.grant.SuspendedConsumer, h.grant.SuspendedProvider, h.grant.SuspendedAuthority = on(sideConsumer), on(sideProvider), on(sideAuthority)
	h.grant.Version++
	return h.grant, nil
}
func (h *keptHolds) UpdateGrant(_ context.Context, g Grant) error {
	h.grant.TerminatedAt, h.grant.Version = g.TerminatedAt, g.Version+1
	return nil
}
func (h *keptHolds) InsertGrantChange(_ context.Context, c GrantChange) error {
	h.history = append(h.history, c)
	return nil
}

var monday = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

func newHeld() (*keptHolds, *Service) {
	h := &keptHolds{grant: Grant{ID: "g", NotAfter: monday.AddDate(1, 0, 0)}}
	return h, NewService(h, nil, nil, clock.NewFake(monday))
}

func newAct() *procedure.Act { return &procedure.Act{ID: "a", At: monday, Results: map[string]any{}} }

// Whatever holds and releases in whatever order: a side is suspended exactly
// while something of that side holds it, and every change is in the history.
func TestSidesAndCausesAreIndependent(t *testing.T) {
	t.Parallel()
	sides := []string{sideConsumer, sideProvider, sideAuthority}
	rapid.Check(t, func(t *rapid.T) {
		h, s := newHeld()
		want := map[string]map[string]bool{sideConsumer: {}, sideProvider: {}, sideAuthority: {}}
		for range rapid.IntRange(0, 20).Draw(t, "steps") {
			side := rapid.SampledFrom(sides).Draw(t, "side")
			c := &procedure.Case{ID: fmt.Sprint(rapid.IntRange(1, 3).Draw(t, "case")), Subject: "g"}
			before := len(h.history)
			changes := want[side][c.ID]
			if rapid.Bool().Draw(t, "hold") {
				changes = !changes
				if did, err := s.Suspend(context.Background(), "g", side, ByIncident, c, newAct()); err != nil || did != changes {
					t.Fatalf("held %v, %v", did, err)
				}
				want[side][c.ID] = true
			} else {
				if _, err := s.Release(context.Background(), "g", func(x Hold) bool { return x.Case == c.ID && x.Side == side }, c, newAct()); err != nil {
					t.Fatal(err)
				}
				delete(want[side], c.ID)
			}
			if (len(h.history) > before) != changes {
				t.Fatalf("changed %v, history %d after %d", changes, len(h.history), before)
			}
			flags := map[string]bool{sideConsumer: h.grant.SuspendedConsumer, sideProvider: h.grant.SuspendedProvider, sideAuthority: h.grant.SuspendedAuthority}
			for _, x := range sides {
				if flags[x] != (len(want[x]) > 0) {
					t.Fatalf("%s is suspended: %v, held by %v", x, flags[x], want[x])
				}
			}
		}
	})
}

// A dispute ends suspensions of the other sides and the termination; the
// consumer's own and a cut-off of an incident are not its matter (CN-28).
func TestWhatADisputeRestores(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, x := range []struct {
		name       string
		side       string
		cause      Cause
		terminated bool
		want       string // refusal
		still      int
	}{
		{"nothing", "", "", false, "nothing_to_restore", 0},
		{"its own", sideConsumer, BySuspension, false, "nothing_to_restore", 1},
		{"an incident of the provider", sideProvider, ByIncident, false, "nothing_to_restore", 1},
		{"the provider's", sideProvider, BySuspension, false, "", 0},
		{"the authority's", sideAuthority, BySuspension, false, "", 0},
		{"ended", "", "", true, "", 0},
		{"ended, with an incident", sideProvider, ByIncident, true, "", 1},
	} {
		h, s := newHeld()
		suspension := &procedure.Case{ID: "s", Subject: "g"}
		if x.side != "" {
			if _, err := s.Suspend(ctx, "g", x.side, x.cause, suspension, newAct()); err != nil {
				t.Fatal(err)
			}
		}
		if x.terminated {
			at := monday
			h.grant.TerminatedAt = &at
		}
		act := newAct()
		err := s.RestoreOrdered(ctx, "g", &procedure.Case{ID: "d"}, act)
		if x.want == "" && err != nil || x.want != "" && !fault.Is(err, x.want) {
			t.Errorf("%s: %v, want %q", x.name, err, x.want)
		}
		if open, _ := s.store.Holds(ctx, "g"); len(open) != x.still || (x.want == "") == (h.grant.TerminatedAt != nil) && x.terminated {
			t.Errorf("%s: still held by %v, ended %v", x.name, open, h.grant.TerminatedAt)
		}
		if stands := s.holdStands(ctx, suspension, procedure.Step{}); (stands == nil) != (x.still == 1) {
			t.Errorf("%s: %v", x.name, stands)
		}
	}
}
