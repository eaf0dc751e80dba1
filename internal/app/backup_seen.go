package app

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// seen remembers, beside the database and not in it, the last checkpoint that
// this machine has signed: a database that was put back to an earlier state
// does not know of it. The zero value remembers nothing.
type seen struct {
	path string // empty: there is no place to remember in
	mu   sync.Mutex
	last []byte
}

// newSeen finds the place: beside an SQLite file, or in the data directory
// under a name made of the PostgreSQL server and database.
func newSeen(cfg Config) *seen {
	if path, ok := strings.CutPrefix(cfg.DatabaseURL, "sqlite://"); ok {
		if info, err := os.Stat(path); strings.HasSuffix(path, "/") || err == nil && info.IsDir() {
			path = filepath.Join(path, "shuqiao.db")
		}
		return &seen{path: path + ".checkpoint"}
	}
	u, err := url.Parse(cfg.DatabaseURL)
	if err != nil || cfg.Dir == "" {
		return &seen{}
	}
	sum := sha256.Sum256([]byte(u.Host + u.Path))
	return &seen{path: filepath.Join(cfg.Dir, "ledger-"+hex.EncodeToString(sum[:6])+".checkpoint")}
}

// read gives the remembered signed note, or nil.
func (s *seen) read() ([]byte, error) {
	if s.path == "" {
		return nil, nil
	}
	note, err := os.ReadFile(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return note, err
}

// write remembers a signed note; the file is whole at every moment.
func (s *seen) write(note []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.path == "" || bytes.Equal(s.last, note) {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(s.path), ".checkpoint-*")
	if err != nil {
		return fmt.Errorf("remember the checkpoint: %w", err)
	}
	_, err = tmp.Write(note)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), s.path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("remember the checkpoint: %w", err), os.Remove(tmp.Name()))
	}
	s.last = bytes.Clone(note)
	return nil
}
