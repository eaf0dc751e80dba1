package search

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/RoaringBitmap/roaring/v2"
)

// Files in the directory of an index.
const (
	manifestFile = "manifest.json"
	lockName     = "lock"
	rebuildFile  = "rebuild" // asks the node to build the index anew
)

// manifest says which files are the index and how far it has followed the feed.
// It is replaced as a whole; what it does not name is rubbish.
type manifest struct {
	Format   int               `json:"format"`
	Epoch    string            `json:"epoch"`
	Position string            `json:"position"`
	Next     int               `json:"next"` // number of the next segment file
	Segments []manifestSegment `json:"segments"`
}

type manifestSegment struct {
	File    string `json:"file"`
	Deleted []byte `json:"deleted,omitempty"` // documents that no longer hold, as a roaring bitmap
}

// sealed is the file: the manifest and its checksum.
type sealed struct {
	Sum      uint32          `json:"sum"`
	Manifest json.RawMessage `json:"manifest"`
}

func readManifest(dir string) (m manifest, err error) {
	raw, err := os.ReadFile(filepath.Join(dir, manifestFile))
	if err != nil {
		return m, err
	}
	var s sealed
	if err := json.Unmarshal(raw, &s); err != nil {
		return m, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if crc32.Checksum(s.Manifest, castagnoli) != s.Sum {
		return m, fmt.Errorf("%w: manifest", errDamaged)
	}
	if err := json.Unmarshal(s.Manifest, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if m.Format != formatVersion {
		return m, fmt.Errorf("%w: format %d", errDamaged, m.Format)
	}
	return m, nil
}

// write replaces the manifest: all or nothing, through a crash as well.
func (m manifest) write(dir string) error {
	m.Format = formatVersion
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	raw, err := json.Marshal(sealed{crc32.Checksum(body, castagnoli), body})
	if err != nil {
		return err
	}
	path := filepath.Join(dir, manifestFile)
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(raw)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncDir(dir)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// open opens the segments that the manifest names.
func (m manifest) open(dir string, directory *directory) ([]*view, error) {
	var views []*view
	for _, s := range m.Segments {
		if s.File != filepath.Base(s.File) {
			return nil, fmt.Errorf("%w: file name", errDamaged)
		}
		seg, err := openSegment(filepath.Join(dir, s.File))
		if err != nil {
			return nil, err
		}
		v := newView(seg, directory)
		if len(s.Deleted) > 0 {
			deleted := roaring.New()
			if _, err := deleted.FromBuffer(s.Deleted); err != nil || !deleted.IsEmpty() && int(deleted.Maximum()) >= seg.docs {
				return nil, fmt.Errorf("%w: deletions", errDamaged)
			}
			gone := make([]uint64, (seg.words+1023)/1024*1024)
			deleted.WriteDenseTo(gone)
			andNot(v.public, gone)
			if v.hidden != nil {
				andNot(v.hidden, gone)
			}
			v.live = seg.docs - int(deleted.GetCardinality())
		}
		views = append(views, v)
	}
	return views, nil
}

// describe gives the manifest of the segments that lie in files.
func describe(epoch, position string, next int, views []*view) (manifest, error) {
	m := manifest{Epoch: epoch, Position: position, Next: next}
	for _, v := range views {
		if v.seg.file == "" {
			continue
		}
		s := manifestSegment{File: filepath.Base(v.seg.file)}
		if v.live < v.seg.docs {
			gone := make([]uint64, v.seg.words)
			setRange(gone, 0, uint32(v.seg.docs))
			andNot(gone, v.public)
			if v.hidden != nil {
				andNot(gone, v.hidden)
			}
			var err error
			if s.Deleted, err = roaring.FromDense(gone, true).ToBytes(); err != nil {
				return m, err
			}
		}
		m.Segments = append(m.Segments, s)
	}
	return m, nil
}

func segmentName(n int) string { return fmt.Sprintf("segment-%08d", n) }

// sweep deletes segment files that are not the index's. Those that a query
// still has mapped live on without a name.
func sweep(dir string, m manifest) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var errs []error
	for _, e := range entries {
		name := e.Name()
		if strings.HasPrefix(name, "segment-") && !slices.ContainsFunc(m.Segments, func(s manifestSegment) bool { return s.File == name }) {
			errs = append(errs, os.Remove(filepath.Join(dir, name)))
		}
	}
	return errors.Join(errs...)
}
