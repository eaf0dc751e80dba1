package worker_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/worker"
)

// A job that has more to do goes on at once; a failing or panicking one is
// tried again and does not stop the others.
func TestJobsGoOnAfterErrorsAndPanics(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	var busy, failing, panicking atomic.Int32
	done := func() bool { return busy.Load() >= 5 && failing.Load() >= 3 && panicking.Load() >= 3 }
	step := func(n *atomic.Int32) {
		n.Add(1)
		if done() {
			stop()
		}
	}
	worker.Run(ctx, slog.New(slog.NewTextHandler(io.Discard, nil)),
		worker.Job{Name: "busy", Every: time.Hour, Run: func(context.Context) (bool, error) {
			step(&busy)
			return busy.Load() < 5, nil
		}},
		worker.Job{Name: "failing", Every: time.Millisecond, Run: func(context.Context) (bool, error) {
			step(&failing)
			return true, errors.New("no")
		}},
		worker.Job{Name: "panicking", Every: time.Millisecond, Run: func(context.Context) (bool, error) {
			step(&panicking)
			panic("no")
		}})
	if busy.Load() != 5 {
		t.Errorf("busy ran %d times, want 5: once for each piece of work, then not before the hour", busy.Load())
	}
}
