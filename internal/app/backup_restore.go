package app

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"github.com/shuqiao/shuqiao/internal/backup"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/store"
)

// RestoreOptions say what to restore, and what it is compared with.
type RestoreOptions struct {
	From string
	// Against is where the last checkpoint known outside is: a URL or a file.
	Against string
	// PassphraseFile opens the master key in the backup; empty: the key is in
	// the target's MasterKeyFile.
	PassphraseFile string
	PGBin          string
}

// RestoreReport is what a restoration did.
type RestoreReport struct {
	TakenAt  time.Time `json:"taken_at"`
	Node     string    `json:"node"`
	Entries  uint64    `json:"entries"`
	Root     string    `json:"root"` // hex
	Verified bool      `json:"verified"`
	// Known is the size of the log as the outside knows it; nil: nothing was
	// given to compare with. Missing entries are lost.
	Known   *uint64 `json:"known_size,omitempty"`
	Missing *uint64 `json:"missing,omitempty"`
	// Proved: a consistency proof links what is held and what is known.
	Proved  bool    `json:"proved"`
	Seconds float64 `json:"seconds"`
	// LoadSeconds is the part until the database was there, the rest is checks.
	LoadSeconds float64 `json:"load_seconds"`
}

// fenceFacts are what the fence of a restored database remembers.
type fenceFacts struct {
	TakenAt   time.Time `json:"taken_at"`
	Size      uint64    `json:"size"`
	Root      string    `json:"root"`
	KnownSize *uint64   `json:"known_size,omitempty"`
	KnownRoot string    `json:"known_root,omitempty"`
}

// Restore brings a backup back into the empty place that cfg names and verifies
// it. The restored log is fenced: no act, no call and no start until Resume.
func Restore(ctx context.Context, cfg Config, o RestoreOptions) (RestoreReport, error) {
	if err := cfg.complete(); err != nil {
		return RestoreReport{}, err
	}
	began := cfg.Clock.Now()
	m, err := backup.Open(o.From)
	if err != nil {
		return RestoreReport{}, err
	}
	cfg.Name = m.Node
	if err := m.Fits(cfg.DatabaseURL); err != nil {
		return RestoreReport{}, err
	}
	master, err := restoredMaster(cfg, o, m)
	if err != nil {
		return RestoreReport{}, err
	}
	if err := m.Authentic(master); err != nil {
		return RestoreReport{}, err
	}
	if err := emptyTarget(cfg); err != nil {
		return RestoreReport{}, err
	}
	if err := m.Load(ctx, o.From, cfg.DatabaseURL, o.PGBin); err != nil {
		return RestoreReport{}, err
	}
	report := RestoreReport{TakenAt: m.TakenAt, Node: m.Node, Entries: m.Log.Size, Root: hex.EncodeToString(m.Log.Root),
		LoadSeconds: cfg.Clock.Now().Sub(began).Seconds()}
	if err := writeMaster(cfg.MasterKeyFile, master); err != nil {
		return report, err
	}
	err = fenceAndCheck(ctx, cfg, o, m, &report)
	report.Seconds = cfg.Clock.Now().Sub(began).Seconds()
	return report, err
}

// fenceAndCheck fences the restored database before anything else looks at it.
func fenceAndCheck(ctx context.Context, cfg Config, o RestoreOptions, m backup.Manifest, report *RestoreReport) error {
	if err := Migrate(ctx, cfg); err != nil {
		return err
	}
	// The copy of a fenced node brings its fence along; this one joins it.
	fence := store.Fence{ID: ident.New(), Kind: store.Restored, At: cfg.Clock.Now()}
	facts := fenceFacts{TakenAt: m.TakenAt, Size: m.Log.Size, Root: report.Root}
	put := func() error {
		text, err := json.Marshal(facts)
		if err != nil {
			return err
		}
		s, err := store.Open(ctx, cfg.DatabaseURL)
		if err != nil {
			return err
		}
		fence.Facts = string(text)
		err = s.Do(ctx, func(ctx context.Context) error {
			if err := s.Node().PutFence(ctx, fence); err != nil {
				return err
			}
			return s.Node().ForgetSessions(ctx)
		})
		return errors.Join(err, s.Close())
	}
	if err := put(); err != nil {
		return err
	}
	cfg.Inspect = true
	n, err := New(ctx, cfg)
	if err != nil {
		return err
	}
	defer n.Close()
	if err := m.Verify(ctx, n.Ledger); err != nil {
		return err
	}
	report.Verified = true
	if o.Against == "" {
		return nil
	}
	known, err := backup.Against(ctx, n.Ledger, o.Against)
	if known.Origin != "" {
		report.Known, report.Missing, report.Proved = &known.Size, &known.Missing, known.Proved
		facts.KnownSize, facts.KnownRoot = &known.Size, hex.EncodeToString(known.Root)
	}
	if err != nil {
		return err
	}
	fence.ID, fence.At = ident.New(), cfg.Clock.Now() // the later one tells more
	return put()
}

// restoredMaster finds the master key that the backup belongs to.
func restoredMaster(cfg Config, o RestoreOptions, m backup.Manifest) ([]byte, error) {
	if o.PassphraseFile != "" {
		passphrase, err := backup.Passphrase(o.PassphraseFile)
		if err != nil {
			return nil, err
		}
		box, err := os.ReadFile(filepath.Join(o.From, backup.SealedKeyFile))
		if err != nil {
			return nil, fault.New(fault.Invalid, "master_key_not_in_backup", "此备份不含主密钥").Because(err)
		}
		return backup.Unseal(box, m.Node, passphrase)
	}
	if _, err := os.Stat(cfg.MasterKeyFile); err != nil {
		return nil, fault.Newf(fault.Invalid, "master_key_missing",
			"找不到主密钥%s:请把单独保管的主密钥文件放到该处,或者以--master-key-file指定;备份含密封的主密钥时用--passphrase-file", cfg.MasterKeyFile)
	}
	return loadMaster(cfg.MasterKeyFile)
}

// emptyTarget refuses a data directory that holds anything but a master key.
func emptyTarget(cfg Config) error {
	if cfg.Dir == "" {
		return nil
	}
	entries, err := os.ReadDir(cfg.Dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		if filepath.Join(cfg.Dir, e.Name()) != cfg.MasterKeyFile && e.Name() != "master.key" {
			return fault.Newf(fault.Conflict, "restore_target_not_empty", "%s不为空(%s),不恢复到已有内容的地方", cfg.Dir, e.Name())
		}
	}
	return nil
}

// writeMaster puts the key where the node looks for it, unless it is there.
func writeMaster(path string, master []byte) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(base64.StdEncoding.EncodeToString(master)+"\n"), 0o600)
}
