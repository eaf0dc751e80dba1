package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/project"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// NegativeList reads the negative list; *catalog.Reviews implements it.
type NegativeList interface {
	NegativeList(ctx context.Context, p org.Principal, f catalog.NegativeFilter) ([]catalog.NegativeEntry, error)
}

// Sources reads the source departments; *catalog.Sources implements it.
type Sources interface {
	Undesignated(ctx context.Context, p org.Principal) ([]catalog.Undesignated, error)
	Designated(ctx context.Context, p org.Principal, region string) ([]catalog.Source, error)
}

// Collection reads responsibility lists, exemptions and libraries;
// *collection.Service implements it.
type Collection interface {
	Duties(ctx context.Context, p org.Principal, department string) ([]collection.Duty, error)
	Exemptions(ctx context.Context, p org.Principal, region string, limit int) ([]collection.Exemption, error)
	Libraries(ctx context.Context, p org.Principal, region string) ([]collection.Library, error)
	Library(ctx context.Context, p org.Principal, id string) (collection.Library, error)
}

// Projects reads the documents about projects; *project.Service implements it.
type Projects interface {
	Document(ctx context.Context, p org.Principal, id string) (project.Document, error)
	Documents(ctx context.Context, p org.Principal, f project.Filter) ([]project.Document, error)
}

func registerDuties(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/negative-list", "listNegativeList", tag, "政务数据共享负面清单", h.negativeList,
		note("不予共享的数据经主管部门审核、报本级人民政府批准后列入（流程 negative_list）。"))
	register(api, http.MethodGet, "/api/v1/sources", "listSources", tag, "数源部门", h.sources)
	register(api, http.MethodGet, "/api/v1/sources/undesignated", "listUndesignatedSources", tag, "尚未明确数源部门的标准数据元", h.undesignated,
		note("同一级政府有两个以上部门提供、主管部门尚未明确数源部门的标准数据元；只对主管部门列出。"))
	register(api, http.MethodGet, "/api/v1/collection-duties", "listCollectionDuties", tag, "政务数据采集责任清单", h.collectionDuties)
	register(api, http.MethodGet, "/api/v1/realtime-exemptions", "listRealtimeExemptions", tag, "非实时汇聚的备案", h.exemptions)
	register(api, http.MethodGet, "/api/v1/libraries", "listLibraries", tag, "基础库和主题库", h.libraries)
	register(api, http.MethodGet, "/api/v1/libraries/{id}", "getLibrary", tag, "查看基础库或者主题库", h.library)
	register(api, http.MethodGet, "/api/v1/project-documents", "listProjectDocuments", tag, "项目数据资产验收和经费意见的文书", h.projectDocuments)
	register(api, http.MethodGet, "/api/v1/project-documents/{id}", "getProjectDocument", tag, "查看项目文书", h.projectDocument)
}

// RegionInput narrows a list to a region; exported because huma leaves out
// embedded structs that are not.
type RegionInput struct {
	Region string `query:"region" maxLength:"12" doc:"行政区划代码；缺省为本部门所属区划"`
}

type negativeInput struct {
	Region string `query:"region" maxLength:"12" doc:"行政区划代码；缺省不限"`
	After  string `query:"after" doc:"上一页的 next"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) negativeList(ctx context.Context, in *negativeInput) (*reply[wire.NegativeList], error) {
	list, err := h.NegativeList.NegativeList(ctx, principal(ctx), catalog.NegativeFilter{Region: in.Region, Limit: in.Limit, After: in.After})
	if err != nil {
		return nil, err
	}
	return &reply[wire.NegativeList]{Body: wire.NegativeList{Items: each(list, toNegative),
		Next: next(list, in.Limit, func(n catalog.NegativeEntry) string { return n.ID })}}, nil
}

func toNegative(n catalog.NegativeEntry) wire.NegativeEntry {
	return wire.NegativeEntry{ID: n.ID, Resource: n.Resource, Name: n.Name, Provider: n.Provider, Region: n.Region, Authority: n.Authority,
		Reason: n.Reason, LegalBasis: n.LegalBasis, ApprovalNumber: n.ApprovalNumber, ApprovedOn: n.ApprovedOn,
		ApprovalDocument: n.ApprovalDocument, Case: n.Case, ListedAt: n.ListedAt.UTC()}
}

func (h *handlers) sources(ctx context.Context, in *RegionInput) (*reply[wire.SourceList], error) {
	list, err := h.Sources.Designated(ctx, principal(ctx), in.Region)
	if err != nil {
		return nil, err
	}
	return &reply[wire.SourceList]{Body: wire.SourceList{Items: each(list, toSource)}}, nil
}

func (h *handlers) undesignated(ctx context.Context, _ *struct{}) (*reply[wire.UndesignatedList], error) {
	list, err := h.Sources.Undesignated(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.UndesignatedList]{Body: wire.UndesignatedList{Items: each(list, func(u catalog.Undesignated) wire.Undesignated {
		return wire.Undesignated{Element: u.Element, Departments: strs(u.Departments), Items: each(u.Items, toElementItem)}
	})}}, nil
}

func toElementItem(x catalog.PublishedItem) wire.ElementItem {
	return wire.ElementItem{Resource: x.Resource, ResourceName: x.ResourceName, Provider: x.Provider, Code: x.Code, Name: x.Name,
		Authoritative: x.Authoritative}
}

type dutiesInput struct {
	Department string `query:"department" maxLength:"64" doc:"部门编号；缺省为本部门"`
}

func (h *handlers) collectionDuties(ctx context.Context, in *dutiesInput) (*reply[wire.CollectionDuties], error) {
	list, err := h.Collection.Duties(ctx, principal(ctx), in.Department)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CollectionDuties]{Body: wire.CollectionDuties{Items: each(list, func(d collection.Duty) wire.CollectionDuty {
		return wire.CollectionDuty{ID: d.ID, Department: d.Department, Name: d.Name, Element: d.Element, Resource: d.Resource,
			Frequency: d.Frequency, Case: d.Case, DecidedAt: d.DecidedAt.UTC()}
	})}}, nil
}

type exemptionsInput struct {
	RegionInput
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) exemptions(ctx context.Context, in *exemptionsInput) (*reply[wire.ExemptionList], error) {
	list, err := h.Collection.Exemptions(ctx, principal(ctx), in.Region, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ExemptionList]{Body: wire.ExemptionList{Items: each(list, func(x collection.Exemption) wire.Exemption {
		return wire.Exemption{ID: x.ID, Resource: x.Resource, Name: x.Name, Provider: x.Provider, Region: x.Region, Reason: x.Reason,
			IntervalHours: x.IntervalHours, Case: x.Case, FiledAt: x.FiledAt.UTC()}
	})}}, nil
}

func (h *handlers) libraries(ctx context.Context, in *RegionInput) (*reply[wire.LibraryList], error) {
	list, err := h.Collection.Libraries(ctx, principal(ctx), in.Region)
	if err != nil {
		return nil, err
	}
	return &reply[wire.LibraryList]{Body: wire.LibraryList{Items: each(list, toLibrary)}}, nil
}

func (h *handlers) library(ctx context.Context, in *ByID) (*reply[wire.Library], error) {
	l, err := h.Collection.Library(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Library]{Body: toLibrary(l)}, nil
}

func toLibrary(l collection.Library) wire.Library {
	return wire.Library{ID: l.ID, Kind: l.Kind, Domain: l.Domain, Name: l.Name, Lead: l.Lead, Region: l.Region,
		Resources: strs(l.Resources), CreatedAt: l.CreatedAt.UTC(), EndedAt: utcp(l.EndedAt)}
}

type documentsInput struct {
	Case  string `query:"case" maxLength:"64" doc:"项目案件编号"`
	After string `query:"after" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) projectDocuments(ctx context.Context, in *documentsInput) (*reply[wire.ProjectDocumentList], error) {
	list, err := h.Projects.Documents(ctx, principal(ctx), project.Filter{Case: in.Case, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[wire.ProjectDocumentList]{Body: wire.ProjectDocumentList{Items: each(list, toDocument),
		Next: next(list, in.Limit, func(d project.Document) string { return d.ID })}}, nil
}

func (h *handlers) projectDocument(ctx context.Context, in *ByID) (*reply[wire.ProjectDocument], error) {
	d, err := h.Projects.Document(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ProjectDocument]{Body: toDocument(d)}, nil
}

func toDocument(d project.Document) wire.ProjectDocument {
	return wire.ProjectDocument{ID: d.ID, Number: d.Number, Kind: string(d.Kind), Case: d.Case, Department: d.Department,
		Title: d.Title, Favourable: d.Body.Favourable, Authority: d.Body.Authority, Purpose: d.Body.Purpose, Opinion: d.Body.Opinion,
		Basis: strs(d.Body.Basis), Digest: d.Digest, IssuedAt: d.IssuedAt.UTC(),
		Findings: each(d.Body.Findings, func(f project.Finding) wire.AssetFinding {
			return wire.AssetFinding{Asset: f.Asset, Resource: f.Resource, Code: f.Code, Registered: f.Registered, Collected: f.Collected, Why: f.Why}
		})}
}
