package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/valyala/fasthttp"
)

// upstream answers every query with the same kilobyte of JSON: a provider's
// service that costs next to nothing, so that what is measured is the proxy.
func upstream(addr string) error {
	body := answer()
	s := &fasthttp.Server{NoDefaultServerHeader: true, NoDefaultDate: true, Handler: func(c *fasthttp.RequestCtx) {
		c.Response.Header.SetContentType("application/json")
		c.Response.SetBodyRaw(body)
	}}
	return s.ListenAndServe(addr)
}

// plain is what a Go programmer would write in ten minutes, with a pool large
// enough for the load.
func plain(addr, to, dir string) error {
	target, err := url.Parse("http://" + to)
	if err != nil {
		return err
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(filepath.Join(dir, "client.pem"))
	if err != nil {
		return err
	}
	pool.AppendCertsFromPEM(pem)
	s := &http.Server{Addr: addr, ReadHeaderTimeout: 10 * time.Second,
		Handler: &httputil.ReverseProxy{
			Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(target) },
			Transport: &http.Transport{MaxIdleConns: 1024, MaxIdleConnsPerHost: 512, DisableCompression: true},
		},
		TLSConfig: &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: pool, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}},
	}
	return s.ListenAndServeTLS(filepath.Join(dir, "server.pem"), filepath.Join(dir, "server.key"))
}

// nginx is started with a worker a core.
func nginx(ctx context.Context, addr, to, dir string) (*exec.Cmd, error) {
	conf := fmt.Sprintf(`daemon off; master_process on; worker_processes auto; pid %[1]s/nginx.pid; error_log %[1]s/nginx.err warn;
events { worker_connections 4096; }
http {
  access_log off; client_body_temp_path %[1]s/t1; proxy_temp_path %[1]s/t2; fastcgi_temp_path %[1]s/t3; uwsgi_temp_path %[1]s/t4; scgi_temp_path %[1]s/t5;
  keepalive_requests 1000000000; keepalive_timeout 300s;
  upstream u { server %[3]s; keepalive 512; keepalive_requests 1000000000; }
  server {
    listen %[2]s ssl; ssl_certificate %[1]s/server.pem; ssl_certificate_key %[1]s/server.key; ssl_protocols TLSv1.2 TLSv1.3;
    ssl_client_certificate %[1]s/client.pem; ssl_verify_client on; ssl_session_cache off; ssl_session_tickets off;
    location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`, dir, addr, to)
	path := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(path, []byte(conf), 0o600); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "nginx", "-c", path, "-p", dir)
	cmd.Stderr = os.Stderr
	return cmd, cmd.Start()
}
