package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerCases(h *handlers, api huma.API) {
	const tag = "案件"
	register(api, http.MethodPost, "/api/v1/cases", "openCase", tag, "立案", h.openCase, status(http.StatusCreated),
		note("对所有流程通用：流程、动作和表单见 /api/v1/law/procedures。"))
	register(api, http.MethodGet, "/api/v1/cases", "listCases", tag, "查询案件", h.cases, note("最新的在前。"))
	register(api, http.MethodGet, "/api/v1/cases/{id}", "getCase", tag, "查看案件", h.caseView,
		note("阶段、期限、办理过程，以及本人现在可以办理的动作和表单。"))
	register(api, http.MethodPost, "/api/v1/cases/{id}/actions/{action}", "takeAction", tag, "办理", h.takeAction,
		note("expect 为所见案件的版本；他人已先办理时返回 409。"))
}

type openCaseInput struct{ Body wire.OpenCase }

func (h *handlers) openCase(ctx context.Context, in *openCaseInput) (*reply[wire.CaseView], error) {
	return caseReply(h.Cases.Open(ctx, principal(ctx), casework.OpenRequest{
		Procedure: in.Body.Procedure, Action: in.Body.Action, Subject: in.Body.Subject,
		Title: in.Body.Title, Parties: in.Body.Parties, Fields: object(in.Body.Fields),
	}))
}

type casesInput struct {
	Procedure string `query:"procedure" maxLength:"64" doc:"流程"`
	Stage     string `query:"stage" maxLength:"64" doc:"阶段"`
	Subject   string `query:"subject" maxLength:"64" doc:"标的"`
	Open      bool   `query:"open" doc:"只列未办结的"`
	After     string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) cases(ctx context.Context, in *casesInput) (*reply[wire.CaseList], error) {
	cs, err := h.Cases.Cases(ctx, principal(ctx), casework.Filter{
		Procedure: in.Procedure, Stage: in.Stage, Subject: in.Subject,
		OpenOnly: in.Open, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return &reply[wire.CaseList]{Body: wire.CaseList{
		Items: each(cs, toCase),
		Next:  next(cs, in.Limit, func(c procedure.Case) string { return c.ID }),
	}}, nil
}

func (h *handlers) caseView(ctx context.Context, in *ByID) (*reply[wire.CaseView], error) {
	return caseReply(h.Cases.View(ctx, principal(ctx), in.ID))
}

type takeActionInput struct {
	ByID
	Action string `path:"action" pattern:"^[a-z][a-z0-9_]{0,63}$" doc:"动作"`
	Body   wire.TakeAction
}

func (h *handlers) takeAction(ctx context.Context, in *takeActionInput) (*reply[wire.CaseView], error) {
	return caseReply(h.Cases.Take(ctx, principal(ctx), in.ID, casework.TakeRequest{
		Action: in.Action, Fields: object(in.Body.Fields), Expect: in.Body.Expect,
	}))
}

func caseReply(v casework.View, err error) (*reply[wire.CaseView], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.CaseView]{Body: toCaseView(v)}, nil
}
