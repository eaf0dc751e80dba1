package gateway

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// TokenIssued is the ledger kind of an issued access token.
const TokenIssued ledger.Kind = "token"

// recordTime bounds the wait for the ledger.
const recordTime = 15 * time.Second

// record makes the one durable entry of the call, with the digest of the body
// that is about to leave, and gives the answer. When it cannot be made the
// answer is another one, 503: without a record there is none (CN-29.2).
//
// The caller going away does not stop it: its data may have been read.
func (g *Gateway) record(c *call, resp *response) *response {
	sum := sha256.Sum256(resp.body)
	c.facts.ResponseSHA256, c.facts.ResponseBytes = hex.EncodeToString(sum[:]), len(resp.body)
	c.facts.DurationUS = g.Clock.Now().Sub(c.at).Microseconds()
	kind := ledger.RefusedCall
	switch {
	case c.executed: // also when the provider's system failed
		kind = ledger.Call
	case c.facts.Code == "":
		kind = TokenIssued
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.ctx), recordTime)
	defer cancel()
	leaf, err := g.Ledger.Record(ctx, ledger.Entry{ID: c.id, Kind: kind, At: c.at, Facts: &c.facts})
	if err != nil {
		g.Logger.ErrorContext(c.ctx, "call not recorded, not answered", "call", c.id, "trace", c.trace().ID(), "error", err)
		p := problem.From(fault.New(fault.Unavailable, "record_unavailable", "调用无法存证，未予应答，请稍后重试。").Under("CN-29.2"))
		g.count(c, p.Status, p.Code)
		return &response{status: p.Status, contentType: problem.ContentType, body: p.Encode()}
	}
	g.count(c, resp.status, c.facts.Code)
	resp.entry, resp.index = c.id, leaf.Index
	return resp
}

// panicked keeps the stack for the log. The value is left out, all but its
// type: it may hold a row.
func panicked(p any) error {
	if err, ok := p.(error); ok {
		if _, runtime := p.(interface{ RuntimeError() }); runtime {
			return fmt.Errorf("panic: %w\n%s", err, debug.Stack())
		}
	}
	return fmt.Errorf("panic: a value of type %T\n%s", p, debug.Stack())
}
