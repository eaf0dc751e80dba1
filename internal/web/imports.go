package web

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/problem"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/sheet"
	grid "github.com/shuqiao/shuqiao/internal/sheet/table"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// Imports brings the catalog in and out as tables; *sheet.Service implements it.
type Imports interface {
	Start(ctx context.Context, p org.Principal, name string, file io.Reader) (sheet.Import, error)
	Get(ctx context.Context, p org.Principal, id string) (sheet.Import, error)
	List(ctx context.Context, p org.Principal, limit int, after string) ([]sheet.Import, error)
	Rows(ctx context.Context, p org.Principal, id string, o sheet.Outcome, after, limit int) ([]sheet.Planned, error)
	Remap(ctx context.Context, p org.Principal, id string, m sheet.Mapping) (sheet.Import, error)
	Commit(ctx context.Context, p org.Principal, id, digest string, mode sheet.Mode) (sheet.Import, error)
	Cancel(ctx context.Context, p org.Principal, id string) (sheet.Import, error)
	Errors(ctx context.Context, p org.Principal, id string, out io.Writer) error
	Template(ctx context.Context, f grid.Format, out io.Writer) error
	Export(ctx context.Context, p org.Principal, sel sheet.Selection, out io.Writer) error
}

const importsPath = "/api/v1/catalog/imports"

// uploadTimeout bounds how long an upload may take to arrive.
const uploadTimeout = 15 * time.Minute

// bodyLimit is how large the body of a request may be: a table handed in may be
// larger than what is read into memory.
func bodyLimit(r *http.Request) int64 {
	if r.Method == http.MethodPost && r.URL.Path == importsPath {
		return sheet.MaxFile + 1<<20 // and what multipart adds
	}
	if r.Method == http.MethodPost && r.URL.Path == reconciliationsPath {
		return calllog.MaxUpload // it is read line by line
	}
	return maxBody
}

func registerImports(h *handlers, api huma.API) {
	const tag = "目录"
	binary := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		"multipart/form-data": {Schema: &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}}}}}
	register(api, http.MethodPost, importsPath, "startImport", tag, "上传目录表格并预检", h.startImport, status(http.StatusAccepted),
		note("xlsx、CSV（UTF-8、GB18030）或者 CSV 压缩包，不超过 64 MiB；请求体为文件本身，或者 multipart/form-data 的第一个文件。"+
			"在后台预检，不写入目录；按编号查询进度和结果。空白单元格不改动原有内容，“〈清空〉”清除。"))
	// Told afterwards: what the framework knows of a body it reads into memory.
	api.OpenAPI().Paths[importsPath].Post.RequestBody = &huma.RequestBody{Required: true, Content: binary}
	register(api, http.MethodGet, importsPath, "listImports", tag, "本部门的导入", h.imports)
	register(api, http.MethodGet, importsPath+"/{id}", "getImport", tag, "查询导入的进度和结果", h.getImport)
	register(api, http.MethodGet, importsPath+"/{id}/rows", "listImportRows", tag, "导入中各信息资源的预检结果", h.importRows)
	register(api, http.MethodPut, importsPath+"/{id}/mapping", "mapImport", tag, "更正列与字段的对应并重新预检", h.mapImport, status(http.StatusAccepted),
		note("对应按表头留存，本部门下次导入同样的表格时沿用。"))
	register(api, http.MethodPost, importsPath+"/{id}/commit", "commitImport", tag, "提交预检结果，编制草稿", h.commitImport, status(http.StatusAccepted),
		note("只编制或者修改草稿，不改变审核状态（CN-16）。预检之后目录有变化的，不写入并指出是哪些。"))
	register(api, http.MethodPost, importsPath+"/{id}/cancel", "cancelImport", tag, "取消导入并清除文件", h.cancelImport)
	register(api, http.MethodGet, importsPath+"/{id}/errors", "getImportErrors", tag, "下载错误文件", h.importErrors,
		note("原表格的内容，有误的单元格着色并批注，末列为原因；更正后可直接再次上传。"))
	register(api, http.MethodGet, "/api/v1/catalog/import-fields", "listImportFields", tag, "列可以对应的字段", h.importFields)
	register(api, http.MethodGet, "/api/v1/catalog/import-template", "getImportTemplate", tag, "下载导入模板", h.importTemplate)
	register(api, http.MethodGet, "/api/v1/catalog/export", "exportCatalog", tag, "按导入模板导出目录", h.exportCatalog,
		note("给出 resource 的，导出这些信息资源；给出 q 的，导出检索结果；否则导出 provider（缺省为本部门）的目录。一次最多 20000 个信息资源。"))
}

// uploadInput takes the body as it arrives, without reading it into memory.
type uploadInput struct {
	Name string `query:"name" maxLength:"300" doc:"文件名；multipart 时缺省为所附的文件名"`
	body io.Reader
	kind string
}

// Resolve implements huma.Resolver.
func (in *uploadInput) Resolve(ctx huma.Context) []error {
	in.body, in.kind = ctx.BodyReader(), ctx.Header("Content-Type")
	_ = ctx.SetReadDeadline(clock.System{}.Now().Add(uploadTimeout)) // the socket lives by the machine's time
	return nil
}

// file finds the file in the body.
func (in *uploadInput) file() (name string, file io.Reader, err error) {
	kind, params, _ := mime.ParseMediaType(in.kind)
	if kind != "multipart/form-data" {
		return in.Name, in.body, nil
	}
	parts := multipart.NewReader(in.body, params["boundary"])
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, fault.New(fault.Invalid, "file_missing", "请求中没有文件").Because(err)
		}
		if part.FileName() != "" {
			if name = in.Name; name == "" {
				name = part.FileName()
			}
			return name, part, nil
		}
	}
}

func (h *handlers) startImport(ctx context.Context, in *uploadInput) (*reply[wire.Import], error) {
	name, file, err := in.file()
	if err != nil {
		return nil, err
	}
	x, err := h.Imports.Start(ctx, principal(ctx), name, file)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = fault.Newf(fault.TooLarge, "file_too_large", "文件超过%d MB；请分成几个文件导入", sheet.MaxFile>>20)
	}
	return importReply(x, err)
}

func importReply(x sheet.Import, err error) (*reply[wire.Import], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Import]{Body: toImport(x)}, nil
}

type importListInput struct {
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"最多返回多少条"`
}

func (h *handlers) imports(ctx context.Context, in *importListInput) (*reply[wire.ImportList], error) {
	list, err := h.Imports.List(ctx, principal(ctx), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ImportList]{Body: wire.ImportList{Items: each(list, toImport), Next: next(list, in.Limit, func(x sheet.Import) string { return x.ID })}}, nil
}

func (h *handlers) getImport(ctx context.Context, in *ByID) (*reply[wire.Import], error) {
	return importReply(h.Imports.Get(ctx, principal(ctx), in.ID))
}

type importRowsInput struct {
	ByID
	Outcome string `query:"outcome" enum:"new,changed,unchanged,refused" doc:"只列出这种结果"`
	After   int    `query:"after" minimum:"0" doc:"上一页的 next"`
	Limit   int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) importRows(ctx context.Context, in *importRowsInput) (*reply[wire.ImportRowList], error) {
	list, err := h.Imports.Rows(ctx, principal(ctx), in.ID, sheet.Outcome(in.Outcome), in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := wire.ImportRowList{Items: each(list, toImportRow)}
	if len(list) == in.Limit {
		out.Next = list[len(list)-1].Seq
	}
	return &reply[wire.ImportRowList]{Body: out}, nil
}

type mapImportInput struct {
	ByID
	Body wire.ImportMapping
}

func (h *handlers) mapImport(ctx context.Context, in *mapImportInput) (*reply[wire.Import], error) {
	m := sheet.Mapping{Sheets: each(in.Body.Sheets, func(s wire.ImportSheet) sheet.SheetMap {
		return sheet.SheetMap{Sheet: s.Sheet, Content: sheet.Content(s.Content), Columns: each(s.Columns, func(c wire.ImportColumn) sheet.ColumnMap {
			return sheet.ColumnMap{Column: c.Column, Field: c.Field}
		})}
	})}
	return importReply(h.Imports.Remap(ctx, principal(ctx), in.ID, m))
}

type commitImportInput struct {
	ByID
	Body wire.ImportCommit
}

func (h *handlers) commitImport(ctx context.Context, in *commitImportInput) (*reply[wire.Import], error) {
	mode := sheet.WholeFile
	if in.Body.Mode != "" {
		mode = sheet.Mode(in.Body.Mode)
	}
	return importReply(h.Imports.Commit(ctx, principal(ctx), in.ID, in.Body.Digest, mode))
}

func (h *handlers) cancelImport(ctx context.Context, in *ByID) (*reply[wire.Import], error) {
	return importReply(h.Imports.Cancel(ctx, principal(ctx), in.ID))
}

func (h *handlers) importFields(context.Context, *struct{}) (*reply[wire.ImportFields], error) {
	return &reply[wire.ImportFields]{Body: wire.ImportFields{Items: each(sheet.Fields(), func(f sheet.Field) wire.ImportField {
		return wire.ImportField{Field: f.Key, Name: f.Name}
	})}}, nil
}

// attachment sends a file that is made while it is sent. What is refused before
// its first byte is a problem document.
func attachment(name, kind string, write func(ctx context.Context, out io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		w := unwrap(hctx)
		ctx := hctx.Context()
		out := &begun{w: &patient{w: w, connection: http.NewResponseController(w)}}
		header := w.Header()
		header.Set("Content-Type", kind)
		header.Set("Content-Disposition", `attachment; filename*=UTF-8''`+url.PathEscape(name))
		err := write(ctx, out)
		if err == nil {
			return
		}
		p := problem.From(err)
		problem.Log(ctx, p, err)
		if out.yes { // too late to answer anything else, but not to say that it is broken off
			panic(http.ErrAbortHandler)
		}
		header.Del("Content-Disposition")
		problem.Send(w, p)
	}}
}

// patient moves the deadline of the connection on with every write.
type patient struct {
	w          io.Writer
	connection *http.ResponseController
}

// Write implements io.Writer.
func (p *patient) Write(b []byte) (int, error) {
	_ = p.connection.SetWriteDeadline(clock.System{}.Now().Add(dumpPatience))
	return p.w.Write(b)
}

const (
	xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	zipType  = "application/zip"
)

func tableFormat(text string) (f grid.Format, kind, ext string) {
	if text == "csv" {
		return grid.CSVZip, zipType, ".zip"
	}
	return grid.XLSX, xlsxType, ".xlsx"
}

func (h *handlers) importErrors(ctx context.Context, in *ByID) (*huma.StreamResponse, error) {
	p := principal(ctx)
	x, err := h.Imports.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	kind, ext := xlsxType, ".xlsx"
	if x.Format != grid.XLSX {
		kind, ext = zipType, ".zip"
	}
	base := x.Name
	if i := strings.LastIndexByte(base, '.'); i > 0 {
		base = base[:i]
	}
	return attachment(base+"（错误）"+ext, kind, func(ctx context.Context, out io.Writer) error {
		return h.Imports.Errors(ctx, p, in.ID, out)
	}), nil
}

type templateInput struct {
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"格式；csv 为每表一个文件的压缩包"`
}

func (h *handlers) importTemplate(_ context.Context, in *templateInput) (*huma.StreamResponse, error) {
	f, kind, ext := tableFormat(in.Format)
	return attachment("目录导入模板"+ext, kind, func(ctx context.Context, out io.Writer) error {
		return h.Imports.Template(ctx, f, out)
	}), nil
}

type exportInput struct {
	Format    string   `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"格式；csv 为每表一个文件的压缩包"`
	Resource  []string `query:"resource,explode" maxItems:"500" doc:"信息资源编号，可多次给出"`
	Q         string   `query:"q" maxLength:"800" doc:"检索词：导出检索结果"`
	Provider  string   `query:"provider" maxLength:"64" doc:"提供部门编号"`
	Attribute string   `query:"attribute" enum:"unconditional,conditional,withheld" doc:"共享属性"`
	Published bool     `query:"published" doc:"只导出已发布的；其他部门的目录须给出"`
}

func (h *handlers) exportCatalog(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	p := principal(ctx)
	f, kind, ext := tableFormat(in.Format)
	sel := sheet.Selection{Format: f, Resources: in.Resource, Filter: catalog.Filter{Provider: in.Provider, Attribute: catalog.Attribute(in.Attribute), Published: in.Published}}
	if len(sel.Resources) == 0 && in.Q != "" {
		var err error
		if sel.Resources, err = h.found(ctx, p, in); err != nil {
			return nil, err
		}
	} else if len(sel.Resources) == 0 { // refused before the answer begins
		if _, err := h.Catalog.List(ctx, p, catalog.Filter{Provider: in.Provider, Published: in.Published, Limit: 1}); err != nil {
			return nil, err
		}
	}
	return attachment("政务数据目录"+ext, kind, func(ctx context.Context, out io.Writer) error {
		return h.Imports.Export(ctx, p, sel, out)
	}), nil
}

// found gives the resources of a search, page by page.
func (h *handlers) found(ctx context.Context, p org.Principal, in *exportInput) ([]string, error) {
	q := search.Query{Text: in.Q, Limit: 100, Filters: search.Filters{Values: map[search.FacetName][]string{}}}
	if in.Provider != "" {
		q.Filters.Providers = []string{in.Provider}
	}
	if in.Attribute != "" {
		q.Filters.Values[search.ByAttribute] = []string{in.Attribute}
	}
	if in.Published {
		q.Filters.Values[search.ByState] = []string{"published"}
	}
	var out []string
	for {
		r, err := h.Search.Search(ctx, p, q)
		if err != nil {
			return nil, err
		}
		for _, hit := range r.Hits {
			out = append(out, hit.Document.Resource)
		}
		if r.Next == "" || len(out) > sheet.MaxExport {
			break
		}
		q.Cursor = r.Next
	}
	if len(out) == 0 {
		return nil, fault.New(fault.NotFound, "nothing_found", "没有检索到目录条目")
	}
	return out, nil
}
