package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerCatalog(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/resources", "listResources", tag, "查询目录", h.resources,
		note("缺省列出已发布的条目；mine=true 列出本部门的条目，含草稿。"))
	register(api, http.MethodPost, "/api/v1/resources", "createResource", tag, "编制目录条目草稿", h.createResource,
		status(http.StatusCreated), note("草稿可以不完整；提交发布时一次指出全部缺项（CN-13.2）。发布流程为 catalog_publication。"))
	register(api, http.MethodGet, "/api/v1/resources/{id}", "getResource", tag, "查询目录条目", h.resource)
	register(api, http.MethodPut, "/api/v1/resources/{id}/draft", "editDraft", tag, "修改草稿", h.editDraft)
	register(api, http.MethodGet, "/api/v1/resources/{id}/versions", "listVersions", tag, "列出各版本", h.versions)
	register(api, http.MethodPost, "/api/v1/resources/{id}/versions", "createVersion", tag, "在已发布版本之外编制新版本", h.createVersion,
		status(http.StatusCreated))
	register(api, http.MethodPost, "/api/v1/resources/{id}/rows", "loadRows", tag, "向物理汇聚的资源装载数据", h.loadRows,
		note("按主键新增或替换；一次请求要么全部接收，要么全部拒绝。"))
}

type resourcesInput struct {
	Q         string `query:"q" maxLength:"100" doc:"名称、代码、摘要、数据项或提供部门名称的一部分"`
	Provider  string `query:"provider" doc:"提供部门编号"`
	Attribute string `query:"attribute" enum:"unconditional,conditional,withheld" doc:"共享属性"`
	Mine      bool   `query:"mine" doc:"只列本部门的条目，含草稿"`
	After     string `query:"after" doc:"上一页的 next"`
	Limit     int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) resources(ctx context.Context, in *resourcesInput) (*reply[wire.ResourceList], error) {
	p := principal(ctx)
	f := catalog.Filter{
		Text: in.Q, Provider: in.Provider, Attribute: catalog.Attribute(in.Attribute),
		Published: true, Limit: in.Limit, After: in.After,
	}
	if in.Mine {
		f.Provider, f.Published = p.Department.ID, false
	}
	list, err := h.Catalog.List(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ResourceList]{Body: wire.ResourceList{
		Items: each(list, toSummary),
		Next:  next(list, in.Limit, func(s catalog.Summary) string { return s.Resource.ID }),
	}}, nil
}

type createResourceInput struct{ Body wire.NewResource }

func (h *handlers) createResource(ctx context.Context, in *createResourceInput) (*reply[wire.ResourceDetail], error) {
	r, v, err := h.Catalog.CreateDraft(ctx, principal(ctx), fromEntry(in.Body.Entry))
	return detailReply(r, nil, &v, inside("entry", err))
}

func (h *handlers) resource(ctx context.Context, in *ByID) (*reply[wire.ResourceDetail], error) {
	return detailReply(h.Catalog.Get(ctx, principal(ctx), in.ID))
}

type editDraftInput struct {
	ByID
	Body wire.EditDraft
}

func (h *handlers) editDraft(ctx context.Context, in *editDraftInput) (*reply[wire.Version], error) {
	v, err := h.Catalog.EditDraft(ctx, principal(ctx), in.ID, fromEntry(in.Body.Entry), in.Body.Revision)
	return versionReply(v, inside("entry", err))
}

func (h *handlers) versions(ctx context.Context, in *ByID) (*reply[wire.VersionList], error) {
	vs, err := h.Catalog.Versions(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.VersionList]{Body: wire.VersionList{Items: each(vs, toVersion)}}, nil
}

type createVersionInput struct {
	ByID
	Body *wire.NewVersion
}

func (h *handlers) createVersion(ctx context.Context, in *createVersionInput) (*reply[wire.Version], error) {
	reason := ""
	if in.Body != nil {
		reason = in.Body.Reason
	}
	return versionReply(h.Catalog.NewVersion(ctx, principal(ctx), in.ID, reason))
}

type loadRowsInput struct {
	ByID
	Body wire.LoadRows
}

func (h *handlers) loadRows(ctx context.Context, in *loadRowsInput) (*reply[wire.RowsLoaded], error) {
	rows := each(in.Body.Rows, func(r map[string]any) catalog.Row { return r })
	if err := h.Catalog.LoadRows(ctx, principal(ctx), in.ID, rows); err != nil {
		return nil, err
	}
	return &reply[wire.RowsLoaded]{Body: wire.RowsLoaded{Rows: len(rows)}}, nil
}

func detailReply(r catalog.Resource, published, pending *catalog.Version, err error) (*reply[wire.ResourceDetail], error) {
	if err != nil {
		return nil, err
	}
	out := wire.ResourceDetail{Resource: toResource(r)}
	if published != nil {
		v := toVersion(*published)
		out.Published = &v
	}
	if pending != nil {
		v := toVersion(*pending)
		out.Pending = &v
	}
	return &reply[wire.ResourceDetail]{Body: out}, nil
}

func versionReply(v catalog.Version, err error) (*reply[wire.Version], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Version]{Body: toVersion(v)}, nil
}
