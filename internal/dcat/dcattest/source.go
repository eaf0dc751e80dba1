package dcattest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/org"
)

// change is a numbered change.
type change struct {
	dcat.Change
	seq int64
}

// Source is a published catalog in memory with its changes. It implements
// dcat.Source and dcat.Feed.
type Source struct {
	mu      sync.Mutex
	records []dcat.Record // by ID
	changes []change      // by sequence
	earlier map[string][]catalog.Entry
	seq     int64
}

// NewSource makes a catalog of the records, each created in turn.
func NewSource(records ...dcat.Record) *Source {
	s := &Source{earlier: map[string][]catalog.Entry{}}
	for _, r := range records {
		s.Put(r)
	}
	return s
}

func (s *Source) find(id string) (int, bool) {
	return slices.BinarySearchFunc(s.records, id, func(r dcat.Record, id string) int { return strings.Compare(r.Resource.ID, id) })
}

// Put publishes a record, in place of the one before.
func (s *Source) Put(r dcat.Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, known := s.find(r.Resource.ID)
	if known {
		s.records[at] = r
	} else {
		s.records = slices.Insert(s.records, at, r)
	}
	s.earlier[r.Resource.ID] = append(s.earlier[r.Resource.ID], r.Entry)
	s.note(dcat.Change{Resource: r.Resource.ID})
}

// Remove withdraws a record.
func (s *Source) Remove(id, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, known := s.find(id); known {
		s.records = slices.Delete(s.records, at, at+1)
		s.note(dcat.Change{Resource: id, Gone: true, At: Day, Reason: reason})
	}
}

func (s *Source) note(c dcat.Change) {
	s.seq++
	s.changes = append(slices.DeleteFunc(s.changes, func(x change) bool { return x.Resource == c.Resource }), change{c, s.seq})
}

// Records implements dcat.Source.
func (s *Source) Records(_ context.Context, after string, limit int) ([]dcat.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, known := s.find(after)
	if known {
		at++
	}
	return slices.Clone(s.records[at:min(at+limit, len(s.records))]), nil
}

// RecordsOf implements dcat.Source.
func (s *Source) RecordsOf(_ context.Context, ids []string) (out []dcat.Record, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		if at, known := s.find(id); known {
			out = append(out, s.records[at])
		}
	}
	return out, nil
}

// Superseded implements dcat.Source.
func (s *Source) Superseded(_ context.Context, ids []string) (map[string][]catalog.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[string][]catalog.Entry{}
	for _, id := range ids {
		out[id] = slices.Clone(s.earlier[id])
	}
	return out, nil
}

// Operator implements dcat.Source.
func (s *Source) Operator(context.Context) (org.Department, string, error) {
	return Operator(), "河北省", nil
}

// Changes implements dcat.Feed: a position is the number of a change.
func (s *Source) Changes(_ context.Context, position string, limit int) (out []dcat.Change, next string, more bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	after, err := strconv.ParseInt("0"+position, 10, 64)
	if err != nil || after > s.seq {
		return nil, "", false, dcat.CursorVoid()
	}
	for _, c := range s.changes {
		if c.seq <= after {
			continue
		}
		if len(out) == limit {
			return out, position, true, nil
		}
		out, position = append(out, c.Change), strconv.FormatInt(c.seq, 10)
	}
	return out, position, false, nil
}

// State implements dcat.Feed.
func (s *Source) State(context.Context) (name string, last time.Time, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.records {
		if r.PublishedAt.After(last) {
			last = r.PublishedAt
		}
	}
	return strconv.FormatInt(s.seq, 10), last, nil
}
