package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

func registerCatalogAdvice(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodPost, "/api/v1/catalog/advice", "adviseEntry", tag, "对编制中的条目提出分级和数据元建议", h.adviseEntry,
		note("不保存。级别低于建议而没有理由的，报送时拒绝（CN-13.2）。"))
	register(api, http.MethodGet, "/api/v1/resources/{id}/advice", "adviseResource", tag, "对已保存的条目提出分级和数据元建议", h.adviseResource,
		note("已汇聚数据的，同时按取值的形态判断；只对本部门和同级主管部门可见，不含数据值。"))
	register(api, http.MethodGet, "/api/v1/resources/{id}/diff", "diffVersions", tag, "比较两个版本", h.diffVersions,
		note("逐字段、逐数据项列出新增、删除、修改和改代码；未发布的版本只对本部门和同级主管部门可见（CN-16）。"))
}

type adviseEntryInput struct{ Body wire.AskAdvice }

func (h *handlers) adviseEntry(ctx context.Context, in *adviseEntryInput) (*reply[wire.Advice], error) {
	return adviceReply(h.Catalog.Advise(ctx, fromEntry(in.Body.Entry)))
}

func (h *handlers) adviseResource(ctx context.Context, in *ByID) (*reply[wire.Advice], error) {
	return adviceReply(h.Catalog.AdviseOn(ctx, principal(ctx), in.ID))
}

func adviceReply(a catalog.Advice, err error) (*reply[wire.Advice], error) {
	if err != nil {
		return nil, err
	}
	out := wire.Advice{Level: string(a.Level), PersonalInfo: a.PersonalInfo, Elements: []wire.ElementProposal{},
		Items: each(a.Items, func(p catalog.Proposal) wire.LevelProposal {
			return wire.LevelProposal{Item: p.Item, Rule: p.Rule, RuleName: p.RuleName, Level: string(p.Level),
				Sensitivity: string(p.Sensitivity), Masked: p.Masked, By: p.By, Reason: p.Reason}
		})}
	for _, x := range a.Of {
		if found := a.Elements[x.Code]; len(found) > 0 {
			out.Elements = append(out.Elements, wire.ElementProposal{Item: x.Code, Elements: each(found, toElementMatch)})
		}
	}
	return &reply[wire.Advice]{Body: out}, nil
}

type diffInput struct {
	ByID
	From int `query:"from" minimum:"0" doc:"前一版本号；缺省为后一版本之前的一个"`
	To   int `query:"to" minimum:"0" doc:"后一版本号；缺省为可见的最新版本"`
}

func (h *handlers) diffVersions(ctx context.Context, in *diffInput) (*reply[wire.Difference], error) {
	d, err := h.Catalog.Diff(ctx, principal(ctx), in.ID, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Difference]{Body: wire.Difference{From: toDiffSide(d.From), To: toDiffSide(d.To), Order: d.Order,
		Fields: each(d.Fields, fieldChange(catalog.VocabEntryField)),
		Items: each(d.Items, func(c catalog.ItemChange) wire.ItemChange {
			return wire.ItemChange{Kind: string(c.Kind), Code: c.Code, Was: c.Was, Name: c.Name, Fields: each(c.Fields, fieldChange(catalog.VocabItemField))}
		})}}, nil
}

func fieldChange(enumeration string) func(catalog.FieldChange) wire.FieldChange {
	return func(c catalog.FieldChange) wire.FieldChange {
		return wire.FieldChange{Field: c.Field, Name: catalog.Label(enumeration, c.Field), From: c.From, To: c.To}
	}
}

func toDiffSide(v catalog.Version) wire.DiffSide {
	return wire.DiffSide{Number: v.Number, Status: string(v.Status), Digest: v.Digest, CreatedBy: v.CreatedBy,
		CreatedAt: v.CreatedAt.UTC(), PublishedAt: utcp(v.PublishedAt), Reason: v.Reason}
}
