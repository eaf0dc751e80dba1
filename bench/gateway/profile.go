package main

import (
	"os"
	"runtime/pprof"
	"time"
)

// profiled writes a CPU profile of the node, of the given length, a while after
// its start: for whoever makes it faster.
func profiled(path string, after, length time.Duration) error {
	if path == "" {
		return nil
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	go func() {
		time.Sleep(after)
		if pprof.StartCPUProfile(f) == nil {
			time.Sleep(length)
			pprof.StopCPUProfile()
		}
		_ = f.Close()
	}()
	return nil
}
