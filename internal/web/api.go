package web

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// maxBody is the largest request body in bytes. What is larger is refused
// without being read to its end.
const maxBody = 2 << 20

// bodyTimeout bounds how long a body may take to arrive.
const bodyTimeout = 30 * time.Second

// handlers holds what the operations call. With zero Deps it can register
// its operations, which is all that the OpenAPI document needs.
type handlers struct {
	Deps
	signIns *limiter
	// Of those without an account: writing, and looking.
	lodgings, followings *limiter
	harvests             *limiter // of the public catalog
	tiles                *limiter // of the ledger's tiles, and of what is submitted to the witness
}

// reply is the answer of an operation: one JSON body.
type reply[T any] struct{ Body T }

// The security schemes: the console's cookie, or the same token as a bearer.
var signedIn = []map[string][]string{{"cookie": {}}, {"bearer": {}}}

const (
	sessionCookie = "shuqiao_session"
)

// newAPI registers every operation on the mux.
func newAPI(mux *http.ServeMux, h *handlers) huma.API {
	configureHuma()
	cfg := huma.DefaultConfig("数桥 Shuqiao", documentVersion)
	cfg.CreateHooks = nil // no $schema members and links: they would be unknown members to strict readers
	cfg.DocsPath, cfg.SchemasPath, cfg.OpenAPIPath = "", "", ""
	cfg.Formats = map[string]huma.Format{"application/json": strictJSON, "json": strictJSON}
	cfg.RejectUnknownQueryParameters = true
	cfg.Info.Description = description
	cfg.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	cfg.Tags = tags
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"cookie": {Type: "apiKey", In: "cookie", Name: sessionCookie, Description: "浏览器会话"},
		"bearer": {Type: "http", Scheme: "bearer", Description: "登录应答中的 token"},
	}
	cfg.Components.Responses = sharedRefusals(cfg.Components.Schemas)
	api := humago.New(mux, cfg)
	api.UseMiddleware(h.authenticate)
	for _, register := range []func(*handlers, huma.API){
		registerSession, registerAccount, registerStarts, registerWork, registerClocks, registerSubscriptions, registerOrg, registerPeople, registerSystems,
		registerCatalog, registerCatalogScheme, registerCatalogAdvice, registerSearch, registerDuties, registerCases, registerBulk, registerGrants, registerGrantLife, registerUsage, registerCallLogs, registerQuality, registerQualityScores, registerSources, registerCollection, registerReverse, registerImports, registerDemands, registerCart, registerLedger, registerLookups, registerLaw, registerCalendar, registerNode, registerSupervision, registerMonitor, registerProtection, registerPublic,
	} {
		register(h, api)
	}
	return api
}

const description = `政务数据共享平台的接口。

- 时刻为 UTC 的 RFC 3339；期限的最后一日为 YYYY-MM-DD（北京时间）。
- 未知的成员和查询参数一律拒绝。
- 出错时返回 RFC 9457 问题文档（application/problem+json）：code 为稳定的英文代码，
  detail 为中文说明，basis 为依据条款，errors 一次列出全部有误的字段。`

var tags = []*huma.Tag{
	{Name: "会话", Description: "登录、退出与本人信息"},
	{Name: "工作台", Description: "待办与通知"},
	{Name: "组织", Description: "区划、部门、共享工作机构、人员与主管部门"},
	{Name: "系统", Description: "信息系统、凭证与等保备案"},
	{Name: "目录", Description: "政务数据目录"},
	{Name: "案件", Description: "各法定流程的案件：立案、办理、查询"},
	{Name: "授权", Description: "共享授权"},
	{Name: "监督", Description: "违规记录、通报、监督总览与考核评价"},
	{Name: "监测", Description: "风险监测信号、限速、暂停和紧急停止"},
	{Name: "公众", Description: "公众投诉举报，无需登录"},
	{Name: "存证", Description: "公开的透明日志：检查点、存证与证明，无需登录"},
	{Name: "法规", Description: "平台执行的流程、期限与条款"},
	{Name: "节点", Description: "节点的健康状况与版本"},
}

// opt changes an operation.
type opt func(*huma.Operation)

// public marks an operation that needs no session.
func public(o *huma.Operation) { o.Security = []map[string][]string{} }

// status sets the success status.
func status(code int) opt { return func(o *huma.Operation) { o.DefaultStatus = code } }

// note adds a longer description.
func note(text string) opt { return func(o *huma.Operation) { o.Description = text } }

// register adds an operation. The statuses it may be refused with follow from
// its form, so that no operation forgets one.
func register[I, O any](api huma.API, method, path, id, tag, summary string, handle func(context.Context, *I) (*O, error), opts ...opt) {
	o := huma.Operation{
		OperationID: id, Method: method, Path: path, Summary: summary, Tags: []string{tag},
		Security: signedIn, MaxBodyBytes: maxBody + 1, BodyReadTimeout: bodyTimeout,
		Responses: map[string]*huma.Response{},
	}
	for _, set := range opts {
		set(&o)
	}
	for _, code := range refusals(&o) {
		o.Responses[strconv.Itoa(code)] = &huma.Response{Ref: "#/components/responses/" + refusalTexts[code].name}
	}
	huma.Register(api, o, handle)
}

// refusals lists the statuses that an operation may be refused with.
func refusals(o *huma.Operation) []int {
	codes := []int{http.StatusBadRequest, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if len(o.Security) > 0 {
		codes = append(codes, http.StatusUnauthorized, http.StatusForbidden)
	}
	if strings.Contains(o.Path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if o.Method != http.MethodGet {
		codes = append(codes, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
			http.StatusRequestEntityTooLarge)
	}
	if o.OperationID == "signIn" {
		codes = append(codes, http.StatusUnauthorized, http.StatusTooManyRequests)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// refusalTexts names and describes the refusals that operations share.
var refusalTexts = map[int]struct{ name, text string }{
	http.StatusBadRequest:            {"Invalid", "请求内容有误：errors 一次列出全部有误的字段"},
	http.StatusUnauthorized:          {"Unauthenticated", "未登录，或登录已失效"},
	http.StatusForbidden:             {"Forbidden", "无权进行此操作"},
	http.StatusNotFound:              {"NotFound", "没有找到，或无权知悉"},
	http.StatusConflict:              {"Conflict", "他人已先改动，或流程此时不允许这一步"},
	http.StatusRequestEntityTooLarge: {"TooLarge", "请求体超过 2 MiB"},
	http.StatusTooManyRequests:       {"RateLimited", "尝试过于频繁"},
	http.StatusInternalServerError:   {"Internal", "系统内部错误：请向运维人员提供事件编号"},
	http.StatusServiceUnavailable:    {"Unavailable", "暂时不可用，请稍后再试"},
}

// sharedRefusals makes the components that the operations refer to.
func sharedRefusals(r huma.Registry) map[string]*huma.Response {
	out := map[string]*huma.Response{}
	for _, refusal := range refusalTexts {
		out[refusal.name] = &huma.Response{
			Description: refusal.text,
			Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: r.Schema(reflect.TypeFor[wire.Problem](), true, "")},
			},
		}
	}
	return out
}
