package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/collection"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Forms compares planned forms with the catalog; *collection.Service implements
// it.
type Forms interface {
	Try(ctx context.Context, p org.Principal, items []collection.PlanItem, text string) ([]collection.Line, error)
}

func registerCollection(h *handlers, api huma.API) {
	register(api, http.MethodPost, "/api/v1/collection-comparison", "compareForm", "目录", "试比对收集表", h.compareForm, status(http.StatusOK),
		note("把拟收集的项目逐项与全部已发布的目录比对，不立案，什么也不保存：标准数据元相同、名称相同、名称包含或者相近，并说明可以怎样办。"))
}

type compareFormInput struct{ Body wire.CompareForm }

func (h *handlers) compareForm(ctx context.Context, in *compareFormInput) (*reply[wire.Comparison], error) {
	items := each(in.Body.Items, func(x wire.PlanItem) collection.PlanItem {
		return collection.PlanItem{Name: x.Name, Element: x.Element, Note: x.Note}
	})
	lines, err := h.Forms.Try(ctx, principal(ctx), items, in.Body.Text)
	if err != nil {
		return nil, err
	}
	out := wire.Comparison{Items: each(lines, toComparedItem)}
	for _, l := range lines {
		switch l.Verdict {
		case collection.Shareable:
			out.Shareable++
		case collection.PartlyThere:
			out.Partly++
		case collection.NotThere:
			out.NotThere++
		}
	}
	return &reply[wire.Comparison]{Body: out}, nil
}

func toComparedItem(l collection.Line) wire.ComparedItem {
	return wire.ComparedItem{PlanItem: wire.PlanItem{Name: l.Name, Element: l.Element, Note: l.Note}, Verdict: string(l.Verdict),
		Matches: each(l.Matches, func(m collection.Match) wire.PlanMatch {
			return wire.PlanMatch{Kind: string(m.Kind), Why: m.Why, Resource: m.Resource, ResourceName: m.ResourceName, Code: m.Code,
				Name: m.Name, Provider: m.Provider, Region: m.Region, Partial: m.Partial}
		}),
		Remedies: each(l.Remedies, func(r collection.Remedy) wire.PlanRemedy {
			return wire.PlanRemedy{Kind: r.Kind, Text: r.Text, Procedure: r.Procedure, Subject: r.Subject}
		})}
}
