package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Parameters of argon2id: the second recommended option of RFC 9106 section 4
// (memory-constrained environments). The first asks for 2 GiB a hash.
const (
	passes    = 3
	memoryKiB = 64 * 1024
	lanes     = 4
	saltBytes = 16
	keyBytes  = 32
)

// Bounds on the parameters of a stored hash, so that a damaged row cannot make
// the node allocate or compute without end.
const (
	maxPasses    = 10
	maxMemoryKiB = 256 * 1024
)

const (
	// DefaultSlots is how many hashes run at once: 256 MiB together.
	DefaultSlots = 4
	// waitersPerSlot bounds the queue; who comes later is told to try again.
	waitersPerSlot = 32
)

// Hasher hashes and checks passwords. It is safe for concurrent use; a node
// has one, so that its bound holds for all doors together.
type Hasher struct {
	slots   chan struct{}
	waiting atomic.Int64
	decoy   string
}

// NewHasher makes a hasher that works on at most slots passwords at once;
// slots ≤ 0 means DefaultSlots.
func NewHasher(slots int) *Hasher {
	if slots <= 0 {
		slots = DefaultSlots
	}
	// The decoy's key is random, not a hash of anything: no password fits.
	return &Hasher{slots: make(chan struct{}, slots), decoy: encode(random(saltBytes), random(keyBytes))}
}

// Hash gives the PHC string of a password. The only faults are the context's
// end and "sign_in_busy".
func (h *Hasher) Hash(ctx context.Context, plain string) (string, error) {
	free, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer free()
	salt := random(saltBytes)
	return encode(salt, argon2.IDKey([]byte(plain), salt, passes, memoryKiB, lanes, keyBytes)), nil
}

// Verify tells whether plain is the password of the PHC string. An empty PHC
// string never fits and takes as long as a real one, so that an unknown
// account cannot be told from a wrong password by the time of the answer.
func (h *Hasher) Verify(ctx context.Context, phc, plain string) (bool, error) {
	known := phc != ""
	if !known {
		phc = h.decoy
	}
	p, err := decode(phc)
	if err != nil {
		return false, err
	}
	free, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer free()
	got := argon2.IDKey([]byte(plain), p.salt, p.passes, p.memory, p.lanes, uint32(len(p.key)))
	return subtle.ConstantTimeCompare(got, p.key) == 1 && known, nil
}

// enter waits for a slot and gives the function that frees it.
func (h *Hasher) enter(ctx context.Context) (func(), error) {
	if h.waiting.Add(1) > int64(cap(h.slots)*(1+waitersPerSlot)) {
		h.waiting.Add(-1)
		return nil, fault.New(fault.Unavailable, "sign_in_busy", "登录请求过多，请稍后再试")
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots; h.waiting.Add(-1) }, nil
	case <-ctx.Done():
		h.waiting.Add(-1)
		return nil, ctx.Err()
	}
}

type parts struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func encode(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, memoryKiB, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key))
}

func decode(phc string) (parts, error) {
	bad := func(why string) (parts, error) { return parts{}, fmt.Errorf("password: stored hash: %s", why) }
	f := strings.Split(phc, "$")
	if len(f) != 6 || f[0] != "" || f[1] != "argon2id" {
		return bad("not an argon2id PHC string")
	}
	if f[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return bad("unknown version")
	}
	var p parts
	if _, err := fmt.Sscanf(f[3], "m=%d,t=%d,p=%d", &p.memory, &p.passes, &p.lanes); err != nil {
		return bad("parameters")
	}
	if p.passes < 1 || p.passes > maxPasses || p.lanes < 1 || p.memory < 8*uint32(p.lanes) || p.memory > maxMemoryKiB {
		return bad("parameters out of bounds")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.DecodeString(f[4]); err != nil || len(p.salt) < 8 {
		return bad("salt")
	}
	if p.key, err = base64.RawStdEncoding.DecodeString(f[5]); err != nil || len(p.key) < 16 || len(p.key) > 64 {
		return bad("key")
	}
	return p, nil
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: it ends the process when the system has no randomness
	return b
}
