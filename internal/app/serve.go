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
	Share net.Listener // of the data plane alone; nil: not served
	// Metrics is for those who operate the node; nil: not served.
	Metrics net.Listener
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
	if l.Metrics, err = listenMetrics(cfg); err != nil {
		l.Close()
		return Listeners{}, err
	}
	if cfg.TLSAddr == "" && cfg.ShareAddr == "" {
		return l, nil
	}
	cert, err := certificate(cfg)
	if err == nil && cfg.TLSAddr != "" {
		l.TLS, err = listenTLS(cfg.TLSAddr, cert, "h2", "http/1.1")
	}
	if err == nil && cfg.ShareAddr != "" {
		l.Share, err = listenTLS(cfg.ShareAddr, cert, "http/1.1")
	}
	if err != nil {
		l.Close()
		return Listeners{}, err
	}
	return l, nil
}

// listenTLS asks callers for a certificate. Certificates are pinned to systems
// by public key: possession is proved by the handshake, trust by the
// registration. No CA decides.
func listenTLS(addr string, cert tls.Certificate, protocols ...string) (net.Listener, error) {
	raw, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	return tls.NewListener(raw, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: protocols,
		Certificates: []tls.Certificate{cert}, ClientAuth: tls.RequestClientCert}), nil
}

// Close closes the sockets.
func (l Listeners) Close() {
	for _, socket := range []net.Listener{l.Plain, l.TLS, l.Share, l.Metrics} {
		if socket != nil {
			socket.Close()
		}
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
	if l.Share != nil {
		n.serveShare(ctx, group, l.Share)
	}
	if l.Metrics != nil {
		n.serveMetrics(ctx, group, l.Metrics)
	}
	return group.Wait()
}

// serveShare runs the data plane's own listener.
func (n *Node) serveShare(ctx context.Context, group *errgroup.Group, socket net.Listener) {
	server := n.Gateway.Server()
	group.Go(func() error { return server.Serve(socket) })
	group.Go(func() error {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return server.Shutdown(grace)
	})
}

// URLs are the addresses the sockets are reached under on this machine.
func (l Listeners) URLs() []string {
	urls := []string{"http://" + l.Plain.Addr().String()}
	if l.TLS != nil {
		urls = append(urls, "https://"+l.TLS.Addr().String())
	}
	if l.Share != nil {
		urls = append(urls, "https://"+l.Share.Addr().String())
	}
	return urls
}
