package gateway

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"slices"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Bounds of a client assertion.
const (
	assertionLife = 5 * time.Minute
	clockSkew     = 30 * time.Second // a caller's clock may run ahead by this
	maxAssertion  = 8 << 10
	maxJTI        = 128
)

// assertionAlgs are the signatures that are taken. There is no symmetric one
// and no "none", so nothing can be confused with them; RS256 is left out for
// its padding.
var assertionAlgs = []jose.SignatureAlgorithm{jose.ES256, jose.ES384, jose.EdDSA, jose.PS256}

// assertionKey is a public key with the one algorithm that it is used with.
type assertionKey struct {
	credential org.Credential
	alg        jose.SignatureAlgorithm
	kid        string
	key        any
}

// assertionKeys reads the keys of a system. One that cannot be used is left
// out: it verifies nothing.
func assertionKeys(creds []org.Credential) []assertionKey {
	var keys []assertionKey
	for _, c := range creds {
		var j jose.JSONWebKey
		if c.Kind != org.AssertionKey || j.UnmarshalJSON([]byte(c.Value)) != nil || !j.IsPublic() || !j.Valid() {
			continue
		}
		alg := algorithm(j.Key)
		if alg == "" || j.Use != "" && j.Use != "sig" || j.Algorithm != "" && j.Algorithm != string(alg) {
			continue
		}
		keys = append(keys, assertionKey{c, alg, j.KeyID, j.Key})
	}
	return keys
}

// algorithm is decided by the key, never by what a token says.
func algorithm(key any) jose.SignatureAlgorithm {
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return jose.ES256
		case elliptic.P384():
			return jose.ES384
		}
	case ed25519.PublicKey:
		return jose.EdDSA
	case *rsa.PublicKey:
		if k.N.BitLen() >= 2048 {
			return jose.PS256
		}
	}
	return ""
}

// checkAssertion verifies a client assertion (RFC 7523, 3) and remembers it,
// so that it works once on all replicas. The signature comes before the
// memory: nobody else can use up a system's assertions.
func (g *Gateway) checkAssertion(c *call, raw string) error {
	token, claimed, err := parseAssertion(raw)
	if err != nil {
		return err
	}
	sys, err := c.snap.system(c.ctx, claimed.Subject)
	if err != nil {
		return err
	}
	claims, cred, err := verifyAssertion(token, sys.keys)
	if err != nil {
		return err
	}
	c.authenticated(sys, cred.ID, authAssertion)
	if err := credentialInForce(cred, c.at); err != nil {
		return err
	}
	if err := g.checkClaims(claims, c.at); err != nil {
		return err
	}
	first, err := g.Store.TakeAssertion(c.ctx, sys.ID, claims.ID, claims.Expiry.Time())
	switch {
	case err != nil:
		return fault.New(fault.Unavailable, "replay_check_unavailable", "暂时无法核对断言，请稍后重试。").Under("CN-35").Because(plain{err})
	case !first:
		return unauthenticated("assertion_replayed", "该断言已被使用过，每次请签发新的断言。")
	}
	return nil
}

func parseAssertion(raw string) (*jwt.JSONWebToken, jwt.Claims, error) {
	malformed := unauthenticated("assertion_malformed", "客户端断言不是规范的签名 JWT。")
	var claims jwt.Claims
	if len(raw) > maxAssertion {
		return nil, claims, malformed
	}
	token, err := jwt.ParseSigned(raw, assertionAlgs)
	var algorithm *jose.ErrUnexpectedSignatureAlgorithm
	if errors.As(err, &algorithm) {
		return nil, claims, unauthenticated("assertion_algorithm", "断言的签名算法应为 ES256、ES384、EdDSA 或 PS256。")
	}
	if err != nil || len(token.Headers) != 1 || token.UnsafeClaimsWithoutVerification(&claims) != nil {
		return nil, claims, malformed
	}
	if typ, _ := token.Headers[0].ExtraHeaders[jose.HeaderType].(string); typ != "" && typ != "JWT" && typ != "client-authentication+jwt" {
		return nil, claims, malformed
	}
	if claims.Issuer == "" || claims.Issuer != claims.Subject || len(claims.Issuer) > maxJTI || !clean(claims.Issuer) {
		return nil, claims, unauthenticated("assertion_claims", "断言的 iss 与 sub 均应为系统编号。")
	}
	return token, claims, nil
}

// verifyAssertion tries the keys whose algorithm the token names; a key ID
// narrows them.
func verifyAssertion(token *jwt.JSONWebToken, keys []assertionKey) (jwt.Claims, org.Credential, error) {
	h := token.Headers[0]
	for _, k := range keys {
		if string(k.alg) != h.Algorithm {
			continue
		}
		if h.KeyID != "" && h.KeyID != k.kid && h.KeyID != k.credential.Thumb && h.KeyID != k.credential.ID {
			continue
		}
		var claims jwt.Claims
		if token.Claims(k.key, &claims) == nil {
			return claims, k.credential, nil
		}
	}
	return jwt.Claims{}, org.Credential{}, unauthenticated("assertion_signature", "断言的签名与已登记的公钥不符。")
}

func (g *Gateway) checkClaims(c jwt.Claims, now time.Time) error {
	refuse := func(code, message string) error { return unauthenticated(code, message) }
	switch {
	case c.Expiry == nil || c.IssuedAt == nil || c.ID == "" || len(c.Audience) == 0:
		return refuse("assertion_claims", "断言须有 aud、exp、iat 和 jti。")
	case len(c.ID) > maxJTI || !clean(c.ID):
		return refuse("assertion_claims", "断言的 jti 不得超过 128 字节。")
	case len(c.Audience) != 1 || !slices.Contains(g.TokenURLs, c.Audience[0]):
		return refuse("assertion_audience", "断言的 aud 应为本节点的令牌地址。")
	case !now.Before(c.Expiry.Time()):
		return refuse("assertion_expired", "断言已过期。")
	case c.IssuedAt.Time().After(now.Add(clockSkew)), c.NotBefore != nil && c.NotBefore.Time().After(now.Add(clockSkew)):
		return refuse("assertion_not_yet", "断言尚未生效，请校准系统时钟。")
	case c.Expiry.Time().After(now.Add(assertionLife + clockSkew)), c.Expiry.Time().Sub(c.IssuedAt.Time()) > assertionLife:
		return refuse("assertion_too_long", "断言的有效期不得超过 5 分钟。")
	}
	return nil
}
