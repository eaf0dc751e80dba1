package web

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
)

//go:embed docs/absent.html
var absentPage []byte

// console serves the built web console: its files as they are, and index.html
// for every other address, since the pages are routed in the browser.
type console struct {
	files fs.FS
	mu    sync.Mutex
	held  map[string]*asset
}

// asset is a file held in memory, packed where that helps.
type asset struct {
	plain, packed []byte
}

func newConsole(files fs.FS) *console { return &console{files: files, held: map[string]*asset{}} }

// ServeHTTP implements http.Handler.
func (c *console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		notAllowed(w, []string{http.MethodGet})
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	a, err := c.load(name)
	if errors.Is(err, fs.ErrNotExist) && path.Ext(name) == "" {
		name = "index.html"
		if a, err = c.load(name); errors.Is(err, fs.ErrNotExist) {
			servePage(w, r, absentPage)
			return
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem.Write(w, r, fault.New(fault.NotFound, "file_unknown", "没有这个文件"), nil)
	case err != nil:
		problem.Write(w, r, err, nil)
	default:
		serveAsset(w, r, name, a)
	}
}

// load reads a file once and keeps it: the console is a few files.
func (c *console) load(name string) (*asset, error) {
	if c.files == nil || !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") {
		return nil, fs.ErrNotExist
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if a, ok := c.held[name]; ok {
		return a, nil
	}
	info, err := fs.Stat(c.files, name)
	if err == nil && info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return nil, err
	}
	plain, err := fs.ReadFile(c.files, name)
	if err != nil {
		return nil, err
	}
	a := &asset{plain: plain, packed: pack(plain)}
	c.held[name] = a
	return a, nil
}

// pack compresses; nil when that gains nothing.
func pack(plain []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(plain); err != nil || z.Close() != nil || b.Len() >= len(plain)*9/10 {
		return nil
	}
	return b.Bytes()
}

// serveAsset sends a file. The names under assets/ contain a hash of the
// content, so they never change; the others are asked for every time.
func serveAsset(w http.ResponseWriter, r *http.Request, name string, a *asset) {
	h := w.Header()
	h.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		h.Set("Content-Type", t)
	}
	content := a.plain
	if a.packed != nil {
		h.Add("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") && r.Header.Get("Range") == "" {
			h.Set("Content-Encoding", "gzip")
			content = a.packed
		}
	}
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
}

// servePage sends a page of our own.
func servePage(w http.ResponseWriter, r *http.Request, page []byte) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(page))
}
