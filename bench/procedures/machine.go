package main

import (
	"bufio"
	"os"
	"runtime"
	"runtime/debug"
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
	load, _ := os.ReadFile("/proc/loadavg")
	kb, _ := strconv.Atoi(strings.Fields(field("/proc/meminfo", "MemTotal") + " 0")[0])
	return machine{OS: runtime.GOOS + "/" + runtime.GOARCH, CPU: field("/proc/cpuinfo", "model name"), Cores: runtime.NumCPU(),
		MemoryMB: kb / 1024, Load: strings.TrimSpace(string(load))}
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

// peak gives the most memory that this process has held since forget, in MB.
func peak() float64 {
	kb, _ := strconv.Atoi(strings.Fields(field("/proc/self/status", "VmHWM") + " 0")[0])
	return float64(kb) / 1024
}

// forget makes peak start again from what is held now.
func forget() {
	runtime.GC()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

func goVersions() map[string]string {
	out := map[string]string{"go": runtime.Version()}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Path == "github.com/jackc/pgx/v5" || d.Path == "modernc.org/sqlite" {
				out[d.Path] = d.Version
			}
		}
	}
	return out
}

// spread is what the runs of one figure gave, in milliseconds.
type spread struct {
	Median float64   `json:"median_ms"`
	P99    float64   `json:"p99_ms,omitempty"`
	Max    float64   `json:"max_ms"`
	Runs   []float64 `json:"runs_ms,omitempty"` // all of them, when they are few
}

func spreadOf(ds []time.Duration) spread {
	slices.Sort(ds)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	s := spread{Median: ms(ds[len(ds)/2]), Max: ms(ds[len(ds)-1])}
	if len(ds) >= 100 {
		s.P99 = ms(ds[len(ds)*99/100])
		return s
	}
	for _, d := range ds {
		s.Runs = append(s.Runs, ms(d))
	}
	return s
}
