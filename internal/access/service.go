package access

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/password"
)

// The bounds of guessing and of sessions, as classified protection (等保, GB/T
// 22239) asks for: failed sign-ins are limited, idle sessions end.
const (
	MaxFailures = 5                // wrong attempts in a row that lock an account
	LockTime    = 15 * time.Minute // how long it stays locked
	DefaultIdle = 30 * time.Minute // a session ends after that long without a call
	DefaultLife = 12 * time.Hour   // and after that long in any case
	touchEvery  = time.Minute      // how exact LastSeen is kept: one write a minute, not one a call
)

// Options of the service; the zero value is good.
type Options struct {
	Issuer string        // name shown in the authenticator app; empty: 数桥
	Idle   time.Duration // 0: DefaultIdle
	Life   time.Duration // 0: DefaultLife
}

// Service signs people in and out.
type Service struct {
	store     Store
	people    org.Store
	org       *org.Service
	clock     clock.Clock
	sealer    Sealer
	passwords *password.Hasher
	opts      Options
}

// NewService makes the service. It shares the password hasher of orgSvc, so
// that one bound holds for the memory of all hashing.
func NewService(store Store, people org.Store, orgSvc *org.Service, clk clock.Clock, sealer Sealer, opts Options) *Service {
	if opts.Issuer == "" {
		opts.Issuer = "数桥"
	}
	if opts.Idle <= 0 {
		opts.Idle = DefaultIdle
	}
	if opts.Life <= 0 {
		opts.Life = DefaultLife
	}
	return &Service{store: store, people: people, org: orgSvc, clock: clk, sealer: sealer,
		passwords: orgSvc.Passwords(), opts: opts}
}

// HashPassword gives the argon2id PHC string of a password, as org keeps it.
func (s *Service) HashPassword(ctx context.Context, plain string) (string, error) {
	return s.passwords.Hash(ctx, plain)
}

// errSignIn is the one answer to every failed attempt.
func errSignIn() error {
	return fault.New(fault.Unauthenticated, "sign_in_failed",
		"用户名或者口令不正确；连续输错5次的账号锁定15分钟")
}

// errSession is the one answer to every token that does not hold.
func errSession() error {
	return fault.New(fault.Unauthenticated, "session_ended", "尚未登录或者登录已失效，请重新登录")
}
