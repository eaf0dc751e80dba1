package problem

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// ContentType is the media type of a problem document.
const ContentType = "application/problem+json; charset=utf-8"

// CodeInternal is the code of everything that is not a fault.
const CodeInternal = "internal_error"

// Problem is the document. Type is "urn:shuqiao:problem:" and the code, so
// that a program can switch on either.
type Problem struct {
	Type     string         `json:"type"`
	Title    string         `json:"title"`
	Status   int            `json:"status"`
	Detail   string         `json:"detail"`
	Code     string         `json:"code"`
	Basis    string         `json:"basis,omitempty"`
	Errors   []fault.Field  `json:"errors,omitempty"`
	Facts    map[string]any `json:"facts,omitempty"`
	Incident string         `json:"incident,omitempty"`
	// Extra holds further top-level members, such as "receipt". A name of the
	// members above is ignored.
	Extra map[string]any `json:"-"`
}

// rendering is one row of the table.
type rendering struct {
	status int
	title  string
}

// table is the only place where a kind of fault meets an HTTP status.
var table = map[fault.Kind]rendering{
	fault.Invalid:         {http.StatusBadRequest, "请求内容有误"},
	fault.Unauthenticated: {http.StatusUnauthorized, "未通过身份认证"},
	fault.Forbidden:       {http.StatusForbidden, "不允许此操作"},
	fault.NotFound:        {http.StatusNotFound, "未找到"},
	fault.Conflict:        {http.StatusConflict, "与现有内容冲突"},
	fault.Illegal:         {http.StatusConflict, "当前环节不允许此操作"},
	fault.TooLarge:        {http.StatusRequestEntityTooLarge, "内容超过上限"},
	fault.RateLimited:     {http.StatusTooManyRequests, "调用过于频繁或额度已用完"},
	fault.Unavailable:     {http.StatusServiceUnavailable, "服务暂不可用"},
	fault.Upstream:        {http.StatusBadGateway, "提供部门的系统应答异常"},
}

// Status gives the HTTP status of a kind; 500 for one that is not in the table.
func Status(k fault.Kind) int {
	if r, ok := table[k]; ok {
		return r.status
	}
	return http.StatusInternalServerError
}

// From describes an error. A fault tells its own story; a caller that went
// away is 503; anything else is opaque and gets an incident ID, under which
// the caller of From must log the cause (Write does).
func From(err error) Problem {
	f, ok := fault.As(err)
	if !ok && (errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)) {
		f, ok = fault.New(fault.Unavailable, "timed_out", "处理超时或请求已取消，请稍后重试。"), true
	}
	if !ok {
		return Problem{
			Type: urn(CodeInternal), Title: "系统内部错误", Status: http.StatusInternalServerError,
			Detail: "系统内部错误，请向平台运维人员提供事件编号。", Code: CodeInternal, Incident: ident.New(),
		}
	}
	r, known := table[f.Kind]
	if !known {
		r = rendering{http.StatusInternalServerError, "系统内部错误"}
	}
	return Problem{
		Type: urn(f.Code), Title: r.title, Status: r.status, Detail: f.Message,
		Code: f.Code, Basis: f.Basis, Errors: f.Fields, Facts: f.Facts,
	}
}

func urn(code string) string { return "urn:shuqiao:problem:" + code }

// MarshalJSON writes the members and the extra ones on one level.
func (p Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	body, err := json.Marshal(plain(p))
	if err != nil || len(p.Extra) == 0 {
		return body, err
	}
	members := map[string]json.RawMessage{}
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, err
	}
	for name, v := range p.Extra {
		if reserved[name] {
			continue
		}
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		members[name] = raw
	}
	return json.Marshal(members)
}

var reserved = map[string]bool{
	"type": true, "title": true, "status": true, "detail": true, "code": true,
	"basis": true, "errors": true, "facts": true, "incident": true,
}

// Write answers the request with the problem that err describes. extra adds
// top-level members; it may be nil.
func Write(w http.ResponseWriter, r *http.Request, err error, extra map[string]any) {
	p := From(err)
	p.Extra = extra
	Log(r.Context(), p, err)
	Send(w, p)
}

type loggerKey struct{}

// WithLogger says where Log writes what happens to a request; without it, to
// slog.Default.
func WithLogger(ctx context.Context, log *slog.Logger) context.Context {
	return context.WithValue(ctx, loggerKey{}, log)
}

// Log keeps the cause of what the document does not tell: of an incident, of a
// part that is not available. The address is left out, since it may
// hold what a log must not.
func Log(ctx context.Context, p Problem, err error) {
	log, ok := ctx.Value(loggerKey{}).(*slog.Logger)
	if !ok {
		log = slog.Default()
	}
	switch {
	case p.Incident != "":
		log.ErrorContext(ctx, "internal error", "incident", p.Incident, "error", err)
	case p.Status >= 500:
		log.WarnContext(ctx, "answered with a fault", "code", p.Code, "status", p.Status, "error", err)
	}
}

// Encode gives the bytes of the document, ended by a line feed.
func (p Problem) Encode() []byte {
	body, err := json.Marshal(p)
	if err != nil { // facts that JSON cannot hold: the story without them
		p.Facts, p.Extra = nil, nil
		body, _ = json.Marshal(p)
	}
	return append(body, '\n')
}

// Send writes the document and nothing else.
func Send(w http.ResponseWriter, p Problem) { SendBytes(w, p.Status, p.Encode()) }

// SendBytes writes a document that was encoded before, for those who must know
// its bytes before they leave.
func SendBytes(w http.ResponseWriter, status int, body []byte) {
	h := w.Header()
	h.Set("Content-Type", ContentType)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	switch status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		if h.Get("Retry-After") == "" {
			h.Set("Retry-After", "1")
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller may be gone; nothing is left to tell it
}
