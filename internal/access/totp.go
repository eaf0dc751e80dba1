package access

import (
	"context"
	"encoding/base32"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// What authenticator apps understand (RFC 6238 with its defaults), and how many
// steps the phone's clock may be off.
const (
	totpPeriod  = 30 // seconds
	totpSkew    = 1  // steps to either side
	totpSecret  = 20 // bytes: the length of a SHA-1 key, RFC 4226 section 4
	totpBinding = "\x00"
)

var codeOptions = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// enrolled tells whether sign-in asks for a code: only after a first code has
// confirmed that the phone holds the secret.
func enrolled(x org.Secrets) bool { return len(x.TOTPSecret) > 0 && x.TOTPLast > 0 }

// EnrolTOTP makes a new secret for the principal and gives it as an otpauth
// address, for a QR code. It counts once ConfirmTOTP has seen a code. With a
// confirmed one in place it is the fault "totp_enrolled".
func (s *Service) EnrolTOTP(ctx context.Context, p org.Principal) (uri string, err error) {
	key, err := totp.Generate(totp.GenerateOpts{
		Issuer: s.opts.Issuer, AccountName: p.Person.Username, Period: totpPeriod,
		SecretSize: totpSecret, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
	})
	if err != nil {
		return "", err
	}
	err = s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.people.Secrets(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		if enrolled(x) {
			return fault.New(fault.Conflict, "totp_enrolled", "已绑定动态验证码；更换设备请联系平台管理员解除绑定")
		}
		// The person's ID is sealed in, so that a secret copied to another row
		// of the database opens nothing.
		x.TOTPSecret, x.TOTPLast = s.sealer.Seal([]byte(p.Person.ID+totpBinding+key.Secret())), 0
		return s.people.PutSecrets(ctx, x)
	})
	return key.URL(), err
}

// ConfirmTOTP ends the enrolment with a first code. From then on sign-in asks
// for one. A wrong code is "totp_invalid".
func (s *Service) ConfirmTOTP(ctx context.Context, p org.Principal, code string) error {
	return s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.people.Secrets(ctx, p.Person.ID)
		if err != nil {
			return err
		}
		if len(x.TOTPSecret) == 0 || enrolled(x) {
			return fault.New(fault.Illegal, "totp_not_pending", "没有待确认的动态验证码绑定")
		}
		if err := s.acceptCode(&x, code, s.clock.Now()); err != nil {
			return err
		}
		return s.people.PutSecrets(ctx, x)
	})
}

// ResetTOTP unbinds a person's lost phone and ends the person's sessions. Who
// may change the person's account may do it.
func (s *Service) ResetTOTP(ctx context.Context, p org.Principal, personID string) error {
	if err := s.org.MayManage(ctx, p, personID); err != nil {
		return err
	}
	return s.store.Do(ctx, func(ctx context.Context) error {
		x, err := s.people.Secrets(ctx, personID)
		if err != nil {
			return err
		}
		x.TOTPSecret, x.TOTPLast = nil, 0
		if err := s.people.PutSecrets(ctx, x); err != nil {
			return err
		}
		return s.store.DeleteSessionsOf(ctx, personID)
	})
}

// acceptCode takes a code of the current time step or one beside it, once: a
// step at or before the last accepted one is over (RFC 6238 section 5.2).
func (s *Service) acceptCode(x *org.Secrets, code string, now time.Time) error {
	plain, err := s.sealer.Open(x.TOTPSecret)
	if err != nil {
		return err
	}
	secret, bound := strings.CutPrefix(string(plain), x.Person+totpBinding)
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(secret); err != nil || !bound {
		return fault.New(fault.Unauthenticated, "totp_invalid", "动态验证码不正确")
	}
	step := now.Unix() / totpPeriod
	for at := max(step-totpSkew, x.TOTPLast+1); at <= step+totpSkew; at++ {
		ok, err := hotp.ValidateCustom(code, uint64(at), secret, codeOptions)
		if err == nil && ok {
			x.TOTPLast = at
			return nil
		}
	}
	return fault.New(fault.Unauthenticated, "totp_invalid", "动态验证码不正确或者已经用过，请等待下一个验证码")
}
