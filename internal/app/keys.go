package app

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/shuqiao/shuqiao/internal/access"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
)

// settings is the node's small key-value memory; store.Node has it.
type settings interface {
	Get(ctx context.Context, name string) ([]byte, error)
	PutIfAbsent(ctx context.Context, name string, value []byte) ([]byte, error)
}

// keys are the node's own secrets, the same on all replicas.
type keys struct {
	sealer *access.AESSealer
	ledger *ledger.Signer
	token  ed25519.PrivateKey
	secret []byte // keys digests in the ledger; kept for ever
}

// loadMaster reads the master key, or makes it where it is missing. The file
// is written whole or not at all, and never over another.
func loadMaster(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeMaster(path); err != nil {
			return nil, err
		}
		text, err = os.ReadFile(path)
	}
	if err != nil {
		return nil, fmt.Errorf("master key: %w", err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != 32 {
		return nil, fmt.Errorf("master key: %s does not hold 32 bytes in base64", path)
	}
	return key, nil
}

func makeMaster(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".master-*") // 0600
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	// Link fails where the file exists: of two processes one makes the key.
	if err := os.Link(tmp.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("master key: %w", err)
	}
	return nil
}

// loadKeys unseals the node's keys, making them at the first start.
func loadKeys(ctx context.Context, s settings, master []byte, origin, suite string) (keys, error) {
	sealer, err := access.NewAESSealer(master)
	if err != nil {
		return keys{}, err
	}
	k := keys{sealer: sealer}
	skey, err := sealed(ctx, s, sealer, "ledger.key", func() ([]byte, error) {
		chosen, err := ledger.SuiteByName(suite)
		if err != nil {
			return nil, err
		}
		skey, _, err := chosen.NewKey(origin, rand.Reader)
		return []byte(skey), err
	})
	if err != nil {
		return keys{}, err
	}
	if k.ledger, err = ledger.LoadSigner(string(skey)); err != nil {
		return keys{}, err
	}
	if k.ledger.Origin() != origin {
		return keys{}, fault.Newf(fault.Invalid, "node_name_changed", "存证日志属于节点“%s”,节点名称不能改为“%s”", k.ledger.Origin(), origin)
	}
	if own := k.ledger.Suite().Name; suite != "" && suite != own {
		return keys{}, fault.Newf(fault.Invalid, "ledger_suite_changed", "存证日志的算法套件是%s,终身不能改为%s", own, suite).Under("CN-35")
	}
	seed, err := sealed(ctx, s, sealer, "token.seed", random(ed25519.SeedSize))
	if err != nil {
		return keys{}, err
	}
	k.token = ed25519.NewKeyFromSeed(seed)
	k.secret, err = sealed(ctx, s, sealer, "digest.secret", random(32))
	return k, err
}

func random(n int) func() ([]byte, error) {
	return func() ([]byte, error) {
		b := make([]byte, n)
		_, err := rand.Read(b)
		return b, err
	}
}

func sealed(ctx context.Context, s settings, sealer *access.AESSealer, name string, make func() ([]byte, error)) ([]byte, error) {
	stored, err := s.Get(ctx, name)
	if f, ok := fault.As(err); ok && f.Kind == fault.NotFound {
		value, err := make()
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", name, err)
		}
		if stored, err = s.PutIfAbsent(ctx, name, sealer.Seal(value)); err != nil {
			return nil, err
		}
	} else if err != nil {
		return nil, err
	}
	value, err := sealer.Open(stored)
	if err != nil {
		return nil, fmt.Errorf("unseal %s (is it the right master key?): %w", name, err)
	}
	return value, nil
}
