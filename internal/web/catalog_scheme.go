package web

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Scheme is the catalog standard; *catalog.Scheme implements it.
type Scheme interface {
	Tree(ctx context.Context, below string, depth int) ([]catalog.ClassNode, error)
	AddClass(ctx context.Context, p org.Principal, parent, name, note string) (catalog.Class, error)
	EndClass(ctx context.Context, p org.Principal, code, reason string) (catalog.Class, error)
	Elements(ctx context.Context, text string, limit int) ([]catalog.ElementMatch, error)
	ElementVersions(ctx context.Context, code string) ([]catalog.Element, error)
	FileElement(ctx context.Context, p org.Principal, e catalog.Element, read int) (catalog.Element, error)
}

func registerCatalogScheme(h *handlers, api huma.API) {
	const tag = "目录"
	register(api, http.MethodGet, "/api/v1/catalog/vocabulary", "getVocabulary", tag, "列出目录用语", h.vocabulary,
		note("目录各枚举的代码和中文名称、数据格式分类与共享方式的对应、分级规则；界面、导入和导出都以此为准。"))
	register(api, http.MethodGet, "/api/v1/catalog/classes", "listClasses", tag, "查询分类（类、项、目、细目）", h.classes)
	register(api, http.MethodPost, "/api/v1/catalog/classes", "addClass", tag, "增加目或细目", h.addClass, status(http.StatusCreated),
		note("由主管部门的审核人员增加，“目”由省级主管部门增加；代码由平台编定，停用后也不再使用，增加和停用均存证（CN-12）。"))
	register(api, http.MethodPost, "/api/v1/catalog/classes/{code}/end", "endClass", tag, "停用分类", h.endClass,
		note("停用后不能再编入新的条目，已编入的不受影响。"))
	register(api, http.MethodGet, "/api/v1/catalog/elements", "listElements", tag, "查询标准数据元", h.elements)
	register(api, http.MethodGet, "/api/v1/catalog/elements/{code}", "listElementVersions", tag, "列出标准数据元的各版本", h.elementVersions,
		note("最后一个为现行版本。"))
	register(api, http.MethodPut, "/api/v1/catalog/elements/{code}", "fileElement", tag, "填报标准数据元", h.fileElement,
		note("由主管部门的审核人员填报，每次形成一个新版本并存证；平台自带的和其他主管部门的，由省级主管部门修改（CN-12）。"))
}

func (h *handlers) vocabulary(context.Context, *struct{}) (*reply[wire.Vocabulary], error) {
	out := wire.Vocabulary{
		Enumerations: each(catalog.Vocabulary(), func(e catalog.Enumeration) wire.Enumeration {
			return wire.Enumeration{ID: e.ID, Name: e.Name, Words: each(e.Words, func(w catalog.Word) wire.Word { return wire.Word(w) })}
		}),
		LevelRules: each(catalog.LevelRules(), func(r catalog.LevelRule) wire.LevelRule {
			return wire.LevelRule{ID: r.ID, Name: r.Name, Level: string(r.Level), Sensitivity: string(r.Sensitivity), Reason: r.Reason}
		}),
	}
	for _, e := range out.Enumerations {
		if e.ID != catalog.VocabFormatKind {
			continue
		}
		for _, w := range e.Words {
			out.FormatMethods = append(out.FormatMethods, wire.FormatMethods{FormatKind: w.Code, Methods: names(catalog.MethodsOf(catalog.FormatKind(w.Code)))})
		}
	}
	return &reply[wire.Vocabulary]{Body: out}, nil
}

type classesInput struct {
	Below string `query:"below" maxLength:"20" doc:"只列该分类之下的；缺省为全部"`
	Depth int    `query:"depth" minimum:"1" maximum:"4" default:"4" doc:"列出几层"`
}

func (h *handlers) classes(ctx context.Context, in *classesInput) (*reply[wire.ClassTree], error) {
	nodes, err := h.Scheme.Tree(ctx, in.Below, in.Depth)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ClassTree]{Body: wire.ClassTree{Items: each(nodes, toClassNode)}}, nil
}

type addClassInput struct{ Body wire.NewClass }

func (h *handlers) addClass(ctx context.Context, in *addClassInput) (*reply[wire.Class], error) {
	return classReply(h.Scheme.AddClass(ctx, principal(ctx), in.Body.Parent, in.Body.Name, in.Body.Note))
}

type endClassInput struct {
	Code string `path:"code" maxLength:"20" doc:"分类代码"`
	Body wire.EndClass
}

func (h *handlers) endClass(ctx context.Context, in *endClassInput) (*reply[wire.Class], error) {
	return classReply(h.Scheme.EndClass(ctx, principal(ctx), in.Code, in.Body.Reason))
}

func classReply(c catalog.Class, err error) (*reply[wire.Class], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Class]{Body: toClass(c)}, nil
}

func toClass(c catalog.Class) wire.Class {
	return wire.Class{Code: c.Code, Parent: c.Parent, Tier: catalog.ClassLevel(c.Code), Name: c.Name, Note: c.Note, Region: c.Region,
		Authority: c.Authority, AddedAt: utcp(c.AddedAt), EndedAt: utcp(c.EndedAt), Reason: c.Reason}
}

func toClassNode(n catalog.ClassNode) wire.Class {
	out := toClass(n.Class)
	out.Children = each(n.Children, toClassNode)
	return out
}

type elementsInput struct {
	Q     string `query:"q" maxLength:"100" doc:"代码、名称、英文名称或同义名称，可以是一部分"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"200" doc:"最多返回多少条"`
}

func (h *handlers) elements(ctx context.Context, in *elementsInput) (*reply[wire.ElementList], error) {
	found, err := h.Scheme.Elements(ctx, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ElementList]{Body: wire.ElementList{Items: each(found, toElementMatch)}}, nil
}

type elementInput struct {
	Code string `path:"code" maxLength:"40" doc:"标准数据元代码"`
}

func (h *handlers) elementVersions(ctx context.Context, in *elementInput) (*reply[wire.ElementList], error) {
	all, err := h.Scheme.ElementVersions(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ElementList]{Body: wire.ElementList{Items: each(all, func(e catalog.Element) wire.ElementMatch {
		return wire.ElementMatch{Element: toElement(e)}
	})}}, nil
}

type fileElementInput struct {
	Code string `path:"code" maxLength:"40" doc:"标准数据元代码"`
	Body wire.FileElement
}

func (h *handlers) fileElement(ctx context.Context, in *fileElementInput) (*reply[wire.Element], error) {
	b := in.Body
	e, err := h.Scheme.FileElement(ctx, principal(ctx), catalog.Element{Code: in.Code, Name: b.Name, EnglishName: b.EnglishName, Type: b.Type,
		Length: b.Length, Decimals: b.Decimals, Format: b.Format, Domain: fromDomain(b.Domain), Definition: b.Definition,
		Aliases: b.Aliases, Reason: b.Reason}, b.Version)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Element]{Body: toElement(e)}, nil
}

func toElement(e catalog.Element) wire.Element {
	return wire.Element{Code: e.Code, Version: e.Version, Name: e.Name, EnglishName: e.EnglishName, Type: e.Type, Length: e.Length,
		Decimals: e.Decimals, Format: e.Format, Domain: toDomain(e.Domain), Definition: e.Definition, Aliases: e.Aliases,
		Authority: e.Authority, FiledAt: utcp(e.At), Reason: e.Reason}
}

func toElementMatch(m catalog.ElementMatch) wire.ElementMatch {
	return wire.ElementMatch{Element: toElement(m.Element), Match: m.Match}
}
