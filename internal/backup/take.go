package backup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/store"
)

// Source is the node that is copied; it may be running, here or elsewhere.
type Source struct {
	Store       *store.Store
	Log         *ledger.Log
	DatabaseURL string
	Node        string // its name
	Product     string // version of the program
	Master      []byte
	Clock       clock.Clock
	// PGBin is the directory of pg_dump; empty: found.
	PGBin string
	// Passphrase seals the master key into the backup; empty: it stays out.
	Passphrase string
}

// partial begins the name of a backup that is being written.
const partial = ".backup-"

// Take writes a backup to a directory that does not exist yet, or is empty. It
// signs a checkpoint first, so that the manifest has a fresh one.
func Take(ctx context.Context, src Source, to string) (Manifest, error) {
	to, err := filepath.Abs(to)
	if err != nil {
		return Manifest{}, err
	}
	if entries, err := os.ReadDir(to); err == nil && len(entries) > 0 {
		return Manifest{}, fault.Newf(fault.Conflict, "backup_exists", "%s已存在且不为空", to)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return Manifest{}, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(to), partial)
	if err != nil {
		return Manifest{}, err
	}
	defer os.RemoveAll(dir)
	m := Manifest{Format: Format, Product: src.Product, Node: src.Node, TakenAt: src.Clock.Now().UTC(), Database: src.Store.Kind(), MasterKey: notIncluded}
	if _, err := src.Log.Checkpoint(ctx); err != nil {
		return Manifest{}, fmt.Errorf("sign a checkpoint before the copy: %w", err)
	}
	switch m.Database {
	case "sqlite":
		err = takeSQLite(ctx, src, filepath.Join(dir, SQLiteFile), &m)
	default:
		err = takePostgres(ctx, src, filepath.Join(dir, DumpFile), &m)
	}
	if err != nil {
		return Manifest{}, err
	}
	m.Log.PublicKey = src.Log.PublicKey()
	if err := write(filepath.Join(dir, PublicKeyFile), []byte(m.Log.PublicKey)); err != nil {
		return Manifest{}, err
	}
	if src.Passphrase != "" {
		box, err := Seal(src.Master, src.Node, src.Passphrase)
		if err != nil {
			return Manifest{}, err
		}
		if err := write(filepath.Join(dir, SealedKeyFile), box); err != nil {
			return Manifest{}, err
		}
		m.MasterKey = sealed
	}
	if err := m.close(dir, src.Master); err != nil {
		return Manifest{}, err
	}
	// An empty directory of that name gives way.
	if err := os.Remove(to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return Manifest{}, err
	}
	if err := os.Rename(dir, to); err != nil {
		return Manifest{}, err
	}
	return m, syncDir(filepath.Dir(to))
}

// close lists the files, signs the manifest and writes it.
func (m *Manifest) close(dir string, master []byte) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		f, err := describe(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		m.Files = append(m.Files, f)
	}
	if m.MAC, err = m.sum(master); err != nil {
		return err
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, ManifestFile), append(text, '\n')); err != nil {
		return err
	}
	return syncDir(dir)
}

// takeSQLite copies the file and reads the log's size out of the copy.
func takeSQLite(ctx context.Context, src Source, to string, m *Manifest) error {
	if err := store.Vacuum(ctx, src.DatabaseURL, to); err != nil {
		return err
	}
	s, err := store.Open(ctx, "sqlite://"+to)
	if err != nil {
		return err
	}
	head, err1 := s.Ledger().ReadHead(ctx)
	_, checkpoint, err2 := s.Ledger().LatestCheckpoint(ctx)
	version, err3 := s.Version(ctx)
	m.Log.Size, m.Log.Root, m.Log.Checkpoint, m.Schema = head.Size, head.Root, string(checkpoint), version
	return errors.Join(err1, err2, err3, s.Close())
}

// takePostgres dumps the snapshot that the log's size is read from.
func takePostgres(ctx context.Context, src Source, to string, m *Manifest) (err error) {
	program, err := tool("pg_dump", src.PGBin)
	if err != nil {
		return err
	}
	snap, err := store.OpenSnapshot(ctx, src.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, snap.Close()) }()
	var checkpoint []byte
	if m.Log.Size, m.Log.Root, checkpoint, m.Schema, err = snap.Head(ctx); err != nil {
		return err
	}
	m.Log.Checkpoint = string(checkpoint)
	return runTool(ctx, program, src.DatabaseURL, "--format=custom", "--no-owner", "--no-privileges", "--no-password",
		"--snapshot="+snap.Name, "--file="+to)
}
