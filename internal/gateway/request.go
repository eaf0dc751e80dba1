package gateway

import (
	"crypto/x509"
	"net/http"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// request is one call as it came over the wire, whichever server took it in:
// the checks see nothing of net/http or of the data plane's own server.
type request struct {
	method string
	target string // the request target as it was sent
	length int64  // of the body; -1: not declared
	header header
	cert   *x509.Certificate // the caller's, proved by the handshake; nil: none
	thumb  string            // of cert's public key
	remote string            // address of the peer, with port
	// body reads the whole body, at most limit bytes: a fault "body_too_large",
	// "body_too_slow" or "body_broken" otherwise. It is called once at most.
	body func(limit int64) ([]byte, error)
	// refused is why the server could not take the request as one; nil: it could.
	refused error
}

// header gives every value of a name, which is in its canonical spelling.
type header interface{ Values(name string) []string }

// response is the whole answer, made before its first byte leaves.
type response struct {
	status      int
	contentType string
	body        []byte
	entry       string // ID of the ledger entry; "" when there is none
	index       uint64 // its place in the log; ledger.Unplaced: not known yet
	challenge   bool   // 401: says how to authenticate
}

// fields gives the header fields of the answer, Content-Length left out.
func (r *response) fields(set func(name, value string)) {
	set("Content-Type", r.contentType)
	set("Cache-Control", "no-store")
	set("X-Content-Type-Options", "nosniff")
	if r.entry != "" {
		set(HeaderReceipt, r.entry)
		if r.index != ledger.Unplaced {
			set(HeaderEntryIndex, strconv.FormatUint(r.index, 10))
		}
	}
	if r.challenge {
		set("WWW-Authenticate", `Bearer realm="shuqiao"`)
	}
	if r.status == http.StatusTooManyRequests || r.status == http.StatusServiceUnavailable {
		set("Retry-After", "1")
	}
}

// mediaType tells whether the body is declared as what is wanted, in UTF-8 and
// not compressed.
func mediaType(h header, want string) bool {
	values := h.Values("Content-Type")
	if len(values) != 1 || len(h.Values("Content-Encoding")) > 0 {
		return false
	}
	if values[0] == want {
		return true
	}
	got, rest, _ := strings.Cut(values[0], ";")
	if !strings.EqualFold(strings.TrimSpace(got), want) {
		return false
	}
	name, charset, named := strings.Cut(strings.TrimSpace(rest), "=")
	return rest == "" || named && strings.EqualFold(name, "charset") && strings.EqualFold(strings.Trim(charset, `"`), "utf-8")
}
