package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

type report struct {
	Command  string            `json:"command"`
	At       time.Time         `json:"at"`
	Versions map[string]string `json:"versions"`
	Results  []result          `json:"results"`
	Ratios   map[string]string `json:"ratios"`
}

func versions() map[string]string {
	out := map[string]string{"go": runtime.Version()}
	if b, err := exec.Command("nginx", "-v").CombinedOutput(); err == nil {
		out["nginx"] = strings.TrimSpace(string(b))
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/valyala/fasthttp" || d.Path == "modernc.org/sqlite" {
				out[d.Path] = d.Version
			}
		}
	}
	return out
}

// measure starts the processes and loads them in turn, run by run, so that a
// slow minute of the machine hurts all of them.
func measure(ctx context.Context, o options, dir string) ([]result, error) {
	cert, err := certificates(dir)
	if err != nil {
		return nil, err
	}
	up, err := role(ctx, "upstream", "", dir)
	if err != nil {
		return nil, err
	}
	defer up.stop()
	var servers []server
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	for _, name := range []string{"node", "plain"} {
		if !strings.Contains(o.servers, name) {
			continue
		}
		s, err := role(ctx, name, up.addr, dir)
		if err != nil {
			return nil, err
		}
		servers = append(servers, s)
	}
	if strings.Contains(o.servers, "nginx") {
		ng, err := startNginx(ctx, up.addr, dir)
		if err != nil {
			return nil, err
		}
		servers = append(servers, ng)
	}
	p, err := readPrepared(ctx, dir)
	if err != nil {
		return nil, err
	}
	length := time.Duration(o.seconds * float64(time.Second))
	config := func() *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"},
			InsecureSkipVerify: true} // both ends are this program's, on loopback
	}
	loads := []struct {
		name  string
		conns int
		anew  bool
	}{{"linked/1", 1, false}, {"linked/32", 32, false}, {"linked/256", 256, false}, {"handshake/32", 32, true}}
	var out []result
	for _, l := range loads {
		if !strings.Contains(l.name, o.only) {
			continue
		}
		all := map[string][]outcome{}
		if l.conns == 1 { // what the proxies add to
			for range o.runs {
				x, err := load(plan{addr: up.addr, request: request(p.Linked, person, up.addr), conns: 1, length: length})
				if err != nil {
					return nil, err
				}
				all["direct"] = append(all["direct"], x)
			}
			out = append(out, median(l.name, "direct", all["direct"]))
		}
		for range o.runs {
			for _, s := range servers {
				before := cpu(s.cmd.Process.Pid)
				x, err := load(plan{addr: s.addr, config: config(), request: request(p.Linked, person, s.addr), conns: l.conns, length: length, anew: l.anew})
				if err != nil {
					return nil, fmt.Errorf("%s on %s: %w", l.name, s.name, err)
				}
				x.CPU = float64(cpu(s.cmd.Process.Pid)-before) / 1.1 / float64(x.Requests) // the warm-up is not counted
				fmt.Printf("%-13s %-6s %9.0f/s  p50 %7.0f µs  p99 %7.0f µs  cpu %4.0f µs  failed %d\n", l.name, s.name, x.PerSecond, x.P50, x.P99, x.CPU, x.Failed)
				all[s.name] = append(all[s.name], x)
			}
		}
		for _, s := range servers {
			r := median(l.name, s.name, all[s.name])
			r.RSS = rss(s.cmd.Process.Pid)
			out = append(out, r)
		}
	}
	return out, nil
}

func startNginx(ctx context.Context, to, dir string) (server, error) {
	addr, err := free()
	if err != nil {
		return server{}, err
	}
	cmd, err := nginx(ctx, addr, to, dir)
	if err != nil {
		return server{}, err
	}
	return server{"nginx", addr, cmd}, await(ctx, addr)
}

func readPrepared(ctx context.Context, dir string) (p prepared, err error) {
	var text []byte
	for range 200 {
		if text, err = os.ReadFile(filepath.Join(dir, "prepared.json")); err == nil {
			return p, json.Unmarshal(text, &p)
		}
		select {
		case <-ctx.Done():
			return p, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	return p, err
}

// rss is the most memory a process has held, in MB.
func rss(pid int) float64 {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(v)[0])
			return float64(kb) / 1024
		}
	}
	return 0
}

// ratios sets the node beside its peers, load by load.
func ratios(all []result) map[string]string {
	find := func(load, server string) (result, bool) {
		for _, r := range all {
			if r.Load == load && r.Server == server {
				return r, true
			}
		}
		return result{}, false
	}
	out := map[string]string{}
	for _, r := range all {
		n, ok := find(r.Load, "node")
		if !ok || r.Server == "node" {
			continue
		}
		if r.Server == "direct" {
			out[r.Load+" added p50 over direct"] = fmt.Sprintf("%.0f µs", n.Median.P50-r.Median.P50)
			continue
		}
		out[r.Load+" throughput, node / "+r.Server] = fmt.Sprintf("%.2f", n.Median.PerSecond/r.Median.PerSecond)
		out[r.Load+" p99, node / "+r.Server] = fmt.Sprintf("%.2f", n.Median.P99/r.Median.P99)
	}
	return out
}

// cpu is the processor time that a process and those it started have taken, in
// µs. nginx works in children, whose time is theirs until they end.
func cpu(pid int) (us int64) {
	pids := []int{pid}
	if b, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)); err == nil {
		for _, child := range strings.Fields(string(b)) {
			if n, err := strconv.Atoi(child); err == nil {
				pids = append(pids, n)
			}
		}
	}
	for _, p := range pids {
		b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(b), ") ")
		if f := strings.Fields(rest); len(f) > 12 {
			user, _ := strconv.ParseInt(f[11], 10, 64)
			system, _ := strconv.ParseInt(f[12], 10, 64)
			us += (user + system) * 10_000 // a tick is 10 ms
		}
	}
	return us
}
