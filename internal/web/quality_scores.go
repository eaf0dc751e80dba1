package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/quality"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerQualityScores(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/quality/departments", "listDepartmentQuality", tag, "各部门的质量得分", h.departmentQualities,
		note("主管部门查阅其行政区域内各部门目录条目和数据的质量得分；只有计数，没有数据值。"))
	register(api, http.MethodGet, "/api/v1/quality/departments/{department}", "getDepartmentQuality", tag, "一个部门的质量得分", h.departmentQuality,
		note("部门自己和所在区域的主管部门可以查阅。"))
}

type departmentsQualityInput struct {
	Region string `query:"region" maxLength:"12" doc:"行政区划代码；缺省为主管部门的行政区域"`
	After  string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) departmentQualities(ctx context.Context, in *departmentsQualityInput) (*reply[wire.DepartmentQualityList], error) {
	list, err := h.Quality.Departments(ctx, principal(ctx), in.Region, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.DepartmentQualityList]{Body: wire.DepartmentQualityList{Items: each(list, toDepartmentQuality),
		Next: next(list, in.Limit, func(d quality.DepartmentScore) string { return d.Department })}}, nil
}

func toDepartmentQuality(d quality.DepartmentScore) wire.DepartmentQuality {
	return wire.DepartmentQuality{Department: d.Department, Entries: d.Entries, EntryMean: hundredths(d.EntryMean), Measured: d.Measured,
		DataMean: hundredths(d.DataMean), Poor: d.Poor}
}

// hundredths cuts off after two decimals, as scores are.
func hundredths(x float64) float64 { return float64(int64(x*100)) / 100 }

type departmentQualityInput struct {
	Department string `path:"department" maxLength:"64" doc:"部门编号"`
	Kind       string `query:"kind" maxLength:"32" doc:"只列有此类问题的目录条目"`
	After      string `query:"after" maxLength:"100" doc:"上一页的 next"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少个目录条目"`
}

func (h *handlers) departmentQuality(ctx context.Context, in *departmentQualityInput) (*reply[wire.DepartmentQualityReport], error) {
	score, resource, _ := strings.Cut(in.After, "~")
	after, err := strconv.ParseFloat(score, 64)
	if err != nil {
		after = -1 // the first page
	}
	r, err := h.Quality.Department(ctx, principal(ctx), in.Department, quality.FindingKind(in.Kind), after, resource, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.DepartmentQualityReport]{Body: wire.DepartmentQualityReport{DepartmentQuality: toDepartmentQuality(r.DepartmentScore),
		Findings: each(r.Findings, func(k quality.KindCount) wire.FindingCount {
			return wire.FindingCount{Kind: string(k.Kind), Text: k.Kind.Word(), Entries: k.Entries}
		}),
		Items: each(r.Worst, func(l quality.EntryLine) wire.ScoredEntry {
			return wire.ScoredEntry{Resource: l.Resource, Name: l.Name, Score: l.Score, Findings: each(l.Findings, toFinding)}
		}),
		Next: next(r.Worst, in.Limit, func(l quality.EntryLine) string {
			return strconv.FormatFloat(l.Score, 'g', -1, 64) + "~" + l.Resource
		})}}, nil
}
