package quality

import (
	"context"
	"time"
)

// JobState says how far a measurement has come.
type JobState string

// The states.
const (
	Queued    JobState = "queued"
	Running   JobState = "running"
	Done      JobState = "done"
	Failed    JobState = "failed"
	Cancelled JobState = "cancelled"
)

// Open tells whether something is still to happen.
func (s JobState) Open() bool { return s == Queued || s == Running }

// Job is a measurement that was asked for. A worker runs it: it begins anew when
// the node ended meanwhile, and fails plainly when that happened too often.
type Job struct {
	ID         string
	Resource   string
	State      JobState
	By         string // person ID; empty: the platform, by the frequency
	Department string // of whoever asked; empty: the platform
	QueuedAt   time.Time
	StartedAt  *time.Time
	EndedAt    *time.Time
	Read       int64 // rows read so far
	Total      int64 // rows to read; 0: not known yet
	Attempts   int
	Stopping   bool   // somebody asked to stop it
	Run        string // what came of it
	Code       string // why it failed: a fault's code, "interrupted", "internal"
	Message    string // Chinese
}

// Bounds of jobs.
const (
	lease        = 2 * time.Minute // a worker that says nothing for so long is gone
	retryAfter   = time.Minute
	maxAttempts  = 3
	progressRows = 20_000 // between two words of progress
	scheduleMost = 50     // resources queued by one step of Schedule
)

// JobStore keeps the jobs.
type JobStore interface {
	// InsertJob queues a job; an open one of the resource is the fault
	// "already_exists".
	InsertJob(ctx context.Context, j Job) error
	QualityJob(ctx context.Context, id string) (Job, error)
	// LatestJob gives the last job of a resource, or nil.
	LatestJob(ctx context.Context, resource string) (*Job, error)
	// ClaimJob gives the worker the job that waits longest, queued or left by a
	// worker whose lease has passed; nil: none.
	ClaimJob(ctx context.Context, worker string, now, until time.Time) (*Job, error)
	// Progress notes rows read and renews the lease. held is false when the job is
	// no longer the worker's.
	Progress(ctx context.Context, id, worker string, read, total int64, until time.Time) (held, stopping bool, err error)
	// EndJob writes state, end, run, code and message of the worker's job.
	EndJob(ctx context.Context, j Job, worker string) (held bool, err error)
	// ReturnJob puts the worker's job back; attempts says how many it has had.
	ReturnJob(ctx context.Context, id, worker string, attempts int, from time.Time) error
	// StopJob ends a queued job and asks the worker of a running one to stop.
	StopJob(ctx context.Context, id string, at time.Time) error

	// DueRuns gives hosted resources that are to be measured by now.
	DueRuns(ctx context.Context, now time.Time, limit int) ([]string, error)
	// PlanRun says when a resource is measured next; nil: not any more.
	PlanRun(ctx context.Context, resource string, next *time.Time) error
}
