package access

import (
	"context"
	"time"
)

// Store is what this package needs kept: sessions, by the hash of their token.
// Not found is fault.Missing.
type Store interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error

	// InsertSession keeps a session under the hash of its token (hex SHA-256).
	// Session.ID is never stored: it is the token itself.
	InsertSession(ctx context.Context, hash string, s Session) error
	// SessionByHash gives the session with an empty ID.
	SessionByHash(ctx context.Context, hash string) (Session, error)
	// TouchSession moves LastSeen; no error when the session is gone.
	TouchSession(ctx context.Context, hash string, seen time.Time) error
	// DeleteSession ends a session; no error when it is gone.
	DeleteSession(ctx context.Context, hash string) error
	// DeleteSessionsOf ends all sessions of a person, as after a new password.
	DeleteSessionsOf(ctx context.Context, person string) error
	// DeleteExpired removes the sessions with ExpiresAt not after now, or
	// LastSeen not after idleSince, and tells how many.
	DeleteExpired(ctx context.Context, now, idleSince time.Time) (int, error)
}
