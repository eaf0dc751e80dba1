package web

import (
	"context"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
	"github.com/shuqiao/shuqiao/internal/sharing"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerBulk(h *handlers, api huma.API) {
	const tag = "案件"
	register(api, http.MethodPost, "/api/v1/cases/bulk", "openCases", tag, "批量立案", h.openCases, status(http.StatusCreated),
		note("一张表单，多个标的或者多个需求部门。全部立案，或者全部不立；有误的字段以 subjects[2].fields.items 的形式一次列出。"))
	register(api, http.MethodPost, "/api/v1/cases/bulk/actions/{action}", "takeActions", tag, "批量办理", h.takeActions,
		note("对多件办理同一动作，逐件办理，逐件给出结果。"))
	register(api, http.MethodGet, "/api/v1/aggregation-risks", "listAggregationRisks", "授权", "查询汇聚风险", h.aggregationRisks,
		note("本部门的；主管部门的审核人员和审计人员可见辖区内各部门的。每日扫描。"))
}

type openCasesInput struct{ Body wire.OpenBulk }

func (h *handlers) openCases(ctx context.Context, in *openCasesInput) (*reply[wire.BulkResults], error) {
	requests := make([]casework.OpenRequest, len(in.Body.Subjects))
	for i, s := range in.Body.Subjects {
		title := s.Title
		if title == "" {
			title = in.Body.Title
		}
		requests[i] = casework.OpenRequest{Procedure: in.Body.Procedure, Action: in.Body.Action, Subject: s.Subject,
			Title: title, Parties: s.Parties, Fields: over(in.Body.Fields, s.Fields)}
	}
	views, err := h.Cases.OpenMany(ctx, principal(ctx), requests)
	if err != nil {
		return nil, err
	}
	out := wire.BulkResults{Items: []wire.BulkResult{}, Done: len(views)}
	for i, v := range views {
		out.Items = append(out.Items, done(i, v))
	}
	return &reply[wire.BulkResults]{Body: out}, nil
}

type takeActionsInput struct {
	Action string `path:"action" pattern:"^[a-z][a-z0-9_]{0,63}$" doc:"动作"`
	Body   wire.TakeBulk
}

func (h *handlers) takeActions(ctx context.Context, in *takeActionsInput) (*reply[wire.BulkResults], error) {
	requests := make([]casework.StepRequest, len(in.Body.Cases))
	for i, c := range in.Body.Cases {
		requests[i] = casework.StepRequest{Case: c.Case, TakeRequest: casework.TakeRequest{
			Action: in.Action, Fields: over(in.Body.Fields, c.Fields), Expect: c.Expect}}
	}
	results, err := h.Cases.TakeMany(ctx, principal(ctx), requests)
	if err != nil && len(results) == 0 {
		return nil, err
	}
	out := wire.BulkResults{Items: []wire.BulkResult{}}
	for i, r := range results {
		if r.Fault != nil {
			out.Items = append(out.Items, refusedStep(i, r.Case, r.Fault))
			continue
		}
		out.Items = append(out.Items, done(i, r.View))
		out.Done++
	}
	if err != nil { // what was done is done: the answer tells where it ended
		p := problem.From(err)
		problem.Log(ctx, p, err)
		for i := len(results); i < len(requests); i++ {
			out.Items = append(out.Items, wire.BulkResult{Index: i, Case: requests[i].Case, Code: "not_done", Detail: p.Detail})
		}
	}
	return &reply[wire.BulkResults]{Body: out}, nil
}

// over puts what differs over the common form.
func over(common, own map[string]any) map[string]any {
	out := maps.Clone(object(common))
	maps.Copy(out, own)
	return out
}

func done(i int, v casework.View) wire.BulkResult {
	return wire.BulkResult{Index: i, Case: v.Case.ID, Done: true, Number: v.Case.Number, Subject: v.Case.Subject,
		Stage: v.Case.Stage, StageName: v.StageName, Version: v.Case.Version}
}

func refusedStep(i int, id string, f *fault.Fault) wire.BulkResult {
	return wire.BulkResult{Index: i, Case: id, Code: f.Code, Detail: f.Message, Basis: f.Basis,
		Errors: each(f.Fields, func(x fault.Field) wire.ProblemField {
			return wire.ProblemField{Field: x.Path, Code: x.Code, Message: x.Message, Basis: x.Basis}
		})}
}

func (h *handlers) aggregationRisks(ctx context.Context, _ *struct{}) (*reply[wire.RiskList], error) {
	risks, err := h.Risks.Risks(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.RiskList]{Body: wire.RiskList{Items: each(risks, toRisk)}}, nil
}

func toRisk(r sharing.RiskView) wire.Risk {
	return wire.Risk{Consumer: r.Consumer, Rule: r.Rule, RuleName: r.RuleName, Clause: r.Clause, RaisesTo: string(r.RaisesTo),
		Resources: strs(r.Resources), Demanded: r.Demanded, AssessedCase: r.AssessedCase,
		FirstSeen: r.FirstSeen.UTC(), LastSeen: r.LastSeen.UTC()}
}
