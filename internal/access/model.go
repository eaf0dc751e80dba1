package access

import "time"

// Session is one sign-in.
type Session struct {
	ID        string // the token: 32 random bytes, base64url; only its SHA-256 is stored
	Person    string // person ID
	CreatedAt time.Time
	LastSeen  time.Time
	ExpiresAt time.Time // absolute end; idleness may end it earlier
}
