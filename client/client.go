package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/proof"
)

// Config is how a system calls a node. URL, Purpose, Operator and one way to
// prove oneself (Certificate or Assertion) are needed.
type Config struct {
	// URL of the node: "https://share.example.gov.cn", without a path.
	URL string
	// Certificate proves the system by mutual TLS; its public key is registered
	// with the node.
	Certificate *tls.Certificate
	// Assertion proves the system by signed client assertions (RFC 7523).
	Assertion *Assertion
	// Roots are the authorities that the node's certificate is of; nil: the
	// machine's.
	Roots *x509.CertPool
	// HTTP replaces the client that is made of the two; redirects should not be
	// followed.
	HTTP *http.Client

	// Purpose as the grant has it (CN-25.1).
	Purpose string
	// Operator gives the account of who stands behind a call in the consumer's
	// system (CN-29.2), never a name. The node keeps a keyed digest of it.
	Operator func(ctx context.Context) (string, error)
	// Case gives the number of the matter that a call is for; nil or "": none.
	Case func(ctx context.Context) string
	// Trace gives a traceparent (W3C Trace Context) to send; nil or "": none.
	Trace func(ctx context.Context) string

	// Receipts is the file that the receipt of each answer is appended to, one
	// JSON object a line: the consumer's own log, which can be uploaded for
	// reconciliation as it is. Empty: none is kept.
	Receipts string
	// LedgerKey is the content of the log's ledger.pub, got by another way than
	// from the node. Needed to verify receipts.
	LedgerKey string

	// Tries is how often a call is sent at most; default 3. MaxWait bounds what
	// the node may ask to wait before the next one; default 30 seconds.
	Tries   int
	MaxWait time.Duration
	// Now replaces the machine's clock.
	Now func() time.Time
}

// Client calls one node. It is safe for concurrent use; end it with Close.
type Client struct {
	Config
	base  string
	token tokens
	log   *log
	key   *proof.Key
	wait  func(ctx context.Context, d time.Duration) error
	once  sync.Once
}

// New checks the configuration and makes a client. It sends nothing yet.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())) ||
		u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("client: URL is not https://host[:port]")
	}
	switch {
	case c.Purpose == "":
		return nil, errors.New("client: a purpose is needed")
	case c.Operator == nil:
		return nil, errors.New("client: an operator is needed")
	case c.Certificate == nil && c.Assertion == nil && c.HTTP == nil:
		return nil, errors.New("client: a certificate or an assertion's key is needed")
	}
	if c.Assertion != nil {
		if _, err := algorithm(c.Assertion.Key); err != nil || c.Assertion.System == "" {
			return nil, errors.Join(errors.New("client: an assertion needs the system's ID and its key"), err)
		}
	}
	out := &Client{Config: c, base: strings.TrimSuffix(c.URL, "/"), wait: pause}
	if out.HTTP == nil {
		out.HTTP = transport(c)
	}
	if out.Tries <= 0 {
		out.Tries = 3
	}
	if out.MaxWait <= 0 {
		out.MaxWait = 30 * time.Second
	}
	if out.Now == nil {
		out.Now = time.Now
	}
	if c.LedgerKey != "" {
		if out.key, err = proof.ParseKey(c.LedgerKey); err != nil {
			return nil, err
		}
	}
	if c.Receipts != "" {
		if out.log, err = openLog(c.Receipts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Close closes the file of receipts and idle connections.
func (c *Client) Close() error {
	var err error
	c.once.Do(func() {
		c.HTTP.CloseIdleConnections()
		if c.log != nil {
			err = c.log.close()
		}
	})
	return err
}

func transport(c Config) *http.Client {
	t := &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: c.Roots}
	if c.Certificate != nil {
		t.Certificates = []tls.Certificate{*c.Certificate}
	}
	return &http.Client{
		Timeout: 2 * time.Minute,
		Transport: &http.Transport{TLSClientConfig: t, MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second,
			DialContext: (&net.Dialer{Timeout: 10 * time.Second}).DialContext, TLSHandshakeTimeout: 10 * time.Second},
		// Credentials go to the node that was named, nowhere else.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("client: waiting to try again: %w", ctx.Err())
	}
}
