package ledger

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"golang.org/x/mod/sumdb/note"
)

// sm2Type is the signature type of notes signed with SM2, as signed-note asks
// of types without a byte of their own: 0xff and a longer name. What is signed
// is the note's text, with SM3 and the default user identifier of GM/T 0009
// (1234567812345678); the signature is DER as in GM/T 0009.
const sm2Type = "\xffshuqiao/sm2-sm3/v1\x00"

// sm2Cosignature is the type of timestamped cosignatures with SM2: the message
// and the layout of tlog-cosignature, with an SM2 signature in place of Ed25519.
const sm2Cosignature = "\xffshuqiao/sm2-sm3-cosignature/v1\x00"

// NationalSuite is SM3 (GB/T 32905) with SM2 (GB/T 32918). Its notes and proofs
// have the forms of the public specifications; only who knows these
// algorithms can check them.
func NationalSuite() Suite {
	return Suite{
		Name:     "sm3-sm2",
		Hasher:   sm3Hasher{},
		Generate: func(r io.Reader, origin string) (string, string, error) { return generateSM2(r, origin, sm2Type) },
		Signer: func(skey string) (note.Signer, string, error) {
			k, err := readSM2(skey, sm2Type)
			if err != nil {
				return nil, "", err
			}
			return k, k.vkey, nil
		},
		Verifier: func(vkey string) (note.Verifier, error) {
			k, err := readSM2Public(vkey, sm2Type)
			if err != nil {
				return nil, err
			}
			return k, nil
		},
	}
}

// sm3Hasher is RFC 6962's tree over SM3.
type sm3Hasher struct{}

func (sm3Hasher) Size() int { return sm3.Size }

func (sm3Hasher) EmptyRoot() []byte {
	sum := sm3.Sum(nil)
	return sum[:]
}

func (sm3Hasher) HashLeaf(leaf []byte) []byte {
	h := sm3.New()
	h.Write([]byte{0})
	h.Write(leaf)
	return h.Sum(nil)
}

func (sm3Hasher) HashChildren(l, r []byte) []byte {
	var b [1 + 2*sm3.Size]byte
	data := append(append(append(b[:0], 1), l...), r...)
	sum := sm3.Sum(data)
	return sum[:]
}

// sm2Public verifies one type of SM2 signature under a name.
type sm2Public struct {
	name string
	hash uint32
	key  *ecdsa.PublicKey
}

func (k *sm2Public) Name() string    { return k.name }
func (k *sm2Public) KeyHash() uint32 { return k.hash }
func (k *sm2Public) Verify(msg, sig []byte) bool {
	return sm2.VerifyASN1WithSM2(k.key, nil, msg, sig)
}

type sm2Private struct {
	sm2Public
	vkey   string
	secret *sm2.PrivateKey
}

func (k *sm2Private) Sign(msg []byte) ([]byte, error) {
	return k.secret.SignWithSM2(rand.Reader, nil, msg)
}

func generateSM2(r io.Reader, name, kind string) (skey, vkey string, err error) {
	secret, err := sm2.GenerateKey(r)
	if err != nil {
		return "", "", err
	}
	scalar, err := secret.ECDH()
	if err != nil {
		return "", "", err
	}
	material := append([]byte(kind), scalar.Bytes()...)
	public := append([]byte(kind), sm2Point(&secret.PublicKey)...)
	hash := noteKeyHash(name, public)
	return fmt.Sprintf("PRIVATE+KEY+%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(material)),
		fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(public)), nil
}

// sm2Point is the uncompressed point, 65 bytes; nil if the key is not of the
// curve.
func sm2Point(k *ecdsa.PublicKey) []byte {
	p, err := sm2.PublicKeyToECDH(k)
	if err != nil {
		return nil
	}
	return p.Bytes()
}

// noteKeyHash is the key ID of signed-note.
func noteKeyHash(name string, typed []byte) uint32 {
	h := sha256.New()
	h.Write([]byte(name + "\n"))
	h.Write(typed)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

var errKeyForm = errors.New("not a key of this suite")

// keyParts splits name+hash+base64 and checks the form, not the hash.
func keyParts(key string) (name string, hash uint32, material []byte, err error) {
	name, rest, _ := strings.Cut(key, "+")
	hex, encoded, _ := strings.Cut(rest, "+")
	n, err1 := strconv.ParseUint(hex, 16, 32)
	material, err2 := base64.StdEncoding.Strict().DecodeString(encoded)
	if err1 != nil || err2 != nil || len(hex) != 8 || !validOrigin(name) {
		return "", 0, nil, errKeyForm
	}
	return name, uint32(n), material, nil
}

func readSM2(skey, kind string) (*sm2Private, error) {
	rest, ok := strings.CutPrefix(skey, "PRIVATE+KEY+")
	name, hash, material, err := keyParts(rest)
	if !ok || err != nil || len(material) != len(kind)+32 || string(material[:len(kind)]) != kind {
		return nil, errKeyForm
	}
	secret, err := sm2.NewPrivateKey(material[len(kind):])
	if err != nil {
		return nil, errKeyForm // the library's error might quote what it was given
	}
	public := append([]byte(kind), sm2Point(&secret.PublicKey)...)
	if noteKeyHash(name, public) != hash {
		return nil, errKeyForm
	}
	return &sm2Private{sm2Public: sm2Public{name, hash, &secret.PublicKey}, secret: secret,
		vkey: fmt.Sprintf("%s+%08x+%s", name, hash, base64.StdEncoding.EncodeToString(public))}, nil
}

func readSM2Public(vkey, kind string) (*sm2Public, error) {
	name, hash, material, err := keyParts(vkey)
	if err != nil || len(material) != len(kind)+65 || string(material[:len(kind)]) != kind || noteKeyHash(name, material) != hash {
		return nil, errKeyForm
	}
	key, err := sm2.NewPublicKey(material[len(kind):])
	if err != nil {
		return nil, fmt.Errorf("not a point of the curve: %w", err)
	}
	return &sm2Public{name, hash, key}, nil
}
