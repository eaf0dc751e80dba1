package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerOrg(h *handlers, api huma.API) {
	const tag = "组织"
	register(api, http.MethodGet, "/api/v1/regions/{code}", "getRegion", tag, "查询区划", h.region)
	register(api, http.MethodGet, "/api/v1/regions/{code}/children", "listSubregions", tag, "列出下级区划", h.children)
	register(api, http.MethodPut, "/api/v1/regions/{code}/authority", "setAuthority", tag, "指定政务数据共享主管部门", h.setAuthority,
		note("一级政府只有一个主管部门（CN-8）。"))
	register(api, http.MethodGet, "/api/v1/departments", "listDepartments", tag, "列出部门", h.departments)
	register(api, http.MethodPost, "/api/v1/departments", "createDepartment", tag, "登记部门", h.createDepartment, status(http.StatusCreated))
	register(api, http.MethodGet, "/api/v1/departments/{id}", "getDepartment", tag, "查询部门", h.department)
	register(api, http.MethodPut, "/api/v1/departments/{id}/sharing-office", "fileSharingOffice", tag, "备案共享工作机构", h.fileSharingOffice,
		note("缺少的内容一次全部指出（CN-11、XN-23）。"))
	register(api, http.MethodGet, "/api/v1/departments/{id}/authority", "getAuthority", tag, "查询部门的同级主管部门", h.authority,
		note("由区划推算，不可填报（CN-8）。"))
	register(api, http.MethodGet, "/api/v1/authorities/common-superior", "getCommonSuperior", tag, "查询两个部门共同的上级主管部门", h.commonSuperior,
		note("由区划推算，不可填报（CN-28）。"))
}

// ByCode is the path parameter of a region. Exported for the framework, which
// looks into embedded structs only when they are.
type ByCode struct {
	Code string `path:"code" pattern:"^([0-9]{6}|[0-9]{9}|[0-9]{12})$" doc:"区划代码" example:"130000"`
}

func (h *handlers) region(ctx context.Context, in *ByCode) (*reply[wire.Region], error) {
	r, err := h.Org.Region(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Region]{Body: toRegion(r)}, nil
}

func (h *handlers) children(ctx context.Context, in *ByCode) (*reply[wire.RegionList], error) {
	rs, err := h.Org.Children(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &reply[wire.RegionList]{Body: wire.RegionList{Items: each(rs, toRegion)}}, nil
}

type setAuthorityInput struct {
	ByCode
	Body wire.SetAuthority
}

func (h *handlers) setAuthority(ctx context.Context, in *setAuthorityInput) (*struct{}, error) {
	return nil, h.Org.SetAuthority(ctx, principal(ctx), in.Code, in.Body.Department)
}

type departmentsInput struct {
	Region string `query:"region" doc:"区划代码（仅本级）"`
	Sector string `query:"sector" doc:"系统（行业）"`
	Q      string `query:"q" maxLength:"100" doc:"名称的一部分"`
	After  string `query:"after" doc:"上一页的 next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"100" doc:"最多返回多少条"`
}

func (h *handlers) departments(ctx context.Context, in *departmentsInput) (*reply[wire.DepartmentList], error) {
	ds, err := h.Org.Departments(ctx, org.DepartmentFilter{
		Region: in.Region, Sector: in.Sector, Text: in.Q, After: in.After, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	return &reply[wire.DepartmentList]{Body: wire.DepartmentList{
		Items: each(ds, toDepartment),
		Next:  next(ds, in.Limit, func(d org.Department) string { return d.ID }),
	}}, nil
}

type createDepartmentInput struct{ Body wire.NewDepartment }

func (h *handlers) createDepartment(ctx context.Context, in *createDepartmentInput) (*reply[wire.Department], error) {
	d, err := h.Org.RegisterDepartment(ctx, principal(ctx), org.Department{
		Name: in.Body.Name, USCC: in.Body.USCC, Region: in.Body.Region,
		Kind: org.DepartmentKind(in.Body.Kind), Sector: in.Body.Sector, Parent: in.Body.Parent,
	})
	return departmentReply(d, err)
}

// ByID is the path parameter of a record; exported as ByCode is.
type ByID struct {
	ID string `path:"id" minLength:"1" maxLength:"64" doc:"编号"`
}

func (h *handlers) department(ctx context.Context, in *ByID) (*reply[wire.Department], error) {
	return departmentReply(h.Org.Department(ctx, in.ID))
}

type fileSharingOfficeInput struct {
	ByID
	Body wire.FileSharingOffice
}

func (h *handlers) fileSharingOffice(ctx context.Context, in *fileSharingOfficeInput) (*reply[wire.Department], error) {
	return departmentReply(h.Org.FileSharingOffice(ctx, principal(ctx), in.ID, org.SharingOffice{
		Name: in.Body.Name, Head: in.Body.Head, Leader: in.Body.Leader,
		Manager: in.Body.Manager, Contact: in.Body.Contact,
	}))
}

func (h *handlers) authority(ctx context.Context, in *ByID) (*reply[wire.Authority], error) {
	id, err := h.Org.SameLevelAuthority(ctx, in.ID)
	return h.authorityReply(ctx, id, err)
}

type commonSuperiorInput struct {
	A string `query:"a" required:"true" doc:"部门编号"`
	B string `query:"b" required:"true" doc:"另一部门编号"`
}

func (h *handlers) commonSuperior(ctx context.Context, in *commonSuperiorInput) (*reply[wire.Authority], error) {
	id, err := h.Org.CommonSuperiorAuthority(ctx, in.A, in.B)
	return h.authorityReply(ctx, id, err)
}

func (h *handlers) authorityReply(ctx context.Context, id string, err error) (*reply[wire.Authority], error) {
	if err != nil {
		return nil, err
	}
	d, err := h.Org.Department(ctx, id)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Authority]{Body: wire.Authority{Department: toDepartment(d)}}, nil
}

func departmentReply(d org.Department, err error) (*reply[wire.Department], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Department]{Body: toDepartment(d)}, nil
}

func toRegion(r org.Region) wire.Region {
	return wire.Region{Code: r.Code, Name: r.Name, Parent: r.Parent, Level: string(r.Level)}
}

func toDepartment(d org.Department) wire.Department {
	out := wire.Department{
		ID: d.ID, Name: d.Name, USCC: d.USCC, Region: d.Region, Kind: string(d.Kind),
		Sector: d.Sector, Parent: d.Parent, Version: d.Version, CreatedAt: d.CreatedAt.UTC(),
	}
	if o := d.Office; o != nil {
		out.SharingOffice = &wire.SharingOffice{
			Name: o.Name, Head: o.Head, Leader: o.Leader, Manager: o.Manager,
			Contact: o.Contact, FiledAt: filled(o.FiledAt),
		}
	}
	return out
}
