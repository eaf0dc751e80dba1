package archive

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/shuqiao/shuqiao/internal/ledger"
)

// checkpointFile is where the layout has the signed checkpoint.
const checkpointFile = "checkpoint"

// Dir is a directory in the layout of tlog-tiles. It is a ledger.Source.
type Dir string

var _ ledger.Source = Dir("")

// Checkpoint implements ledger.Source.
func (d Dir) Checkpoint(context.Context) ([]byte, error) {
	return d.read(checkpointFile)
}

// Fetch implements ledger.Source.
func (d Dir) Fetch(_ context.Context, r ledger.Resource) ([]byte, error) { return d.read(r.Path()) }

func (d Dir) read(path string) ([]byte, error) {
	data, err := os.ReadFile(filepath.Join(string(d), filepath.FromSlash(path)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ledger.ErrAbsent, path)
	}
	return data, err
}

// put writes a file so that it is there whole, and stays there through a power
// cut, or is not there.
func (d Dir) put(path string, data []byte) (err error) {
	name := filepath.Join(string(d), filepath.FromSlash(path))
	dir := filepath.Dir(name)
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	tmp, err := os.CreateTemp(dir, ".put-*")
	if err != nil {
		return fmt.Errorf("archive: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("archive: %w", err), os.Remove(tmp.Name()))
		}
	}()
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(0o640), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	if err = os.Rename(tmp.Name(), name); err != nil {
		return err
	}
	return d.syncUp(dir)
}

// syncUp makes the names durable, from a directory up to the archive's own.
func (d Dir) syncUp(dir string) error {
	for {
		f, err := os.Open(dir)
		if err != nil {
			return err
		}
		if err := errors.Join(f.Sync(), f.Close()); err != nil {
			return err
		}
		if dir == filepath.Clean(string(d)) {
			return nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return nil
		}
		dir = up
	}
}

// stat finds a resource without reading it.
func (d Dir) stat(r ledger.Resource) (fs.FileInfo, error) {
	return os.Stat(filepath.Join(string(d), filepath.FromSlash(r.Path())))
}
