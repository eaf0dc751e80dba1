package gateway

import (
	"encoding/json"
	"strings"

	"github.com/shuqiao/shuqiao/internal/fault"
)

const (
	grantTypeClient = "client_credentials"
	assertionJWT    = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
)

// issueToken answers POST /share/token (RFC 6749 4.4 with RFC 7523 2.2): a
// client assertion, used once, against an access token of ten minutes.
func (g *Gateway) issueToken(c *call) ([]byte, error) {
	body, err := readBody(c, "application/x-www-form-urlencoded", maxTokenBody)
	if err != nil {
		return nil, err
	}
	assertion, client, err := parseTokenForm(string(body))
	if err != nil {
		return nil, err
	}
	if err := g.checkAssertion(c, assertion); err != nil {
		return nil, err
	}
	if client != "" && client != c.sys.ID {
		return nil, unauthenticated("assertion_claims", "client_id 与断言中的系统不一致。")
	}
	if err := g.checkCutCaller(c); err != nil {
		return nil, err
	}
	if err := g.checkSystem(c); err != nil {
		return nil, err
	}
	token, err := g.tokens.issue(c.sys.ID, c.facts.Credential, c.at)
	if err != nil {
		return nil, err
	}
	answer, err := json.Marshal(struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"` // seconds
	}{token, "Bearer", int(tokenLife.Seconds())})
	return append(answer, '\n'), err
}

// parseTokenForm reads the form; an unknown or repeated field is a fault.
func parseTokenForm(body string) (assertion, client string, err error) {
	var bad fault.Collector
	form := map[string]string{}
	for pair := range strings.SplitSeq(body, "&") {
		name, value, ok := parsePair(pair)
		_, again := form[name]
		switch {
		case !ok:
			bad.Add(short(name), "format", "参数写法有误", "")
		case again:
			bad.Add(short(name), "duplicate", "参数重复", "")
		case name != "grant_type" && name != "client_assertion_type" && name != "client_assertion" && name != "client_id":
			bad.Add(short(name), "unknown_parameter", "不认识的参数", "")
		default:
			form[name] = value
		}
	}
	bad.Require("client_assertion", "客户端断言", form["client_assertion"], "")
	if got := form["client_assertion_type"]; got != assertionJWT {
		bad.Add("client_assertion_type", "not_in_list", "应为 "+assertionJWT, "")
	}
	if got := form["grant_type"]; got != grantTypeClient && bad.Empty() {
		bad.Add("grant_type", "not_in_list", "应为 "+grantTypeClient, "")
		return "", "", bad.Err("grant_type_refused", "不支持的授权类型。", "CN-35")
	}
	return form["client_assertion"], form["client_id"], bad.Err("request_invalid", "请求内容有误。", "CN-35")
}
