package gateway

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// checkLength refuses a body that declares to be too large before anything
// else is done, and before a byte of it is read. A call that has no use for a
// body must not bring one.
func checkLength(r *http.Request, t target) error {
	limit := int64(maxBody)
	if t.endpoint == endpointToken {
		limit = maxTokenBody
	}
	if r.Method != http.MethodPost && r.ContentLength != 0 {
		return fault.New(fault.Invalid, "body_not_allowed", "该请求不得带请求体。").Under("CN-35")
	}
	if r.ContentLength > limit {
		return bodyTooLarge(limit)
	}
	return nil
}

func bodyTooLarge(limit int64) error {
	return fault.Newf(fault.TooLarge, "body_too_large", "请求体不得超过 %d KiB。", limit>>10).
		Under("CN-35").With("max_bytes", limit)
}

// limitBody gives the request body BodyTimeout to arrive. It is set before
// anything else, since the server reads what is left of a body also when the
// call is refused without it: a slow caller must not hold the connection then.
func (g *Gateway) limitBody(c *call) {
	if c.r.ContentLength == 0 {
		return
	}
	// The deadline of a context is the machine's own time, which is what a
	// connection needs; the node's clock may be a test's.
	ctx, cancel := context.WithTimeout(c.ctx, g.BodyTimeout)
	defer cancel()
	if deadline, ok := ctx.Deadline(); ok {
		_ = http.NewResponseController(c.w).SetReadDeadline(deadline) // none in a test without a connection
	}
}

// readBody reads a body of the media type, at most limit bytes.
func (g *Gateway) readBody(c *call, media string, limit int64) ([]byte, error) {
	if err := mediaType(c.r.Header, media); err != nil {
		return nil, err
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, limit))
	var tooLarge *http.MaxBytesError
	var timeout net.Error
	switch {
	case err == nil:
		// The deadline would otherwise strike while the call is executed.
		_ = http.NewResponseController(c.w).SetReadDeadline(time.Time{})
		return body, nil
	case errors.As(err, &tooLarge):
		return nil, bodyTooLarge(limit)
	case errors.As(err, &timeout) && timeout.Timeout():
		return nil, fault.New(fault.Invalid, "body_too_slow", "请求体发送过慢。").Under("CN-35").Because(err)
	}
	return nil, fault.New(fault.Invalid, "body_broken", "请求体不完整。").Because(err)
}

func mediaType(h http.Header, want string) error {
	values := h["Content-Type"]
	if len(values) == 1 && len(h["Content-Encoding"]) == 0 {
		if values[0] == want {
			return nil
		}
		got, params, err := mime.ParseMediaType(values[0])
		charset, named := params["charset"]
		if err == nil && got == want && (!named || strings.EqualFold(charset, "utf-8")) {
			return nil
		}
	}
	return fault.Newf(fault.Invalid, "media_type_refused", "请求体应为未压缩的 %s，UTF-8 编码。", want).Under("CN-35")
}
