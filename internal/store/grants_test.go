package store_test

import (
	"context"
	"errors"
	"testing"

	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/store"
)

func TestGrantLists(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		first, second := w.grant(), w.grant()
		second.Consumer, second.Provider = w.provider.ID, w.consumer.ID
		ok(t, s.Sharing().InsertGrant(w.ctx, first))
		ok(t, s.Sharing().InsertGrant(w.ctx, second))
		for name, c := range map[string]struct {
			f    sharing.GrantFilter
			want int
		}{
			"all":         {sharing.GrantFilter{}, 2},
			"consumer":    {sharing.GrantFilter{Consumer: w.consumer.ID}, 1},
			"provider":    {sharing.GrantFilter{Provider: w.consumer.ID}, 1},
			"either side": {sharing.GrantFilter{Consumer: w.consumer.ID, Provider: w.consumer.ID}, 2},
			"resource":    {sharing.GrantFilter{Resource: ident.New()}, 0},
			"page":        {sharing.GrantFilter{After: second.ID}, 1},
		} {
			if got := get(s.Sharing().Grants(w.ctx, c.f))(t); len(got) != c.want || name == "all" && got[0].ID != second.ID {
				t.Errorf("%s: %d grants", name, len(got))
			}
		}
	})
}

// What the gateways keep compiled changes GrantsVersion in its transaction.
func TestGrantsVersionTellsEveryChange(t *testing.T) {
	each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		g := w.grant()
		c := org.Credential{ID: ident.New(), System: w.system.ID, Kind: org.CertThumbprint, Value: "v", Thumb: "t", NotAfter: noon, CreatedAt: noon}
		x := w.system
		x.ID = ident.New()
		last := get(s.Sharing().GrantsVersion(w.ctx))(t)
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"insert grant", func() error { return s.Sharing().InsertGrant(w.ctx, g) }},
			{"update grant", func() error { return s.Sharing().UpdateGrant(w.ctx, g) }},
			{"insert system", func() error { return s.Org().InsertSystem(w.ctx, x) }},
			{"update system", func() error { return s.Org().UpdateSystem(w.ctx, x) }},
			{"insert credential", func() error { return s.Org().InsertCredential(w.ctx, c) }},
			{"revoke credential", func() error { return s.Org().RevokeCredential(w.ctx, c.ID, noon) }},
			{"update department", func() error { return s.Org().UpdateDepartment(w.ctx, w.consumer) }},
		} {
			ok(t, step.do())
			now := get(s.Sharing().GrantsVersion(w.ctx))(t)
			if now <= last {
				t.Errorf("%s: %d after %d", step.name, now, last)
			}
			last = now
		}
		_ = s.Do(w.ctx, func(ctx context.Context) error {
			g.Version++
			ok(t, s.Sharing().UpdateGrant(ctx, g))
			return errors.New("no")
		})
		if now := get(s.Sharing().GrantsVersion(w.ctx))(t); now != last {
			t.Errorf("a change that was rolled back counts: %d after %d", now, last)
		}
	})
}
