package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"path/filepath"
	"sync"
	"time"

	searchdata "github.com/shuqiao/shuqiao/data/search"
	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/search"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/worker"
)

// How often the search index asks for changes, and looks whether there is work
// on its files. What was published is visible within a second on every replica.
const (
	searchEvery   = 250 * time.Millisecond
	maintainEvery = time.Second
)

// searchDir is where a node keeps the search index of its database: nodes of
// different databases may share a Dir. Without a Dir it is kept in memory.
func (c Config) searchDir() string {
	if c.Dir == "" || c.Inspect {
		return ""
	}
	sum := sha256.Sum256([]byte(c.DatabaseURL))
	return filepath.Join(c.Dir, "search-"+hex.EncodeToString(sum[:4]))
}

func openSearch(ctx context.Context, cfg Config, s *store.Store) (*search.Index, error) {
	synonyms, err := search.ReadSynonyms(bytes.NewReader(searchdata.Synonyms))
	if err != nil {
		return nil, err
	}
	return search.Open(ctx, search.Options{Dir: cfg.searchDir(), Source: s.SearchSource(), Synonyms: synonyms, Clock: cfg.Clock, Logger: cfg.Logger})
}

// searchJobs keep the index up to date.
func (n *Node) searchJobs() []worker.Job {
	return []worker.Job{
		{Name: "search", Every: searchEvery, Run: n.Search.Poll},
		{Name: "search files", Every: maintainEvery, Run: n.Search.Maintain},
	}
}

// catalogSearch answers the API: as the principal sees it, with the names of
// classes.
type catalogSearch struct {
	index  *search.Index
	scheme *catalog.Scheme
	names  sync.Map // class code → name; a code is never given to another class
}

// Search implements web.Search.
func (c *catalogSearch) Search(ctx context.Context, p org.Principal, q search.Query) (*search.Result, error) {
	q.Reader = search.Reader{Department: p.Department.ID}
	r, err := c.index.Search(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, f := range r.Facets {
		if f.Name != search.ByClass {
			continue
		}
		for i := range f.Counts {
			f.Counts[i].Label = c.className(ctx, f.Counts[i].Value)
		}
	}
	return r, nil
}

// Status implements web.Search.
func (c *catalogSearch) Status() search.Status { return c.index.Status() }

// className is the code itself for a class that is not in the scheme.
func (c *catalogSearch) className(ctx context.Context, code string) string {
	if name, ok := c.names.Load(code); ok {
		return name.(string)
	}
	class, err := c.scheme.Class(ctx, code)
	if err != nil {
		return code
	}
	c.names.Store(code, class.Name)
	return class.Name
}

// RebuildSearch builds the search index of a node anew. While the node runs it
// is asked to do so itself, which waiting is true for.
func RebuildSearch(ctx context.Context, cfg Config) (status search.Status, waiting bool, err error) {
	if err := cfg.complete(); err != nil {
		return status, false, err
	}
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return status, false, err
	}
	defer s.Close()
	if err := s.Ready(ctx); err != nil {
		return status, false, err
	}
	x, err := openSearch(ctx, cfg, s)
	if err != nil {
		return status, false, err
	}
	defer x.Close()
	if !x.Kept() {
		return status, true, search.RequestRebuild(cfg.searchDir())
	}
	err = x.Rebuild(ctx)
	return x.Status(), false, err
}
