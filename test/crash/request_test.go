package crash

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// request is one request to a node.
type request struct {
	method, path, token string
	body                any // url.Values make a form, anything else JSON
	headers             map[string]string
}

// answer is what arrived. With an error and a status, only the beginning did.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// send asks the node.
func (p *process) send(r request) answer {
	var in io.Reader
	contentType := "application/json"
	switch b := r.body.(type) {
	case nil:
	case url.Values:
		in, contentType = strings.NewReader(b.Encode()), "application/x-www-form-urlencoded"
	default:
		raw, err := json.Marshal(b)
		if err != nil {
			return answer{err: err}
		}
		in = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(r.method, p.base+r.path, in)
	if err != nil {
		return answer{err: err}
	}
	if in != nil {
		req.Header.Set("Content-Type", contentType)
	}
	if r.token != "" {
		req.Header.Set("Authorization", "Bearer "+r.token)
	}
	for k, v := range r.headers {
		req.Header.Set(k, v)
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return answer{err: err}
	}
	p.answered(r.path)
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, header: resp.Header}
	a.body, a.err = io.ReadAll(resp.Body)
	return a
}

// tokenRequest exchanges a client assertion for an access token.
func tokenRequest(assertion string) request {
	return request{method: http.MethodPost, path: "/share/token", body: url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
	}}
}

// accessToken is the token in an answer, if it is one.
func (a answer) accessToken() string {
	var t struct {
		Token string `json:"access_token"`
	}
	if a.err != nil || a.status != http.StatusOK || json.Unmarshal(a.body, &t) != nil {
		return ""
	}
	return t.Token
}

// code is the problem's code, if the answer is one.
func (a answer) code() string {
	var p struct{ Code string }
	_ = json.Unmarshal(a.body, &p) // no problem: no code
	return p.Code
}

// caseView is what the test reads of a case.
type caseView struct {
	ID      string
	Version int
	Acts    []actView
}

type actView struct {
	ID, Action, From, To string
	Version              int
	Fields, Results      map[string]any
}

// grant is the grant that the case led to.
func (v caseView) grant() string {
	for _, a := range v.Acts {
		if g, ok := a.Results["grant"].(string); ok {
			return g
		}
	}
	return ""
}
