package gateway

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/trace"
)

// Meter counts calls; *metrics.Gateway is one. Its methods are called on the
// path of every call: they must not block.
type Meter interface {
	// Called counts a call that was answered. The code is that of a refusal.
	Called(endpoint string, status int, code string, rows int, took time.Duration)
	// Asked counts a request to a provider's service. The code is that of its
	// failure; "" when it answered.
	Asked(resource, code string, took time.Duration)
}

// count tells the meter of a call that is about to be answered. The duration
// includes the record.
func (g *Gateway) count(c *call, status int, code string) {
	if g.Meter != nil {
		g.Meter.Called(string(c.target.endpoint), status, code, c.facts.Rows, g.Clock.Now().Sub(c.at))
	}
}

// countAsked tells the meter of a request to a provider's service.
func (g *Gateway) countAsked(c *call, err error, took time.Duration) {
	if g.Meter == nil {
		return
	}
	code := ""
	if err != nil {
		code = "internal_error"
		if f, ok := fault.As(err); ok {
			code = f.Code
		}
	}
	g.Meter.Asked(c.grant.Resource, code, took)
}

// trace is the trace that the call belongs to: the caller's, or one that has
// the receipt's number. It is worked out where it is needed, for most calls
// nowhere.
func (c *call) trace() trace.Context { return trace.Or(c.req.header.Values(trace.Header), c.id) }
