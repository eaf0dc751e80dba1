package access

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
)

// Sealer encrypts what must be read again (one-time-code secrets) before it is
// stored.
type Sealer interface {
	Seal(plain []byte) []byte
	Open(sealed []byte) ([]byte, error)
}

// sealVersion begins what AESSealer writes, so that another suite can follow.
const sealVersion = 1

// AESSealer is a Sealer with AES-256-GCM and random nonces. A key seals far
// fewer than the 2^32 messages that random nonces allow.
type AESSealer struct{ aead cipher.AEAD }

// NewAESSealer takes the node's key of 32 bytes.
func NewAESSealer(key []byte) (*AESSealer, error) {
	if len(key) != 32 {
		return nil, fmt.Errorf("access: sealing key of %d bytes, want 32", len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &AESSealer{aead: aead}, nil
}

// Seal implements Sealer: version byte, nonce, ciphertext.
func (s *AESSealer) Seal(plain []byte) []byte {
	out := make([]byte, 1+s.aead.NonceSize(), 1+s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	out[0] = sealVersion
	rand.Read(out[1:]) // never fails
	return s.aead.Seal(out, out[1:], plain, out[:1])
}

// Open implements Sealer.
func (s *AESSealer) Open(sealed []byte) ([]byte, error) {
	n := 1 + s.aead.NonceSize()
	if len(sealed) < n || sealed[0] != sealVersion {
		return nil, errors.New("access: not a sealed value")
	}
	return s.aead.Open(nil, sealed[1:n], sealed[n:], sealed[:1])
}
