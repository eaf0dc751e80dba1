package web

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/problem"
	"github.com/shuqiao/shuqiao/internal/witness"
)

// Witnesses tells how the witnesses of this log stand to it.
type Witnesses interface {
	Standings(ctx context.Context) ([]witness.Standing, error)
}

// Witness cosigns other logs' checkpoints; *witness.Server implements it.
type Witness interface {
	Add(ctx context.Context, body []byte) ([]byte, error)
	Key() string
}

const (
	// tileEvery and tileBurst bound how fast one client address reads tiles:
	// fast enough to read a log of ten million entries in some minutes.
	tileEvery = 2 * time.Millisecond
	tileBurst = 4000
	// forever is for what never changes.
	forever = "max-age=31536000, immutable"
)

// serveTiles serves the C2SP tlog-tiles read API, under one prefix with every
// checkpoint and under another with witnessed ones, and the witness. They are
// not operations of the OpenAPI document: the specifications are theirs.
func serveTiles(mux *http.ServeMux, h *handlers) {
	h.tiles = newLimiter(h.Clock, tileEvery, tileBurst)
	answer := func(handle func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if err := handle(w, r); err != nil {
				problem.Write(w, r, err, nil)
			}
		}
	}
	mux.HandleFunc("GET /ledger/v1/tile/{path...}", answer(h.tile))
	mux.HandleFunc("GET /ledger/v1/witnessed/tile/{path...}", answer(h.tile))
	mux.HandleFunc("POST /witness/v1/add-checkpoint", answer(h.addCheckpoint))
	mux.HandleFunc("GET /witness/v1/key", answer(h.witnessKey))
}

// often limits a client address.
func (h *handlers) often(r *http.Request) error {
	ctx := context.WithValue(r.Context(), peerKey{}, peer{address: r.RemoteAddr, tls: r.TLS != nil})
	if h.tiles.allow(clientAddress(ctx)) != nil {
		return fault.New(fault.RateLimited, "too_many_requests", "读取过于频繁,请稍后再试")
	}
	return nil
}

func (h *handlers) tile(w http.ResponseWriter, r *http.Request) error {
	if err := h.often(r); err != nil {
		return err
	}
	res, err := ledger.ParseResource("tile/" + r.PathValue("path"))
	if err != nil || r.URL.RawQuery != "" {
		return fault.New(fault.NotFound, "route_unknown", "不是瓦片的地址")
	}
	cache := "public, " + forever
	if res.Entries && !h.OpenEntries {
		if err := h.mayReadEntries(r); err != nil {
			return err
		}
		cache = "private, " + forever
	}
	data, err := h.Ledger.Resource(r.Context(), res)
	if err != nil {
		return err
	}
	head := w.Header()
	head.Set("Content-Type", "application/octet-stream")
	head.Set("Cache-Control", cache)
	head.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if !res.Entries {
		head.Set("Content-Length", strconv.Itoa(len(data)))
		_, err = w.Write(data)
		return gone(err)
	}
	head.Set("Vary", "Accept-Encoding")
	if !acceptsGzip(r.Header.Get("Accept-Encoding")) {
		head.Set("Content-Length", strconv.Itoa(len(data)))
		_, err = w.Write(data)
		return gone(err)
	}
	head.Set("Content-Encoding", "gzip")
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	_, err = z.Write(data)
	return gone(errors.Join(err, z.Close()))
}

// gone: a client that went away in the middle is nobody's fault, and no
// problem document can be written any more.
func gone(error) error { return nil }

// acceptsGzip reads an Accept-Encoding header: gzip named and not refused.
func acceptsGzip(header string) bool {
	for _, part := range strings.Split(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		q = strings.ReplaceAll(q, " ", "")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			weight, err := strconv.ParseFloat(strings.TrimPrefix(q, "q="), 64)
			return q == "" || err == nil && weight > 0
		}
	}
	return false
}

// mayReadEntries: one entry proves what its holder knows already; all of them
// show who asks whom about how many. Not everybody's business unless the
// operator says so.
func (h *handlers) mayReadEntries(r *http.Request) error {
	t := bearer(r.Header.Get("Authorization"))
	if t == "" {
		if c, err := r.Cookie(sessionCookie); err == nil {
			t = c.Value
		}
	}
	p, err := h.identify(r.Context(), t)
	if err != nil {
		return err
	}
	if p.Territory == "" || !p.HasAny(org.Supervisor, org.Auditor) {
		return fault.New(fault.Forbidden, "ledger_entries_closed", "全部存证只供主管部门的审核、审计人员核验;单条存证凭编号查询").Under("CN-29.2")
	}
	return nil
}

func (h *handlers) noWitness() error {
	return fault.New(fault.NotFound, "route_unknown", "本节点不为其他日志作见证")
}

func (h *handlers) witnessKey(w http.ResponseWriter, _ *http.Request) error {
	if h.Witness == nil {
		return h.noWitness()
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := io.WriteString(w, h.Witness.Key())
	return gone(err)
}

// addCheckpoint speaks C2SP tlog-witness: its refusals are statuses, not
// problem documents.
func (h *handlers) addCheckpoint(w http.ResponseWriter, r *http.Request) error {
	if h.Witness == nil {
		return h.noWitness()
	}
	if err := h.often(r); err != nil {
		return err
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, witness.MaxRequest))
	if err != nil {
		http.Error(w, "request too large", http.StatusBadRequest)
		return nil
	}
	lines, err := h.Witness.Add(r.Context(), body)
	var refused *witness.Refusal
	switch {
	case errors.As(err, &refused) && refused.Why == witness.Conflict:
		w.Header().Set("Content-Type", "text/x.tlog.size")
		w.WriteHeader(http.StatusConflict)
		_, err = io.WriteString(w, strconv.FormatUint(refused.Size, 10)+"\n")
		return gone(err)
	case errors.As(err, &refused):
		http.Error(w, refused.Detail, int(refused.Why))
		return nil
	case err != nil:
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err = w.Write(lines)
	return gone(err)
}
