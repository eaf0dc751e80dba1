package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerGrantLife(h *handlers, api huma.API) {
	const tag = "授权"
	register(api, http.MethodGet, "/api/v1/grants/{id}/history", "grantHistory", tag, "授权的变动记录", h.grantHistory,
		note("只增不改；每一条都由所指的行为引起，可凭行为编号取存证。"))
	register(api, http.MethodGet, "/api/v1/grants/{id}/responsibility", "grantResponsibility", tag, "授权各环节的责任清单", h.responsibility)
}

// grant shows a grant with what the reader may start about it.
func (h *handlers) grant(ctx context.Context, in *ByID) (*reply[wire.GrantView], error) {
	p := principal(ctx)
	g, err := h.Grants.Grant(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	third, err := h.Grants.ThirdParties(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	openings, err := h.Cases.Openings(ctx, p, map[string]string{"consumer": g.Consumer, "provider": g.Provider}, sharing.SubjectPrepares()...)
	if err != nil {
		return nil, err
	}
	return &reply[wire.GrantView]{Body: wire.GrantView{
		Grant: toGrant(g, h.Clock.Now()), ThirdParties: each(third, toThirdParty),
		Openings: each(openings, func(o casework.Opening) wire.GrantOpening {
			return wire.GrantOpening{Procedure: o.Procedure, ProcedureName: o.ProcedureName, Action: toAction(o.Action)}
		}),
	}}, nil
}

func toThirdParty(t sharing.ThirdParty) wire.ThirdParty {
	return wire.ThirdParty{ID: t.ID, Case: t.Case, Name: t.Name, USCC: t.USCC, Items: strs(t.Items), Use: t.Use,
		Until: t.Until.UTC(), At: t.At.UTC()}
}

func (h *handlers) grantHistory(ctx context.Context, in *ByID) (*reply[wire.GrantHistory], error) {
	changes, err := h.Grants.History(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.GrantHistory]{Body: wire.GrantHistory{Items: each(changes, toGrantChange)}}, nil
}

func toGrantChange(c sharing.GrantChange) wire.GrantChange {
	changed := map[string]wire.Delta{}
	for name, d := range c.Changed {
		changed[name] = wire.Delta{From: d.From, To: d.To}
	}
	return wire.GrantChange{Version: c.Version, Kind: string(c.Kind), Name: c.Kind.Name(), Case: c.Case, Act: c.Act,
		Clause: c.Clause, Department: c.Department, Changed: changed, At: c.At.UTC()}
}

func (h *handlers) responsibility(ctx context.Context, in *ByID) (*reply[wire.Responsibility], error) {
	duties, err := h.Grants.Responsibility(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Responsibility]{Body: wire.Responsibility{Items: each(duties, func(d sharing.Duty) wire.Duty {
		return wire.Duty{Stage: d.Stage, Name: d.Name, Principle: d.Principle, Clause: d.Clause,
			Department: d.Department, DepartmentName: d.Title, Office: d.Office, Head: d.Head, Contact: d.Contact}
	})}}, nil
}
