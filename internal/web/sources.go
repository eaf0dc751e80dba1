package web

import (
	"bytes"
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// SourceMaps tells where standard elements come from; *collection.Service
// implements it.
type SourceMaps interface {
	SourceMap(ctx context.Context, p org.Principal, f collection.MapFilter) (collection.SourceMap, error)
	ElementSources(ctx context.Context, p org.Principal, element, region, after string, limit int) (collection.ElementSources, error)
	DepartmentSources(ctx context.Context, p org.Principal, department string) (own, others, open []collection.DepartmentElement, err error)
}

func registerSources(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/source-map", "getSourceMap", tag, "一数一源清单", h.sourceMap,
		note("主管部门查阅本级或者其行政区域内另一级政府的标准数据元：哪些已明确数源部门，哪些没有，哪些有两个以上部门提供。"))
	register(api, http.MethodGet, "/api/v1/source-map/export", "exportSourceMap", tag, "导出一数一源清单", h.exportSourceMap,
		note("CSV，UTF-8，含全部标准数据元。"))
	register(api, http.MethodGet, "/api/v1/source-map/elements/{element}", "getElementSources", tag, "标准数据元的来源", h.elementSources,
		note("提供此数据元的部门和目录条目、数源部门及其明确时间、冲突。登录人员都可以查阅。"))
	register(api, http.MethodGet, "/api/v1/source-map/departments/{department}", "getDepartmentSources", tag, "部门的数源情况", h.departmentSources,
		note("部门是哪些标准数据元的数源，提供而不是数源的有哪些。"))
}

// MapInput narrows the map; exported because huma leaves out embedded structs
// that are not.
type MapInput struct {
	Region string `query:"region" maxLength:"12" doc:"行政区划代码；缺省为本部门所属区划"`
	State  string `query:"state" enum:"designated,unpublished,single,unsettled,absent" doc:"只要这一状态的"`
	Q      string `query:"q" maxLength:"100" doc:"代码或者名称的一部分"`
}

func (in MapInput) filter() collection.MapFilter {
	return collection.MapFilter{Region: in.Region, State: collection.ElementState(in.State), Text: in.Q}
}

type mapPageInput struct {
	MapInput
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) sourceMap(ctx context.Context, in *mapPageInput) (*reply[wire.SourceMap], error) {
	f := in.filter()
	f.After, f.Limit = in.After, in.Limit
	m, err := h.SourceMaps.SourceMap(ctx, principal(ctx), f)
	if err != nil {
		return nil, err
	}
	n := m.Counts
	return &reply[wire.SourceMap]{Body: wire.SourceMap{Authority: m.Authority, Region: m.Region, Next: m.Next,
		Counts: wire.SourceCounts{Designated: n[collection.Designated], Unpublished: n[collection.Unpublished], Single: n[collection.Single],
			Unsettled: n[collection.Unsettled], Absent: n[collection.Absent], Conflicts: m.Conflicts},
		Items: each(m.Lines, func(l collection.ElementLine) wire.SourceMapLine {
			return wire.SourceMapLine{Element: l.Element, Name: l.Name, State: string(l.State), Departments: l.Departments, Resources: l.Resources,
				Items: l.Items, Conflict: l.Conflict, Source: toSourcePtr(l.Source)}
		})}}, nil
}

func toSource(s catalog.Source) wire.Source {
	return wire.Source{ID: s.ID, Element: s.Element, Name: s.Name, Department: s.Department, Authority: s.Authority,
		Region: s.Region, Case: s.Case, DesignatedAt: s.DesignatedAt.UTC()}
}

func toSourcePtr(s *catalog.Source) *wire.Source {
	if s == nil {
		return nil
	}
	out := toSource(*s)
	return &out
}

// file is an answer that is saved as a file.
type file struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Body        []byte
}

var stateWords = map[collection.ElementState]string{
	collection.Designated: "已明确数源部门", collection.Unpublished: "已明确，尚未发布", collection.Single: "单一提供，未明确",
	collection.Unsettled: "多部门提供，未明确", collection.Absent: "无人提供",
}

func (h *handlers) exportSourceMap(ctx context.Context, in *MapInput) (*file, error) {
	m, err := h.SourceMaps.SourceMap(ctx, principal(ctx), in.filter())
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.WriteString("\uFEFF") // spreadsheets take it for UTF-8
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"标准数据元", "名称", "状态", "提供部门数", "目录条目数", "数据项数", "数源部门", "明确日期", "权威来源冲突"})
	names := map[string]string{}
	for _, l := range m.Lines {
		source, since, conflict := "", "", ""
		if l.Source != nil {
			since = l.Source.DesignatedAt.In(lawZone).Format(time.DateOnly)
			if source = names[l.Source.Department]; source == "" {
				d, err := h.Org.Department(ctx, l.Source.Department)
				if err != nil {
					return nil, err
				}
				source, names[l.Source.Department] = d.Name, d.Name
			}
		}
		if l.Conflict {
			conflict = "是"
		}
		_ = w.Write([]string{harmless(l.Element), harmless(l.Name), stateWords[l.State], strconv.Itoa(l.Departments), strconv.Itoa(l.Resources),
			strconv.Itoa(l.Items), harmless(source), since, conflict})
	}
	w.Flush()
	return &file{ContentType: "text/csv; charset=utf-8", Disposition: `attachment; filename="source-map-` + m.Region + `.csv"`, Body: b.Bytes()}, w.Error()
}

var lawZone = time.FixedZone("Asia/Shanghai", 8*3600)

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
		return "'" + cell
	}
	return cell
}

type sourceElementInput struct {
	Element string `path:"element" maxLength:"64" doc:"标准数据元代码"`
	Region  string `query:"region" maxLength:"12" doc:"行政区划代码；缺省为本部门所属区划"`
	After   string `query:"after" maxLength:"200" doc:"上一页的 next"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少个数据项"`
}

func (h *handlers) elementSources(ctx context.Context, in *sourceElementInput) (*reply[wire.ElementSources], error) {
	e, err := h.SourceMaps.ElementSources(ctx, principal(ctx), in.Element, in.Region, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ElementSources]{Body: wire.ElementSources{Element: e.Element, Name: e.Name, Source: toSourcePtr(e.Source), Conflict: e.Conflict, Next: e.Next,
		Earlier: each(e.Earlier, func(s catalog.Source) wire.EarlierSource {
			return wire.EarlierSource{Source: toSource(s), EndedAt: s.EndedAt.UTC()}
		}),
		Departments: each(e.Departments, func(d collection.ElementProvider) wire.ElementDepartment {
			return wire.ElementDepartment{Department: d.Provider, Region: d.Region, Resources: d.Resources, Items: d.Items, Authoritative: d.Authoritative}
		}),
		Items: each(e.Items, toElementItem)}}, nil
}

type departmentInput struct {
	Department string `path:"department" maxLength:"64" doc:"部门编号"`
}

func (h *handlers) departmentSources(ctx context.Context, in *departmentInput) (*reply[wire.DepartmentSources], error) {
	own, others, open, err := h.SourceMaps.DepartmentSources(ctx, principal(ctx), in.Department)
	if err != nil {
		return nil, err
	}
	of := func(e collection.DepartmentElement) wire.DepartmentElement {
		return wire.DepartmentElement{Element: e.Element, Name: e.Name, Resources: e.Resources, Items: e.Items, Authoritative: e.Authoritative,
			Source: e.Source, Since: utcp(e.Since), Case: e.Case}
	}
	return &reply[wire.DepartmentSources]{Body: wire.DepartmentSources{Department: in.Department, Own: each(own, of), Others: each(others, of), Open: each(open, of)}}, nil
}
