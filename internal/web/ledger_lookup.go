package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/lookup"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Lookups answers who looked at a person's data; *lookup.Service implements it.
type Lookups interface {
	Search(ctx context.Context, p org.Principal, ask lookup.Ask) (lookup.Answer, error)
}

func registerLookups(h *handlers, api huma.API) {
	// A POST: the identifier must not stand in an address, which logs keep.
	register(api, http.MethodPost, "/api/v1/access-searches", "searchAccesses", "监督", "查询谁使用了某人的数据", h.searchAccesses,
		note("限主管部门的审核、审计人员,须有法律依据和案件编号。查询本身先记入存证(只记标识的密钥摘要)并告知主管部门,然后才给出结果。"))
}

type accessSearchInput struct{ Body wire.AccessSearch }

func (h *handlers) searchAccesses(ctx context.Context, in *accessSearchInput) (*reply[wire.AccessSearchResult], error) {
	b := in.Body
	a, err := h.Lookups.Search(ctx, principal(ctx), lookup.Ask{Kind: catalog.Sensitivity(b.Kind), Identifier: b.Identifier, Basis: b.Basis,
		CaseNumber: b.CaseNumber, Below: b.Below, Limit: b.Limit})
	if err != nil {
		return nil, err
	}
	return &reply[wire.AccessSearchResult]{Body: wire.AccessSearchResult{Search: a.Search, Searched: a.Searched, Size: a.Size, Next: a.Next,
		Items: each(a.Accesses, func(x lookup.Access) wire.PersonAccess {
			return wire.PersonAccess{Entry: x.Entry, Index: x.Index, Kind: string(x.Kind), At: x.At.UTC(), Consumer: x.Consumer, Provider: x.Provider,
				Grant: x.Grant, Resource: x.Resource, Purpose: x.Purpose, Endpoint: x.Endpoint, Status: x.Status, CaseNumber: x.CaseNumber}
		})}}, nil
}
