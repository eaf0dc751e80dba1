package web

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/calllog"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
)

// CallLogs shows calls to both sides and compares their own logs with the
// ledger; *calllog.Service implements it.
type CallLogs interface {
	List(ctx context.Context, p org.Principal, q calllog.Query) (calllog.Page, error)
	Export(ctx context.Context, p org.Principal, q calllog.Query, each func(calllog.Call) error) error
	Digests(ctx context.Context, p org.Principal, operators, cases []string) (ofOperators, ofCases []string, err error)
	Upload(ctx context.Context, p org.Principal, scope calllog.Scope, f calllog.Format, body io.Reader, turned func()) (calllog.Reconciliation, error)
	Reconciliations(ctx context.Context, p org.Principal, limit int, after string) ([]calllog.Reconciliation, error)
	Reconciliation(ctx context.Context, p org.Principal, id string) (calllog.Reconciliation, error)
	Mismatches(ctx context.Context, p org.Principal, id string, each func(calllog.Mismatch) error) error
	ToCase(ctx context.Context, p org.Principal, id string, into calllog.Into) (casework.View, error)
}

const reconciliationsPath = "/api/v1/reconciliations"

func registerCallLogs(h *handlers, api huma.API) {
	const tag = "授权"
	register(api, http.MethodGet, "/api/v1/call-log", "listCallLog", tag, "查阅调用记录", h.callLog,
		note("side=consumer 为本部门系统的调用，side=provider 为对本部门数据的调用。最新的在前；内容取自存证日志。"))
	register(api, http.MethodGet, "/api/v1/call-log/export", "exportCallLog", tag, "导出调用记录", h.exportCallLog,
		note("CSV，最早的在前，条数不限。各列与上传对账的列同名。"))
	register(api, http.MethodPost, "/api/v1/call-log/digests", "callLogDigests", tag, "计算本部门操作人员和业务流水号的摘要", h.callLogDigests,
		note("存证只记摘要；以此在调用记录中找出某一操作人员或者某一业务的调用。只能计算本部门的。"))
	register(api, http.MethodPost, reconciliationsPath, "uploadReconciliation", tag, "上传本部门的调用记录并对账", h.uploadReconciliation, status(http.StatusAccepted),
		note("请求体为 text/csv（首行为列名）或 application/x-ndjson（每行一个对象），列：receipt（必填）、time、grant、response_sha256、rows；"+
			"不超过 500 万行、1 GiB。在后台比对，按编号查询结果。"))
	line := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	api.OpenAPI().Paths[reconciliationsPath].Post.RequestBody = &huma.RequestBody{Required: true,
		Content: map[string]*huma.MediaType{"text/csv": line, "application/x-ndjson": line}}
	register(api, http.MethodGet, reconciliationsPath, "listReconciliations", tag, "本部门的对账", h.reconciliations)
	register(api, http.MethodGet, reconciliationsPath+"/{id}", "getReconciliation", tag, "查询对账的进度和结果", h.reconciliation)
	register(api, http.MethodGet, reconciliationsPath+"/{id}/mismatches", "getMismatches", tag, "下载差异清单", h.mismatches,
		note("CSV，全部差异。"))
	register(api, http.MethodPost, reconciliationsPath+"/{id}/case", "reportReconciliation", tag, "就对账差异立案", h.reportReconciliation, status(http.StatusCreated),
		note("填写 clause 的，报告授权对方的违规情形；否则作为本部门的安全事件上报。每次对账只立案一次。"))
}

// CallSelection is how calls are selected.
type CallSelection struct {
	Side    string    `query:"side" required:"true" enum:"consumer,provider" doc:"consumer 本部门的调用，provider 对本部门数据的调用"`
	Grant   string    `query:"grant" format:"uuid" doc:"只列出此授权的"`
	From    time.Time `query:"from" doc:"不早于"`
	To      time.Time `query:"to" doc:"早于"`
	Outcome string    `query:"outcome" enum:"answered,refused" doc:"answered 已应答，refused 被拒绝或者失败"`
	Status  int       `query:"status" minimum:"100" maximum:"599" doc:"HTTP 状态码"`
}

func (q CallSelection) query() calllog.Query {
	return calllog.Query{Side: calllog.Side(q.Side), Grant: q.Grant, From: q.From, To: q.To, Outcome: calllog.Outcome(q.Outcome), Status: q.Status}
}

type callLogInput struct {
	CallSelection
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) callLog(ctx context.Context, in *callLogInput) (*reply[wire.CallRecordList], error) {
	q := in.query()
	var err error
	if q.After, err = parseMark(in.After); err != nil {
		return nil, err
	}
	q.Limit = in.Limit
	page, err := h.CallLogs.List(ctx, principal(ctx), q)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CallRecordList]{Body: wire.CallRecordList{Items: each(page.Calls, toCallRecord), Behind: page.Behind,
		Next: next(page.Calls, in.Limit, func(c calllog.Call) string { return mark(c) })}}, nil
}

// mark is a place in a log: microseconds and the index, which no two calls share.
func mark(c calllog.Call) string {
	return strconv.FormatInt(c.At.UnixMicro(), 36) + "." + strconv.FormatUint(c.Index, 36)
}

func parseMark(text string) (calllog.Mark, error) {
	if text == "" {
		return calllog.Mark{}, nil
	}
	a, b, _ := strings.Cut(text, ".")
	at, err1 := strconv.ParseInt(a, 36, 64)
	index, err2 := strconv.ParseUint(b, 36, 63)
	if err1 != nil || err2 != nil {
		var bad fault.Collector
		bad.Add("after", "format", "应为上一页的 next", "")
		return calllog.Mark{}, bad.Err("input_invalid", "请求内容不符合接口要求", "")
	}
	return calllog.Mark{At: time.UnixMicro(at).UTC(), Index: index}, nil
}

func toCallRecord(c calllog.Call) wire.CallRecord {
	return wire.CallRecord{Receipt: c.Receipt, Index: c.Index, Time: c.At.UTC(), Endpoint: c.Endpoint, Grant: c.Grant, Resource: c.Resource,
		Consumer: c.Consumer, Provider: c.Provider, System: c.System, Auth: c.Auth, Purpose: c.Purpose, Operator: c.Operator,
		CaseNumber: c.CaseNumber, Rows: c.Rows, Dropped: c.Dropped, Status: c.Status, Code: c.Code, Basis: c.Basis, SHA256: c.SHA256,
		Bytes: c.Bytes, DurationUS: c.Duration.Microseconds()}
}

var callColumns = []string{"receipt", "index", "time", "endpoint", "grant", "resource", "consumer", "provider", "system", "purpose",
	"operator", "case_number", "rows", "dropped", "status", "code", "basis", "response_sha256", "bytes", "duration_us"}

func (h *handlers) exportCallLog(_ context.Context, in *CallSelection) (*huma.StreamResponse, error) {
	return csvTable("call-log.csv", callColumns, func(ctx context.Context, row func(...string) error) error {
		return h.CallLogs.Export(ctx, principal(ctx), in.query(), func(c calllog.Call) error {
			return row(c.Receipt, strconv.FormatUint(c.Index, 10), c.At.UTC().Format(time.RFC3339Nano), c.Endpoint, c.Grant, c.Resource, c.Consumer,
				c.Provider, c.System, guarded(c.Purpose), c.Operator, c.CaseNumber, strconv.Itoa(c.Rows), strconv.Itoa(c.Dropped),
				strconv.Itoa(c.Status), c.Code, c.Basis, c.SHA256, strconv.Itoa(c.Bytes), strconv.FormatInt(c.Duration.Microseconds(), 10))
		})
	}), nil
}

// csvTable sends lines as CSV while they are made. Nothing leaves before the first
// line is made, so that a refusal is still a problem document.
func csvTable(name string, columns []string, make func(ctx context.Context, row func(...string) error) error) *huma.StreamResponse {
	return attachment(name, "text/csv; charset=utf-8", func(ctx context.Context, out io.Writer) error {
		buffered := bufio.NewWriterSize(out, 64<<10)
		lines := csv.NewWriter(buffered)
		if err := lines.Write(columns); err != nil {
			return err
		}
		if err := make(ctx, func(fields ...string) error { return lines.Write(fields) }); err != nil {
			return err
		}
		lines.Flush()
		return errors.Join(lines.Error(), buffered.Flush())
	})
}

// guarded keeps a spreadsheet from taking a text for a formula.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

type digestsInput struct{ Body wire.DigestQuestion }

func (h *handlers) callLogDigests(ctx context.Context, in *digestsInput) (*reply[wire.DigestAnswer], error) {
	operators, cases, err := h.CallLogs.Digests(ctx, principal(ctx), in.Body.Operators, in.Body.CaseNumbers)
	if err != nil {
		return nil, err
	}
	return &reply[wire.DigestAnswer]{Body: wire.DigestAnswer{Operators: strs(operators), CaseNumbers: strs(cases)}}, nil
}

// logUpload takes the log as it arrives.
type logUpload struct {
	Side      string    `query:"side" required:"true" enum:"consumer,provider" doc:"本部门是哪一方"`
	Grant     string    `query:"grant" format:"uuid" doc:"只比对此授权的"`
	Resource  string    `query:"resource" format:"uuid" doc:"只比对此目录条目的；提供部门须指定授权或者目录条目"`
	From      time.Time `query:"from" required:"true" doc:"时段开始"`
	To        time.Time `query:"to" required:"true" doc:"时段结束（不含）"`
	Refused   bool      `query:"refused" doc:"被拒绝的调用也应在本部门记录中"`
	Tolerance int       `query:"tolerance_seconds" minimum:"1" maximum:"86400" default:"300" doc:"容许的时间误差（秒）"`

	body   io.Reader
	format calllog.Format
	turned func()
}

// Resolve implements huma.Resolver.
func (in *logUpload) Resolve(ctx huma.Context) []error {
	in.body = ctx.BodyReader()
	switch kind, _, _ := mime.ParseMediaType(ctx.Header("Content-Type")); kind {
	case "text/csv":
		in.format = calllog.CSV
	case "application/x-ndjson", "application/jsonl":
		in.format = calllog.JSONL
	}
	// The connection lives by the machine's time. It is given more as long as
	// lines keep coming.
	connection := http.NewResponseController(unwrap(ctx))
	in.turned = func() {
		until := clock.System{}.Now().Add(dumpPatience)
		_ = connection.SetReadDeadline(until)
		_ = connection.SetWriteDeadline(until)
	}
	in.turned()
	return nil
}

func (h *handlers) uploadReconciliation(ctx context.Context, in *logUpload) (*reply[wire.Reconciliation], error) {
	r, err := h.CallLogs.Upload(ctx, principal(ctx), calllog.Scope{Side: calllog.Side(in.Side), Grant: in.Grant, Resource: in.Resource,
		From: in.From, To: in.To, Refused: in.Refused, Tolerance: time.Duration(in.Tolerance) * time.Second}, in.format, in.body, in.turned)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		err = fault.New(fault.TooLarge, "log_too_long", "一次最多上传 1 GiB，请分时段对账")
	}
	return reconciliationReply(r, err)
}

func reconciliationReply(r calllog.Reconciliation, err error) (*reply[wire.Reconciliation], error) {
	if err != nil {
		return nil, err
	}
	return &reply[wire.Reconciliation]{Body: toReconciliation(r)}, nil
}

func toReconciliation(r calllog.Reconciliation) wire.Reconciliation {
	state := "comparing"
	if r.FinishedAt != nil {
		state = "done"
	}
	counts := map[string]int{}
	for _, k := range calllog.Kinds {
		counts[string(k)] = r.Counts[k]
	}
	return wire.Reconciliation{ID: r.ID, Side: string(r.Side), Grant: r.Grant, Resource: r.Resource, From: r.From.UTC(), To: r.To.UTC(),
		Refused: r.Refused, Tolerance: int(r.Tolerance / time.Second), State: state, Lines: r.Lines, SHA256: r.SHA256, Matched: r.Matched,
		Counts: counts, CreatedBy: r.CreatedBy, CreatedAt: r.CreatedAt.UTC(), FinishedAt: utcp(r.FinishedAt), Case: r.Case, CaseProcedure: r.CaseProcedure}
}

type reconciliationsInput struct {
	After string `query:"after" maxLength:"64" doc:"上一页的 next"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"最多返回多少条"`
}

func (h *handlers) reconciliations(ctx context.Context, in *reconciliationsInput) (*reply[wire.ReconciliationList], error) {
	list, err := h.CallLogs.Reconciliations(ctx, principal(ctx), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	return &reply[wire.ReconciliationList]{Body: wire.ReconciliationList{Items: each(list, toReconciliation),
		Next: next(list, in.Limit, func(r calllog.Reconciliation) string { return r.ID })}}, nil
}

func (h *handlers) reconciliation(ctx context.Context, in *ByID) (*reply[wire.Reconciliation], error) {
	return reconciliationReply(h.CallLogs.Reconciliation(ctx, principal(ctx), in.ID))
}

func (h *handlers) mismatches(_ context.Context, in *ByID) (*huma.StreamResponse, error) {
	columns := []string{"seq", "kind", "receipt", "line", "time", "grant", "ours", "theirs"}
	return csvTable("mismatches.csv", columns, func(ctx context.Context, row func(...string) error) error {
		return h.CallLogs.Mismatches(ctx, principal(ctx), in.ID, func(m calllog.Mismatch) error {
			line, at := "", ""
			if m.Line > 0 {
				line = strconv.Itoa(m.Line)
			}
			if !m.At.IsZero() {
				at = m.At.UTC().Format(time.RFC3339Nano)
			}
			return row(strconv.Itoa(m.Seq), string(m.Kind), m.Receipt, line, at, m.Grant, m.Ours, m.Theirs)
		})
	}), nil
}

type reportInput struct {
	ByID
	Body wire.ReconciliationReport
}

func (h *handlers) reportReconciliation(ctx context.Context, in *reportInput) (*reply[wire.CaseView], error) {
	return caseReply(h.CallLogs.ToCase(ctx, principal(ctx), in.ID,
		calllog.Into{Clause: in.Body.Clause, Description: in.Body.Description, Gravity: in.Body.Gravity}))
}
