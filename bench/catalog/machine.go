package main

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"time"
)

// machine is what the figures were made on.
type machine struct {
	OS       string `json:"os"`
	CPU      string `json:"cpu"`
	Cores    int    `json:"cores"`
	MemoryMB int    `json:"memory_mb"`
	Load     string `json:"load_average_before"` // others on the machine, if any
}

func thisMachine() machine {
	return machine{OS: runtime.GOOS + "/" + runtime.GOARCH, CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(),
		MemoryMB: kilobytes("/proc/meminfo", "MemTotal") / 1024, Load: loadAverage()}
}

func loadAverage() string {
	load, _ := os.ReadFile("/proc/loadavg")
	return strings.TrimSpace(string(load))
}

// field reads the first "name: value" of a file in /proc; "" elsewhere.
func field(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func kilobytes(file, name string) int {
	n, _ := strconv.Atoi(strings.Fields(field(file, name) + " 0")[0])
	return n
}

// memory is what this process holds, in MB: of its own, and of mapped files,
// which the system takes back when it needs to.
type memory struct {
	Own    int `json:"own_mb"`
	Mapped int `json:"mapped_files_mb"`
	Peak   int `json:"peak_mb"`
}

func memoryNow() memory {
	debug.FreeOSMemory()
	const status = "/proc/self/status"
	return memory{Own: kilobytes(status, "RssAnon") / 1024, Mapped: kilobytes(status, "RssFile") / 1024, Peak: kilobytes(status, "VmHWM") / 1024}
}

// forgetPeak makes the peak start again.
func forgetPeak() {
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

// sizeOf is how large the files of a directory are, in MB.
func sizeOf(dir string) (mb float64) {
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if info, e := d.Info(); err == nil && e == nil && !d.IsDir() {
			mb += float64(info.Size()) / (1 << 20)
		}
		return nil
	})
	return mb
}

func goVersions() map[string]string {
	out := map[string]string{"go": runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if strings.Contains(d.Path, "roaring") || d.Path == "github.com/jackc/pgx/v5" || d.Path == "modernc.org/sqlite" {
				out[d.Path] = d.Version
			}
		}
	}
	return out
}

// spread is how long something took, in milliseconds.
type spread struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50_ms"`
	P95   float64 `json:"p95_ms"`
	P99   float64 `json:"p99_ms"`
	Max   float64 `json:"max_ms"`
}

func spreadOf(ds []time.Duration) spread {
	if len(ds) == 0 {
		return spread{}
	}
	slices.Sort(ds)
	at := func(p int) float64 { return ms(ds[min(len(ds)*p/100, len(ds)-1)]) }
	return spread{Count: len(ds), P50: at(50), P95: at(95), P99: at(99), Max: ms(ds[len(ds)-1])}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// profile writes a CPU profile until the function it gives is called.
func (o options) profile(name string) (stop func()) {
	if o.profiles == "" {
		return func() {}
	}
	f, err := os.Create(filepath.Join(o.profiles, name+".pprof"))
	if err == nil {
		err = pprof.StartCPUProfile(f)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "profile:", err)
	}
	return func() { pprof.StopCPUProfile(); f.Close() }
}
