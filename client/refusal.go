package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Refusal is a call that the node did not answer with data (RFC 9457).
type Refusal struct {
	Status   int
	Code     string  // stable: "scope_exceeded", "purpose_not_granted", …
	Basis    string  // the clause that it rests on: "CN-25.1"
	Detail   string  // for people, in Chinese
	Fields   []Field // every faulty field at once
	Receipt  string  // the refusal's own entry in the ledger
	Incident string  // of a fault inside the node, for its operators
	// RetryAfter is how long the node asks to wait; zero: it does not say.
	RetryAfter time.Duration
}

// Field is what is wrong with one member of a request.
type Field struct {
	Field   string `json:"field"`
	Code    string `json:"code"`
	Message string `json:"message"`
	Basis   string `json:"basis"`
}

// Error tells code, clause and detail.
func (r *Refusal) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%d): %s", r.Code, r.Status, r.Detail)
	if r.Basis != "" {
		b.WriteString(" [" + r.Basis + "]")
	}
	for _, f := range r.Fields {
		b.WriteString("; " + f.Field + ": " + f.Message)
	}
	return b.String()
}

// Temporary tells whether the same call may be answered later without anything
// being changed. A day's quota that is used up is not temporary in this sense.
func (r *Refusal) Temporary() bool {
	return r.RetryAfter > 0 && r.Code != "daily_calls_exceeded" &&
		(r.Status == http.StatusTooManyRequests || r.Status == http.StatusServiceUnavailable)
}

// IsRefusal tells whether err is a refusal with a code.
func IsRefusal(err error, code string) bool {
	var r *Refusal
	return errors.As(err, &r) && r.Code == code
}

// maxAnswer bounds what is read of an answer.
const maxAnswer = 64 << 20

// answer is a whole answer.
type answer struct {
	status  int
	body    []byte
	receipt string
	index   string
}

// send sends a request once.
func (c *Client) send(req *http.Request) (answer, error) {
	resp, err := c.HTTP.Do(req)
	if err != nil {
		return answer{}, fmt.Errorf("client: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case err != nil:
		return answer{}, fmt.Errorf("client: the answer broke off: %w", err)
	case len(body) > maxAnswer:
		return answer{}, errors.New("client: the answer is larger than 64 MiB")
	}
	a := answer{resp.StatusCode, body, resp.Header.Get("Shuqiao-Receipt"), resp.Header.Get("Shuqiao-Entry-Index")}
	if resp.StatusCode == http.StatusOK {
		return a, nil
	}
	return a, refusalOf(resp, a)
}

func refusalOf(resp *http.Response, a answer) error {
	var p struct {
		Code     string  `json:"code"`
		Basis    string  `json:"basis"`
		Detail   string  `json:"detail"`
		Errors   []Field `json:"errors"`
		Incident string  `json:"incident"`
	}
	if err := json.Unmarshal(a.body, &p); err != nil || p.Code == "" {
		p.Code, p.Detail = "http_"+strconv.Itoa(a.status), "the answer is not one of a node"
	}
	r := &Refusal{Status: a.status, Code: p.Code, Basis: p.Basis, Detail: p.Detail, Fields: p.Errors, Receipt: a.receipt, Incident: p.Incident}
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		r.RetryAfter = time.Duration(n) * time.Second
	}
	return r
}

// again runs try until it is answered, refused for good, or was tried often
// enough.
func (c *Client) again(ctx context.Context, try func() error) error {
	for n := 1; ; n++ {
		err := try()
		var r *Refusal
		if !errors.As(err, &r) || !r.Temporary() || n >= c.Tries || r.RetryAfter > c.MaxWait {
			return err
		}
		if wait := c.wait(ctx, r.RetryAfter); wait != nil {
			return errors.Join(err, wait)
		}
	}
}
