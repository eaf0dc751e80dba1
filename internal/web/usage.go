package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/usage"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerUsage(h *handlers, api huma.API) {
	const tag = "授权"
	register(api, http.MethodPost, "/api/v1/grants/{id}/usage", "fileUsage", tag, "填报使用记录", h.fileUsage, status(http.StatusCreated),
		note("由需求部门填报，保存不少于三年，不能修改或者删除；填错的另报一条更正。"))
	register(api, http.MethodGet, "/api/v1/grants/{id}/usage", "listUsage", tag, "查阅使用记录", h.usage,
		note("需求部门、提供部门和主管部门可以查阅。最新的在前。"))
	register(api, http.MethodGet, "/api/v1/grants/{id}/calls", "grantCalls", tag, "各月调用量", h.calls)
}

type fileUsageInput struct {
	ByID
	Body wire.UsageInput
}

func (h *handlers) fileUsage(ctx context.Context, in *fileUsageInput) (*reply[wire.UsageRecord], error) {
	b := in.Body
	r, err := h.Usage.File(ctx, principal(ctx), in.ID, usage.Input{
		Scenario: b.Scenario, Process: b.Process, Effect: b.Effect, Storage: b.Storage, Destruction: b.Destruction,
		User: b.User, Approver: b.Approver, Content: b.Content, From: b.From, To: b.To,
		Way: usage.Way(b.Way), Medium: usage.Medium(b.Medium), Corrects: b.Corrects,
	})
	if err != nil {
		return nil, err
	}
	return &reply[wire.UsageRecord]{Body: toUsageRecord(r)}, nil
}

type usageInput struct {
	ByID
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) usage(ctx context.Context, in *usageInput) (*reply[wire.UsageList], error) {
	rs, err := h.Usage.List(ctx, principal(ctx), in.ID, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return &reply[wire.UsageList]{Body: wire.UsageList{
		Items: each(rs, toUsageRecord), Next: next(rs, in.Limit, func(r usage.Record) string { return r.ID }),
	}}, nil
}

func toUsageRecord(r usage.Record) wire.UsageRecord {
	return wire.UsageRecord{UsageInput: wire.UsageInput{
		Scenario: r.Scenario, Process: r.Process, Effect: r.Effect, Storage: r.Storage, Destruction: r.Destruction,
		User: r.User, Approver: r.Approver, Content: r.Content, From: r.From.UTC(), To: r.To.UTC(),
		Way: string(r.Way), Medium: string(r.Medium), Corrects: r.Corrects,
	}, ID: r.ID, Grant: r.Grant, FiledBy: r.FiledBy, FiledAt: r.FiledAt.UTC(), RetainUntil: r.RetainUntil.UTC()}
}

func (h *handlers) calls(ctx context.Context, in *ByID) (*reply[wire.CallSummary], error) {
	months, counted, err := h.Usage.Calls(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CallSummary]{Body: wire.CallSummary{Counted: counted, Items: each(months, func(m usage.Month) wire.MonthCalls {
		return wire.MonthCalls{Month: m.Month, Calls: m.Calls}
	})}}, nil
}
