package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

func escaped(s string) string { return url.PathEscape(s) }

type options struct {
	role, addr, to, dir, database string

	runs    int
	seconds float64
	out     string
	only    string
	servers string
}

func main() {
	var o options
	flag.StringVar(&o.role, "role", "run", "run, or one of the processes of a run: upstream, plain, node")
	flag.StringVar(&o.addr, "addr", "", "address of the process")
	flag.StringVar(&o.to, "to", "", "address of the upstream")
	flag.StringVar(&o.dir, "dir", "", "directory of the run")
	flag.StringVar(&o.database, "database", "", "database of the node")
	flag.IntVar(&o.runs, "runs", 3, "runs that the medians are of")
	flag.Float64Var(&o.seconds, "seconds", 8, "length of one load")
	flag.StringVar(&o.servers, "servers", "node,plain,nginx", "which servers to load")
	flag.StringVar(&o.only, "only", "", "only the loads whose name contains this")
	flag.StringVar(&o.out, "out", "bench/out/gateway.json", "where the figures go")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := o.start(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", o.role+":", err)
		os.Exit(1)
	}
}

func (o options) start(ctx context.Context) error {
	switch o.role {
	case "upstream":
		return upstream(o.addr)
	case "plain":
		return plain(o.addr, o.to, o.dir)
	case "node":
		if err := profiled(os.Getenv("BENCH_PROFILE"), 3*time.Second, 4*time.Second); err != nil {
			return err
		}
		return node(ctx, o.addr, o.to, o.dir, o.database)
	}
	return run(ctx, o)
}

// server is one process under load.
type server struct {
	name, addr string
	cmd        *exec.Cmd
}

// stop ends the process; none of them has anything to keep.
func (s server) stop() {
	if s.name == "nginx" {
		_ = s.cmd.Process.Signal(syscall.SIGTERM) // its workers go with it
	} else {
		_ = s.cmd.Process.Kill()
	}
	_ = s.cmd.Wait()
}

// role starts this program as one of the processes.
func role(ctx context.Context, name, to, dir string) (server, error) {
	addr, err := free()
	if err != nil {
		return server{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return server{}, err
	}
	cmd := exec.CommandContext(ctx, self, "-role", name, "-addr", addr, "-to", to, "-dir", dir)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return server{}, err
	}
	return server{name, addr, cmd}, await(ctx, addr)
}

func free() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func await(ctx context.Context, addr string) error {
	for range 600 {
		if c, err := net.Dial("tcp", addr); err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return fmt.Errorf("%s does not listen", addr)
}

// certificates writes a server's and a client's certificate.
func certificates(dir string) (tls.Certificate, error) {
	for _, name := range []string{"server", "client"} {
		k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return tls.Certificate{}, err
		}
		usage := x509.ExtKeyUsageServerAuth
		if name == "client" {
			usage = x509.ExtKeyUsageClientAuth
		}
		t := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
			NotAfter: time.Now().AddDate(1, 0, 0), KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{usage}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
		der, err := x509.CreateCertificate(rand.Reader, t, t, k.Public(), k)
		if err != nil {
			return tls.Certificate{}, err
		}
		pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
		if err != nil {
			return tls.Certificate{}, err
		}
		for suffix, block := range map[string]*pem.Block{".pem": {Type: "CERTIFICATE", Bytes: der}, ".key": {Type: "PRIVATE KEY", Bytes: pkcs8}} {
			if err := os.WriteFile(filepath.Join(dir, name+suffix), pem.EncodeToMemory(block), 0o600); err != nil {
				return tls.Certificate{}, err
			}
		}
	}
	return tls.LoadX509KeyPair(filepath.Join(dir, "client.pem"), filepath.Join(dir, "client.key"))
}

// result is one load on one server: the median run, and all their throughputs.
type result struct {
	Load   string    `json:"load"`
	Server string    `json:"server"`
	Median outcome   `json:"median"`
	Runs   []float64 `json:"runs_requests_per_second"`
	// RSS is the most memory the process has held, in MB.
	RSS float64 `json:"peak_rss_mb"`
}

func median(load, name string, all []outcome) result {
	r := result{Load: load, Server: name}
	for _, x := range all {
		r.Runs = append(r.Runs, x.PerSecond)
	}
	slices.SortFunc(all, func(a, b outcome) int { return int(a.PerSecond - b.PerSecond) })
	r.Median = all[len(all)/2]
	return r
}

func run(ctx context.Context, o options) error {
	dir, err := os.MkdirTemp("", "shuqiao-bench-gateway-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	rep := report{Command: "bench/gateway/run " + strings.Join(os.Args[1:], " "), At: time.Now().UTC().Truncate(time.Second), Versions: versions()}
	if rep.Results, err = measure(ctx, o, dir); err != nil {
		return err
	}
	rep.Ratios = ratios(rep.Results)
	text, err := json.MarshalIndent(rep, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(o.out, append(text, '\n'), 0o644)
}
