package journal_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/journal"
)

func open(t testing.TB, dir string, o journal.Options) *journal.Journal {
	t.Helper()
	j, err := journal.Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func replay(t testing.TB, j *journal.Journal, from uint64) []string {
	t.Helper()
	var out []string
	err := j.Replay(from, func(seq uint64, data []byte) error {
		if want := from + uint64(len(out)); from > 0 && seq != want {
			t.Fatalf("record %d after %d", seq, want)
		}
		out = append(out, string(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatWasAppendedIsReplayed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	o := journal.Options{SegmentBytes: 1 << 10}
	j := open(t, dir, o)
	var want []string
	for i := range 200 {
		batch := [][]byte{fmt.Appendf(nil, "record %d", i), []byte(strings.Repeat("x", i))}
		batch = slices.DeleteFunc(batch, func(b []byte) bool { return len(b) == 0 })
		last, err := j.Append(batch)
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range batch {
			want = append(want, string(b))
		}
		if last != uint64(len(want)) {
			t.Fatalf("last %d, want %d", last, len(want))
		}
		if i%17 == 0 { // as a restarted process
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			j = open(t, dir, o)
		}
	}
	if got := replay(t, j, 1); !slices.Equal(got, want) {
		t.Errorf("%d records, want %d", len(got), len(want))
	}
	if got := replay(t, j, 101); !slices.Equal(got, want[100:]) {
		t.Errorf("from 101: %d records", len(got))
	}
	if err := j.Discard(150); err != nil {
		t.Fatal(err)
	}
	if first := j.First(); first > 151 || first < 100 {
		t.Errorf("first is %d", first)
	}
	if got := replay(t, j, 151); !slices.Equal(got, want[150:]) {
		t.Errorf("after Discard: %d records", len(got))
	}
	if _, err := journal.Open(dir, o); err == nil {
		t.Error("opened twice")
	}
}

func TestTooLargeABatchIsRefused(t *testing.T) {
	t.Parallel()
	j := open(t, t.TempDir(), journal.Options{})
	if _, err := j.Append([][]byte{make([]byte, journal.MaxBatch)}); err == nil {
		t.Error("taken")
	}
	if _, err := j.Append([][]byte{[]byte("a")}); err != nil {
		t.Error(err)
	}
	if last, err := j.Append(nil); err != nil || last != 1 {
		t.Error(last, err)
	}
}

// Every byte that counts: whatever single one is changed in what was written,
// the journal does not open, or the torn end alone is missing.
func TestEveryChangedByteIsNoticed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := open(t, dir, journal.Options{SegmentBytes: 400})
	for i := range 12 {
		if _, err := j.Append([][]byte{fmt.Appendf(nil, "record %02d", i)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	names, _ := filepath.Glob(filepath.Join(dir, "*.journal"))
	if len(names) < 2 {
		t.Fatal(names)
	}
	for n, name := range names {
		good, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		used := len(bytes.TrimRight(good, "\x00"))
		for i := range used {
			bad := slices.Clone(good)
			bad[i] ^= 0x20
			if err := os.WriteFile(name, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			j, err := journal.Open(dir, journal.Options{SegmentBytes: 400})
			var damage *journal.Damage
			if err == nil {
				got := replay(t, j, 1)
				_ = j.Close()
				if n < len(names)-1 || len(got) == 12 {
					t.Fatalf("byte %d of %s: opens with %d records", i, filepath.Base(name), len(got))
				}
			} else if !errors.As(err, &damage) {
				t.Fatalf("byte %d: %v", i, err)
			}
			spare, _ := filepath.Glob(filepath.Join(dir, "*.spare"))
			for _, s := range spare {
				_ = os.Remove(s)
			}
		}
		if err := os.WriteFile(name, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// Power cuts: what was not synced is lost in part, sector by sector. Whatever
// was acknowledged is there, in order; nothing else but a beginning of the last
// unacknowledged batch is.
func TestPowerCuts(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		dir := filepath.Join(root, fmt.Sprint(n))
		disk := &disk{rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))}
		var acknowledged []string
		for range rapid.IntRange(1, 4).Draw(t, "lives") {
			j, err := journal.Open(dir, journal.Options{SegmentBytes: 2 << 10, Files: disk})
			if err != nil {
				t.Fatalf("after %d records: %v", len(acknowledged), err)
			}
			var got []string
			if err := j.Replay(1, func(_ uint64, data []byte) error { got = append(got, string(data)); return nil }); err != nil {
				t.Fatal(err)
			}
			if len(got) < len(acknowledged) || !slices.Equal(got[:len(acknowledged)], acknowledged) {
				t.Fatalf("%d records of %d acknowledged", len(got), len(acknowledged))
			}
			acknowledged = got // what came through counts from now on
			for range rapid.IntRange(0, 30).Draw(t, "appends") {
				var batch [][]byte
				for range rapid.IntRange(1, 4).Draw(t, "records") {
					batch = append(batch, fmt.Appendf(nil, "%d-%s", disk.rand.Uint32(), strings.Repeat("y", disk.rand.IntN(300))))
				}
				disk.fail = rapid.IntRange(0, 9).Draw(t, "fail") == 0
				_, err := j.Append(batch)
				disk.fail = false
				if err == nil {
					for _, b := range batch {
						acknowledged = append(acknowledged, string(b))
					}
				}
			}
			disk.cut = rapid.Bool().Draw(t, "in the middle of a write")
			if disk.cut {
				_, _ = j.Append([][]byte{[]byte(strings.Repeat("z", 700))})
				disk.cut = false
			}
			_ = j.Close()
			disk.powerCut()
		}
	})
}

// disk is the machine's files with writes that a power cut may lose.
type disk struct {
	journal.Machine
	rand      *rand.Rand
	fail, cut bool
	unsynced  []write
}

type write struct {
	path string
	off  int64
	old  []byte
}

func (d *disk) Zero(path string, size int64) error {
	return os.WriteFile(path, make([]byte, size), 0o600)
}

func (d *disk) SyncDir(string) error { return nil }

func (d *disk) Open(path string) (journal.File, error) {
	f, err := d.Machine.Open(path)
	if err != nil {
		return nil, err
	}
	return &diskFile{File: f, d: d, path: path}, nil
}

type diskFile struct {
	journal.File
	d    *disk
	path string
}

func (f *diskFile) WriteAt(b []byte, off int64) (int, error) {
	old := make([]byte, len(b))
	r, err := os.Open(f.path)
	if err != nil {
		return 0, err
	}
	_, _ = r.ReadAt(old, off)
	_ = r.Close()
	f.d.unsynced = append(f.d.unsynced, write{f.path, off, old})
	return f.File.WriteAt(b, off)
}

func (f *diskFile) Sync() error {
	if f.d.fail || f.d.cut {
		return errors.New("no space left on device")
	}
	f.d.unsynced = slices.DeleteFunc(f.d.unsynced, func(w write) bool { return w.path == f.path })
	return nil
}

// powerCut undoes sectors of what was not synced, by chance.
func (d *disk) powerCut() {
	const sector = 64 // small, so that batches have many
	for _, w := range d.unsynced {
		f, err := os.OpenFile(w.path, os.O_WRONLY, 0)
		if err != nil {
			continue // discarded since
		}
		for at := 0; at < len(w.old); at += sector {
			if d.rand.IntN(2) == 0 {
				_, _ = f.WriteAt(w.old[at:min(at+sector, len(w.old))], w.off+int64(at))
			}
		}
		_ = f.Close()
	}
	d.unsynced = nil
}

func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 32, 128} {
		b.Run(fmt.Sprintf("records=%d", n), func(b *testing.B) {
			j := open(b, b.TempDir(), journal.Options{})
			batch := make([][]byte, n)
			for i := range batch {
				batch[i] = bytes.Repeat([]byte("x"), 900)
			}
			for b.Loop() {
				last, err := j.Append(batch)
				if err != nil {
					b.Fatal(err)
				}
				if last%4096 < uint64(n) {
					_ = j.Discard(last)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "records/s")
		})
	}
}
