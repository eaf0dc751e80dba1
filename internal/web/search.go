package web

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Search finds catalog entries as a principal may see them.
type Search interface {
	Search(ctx context.Context, p org.Principal, q search.Query) (*search.Result, error)
	Status() search.Status
}

func registerSearch(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/catalog/search", "searchCatalog", tag, "检索目录", h.searchCatalog,
		note("检索名称、代码、摘要、提供部门和数据项。词以空格分开,须全部命中,不必相邻;一个字起即可;字母可为代码或英文名的开头、全拼或声母缩写。"+
			"同一分面的取值之间为或,分面之间为且。本部门(主管部门为其管辖的部门)未发布的条目一并检出。索引建立期间返回 503(search_index_building)。"))
	register(api, http.MethodGet, "/api/v1/catalog/search/status", "searchStatus", tag, "检索索引的状况", h.searchStatus)
}

type searchInput struct {
	Q          string   `query:"q" maxLength:"800" doc:"检索词;空为全部。最多 200 字"`
	Provider   []string `query:"provider,explode" maxItems:"50" doc:"提供部门编号,可多次给出"`
	Region     string   `query:"region" maxLength:"20" doc:"区划代码,含其下级;代码后加 -own 为该级政府本级部门"`
	Class      string   `query:"class" maxLength:"20" doc:"分类码的开头:类、项、目或细目"`
	Attribute  []string `query:"attribute,explode" maxItems:"10" doc:"共享属性,可多次给出;none 为未填"`
	Method     []string `query:"method,explode" maxItems:"10" doc:"共享方式"`
	FormatKind []string `query:"format_kind,explode" maxItems:"10" doc:"信息资源格式分类"`
	Frequency  []string `query:"frequency,explode" maxItems:"10" doc:"更新周期"`
	Level      []string `query:"level,explode" maxItems:"10" doc:"数据级别"`
	Linked     []string `query:"linked,explode" maxItems:"10" doc:"挂接情况:hosted_copy、linked_service、none"`
	Quality    []string `query:"quality,explode" maxItems:"10" doc:"数据质量:excellent、good、fair、poor、none"`
	State      []string `query:"state,explode" maxItems:"10" doc:"目录状态:published、draft、submitted"`
	Cursor     string   `query:"cursor" maxLength:"100" doc:"上一页的 next"`
	Limit      int      `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"每页条数"`
}

func (in *searchInput) query() search.Query {
	return search.Query{Text: in.Q, Limit: in.Limit, Cursor: in.Cursor, Filters: search.Filters{
		Providers: in.Provider, Region: in.Region, Class: in.Class,
		Values: map[search.FacetName][]string{search.ByAttribute: in.Attribute, search.ByMethod: in.Method, search.ByFormatKind: in.FormatKind,
			search.ByFrequency: in.Frequency, search.ByLevel: in.Level, search.ByLinked: in.Linked, search.ByQuality: in.Quality, search.ByState: in.State},
	}}
}

func (h *handlers) searchCatalog(ctx context.Context, in *searchInput) (*reply[wire.SearchResult], error) {
	begun := h.Clock.Now()
	r, err := h.Search.Search(ctx, principal(ctx), in.query())
	if err != nil {
		return nil, err
	}
	return &reply[wire.SearchResult]{Body: wire.SearchResult{
		Total: r.Total, TotalExact: r.TotalExact, Hits: each(r.Hits, toSearchHit), Next: r.Next, Split: r.Split, Synonyms: r.Synonyms,
		Facets: each(r.Facets, func(f search.Facet) wire.SearchFacet {
			return wire.SearchFacet{Name: string(f.Name), Label: f.Label, More: f.More, Counts: each(f.Counts, func(c search.Count) wire.SearchCount { return wire.SearchCount(c) })}
		}),
		TookMS: float64(h.Clock.Now().Sub(begun).Microseconds()) / 1000,
	}}, nil
}

func (h *handlers) searchStatus(context.Context, *struct{}) (*reply[wire.SearchStatus], error) {
	s := h.Search.Status()
	out := wire.SearchStatus{State: s.State, Documents: s.Documents, Done: s.Done, Of: s.Of}
	if !s.CaughtUp.IsZero() {
		out.CaughtUp = utcp(&s.CaughtUp)
	}
	return &reply[wire.SearchStatus]{Body: out}, nil
}

func toSearchHit(x search.Hit) wire.SearchHit {
	d := x.Document
	out := wire.SearchHit{
		Resource: d.Resource, State: d.State.String(), Version: d.Version, Code: toParts(x.Code), Name: toParts(x.Name), Abstract: toParts(x.Abstract),
		Provider: d.Provider, ProviderName: toParts(x.Provider), Region: x.Region, RegionName: x.RegionName, Class: d.ClassCode,
		Attribute: d.Attribute, Methods: strs(d.Methods), FormatKind: d.FormatKind, Frequency: d.Frequency, Level: d.Level, Linked: d.Linked,
		Items: len(d.Items), MatchedItems: x.ItemHits, At: time.UnixMicro(d.Rank).UTC(),
		ItemHits: each(x.Items, func(i search.ItemHit) wire.SearchItem {
			return wire.SearchItem{Name: toParts(i.Name), Code: toParts(i.Code)}
		}),
	}
	if d.Quality >= 0 {
		q := d.Quality
		out.Quality = &q
	}
	return out
}

func toParts(list []search.Part) []wire.SearchPart {
	return each(list, func(p search.Part) wire.SearchPart { return wire.SearchPart(p) })
}
