package proof

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Key is the public key of a log.
type Key struct {
	name string
	id   uint32
	pub  ed25519.PublicKey
}

// algEd25519 is the algorithm of a plain signed note.
const algEd25519 = 1

// ParseKey reads a ledger.pub file: NAME+ID+BASE64. White space around it is
// let be.
func ParseKey(text string) (*Key, error) {
	parts := strings.SplitN(strings.TrimSpace(text), "+", 3)
	if len(parts) != 3 || parts[0] == "" || len(parts[1]) != 8 {
		return nil, errors.New("proof: this is not the public key of a log")
	}
	id, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, errors.New("proof: this is not the public key of a log")
	}
	raw, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algEd25519 {
		return nil, errors.New("proof: the log's key is of another suite than SHA-256 with Ed25519")
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(raw)))
	if binary.BigEndian.Uint32(sum[:]) != uint32(id) {
		return nil, errors.New("proof: the log's key is damaged")
	}
	return &Key{parts[0], uint32(id), ed25519.PublicKey(raw[1:])}, nil
}

// Origin is the name of the log.
func (k *Key) Origin() string { return k.name }

// checkpoint is what a log signed.
type checkpoint struct {
	size uint64
	root []byte
}

const sigPrefix = "— "

// open verifies a checkpoint: signed by the key, of the key's log.
func (k *Key) open(signed string) (checkpoint, error) {
	text, sigs, ok := strings.Cut(signed, "\n\n")
	if !ok || !strings.HasSuffix(sigs, "\n") {
		return checkpoint{}, errors.New("proof: the checkpoint is not a signed note")
	}
	text += "\n"
	good := false
	for line := range strings.SplitSeq(strings.TrimSuffix(sigs, "\n"), "\n") {
		rest, ok := strings.CutPrefix(line, sigPrefix)
		name, encoded, both := strings.Cut(rest, " ")
		raw, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || !both || err != nil || len(raw) < 5 {
			return checkpoint{}, errors.New("proof: the checkpoint is not a signed note")
		}
		if name == k.name && binary.BigEndian.Uint32(raw) == k.id {
			if !ed25519.Verify(k.pub, []byte(text), raw[4:]) {
				return checkpoint{}, errors.New("proof: the checkpoint's signature is wrong")
			}
			good = true
		}
	}
	if !good {
		return checkpoint{}, fmt.Errorf("proof: the checkpoint is not signed by %s", k.name)
	}
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != k.name {
		return checkpoint{}, fmt.Errorf("proof: the checkpoint is not one of %s", k.name)
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	root, err2 := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || err2 != nil || len(root) != sha256.Size || strconv.FormatUint(size, 10) != lines[1] {
		return checkpoint{}, errors.New("proof: the checkpoint cannot be read")
	}
	return checkpoint{size, root}, nil
}
