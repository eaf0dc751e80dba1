package backup

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
)

// Format is the first member of a manifest.
const Format = "shuqiao-backup/1"

// Names of the files in a backup.
const (
	ManifestFile  = "manifest.json"
	SQLiteFile    = "shuqiao.db"
	DumpFile      = "shuqiao.dump" // pg_dump, custom format
	PublicKeyFile = "ledger.pub"
	SealedKeyFile = "master.key.sealed"
)

// Manifest says what a backup holds.
type Manifest struct {
	Format   string    `json:"format"`
	Product  string    `json:"product_version"`
	Schema   int64     `json:"schema_version"`
	Node     string    `json:"node"`
	TakenAt  time.Time `json:"taken_at"` // when the copy was begun
	Database string    `json:"database"` // sqlite, postgres
	Files    []File    `json:"files"`
	Log      Log       `json:"ledger"`
	// MasterKey is "not_included" or "sealed".
	MasterKey string `json:"master_key"`
	// MAC is HMAC-SHA-256 of the manifest without it, hex, under a key derived
	// from the master key: whoever can write the directory cannot pass another
	// database off as this node's.
	MAC string `json:"mac,omitempty"`
}

// File is one file of a backup.
type File struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Log is the ledger as the copy has it.
type Log struct {
	Size uint64 `json:"size"`
	Root []byte `json:"root"`
	// Checkpoint is the last one signed before the copy: the signed note. Entries
	// between it and Size were committed while the copy was begun.
	Checkpoint string `json:"checkpoint"`
	PublicKey  string `json:"public_key"`
}

const (
	notIncluded = "not_included"
	sealed      = "sealed"
)

// sum is the MAC of the manifest.
func (m Manifest) sum(master []byte) (string, error) {
	m.MAC = ""
	text, err := json.Marshal(m)
	if err != nil {
		return "", err
	}
	key, err := hkdf.Key(sha256.New, master, nil, "shuqiao backup manifest", 32)
	if err != nil {
		return "", err
	}
	h := hmac.New(sha256.New, key)
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Authentic tells whether the manifest was written with this master key: nil,
// or the fault "backup_master_key".
func (m Manifest) Authentic(master []byte) error {
	want, err := m.sum(master)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(want), []byte(m.MAC)) {
		return fault.New(fault.Invalid, "backup_master_key", "主密钥不是制作此备份的节点的,或者备份清单被改动过")
	}
	return nil
}

// Open reads a backup and compares every file with the manifest; what does not
// agree is refused, all of it at once.
func Open(dir string) (Manifest, error) {
	text, err := os.ReadFile(filepath.Join(dir, ManifestFile))
	if err != nil {
		return Manifest{}, fault.Newf(fault.Invalid, "not_a_backup", "%s中没有备份清单%s", dir, ManifestFile).Because(err)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Format != Format {
		return Manifest{}, fault.Newf(fault.Invalid, "not_a_backup", "%s不是本程序能读的备份清单", ManifestFile).Because(err)
	}
	var c fault.Collector
	for _, f := range m.Files {
		if f.Name == "" || f.Name != filepath.Base(f.Name) || strings.HasPrefix(f.Name, ".") {
			c.Add(f.Name, "name", "文件名不合规定", "")
			continue
		}
		got, err := describe(filepath.Join(dir, f.Name))
		switch {
		case errors.Is(err, os.ErrNotExist):
			c.Add(f.Name, "missing", "缺少文件", "")
		case err != nil:
			return Manifest{}, err
		case got != f:
			c.Add(f.Name, "digest", fmt.Sprintf("与清单不符:%d字节,SHA-256 %s", got.Size, got.SHA256), "")
		}
	}
	if m.file() == "" {
		c.Add("database", "not_in_list", "清单中没有数据库文件", "")
	}
	return m, c.Err("backup_damaged", "备份不完整或者已被改动", "")
}

// file names the copy of the database; empty when the manifest lists none.
func (m Manifest) file() string {
	want := map[string]string{"sqlite": SQLiteFile, "postgres": DumpFile}[m.Database]
	for _, f := range m.Files {
		if f.Name == want {
			return want
		}
	}
	return ""
}

// describe reads a file's size and digest.
func describe(path string) (File, error) {
	f, err := os.Open(path)
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	return File{Name: filepath.Base(path), Size: n, SHA256: hex.EncodeToString(h.Sum(nil))}, err
}

// write writes a file that survives a power cut.
func write(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncDir makes names in a directory survive a power cut.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
