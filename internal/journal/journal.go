package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/shuqiao/shuqiao/internal/ident"
)

// Options are the sizes of a journal. Zero fields take the default.
type Options struct {
	// SegmentBytes is the size of a segment file; default 16 MiB.
	SegmentBytes int64
	// Files replaces the machine's files, for tests that cut the power.
	Files Files
}

// Journal is an open journal. Append is for one caller at a time; the others
// may be called beside it.
type Journal struct {
	dir     string
	id      string
	options Options
	lock    File

	mu       sync.Mutex
	segments []segment // from the oldest; the last one is being written
	next     uint64    // sequence number of the next record
	chain    chain     // of the last record
	file     File      // of the last segment; nil: the next Append begins one
	offset   int64     // where the next frame goes
	buffer   []byte
	spare    chan string // a segment file that is ready to be written
	making   sync.WaitGroup
	closed   bool
}

// segment is one file.
type segment struct {
	path  string
	first uint64 // sequence number of its first record
}

// ErrClosed: the journal is closed.
var ErrClosed = errors.New("journal: closed")

// Open opens the journal in a directory, made if it is not there. Nobody else
// may have it open. What it holds is read and checked: a *Damage says what is
// wrong and where. A torn end, which a crash leaves behind, is no damage.
func Open(dir string, o Options) (*Journal, error) {
	if o.SegmentBytes <= 0 {
		o.SegmentBytes = 16 << 20
	}
	if o.Files == nil {
		o.Files = Machine{}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	lock, err := o.Files.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, fmt.Errorf("journal %s: another process has it open: %w", dir, err)
	}
	j := &Journal{dir: dir, options: o, lock: lock, next: 1, spare: make(chan string, 1)}
	if j.id, err = j.identify(); err == nil {
		err = j.read()
	}
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return j, nil
}

// ID names the journal: made with its directory, for good.
func (j *Journal) ID() string { return j.id }

// identify reads the journal's name, or gives it one.
func (j *Journal) identify() (string, error) {
	path := filepath.Join(j.dir, "id")
	b, err := os.ReadFile(path)
	if err == nil && ident.Valid(string(b)) {
		return string(b), nil
	}
	if names, listErr := j.names(); listErr != nil || len(names) > 0 || err == nil && len(b) > 0 {
		return "", errors.Join(listErr, &Damage{Segment: "id", What: "the journal has records and no name"})
	}
	id := ident.New()
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(id)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return "", err
	}
	return id, j.options.Files.SyncDir(j.dir)
}

// Append writes records and gives the sequence number of the last: when it
// returns nil they are on stable storage. After an error none of them counts,
// though a later Replay may give some.
func (j *Journal) Append(records [][]byte) (last uint64, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.closed {
		return 0, ErrClosed
	}
	if len(records) == 0 {
		return j.next - 1, nil
	}
	if n := batchSize(records); n > MaxBatch {
		return 0, fmt.Errorf("journal: a batch of %d bytes", n)
	}
	var after chain
	j.buffer, after = appendBatch(j.buffer[:0], records, j.chain)
	if err := j.write(); err != nil {
		// Nothing may follow what was perhaps written: see doc.go.
		if j.file != nil {
			_ = j.file.Close()
			j.file = nil
		}
		return 0, fmt.Errorf("journal: %w", err)
	}
	j.chain = after
	j.next += uint64(len(records))
	return j.next - 1, nil
}

// write puts the buffer behind what is there and syncs it.
func (j *Journal) write() error {
	if j.file == nil || j.offset+int64(len(j.buffer)) > j.options.SegmentBytes {
		if err := j.begin(); err != nil {
			return err
		}
	}
	if _, err := j.file.WriteAt(j.buffer, j.offset); err != nil {
		return err
	}
	if err := j.file.Sync(); err != nil {
		return err
	}
	j.offset += int64(len(j.buffer))
	return nil
}

// Next is the sequence number that the next record gets.
func (j *Journal) Next() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next
}

// First is the sequence number of the oldest record that is still kept, or
// would be: Next when there is none.
func (j *Journal) First() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.segments) == 0 {
		return j.next
	}
	return j.segments[0].first
}

// Close gives the directory back. What was appended stays.
func (j *Journal) Close() error {
	j.mu.Lock()
	if j.closed {
		j.mu.Unlock()
		return nil
	}
	j.closed = true
	file := j.file
	j.file = nil
	j.mu.Unlock()
	j.making.Wait()
	var err error
	if file != nil {
		err = file.Close()
	}
	return errors.Join(err, j.lock.Close())
}
