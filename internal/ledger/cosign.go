package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
)

// ed25519Cosignature is the signature type of tlog-cosignature's Ed25519.
const ed25519Cosignature = "\x04"

// maxTimestamp is the last second that a cosignature may be of.
const maxTimestamp = 1<<63 - 1

// cosignatureMessage is what a witness signs: when, and the checkpoint's text.
func cosignatureMessage(at uint64, text []byte) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatUint(at, 10)+"\n"), text...)
}

// Witness verifies the cosignatures of one witness. It is a note.Verifier.
type Witness struct {
	name  string
	hash  uint32
	vkey  string
	point string // the bare public key: two names of one key are one witness
	check func(msg, sig []byte) bool
}

// Name of the witness.
func (w *Witness) Name() string { return w.name }

// KeyHash implements note.Verifier.
func (w *Witness) KeyHash() uint32 { return w.hash }

// Key is the witness's verifier key.
func (w *Witness) Key() string { return w.vkey }

// ID names the key in one word: name and key ID.
func (w *Witness) ID() string { return fmt.Sprintf("%s+%08x", w.name, w.hash) }

// Verify implements note.Verifier for a timestamped cosignature of a
// checkpoint's text.
func (w *Witness) Verify(text, sig []byte) bool {
	if len(sig) < 8 {
		return false
	}
	at := binary.BigEndian.Uint64(sig)
	return at <= maxTimestamp && w.check(cosignatureMessage(at, text), sig[8:])
}

// LoadWitness reads a witness's verifier key: Ed25519 as tlog-cosignature has
// it (type 0x04), or SM2. White space around it is ignored.
func LoadWitness(vkey string) (*Witness, error) {
	vkey = strings.TrimSpace(vkey)
	name, hash, material, err := keyParts(vkey)
	if err != nil {
		return nil, fmt.Errorf("ledger: witness key: %w", err)
	}
	w := &Witness{name: name, hash: hash, vkey: vkey}
	switch {
	case len(material) == 1+ed25519.PublicKeySize && material[0] == ed25519Cosignature[0]:
		if noteKeyHash(name, material) != hash {
			return nil, fmt.Errorf("ledger: witness key: %w", errKeyForm)
		}
		key := ed25519.PublicKey(material[1:])
		w.point = string(key)
		w.check = func(msg, sig []byte) bool { return ed25519.Verify(key, msg, sig) }
	default:
		k, err := readSM2Public(vkey, sm2Cosignature)
		if err != nil {
			return nil, fmt.Errorf("ledger: witness key: %w", err)
		}
		w.point = string(sm2Point(k.key))
		w.check = k.Verify
	}
	return w, nil
}

// Cosigner makes the cosignatures of one witness. It holds a secret.
type Cosigner struct {
	witness *Witness
	sign    func(msg []byte) ([]byte, error)
}

// Witness is the public half.
func (c *Cosigner) Witness() *Witness { return c.witness }

// String names the key without its secret.
func (c *Cosigner) String() string { return "cosigner " + c.witness.vkey }

// GenerateCosigner makes a witness's key pair of the suite.
func (s Suite) GenerateCosigner(name string, rand io.Reader) (skey, vkey string, err error) {
	if !validOrigin(name) {
		return "", "", fmt.Errorf("ledger: %q cannot name a witness", name)
	}
	if s.Name == NationalSuite().Name {
		return generateSM2(rand, name, sm2Cosignature)
	}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return "", "", err
	}
	public := append([]byte(ed25519Cosignature), ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)...)
	hash := noteKeyHash(name, public)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(append([]byte(ed25519Cosignature), seed...))),
		fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(public)), nil
}

// LoadCosigner reads a witness's secret key. The error never quotes it.
func LoadCosigner(skey string) (*Cosigner, error) {
	skey = strings.TrimSpace(skey)
	if k, err := readSM2(skey, sm2Cosignature); err == nil {
		w, err := LoadWitness(k.vkey)
		return &Cosigner{witness: w, sign: k.Sign}, err
	}
	rest, ok := strings.CutPrefix(skey, "PRIVATE+KEY+")
	name, hash, material, err := keyParts(rest)
	if !ok || err != nil || len(material) != 1+ed25519.SeedSize || material[0] != ed25519Cosignature[0] {
		return nil, errors.New("ledger: not the secret key of a witness")
	}
	secret := ed25519.NewKeyFromSeed(material[1:])
	public := append([]byte(ed25519Cosignature), secret.Public().(ed25519.PublicKey)...)
	w, err := LoadWitness(fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(public)))
	if err != nil {
		return nil, errors.New("ledger: not the secret key of a witness")
	}
	return &Cosigner{witness: w, sign: func(msg []byte) ([]byte, error) { return ed25519.Sign(secret, msg), nil }}, nil
}

// Cosign makes the signature line for a checkpoint's text, which the caller
// has found to extend all that this witness has cosigned of the log.
func (c *Cosigner) Cosign(text []byte, at time.Time) ([]byte, error) {
	seconds := at.Unix()
	if seconds < 0 {
		return nil, errors.New("ledger: a cosignature of before 1970")
	}
	sig, err := c.sign(cosignatureMessage(uint64(seconds), text))
	if err != nil {
		return nil, fmt.Errorf("ledger: cosigning: %w", err)
	}
	raw := binary.BigEndian.AppendUint32(nil, c.witness.hash)
	raw = append(binary.BigEndian.AppendUint64(raw, uint64(seconds)), sig...)
	return []byte("— " + c.witness.name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"), nil
}

// Cosignature is one that was verified.
type Cosignature struct {
	Witness *Witness
	At      time.Time // of which the witness says that this was the log's largest tree it knew
	Line    []byte    // the signature line
}

// Policy says whose cosignatures count and how many there must be. The zero
// Policy asks for none.
type Policy struct {
	Witnesses []*Witness
	Quorum    int
}

// NewPolicy reads witness keys. A quorum that they cannot reach is refused,
// and so is one key under two names: it would count twice.
func NewPolicy(quorum int, vkeys ...string) (Policy, error) {
	p := Policy{Quorum: quorum}
	seen := map[string]bool{}
	for _, k := range vkeys {
		w, err := LoadWitness(k)
		if err != nil {
			return Policy{}, err
		}
		if seen[w.point] {
			return Policy{}, fmt.Errorf("ledger: the key of witness %s is given twice", w.name)
		}
		seen[w.point] = true
		p.Witnesses = append(p.Witnesses, w)
	}
	if quorum < 0 || quorum > len(vkeys) {
		return Policy{}, fmt.Errorf("ledger: %d of %d witnesses cannot be asked for", quorum, len(vkeys))
	}
	return p, nil
}

// ErrQuorum: a checkpoint is the log's own, but fewer witnesses than asked for
// have cosigned it.
var ErrQuorum = errors.New("ledger: too few witnesses have cosigned the checkpoint")

// Open verifies a checkpoint of the log's keys and its cosignatures by the
// policy's witnesses. A cosignature of theirs that is not valid fails it;
// signatures of others are left aside, as signed-note wants it.
func (p Policy) Open(signed []byte, keys ...*Verifier) (Checkpoint, []Cosignature, error) {
	c, n, err := openCheckpoint(signed, p.Witnesses, keys)
	if err != nil {
		return Checkpoint{}, nil, err
	}
	found := p.count(n)
	if len(found) < p.Quorum {
		return Checkpoint{}, nil, fmt.Errorf("%w: %d of %d", ErrQuorum, len(found), p.Quorum)
	}
	return c, found, nil
}

func (p Policy) count(n *note.Note) []Cosignature {
	var out []Cosignature
	for _, w := range p.Witnesses {
		for _, s := range n.Sigs {
			if s.Name != w.name || s.Hash != w.hash {
				continue
			}
			raw, err := base64.StdEncoding.DecodeString(s.Base64)
			if err != nil || len(raw) < 12 {
				continue // note.Open has verified it: it cannot be
			}
			out = append(out, Cosignature{Witness: w, At: time.Unix(int64(binary.BigEndian.Uint64(raw[4:])), 0).UTC(),
				Line: []byte("— " + s.Name + " " + s.Base64 + "\n")})
		}
	}
	return out
}
