package org

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
)

// How long an assertion key may serve: it has no expiry of its own, unlike a
// certificate. A key is never for ever.
const (
	defaultKeyLife = 365 * 24 * time.Hour
	maxKeyLife     = 2 * 365 * 24 * time.Hour
)

// CredentialInput is a public key as an engineer hands it in.
type CredentialInput struct {
	Kind CredentialKind
	// PEM holds one certificate, for CertThumbprint.
	PEM string
	// JWK holds one public key as JSON, for AssertionKey.
	JWK string
	// NotAfter ends an AssertionKey: at most two years from now; zero means one
	// year. A certificate brings its own.
	NotAfter time.Time
}

// AddCredential gives a system of the principal's own department one more way
// to prove itself. Only public keys are taken: EC P-256 or P-384, Ed25519, or
// RSA of 2048 bits and more. The fault "credential_invalid" says what is wrong;
// a key that any system has already is "already_exists".
func (s *Service) AddCredential(ctx context.Context, p Principal, systemID string, in CredentialInput) (Credential, error) {
	var cred Credential
	err := s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.ownSystem(ctx, p, systemID)
		if err != nil {
			return err
		}
		if cred, err = readCredential(in, s.clock.Now()); err != nil {
			return err
		}
		cred.System = x.ID
		return s.store.InsertCredential(ctx, cred)
	})
	return cred, err
}

// RevokeCredential ends a credential of a system at once and for ever; revoking
// it again changes nothing.
func (s *Service) RevokeCredential(ctx context.Context, p Principal, systemID, credentialID string) error {
	return s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.ownSystem(ctx, p, systemID)
		if err != nil {
			return err
		}
		for _, c := range x.Credentials {
			if c.ID != credentialID {
				continue
			}
			if c.RevokedAt != nil {
				return nil
			}
			return s.store.RevokeCredential(ctx, credentialID, s.clock.Now())
		}
		return fault.Missing("凭证", credentialID)
	})
}

// readCredential checks the key handed in and fills everything but the system.
func readCredential(in CredentialInput, now time.Time) (Credential, error) {
	var c fault.Collector
	out := Credential{ID: ident.New(), Kind: in.Kind, CreatedAt: now}
	switch in.Kind {
	case CertThumbprint:
		cert, bad := parseCertificate(in.PEM)
		if bad != nil {
			c.Add("pem", bad.code, bad.message, "CN-35")
			break
		}
		out.Thumb = SPKIThumbprint(cert)
		out.Value, out.NotAfter = out.Thumb, cert.NotAfter.UTC()
		if !out.NotAfter.After(now) {
			c.Add("pem", "expired", "证书已过期", "CN-35")
		}
	case AssertionKey:
		value, thumb, bad := parseJWK(in.JWK)
		if bad != nil {
			c.Add("jwk", bad.code, bad.message, "CN-35")
		}
		out.Value, out.Thumb, out.NotAfter = value, thumb, in.NotAfter.UTC().Truncate(time.Microsecond)
		if in.NotAfter.IsZero() {
			out.NotAfter = now.Add(defaultKeyLife)
		}
		if !out.NotAfter.After(now) || out.NotAfter.After(now.Add(maxKeyLife)) {
			c.Add("not_after", "out_of_range", "公钥有效期应晚于当前时间，且不超过两年", "CN-35")
		}
	default:
		c.Add("kind", "not_in_list", "凭证类别应为证书（cert）或者公钥（jwk）", "")
	}
	return out, c.Err("credential_invalid", "凭证有误", "")
}
