package backup

import (
	"crypto/rand"
	"encoding/json"
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// sealedKey is a master key under a passphrase: argon2id makes the key of
// XChaCha20-Poly1305, the node's name is authenticated with it.
type sealedKey struct {
	Format    string `json:"format"`
	Node      string `json:"node"`
	Passes    uint32 `json:"argon2id_passes"`
	MemoryKiB uint32 `json:"argon2id_memory_kib"`
	Lanes     uint8  `json:"argon2id_lanes"`
	Salt      []byte `json:"salt"`
	Nonce     []byte `json:"nonce"`
	Box       []byte `json:"box"`
}

const sealFormat = "shuqiao-sealed-key/1"

// Parameters of argon2id: beyond the second recommendation of RFC 9106, since a
// backup may be attacked at leisure and is opened once in years.
const (
	sealPasses, sealMemoryKiB, sealLanes = 4, 256 * 1024, 4
	// maxSealMemoryKiB bounds what a damaged file makes us allocate.
	maxSealMemoryKiB, maxSealPasses = 1024 * 1024, 20
	minPassphrase                   = 16
)

// Passphrase reads a passphrase of at least 16 characters from the first line of
// a file.
func Passphrase(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	if utf8.RuneCountInString(line) < minPassphrase {
		return "", fault.Newf(fault.Invalid, "passphrase_short", "口令文件第一行至少%d个字符", minPassphrase)
	}
	return line, nil
}

// Seal puts a master key under a passphrase.
func Seal(master []byte, node, passphrase string) ([]byte, error) {
	k := sealedKey{Format: sealFormat, Node: node, Passes: sealPasses, MemoryKiB: sealMemoryKiB, Lanes: sealLanes,
		Salt: make([]byte, 16), Nonce: make([]byte, chacha20poly1305.NonceSizeX)}
	_, _ = rand.Read(k.Salt) // never fails
	_, _ = rand.Read(k.Nonce)
	box, err := chacha20poly1305.NewX(argon2.IDKey([]byte(passphrase), k.Salt, k.Passes, k.MemoryKiB, k.Lanes, chacha20poly1305.KeySize))
	if err != nil {
		return nil, err
	}
	k.Box = box.Seal(nil, k.Nonce, master, []byte(sealFormat+"\n"+node))
	return json.MarshalIndent(k, "", "  ")
}

// Unseal gives the master key back, or the fault "passphrase_wrong".
func Unseal(data []byte, node, passphrase string) ([]byte, error) {
	wrong := fault.New(fault.Invalid, "passphrase_wrong", "口令不对,或者密封的主密钥已损坏")
	var k sealedKey
	if err := json.Unmarshal(data, &k); err != nil || k.Format != sealFormat || k.Node != node ||
		k.Passes < 1 || k.Passes > maxSealPasses || k.MemoryKiB > maxSealMemoryKiB || k.Lanes < 1 || len(k.Nonce) != chacha20poly1305.NonceSizeX {
		return nil, wrong
	}
	box, err := chacha20poly1305.NewX(argon2.IDKey([]byte(passphrase), k.Salt, k.Passes, k.MemoryKiB, k.Lanes, chacha20poly1305.KeySize))
	if err != nil {
		return nil, err
	}
	master, err := box.Open(nil, k.Nonce, k.Box, []byte(sealFormat+"\n"+node))
	if err != nil {
		return nil, wrong
	}
	return master, nil
}
