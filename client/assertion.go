package client

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Assertion is how a system proves itself without a client certificate: a
// short signed statement (RFC 7523), exchanged for an access token of minutes.
type Assertion struct {
	System string        // ID of the registered system
	Key    crypto.Signer // ECDSA on P-256 or P-384, or Ed25519; it may be in hardware
	KeyID  string        // of the registered key; needed only to tell two apart
	// Audience is the address that the node knows itself by; default: the
	// URL of the node. The path of tokens is added.
	Audience string
}

// assertionLife is short: an assertion is used at once.
const assertionLife = 2 * time.Minute

// algorithm is decided by the key.
func algorithm(key crypto.Signer) (string, error) {
	if key == nil {
		return "", errors.New("client: no key")
	}
	switch pub := key.Public().(type) {
	case *ecdsa.PublicKey:
		switch pub.Curve {
		case elliptic.P256():
			return "ES256", nil
		case elliptic.P384():
			return "ES384", nil
		}
	case ed25519.PublicKey:
		return "EdDSA", nil
	}
	return "", errors.New("client: the key is neither ECDSA on P-256 or P-384 nor Ed25519")
}

// sign makes an assertion for the node at base.
func (a *Assertion) sign(base string, now time.Time) (string, error) {
	alg, err := algorithm(a.Key)
	if err != nil {
		return "", err
	}
	var id [16]byte
	if _, err := rand.Read(id[:]); err != nil {
		return "", err
	}
	audience := a.Audience
	if audience == "" {
		audience = base
	}
	head := map[string]string{"alg": alg, "typ": "JWT"}
	if a.KeyID != "" {
		head["kid"] = a.KeyID
	}
	claims := map[string]any{"iss": a.System, "sub": a.System, "aud": strings.TrimSuffix(audience, "/") + "/share/token",
		"jti": hex.EncodeToString(id[:]), "iat": now.Unix(), "exp": now.Add(assertionLife).Unix()}
	text := ""
	for _, part := range []any{head, claims} {
		b, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		text += "." + base64.RawURLEncoding.EncodeToString(b)
	}
	text = text[1:]
	sig, err := signature(a.Key, alg, []byte(text))
	if err != nil {
		return "", fmt.Errorf("client: signing: %w", err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(sig), nil
}

// signature is in the form of RFC 7518: of ECDSA the two numbers side by side.
func signature(key crypto.Signer, alg string, text []byte) ([]byte, error) {
	var digest []byte
	var hash crypto.Hash
	size := 32
	switch alg {
	case "EdDSA":
		return key.Sign(rand.Reader, text, crypto.Hash(0))
	case "ES384":
		sum := sha512.Sum384(text)
		digest, hash, size = sum[:], crypto.SHA384, 48
	default:
		sum := sha256.Sum256(text)
		digest, hash = sum[:], crypto.SHA256
	}
	der, err := key.Sign(rand.Reader, digest, hash)
	if err != nil {
		return nil, err
	}
	var n struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &n); err != nil || len(rest) > 0 {
		return nil, errors.New("not an ECDSA signature")
	}
	out := make([]byte, 2*size)
	n.R.FillBytes(out[:size])
	n.S.FillBytes(out[size:])
	return out, nil
}

// tokens keeps the access token until shortly before its end.
type tokens struct {
	mu    sync.Mutex
	value string
	until time.Time
}

// early is how long before its end a token is renewed.
const early = 30 * time.Second

// bearer gives an access token, got anew where need be; "" without Assertion.
// Callers at the same time wait for one exchange.
func (c *Client) bearer(ctx context.Context) (string, error) {
	if c.Assertion == nil {
		return "", nil
	}
	c.token.mu.Lock()
	defer c.token.mu.Unlock()
	if now := c.Now(); c.token.value != "" && now.Before(c.token.until) {
		return c.token.value, nil
	}
	asked := c.Now()
	answer, err := c.exchange(ctx, asked)
	if err != nil {
		return "", err
	}
	life := time.Duration(answer.Expires) * time.Second
	c.token.value, c.token.until = answer.Token, asked.Add(life-min(early, life/2))
	return c.token.value, nil
}

// forget drops a token that the node does not take any more.
func (c *Client) forget(token string) {
	c.token.mu.Lock()
	defer c.token.mu.Unlock()
	if c.token.value == token {
		c.token.value = ""
	}
}

type tokenAnswer struct {
	Token   string `json:"access_token"`
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in"`
}

// exchange gets a token. Each try signs an assertion of its own: one works
// once.
func (c *Client) exchange(ctx context.Context, now time.Time) (out tokenAnswer, err error) {
	err = c.again(ctx, func() error {
		assertion, err := c.Assertion.sign(c.base, now)
		if err != nil {
			return err
		}
		form := url.Values{"grant_type": {"client_credentials"}, "client_assertion": {assertion},
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+"/share/token", strings.NewReader(form.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		a, err := c.send(req)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(a.body, &out); err != nil || out.Token == "" || !strings.EqualFold(out.Type, "Bearer") || out.Expires <= 0 {
			return errors.New("client: the node's answer holds no access token")
		}
		return nil
	})
	return out, err
}
