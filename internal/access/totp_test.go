package access_test

import (
	"bytes"
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

func (f *fixture) enrol(t *testing.T) (secret string) {
	t.Helper()
	uri, err := f.access.EnrolTOTP(context.Background(), f.p)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "otpauth" {
		t.Fatalf("%q, %v", uri, err)
	}
	return u.Query().Get("secret")
}

func (f *fixture) code(t *testing.T, secret string, off time.Duration) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, f.clock.Now().Add(off))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTOTP(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	secret := f.enrol(t)
	stored, err := f.Store.Secrets(ctx, f.p.Person.ID)
	if err != nil || bytes.Contains(stored.TOTPSecret, []byte(secret)) {
		t.Errorf("secret stored open, %v", err)
	}
	if got := f.try(t, right, ""); got != "" {
		t.Errorf("unconfirmed enrolment asks for a code: %q", got)
	}
	if err := f.access.ConfirmTOTP(ctx, f.p, "000000x"); !fault.Is(err, "totp_invalid") {
		t.Errorf("wrong code confirms: %v", err)
	}
	first := f.code(t, secret, 0)
	if err := f.access.ConfirmTOTP(ctx, f.p, first); err != nil {
		t.Fatal(err)
	}
	if _, err := f.access.EnrolTOTP(ctx, f.p); !fault.Is(err, "totp_enrolled") {
		t.Errorf("second enrolment: %v", err)
	}
	if got := f.try(t, right, ""); got != "totp_required" {
		t.Errorf("no code: %q", got)
	}
	if got := f.try(t, wrong, ""); got != "sign_in_failed" {
		t.Errorf("wrong password, no code: %q", got)
	}
	if got := f.try(t, right, first); got != "totp_invalid" {
		t.Errorf("used code: %q", got)
	}
	if got := f.try(t, right, f.code(t, secret, 30*time.Second)); got != "" {
		t.Errorf("one step ahead: %q", got)
	}
	f.clock.Advance(5 * time.Minute)
	for off, want := range map[time.Duration]string{-60 * time.Second: "totp_invalid", 60 * time.Second: "totp_invalid"} {
		if got := f.try(t, right, f.code(t, secret, off)); got != want {
			t.Errorf("code of %v: %q", off, got)
		}
	}
	if got := f.try(t, right, f.code(t, secret, -30*time.Second)); got != "" {
		t.Errorf("one step behind: %q", got)
	}
	if err := f.access.ResetTOTP(ctx, f.p, f.p.Person.ID); !fault.Is(err, "role_missing") {
		t.Errorf("a clerk unbinds: %v", err)
	}
	if err := f.access.ResetTOTP(ctx, f.Root, f.p.Person.ID); err != nil {
		t.Fatal(err)
	}
	if got := f.try(t, right, ""); got != "" {
		t.Errorf("unbound: %q", got)
	}
}

func TestWrongCodesLock(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	secret := f.enrol(t)
	if err := f.access.ConfirmTOTP(context.Background(), f.p, f.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Minute)
	for range access.MaxFailures {
		f.try(t, right, "12345")
	}
	if got := f.try(t, right, f.code(t, secret, 0)); got != "sign_in_failed" {
		t.Errorf("after five wrong codes: %q", got)
	}
}

// A sealed secret copied to another account opens nothing.
func TestTOTPSecretIsBoundToThePerson(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	secret := f.enrol(t)
	if err := f.access.ConfirmTOTP(ctx, f.p, f.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	stolen, err := f.Store.Secrets(ctx, f.p.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.p = f.Person(t, f.Root.Department, org.Supervisor)
	stolen.Person = f.p.Person.ID
	if err := f.Store.PutSecrets(ctx, stolen); err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(time.Minute)
	if got := f.try(t, right, f.code(t, secret, 0)); got != "totp_invalid" {
		t.Errorf("copied secret: %q", got)
	}
}
