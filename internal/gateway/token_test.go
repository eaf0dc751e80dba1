package gateway_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"github.com/shuqiao/shuqiao/internal/gateway"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

type signingKey struct {
	alg     jose.SignatureAlgorithm
	private any
	public  any
}

func newKey(t testing.TB, alg jose.SignatureAlgorithm) signingKey {
	t.Helper()
	var err error
	k := signingKey{alg: alg}
	switch alg {
	case jose.EdDSA:
		k.public, k.private, err = ed25519.GenerateKey(rand.Reader)
	case jose.ES384:
		k.private, err = ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	case jose.PS256, jose.RS256:
		k.private, err = rsa.GenerateKey(rand.Reader, 2048)
	default:
		k.private, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		t.Fatal(err)
	}
	if k.public == nil {
		k.public = k.private.(crypto.Signer).Public()
	}
	return k
}

// register files the public key as a credential of the system.
func (w *world) register(s *org.System, k signingKey) {
	w.t.Helper()
	j := jose.JSONWebKey{Key: k.public, KeyID: "key-1", Use: "sig"}
	value, err := j.MarshalJSON()
	if err != nil {
		w.t.Fatal(err)
	}
	sum, err := j.Thumbprint(crypto.SHA256)
	if err != nil {
		w.t.Fatal(err)
	}
	w.edit(func() {
		s.Credentials = append(s.Credentials, org.Credential{
			ID: ident.New(), System: s.ID, Kind: org.AssertionKey, Value: string(value),
			Thumb: base64.RawURLEncoding.EncodeToString(sum), NotAfter: noon.AddDate(1, 0, 0), CreatedAt: noon,
		})
	})
}

type claims map[string]any

func (w *world) claims() claims {
	now := w.clk.Now()
	return claims{
		"iss": w.sys.ID, "sub": w.sys.ID, "aud": tokenURL, "jti": ident.New(),
		"iat": now.Unix(), "exp": now.Add(4 * time.Minute).Unix(),
	}
}

func sign(t testing.TB, alg jose.SignatureAlgorithm, key any, c claims, header map[jose.HeaderKey]any) string {
	t.Helper()
	opts := &jose.SignerOptions{ExtraHeaders: header}
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, opts)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	jws, err := s.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	out, err := jws.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func (w *world) tokenRequest(form string) *http.Request {
	r := w.request(nil, "POST", "/share/token", form)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func form(assertion string) string {
	return url.Values{
		"grant_type":            {"client_credentials"},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
		"client_assertion":      {assertion},
	}.Encode()
}

func (w *world) token(k signingKey) string {
	w.t.Helper()
	rec := w.do(w.tokenRequest(form(sign(w.t, k.alg, k.private, w.claims(), nil))))
	var a struct {
		Token   string `json:"access_token"`
		Type    string `json:"token_type"`
		Expires int    `json:"expires_in"`
	}
	if err := json.Unmarshal(rec.Body.Bytes(), &a); err != nil || rec.Code != 200 || a.Type != "Bearer" || a.Expires != 600 {
		w.t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if e, f := w.last(); e.Kind != gateway.TokenIssued || f.System != w.sys.ID || f.Auth != "assertion" {
		w.t.Errorf("%s %+v", e.Kind, f)
	}
	return a.Token
}

func (w *world) bearer(token string) *http.Request {
	r := w.request(nil, "GET", w.rowsPath("items=region"), "")
	r.Header.Set("Authorization", "Bearer "+token)
	return r
}

func TestTokensOfEveryAlgorithm(t *testing.T) {
	t.Parallel()
	for _, alg := range []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.EdDSA, jose.PS256} {
		w := newWorld(t)
		k := newKey(t, alg)
		w.register(w.sys, k)
		token := w.token(k)
		for range 3 {
			if a := w.ok(w.bearer(token)); a.Count != 3 {
				t.Errorf("%s: %+v", alg, a)
			}
		}
		if _, f := w.last(); f.Auth != "token" || f.System != w.sys.ID || f.Credential == "" {
			t.Errorf("%+v", f)
		}
	}
}

func TestATokenEnds(t *testing.T) {
	t.Parallel()
	k := newKey(t, jose.EdDSA)
	for name, end := range map[string]struct {
		do   func(*world)
		code string
	}{
		"by time":                  {func(w *world) { w.clk.Advance(10 * time.Minute) }, "token_expired"},
		"with its credential":      {func(w *world) { w.edit(func() { w.sys.Credentials[0].RevokedAt = ptr(noon) }) }, "credential_revoked"},
		"with its credential gone": {func(w *world) { w.edit(func() { w.sys.Credentials = nil }) }, "credential_unknown"},
		"with its system":          {func(w *world) { w.edit(func() { delete(w.systems, w.sys.ID) }) }, "credential_unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.register(w.sys, k)
			token := w.token(k)
			w.ok(w.bearer(token))
			end.do(w)
			w.wait()
			w.refused(w.bearer(token), 401, end.code, "CN-35")
		})
	}
	t.Run("disabled", func(t *testing.T) {
		w := newWorld(t)
		w.register(w.sys, k)
		token := w.token(k)
		w.edit(func() { w.sys.DisabledAt = ptr(noon) })
		w.wait()
		w.refused(w.bearer(token), 403, "system_disabled", "CN-35")
		w.refused(w.tokenRequest(form(sign(t, k.alg, k.private, w.claims(), nil))), 403, "system_disabled", "CN-35")
	})
}

func TestForgedTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := newKey(t, jose.EdDSA)
	w.register(w.sys, k)
	token := w.token(k)
	parts := strings.Split(token, ".")
	at := map[jose.HeaderKey]any{"typ": "at+jwt"}
	now := w.clk.Now()
	full := func(cred string) claims {
		return claims{
			"iss": "node.example", "aud": "node.example", "sub": w.sys.ID, "cred": cred,
			"iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "jti": "x",
		}
	}
	node := w.cfg.TokenKey
	for name, forged := range map[string]string{
		"signature cut":             parts[0] + "." + parts[1] + ".",
		"none":                      b64(`{"alg":"none","typ":"at+jwt"}`) + "." + parts[1] + ".",
		"another key":               sign(t, jose.EdDSA, k.private, full(w.sys.Credentials[0].ID), at),
		"public key as HMAC secret": sign(t, jose.HS256, []byte(node.Public().(ed25519.PublicKey)), full(w.sys.Credentials[0].ID), at),
		"an assertion":              sign(t, jose.EdDSA, k.private, w.claims(), nil),
		"another type":              sign(t, jose.EdDSA, node, full(w.sys.Credentials[0].ID), nil),
		"another issuer":            sign(t, jose.EdDSA, node, with(full(w.sys.Credentials[0].ID), "iss", "x"), at),
		"another audience":          sign(t, jose.EdDSA, node, with(full(w.sys.Credentials[0].ID), "aud", "x"), at),
		"without end":               sign(t, jose.EdDSA, node, with(full(w.sys.Credentials[0].ID), "exp", nil), at),
		"without credential":        sign(t, jose.EdDSA, node, full(""), at),
		"too long":                  token + strings.Repeat("A", 4096),
	} {
		t.Run(name, func(t *testing.T) { w.t = t; w.refused(w.bearer(forged), 401, "token_invalid", "CN-35") })
	}
	w.t = t
	w.ok(w.bearer(token))
}

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func with(c claims, name string, v any) claims {
	if c[name] = v; v == nil {
		delete(c, name)
	}
	return c
}

func TestTokenAndCertificateMustAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := newKey(t, jose.ES256)
	w.register(w.sys, k)
	own, foreign := w.enrol(w.sys), w.enrol(w.other)
	token := w.token(k)
	r := w.request(&foreign, "GET", w.rowsPath("items=region"), "")
	r.Header.Set("Authorization", "Bearer "+token)
	w.refused(r, 401, "credentials_disagree", "CN-35")
	r = w.request(&own, "GET", w.rowsPath("items=region"), "")
	r.Header.Set("Authorization", "Bearer "+token)
	w.ok(r)
}

func TestRefusedAssertions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k, stranger, rsaKey := newKey(t, jose.ES256), newKey(t, jose.ES256), newKey(t, jose.PS256)
	w.register(w.sys, k)
	w.register(w.sys, rsaKey)
	otherKey := newKey(t, jose.ES256)
	w.register(w.other, otherKey)
	signed := func(c claims) string { return sign(t, k.alg, k.private, c, nil) }
	sec := func(d time.Duration) int64 { return noon.Add(d).Unix() }
	head, body, _ := strings.Cut(signed(w.claims()), ".")
	payload, _, _ := strings.Cut(body, ".")
	rsaPublic, _ := (&jose.JSONWebKey{Key: rsaKey.public}).MarshalJSON()
	for _, c := range []struct{ name, assertion, code string }{
		{"not a JWT", "x", "assertion_malformed"},
		{"empty signature", head + "." + payload + ".", "assertion_signature"},
		{"alg none", b64(`{"alg":"none"}`) + "." + payload + ".", "assertion_algorithm"},
		{"alg HS256 with the public key", sign(t, jose.HS256, rsaPublic, w.claims(), nil), "assertion_algorithm"},
		{"alg RS256", sign(t, jose.RS256, rsaKey.private, w.claims(), nil), "assertion_algorithm"},
		{"a key nobody registered", sign(t, stranger.alg, stranger.private, w.claims(), nil), "assertion_signature"},
		{"another system's key", sign(t, otherKey.alg, otherKey.private, w.claims(), nil), "assertion_signature"},
		{"key of the attacker in the header", sign(t, jose.ES256, stranger.private, w.claims(), map[jose.HeaderKey]any{"jwk": json.RawMessage(mustJWK(t, stranger))}), "assertion_signature"},
		{"wrong key ID", sign(t, k.alg, k.private, w.claims(), map[jose.HeaderKey]any{"kid": "other"}), "assertion_signature"},
		{"unknown critical header", sign(t, k.alg, k.private, w.claims(), map[jose.HeaderKey]any{"crit": []string{"x"}, "x": 1}), "assertion_signature"},
		{"another type", sign(t, k.alg, k.private, w.claims(), map[jose.HeaderKey]any{"typ": "at+jwt"}), "assertion_malformed"},
		{"unknown system", signed(with(with(w.claims(), "iss", ident.New()), "sub", nil)), "assertion_claims"},
		{"a system that is not", sign(t, k.alg, k.private, nobody(w.claims()), nil), "credential_unknown"},
		{"iss is not sub", signed(with(w.claims(), "iss", w.other.ID)), "assertion_claims"},
		{"another audience", signed(with(w.claims(), "aud", "https://elsewhere/share/token")), "assertion_audience"},
		{"two audiences", signed(with(w.claims(), "aud", []string{tokenURL, "https://elsewhere"})), "assertion_audience"},
		{"no audience", signed(with(w.claims(), "aud", nil)), "assertion_claims"},
		{"no jti", signed(with(w.claims(), "jti", nil)), "assertion_claims"},
		{"long jti", signed(with(w.claims(), "jti", strings.Repeat("j", 129))), "assertion_claims"},
		{"no exp", signed(with(w.claims(), "exp", nil)), "assertion_claims"},
		{"no iat", signed(with(w.claims(), "iat", nil)), "assertion_claims"},
		{"expired", signed(with(with(w.claims(), "iat", sec(-5*time.Minute)), "exp", sec(0))), "assertion_expired"},
		{"from the future", signed(with(w.claims(), "iat", sec(31*time.Second))), "assertion_not_yet"},
		{"not before", signed(with(w.claims(), "nbf", sec(31*time.Second))), "assertion_not_yet"},
		{"lives too long", signed(with(w.claims(), "exp", sec(5*time.Minute+time.Second))), "assertion_too_long"},
		{"issued long ago, ends soon", signed(with(w.claims(), "iat", sec(-2*time.Minute))), "assertion_too_long"},
		{"too big", signed(with(w.claims(), "x", strings.Repeat("x", 9000))), "assertion_malformed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.t = t
			if p := w.refused(w.tokenRequest(form(c.assertion)), 401, c.code, "CN-35"); p.Error != "invalid_client" {
				t.Errorf("%+v", p)
			}
		})
	}
	w.t = t
	if len(w.assertions) != 0 {
		t.Error("a refused assertion was remembered")
	}
	w.register(w.sys, stranger)
	w.edit(func() { w.sys.Credentials[2].RevokedAt = ptr(noon) })
	w.wait()
	w.refused(w.tokenRequest(form(sign(t, stranger.alg, stranger.private, w.claims(), nil))), 401, "credential_revoked", "CN-35")
}

func nobody(c claims) claims {
	id := ident.New()
	c["iss"], c["sub"] = id, id
	return c
}

func mustJWK(t *testing.T, k signingKey) []byte {
	b, err := (&jose.JSONWebKey{Key: k.public}).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestAnAssertionWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := newKey(t, jose.EdDSA)
	w.register(w.sys, k)
	body := form(sign(t, k.alg, k.private, w.claims(), nil))
	codes := make([]int, 16)
	var wg sync.WaitGroup
	for i := range codes {
		wg.Go(func() { codes[i] = w.do(w.tokenRequest(body)).Code })
	}
	wg.Wait()
	good := 0
	for _, c := range codes {
		if c == 200 {
			good++
		} else if c != 401 {
			t.Errorf("status %d", c)
		}
	}
	if good != 1 || len(w.entries) != len(codes) {
		t.Errorf("%d tokens, %d records", good, len(w.entries))
	}
	w.refused(w.tokenRequest(body), 401, "assertion_replayed", "CN-35")
	w.storeErr = errDown
	w.refused(w.tokenRequest(form(sign(t, k.alg, k.private, w.claims(), nil))), 503, "replay_check_unavailable", "CN-35")
}

func TestTokenForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := newKey(t, jose.EdDSA)
	w.register(w.sys, k)
	good := form(sign(t, k.alg, k.private, w.claims(), nil))
	for _, c := range []struct{ name, body, code, err string }{
		{"empty", "x", "request_invalid", "invalid_request"},
		{"unknown", good + "&scope=all", "request_invalid", "invalid_request"},
		{"twice", good + "&grant_type=client_credentials", "request_invalid", "invalid_request"},
		{"password", strings.Replace(good, "client_credentials", "password", 1), "grant_type_refused", "unsupported_grant_type"},
		{"no assertion", "grant_type=client_credentials", "request_invalid", "invalid_request"},
	} {
		p := w.refused(w.tokenRequest(c.body), 400, c.code, "CN-35")
		if p.Error != c.err {
			t.Errorf("%s: %+v", c.name, p)
		}
	}
	w.refused(w.tokenRequest(good+"&client_id="+w.other.ID), 401, "assertion_claims", "CN-35")
	r := w.tokenRequest(good)
	r.ContentLength = 100 << 20
	w.refused(r, 413, "body_too_large", "CN-35")
}
