package gateway

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// endpoint is one of the four addresses.
type endpoint string

const (
	endpointToken  endpoint = "token"
	endpointRows   endpoint = "rows"
	endpointVerify endpoint = "verify"
)

// target is what a request target says.
type target struct {
	endpoint endpoint
	grant    string
	query    string // raw, behind the "?"
}

// checkPath reads the request target as it came over the wire, before
// anything has cleaned or decoded it. Grants are UUIDs and the other segments
// fixed words, so an honest address needs no escape: whatever carries one, or
// a dot segment, an empty segment or a backslash, is refused and not
// interpreted (CN-35).
func checkPath(method, raw string) (target, error) {
	p, query, asked := strings.Cut(raw, "?")
	switch {
	case len(p) > maxPath, len(query) > maxQuery:
		return target{}, pathRefused("请求地址过长。")
	case !plainPath(p):
		return target{}, pathRefused("请求地址含有不允许的字符或路径片段（如 ..、//、反斜杠、百分号编码）。")
	}
	t := target{query: query}
	seg := strings.Split(p[1:], "/")
	switch {
	case len(seg) == 2 && seg[0] == "share" && seg[1] == "token" && method == http.MethodPost:
		t.endpoint = endpointToken
	case len(seg) == 4 && seg[0] == "share" && seg[1] == "v1" && ident.Valid(seg[2]):
		t.grant = seg[2]
		switch {
		case seg[3] == "rows" && (method == http.MethodGet || method == http.MethodPost):
			t.endpoint = endpointRows
		case seg[3] == "verify" && method == http.MethodPost:
			t.endpoint = endpointVerify
		}
	}
	if t.endpoint == "" {
		return t, fault.New(fault.NotFound, "no_such_endpoint", "没有这个接口，或接口不支持该请求方法。")
	}
	if asked && (t.endpoint != endpointRows || method != http.MethodGet) {
		c := fault.Collector{}
		c.Add("query", "not_allowed", "该接口的地址中不得带查询参数", "CN-35")
		return t, c.Err("request_invalid", "请求参数有误。", "CN-35")
	}
	return t, nil
}

// plainPath tells whether p is "/"-separated non-empty segments of letters,
// digits, "-" and "_".
func plainPath(p string) bool {
	if len(p) < 2 || p[0] != '/' || p[len(p)-1] == '/' {
		return false
	}
	for i := range len(p) {
		switch c := p[i]; {
		case c == '/':
			if i > 0 && p[i-1] == '/' {
				return false
			}
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		default:
			return false
		}
	}
	return true
}

func pathRefused(message string) error {
	return fault.New(fault.Invalid, "path_refused", message).Under("CN-35")
}

// Owns tells whether a raw request target is the gateway's to answer: it lies
// under /share, or would after any decoding and cleaning that some server on
// the way might do. Such a target must reach the gateway as it is and no
// ServeMux, so that a disguised path is refused and recorded, not redirected.
func Owns(requestTarget string) bool {
	p, _, _ := strings.Cut(requestTarget, "?")
	if _, rest, absolute := strings.Cut(p, "://"); absolute && !strings.HasPrefix(p, "/") {
		_, p, _ = strings.Cut(rest, "/")
		p = "/" + p
	}
	for range 3 { // twice encoded, and once more for luck
		if under(p) {
			return true
		}
		decoded, err := url.PathUnescape(p)
		if err != nil || decoded == p {
			break
		}
		p = decoded
	}
	return under(p)
}

func under(p string) bool {
	p = strings.ToLower(strings.ReplaceAll(p, `\`, "/"))
	if share(p) {
		return true // "/share/../x" too: it names the gateway
	}
	return share(path.Clean("/" + p))
}

func share(p string) bool { return p == "/share" || strings.HasPrefix(p, "/share/") }
