package web

import (
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// phrase turns one kind of the framework's messages into a stable code and a
// Chinese message; $1 is what the pattern caught.
type phrase struct {
	pattern *regexp.Regexp
	code    string
	text    string
}

// phrases covers the messages of the framework's validation (its package
// validation and the few written in place). A test walks all of them.
var phrases = []phrase{
	{regexp.MustCompile(`^expected required property (.+) to be present$`), "required", "缺少必填项 $1"},
	{regexp.MustCompile(`^expected property (.+) to be present when (.+) is present$`), "required", "填写 $2 时必须填写 $1"},
	{regexp.MustCompile(`^required .+ parameter is missing$`), "required", "缺少必填参数"},
	{regexp.MustCompile(`^unexpected property$`), "unknown_member", "接口没有此项"},
	{regexp.MustCompile(`^unknown query parameter$`), "unknown_parameter", "接口没有此查询参数"},
	{regexp.MustCompile(`^expected value to be one of "(.*)"$`), "not_in_list", "应为以下之一：$1"},
	{regexp.MustCompile(`^expected length >= (\d+)$`), "too_short", "不得少于 $1 个字符"},
	{regexp.MustCompile(`^expected length <= (\d+)$`), "too_long", "不得超过 $1 个字符"},
	{regexp.MustCompile(`^expected array length >= (\d+)$`), "too_few", "不得少于 $1 项"},
	{regexp.MustCompile(`^expected array length <= (\d+)$`), "too_many", "不得超过 $1 项"},
	{regexp.MustCompile(`^expected object with at least (\d+) properties$`), "too_few", "不得少于 $1 项"},
	{regexp.MustCompile(`^expected object with at most (\d+) properties$`), "too_many", "不得超过 $1 项"},
	{regexp.MustCompile(`^expected array items to be unique$`), "duplicate", "各项不得重复"},
	{regexp.MustCompile(`^expected number >= (.+)$`), "too_small", "不得小于 $1"},
	{regexp.MustCompile(`^expected number > (.+)$`), "too_small", "应大于 $1"},
	{regexp.MustCompile(`^expected number <= (.+)$`), "too_large", "不得大于 $1"},
	{regexp.MustCompile(`^expected number < (.+)$`), "too_large", "应小于 $1"},
	{regexp.MustCompile(`^expected number to be a multiple of (.+)$`), "multiple", "应为 $1 的倍数"},
	{regexp.MustCompile(`^expected string to match pattern (.+)$`), "pattern", "格式应符合 $1"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date-time`), "format", "应为 RFC 3339 时间，如 2025-08-01T08:00:00Z"},
	{regexp.MustCompile(`^expected string to be RFC 3339 date`), "format", "应为日期，如 2025-08-01"},
	{regexp.MustCompile(`^expected string to be RFC 4122 uuid`), "format", "应为 UUID"},
	{regexp.MustCompile(`^expected string to be RFC 3986 uri`), "format", "应为网址"},
	{regexp.MustCompile(`^expected (?:string to be|duration)`), "format", "格式不对"},
	{regexp.MustCompile(`^expected boolean|^invalid boolean`), "type", "应为布尔值 true 或 false"},
	{regexp.MustCompile(`^expected integer|^invalid integer`), "type", "应为整数"},
	{regexp.MustCompile(`^expected number$|^invalid (?:number|float)`), "type", "应为数字"},
	{regexp.MustCompile(`^expected string$`), "type", "应为字符串"},
	{regexp.MustCompile(`^expected array$`), "type", "应为数组"},
	{regexp.MustCompile(`^expected object$`), "type", "应为对象"},
	{regexp.MustCompile(`^expected propertyName`), "required", "缺少区分类型的一项"},
	{regexp.MustCompile(`^expected value to`), "invalid", "内容不符合要求"},
	{regexp.MustCompile(`^expected at most one value`), "duplicate", "只能给出一个值"},
	{regexp.MustCompile(`^(?:invalid character|unexpected end of JSON|unexpected EOF|exceeded max depth)`), "malformed", "不是正确的 JSON"},
	{regexp.MustCompile(`^duplicate member`), "duplicate", "JSON 中同一成员出现了两次"},
}

// addDetail records one of the framework's details. The value is dropped: it
// may hold what an answer must not repeat.
func addDetail(c *fault.Collector, d *huma.ErrorDetail) {
	path := fieldPath(d.Location)
	for _, p := range phrases {
		m := p.pattern.FindStringSubmatchIndex(d.Message)
		if m == nil {
			continue
		}
		if strings.HasPrefix(d.Message, "expected required property ") {
			// The framework names the object; people look for the member.
			path = join(path, d.Message[m[2]:m[3]])
		}
		text := string(p.pattern.ExpandString(nil, strings.ReplaceAll(p.text, "$1", "${1}"), d.Message, m))
		c.Add(orBody(path), p.code, text, "")
		return
	}
	c.Add(orBody(path), "invalid", "内容不符合要求", "")
}

// fieldPath gives the path as the caller wrote it: "body.fields.items[0]"
// becomes "fields.items[0]", "query.limit" becomes "limit".
func fieldPath(location string) string {
	for _, where := range []string{"body", "query", "path", "header", "cookie"} {
		if location == where {
			return ""
		}
		if rest, ok := strings.CutPrefix(location, where+"."); ok {
			return rest
		}
	}
	return location
}

func join(path, member string) string {
	if path == "" {
		return member
	}
	return path + "." + member
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}
