package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"

	"github.com/shuqiao/shuqiao/internal/org"
)

const (
	tokenBytes = 32
	// sessionName is how many hex digits of the token's hash name a session in
	// logs: enough to tell sessions apart, useless to sign in with.
	sessionName = 16
)

func newToken() string {
	b := make([]byte, tokenBytes)
	rand.Read(b) // never fails
	return base64.RawURLEncoding.EncodeToString(b)
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

func (s *Service) start(ctx context.Context, person string) (string, error) {
	token, now := newToken(), s.clock.Now()
	return token, s.store.InsertSession(ctx, hashToken(token), Session{
		ID: token, Person: person, CreatedAt: now, LastSeen: now, ExpiresAt: now.Add(s.opts.Life),
	})
}

// Authenticate gives the principal of a running session. Every token that does
// not hold is the fault "session_ended": unknown, over, idle for too long, or
// of a disabled account.
func (s *Service) Authenticate(ctx context.Context, token string) (org.Principal, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return org.Principal{}, errSession()
	}
	hash := hashToken(token)
	x, err := s.store.SessionByHash(ctx, hash)
	if notFound(err) {
		return org.Principal{}, errSession()
	}
	if err != nil {
		return org.Principal{}, err
	}
	now := s.clock.Now()
	if !now.Before(x.ExpiresAt) || !now.Before(x.LastSeen.Add(s.opts.Idle)) {
		return org.Principal{}, errSession()
	}
	p, err := s.org.Principal(ctx, x.Person)
	if err != nil {
		if notFound(err) {
			err = errSession()
		}
		return org.Principal{}, err
	}
	if p.Person.Disabled {
		return org.Principal{}, errSession()
	}
	if !now.Before(x.LastSeen.Add(touchEvery)) {
		if err := s.store.TouchSession(ctx, hash, now); err != nil {
			return org.Principal{}, err
		}
	}
	p.Session = hash[:sessionName]
	return p, nil
}

// SignOut ends a session; a token that does not hold is no error.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.store.DeleteSession(ctx, hashToken(token))
}

// Sweep removes sessions that are over and tells how many. They are refused
// without it; it only keeps the table small.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	now := s.clock.Now()
	return s.store.DeleteExpired(ctx, now, now.Add(-s.opts.Idle))
}
