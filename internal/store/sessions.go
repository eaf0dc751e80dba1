package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/shuqiao/shuqiao/internal/access"
)

// accessStore implements access.Store.
type accessStore struct{ *database }

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:s"`

	Hash      string `bun:"hash,pk"`
	Person    string `bun:"person"`
	CreatedAt micros `bun:"created_at"`
	LastSeen  micros `bun:"last_seen"`
	ExpiresAt micros `bun:"expires_at"`
}

func (s accessStore) InsertSession(ctx context.Context, hash string, x access.Session) error {
	return s.insert(ctx, "session", s.w(ctx).NewInsert().Model(&sessionRow{Hash: hash, Person: x.Person,
		CreatedAt: toMicros(x.CreatedAt), LastSeen: toMicros(x.LastSeen), ExpiresAt: toMicros(x.ExpiresAt)}))
}

func (s accessStore) SessionByHash(ctx context.Context, hash string) (access.Session, error) {
	var row sessionRow
	// The hash stays out of the fault: it finds a session.
	if err := s.one(ctx, "session", "会话", "", s.r(ctx).NewSelect().Model(&row).Where("hash = ?", hash)); err != nil {
		return access.Session{}, err
	}
	return access.Session{Person: row.Person, CreatedAt: row.CreatedAt.Time(), LastSeen: row.LastSeen.Time(),
		ExpiresAt: row.ExpiresAt.Time()}, nil
}

func (s accessStore) TouchSession(ctx context.Context, hash string, seen time.Time) error {
	_, err := s.affected(ctx, "touch session", s.w(ctx).NewUpdate().Model((*sessionRow)(nil)).
		Set("last_seen = ?", toMicros(seen)).Where("hash = ?", hash))
	return err
}

func (s accessStore) DeleteSession(ctx context.Context, hash string) error {
	_, err := s.affected(ctx, "delete session", s.w(ctx).NewDelete().Model((*sessionRow)(nil)).Where("hash = ?", hash))
	return err
}

func (s accessStore) DeleteSessionsOf(ctx context.Context, person string) error {
	_, err := s.affected(ctx, "delete sessions", s.w(ctx).NewDelete().Model((*sessionRow)(nil)).Where("person = ?", person))
	return err
}

func (s accessStore) DeleteExpired(ctx context.Context, now, idleSince time.Time) (int, error) {
	return s.affected(ctx, "delete expired sessions", s.w(ctx).NewDelete().Model((*sessionRow)(nil)).
		Where("expires_at <= ? OR last_seen <= ?", toMicros(now), toMicros(idleSince)))
}
