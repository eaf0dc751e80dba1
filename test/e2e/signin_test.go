package e2e

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// A one-time code is bound with a first code, asked for from then on, and
// works once.
func TestSignInWithAOneTimeCode(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		uri, err := url.Parse(w.ok("rst.jb", http.MethodPost, "/api/v1/me/totp", nil)["uri"].(string))
		if err != nil {
			t.Fatal(err)
		}
		code := func() string {
			c, err := totp.GenerateCode(uri.Query().Get("secret"), w.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if a := w.as("rst.jb", http.MethodPost, "/api/v1/me/totp/confirm", map[string]any{"code": code()}); a.Status != 204 {
			t.Fatalf("confirm: %d %s", a.Status, a.Raw)
		}
		signIn := func(code string) answer {
			return w.send("", http.MethodPost, "/api/v1/session", map[string]any{"username": "rst.jb", "password": password, "totp": code})
		}
		if a := signIn(""); a.Status != 401 || a.code() != "totp_required" {
			t.Errorf("without a code: %d %s", a.Status, a.Raw)
		}
		w.clock.Advance(time.Minute)
		good := code()
		if a := signIn(good); a.Status != 200 {
			t.Errorf("with a code: %d %s", a.Status, a.Raw)
		}
		if a := signIn(good); a.Status != 401 {
			t.Errorf("with the same code again: %d %s", a.Status, a.Raw)
		}
	})
}

// A new password ends every session, and the old one no longer works.
func TestChangeOfPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const fresh = "Another-2026-passphrase"
		change := func(old, fresh string) answer {
			return w.as("rst.fzr", http.MethodPut, "/api/v1/me/password", map[string]any{"old": old, "new": fresh})
		}
		if a := change("wrong", fresh); a.Status != 401 {
			t.Errorf("with a wrong old one: %d %s", a.Status, a.Raw)
		}
		if a := change(password, "short"); a.Status != 400 || a.code() != "password_weak" {
			t.Errorf("a weak one: %d %s", a.Status, a.Raw)
		}
		if a := change(password, fresh); a.Status != 204 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		if a := w.as("rst.fzr", http.MethodGet, "/api/v1/me", nil); a.Status != 401 {
			t.Errorf("the session lives on: %d", a.Status)
		}
		for pw, want := range map[string]int{password: 401, fresh: 200} {
			if a := w.send("", http.MethodPost, "/api/v1/session", map[string]any{"username": "rst.fzr", "password": pw}); a.Status != want {
				t.Errorf("sign in afterwards: %d, want %d", a.Status, want)
			}
		}
	})
}
