package channel

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/notice"
)

// Headers of a webhook.
const (
	DeliveryHeader  = "Shuqiao-Delivery"
	SignatureHeader = "Shuqiao-Signature"
)

// errForbidden says that a name led to an address that is never called.
var errForbidden = errors.New("the name leads to an address that is never called")

// Webhook posts notices as signed JSON over HTTPS.
type Webhook struct {
	clock  clock.Clock
	client *http.Client
}

// WebhookOptions: the zero value trusts the machine's roots.
type WebhookOptions struct {
	Roots    *x509.CertPool // nil: the machine's
	Loopback bool           // may call this machine; for demonstrations only
}

// NewWebhook makes a channel.
func NewWebhook(c clock.Clock, o WebhookOptions) *Webhook {
	guard := func(_, address string, _ syscall.RawConn) error {
		target, err := netip.ParseAddrPort(address)
		if err != nil || notice.Forbidden(target.Addr(), o.Loopback) {
			return errForbidden
		}
		return nil
	}
	return &Webhook{clock: c, client: &http.Client{
		// What answers with a redirect is not what was subscribed.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: 5 * time.Second, Control: guard}).DialContext,
			TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots},
			TLSHandshakeTimeout: 5 * time.Second, MaxIdleConnsPerHost: 4, IdleConnTimeout: time.Minute,
			MaxResponseHeaderBytes: 16 << 10, ForceAttemptHTTP2: true,
		},
	}}
}

// body is what a webhook is told.
type body struct {
	ID         string     `json:"id"`
	Type       string     `json:"type"` // "notice"
	At         time.Time  `json:"at"`
	Case       string     `json:"case,omitempty"`
	Department string     `json:"department"`
	Relation   string     `json:"relation"`
	Subject    string     `json:"subject"`
	Text       string     `json:"text"`
	Clause     string     `json:"clause"`
	Due        *time.Time `json:"due,omitempty"`
}

// Send implements notice.Channel.
func (w *Webhook) Send(ctx context.Context, address string, secret []byte, c notice.Content) error {
	raw, err := json.Marshal(body{ID: c.ID, Type: "notice", At: c.At, Case: c.Case, Department: c.Department,
		Relation: c.Relation, Subject: c.Subject, Text: c.Text, Clause: c.Clause, Due: c.Due})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(raw))
	if err != nil {
		return &notice.Failure{Code: "address", Final: true}
	}
	if req.URL.Scheme != "https" {
		return &notice.Failure{Code: "not_encrypted", Final: true}
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "shuqiao")
	req.Header.Set(DeliveryHeader, c.ID)
	req.Header.Set(SignatureHeader, Sign(secret, w.clock.Now(), c.ID, raw))
	resp, err := w.client.Do(req)
	if err != nil {
		var whole *url.Error // it repeats the address, which may hold a key of the receiver's
		if errors.As(err, &whole) {
			err = whole.Err
		}
		return &notice.Failure{Code: transportCode(err), Cause: err}
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	if resp.StatusCode/100 == 2 {
		return nil
	}
	return &notice.Failure{Code: "http_" + strconv.Itoa(resp.StatusCode), Final: resp.StatusCode == http.StatusGone}
}

// Sign gives the signature header of a body sent at an instant.
func Sign(secret []byte, at time.Time, id string, body []byte) string {
	t := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(t + "." + id + "."))
	mac.Write(body)
	return "t=" + t + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}

// transportCode names why there was no answer.
func transportCode(err error) string {
	var timeout interface{ Timeout() bool }
	var verify *tls.CertificateVerificationError
	switch {
	case errors.Is(err, errForbidden):
		return "forbidden_address"
	case errors.As(err, &verify):
		return "certificate"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	}
	return "no_connection"
}
