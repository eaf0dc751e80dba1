package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerGrants(h *handlers, api huma.API) {
	register(api, http.MethodGet, "/api/v1/grants", "listGrants", "授权", "查询授权", h.grants)
	register(api, http.MethodGet, "/api/v1/grants/{id}", "getGrant", "授权", "查看授权", h.grant)
}

type grantsInput struct {
	Consumer string `query:"consumer" doc:"需求部门编号"`
	Provider string `query:"provider" doc:"提供部门编号"`
	Resource string `query:"resource" doc:"资源编号"`
	After    string `query:"after" doc:"上一页的 next"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) grants(ctx context.Context, in *grantsInput) (*reply[wire.GrantList], error) {
	gs, err := h.Grants.Grants(ctx, principal(ctx), sharing.GrantFilter{
		Consumer: in.Consumer, Provider: in.Provider, Resource: in.Resource, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	now := h.Clock.Now()
	return &reply[wire.GrantList]{Body: wire.GrantList{
		Items: each(gs, func(g sharing.Grant) wire.Grant { return toGrant(g, now) }),
		Next:  next(gs, in.Limit, func(g sharing.Grant) string { return g.ID }),
	}}, nil
}

// toGrant shows a grant with its status at now.
func toGrant(g sharing.Grant, now time.Time) wire.Grant {
	return wire.Grant{
		ID: g.ID, Case: g.Case, Resource: g.Resource, ResourceVersion: g.ResourceVersion,
		Consumer: g.Consumer, Provider: g.Provider, Status: string(g.StatusAt(now)),
		Systems: strs(g.Systems), Items: strs(g.Items), Clear: strs(g.Clear),
		Rows: each(g.Rows, toCondition), Purpose: g.Purpose, Scenario: g.Scenario,
		Mode: string(g.Mode), Method: string(g.Method), NotBefore: g.NotBefore.UTC(), NotAfter: g.NotAfter.UTC(),
		RatePerSecond: g.RatePerSecond, DailyCalls: g.DailyCalls,
		SuspendedConsumer: g.SuspendedConsumer, SuspendedProvider: g.SuspendedProvider,
		SuspendedAuthority: g.SuspendedAuthority, TerminatedAt: utcp(g.TerminatedAt),
		DeliveredAt: utcp(g.DeliveredAt), DisposedAt: utcp(g.DisposedAt), MorePurposes: strs(g.MorePurposes), Version: g.Version, CreatedAt: g.CreatedAt.UTC(),
	}
}

func toCondition(c catalog.Condition) wire.Condition {
	return wire.Condition{Item: c.Item, Op: string(c.Op), Values: strs(c.Values)}
}
