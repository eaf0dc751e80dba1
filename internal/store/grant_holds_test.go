package store_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/incident"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
)

// A side's flag is set while any hold of that side is open, whichever is
// released first; the other sides have nothing to do with it.
func TestHoldsMakeTheFlags(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		derive := func(what string, consumer, provider, authority bool) {
			t.Helper()
			before := get(s.Sharing().GrantsVersion(w.ctx))(t)
			now := get(s.Sharing().DeriveFlags(w.ctx, g))(t)
			if now.SuspendedConsumer != consumer || now.SuspendedProvider != provider || now.SuspendedAuthority != authority || now.Version != g.Version+1 {
				t.Errorf("%s: %v %v %v, version %d after %d", what, now.SuspendedConsumer, now.SuspendedProvider, now.SuspendedAuthority, now.Version, g.Version)
			}
			if after := get(s.Sharing().GrantsVersion(w.ctx))(t); after <= before {
				t.Errorf("%s: the gateway is not told", what)
			}
			wantFault(t, get2(s.Sharing().DeriveFlags(w.ctx, g)), "changed_meanwhile")
			g = now
		}
		hold := func(side string, cause sharing.Cause, ofCase string) sharing.Hold {
			h := sharing.Hold{ID: ident.New(), Grant: g.ID, Side: side, Cause: cause, Case: ofCase, At: noon}
			ok(t, s.Sharing().InsertHold(w.ctx, h))
			return h
		}
		release := func(h sharing.Hold) {
			at := noon
			h.ReleasedAt, h.ReleasedBy = &at, h.Case
			ok(t, s.Sharing().ReleaseHold(w.ctx, h))
			wantFault(t, s.Sharing().ReleaseHold(w.ctx, h), "changed_meanwhile")
		}
		suspension, incident := w.openCase(t).ID, w.openCase(t).ID
		for _, first := range []string{"suspension", "incident"} {
			a := hold("provider", sharing.BySuspension, suspension)
			derive("suspended", false, true, false)
			b := hold("provider", sharing.ByIncident, incident)
			c := hold("authority", sharing.ByIncident, incident)
			derive("cut off as well", false, true, true)
			if first == "incident" {
				a, b = b, a
			}
			release(a)
			derive(first+" lifted", false, true, true)
			release(c)
			derive("the authority's lifted", false, true, false)
			release(b)
			derive("both lifted", false, false, false)
		}
		again := hold("provider", sharing.BySuspension, suspension)
		twice := again
		twice.ID = ident.New()
		wantFault(t, s.Sharing().InsertHold(w.ctx, twice), "already_exists")
		twice.Case = incident
		wantFault(t, s.Sharing().InsertHold(w.ctx, twice), "already_exists")
		if open := get(s.Sharing().Holds(w.ctx, g.ID))(t); len(open) != 1 || open[0] != again {
			t.Errorf("%+v", open)
		}
	})
}

func get2[T any](_ T, err error) error { return err }

// Holds that come and go at the same time leave the flag as the holds are.
func TestHoldsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		var cases []string
		for range 6 {
			cases = append(cases, w.openCase(t).ID)
		}
		var conflicts atomic.Int32
		change := func(id string, hold bool) {
			for done := false; !done; {
				err := s.Do(w.ctx, func(ctx context.Context) error {
					now, err := s.Sharing().Grant(ctx, g.ID)
					if err != nil {
						return err
					}
					h := sharing.Hold{ID: id, Grant: g.ID, Side: "consumer", Cause: sharing.ByIncident, Case: id, At: noon}
					if hold {
						err = s.Sharing().InsertHold(ctx, h)
					} else {
						at := noon
						h.ReleasedAt, h.ReleasedBy = &at, id
						err = s.Sharing().ReleaseHold(ctx, h)
					}
					if err == nil {
						_, err = s.Sharing().DeriveFlags(ctx, now)
					}
					return err
				})
				switch {
				case fault.Is(err, "changed_meanwhile"):
					conflicts.Add(1)
				case err != nil:
					t.Error(err)
					return
				default:
					done = true
				}
			}
		}
		var wg sync.WaitGroup
		for i, id := range cases {
			wg.Go(func() {
				change(id, true)
				if i > 0 { // the first stays
					change(id, false)
				}
			})
		}
		wg.Wait()
		if now := get(s.Sharing().Grant(w.ctx, g.ID))(t); !now.SuspendedConsumer || now.Version != g.Version+11 {
			t.Errorf("%+v after %d conflicts", now, conflicts.Load())
		}
		change(cases[0], false)
		if now := get(s.Sharing().Grant(w.ctx, g.ID))(t); now.SuspendedConsumer {
			t.Error("nothing holds it")
		}
	})
}

// What was suspended and cut off before holds were kept has its hold after the
// migration, for its own side and its own case.
func TestHoldsOfWhatWasBefore(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		ok(t, s.Sharing().InsertGrant(w.ctx, g))
		sides := map[string]string{} // case → side
		for _, side := range []string{"provider", "authority", "consumer"} {
			c := w.openCase(t)
			sides[c.ID] = side
			ok(t, s.Exec(w.ctx, "UPDATE cases SET procedure = 'suspension', stage = 'rectifying', subject = '"+g.ID+"', facts = '{\"side\":\""+side+"\"}' WHERE id = '"+c.ID+"'"))
		}
		cut := incident.Cut{ID: ident.New(), Case: w.openCase(t).ID, Target: incident.Grant, TargetID: g.ID, Side: incident.Authority, Department: w.provider.ID, At: noon}
		ok(t, s.Incidents().InsertCut(w.ctx, cut))
		ok(t, s.Exec(w.ctx, "UPDATE grants SET suspended_provider = true, suspended_authority = true")) // the consumer's was lifted by its side
		engine := "sqlite"
		if s.Concurrent() {
			engine = "postgres"
		}
		source, err := os.ReadFile("migrations/" + engine + "/0017_violations.sql")
		ok(t, err)
		statements := 0
		for _, statement := range strings.Split(string(source), ";") {
			if strings.Contains(statement, "INSERT INTO grant_holds") {
				statements++
				ok(t, s.Exec(w.ctx, statement))
			}
		}
		open := get(s.Sharing().Holds(w.ctx, g.ID))(t)
		if statements != 2 || len(open) != 3 {
			t.Fatalf("%d statements, %+v", statements, open)
		}
		for _, h := range open {
			switch {
			case h.Cause == sharing.ByIncident && (h.Case != cut.Case || h.Side != "authority" || !h.At.Equal(noon)):
				t.Errorf("%+v", h)
			case h.Cause == sharing.BySuspension && (sides[h.Case] != h.Side || h.Side == "consumer"):
				t.Errorf("%+v", h)
			}
		}
		before := get(s.Sharing().Grant(w.ctx, g.ID))(t)
		if now := get(s.Sharing().DeriveFlags(w.ctx, before))(t); now.SuspendedConsumer || !now.SuspendedProvider || !now.SuspendedAuthority {
			t.Errorf("%+v", now)
		}
	})
}
