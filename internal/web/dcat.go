package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/dcat"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/problem"
)

// DCAT makes the catalog's documents for harvesters; *dcat.Service implements
// it.
type DCAT interface {
	Dataset(ctx context.Context, ask dcat.Ask, resource string) (dcat.Document, error)
	Catalog(ctx context.Context, ask dcat.Ask) (dcat.Document, error)
	Changes(ctx context.Context, ask dcat.Ask) (dcat.Document, error)
	Version(ctx context.Context) (string, time.Time, error)
	Dump(ctx context.Context, a dcat.Audience, f dcat.Format, out io.Writer, turned func() error) error
}

// serveDCAT serves the catalog to harvesters. The addresses are not operations
// of the OpenAPI document: they are RDF resources, negotiated by media type and
// described in docs/dcat.md.
func serveDCAT(mux *http.ServeMux, h *handlers) {
	h.harvests = newLimiter(h.Clock, followEvery, followBurst)
	mux.HandleFunc("GET /dcat/{what...}", func(w http.ResponseWriter, r *http.Request) {
		if err := h.dcat(w, r); err != nil {
			problem.Write(w, r, err, nil)
		}
	})
}

func (h *handlers) dcat(w http.ResponseWriter, r *http.Request) error {
	what := r.PathValue("what")
	if what == "context.jsonld" {
		return sendDocument(w, r, dcat.JSONLD, dcat.Document{Body: dcat.Context()})
	}
	// Whether there is such a thing is for those to learn who may read it.
	audience, err := h.audience(r)
	if err != nil {
		return err
	}
	ask, what, acceptable := negotiated(r, what)
	kind, resource, _ := strings.Cut(what, "/")
	make, params := h.document(kind, resource)
	if make == nil {
		return fault.New(fault.NotFound, "route_unknown", "接口没有这个地址")
	}
	if !acceptable {
		notAcceptable(w)
		return nil
	}
	ask.Audience = audience
	if err := readAsk(r, &ask, params); err != nil {
		return err
	}
	if kind == "dump" {
		return h.dump(w, r, ask)
	}
	doc, err := make(r.Context(), ask)
	if err != nil {
		return err
	}
	return sendDocument(w, r, ask.Format, doc)
}

// document finds what makes the document of an address, and the query
// parameters that it takes; nil: there is no such address.
func (h *handlers) document(kind, resource string) (make func(context.Context, dcat.Ask) (dcat.Document, error), params []string) {
	switch {
	case kind == "dataset" && resource != "":
		return func(ctx context.Context, ask dcat.Ask) (dcat.Document, error) {
			return h.DCAT.Dataset(ctx, ask, resource)
		}, nil
	case resource != "":
		return nil, nil
	case kind == "catalog":
		return h.DCAT.Catalog, []string{"after", "limit"}
	case kind == "feed":
		return h.DCAT.Changes, []string{"cursor", "limit"}
	case kind == "dump":
		return func(context.Context, dcat.Ask) (dcat.Document, error) { return dcat.Document{}, nil }, nil
	}
	return nil, nil
}

// audience finds out as whom the caller reads: a signed-in person or a
// registered system of a department, or, where the operator has opened the
// catalog, anybody.
func (h *handlers) audience(r *http.Request) (dcat.Audience, error) {
	t := bearer(r.Header.Get("Authorization"))
	if t == "" {
		if c, err := r.Cookie(sessionCookie); err == nil {
			t = c.Value
		}
	}
	certified := r.TLS != nil && len(r.TLS.PeerCertificates) > 0
	if t == "" && !certified && h.PublicCatalog {
		ctx := context.WithValue(r.Context(), peerKey{}, peer{address: r.RemoteAddr, tls: r.TLS != nil})
		return dcat.Public, tooOften(h.harvests, ctx)
	}
	_, err := h.identify(r.Context(), t)
	if f, ok := fault.As(err); ok && f.Kind == fault.Unauthenticated && h.Harvester != nil &&
		(certified || r.Header.Get("Authorization") != "") {
		_, err = h.Harvester(r)
	}
	return dcat.Departments, err
}

// readAsk reads the query parameters. Unknown ones are refused, as everywhere.
func readAsk(r *http.Request, ask *dcat.Ask, known []string) error {
	var faults fault.Collector
	allowed := map[string]bool{}
	for _, name := range known {
		allowed[name] = true
	}
	q := r.URL.Query()
	for name, values := range q {
		switch {
		case !allowed[name]:
			faults.Add("query."+name, "unknown", "没有这个查询参数", "")
		case len(values) > 1:
			faults.Add("query."+name, "repeated", "查询参数重复", "")
		case len(values[0]) > 100:
			faults.Add("query."+name, "too_long", "查询参数过长", "")
		}
	}
	ask.After, ask.Cursor = q.Get("after"), q.Get("cursor")
	if text := q.Get("limit"); allowed["limit"] && q.Has("limit") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > dcat.MaxLimit {
			faults.Add("query.limit", "out_of_range", "应为1至"+strconv.Itoa(dcat.MaxLimit)+"的整数", "")
		}
		ask.Limit = n
	}
	return faults.Err("query_invalid", "查询参数有误", "")
}

// sendDocument answers with a document, or says that it has not changed.
func sendDocument(w http.ResponseWriter, r *http.Request, f dcat.Format, doc dcat.Document) error {
	header := w.Header()
	revalidated(header, f)
	sum := sha256.Sum256(doc.Body)
	tag := hex.EncodeToString(sum[:16])
	a := &asset{plain: doc.Body}
	if len(doc.Body) > 4<<10 && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if a.packed = pack(doc.Body); a.packed != nil {
			tag += "-gzip"
		}
	}
	header.Set("ETag", `"`+tag+`"`)
	if doc.Next != "" {
		header.Set("Link", "<"+doc.Next+`>; rel="next"`)
	}
	serveDated(w, r, a, doc.Modified)
	return nil
}

// revalidated marks an answer that a harvester may keep and ask again about,
// and that is another one for other callers.
func revalidated(header http.Header, f dcat.Format) {
	header.Set("Content-Type", f.MediaType())
	header.Set("Cache-Control", "private, no-cache")
	header.Add("Vary", "Accept, Accept-Encoding, Authorization, Cookie")
}
