package access_test

import (
	"context"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/fault"
)

func TestRemovingTheOwnTOTP(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	if err := f.access.RemoveTOTP(ctx, f.p, "123456"); !fault.Is(err, "totp_not_enrolled") {
		t.Errorf("nothing bound: %v", err)
	}
	secret := f.enrol(t)
	if on, err := f.access.TOTPEnrolled(ctx, f.p); err != nil || on {
		t.Errorf("not confirmed yet: %v, %v", on, err)
	}
	if err := f.access.ConfirmTOTP(ctx, f.p, f.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	if on, err := f.access.TOTPEnrolled(ctx, f.p); err != nil || !on {
		t.Errorf("%v, %v", on, err)
	}
	if err := f.access.RemoveTOTP(ctx, f.p, f.code(t, secret, 0)); !fault.Is(err, "totp_invalid") {
		t.Errorf("a used code: %v", err)
	}
	f.clock.Advance(time.Minute)
	if err := f.access.RemoveTOTP(ctx, f.p, f.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	if got := f.try(t, right, ""); got != "" {
		t.Errorf("sign-in still asks: %q", got)
	}
}

// Whoever finds an open session cannot guess the code: five wrong ones end the
// account's sessions and lock it.
func TestGuessingWhileRemovingTOTPEndsTheSessions(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	token, _, err := f.access.SignIn(ctx, f.p.Person.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	secret := f.enrol(t)
	if err := f.access.ConfirmTOTP(ctx, f.p, f.code(t, secret, 0)); err != nil {
		t.Fatal(err)
	}
	for n := range access.MaxFailures {
		if _, err := f.access.Authenticate(ctx, token); err != nil {
			t.Fatalf("after %d: %v", n, err)
		}
		if err := f.access.RemoveTOTP(ctx, f.p, "x"); !fault.Is(err, "totp_invalid") {
			t.Errorf("%v", err)
		}
	}
	if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
		t.Errorf("the session goes on: %v", err)
	}
	f.clock.Advance(time.Minute)
	if got := f.try(t, right, f.code(t, secret, 0)); got != "sign_in_failed" {
		t.Errorf("not locked: %q", got)
	}
}

func TestEndSessionsEndsAllOfOnesOwn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	var tokens []string
	for range 2 {
		token, _, err := f.access.SignIn(ctx, f.p.Person.Username, right, "")
		if err != nil {
			t.Fatal(err)
		}
		tokens = append(tokens, token)
	}
	if err := f.access.EndSessions(ctx, f.p); err != nil {
		t.Fatal(err)
	}
	for _, token := range tokens {
		if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
			t.Errorf("%v", err)
		}
	}
}
