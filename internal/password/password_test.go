package password

import (
	"context"
	"strings"
	"testing"

	"github.com/shuqiao/shuqiao/internal/fault"
)

func TestHashAndVerify(t *testing.T) {
	t.Parallel()
	h := NewHasher(1)
	ctx := context.Background()
	phc, err := h.Hash(ctx, "Right-horse-7")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(phc, "$argon2id$v=19$m=65536,t=3,p=4$") {
		t.Errorf("PHC string %q does not tell RFC 9106's second option", phc)
	}
	for plain, want := range map[string]bool{"Right-horse-7": true, "right-horse-7": false, "": false} {
		if got, err := h.Verify(ctx, phc, plain); err != nil || got != want {
			t.Errorf("Verify(%q) = %v, %v; want %v", plain, got, err, want)
		}
	}
	if ok, err := h.Verify(ctx, "", ""); ok || err != nil {
		t.Errorf("no stored hash: %v, %v; want false", ok, err)
	}
}

func TestDamagedHash(t *testing.T) {
	t.Parallel()
	h := NewHasher(1)
	good := encode(make([]byte, saltBytes), make([]byte, keyBytes))
	for name, phc := range map[string]string{
		"other algorithm": strings.Replace(good, "argon2id", "argon2i", 1),
		"other version":   strings.Replace(good, "v=19", "v=16", 1),
		"endless memory":  strings.Replace(good, "m=65536", "m=4000000", 1),
		"no passes":       strings.Replace(good, "t=3", "t=0", 1),
		"no lanes":        strings.Replace(good, "p=4", "p=0", 1),
		"short":           good[:40],
		"salt":            strings.Replace(good, "$AAAA", "$*AAA", 1),
	} {
		if ok, err := h.Verify(context.Background(), phc, "x"); ok || err == nil {
			t.Errorf("%s: %v, %v; want an error", name, ok, err)
		}
	}
}

func TestFloodIsTurnedAway(t *testing.T) {
	t.Parallel()
	h := NewHasher(1)
	h.slots <- struct{}{} // somebody is hashing and never ends
	h.waiting.Store(1 + waitersPerSlot)
	if _, err := h.Hash(context.Background(), "x"); !fault.Is(err, "sign_in_busy") {
		t.Errorf("full queue: %v; want sign_in_busy", err)
	}
	h.waiting.Store(1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := h.Hash(ctx, "x"); err == nil {
		t.Error("cancelled caller got a hash while no slot was free")
	}
	if n := h.waiting.Load(); n != 1 {
		t.Errorf("%d waiting after both left; want 1", n)
	}
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	for plain, faults := range map[string]int{
		"Right-horse-7":           0,
		"right-horse-7":           0,
		"rightrighthorse":         1,
		"Ab1-":                    1,
		"abc":                     2,
		"Zhang.san-2025":          1,
		"数桥口令Abc12":               1, // nine characters
		strings.Repeat("aB1", 50): 1,
	} {
		err := Check(plain, "zhang.san")
		f, _ := fault.As(err)
		got := 0
		if f != nil {
			got = len(f.Fields)
		}
		if got != faults {
			t.Errorf("%q: %d faults (%v); want %d", plain, got, err, faults)
		}
	}
}
