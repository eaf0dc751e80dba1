package web

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// dumpPatience is how long a harvester may take for one part of the dump. The
// whole may take hours; who reads nothing for so long is gone.
const dumpPatience = 5 * time.Minute

// dump streams the whole catalog.
func (h *handlers) dump(w http.ResponseWriter, r *http.Request, ask dcat.Ask) error {
	version, modified, err := h.DCAT.Version(r.Context())
	if err != nil {
		return err
	}
	tag := fmt.Sprintf(`W/"%s-%s-%s"`, version, ask.Audience, ask.Format)
	header := w.Header()
	revalidated(header, ask.Format)
	header.Set("ETag", tag)
	if !modified.IsZero() {
		header.Set("Last-Modified", modified.UTC().Format(http.TimeFormat))
	}
	if strings.Contains(r.Header.Get("If-None-Match"), strings.TrimPrefix(tag, "W/")) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	if r.Method == http.MethodHead {
		return nil
	}
	out := &begun{w: w}
	var body io.Writer = out
	finish := func() error { return nil }
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		header.Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(out)
		body, finish = z, z.Close
	}
	connection := http.NewResponseController(w)
	err = h.DCAT.Dump(r.Context(), ask.Audience, ask.Format, body, func() error {
		// The socket lives by the machine's time, whatever the node's clock says.
		// A writer without deadlines (in tests) has none to move.
		_ = connection.SetWriteDeadline(clock.System{}.Now().Add(dumpPatience))
		return r.Context().Err()
	})
	if err == nil {
		err = finish()
	}
	if err != nil && out.yes {
		problem.Log(r.Context(), problem.From(err), err) // too late to answer anything else
		panic(http.ErrAbortHandler)                      // but not to say that it is broken off
	}
	if err != nil {
		for _, name := range []string{"Content-Encoding", "ETag", "Last-Modified"} {
			header.Del(name)
		}
	}
	return err
}

// begun remembers whether the answer has begun.
type begun struct {
	w   io.Writer
	yes bool
}

// Write implements io.Writer.
func (b *begun) Write(p []byte) (int, error) {
	b.yes = b.yes || len(p) > 0
	return b.w.Write(p)
}

// serveDated sends a document that bears its date and tag.
func serveDated(w http.ResponseWriter, r *http.Request, a *asset, modified time.Time) {
	content := a.plain
	if a.packed != nil {
		w.Header().Set("Content-Encoding", "gzip")
		content = a.packed
	}
	http.ServeContent(w, r, "", modified, bytes.NewReader(content))
}
