package gateway

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Headers that name what a call is for and who stands behind it. Values may
// be percent-encoded UTF-8.
const (
	HeaderPurpose  = "Shuqiao-Purpose"  // the grant's purpose
	HeaderOperator = "Shuqiao-Operator" // account of the operator in the consumer's system
	HeaderCase     = "Shuqiao-Case"     // number of the matter being handled; optional
)

// checkPurpose asks for the granted purpose (CN-25.1) and for an operator
// (CN-29.2). The operator is opaque to the platform and kept as a digest.
func (g *Gateway) checkPurpose(c *call) error {
	var bad fault.Collector
	purpose := headerText(&bad, c.req.header, HeaderPurpose, "使用目的", "CN-25.1", true)
	operator := headerText(&bad, c.req.header, HeaderOperator, "操作人员标识", "CN-29.2", true)
	number := headerText(&bad, c.req.header, HeaderCase, "业务流水号", "CN-29.2", false)
	if operator != "" {
		c.facts.Operator = g.digests.operator(c.facts.Consumer, operator)
	}
	if number != "" {
		c.facts.CaseNumber = g.digests.of("case "+c.facts.Consumer, number)
	}
	if c.grant.Permits(purpose) {
		c.facts.Purpose = purpose
	} else if purpose != "" {
		c.facts.PurposeDigest = g.digests.of("purpose", purpose)
	}
	if err := bad.Err("call_unexplained", "调用须写明使用目的和操作人员。", ""); err != nil {
		return err
	}
	if !c.grant.Permits(purpose) {
		return &fault.Fault{
			Kind: fault.Forbidden, Code: "purpose_not_granted", Basis: "CN-25.1",
			Message: "使用目的与授权不符；变更目的须先经提供部门同意。",
			Fields: []fault.Field{{
				Path: HeaderPurpose, Code: "not_granted", Message: "应为授权列明的使用目的", Basis: "CN-25.1",
			}},
		}
	}
	return nil
}

// headerText reads one header; what is wrong with it goes to bad.
func headerText(bad *fault.Collector, h header, key, name, basis string, required bool) string {
	values := h.Values(key)
	switch {
	case len(values) > 1:
		bad.Add(key, "duplicate", name+"只能出现一次", basis)
		return ""
	case len(values) == 0 || strings.TrimSpace(values[0]) == "":
		if required {
			bad.Add(key, "required", name+"为必填项", basis)
		}
		return ""
	}
	text, err := url.PathUnescape(values[0])
	switch {
	case err != nil || !clean(text) || strings.TrimSpace(text) == "":
		bad.Add(key, "format", name+"应为可打印的文字（可用百分号编码的 UTF-8）", basis)
	case utf8.RuneCountInString(text) > maxHeaderRunes:
		bad.Add(key, "too_long", name+"不得超过 128 个字符", basis)
	default:
		return text
	}
	return ""
}

// clean tells whether s is valid UTF-8 without control characters and without
// the character that decoders put in the place of broken input.
func clean(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if r == utf8.RuneError || unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return false
		}
	}
	return true
}
