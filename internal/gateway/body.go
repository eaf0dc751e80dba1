package gateway

import (
	"net/http"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// checkLength refuses a body that declares to be too large before anything
// else is done, and before a byte of it is read. A call that has no use for a
// body must not bring one.
func checkLength(r *request, t target) error {
	limit := int64(maxBody)
	if t.endpoint == endpointToken {
		limit = maxTokenBody
	}
	if r.method != http.MethodPost && r.length != 0 {
		return fault.New(fault.Invalid, "body_not_allowed", "该请求不得带请求体。").Under("CN-35")
	}
	if r.length > limit {
		return bodyTooLarge(limit)
	}
	return nil
}

func bodyTooLarge(limit int64) error {
	return fault.Newf(fault.TooLarge, "body_too_large", "请求体不得超过 %d KiB。", limit>>10).
		Under("CN-35").With("max_bytes", limit)
}

// readBody reads a body of the media type, at most limit bytes.
func readBody(c *call, media string, limit int64) ([]byte, error) {
	if !mediaType(c.req.header, media) {
		return nil, fault.Newf(fault.Invalid, "media_type_refused", "请求体应为未压缩的 %s，UTF-8 编码。", media).Under("CN-35")
	}
	return c.req.body(limit)
}
