package backup

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Schedule makes backups of a node in a directory, one each time its hour has
// come, and keeps the newest.
type Schedule struct {
	Dir   string
	Every time.Duration
	Keep  int // at least 1
}

// stamp is the name of a scheduled backup: the time it was begun, UTC.
const stamp = "20060102T150405Z"

// Run makes a backup if the newest is older than Every, then removes those
// beyond Keep. It reports whether it made one.
func (s Schedule) Run(ctx context.Context, src Source) (bool, error) {
	names, err := s.list(src.Node)
	if err != nil {
		return false, err
	}
	now := src.Clock.Now().UTC()
	if len(names) > 0 {
		last, _ := time.Parse(stamp, names[len(names)-1]) // list gives such names alone
		if now.Sub(last) < s.Every && !last.After(now) {
			return false, nil
		}
	}
	name := now.Format(stamp)
	if _, err := Take(ctx, src, filepath.Join(s.Dir, name)); err != nil {
		return false, err
	}
	names = append(names, name)
	slices.Sort(names)
	var failed error
	for _, old := range names[:max(0, len(names)-max(1, s.Keep))] {
		if old != name {
			failed = errors.Join(failed, os.RemoveAll(filepath.Join(s.Dir, old)))
		}
	}
	return true, errors.Join(failed, s.clear(now))
}

// list gives the scheduled backups of a node, the oldest first. What was put
// there otherwise is none, and is left alone.
func (s Schedule) list(node string) ([]string, error) {
	entries, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if _, err := time.Parse(stamp, e.Name()); err != nil || !e.IsDir() {
			continue
		}
		text, err := os.ReadFile(filepath.Join(s.Dir, e.Name(), ManifestFile))
		var m Manifest
		if err == nil && json.Unmarshal(text, &m) == nil && m.Node == node {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// clear removes what a process that was killed has left half written.
func (s Schedule) clear(now time.Time) error {
	entries, err := os.ReadDir(s.Dir)
	if err != nil {
		return err
	}
	var failed error
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && strings.HasPrefix(e.Name(), partial) && now.Sub(info.ModTime()) > 24*time.Hour {
			failed = errors.Join(failed, os.RemoveAll(filepath.Join(s.Dir, e.Name())))
		}
	}
	return failed
}
