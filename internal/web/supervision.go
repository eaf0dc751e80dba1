package web

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/supervision"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Supervision shows violations, circulars and the assessment;
// *supervision.Service implements it.
type Supervision interface {
	Violations(ctx context.Context, p org.Principal, f supervision.ViolationFilter) ([]supervision.Listed, error)
	Circulars(ctx context.Context, p org.Principal, after string, limit int) ([]supervision.Circular, error)
	Overview(ctx context.Context, p org.Principal) (supervision.Overview, error)
	Assess(ctx context.Context, p org.Principal, period supervision.Period) (supervision.Assessment, error)
}

func registerSupervision(h *handlers, api huma.API) {
	const tag = "监督"
	register(api, http.MethodGet, "/api/v1/violations", "listViolations", tag, "查询违规记录", h.violations,
		note("主管部门的审核、审计人员看到本行政区域内的，其他人看到本部门的。"))
	register(api, http.MethodGet, "/api/v1/circulars", "listCirculars", tag, "查询通报", h.circulars,
		note("向本部门所在行政区域发布的通报。"))
	register(api, http.MethodGet, "/api/v1/supervision", "supervisionOverview", tag, "监督总览", h.overview,
		note("本行政区域内谁已逾期、哪些违规尚未改正；限主管部门的审核、审计人员。"))
	register(api, http.MethodGet, "/api/v1/assessment", "assessment", tag, "考核评价", h.assessment,
		note("由平台掌握的事实计算；限主管部门的审核、审计人员。"))
	register(api, http.MethodGet, "/api/v1/assessment.xlsx", "assessmentSheet", tag, "导出考核评价表", h.assessmentSheet, sheetSchema)
}

// sheetType is the media type of an xlsx file.
const sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

func sheetSchema(o *huma.Operation) {
	o.Responses["200"] = &huma.Response{
		Description: "OK",
		Content:     map[string]*huma.MediaType{sheetType: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}
}

type violationsInput struct {
	Clause     string `query:"clause" maxLength:"20" doc:"责任条款；CN-39 包括其各项"`
	Department string `query:"department" maxLength:"64" doc:"责任部门编号"`
	Source     string `query:"source" enum:"detected,filed" doc:"发现方式"`
	Open       bool   `query:"open" doc:"只列未办结的"`
	From       string `query:"from" maxLength:"10" doc:"发现日期从（YYYY-MM-DD）"`
	To         string `query:"to" maxLength:"10" doc:"发现日期至（YYYY-MM-DD，含）"`
	After      string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) violations(ctx context.Context, in *violationsInput) (*reply[wire.ViolationList], error) {
	f := supervision.ViolationFilter{Clause: in.Clause, Department: in.Department, Source: supervision.Source(in.Source),
		Open: in.Open, After: in.After, Limit: in.Limit}
	var faults fault.Collector
	f.From = dayStart(&faults, "from", in.From)
	if f.To = dayStart(&faults, "to", in.To); !f.To.IsZero() {
		f.To = f.To.AddDate(0, 0, 1)
	}
	if err := faults.Err("query_invalid", "查询条件不正确", ""); err != nil {
		return nil, err
	}
	list, err := h.Supervision.Violations(ctx, principal(ctx), f)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ViolationList]{Body: wire.ViolationList{
		Items: each(list, toViolation), Next: next(list, in.Limit, func(v supervision.Listed) string { return v.ID }),
	}}, nil
}

// dayStart reads a day as its first instant; an empty one is the zero time.
func dayStart(faults *fault.Collector, field, value string) time.Time {
	if value == "" {
		return time.Time{}
	}
	t, err := time.ParseInLocation(time.DateOnly, value, time.FixedZone("Asia/Shanghai", 8*3600))
	if err != nil {
		faults.Add(field, "date", "应为日期，如 2026-01-31", "")
	}
	return t
}

func toViolation(v supervision.Listed) wire.Violation {
	return wire.Violation{ID: v.ID, Clause: v.Clause, Role: string(v.Role), Department: v.Department, DepartmentName: v.DepartmentName,
		Case: v.Case, Grant: v.Grant, Resource: v.Resource, Facts: v.Facts, Source: string(v.Source), At: v.At.UTC(),
		Rectification: v.Rectification, Number: v.Number, Stage: v.Stage, StageName: v.StageName, ClosedAt: utcp(v.ClosedAt)}
}

type circularsInput struct {
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) circulars(ctx context.Context, in *circularsInput) (*reply[wire.CircularList], error) {
	list, err := h.Supervision.Circulars(ctx, principal(ctx), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CircularList]{Body: wire.CircularList{
		Items: each(list, toCircular), Next: next(list, in.Limit, func(c supervision.Circular) string { return c.ID }),
	}}, nil
}

func toCircular(c supervision.Circular) wire.Circular {
	return wire.Circular{ID: c.ID, Case: c.Case, Number: c.Number, Issuer: c.Issuer, IssuerName: c.IssuerName, Territory: c.Territory,
		Title: c.Title, Kind: c.Kind, Text: c.Text, Departments: strs(c.Departments), Clauses: strs(c.Clauses), PublishedAt: c.PublishedAt.UTC()}
}

func (h *handlers) overview(ctx context.Context, _ *struct{}) (*reply[wire.Overview], error) {
	o, err := h.Supervision.Overview(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.Overview]{Body: wire.Overview{
		Late: each(o.Late, func(k casework.CaseClock) wire.LateClock {
			return wire.LateClock{Case: k.Case, Number: k.Number, Title: k.Title, Procedure: k.Procedure, Clock: k.Clock,
				Clause: k.Clause, Department: k.Department, Due: k.Due.UTC(), Breach: k.Breach}
		}),
		Departments: each(o.Departments, func(d supervision.LateDepartment) wire.LateDepartment {
			return wire.LateDepartment{Department: d.Department, Name: d.Name, Late: d.Late, Oldest: d.Oldest.UTC()}
		}),
		Open: each(o.Open, func(c supervision.ClauseCount) wire.ClauseCount { return wire.ClauseCount(c) }),
	}}, nil
}

type assessmentInput struct {
	From   string `query:"from" required:"true" maxLength:"10" doc:"期间第一日（YYYY-MM-DD）"`
	To     string `query:"to" required:"true" maxLength:"10" doc:"期间最后一日（YYYY-MM-DD）"`
	Region string `query:"region" maxLength:"12" doc:"只考核这一行政区划内的部门"`
}

func (in *assessmentInput) period() supervision.Period {
	return supervision.Period{From: in.From, To: in.To, Region: in.Region}
}

func (h *handlers) assessment(ctx context.Context, in *assessmentInput) (*reply[wire.Assessment], error) {
	a, err := h.Supervision.Assess(ctx, principal(ctx), in.period())
	if err != nil {
		return nil, err
	}
	return &reply[wire.Assessment]{Body: wire.Assessment{From: a.From, To: a.To, Region: a.Region, MadeAt: a.MadeAt.UTC(),
		Indicators: each(a.Indicators, func(i supervision.Indicator) wire.Indicator {
			return wire.Indicator{ID: i.ID, Name: i.Name, Clause: i.Clause, Weight: i.Weight, Measure: i.Measure, Clocks: strs(i.Clocks)}
		}),
		Rows: each(a.Rows, func(r supervision.Assessed) wire.Assessed {
			return wire.Assessed{Rank: r.Rank, Department: r.Department, Name: r.Name, Region: r.Region, Score: r.Score,
				Marks: each(r.Marks, func(m supervision.Mark) wire.Mark { return wire.Mark(m) })}
		}),
	}}, nil
}

// sheetReply is a spreadsheet to save.
type sheetReply struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

func (h *handlers) assessmentSheet(ctx context.Context, in *assessmentInput) (*sheetReply, error) {
	a, err := h.Supervision.Assess(ctx, principal(ctx), in.period())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := a.WriteSheet(&b); err != nil {
		return nil, err
	}
	return &sheetReply{ContentType: sheetType, Disposition: `attachment; filename="assessment-` + a.From + `-` + a.To + `.xlsx"`, Body: b.Bytes()}, nil
}
