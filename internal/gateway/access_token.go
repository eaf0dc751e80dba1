package gateway

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/shuqiao/shuqiao/internal/ident"
)

const (
	tokenLife     = 10 * time.Minute
	tokenType     = "at+jwt" // RFC 9068
	maxToken      = 2 << 10
	tokensInStock = 10000
)

// tokens issues and verifies access tokens. A token that was verified once is
// known by its text until it expires: only what can change, the system and
// the credential behind it, is looked at again at each call.
type tokens struct {
	issuer string
	signer jose.Signer
	public ed25519.PublicKey
	mu     sync.RWMutex
	known  map[string]accessToken
}

type accessToken struct {
	system, credential string
	expires            time.Time
}

// tokenClaims are those of RFC 9068, with the credential that the token was
// given for: it dies with it.
type tokenClaims struct {
	jwt.Claims
	Credential string `json:"cred"`
}

func newTokens(issuer string, key ed25519.PrivateKey) (*tokens, error) {
	public := key.Public().(ed25519.PublicKey)
	sum := sha256.Sum256(public)
	opts := (&jose.SignerOptions{}).WithType(tokenType).
		WithHeader("kid", base64.RawURLEncoding.EncodeToString(sum[:8]))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, opts)
	if err != nil {
		return nil, err
	}
	return &tokens{issuer: issuer, signer: signer, public: public, known: map[string]accessToken{}}, nil
}

func (t *tokens) issue(system, credential string, now time.Time) (string, error) {
	return jwt.Signed(t.signer).Claims(tokenClaims{
		Claims: jwt.Claims{
			Issuer: t.issuer, Subject: system, Audience: jwt.Audience{t.issuer},
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(tokenLife)), ID: ident.New(),
		},
		Credential: credential,
	}).Serialize()
}

func (t *tokens) verify(raw string, now time.Time) (accessToken, error) {
	t.mu.RLock()
	a, ok := t.known[raw]
	t.mu.RUnlock()
	if !ok {
		var err error
		if a, err = t.parse(raw); err != nil {
			return accessToken{}, err
		}
		if now.Before(a.expires) {
			t.remember(raw, a, now)
		}
	}
	if !now.Before(a.expires) {
		return accessToken{}, unauthenticated("token_expired", "访问令牌已过期，请重新获取。")
	}
	return a, nil
}

func (t *tokens) parse(raw string) (accessToken, error) {
	invalid := unauthenticated("token_invalid", "访问令牌无效。")
	if len(raw) > maxToken {
		return accessToken{}, invalid
	}
	token, err := jwt.ParseSigned(raw, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil || len(token.Headers) != 1 || token.Headers[0].ExtraHeaders[jose.HeaderType] != tokenType {
		return accessToken{}, invalid
	}
	var c tokenClaims
	if token.Claims(t.public, &c) != nil || c.Issuer != t.issuer || !c.Audience.Contains(t.issuer) ||
		c.Expiry == nil || c.Subject == "" || c.Credential == "" {
		return accessToken{}, invalid
	}
	return accessToken{c.Subject, c.Credential, c.Expiry.Time()}, nil
}

// remember keeps the stock small: when it is full the expired go, and if that
// is not enough, all.
func (t *tokens) remember(raw string, a accessToken, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= tokensInStock {
		for k, v := range t.known {
			if !now.Before(v.expires) {
				delete(t.known, k)
			}
		}
		if len(t.known) >= tokensInStock {
			clear(t.known)
		}
	}
	t.known[raw] = a
}
