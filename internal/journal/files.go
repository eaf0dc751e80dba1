package journal

import (
	"os"
	"syscall"
)

// Files is what the journal writes through.
type Files interface {
	// Lock takes the lock file for this process, or fails at once.
	Lock(path string) (File, error)
	// Zero makes a file of zeros that are on the disk, so that later syncs are
	// of data alone.
	Zero(path string, size int64) error
	Open(path string) (File, error)
	Rename(from, to string) error
	SyncDir(dir string) error
}

// File is an open file.
type File interface {
	WriteAt(b []byte, off int64) (int, error)
	Sync() error // of the data
	Close() error
}

// Machine is the files of this machine.
type Machine struct{}

type file struct{ *os.File }

// Sync syncs the data; the file's size does not change under the journal.
func (f file) Sync() error { return datasync(f.File) }

// Lock implements Files.
func (Machine) Lock(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, err
	}
	return file{f}, nil
}

// Zero implements Files.
func (Machine) Zero(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	zeros := make([]byte, 256<<10)
	for left := size; left > 0 && err == nil; {
		n := min(left, int64(len(zeros)))
		if _, err = f.Write(zeros[:n]); err == nil {
			// In small portions: a large one would hold up the syncs beside it.
			err = f.Sync()
		}
		left -= n
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	return err
}

// Open implements Files.
func (Machine) Open(path string) (File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return nil, err
	}
	return file{f}, nil
}

// Rename implements Files.
func (Machine) Rename(from, to string) error { return os.Rename(from, to) }

// SyncDir implements Files.
func (Machine) SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
