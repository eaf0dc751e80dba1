package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/demand"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Demands is the board of what departments look for; *demand.Service
// implements it.
type Demands interface {
	List(ctx context.Context, p org.Principal, f demand.Filter) ([]demand.Line, error)
	Get(ctx context.Context, p org.Principal, id string) (demand.Line, error)
	Look(ctx context.Context, p org.Principal, w demand.Wanted) (demand.Matches, error)
	Matches(ctx context.Context, p org.Principal, id string) (demand.Matches, error)
	Join(ctx context.Context, p org.Principal, id, note string) (demand.Line, error)
	Leave(ctx context.Context, p org.Principal, id string) error
	Application(ctx context.Context, p org.Principal, id string) (demand.Prefilled, error)
}

func registerDemands(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/demands", "listDemands", tag, "供需对接:各部门的数据需求", h.demands,
		note("需求由 POST /api/v1/cases 以流程 demand 提出，标题为需要的数据的名称。经本部门负责人同意后在此公布；使用目的和依据不公布。最新的在前。"))
	register(api, http.MethodPost, "/api/v1/demands/look", "lookDemand", tag, "提出需求前查找已有的目录条目和相同的需求", h.lookDemand)
	register(api, http.MethodGet, "/api/v1/demands/{id}", "getDemand", tag, "查看一件数据需求", h.demand)
	register(api, http.MethodGet, "/api/v1/demands/{id}/matches", "listDemandMatches", tag, "与一件需求相近的目录条目和需求", h.demandMatches)
	register(api, http.MethodPut, "/api/v1/demands/{id}/joining", "joinDemand", tag, "我也需要", h.joinDemand,
		note("本部门也需要同样的数据，有了结果会得到通知。"))
	register(api, http.MethodDelete, "/api/v1/demands/{id}/joining", "leaveDemand", tag, "不再需要", h.leaveDemand)
	register(api, http.MethodGet, "/api/v1/demands/{id}/application", "getDemandApplication", tag, "由需求预填的共享申请", h.demandApplication,
		note("已有目录条目可以申请时，给出可以交给 POST /api/v1/cases 的表单。"))
}

type demandsInput struct {
	State []string `query:"state,explode" maxItems:"3" enum:"open,answered,closed" doc:"状态，可多次给出"`
	Own   bool     `query:"own" doc:"只列本部门提出的和也需要的"`
	Q     string   `query:"q" maxLength:"200" doc:"名称或者说明的一部分，或者文号"`
	After string   `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int      `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) demands(ctx context.Context, in *demandsInput) (*reply[wire.DemandList], error) {
	p := principal(ctx)
	f := demand.Filter{Text: in.Q, After: in.After, Limit: in.Limit,
		States: each(in.State, func(s string) demand.State { return demand.State(s) })}
	if in.Own {
		f.Department = p.Department.ID
	}
	list, err := h.Demands.List(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return &reply[wire.DemandList]{Body: wire.DemandList{Items: each(list, toDemand),
		Next: next(list, in.Limit, func(l demand.Line) string { return l.ID })}}, nil
}

func (h *handlers) demand(ctx context.Context, in *ByID) (*reply[wire.Demand], error) {
	return demandReply(h.Demands.Get(ctx, principal(ctx), in.ID))
}

type lookDemandInput struct{ Body wire.DemandLook }

func (h *handlers) lookDemand(ctx context.Context, in *lookDemandInput) (*reply[wire.DemandMatches], error) {
	return matchesReply(h.Demands.Look(ctx, principal(ctx), demand.Wanted(in.Body)))
}

func (h *handlers) demandMatches(ctx context.Context, in *ByID) (*reply[wire.DemandMatches], error) {
	return matchesReply(h.Demands.Matches(ctx, principal(ctx), in.ID))
}

type joinDemandInput struct {
	ByID
	Body wire.DemandJoin
}

func (h *handlers) joinDemand(ctx context.Context, in *joinDemandInput) (*reply[wire.Demand], error) {
	return demandReply(h.Demands.Join(ctx, principal(ctx), in.ID, in.Body.Note))
}

func (h *handlers) leaveDemand(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, h.Demands.Leave(ctx, principal(ctx), in.ID)
}

func (h *handlers) demandApplication(ctx context.Context, in *ByID) (*reply[wire.DemandApplication], error) {
	a, err := h.Demands.Application(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.DemandApplication]{Body: wire.DemandApplication{Procedure: a.Procedure, Subject: a.Subject, Title: a.Title,
		Fields: a.Fields, Missing: strs(a.Missing)}}, nil
}

func demandReply(l demand.Line, err error) (*reply[wire.Demand], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Demand]{Body: toDemand(l)}, nil
}

func toDemand(l demand.Line) wire.Demand {
	return wire.Demand{ID: l.ID, Number: l.Number, Department: l.Department, DepartmentName: l.DepartmentName, Region: l.Region, Name: l.Name,
		Data: l.Data, Items: strs(l.Items), Scope: l.Scope, Urgency: l.Urgency, State: string(l.State), Resource: l.Resource,
		ResourceCode: l.ResourceCode, ResourceName: l.ResourceName, MergedInto: l.MergedInto, Ours: l.Ours, JoinedByUs: l.JoinedByUs,
		Joined:      each(l.Joined, func(j demand.Joined) wire.DemandDepartment { return wire.DemandDepartment(j) }),
		AnnouncedAt: l.AnnouncedAt.UTC(), ClosedAt: utcp(l.ClosedAt)}
}

func matchesReply(m demand.Matches, err error) (*reply[wire.DemandMatches], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.DemandMatches]{Body: wire.DemandMatches{Incomplete: m.Incomplete,
		Resources: each(m.Resources, func(r demand.ResourceMatch) wire.DemandResource {
			return wire.DemandResource{Resource: r.Resource, Code: r.Code, Name: r.Name, Provider: r.Provider, ProviderName: r.ProviderName,
				Attribute: r.Attribute, Items: each(r.Items, toItemMatch), Complete: r.Complete}
		}),
		Demands: each(m.Demands, func(d demand.DemandMatch) wire.DemandLike {
			return wire.DemandLike{ID: d.ID, Number: d.Number, Department: d.Department, Name: d.Name, State: string(d.State),
				Resource: d.Resource, Why: d.Why, Items: each(d.Items, toItemMatch)}
		})}}, nil
}

func toItemMatch(m demand.ItemMatch) wire.DemandItemMatch { return wire.DemandItemMatch(m) }
