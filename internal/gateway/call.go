package gateway

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// Headers of every answer: the ledger entry that records it.
const (
	HeaderReceipt    = "Shuqiao-Receipt"     // its ID
	HeaderEntryIndex = "Shuqiao-Entry-Index" // its place in the log
)

// call is one request on its way through the checks, each of which fills in
// what the next ones build on.
type call struct {
	ctx  context.Context
	req  *request
	id   string    // of the ledger entry
	at   time.Time // every check decides by this one moment
	snap *snapshot

	target   target   // by checkPath
	sys      *system  // by checkAuthenticate
	grant    *grant   // by checkGrant
	ask      ask      // by checkScope
	after    []string // the opened paging mark, by checkScope
	slowed   int      // calls a second that a measure allows, by checkCutGrant; 0: no measure
	executed bool     // the checks are passed: data may have been touched
	found    int      // rows in scope, before a verification hides how many
	facts    Facts
}

// check is one rule of the chain. A fault refuses the call; the first one
// ends the chain.
type check func(*call) error

func (c *call) authenticated(s *system, credential, how string) {
	c.sys = s
	c.facts.System, c.facts.Consumer = s.ID, s.Department
	c.facts.Credential, c.facts.Auth = credential, how
}

func (c *call) granted(g *grant) {
	c.grant = g
	c.facts.Resource, c.facts.Version, c.facts.Provider = g.Resource, g.ResourceVersion, g.Provider
}

// Bounds of what one record lists, far below what a ledger entry can hold.
const (
	maxNotedItems  = 400
	maxNotedValues = 200
)

// noteScope keeps for the record what was asked, before it is judged: the
// items the catalog knows and digests of the sensitive values.
func (c *call) noteScope(a ask, d digester) {
	for _, name := range a.items {
		if c.grant.items[name] != nil && len(c.facts.Items) < maxNotedItems && !slices.Contains(c.facts.Items, name) {
			c.facts.Items = append(c.facts.Items, name)
		}
	}
	for _, cond := range a.where {
		it := c.grant.items[cond.Item]
		if it == nil {
			continue
		}
		if !slices.Contains(c.facts.Conditions, it.Code) {
			c.facts.Conditions = append(c.facts.Conditions, it.Code)
		}
		for _, v := range cond.Values {
			if it.Sensitivity != "" && len(c.facts.Identifiers) < maxNotedValues {
				c.facts.Identifiers = append(c.facts.Identifiers, d.identifier(it.Sensitivity, v))
			}
		}
	}
}

// handle takes one call through the checks, executes it, and makes the answer
// that may leave: it is recorded durably, or it is the 503 that says why not.
func (g *Gateway) handle(ctx context.Context, req *request) *response {
	c := &call{ctx: ctx, req: req, id: ident.New(), at: g.Clock.Now()}
	body, err := g.run(c)
	if err != nil {
		return g.refuse(c, err)
	}
	c.facts.Status = http.StatusOK
	resp := g.record(c, &response{status: http.StatusOK, contentType: "application/json; charset=utf-8", body: body})
	if c.grant != nil && resp.status == http.StatusOK {
		g.observeDelivery(c.ctx, c.grant)
	}
	if resp.entry != "" { // what was not recorded has not happened
		g.observe(c)
	}
	return resp
}

// run takes the call through the checks and executes it. A panic anywhere is
// an error like any other: opaque to the caller, and recorded.
func (g *Gateway) run(c *call) (body []byte, err error) {
	defer func() {
		if p := recover(); p != nil {
			body, err = nil, panicked(p)
		}
	}()
	c.target, err = checkPath(c.req.method, c.req.target)
	c.facts.Endpoint, c.facts.Grant = string(c.target.endpoint), c.target.grant
	if c.req.refused != nil {
		return nil, c.req.refused
	}
	if err != nil {
		return nil, err
	}
	if err = checkLength(c.req, c.target); err != nil {
		return nil, err
	}
	if c.snap, err = g.snapshots.get(c.ctx, c.at); err != nil {
		return nil, err
	}
	if c.target.endpoint == endpointToken {
		return g.issueToken(c)
	}
	for _, check := range g.checks {
		if err := check(c); err != nil {
			return nil, err
		}
	}
	c.executed = true
	return g.execute(c)
}

// refuse records the refusal and makes the answer with the problem.
func (g *Gateway) refuse(c *call, err error) *response {
	p := problem.From(err)
	p.Extra = map[string]any{"receipt": c.id}
	if c.target.endpoint == endpointToken {
		p.Extra["error"] = oauthError(err) // what OAuth clients look for (RFC 6749, 5.2)
	}
	g.logRefusal(c, p, err)
	c.facts.Status, c.facts.Code, c.facts.Basis, c.facts.Incident = p.Status, p.Code, p.Basis, p.Incident
	resp := g.record(c, &response{status: p.Status, contentType: problem.ContentType, body: p.Encode(),
		challenge: p.Status == http.StatusUnauthorized})
	if resp.entry != "" { // what was not recorded has not happened
		g.observe(c)
	}
	return resp
}

func (g *Gateway) logRefusal(c *call, p problem.Problem, err error) {
	attrs := []any{"call", c.id, "trace", c.trace().ID(), "endpoint", c.facts.Endpoint, "grant", c.facts.Grant, "system", c.facts.System, "code", p.Code}
	switch {
	case p.Incident != "":
		g.Logger.ErrorContext(c.ctx, "call failed inside", append(attrs, "incident", p.Incident, "error", err)...)
	case p.Status >= 500:
		// The cause of a fault names addresses and codes, never values.
		g.Logger.WarnContext(c.ctx, "call failed", append(attrs, "error", err)...)
	default:
		g.Logger.InfoContext(c.ctx, "call refused", attrs...)
	}
}

func oauthError(err error) string {
	f, ok := fault.As(err)
	switch {
	case !ok:
		return "server_error"
	case f.Code == "grant_type_refused":
		return "unsupported_grant_type"
	case f.Kind == fault.Unauthenticated, f.Kind == fault.Forbidden:
		return "invalid_client"
	case f.Kind == fault.Unavailable:
		return "temporarily_unavailable"
	}
	return "invalid_request"
}
