package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shuqiao/shuqiao/internal/gateway"
)

// Listeners are the open sockets of a node.
type Listeners struct {
	Plain net.Listener
	TLS   net.Listener // nil: not served
}

// Listen opens the sockets, so that their addresses are known before the node
// is wired. Plain HTTP beyond loopback is logged as a warning: it belongs
// behind a proxy that terminates TLS (CN-35).
func Listen(cfg Config) (Listeners, error) {
	if err := cfg.complete(); err != nil {
		return Listeners{}, err
	}
	plain, err := net.Listen("tcp", cfg.Addr)
	if err != nil {
		return Listeners{}, fmt.Errorf("listen: %w", err)
	}
	if !loopback(plain.Addr()) {
		cfg.Logger.Warn("plain HTTP is reachable from other machines; put a TLS proxy before it", "addr", plain.Addr().String())
	}
	l := Listeners{Plain: plain}
	if cfg.TLSAddr == "" {
		return l, nil
	}
	cert, err := certificate(cfg)
	if err != nil {
		plain.Close()
		return Listeners{}, err
	}
	raw, err := net.Listen("tcp", cfg.TLSAddr)
	if err != nil {
		plain.Close()
		return Listeners{}, fmt.Errorf("listen: %w", err)
	}
	l.TLS = tls.NewListener(raw, &tls.Config{
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"h2", "http/1.1"},
		Certificates: []tls.Certificate{cert},
		// Certificates are pinned to systems by public key: possession is
		// proved by the handshake, trust by the registration. No CA decides.
		ClientAuth: tls.RequestClientCert,
	})
	return l, nil
}

// Close closes the sockets.
func (l Listeners) Close() {
	l.Plain.Close()
	if l.TLS != nil {
		l.TLS.Close()
	}
}

// Handler serves gateway, API and console. The gateway takes its calls by the
// request target as it was sent, before anything cleans it.
func (n *Node) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if gateway.Owns(r.RequestURI) {
			n.Gateway.ServeHTTP(w, r)
			return
		}
		n.API.ServeHTTP(w, r)
	})
}

// Serve runs workers and servers until ctx ends, then lets running requests
// finish for up to ten seconds.
func (n *Node) Serve(ctx context.Context, l Listeners) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { n.Run(ctx); return nil })
	for _, socket := range []net.Listener{l.Plain, l.TLS} {
		if socket == nil {
			continue
		}
		server := &http.Server{
			Handler: n.Handler(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute, MaxHeaderBytes: 32 << 10,
		}
		group.Go(func() error {
			if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		group.Go(func() error {
			<-ctx.Done()
			grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			return server.Shutdown(grace)
		})
	}
	return group.Wait()
}

// URLs are the addresses the sockets are reached under on this machine.
func (l Listeners) URLs() []string {
	urls := []string{"http://" + l.Plain.Addr().String()}
	if l.TLS != nil {
		urls = append(urls, "https://"+l.TLS.Addr().String())
	}
	return urls
}
