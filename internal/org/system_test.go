package org_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/org/orgtest"
)

func engineerWithSystem(t *testing.T) (*orgtest.World, org.Principal, org.System) {
	t.Helper()
	w := orgtest.NewWorld(t, clock.NewFake(noon))
	p := w.Person(t, w.Department(t, "医保局", "130000"), org.Engineer)
	x, err := w.Service.RegisterSystem(context.Background(), p, org.System{Name: "医保信息平台"})
	if err != nil {
		t.Fatal(err)
	}
	return w, p, x
}

// XN-21
func TestMLPS(t *testing.T) {
	t.Parallel()
	w, p, x := engineerWithSystem(t)
	ctx := context.Background()
	if err := org.SystemReady(x, noon); !fault.Is(err, "mlps_missing") {
		t.Errorf("no assessment: %v", err)
	}
	_, err := w.Service.FileMLPS(ctx, p, x.ID, org.MLPS{Level: 1, ValidUntil: noon})
	if got, want := faults(err), "level:out_of_range report_no:required assessed_by:required valid_until:expired"; got != want {
		t.Errorf("got %q; want %q", got, want)
	}
	if f, _ := fault.As(err); f.Basis != "XN-21" {
		t.Errorf("basis of %v", err)
	}
	x, err = w.Service.FileMLPS(ctx, p, x.ID, org.MLPS{Level: 3, ReportNo: "R1", AssessedBy: "测评中心", ValidUntil: noon.AddDate(1, 0, 0)})
	if err != nil {
		t.Fatal(err)
	}
	disabled := x
	disabled.DisabledAt = &noon
	for name, c := range map[string]struct {
		x    org.System
		at   time.Time
		code string
	}{
		"valid": {x, noon, ""}, "last moment": {x, noon.AddDate(1, 0, 0).Add(-time.Second), ""},
		"over": {x, noon.AddDate(1, 0, 0), "mlps_missing"}, "disabled": {disabled, noon, "system_disabled"},
	} {
		if err := org.SystemReady(c.x, c.at); (err == nil) != (c.code == "") || err != nil && !fault.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stranger := w.Person(t, w.Department(t, "公安厅", "130000"), org.Engineer)
	if _, err := w.Service.FileMLPS(ctx, stranger, x.ID, *x.MLPS); !fault.Is(err, "not_found") {
		t.Errorf("stranger: %v", err)
	}
	clerk := w.Person(t, p.Department, org.Clerk)
	if _, err := w.Service.RegisterSystem(ctx, clerk, org.System{Name: "x"}); !fault.Is(err, "role_missing") {
		t.Errorf("clerk: %v", err)
	}
}

func certificate(t *testing.T, key crypto.Signer, notAfter time.Time) (string, *x509.Certificate) {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader,
		&x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: noon.AddDate(-1, 0, 0), NotAfter: notAfter},
		&x509.Certificate{SerialNumber: big.NewInt(1)}, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), cert
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func jwk(key any) string { return string(must(json.Marshal(jose.JSONWebKey{Key: key, KeyID: "k1"}))) }

func TestAddCredential(t *testing.T) {
	t.Parallel()
	w, p, x := engineerWithSystem(t)
	ctx := context.Background()
	p256 := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	edPub, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text, cert := certificate(t, p256, noon.AddDate(1, 0, 0))

	got, err := w.Service.AddCredential(ctx, p, x.ID, org.CredentialInput{Kind: org.CertThumbprint, PEM: text})
	sum := sha256.Sum256(cert.RawSubjectPublicKeyInfo)
	if err != nil || got.Thumb != base64.RawURLEncoding.EncodeToString(sum[:]) || !got.NotAfter.Equal(cert.NotAfter) {
		t.Fatalf("certificate: %+v, %v", got, err)
	}
	if _, err := w.Service.AddCredential(ctx, p, x.ID, org.CredentialInput{Kind: org.CertThumbprint, PEM: text}); !fault.Is(err, "already_exists") {
		t.Errorf("same key twice: %v", err)
	}
	for name, key := range map[string]any{
		"P-256": &p256.PublicKey, "Ed25519": edPub,
		"P-384": &must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)).PublicKey,
	} {
		k, err := w.Service.AddCredential(ctx, p, x.ID, org.CredentialInput{Kind: org.AssertionKey, JWK: jwk(key)})
		if err != nil || !k.NotAfter.Equal(noon.AddDate(0, 0, 365)) || !strings.Contains(k.Value, `"use":"sig"`) {
			t.Errorf("%s: %+v, %v", name, k, err)
		}
	}
	if err := w.Service.RevokeCredential(ctx, p, x.ID, got.ID); err != nil {
		t.Fatal(err)
	}
	if c, err := w.Store.CredentialByThumb(ctx, got.Thumb); err != nil || c.RevokedAt == nil {
		t.Errorf("revoked: %+v, %v", c, err)
	}
	if err := w.Service.RevokeCredential(ctx, p, x.ID, "none"); !fault.Is(err, "not_found") {
		t.Errorf("unknown credential: %v", err)
	}
}

// The example of RFC 7638 section 3.1.
func TestJWKThumbprint(t *testing.T) {
	t.Parallel()
	w, p, x := engineerWithSystem(t)
	got, err := w.Service.AddCredential(context.Background(), p, x.ID, org.CredentialInput{Kind: org.AssertionKey, JWK: `{"kty":"RSA",
 "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
 "e":"AQAB","alg":"RS256","kid":"2011-04-29"}`})
	if want := "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"; err != nil || got.Thumb != want {
		t.Errorf("%s, %v; want %s", got.Thumb, err, want)
	}
}

func TestAddCredentialRefuses(t *testing.T) {
	t.Parallel()
	w, p, x := engineerWithSystem(t)
	p256 := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	weakCert, _ := certificate(t, must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)), noon.AddDate(1, 0, 0))
	oldCert, _ := certificate(t, p256, noon)
	good, _ := certificate(t, p256, noon.AddDate(1, 0, 0))
	// 1024 bits cannot be generated any more; the modulus alone is enough here.
	smallRSA := &rsa.PublicKey{N: new(big.Int).SetBit(big.NewInt(1), 1023, 1), E: 65537}
	private := string(must(x509.MarshalPKCS8PrivateKey(p256)))
	pair := good + string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte(private)}))
	for name, c := range map[string]struct {
		in   org.CredentialInput
		want string
	}{
		"no kind":          {org.CredentialInput{}, "kind:not_in_list"},
		"no PEM":           {org.CredentialInput{Kind: org.CertThumbprint}, "pem:required"},
		"not PEM":          {org.CredentialInput{Kind: org.CertThumbprint, PEM: "x"}, "pem:format"},
		"two certificates": {org.CredentialInput{Kind: org.CertThumbprint, PEM: good + good}, "pem:format"},
		"with private key": {org.CredentialInput{Kind: org.CertThumbprint, PEM: pair}, "pem:private_key"},
		"P-521":            {org.CredentialInput{Kind: org.CertThumbprint, PEM: weakCert}, "pem:weak_key"},
		"expired":          {org.CredentialInput{Kind: org.CertThumbprint, PEM: oldCert}, "pem:expired"},
		"private JWK":      {org.CredentialInput{Kind: org.AssertionKey, JWK: jwk(p256)}, "jwk:private_key"},
		"symmetric JWK":    {org.CredentialInput{Kind: org.AssertionKey, JWK: `{"kty":"oct","k":"AAAA"}`}, "jwk:private_key"},
		"RSA of 1024 bits": {org.CredentialInput{Kind: org.AssertionKey, JWK: jwk(smallRSA)}, "jwk:weak_key"},
		"no JSON":          {org.CredentialInput{Kind: org.AssertionKey, JWK: "x"}, "jwk:format"},
		"off the curve":    {org.CredentialInput{Kind: org.AssertionKey, JWK: `{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`}, "jwk:format"},
		"for ever":         {org.CredentialInput{Kind: org.AssertionKey, JWK: jwk(&p256.PublicKey), NotAfter: noon.AddDate(3, 0, 0)}, "not_after:out_of_range"},
		"over":             {org.CredentialInput{Kind: org.AssertionKey, JWK: jwk(&p256.PublicKey), NotAfter: noon}, "not_after:out_of_range"},
		"endless":          {org.CredentialInput{Kind: org.AssertionKey, JWK: strings.Repeat("x", 1<<20)}, "jwk:too_long"},
	} {
		_, err := w.Service.AddCredential(context.Background(), p, x.ID, c.in)
		if got := faults(err); got != c.want {
			t.Errorf("%s: %q (%v); want %q", name, got, err, c.want)
		}
	}
	if x, err := w.Store.System(context.Background(), x.ID); err != nil || len(x.Credentials) != 0 {
		t.Errorf("refusals left %d credentials, %v", len(x.Credentials), err)
	}
}
