// Package worker runs the node's recurring jobs: the outbox, checkpoints,
// house-keeping. Several replicas may run the same job at once; each job is a
// transaction that finds nothing to do when another was first.
package worker

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Job is one recurring job.
type Job struct {
	Name  string
	Every time.Duration
	// Run does what there is to do and reports whether there may be more right
	// away. An error is logged; the job is tried again at its next turn.
	Run func(ctx context.Context) (more bool, err error)
}

// Run runs the jobs until ctx ends, each in a goroutine of its own, and
// returns when all have stopped. A job that panics is logged and lives on.
func Run(ctx context.Context, log *slog.Logger, jobs ...Job) {
	var wg sync.WaitGroup
	for _, j := range jobs {
		wg.Go(func() { loop(ctx, log, j) })
	}
	wg.Wait()
}

func loop(ctx context.Context, log *slog.Logger, j Job) {
	tick := time.NewTicker(j.Every)
	defer tick.Stop()
	for {
		for more := true; more && ctx.Err() == nil; {
			var err error
			if more, err = once(ctx, j); err != nil && ctx.Err() == nil {
				log.ErrorContext(ctx, "job failed", "job", j.Name, "error", err)
				more = false
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func once(ctx context.Context, j Job) (more bool, err error) {
	defer func() {
		if r := recover(); r != nil {
			more, err = false, fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return j.Run(ctx)
}
