package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/complaint"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Complaints takes and follows complaints of the public; *complaint.Service
// implements it.
type Complaints interface {
	Lodge(ctx context.Context, l complaint.Lodging) (complaint.Lodged, error)
	Follow(ctx context.Context, number, code string) (complaint.Progress, error)
	Read(ctx context.Context, p org.Principal, caseID string) (complaint.Content, error)
}

// How often one client address may do what needs no account: write (one in ten
// seconds, 20 at once: a proxy before the node, or an office, is one address),
// and look (one a second, 60 at once). Behind the code's 128 bits the latter is
// against load, not against guessing.
const (
	lodgeEvery, lodgeBurst   = 10 * time.Second, 20
	followEvery, followBurst = time.Second, 60
)

// maxComplaint is the largest body of a complaint in bytes.
const maxComplaint = 64 << 10

func registerPublic(h *handlers, api huma.API) {
	h.lodgings, h.followings = newLimiter(h.Clock, lodgeEvery, lodgeBurst), newLimiter(h.Clock, followEvery, followBurst)
	const tag = "公众"
	limited := func(o *huma.Operation) {
		o.Responses["429"] = &huma.Response{Ref: "#/components/responses/" + refusalTexts[http.StatusTooManyRequests].name}
	}
	register(api, http.MethodPost, "/public/v1/complaints", "lodgeComplaint", tag, "投诉举报", h.lodge, public, status(http.StatusCreated), limited,
		func(o *huma.Operation) { o.MaxBodyBytes = maxComplaint },
		note("无需登录。答复中的查询码只显示一次，凭编号和查询码查询办理情况。"))
	register(api, http.MethodGet, "/public/v1/complaints/{number}", "followComplaint", tag, "查询投诉举报的办理情况", h.follow, public, limited,
		note("查询码放在请求头 Complaint-Code 中，不进入地址。"))
	register(api, http.MethodGet, "/public/v1/departments", "findDepartments", tag, "查找部门", h.publicDepartments, public, limited,
		note("供投诉举报时选择部门；按名称的一部分查找。"))
}

// tooOften is the limiter's refusal in the words of this page.
func tooOften(l *limiter, ctx context.Context) error {
	if l.allow(clientAddress(ctx)) != nil {
		return fault.New(fault.RateLimited, "too_many_requests", "操作过于频繁，请稍后再试")
	}
	return nil
}

type lodgeInput struct{ Body wire.LodgeComplaint }

func (h *handlers) lodge(ctx context.Context, in *lodgeInput) (*reply[wire.Lodged], error) {
	if err := tooOften(h.lodgings, ctx); err != nil {
		return nil, err
	}
	b := in.Body
	l, err := h.Complaints.Lodge(ctx, complaint.Lodging{Kind: b.Kind, About: b.About, Handler: b.Handler,
		Content: complaint.Content{Text: b.Text, Name: b.Name, Contact: b.Contact}})
	if err != nil {
		return nil, err
	}
	return &reply[wire.Lodged]{Body: wire.Lodged{Number: l.Number, Code: l.Code, Department: l.Handler.Name}}, nil
}

type followInput struct {
	Number string `path:"number" maxLength:"32" doc:"投诉举报编号"`
	Code   string `header:"Complaint-Code" maxLength:"64" doc:"查询码"`
}

func (h *handlers) follow(ctx context.Context, in *followInput) (*reply[wire.ComplaintProgress], error) {
	if err := tooOften(h.followings, ctx); err != nil {
		return nil, err
	}
	p, err := h.Complaints.Follow(ctx, in.Number, in.Code)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ComplaintProgress]{Body: wire.ComplaintProgress{
		Number: p.Number, Kind: p.Kind, Department: p.Department, LodgedAt: p.LodgedAt.UTC(), Stage: p.Stage, StageName: p.StageName,
		Closed: p.Closed, LastDay: p.LastDay, Overdue: p.Overdue, Reasons: p.Reasons, Result: p.Result, Measures: p.Measures, Reply: p.Reply,
		Events: each(p.Events, func(e complaint.Event) wire.ComplaintEvent {
			return wire.ComplaintEvent{At: e.At.UTC(), What: e.What}
		}),
	}}, nil
}

type publicDepartmentsInput struct {
	Text string `query:"q" minLength:"1" maxLength:"50" required:"true" doc:"部门名称的一部分"`
}

func (h *handlers) publicDepartments(ctx context.Context, in *publicDepartmentsInput) (*reply[wire.PublicDepartmentList], error) {
	if err := tooOften(h.followings, ctx); err != nil {
		return nil, err
	}
	ds, err := h.Org.Departments(ctx, org.DepartmentFilter{Text: in.Text, Limit: 20})
	if err != nil {
		return nil, err
	}
	return &reply[wire.PublicDepartmentList]{Body: wire.PublicDepartmentList{Items: each(ds, func(d org.Department) wire.PublicDepartment {
		return wire.PublicDepartment{ID: d.ID, Name: d.Name, Region: d.Region}
	})}}, nil
}
