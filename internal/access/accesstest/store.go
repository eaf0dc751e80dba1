// Package accesstest keeps sessions in memory, for unit tests.
package accesstest

import (
	"context"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/fault"
)

// Transactions is what the sessions share with the other stores of a test.
type Transactions interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store implements access.Store. A failed transaction does not undo its own
// writes: no test depends on it.
type Store struct {
	Transactions
	mu       sync.Mutex
	sessions map[string]access.Session
}

// NewStore makes an empty store.
func NewStore(tx Transactions) *Store {
	return &Store{Transactions: tx, sessions: map[string]access.Session{}}
}

// InsertSession implements access.Store.
func (s *Store) InsertSession(_ context.Context, hash string, x access.Session) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.ID = ""
	s.sessions[hash] = x
	return nil
}

// SessionByHash implements access.Store.
func (s *Store) SessionByHash(_ context.Context, hash string) (access.Session, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, ok := s.sessions[hash]
	if !ok {
		return x, fault.Missing("会话", "")
	}
	return x, nil
}

// TouchSession implements access.Store.
func (s *Store) TouchSession(_ context.Context, hash string, seen time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if x, ok := s.sessions[hash]; ok {
		x.LastSeen = seen
		s.sessions[hash] = x
	}
	return nil
}

// DeleteSession implements access.Store.
func (s *Store) DeleteSession(_ context.Context, hash string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, hash)
	return nil
}

// DeleteSessionsOf implements access.Store.
func (s *Store) DeleteSessionsOf(_ context.Context, person string) error {
	s.drop(func(x access.Session) bool { return x.Person == person })
	return nil
}

// DeleteExpired implements access.Store.
func (s *Store) DeleteExpired(_ context.Context, now, idleSince time.Time) (int, error) {
	return s.drop(func(x access.Session) bool { return !x.ExpiresAt.After(now) || !x.LastSeen.After(idleSince) }), nil
}

func (s *Store) drop(gone func(access.Session) bool) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash, x := range s.sessions {
		if gone(x) {
			delete(s.sessions, hash)
			n++
		}
	}
	return n
}

// Hashes tells what is stored in place of the tokens.
func (s *Store) Hashes() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for hash := range s.sessions {
		out = append(out, hash)
	}
	return out
}
