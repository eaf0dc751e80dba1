package demo

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/shuqiao/shuqiao/internal/ident"
)

// System is a consuming system with its keys, as its engineers would write it.
type System struct {
	ID      string
	base    string
	key     *ecdsa.PrivateKey
	cert    tls.Certificate
	certPEM string
	client  client
}

// NewSystem makes the keys of a system: one for client assertions, one behind
// a self-signed certificate for mutual TLS.
func NewSystem(base, id string, now time.Time) (*System, error) {
	s := &System{ID: id, base: base, client: client{base: base, http: &http.Client{Timeout: time.Minute}}}
	var err error
	if s.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(now.Unix()), Subject: pkix.Name{CommonName: id},
		NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	s.cert = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	s.certPEM = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return s, nil
}

// PublicJWK is the public key to register, as JSON.
func (s *System) PublicJWK() (string, error) {
	b, err := json.Marshal(jose.JSONWebKey{Key: s.key.Public(), Algorithm: string(jose.ES256), Use: "sig"})
	return string(b), err
}

// CertificatePEM is the certificate to register.
func (s *System) CertificatePEM() string { return s.certPEM }

// Assertion signs a client assertion (RFC 7523) with an ID of its own.
func (s *System) Assertion(now time.Time) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: s.key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: s.ID, Subject: s.ID, Audience: jwt.Audience{s.base + "/share/token"}, ID: ident.New(),
		IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(2 * time.Minute)),
	}).Serialize()
}

// Token exchanges an assertion for an access token.
func (s *System) Token(ctx context.Context, assertion string) error {
	form := url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.base+"/share/token", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	var answer struct {
		Token string `json:"access_token"`
	}
	if _, err := s.client.send(req, &answer); err != nil {
		return err
	}
	s.client.token = answer.Token
	return nil
}

// MutualTLS makes the calls of this system go over mutual TLS to another
// address of the node. The demo node's certificate is self-signed and not
// checked; a real consumer pins it or has its CA.
func (s *System) MutualTLS(base string) *System {
	transport := &http.Transport{TLSClientConfig: &tls.Config{
		Certificates: []tls.Certificate{s.cert}, MinVersion: tls.VersionTLS12,
		InsecureSkipVerify: true, // a demo talking to itself on loopback
	}}
	t := *s
	t.base = base
	t.client = client{base: base, http: &http.Client{Timeout: time.Minute, Transport: transport}}
	return &t
}

// Call is one call under a grant.
type Call struct {
	Grant, Purpose string
	Path           string // "rows" or "verify"
	Body           any
}

// Rows is the answer to a query.
type Rows struct {
	Rows []map[string]any `json:"rows"`
}

// Get makes a call by URL alone, for its refusal.
func (s *System) Get(ctx context.Context, path, purpose string) error {
	_, err := s.client.call(ctx, http.MethodGet, path, nil, nil, "Shuqiao-Purpose", url.PathEscape(purpose), "Shuqiao-Operator", "demo-operator-1")
	return err
}

// Do makes the call and gives the receipt's entry ID.
func (s *System) Do(ctx context.Context, c Call, out any) (entry string, err error) {
	h, err := s.client.call(ctx, http.MethodPost, "/share/v1/"+c.Grant+"/"+c.Path, c.Body, out,
		"Shuqiao-Purpose", url.PathEscape(c.Purpose), "Shuqiao-Operator", "demo-operator-1", "Shuqiao-Case", "YB-2026-000001")
	return h.Get("Shuqiao-Receipt"), err
}
