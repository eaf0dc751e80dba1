package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/contractor"
	"github.com/shuqiao/shuqiao/internal/correction"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Corrections seals what names a record and opens correction cases;
// *correction.Service implements it.
type Corrections interface {
	Report(ctx context.Context, p org.Principal, r correction.Report) (casework.View, error)
	Reveal(ctx context.Context, p org.Principal, caseID string) (correction.Revealed, error)
	File(ctx context.Context, p org.Principal, caseID string, values map[string]any) error
}

// Contractors reads the register of entrustments; *contractor.Service
// implements it.
type Contractors interface {
	Register(ctx context.Context, p org.Principal, f contractor.Filter) ([]contractor.Entrustment, error)
}

func registerProtection(h *handlers, api huma.API) {
	const tag = "案件"
	register(api, http.MethodPost, "/api/v1/corrections", "reportCorrection", tag, "提出校核申请", h.reportCorrection, status(http.StatusCreated),
		note("密封记录标识和数据值，并立案；此后的办理与其他案件相同。"))
	register(api, http.MethodGet, "/api/v1/corrections/{id}/sealed", "revealCorrection", tag, "查看校核的密封内容", h.revealCorrection,
		note("只限校核双方的经办人和负责人；每次查看都存证。{id} 为案件编号。"))
	register(api, http.MethodPut, "/api/v1/corrections/{id}/values", "fileCorrectionValues", tag, "填报正确的值", h.fileValues,
		note("提供部门填报，密封保存，供“更正并反馈”使用。{id} 为案件编号。"))
	register(api, http.MethodGet, "/api/v1/complaints/{id}/sealed", "readComplaint", tag, "查看投诉举报的内容", h.readComplaint,
		note("只限现承办部门的经办人和负责人；每次查看都存证。{id} 为案件编号。"))
	register(api, http.MethodGet, "/api/v1/entrustments", "listEntrustments", "系统", "委托登记簿", h.entrustments, note("最新的在前。"))
}

type reportCorrectionInput struct{ Body wire.ReportCorrection }

func (h *handlers) reportCorrection(ctx context.Context, in *reportCorrectionInput) (*reply[wire.CaseView], error) {
	b := in.Body
	return caseReply(h.Corrections.Report(ctx, principal(ctx), correction.Report{
		Procedure: b.Procedure, Grant: b.Grant, Source: b.Source, Kind: b.Kind, Key: b.Key, Problem: b.Problem, Evidence: b.Evidence,
		Claims: each(b.Claims, func(c wire.Claim) correction.Claim { return correction.Claim(c) }),
	}))
}

func (h *handlers) revealCorrection(ctx context.Context, in *ByID) (*reply[wire.SealedCorrection], error) {
	r, err := h.Corrections.Reveal(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.SealedCorrection]{Body: wire.SealedCorrection{Record: r.Record, Key: r.Content.Key, Filed: r.Filed,
		Claims: each(r.Content.Claims, func(c correction.Claim) wire.Claim { return wire.Claim(c) })}}, nil
}

type fileValuesInput struct {
	ByID
	Body wire.FileValues
}

func (h *handlers) fileValues(ctx context.Context, in *fileValuesInput) (*struct{}, error) {
	return nil, h.Corrections.File(ctx, principal(ctx), in.ID, in.Body.Values)
}

func (h *handlers) readComplaint(ctx context.Context, in *ByID) (*reply[wire.ComplaintContent], error) {
	c, err := h.Complaints.Read(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ComplaintContent]{Body: wire.ComplaintContent(c)}, nil
}

type entrustmentsInput struct {
	Department string `query:"department" maxLength:"64" doc:"部门编号；不填为本部门"`
	After      string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) entrustments(ctx context.Context, in *entrustmentsInput) (*reply[wire.EntrustmentList], error) {
	es, err := h.Contractors.Register(ctx, principal(ctx), contractor.Filter{Department: in.Department, After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	now := h.Clock.Now()
	return &reply[wire.EntrustmentList]{Body: wire.EntrustmentList{
		Next: next(es, in.Limit, func(e contractor.Entrustment) string { return e.ID }),
		Items: each(es, func(e contractor.Entrustment) wire.Entrustment {
			return wire.Entrustment{ID: e.ID, Case: e.Case, Department: e.Department, Contractor: e.Contractor, USCC: e.USCC, Work: e.Work,
				Status: string(e.StatusAt(now)), Systems: strs(e.Systems), Grants: strs(e.Grants), Resources: strs(e.Resources),
				Agreement: e.Agreement, NotBefore: e.NotBefore.UTC(), NotAfter: e.NotAfter.UTC(), StoppedAt: utcp(e.StoppedAt),
				EndedAt: utcp(e.EndedAt), InHouse: e.InHouse}
		}),
	}}, nil
}
