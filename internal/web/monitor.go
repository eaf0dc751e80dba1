package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/monitor"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Monitor shows what the risk monitoring saw, and cuts off; *monitor.Service
// implements it.
type Monitor interface {
	Signals(ctx context.Context, p org.Principal, f monitor.Filter) ([]monitor.Signal, error)
	Confirm(ctx context.Context, p org.Principal, id, reason string) (monitor.Signal, error)
	Dismiss(ctx context.Context, p org.Principal, id, reason string) (monitor.Signal, error)
	ToIncident(ctx context.Context, p org.Principal, id, gravity, measures string) (casework.View, error)
	ToReport(ctx context.Context, p org.Principal, id, description string) (casework.View, error)
	Cutoffs(ctx context.Context, p org.Principal, f monitor.Filter) ([]monitor.Cutoff, error)
	Cut(ctx context.Context, p org.Principal, o monitor.Order) (monitor.Cutoff, error)
	Lift(ctx context.Context, p org.Principal, id, reason string) (monitor.Cutoff, error)
	Figures(ctx context.Context, p org.Principal, grant string) (monitor.Figures, error)
}

func registerMonitor(h *handlers, api huma.API) {
	const tag = "监测"
	register(api, http.MethodGet, "/api/v1/signals", "listSignals", tag, "查询风险监测信号", h.signals,
		note("主管部门的审核、审计人员看到本行政区域内的，其他人看到本部门作为需求方或者提供方的。"))
	register(api, http.MethodPost, "/api/v1/signals/{id}/decision", "decideSignal", tag, "判断监测信号", h.decideSignal,
		note("由提供部门的共享工作机构负责人、部门负责人或者主管部门的审核人员判断；判断人和时间存证。误报的，由其引起的措施同时恢复。"))
	register(api, http.MethodPost, "/api/v1/signals/{id}/incident", "signalToIncident", tag, "由信号上报安全事件", h.signalToIncident, status(http.StatusCreated),
		note("监测到的事实写入案件；能否上报按安全事件处置流程核对。"))
	register(api, http.MethodPost, "/api/v1/signals/{id}/report", "signalToReport", tag, "由信号报告违规情形", h.signalToReport, status(http.StatusCreated),
		note("以监测到的事实的摘要为证据，向有权处理的主管部门报告（CN-40.2）。"))
	register(api, http.MethodGet, "/api/v1/cutoffs", "listCutoffs", tag, "查询限速、暂停和紧急停止", h.cutoffs)
	register(api, http.MethodPost, "/api/v1/cutoffs", "imposeCutoff", tag, "紧急停止", h.imposeCutoff, status(http.StatusCreated),
		note("在每个副本一秒之内生效。部门停止本部门的，主管部门停止本行政区域内的，本平台最高一级主管部门才能停止全部。"))
	register(api, http.MethodPost, "/api/v1/cutoffs/{id}/lift", "liftCutoff", tag, "恢复", h.liftCutoff,
		note("由作出决定的一方恢复；监测规则采取的措施，由提供部门负责人或者主管部门恢复。"))
	register(api, http.MethodGet, "/api/v1/grants/{id}/monitoring", "grantMonitoring", tag, "授权的监测数据", h.grantMonitoring)
}

type signalsInput struct {
	State string `query:"state" enum:"open,confirmed,dismissed" doc:"状态"`
	Kind  string `query:"kind" enum:"volume,off_hours,sequential,misses,refused,new_address" doc:"类别"`
	Grant string `query:"grant" maxLength:"64" doc:"授权编号"`
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) signals(ctx context.Context, in *signalsInput) (*reply[wire.RiskSignalList], error) {
	list, err := h.Monitor.Signals(ctx, principal(ctx), monitor.Filter{State: monitor.State(in.State), Kind: monitor.Kind(in.Kind),
		Grant: in.Grant, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[wire.RiskSignalList]{Body: wire.RiskSignalList{
		Items: each(list, toRiskSignal), Next: next(list, in.Limit, func(s monitor.Signal) string { return s.ID }),
	}}, nil
}

func toRiskSignal(s monitor.Signal) wire.RiskSignal {
	return wire.RiskSignal{ID: s.ID, Kind: string(s.Kind), Name: s.Name, Clause: s.Clause, Grant: s.Grant, System: s.System, Resource: s.Resource,
		Consumer: s.Consumer, Provider: s.Provider, Facts: s.Facts, At: s.At.UTC(), Measure: string(s.Measure), Cutoff: s.Cutoff, State: string(s.State),
		DecidedBy: s.DecidedBy, DecidedAt: utcp(s.DecidedAt), Reason: s.Reason, Case: s.Case}
}

type decideSignalInput struct {
	ByID
	Body wire.DecideSignal
}

func (h *handlers) decideSignal(ctx context.Context, in *decideSignalInput) (*reply[wire.RiskSignal], error) {
	decide := h.Monitor.Confirm
	if in.Body.Decision == "dismiss" {
		decide = h.Monitor.Dismiss
	}
	s, err := decide(ctx, principal(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &reply[wire.RiskSignal]{Body: toRiskSignal(s)}, nil
}

type signalIncidentInput struct {
	ByID
	Body wire.SignalIncident
}

func (h *handlers) signalToIncident(ctx context.Context, in *signalIncidentInput) (*reply[wire.OpenedCase], error) {
	return openedCase(h.Monitor.ToIncident(ctx, principal(ctx), in.ID, in.Body.Gravity, in.Body.Measures))
}

type signalReportInput struct {
	ByID
	Body wire.SignalReport
}

func (h *handlers) signalToReport(ctx context.Context, in *signalReportInput) (*reply[wire.OpenedCase], error) {
	return openedCase(h.Monitor.ToReport(ctx, principal(ctx), in.ID, in.Body.Description))
}

func openedCase(v casework.View, err error) (*reply[wire.OpenedCase], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.OpenedCase]{Body: wire.OpenedCase{ID: v.Case.ID, Number: v.Case.Number, Stage: v.Case.Stage}}, nil
}

type cutoffsInput struct {
	InForce bool   `query:"in_force" doc:"只列现在有效的"`
	After   string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) cutoffs(ctx context.Context, in *cutoffsInput) (*reply[wire.CutoffList], error) {
	f := monitor.Filter{After: in.After, Limit: in.Limit}
	if in.InForce {
		f.InForce = h.Clock.Now()
	}
	list, err := h.Monitor.Cutoffs(ctx, principal(ctx), f)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CutoffList]{Body: wire.CutoffList{
		Items: each(list, h.toCutoff), Next: next(list, in.Limit, func(c monitor.Cutoff) string { return c.ID }),
	}}, nil
}

func (h *handlers) toCutoff(c monitor.Cutoff) wire.Cutoff {
	return wire.Cutoff{ID: c.ID, Target: string(c.Target), TargetID: c.TargetID, Measure: string(c.Measure), Rate: c.Rate, Side: string(c.Side),
		Department: c.Department, Person: c.Person, Signal: c.Signal, Clause: c.Clause, Reason: c.Reason, At: c.At.UTC(), Until: utcp(c.Until),
		InForce: c.InForce(h.Clock.Now()), LiftedAt: utcp(c.LiftedAt), LiftedBy: c.LiftedBy, LiftReason: c.LiftReason}
}

type imposeCutoffInput struct{ Body wire.ImposeCutoff }

func (h *handlers) imposeCutoff(ctx context.Context, in *imposeCutoffInput) (*reply[wire.Cutoff], error) {
	return h.cutoffReply(h.Monitor.Cut(ctx, principal(ctx), monitor.Order{Target: monitor.Target(in.Body.Target), TargetID: in.Body.TargetID,
		Reason: in.Body.Reason, Minutes: in.Body.Minutes}))
}

type liftCutoffInput struct {
	ByID
	Body wire.LiftCutoff
}

func (h *handlers) liftCutoff(ctx context.Context, in *liftCutoffInput) (*reply[wire.Cutoff], error) {
	return h.cutoffReply(h.Monitor.Lift(ctx, principal(ctx), in.ID, in.Body.Reason))
}

func (h *handlers) cutoffReply(c monitor.Cutoff, err error) (*reply[wire.Cutoff], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Cutoff]{Body: h.toCutoff(c)}, nil
}

func (h *handlers) grantMonitoring(ctx context.Context, in *ByID) (*reply[wire.GrantMonitoring], error) {
	f, err := h.Monitor.Figures(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out := wire.GrantMonitoring{InForce: each(f.InForce, h.toCutoff), OpenSignals: f.Open,
		Hours: each(f.Hours, func(x monitor.Hour) wire.MonitoredHour {
			return wire.MonitoredHour{Start: x.Start.UTC(), Calls: x.Calls, Refused: x.Refused, Keys: x.Keys, Misses: x.Misses}
		})}
	if f.Known {
		out.Expected = &f.Expected
	}
	return &reply[wire.GrantMonitoring]{Body: out}, nil
}
