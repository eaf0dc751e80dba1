package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/shuqiao/shuqiao/internal/clock"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/problem"
	"github.com/shuqiao/shuqiao/internal/trace"
)

// sighting is what the access log will say of a request. The route is the
// pattern, not the address: addresses are typed by outsiders and may hold
// anything.
type sighting struct {
	id    string
	route string
}

type sightingKey struct{}

func seen(ctx context.Context) *sighting {
	if s, ok := ctx.Value(sightingKey{}).(*sighting); ok {
		return s
	}
	return &sighting{}
}

// RequestID names the request for logs: it is in the access log and in the
// answer's X-Request-Id. Empty outside a request.
func RequestID(ctx context.Context) string { return seen(ctx).id }

// recorder remembers what was answered.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(code int) {
	if r.status == 0 {
		r.status = code
	}
	r.ResponseWriter.WriteHeader(code)
}

// Write implements http.ResponseWriter.
func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// observe gives the request its ID and its place in a trace, and writes the
// access log: no address, no query, no body, no header. What else is logged of
// the request bears the same two numbers.
func observe(c clock.Clock, log *slog.Logger, next http.Handler) http.Handler {
	if log == nil {
		log = slog.Default()
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := c.Now()
		s := &sighting{id: ident.New(), route: "none"}
		rec := &recorder{ResponseWriter: w}
		w.Header().Set("X-Request-Id", s.id)
		log := log.With("request_id", s.id, "trace", trace.Or(r.Header.Values(trace.Header), s.id).ID())
		ctx := problem.WithLogger(context.WithValue(r.Context(), sightingKey{}, s), log)
		next.ServeHTTP(rec, r.WithContext(ctx))
		log.InfoContext(ctx, "request", "method", method(r), "route", s.route,
			"status", rec.status, "bytes", rec.bytes, "took", c.Now().Sub(begin))
	})
}

// method gives a known method as it is; others are typed by outsiders too.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// recovered turns a panic into an opaque 500.
func recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			if r.Context().Err() != nil { // writing to a caller that went away
				slog.DebugContext(r.Context(), "the caller went away", "request_id", RequestID(r.Context()))
				return
			}
			err := fmt.Errorf("panic: %v\n%s", v, debug.Stack())
			if rec, ok := w.(*recorder); ok && rec.status != 0 {
				problem.Log(r.Context(), problem.From(err), err) // too late to answer anything else
				panic(http.ErrAbortHandler)                      // but not to say that it is broken off
			}
			problem.Write(w, r, err, nil)
		}()
		next.ServeHTTP(w, r)
	})
}

// contentPolicy lets pages load from this node alone. Ant Design writes style
// elements at run time, hence 'unsafe-inline' for styles only.
const contentPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secured sets the headers that every answer bears.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store") // the console's files say otherwise
		next.ServeHTTP(w, r)
	})
}

// bounded refuses a body that says it is too large without reading a byte,
// and stops reading one that does not say so.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := bodyLimit(r)
		if r.ContentLength > most {
			w.Header().Set("Connection", "close")
			problem.Write(w, r, errTooLarge, nil)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
		next.ServeHTTP(w, r)
	})
}

// sameOrigin refuses what another site makes a browser send with our cookie,
// and sign-ins that another site begins. A bearer token is not sent by a
// browser on its own, so programs are not concerned.
func sameOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if bearer(r.Header.Get("Authorization")) == "" {
			if err := protection.Check(r); err != nil {
				problem.Write(w, r, fault.New(fault.Forbidden, "cross_origin", "请求来自其他网站，已拒绝").Because(err), nil)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
