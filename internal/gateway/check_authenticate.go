package gateway

import (
	"crypto/x509"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// How a system proved itself, as the record says it.
const (
	authMTLS      = "mtls"
	authToken     = "token"
	authAssertion = "assertion"
)

// checkAuthenticate finds the calling system: by the public key of its TLS
// certificate, which the handshake has proved it to hold, or by an access
// token. With both, both must be good and of the same system.
func (g *Gateway) checkAuthenticate(c *call) error {
	bearer, hasBearer, err := bearerToken(c)
	if err != nil {
		return err
	}
	hasCert := c.req.cert != nil
	if !hasBearer && !hasCert {
		return unauthenticated("credential_missing", "请使用已登记的客户端证书（双向 TLS）或访问令牌调用。")
	}
	if hasCert {
		if err := g.byCertificate(c, c.req.cert, c.req.thumb); err != nil {
			return err
		}
	}
	if hasBearer {
		return g.byToken(c, bearer)
	}
	return nil
}

func (g *Gateway) byCertificate(c *call, cert *x509.Certificate, thumb string) error {
	sys, cred, err := c.snap.byThumb(c.ctx, thumb)
	if err != nil {
		return err
	}
	if cred.Kind != org.CertThumbprint {
		return unauthenticated("credential_unknown", "该证书未登记。")
	}
	c.authenticated(sys, cred.ID, authMTLS)
	if c.at.Before(cert.NotBefore) || !c.at.Before(cert.NotAfter) {
		return unauthenticated("certificate_not_valid", "证书尚未生效或已过有效期。")
	}
	return credentialInForce(cred, c.at)
}

func (g *Gateway) byToken(c *call, raw string) error {
	t, err := g.tokens.verify(raw, c.at)
	if err != nil {
		return err
	}
	if c.sys != nil && c.sys.ID != t.system {
		return unauthenticated("credentials_disagree", "客户端证书与访问令牌不属于同一系统。")
	}
	sys, err := c.snap.system(c.ctx, t.system)
	if err != nil {
		return err
	}
	cred, ok := sys.credential(t.credential)
	if !ok {
		return unauthenticated("credential_unknown", "签发访问令牌所依据的凭证已不存在。")
	}
	c.authenticated(sys, cred.ID, authToken)
	return credentialInForce(cred, c.at)
}

// bearerToken reads the Authorization header; another scheme or a second
// header is refused instead of overlooked.
func bearerToken(c *call) (token string, ok bool, err error) {
	values := c.req.header.Values("Authorization")
	if len(values) == 0 {
		return "", false, nil
	}
	scheme, token, found := strings.Cut(values[0], " ")
	if len(values) > 1 || !found || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return "", false, unauthenticated("token_invalid", "Authorization 头应为一个 Bearer 访问令牌。")
	}
	return token, true, nil
}

// credentialInForce decides at each call what depends on the time.
func credentialInForce(cred org.Credential, now time.Time) error {
	switch {
	case cred.RevokedAt != nil && !now.Before(*cred.RevokedAt):
		return unauthenticated("credential_revoked", "该凭证已被撤销。")
	case !cred.NotAfter.IsZero() && !now.Before(cred.NotAfter):
		return unauthenticated("credential_expired", "该凭证已过有效期。")
	}
	return nil
}

func unauthenticated(code, message string) error {
	return fault.New(fault.Unauthenticated, code, message).Under("CN-35")
}
