package journal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const (
	suffix      = ".journal"
	spareSuffix = ".spare"
)

// Damage is a record or segment that is not what was written.
type Damage struct {
	Segment string // file name
	Record  uint64 // sequence number of the first record concerned
	What    string
}

// Error says what is wrong and where.
func (d *Damage) Error() string {
	return fmt.Sprintf("journal: segment %s, record %d: %s", d.Segment, d.Record, d.What)
}

func (j *Journal) path(first uint64) string {
	return filepath.Join(j.dir, fmt.Sprintf("%020d%s", first, suffix))
}

// read finds the segments, checks them, and remembers where the chain ends.
// Writing goes on in a new segment: the last one may have a torn end.
func (j *Journal) read() error {
	names, err := j.names()
	if err != nil {
		return err
	}
	for i, name := range names {
		first, before, err := j.head(name)
		if err != nil {
			if i == len(names)-1 && j.unbegun(name) { // a crash while it was begun
				return os.Remove(filepath.Join(j.dir, name))
			}
			return &Damage{Segment: name, What: err.Error()}
		}
		switch {
		case i == 0:
			j.next, j.chain = first, before
		case first != j.next || before != j.chain:
			// Records behind the last acknowledged one are not acknowledged
			// either: the segment after them says where they begin.
			if err := j.rewind(i, first, before); err != nil {
				return err
			}
		}
		j.segments = append(j.segments, segment{filepath.Join(j.dir, name), first})
		err = j.scan(j.segments[len(j.segments)-1], ^uint64(0), i == len(names)-1, func(x batch, records uint64) error {
			j.next += records
			j.chain = x.after
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// names gives the segment files in order and removes spare ones.
func (j *Journal) names() ([]string, error) {
	entries, err := os.ReadDir(j.dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		switch {
		case strings.HasSuffix(e.Name(), suffix):
			names = append(names, e.Name())
		case strings.HasSuffix(e.Name(), spareSuffix):
			if err := os.Remove(filepath.Join(j.dir, e.Name())); err != nil {
				return nil, err
			}
		}
	}
	slices.Sort(names)
	return names, nil
}

func (j *Journal) head(name string) (first uint64, before chain, err error) {
	f, err := os.Open(filepath.Join(j.dir, name))
	if err != nil {
		return 0, before, err
	}
	defer f.Close()
	b := make([]byte, headerSize)
	if _, err := f.ReadAt(b, 0); err != nil {
		return 0, before, fmt.Errorf("the header is cut off")
	}
	return parseHeader(b)
}

// unbegun tells whether a segment holds no record: its header is synced before
// the first one is written.
func (j *Journal) unbegun(name string) bool {
	b, err := os.ReadFile(filepath.Join(j.dir, name))
	return err == nil && (len(b) < headerSize || !written(b[headerSize:]))
}

// rewind goes back to the end of the record before first: what the segment
// before holds beyond it was never acknowledged.
func (j *Journal) rewind(i int, first uint64, before chain) error {
	s := j.segments[i-1]
	damage := &Damage{Segment: filepath.Base(j.path(first)), Record: first, What: "does not continue the records before it"}
	if first > j.next || first < s.first {
		return damage
	}
	_, end, err := j.head(filepath.Base(s.path))
	if err != nil {
		return err
	}
	if err := j.scan(s, first, false, func(x batch, _ uint64) error { end = x.after; return nil }); err != nil {
		return err
	}
	if end != before {
		return damage
	}
	j.next, j.chain = first, before
	return nil
}

// scan reads the batches of a segment whose records come before until. Only the
// last batch may be broken, torn off by a crash or by a failed write: in the
// last segment anything behind it is damage, in an earlier one its successor
// says where it ends.
func (j *Journal) scan(s segment, until uint64, last bool, fn func(x batch, records uint64) error) error {
	b, err := os.ReadFile(s.path)
	if err != nil {
		return err
	}
	_, c, err := parseHeader(b)
	if err != nil {
		return &Damage{Segment: filepath.Base(s.path), Record: s.first, What: err.Error()}
	}
	rest, seq := b[headerSize:], s.first
	for seq < until {
		x, ok := readBatch(rest, c)
		if !ok {
			if x.size == 0 { // nothing, or the torn beginning of a batch
				x.size = MaxBatch
			}
			if last && written(rest[min(x.size, len(rest)):]) {
				return &Damage{Segment: filepath.Base(s.path), Record: seq, What: "is not what was written"}
			}
			return nil
		}
		records := uint64(0)
		if err := x.each(func([]byte) error { records++; return nil }); err != nil {
			return &Damage{Segment: filepath.Base(s.path), Record: seq, What: err.Error()}
		}
		if err := fn(x, records); err != nil {
			return err
		}
		c, rest = x.after, rest[x.size:]
		seq += records
	}
	return nil
}

// written tells whether anything was written to a stretch of a segment.
func written(b []byte) bool {
	for _, x := range b {
		if x != 0 {
			return true
		}
	}
	return false
}

// begin starts the next segment: a spare one if it is there, else a new file.
func (j *Journal) begin() error {
	if j.file != nil {
		if err := j.file.Close(); err != nil {
			return err
		}
		j.file = nil
	}
	size := max(j.options.SegmentBytes, int64(headerSize+len(j.buffer)))
	path := j.path(j.next)
	select {
	case spare := <-j.spare:
		if size > j.options.SegmentBytes {
			_ = os.Remove(spare)
			if err := j.options.Files.Zero(path, size); err != nil {
				return err
			}
		} else if err := j.options.Files.Rename(spare, path); err != nil {
			return err
		}
	default:
		if err := j.options.Files.Zero(path, size); err != nil {
			return err
		}
	}
	f, err := j.options.Files.Open(path)
	if err != nil {
		return err
	}
	if _, err := f.WriteAt(header(j.next, j.chain), 0); err != nil {
		return closing(f, err)
	}
	if err := f.Sync(); err != nil {
		return closing(f, err)
	}
	if err := j.options.Files.SyncDir(j.dir); err != nil {
		return closing(f, err)
	}
	// A segment whose every Append failed is begun again under its own name.
	if n := len(j.segments); n == 0 || j.segments[n-1].first != j.next {
		j.segments = append(j.segments, segment{path, j.next})
	}
	j.file, j.offset = f, int64(headerSize)
	j.prepare()
	return nil
}

func closing(f File, err error) error {
	_ = f.Close()
	return err
}

// prepare writes the next segment's zeros beside the work.
func (j *Journal) prepare() {
	path := filepath.Join(j.dir, fmt.Sprintf("%020d%s", j.next, spareSuffix))
	j.making.Go(func() {
		if err := j.options.Files.Zero(path, j.options.SegmentBytes); err != nil {
			_ = os.Remove(path) // the next segment is made when it is needed, or fails then
			return
		}
		select {
		case j.spare <- path:
		default:
			_ = os.Remove(path)
		}
	})
}

// Replay gives the records from a sequence number on, in order, up to those
// appended before it was called.
func (j *Journal) Replay(from uint64, fn func(seq uint64, data []byte) error) error {
	j.mu.Lock()
	segments, end := slices.Clone(j.segments), j.next
	j.mu.Unlock()
	for i, s := range segments {
		until := end
		if i+1 < len(segments) {
			until = segments[i+1].first
		}
		if until <= from {
			continue
		}
		seq := s.first
		err := j.scan(s, until, i == len(segments)-1, func(x batch, _ uint64) error {
			return x.each(func(data []byte) error {
				seq++
				if seq-1 < from {
					return nil
				}
				return fn(seq-1, data)
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Discard lets go of the segments whose records all are at or below a sequence
// number: they stand elsewhere. The one being written stays.
func (j *Journal) Discard(upTo uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for len(j.segments) > 1 && j.segments[1].first <= upTo+1 {
		if err := os.Remove(j.segments[0].path); err != nil {
			return err
		}
		j.segments = j.segments[1:]
	}
	return nil
}
