package access_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/access/accesstest"
	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/org/orgtest"
)

var noon = time.Date(2025, 9, 1, 4, 0, 0, 0, time.UTC)

const right, wrong = "Right-horse-7", "Wrong-horse-7"

type fixture struct {
	*orgtest.World
	clock    *clock.Fake
	sessions *accesstest.Store
	access   *access.Service
	p        org.Principal // user p2, password right
}

// cheap is a PHC string that takes next to nothing to check, so that tests can
// afford many attempts.
func cheap(plain string) string {
	salt := []byte("0123456789abcdef")
	key := argon2.IDKey([]byte(plain), salt, 1, 8, 1, 32)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", b64.EncodeToString(salt), b64.EncodeToString(key))
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{clock: clock.NewFake(noon)}
	f.World = orgtest.NewWorld(t, f.clock)
	f.sessions = accesstest.NewStore(f.Store)
	sealer, err := access.NewAESSealer(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	f.access = access.NewService(f.sessions, f.Store, f.Service, f.clock, sealer, access.Options{})
	f.p = f.Person(t, f.Root.Department, org.Clerk)
	if err := f.Store.PutSecrets(context.Background(), org.Secrets{Person: f.p.Person.ID, PasswordHash: cheap(right)}); err != nil {
		t.Fatal(err)
	}
	return f
}

// try signs in and gives the fault's code, empty on success.
func (f *fixture) try(t *testing.T, plain, code string) string {
	t.Helper()
	_, _, err := f.access.SignIn(context.Background(), f.p.Person.Username, plain, code)
	if err == nil {
		return ""
	}
	x, ok := fault.As(err)
	if !ok {
		t.Fatal(err)
	}
	return x.Code
}

func TestSignInAndSession(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	token, p, err := f.access.SignIn(ctx, " "+strings.ToUpper(f.p.Person.Username)+" ", right, "")
	if err != nil || p.Person.ID != f.p.Person.ID || p.Territory != "130000" || p.Session == "" {
		t.Fatalf("%+v, %v", p, err)
	}
	for _, hash := range f.sessions.Hashes() {
		if strings.Contains(hash, token) || strings.Contains(token, p.Session) {
			t.Error("the token is stored or named")
		}
	}
	if q, err := f.access.Authenticate(ctx, token); err != nil || q.Session != p.Session {
		t.Errorf("%+v, %v", q, err)
	}
	for _, bad := range []string{"", "x", token + "A", strings.Repeat("A", 43)} {
		if _, err := f.access.Authenticate(ctx, bad); !fault.Is(err, "session_ended") {
			t.Errorf("token %q: %v", bad, err)
		}
	}
	if err := f.access.SignOut(ctx, token); err != nil {
		t.Fatal(err)
	}
	if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
		t.Errorf("after sign-out: %v", err)
	}
}

func TestSessionEnds(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	token, _, err := f.access.SignIn(ctx, f.p.Person.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	// A call every 29 minutes keeps it alive until 12 hours are over.
	for end := noon.Add(access.DefaultLife); ; {
		f.clock.Advance(29 * time.Minute)
		_, err := f.access.Authenticate(ctx, token)
		if over := !f.clock.Now().Before(end); over != (err != nil) {
			t.Fatalf("at %s: %v", f.clock.Now(), err)
		} else if over {
			break
		}
	}
	token, _, err = f.access.SignIn(ctx, f.p.Person.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	f.clock.Advance(access.DefaultIdle)
	if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
		t.Errorf("idle: %v", err)
	}
	if n, err := f.access.Sweep(ctx); err != nil || n != 2 {
		t.Errorf("swept %d, %v; want 2", n, err)
	}
}

func TestDisabledAccount(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	token, _, err := f.access.SignIn(ctx, f.p.Person.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	x := f.p.Person
	x.Disabled = true
	if err := f.Store.UpdatePerson(ctx, x); err != nil {
		t.Fatal(err)
	}
	if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
		t.Errorf("session of a disabled account: %v", err)
	}
	if got := f.try(t, right, ""); got != "sign_in_failed" {
		t.Errorf("sign-in: %q", got)
	}
}

// Nobody learns whether an account exists.
func TestUnknownUserLooksLikeWrongPassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	_, _, unknown := f.access.SignIn(ctx, "nobody", right, "")
	_, _, mistyped := f.access.SignIn(ctx, f.p.Person.Username, wrong, "")
	if unknown == nil || mistyped == nil || unknown.Error() != mistyped.Error() {
		t.Errorf("%v, %v", unknown, mistyped)
	}
}

func TestLockOut(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for range access.MaxFailures - 1 {
		f.try(t, wrong, "")
	}
	if got := f.try(t, right, ""); got != "" {
		t.Fatalf("right after four wrong ones: %q", got)
	}
	for range access.MaxFailures {
		f.try(t, wrong, "")
	}
	f.clock.Advance(access.LockTime - time.Second)
	if got := f.try(t, right, ""); got != "sign_in_failed" {
		t.Errorf("locked: %q", got)
	}
	f.clock.Advance(time.Second)
	if got := f.try(t, wrong, ""); got != "sign_in_failed" {
		t.Errorf("lock over, wrong: %q", got)
	}
	if got := f.try(t, right, ""); got != "" {
		t.Errorf("lock over, right: %q", got)
	}
}

// Guesses made side by side count like guesses one after the other.
func TestLockOutSideBySide(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var wg sync.WaitGroup
	for range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, _, _ = f.access.SignIn(context.Background(), f.p.Person.Username, wrong, "")
		}()
	}
	wg.Wait()
	x, err := f.Store.Secrets(context.Background(), f.p.Person.ID)
	if err != nil || x.Failures != access.MaxFailures || x.LockedUntil == nil {
		t.Errorf("%d failures, locked %v, %v", x.Failures, x.LockedUntil, err)
	}
}

func TestChangePassword(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ctx := context.Background()
	token, _, err := f.access.SignIn(ctx, f.p.Person.Username, right, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := f.access.ChangePassword(ctx, f.p, right, "short"); !fault.Is(err, "password_weak") {
		t.Errorf("weak: %v", err)
	}
	if err := f.access.ChangePassword(ctx, f.p, wrong, "Other-horse-8"); !fault.Is(err, "sign_in_failed") {
		t.Errorf("wrong old one: %v", err)
	}
	if err := f.access.ChangePassword(ctx, f.p, right, "Other-horse-8"); err != nil {
		t.Fatal(err)
	}
	if _, err := f.access.Authenticate(ctx, token); !fault.Is(err, "session_ended") {
		t.Errorf("old session: %v", err)
	}
	if old, fresh := f.try(t, right, ""), f.try(t, "Other-horse-8", ""); old != "sign_in_failed" || fresh != "" {
		t.Errorf("old %q, new %q", old, fresh)
	}
}

func TestSealer(t *testing.T) {
	t.Parallel()
	if _, err := access.NewAESSealer(make([]byte, 16)); err == nil {
		t.Error("short key taken")
	}
	s, err := access.NewAESSealer(make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	sealed := s.Seal([]byte("plain"))
	if again := s.Seal([]byte("plain")); bytes.Equal(sealed, again) {
		t.Error("two seals are alike")
	}
	if got, err := s.Open(sealed); err != nil || string(got) != "plain" {
		t.Errorf("%q, %v", got, err)
	}
	for i := range sealed {
		bad := bytes.Clone(sealed)
		bad[i] ^= 1
		if _, err := s.Open(bad); err == nil {
			t.Errorf("changed byte %d opens", i)
		}
	}
	if _, err := s.Open(nil); err == nil {
		t.Error("nothing opens")
	}
}
