package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/reverse"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Reverse catalogues from databases; *reverse.Service implements it.
type Reverse interface {
	Register(ctx context.Context, p org.Principal, name string, c reverse.Connection) (reverse.Source, error)
	Sources(ctx context.Context, p org.Principal) ([]reverse.Source, error)
	Remove(ctx context.Context, p org.Principal, id string) error
	Test(ctx context.Context, p org.Principal, id string) (string, error)
	Start(ctx context.Context, p org.Principal, source string, sample bool) (reverse.Run, error)
	Runs(ctx context.Context, p org.Principal, source string) ([]reverse.Run, error)
	Run(ctx context.Context, p org.Principal, id string) (reverse.Run, error)
	Proposals(ctx context.Context, p org.Principal, run string, o reverse.Options, after string, limit int) ([]reverse.Proposal, error)
	CreateDrafts(ctx context.Context, p org.Principal, run string, drafts []reverse.Draft, all bool) ([]reverse.Outcome, error)
	Changes(ctx context.Context, p org.Principal, source, since string) (reverse.Differences, error)
}

func registerReverse(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/reverse-sources", "listReverseSources", tag, "本部门的反向编目数据源", h.reverseSources)
	register(api, http.MethodPost, "/api/v1/reverse-sources", "registerReverseSource", tag, "登记反向编目数据源", h.registerReverseSource, status(http.StatusCreated),
		note("由本部门的系统对接人员登记。地址须在本节点核准的网段内；地址、账号、口令加密保存，不再给出。"))
	register(api, http.MethodDelete, "/api/v1/reverse-sources/{id}", "removeReverseSource", tag, "停用反向编目数据源", h.removeReverseSource)
	register(api, http.MethodPost, "/api/v1/reverse-sources/{id}/test", "testReverseSource", tag, "测试数据源的连接", h.testReverseSource)
	register(api, http.MethodPost, "/api/v1/reverse-sources/{id}/runs", "startReverseRun", tag, "读取数据源的库结构", h.startReverseRun, status(http.StatusAccepted),
		note("在后台进行，只读；按读取编号查询结果。只保存结构，不保存数据。"))
	register(api, http.MethodGet, "/api/v1/reverse-sources/{id}/runs", "listReverseRuns", tag, "数据源的读取记录", h.reverseRuns)
	register(api, http.MethodGet, "/api/v1/reverse-sources/{id}/changes", "listReverseChanges", tag, "数据源库结构的变动", h.reverseChanges,
		note("比较最近两次成功的读取；列出涉及的目录条目和建议的办理方式，不自动立案（CN-17）。"))
	register(api, http.MethodGet, "/api/v1/reverse-runs/{id}", "getReverseRun", tag, "查询一次读取及其库结构", h.reverseRun)
	register(api, http.MethodGet, "/api/v1/reverse-runs/{id}/proposals", "listReverseProposals", tag, "由库结构建议的目录条目", h.reverseProposals)
	register(api, http.MethodPost, "/api/v1/reverse-runs/{id}/drafts", "createReverseDrafts", tag, "由建议编制目录条目草稿", h.createReverseDrafts,
		note("由提供部门共享工作机构的人员确认后编制；逐表给出结果。标有密级的一律不编（CN-3）。"))
}

func (h *handlers) reverseSources(ctx context.Context, _ *struct{}) (*reply[wire.ReverseSourceList], error) {
	list, err := h.Reverse.Sources(ctx, principal(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseSourceList]{Body: wire.ReverseSourceList{Items: each(list, toReverseSource)}}, nil
}

type registerReverseSourceInput struct{ Body wire.NewReverseSource }

func (h *handlers) registerReverseSource(ctx context.Context, in *registerReverseSourceInput) (*reply[wire.ReverseSource], error) {
	b := in.Body
	src, err := h.Reverse.Register(ctx, principal(ctx), b.Name, reverse.Connection{Engine: reverse.Engine(b.Engine), Host: b.Host, Port: b.Port,
		Database: b.Database, User: b.User, Password: b.Password, TLS: reverse.TLSMode(b.TLS), File: b.File, Schemas: b.Schemas})
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseSource]{Body: toReverseSource(src)}, nil
}

func (h *handlers) removeReverseSource(ctx context.Context, in *ByID) (*struct{}, error) {
	return nil, h.Reverse.Remove(ctx, principal(ctx), in.ID)
}

func (h *handlers) testReverseSource(ctx context.Context, in *ByID) (*reply[wire.ReverseTested], error) {
	version, err := h.Reverse.Test(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseTested]{Body: wire.ReverseTested{Version: version}}, nil
}

type startReverseRunInput struct {
	ByID
	Body wire.NewReverseRun
}

func (h *handlers) startReverseRun(ctx context.Context, in *startReverseRunInput) (*reply[wire.ReverseRun], error) {
	return reverseRunReply(h.Reverse.Start(ctx, principal(ctx), in.ID, in.Body.Sample))
}

func (h *handlers) reverseRuns(ctx context.Context, in *ByID) (*reply[wire.ReverseRunList], error) {
	list, err := h.Reverse.Runs(ctx, principal(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseRunList]{Body: wire.ReverseRunList{Items: each(list, toReverseRun)}}, nil
}

func (h *handlers) reverseRun(ctx context.Context, in *ByID) (*reply[wire.ReverseRun], error) {
	return reverseRunReply(h.Reverse.Run(ctx, principal(ctx), in.ID))
}

type reverseProposalsInput struct {
	ByID
	ClassCode  string `query:"class_code" maxLength:"20" doc:"填入各条目的分类代码"`
	Collection string `query:"collection" enum:"hosted_copy,linked_service" default:"hosted_copy" doc:"归集方式"`
	System     string `query:"source_system" maxLength:"100" doc:"来源系统；缺省为数据源名称"`
	After      string `query:"after" maxLength:"300" doc:"上一页的 next"`
	Limit      int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) reverseProposals(ctx context.Context, in *reverseProposalsInput) (*reply[wire.ReverseProposalList], error) {
	list, err := h.Reverse.Proposals(ctx, principal(ctx), in.ID,
		reverse.Options{ClassCode: in.ClassCode, Collection: catalog.Collection(in.Collection), SourceSystem: in.System}, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseProposalList]{Body: wire.ReverseProposalList{Items: each(list, toReverseProposal),
		Next: next(list, in.Limit, func(p reverse.Proposal) string { return p.Table })}}, nil
}

type createReverseDraftsInput struct {
	ByID
	Body wire.NewReverseDrafts
}

func (h *handlers) createReverseDrafts(ctx context.Context, in *createReverseDraftsInput) (*reply[wire.ReverseOutcomes], error) {
	list, err := h.Reverse.CreateDrafts(ctx, principal(ctx), in.ID, each(in.Body.Drafts, func(d wire.ReverseDraft) reverse.Draft {
		return reverse.Draft{Table: d.Table, Entry: fromEntry(d.Entry)}
	}), in.Body.All)
	if err != nil {
		return nil, err
	}
	out := wire.ReverseOutcomes{Items: each(list, toReverseOutcome)}
	for _, o := range out.Items {
		if o.Resource != nil {
			out.Created++
		}
	}
	return &reply[wire.ReverseOutcomes]{Body: out}, nil
}

type reverseChangesInput struct {
	ByID
	Since string `query:"since" maxLength:"64" doc:"与哪一次读取比较；缺省为上一次成功的读取"`
}

func (h *handlers) reverseChanges(ctx context.Context, in *reverseChangesInput) (*reply[wire.ReverseChanges], error) {
	d, err := h.Reverse.Changes(ctx, principal(ctx), in.ID, in.Since)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReverseChanges]{Body: wire.ReverseChanges{From: toReverseRun(d.From), To: toReverseRun(d.To), Items: each(d.Changes, toReverseChange)}}, nil
}

func reverseRunReply(r reverse.Run, err error) (*reply[wire.ReverseRun], error) {
	if err != nil {
		return nil, err
	}
	out := toReverseRun(r)
	if r.State == reverse.Done {
		out.Tables = each(r.Schema.Tables, toReverseTable)
	}
	return &reply[wire.ReverseRun]{Body: out}, nil
}

func toReverseSource(s reverse.Source) wire.ReverseSource {
	return wire.ReverseSource{ID: s.ID, Name: s.Name, Engine: string(s.Engine), CreatedAt: s.CreatedAt.UTC()}
}

func toReverseRun(r reverse.Run) wire.ReverseRun {
	return wire.ReverseRun{ID: r.ID, Source: r.Source, State: string(r.State), Sample: r.Sample, AskedAt: r.AskedAt.UTC(), EndedAt: utcp(r.EndedAt),
		Failure: r.Failure, Message: r.Message, Digest: r.Digest, Count: r.Tables}
}

// estimate is a number of rows, nil when it is not known.
func estimate(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

func toReverseTable(t reverse.Table) wire.ReverseTable {
	return wire.ReverseTable{Key: t.Key(), View: t.View, Comment: t.Comment, Rows: estimate(t.Rows), ChangedAt: utcp(t.ChangedAt), Refused: t.Refused,
		Columns: each(t.Columns, func(c reverse.Column) wire.ReverseColumn {
			return wire.ReverseColumn{Name: c.Name, Native: c.Native, Type: c.Type, Length: c.Length, Decimals: c.Decimals, Nullable: c.Nullable,
				Key: c.Key, Comment: c.Comment, References: c.References, Holds: string(c.Holds)}
		})}
}

func toReverseField(f fault.Field) wire.ReverseField {
	return wire.ReverseField{Field: f.Path, Code: f.Code, Message: f.Message, Basis: f.Basis}
}

func toReverseProposal(p reverse.Proposal) wire.ReverseProposal {
	out := wire.ReverseProposal{Table: p.Table, View: p.View, Rows: estimate(p.Rows), Selected: p.Selected, Reason: p.Reason, Refused: p.Refused,
		Resource: p.Resource, Missing: each(p.Missing, toReverseField), Notes: strs(p.Notes)}
	if p.Refused == "" {
		e := toEntry(p.Entry)
		out.Entry = &e
	}
	return out
}

func toReverseOutcome(o reverse.Outcome) wire.ReverseOutcome {
	out := wire.ReverseOutcome{Table: o.Table}
	if f, ok := fault.As(o.Err); ok {
		out.Code, out.Message, out.Basis, out.Errors = f.Code, f.Message, f.Basis, each(f.Fields, toReverseField)
	} else if o.Resource.ID != "" {
		r := toResource(o.Resource)
		out.Resource = &r
	}
	return out
}

func toReverseChange(c reverse.Changed) wire.ReverseChange {
	return wire.ReverseChange{Table: c.Table, Kind: c.Kind, Aspects: strs(c.Aspects),
		Columns: each(c.Columns, func(x reverse.ColumnChange) wire.ReverseColumnChange {
			return wire.ReverseColumnChange{Column: x.Column, Kind: x.Kind, Aspects: strs(x.Aspects)}
		}),
		Affected: each(c.Affected, func(a reverse.Affected) wire.ReverseAffected {
			return wire.ReverseAffected{Resource: a.Resource, Code: a.Code, Name: a.Name, Propose: a.Propose}
		})}
}
