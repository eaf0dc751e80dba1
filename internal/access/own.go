package access

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// TOTPEnrolled tells whether sign-in asks the principal for a one-time code.
func (s *Service) TOTPEnrolled(ctx context.Context, p org.Principal) (bool, error) {
	x, err := s.people.Secrets(ctx, p.Person.ID)
	return enrolled(x), err
}

// RemoveTOTP unbinds the principal's own phone against a current code: whoever
// finds an open session cannot take the second factor away. A wrong code counts
// as a failed sign-in, so that it cannot be guessed; five of them end the
// account's sessions and lock it. Faults: "totp_not_enrolled", "totp_invalid".
func (s *Service) RemoveTOTP(ctx context.Context, p org.Principal, code string) error {
	var refused error
	err := s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.people.Secrets(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		if !enrolled(x) {
			refused = fault.New(fault.Illegal, "totp_not_enrolled", "没有绑定动态验证码")
			return nil
		}
		now := s.clock.Now()
		if refused = s.acceptCode(&x, code, now); refused == nil {
			x.TOTPSecret, x.TOTPLast, x.Failures = nil, 0, 0
			return s.people.PutSecrets(ctx, x)
		}
		// The refusal is answered after the failure is kept: an error in here
		// would take it back.
		fail(&x, now)
		if err := s.people.PutSecrets(ctx, x); err != nil {
			return err
		}
		if x.LockedUntil != nil && now.Before(*x.LockedUntil) {
			return s.store.DeleteSessionsOf(ctx, p.Person.ID)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return refused
}

// EndSessions ends every session of the principal, the present one included:
// for somebody who left one open elsewhere.
func (s *Service) EndSessions(ctx context.Context, p org.Principal) error {
	return s.store.DeleteSessionsOf(ctx, p.Person.ID)
}
