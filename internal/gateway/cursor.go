package gateway

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
)

// cursorSeal turns the key of the last row into a paging mark and back. The
// key may be an item that the caller must not see, and a mark goes into
// addresses: so it is encrypted, and bound to the grant. Nobody can make one
// up to search the keys by halves.
type cursorSeal struct{ aead cipher.AEAD }

var errMark = errors.New("gateway: not a paging mark of this grant")

func newCursorSeal(key []byte) (*cursorSeal, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &cursorSeal{aead}, nil
}

func (s *cursorSeal) seal(grant string, keys []string) string {
	plain, _ := json.Marshal(keys) // a list of texts cannot fail
	return base64.RawURLEncoding.EncodeToString(s.aead.Seal(nil, nil, plain, []byte(grant)))
}

func (s *cursorSeal) open(grant, mark string) ([]string, error) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(mark)
	if err != nil || len(mark) > maxQuery {
		return nil, errMark
	}
	plain, err := s.aead.Open(nil, nil, sealed, []byte(grant))
	if err != nil {
		return nil, errMark
	}
	var keys []string
	if json.Unmarshal(plain, &keys) != nil {
		return nil, errMark
	}
	return keys, nil
}
