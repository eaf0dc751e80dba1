package client

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Query is what is asked for under a grant.
type Query struct {
	Items []string    `json:"items,omitempty"` // codes of items; none: all that the grant covers
	Where []Condition `json:"where,omitempty"`
	Limit int         `json:"limit,omitempty"` // rows of a page; 0: the node's default
	After string      `json:"after,omitempty"` // Page.Next of the page before
}

// Condition compares an item with values.
type Condition struct {
	Item   string   `json:"item"`
	Op     string   `json:"op"` // "eq", "in", "prefix"
	Values []string `json:"values"`
}

// Equal asks for rows whose item has the value.
func Equal(item, value string) Condition { return Condition{item, "eq", []string{value}} }

// In asks for rows whose item has one of the values.
func In(item string, values ...string) Condition { return Condition{item, "in", values} }

// Prefix asks for rows whose item begins with the value.
func Prefix(item, value string) Condition { return Condition{item, "prefix", []string{value}} }

// Row is one row: item code → text, float64, bool or nil.
type Row map[string]any

// Page is one answer.
type Page struct {
	Rows    []Row
	Next    string // for Query.After; "": this was the last page
	Receipt Receipt
}

// Query reads one page.
func (c *Client) Query(ctx context.Context, grant string, q Query) (*Page, error) {
	body, err := json.Marshal(q)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	a, at, err := c.call(ctx, grant, "rows", body)
	if err != nil {
		return nil, err
	}
	var out struct {
		Rows []Row  `json:"rows"`
		Next string `json:"next"`
	}
	if err := json.Unmarshal(a.body, &out); err != nil || out.Rows == nil {
		return nil, errors.New("client: the node's answer holds no rows")
	}
	receipt, err := c.keep(a, at, grant, "rows", len(out.Rows))
	return &Page{Rows: out.Rows, Next: out.Next, Receipt: receipt}, err
}

// QueryAll reads page after page. Breaking off the loop asks for no further
// page; an error ends it.
func (c *Client) QueryAll(ctx context.Context, grant string, q Query) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for {
			page, err := c.Query(ctx, grant, q)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			q.After = page.Next
		}
	}
}

// Verify asks whether there is a row with these values, and learns nothing
// else: a value is a text, a number or a bool.
func (c *Client) Verify(ctx context.Context, grant string, values map[string]any) (match bool, r Receipt, err error) {
	body, err := json.Marshal(map[string]any{"values": values})
	if err != nil {
		return false, r, fmt.Errorf("client: %w", err)
	}
	a, at, err := c.call(ctx, grant, "verify", body)
	if err != nil {
		return false, r, err
	}
	var out struct {
		Match *bool `json:"match"`
	}
	if err := json.Unmarshal(a.body, &out); err != nil || out.Match == nil {
		return false, r, errors.New("client: the node's answer says neither match nor no match")
	}
	r, err = c.keep(a, at, grant, "verify", -1)
	return *out.Match, r, err
}

// call makes one call, repeated only where the node asked to come again. at is
// when the answered one was sent. A token that the node does not take any more
// is renewed once.
func (c *Client) call(ctx context.Context, grant, endpoint string, body []byte) (a answer, at time.Time, err error) {
	operator, err := c.Operator(ctx)
	if err != nil {
		return a, at, fmt.Errorf("client: operator: %w", err)
	}
	renewed := false
	err = c.again(ctx, func() error {
		for {
			token, err := c.bearer(ctx)
			if err != nil {
				return err
			}
			at = c.Now()
			req, err := c.request(ctx, grant, endpoint, operator, token, body)
			if err != nil {
				return err
			}
			if a, err = c.send(req); err == nil {
				return nil
			}
			if c.log != nil && a.receipt != "" { // refusals are recorded too
				if _, keepErr := c.keep(a, at, grant, endpoint, -1); keepErr != nil {
					return errors.Join(err, keepErr)
				}
			}
			var r *Refusal
			if renewed || token == "" || !errors.As(err, &r) || r.Status != http.StatusUnauthorized {
				return err
			}
			renewed = true
			c.forget(token)
		}
	})
	return a, at, err
}

func (c *Client) request(ctx context.Context, grant, endpoint, operator, token string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/share/v1/"+url.PathEscape(grant)+"/"+endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	h := req.Header
	h.Set("Content-Type", "application/json")
	h.Set("Shuqiao-Purpose", url.PathEscape(c.Purpose))
	h.Set("Shuqiao-Operator", url.PathEscape(operator))
	if c.Case != nil {
		if number := c.Case(ctx); number != "" {
			h.Set("Shuqiao-Case", url.PathEscape(number))
		}
	}
	if c.Trace != nil {
		if parent := c.Trace(ctx); parent != "" {
			h.Set("Traceparent", parent)
		}
	}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return req, nil
}

// keep writes the receipt of an answer to the file. An answer whose receipt
// cannot be kept is told with an error: the rows may be used, the proof is
// missing.
func (c *Client) keep(a answer, at time.Time, grant, endpoint string, rows int) (Receipt, error) {
	sum := sha256.Sum256(a.body)
	r := Receipt{ID: a.receipt, Time: at.UTC(), Grant: grant, Endpoint: endpoint, ResponseSHA256: hex.EncodeToString(sum[:])}
	if rows >= 0 {
		r.Rows = &rows
	}
	if n, err := strconv.ParseUint(a.index, 10, 63); err == nil {
		r.Index = &n
	}
	if r.ID == "" {
		return r, errors.New("client: the answer names no receipt")
	}
	if c.log == nil {
		return r, nil
	}
	return r, c.log.append(r)
}
