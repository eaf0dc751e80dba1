package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// client speaks the node's API as one actor.
type client struct {
	base  string
	token string
	http  *http.Client
}

// problem is a refusal as the API writes it.
type problem struct {
	Status int    `json:"status"`
	Code   string `json:"code"`
	Detail string `json:"detail"`
	Basis  string `json:"basis"`
	Errors []struct {
		Field   string `json:"field"`
		Code    string `json:"code"`
		Message string `json:"message"`
		Basis   string `json:"basis"`
	} `json:"errors"`
	doc map[string]any
}

// Document is the whole refusal as it came.
func (p *problem) Document() map[string]any { return p.doc }

// Error implements error.
func (p *problem) Error() string {
	parts := []string{fmt.Sprintf("%d %s: %s", p.Status, p.Code, p.Detail)}
	if p.Basis != "" {
		parts = append(parts, "["+p.Basis+"]")
	}
	for _, e := range p.Errors {
		parts = append(parts, e.Field+": "+e.Message)
	}
	return strings.Join(parts, " ")
}

// call sends JSON and reads JSON into out, which may be nil. headers come in
// pairs.
func (c *client) call(ctx context.Context, method, path string, in, out any, headers ...string) (http.Header, error) {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, body)
	if err != nil {
		return nil, err
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return c.send(req, out)
}

func (c *client) send(req *http.Request, out any) (http.Header, error) {
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		p := &problem{Status: resp.StatusCode}
		if json.Unmarshal(raw, p) != nil {
			p.Detail = string(raw)
		}
		_ = json.Unmarshal(raw, &p.doc)
		return resp.Header, p
	}
	if out == nil {
		return resp.Header, nil
	}
	if b, ok := out.(*[]byte); ok {
		*b = raw
		return resp.Header, nil
	}
	if err := json.Unmarshal(raw, out); err != nil {
		return resp.Header, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	return resp.Header, nil
}

func signIn(ctx context.Context, base, username, password string) (*client, error) {
	c := &client{base: base, http: &http.Client{Timeout: time.Minute}}
	var session struct {
		Token string `json:"token"`
	}
	if _, err := c.call(ctx, http.MethodPost, "/api/v1/session", map[string]any{"username": username, "password": password}, &session); err != nil {
		return nil, fmt.Errorf("sign in as %s: %w", username, err)
	}
	c.token = session.Token
	return c, nil
}
