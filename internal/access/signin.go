package access

import (
	"context"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/password"
)

// SignIn checks the password and, where one is enrolled, the one-time code, and
// starts a session. Faults:
//
//   - "sign_in_failed" for an unknown user, a wrong password, a locked or a
//     disabled account alike;
//   - "totp_required" when the password is right and the code is missing;
//   - "totp_invalid" when the code is wrong or was used before; it counts as a
//     failure;
//   - "sign_in_busy" when too many wait.
//
// The token is shown once; only its hash is kept.
func (s *Service) SignIn(ctx context.Context, username, plain, code string) (token string, p org.Principal, err error) {
	person, secrets, err := s.account(ctx, username)
	if err != nil {
		return "", org.Principal{}, err
	}
	// Hashing takes long: outside the transaction, and for everybody. A
	// password longer than the policy allows cannot be right.
	fits, err := s.passwords.Verify(ctx, secrets.PasswordHash, clip(plain))
	if err != nil {
		return "", org.Principal{}, err
	}
	if person.ID == "" || person.Disabled {
		return "", org.Principal{}, errSignIn()
	}
	var refused error
	err = s.store.Do(ctx, func(ctx context.Context) error {
		// What was read before hashing is old: others may have tried meanwhile.
		now, err := s.people.Secrets(ctx, person.ID)
		if err != nil {
			return err
		}
		if now.PasswordHash != secrets.PasswordHash {
			refused = errSignIn()
			return nil
		}
		if refused = s.judge(&now, fits, code); refused == nil {
			token, err = s.start(ctx, person.ID)
			if err != nil {
				return err
			}
		}
		return s.people.PutSecrets(ctx, now)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", org.Principal{}, err
	}
	if p, err = s.org.Principal(ctx, person.ID); err != nil {
		return "", org.Principal{}, err
	}
	p.Session = hashToken(token)[:sessionName]
	return token, p, nil
}

// account finds the person and the secrets; both are empty for an unknown name.
func (s *Service) account(ctx context.Context, username string) (org.Person, org.Secrets, error) {
	person, err := s.people.PersonByUsername(ctx, strings.ToLower(strings.TrimSpace(username)))
	if notFound(err) {
		return org.Person{}, org.Secrets{}, nil
	}
	if err != nil {
		return org.Person{}, org.Secrets{}, err
	}
	secrets, err := s.people.Secrets(ctx, person.ID)
	if notFound(err) {
		err = nil
	}
	return person, secrets, err
}

// judge decides an attempt and changes what the account remembers of it. A
// locked account answers like a wrong password whatever was typed, so that a
// guesser learns nothing while it is locked; attempts then do not prolong it.
func (s *Service) judge(x *org.Secrets, fits bool, code string) error {
	now := s.clock.Now()
	if x.LockedUntil != nil {
		if now.Before(*x.LockedUntil) {
			return errSignIn()
		}
		x.LockedUntil, x.Failures = nil, 0
	}
	if !fits {
		fail(x, now)
		return errSignIn()
	}
	if enrolled(*x) {
		if strings.TrimSpace(code) == "" {
			return fault.New(fault.Unauthenticated, "totp_required", "请输入动态验证码")
		}
		if err := s.acceptCode(x, code, now); err != nil {
			fail(x, now)
			return err
		}
	}
	x.Failures = 0
	return nil
}

func fail(x *org.Secrets, now time.Time) {
	if x.Failures++; x.Failures >= MaxFailures {
		until := now.Add(LockTime)
		x.LockedUntil = &until
	}
}

// ChangePassword replaces the principal's own password after checking the old
// one, which counts as an attempt, and ends all the person's sessions.
func (s *Service) ChangePassword(ctx context.Context, p org.Principal, old, fresh string) error {
	if err := password.Check(fresh, p.Person.Username); err != nil {
		return err
	}
	secrets, err := s.people.Secrets(ctx, p.Person.ID)
	if err != nil {
		return err
	}
	fits, err := s.passwords.Verify(ctx, secrets.PasswordHash, clip(old))
	if err != nil {
		return err
	}
	phc, err := s.passwords.Hash(ctx, fresh)
	if err != nil {
		return err
	}
	var refused error
	err = s.store.Do(ctx, func(ctx context.Context) error {
		now, err := s.people.Secrets(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		if now.LockedUntil != nil && s.clock.Now().Before(*now.LockedUntil) || now.PasswordHash != secrets.PasswordHash {
			refused = errSignIn()
			return nil
		}
		if !fits {
			fail(&now, s.clock.Now())
			refused = errSignIn()
			return s.people.PutSecrets(ctx, now)
		}
		now.PasswordHash, now.Failures, now.LockedUntil = phc, 0, nil
		if err := s.people.PutSecrets(ctx, now); err != nil {
			return err
		}
		return s.store.DeleteSessionsOf(ctx, p.Person.ID)
	})
	if err == nil {
		err = refused
	}
	return err
}

// clip bounds what is hashed; the cut keeps one character more than the policy
// allows, so that an over-long password stays wrong.
func clip(plain string) string {
	if r := []rune(plain); len(r) > password.MaxLength {
		return string(r[:password.MaxLength+1])
	}
	return plain
}

func notFound(err error) bool {
	f, ok := fault.As(err)
	return ok && f.Kind == fault.NotFound
}
