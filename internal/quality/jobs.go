package quality

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/catalog"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Why a run ends early.
var (
	errStopped = errors.New("the run was stopped")
	errLost    = errors.New("another worker has the job")
)

// Ask queues a measurement of all rules over the hosted rows. The provider's
// people and the supervisors of its authority do it. Refusals: "not_entitled",
// "not_hosted", "no_rows", "run_in_progress".
func (s *Service) Ask(ctx context.Context, p org.Principal, resource string) (Job, error) {
	_, v, err := s.entitled(ctx, p, resource)
	if err != nil {
		return Job{}, err
	}
	if err := hostedOnly(v); err != nil {
		return Job{}, err
	}
	rows, err := s.Hosted.Query(ctx, catalog.HostedQuery{Resource: resource, Items: v.Entry.Items, Limit: 1})
	if f, ok := fault.As(err); len(rows) == 0 && err == nil || ok && f.Kind == fault.NotFound {
		return Job{}, noRows()
	}
	if err != nil {
		return Job{}, err
	}
	j := Job{ID: ident.New(), Resource: resource, State: Queued, By: p.Person.ID, Department: p.Department.ID, QueuedAt: s.Clock.Now()}
	err = s.Store.InsertJob(ctx, j)
	if fault.Is(err, "already_exists") {
		err = fault.New(fault.Conflict, "run_in_progress", "该资源的质量检查正在进行，请稍后查看结果").Under(basis)
	}
	return j, err
}

func noRows() error {
	return fault.New(fault.Illegal, "no_rows", "该资源还没有装载数据，不能检查质量").Under(basis)
}

// Job gives a job with its progress to everybody who may see the resource; who
// asked is told to the provider and its authority only.
func (s *Service) Job(ctx context.Context, p org.Principal, resource, id string) (Job, error) {
	r, _, err := s.published(ctx, p, resource)
	if err != nil {
		return Job{}, err
	}
	j, err := s.Store.QualityJob(ctx, id)
	if err != nil {
		return Job{}, err
	}
	if j.Resource != resource {
		return Job{}, fault.Missing("质量检查", id)
	}
	insider, err := s.inside(ctx, p, r)
	return j.seenBy(insider), err
}

func (j Job) seenBy(insider bool) Job {
	if !insider {
		j.By = ""
	}
	return j
}

// Stop ends a job that is queued or running. Whoever may ask may stop. A job that
// has ended is the fault "run_ended".
func (s *Service) Stop(ctx context.Context, p org.Principal, resource, id string) (Job, error) {
	if _, _, err := s.entitled(ctx, p, resource); err != nil {
		return Job{}, err
	}
	j, err := s.Job(ctx, p, resource, id)
	if err != nil {
		return Job{}, err
	}
	if !j.State.Open() {
		return Job{}, fault.New(fault.Conflict, "run_ended", "该质量检查已经结束").Under(basis)
	}
	if err := s.Store.StopJob(ctx, id, s.Clock.Now()); err != nil {
		return Job{}, err
	}
	return s.Job(ctx, p, resource, id)
}

// Work runs the job that waits longest and tells whether there was one.
func (s *Service) Work(ctx context.Context) (more bool, err error) {
	now := s.Clock.Now()
	j, err := s.Store.ClaimJob(ctx, s.worker, now, now.Add(lease))
	if err != nil || j == nil {
		return false, err
	}
	if j.Attempts > maxAttempts {
		return true, s.end(ctx, *j, Failed, "interrupted", "检查多次中断，没有完成，请重新发起")
	}
	if j.Stopping {
		return true, s.end(ctx, *j, Cancelled, "", "")
	}
	err = s.runJob(ctx, j)
	f, isFault := fault.As(err)
	switch {
	case err == nil, errors.Is(err, errLost):
		return true, nil
	case ctx.Err() != nil: // the node ends: another worker may begin at once
		return false, s.Store.ReturnJob(context.WithoutCancel(ctx), j.ID, s.worker, j.Attempts-1, now)
	case errors.Is(err, errStopped):
		return true, s.end(ctx, *j, Cancelled, "", "")
	case isFault && f.Kind != fault.Unavailable:
		return true, s.end(ctx, *j, Failed, f.Code, f.Message)
	case j.Attempts >= maxAttempts:
		return true, errors.Join(fmt.Errorf("quality run of %s: %w", j.Resource, err), s.end(ctx, *j, Failed, "internal", "系统内部错误，没有完成，请重新发起"))
	}
	return true, errors.Join(fmt.Errorf("quality run of %s: %w", j.Resource, err), s.Store.ReturnJob(ctx, j.ID, s.worker, j.Attempts, now.Add(retryAfter)))
}

func (s *Service) end(ctx context.Context, j Job, state JobState, code, message string) error {
	now := s.Clock.Now()
	j.State, j.EndedAt, j.Code, j.Message = state, &now, code, message
	_, err := s.Store.EndJob(ctx, j, s.worker)
	return err
}

// runJob measures and keeps the result together with the end of the job.
func (s *Service) runJob(ctx context.Context, j *Job) error {
	r, v, err := s.current(ctx, j.Resource)
	if err != nil {
		return err
	}
	var told int64
	run, err := s.measure(ctx, r, v, func(ctx context.Context, read, of int64) error {
		if read-told < progressRows && read < of {
			return nil
		}
		told = read
		j.Read, j.Total = read, of
		held, stopping, err := s.Store.Progress(ctx, j.ID, s.worker, read, of, s.Clock.Now().Add(lease))
		switch {
		case err != nil:
			return err
		case !held:
			return errLost
		case stopping:
			return errStopped
		}
		return nil
	})
	if err != nil {
		return err
	}
	run.By = j.By
	return s.Store.Do(ctx, func(ctx context.Context) error {
		done := *j
		done.State, done.Run, done.EndedAt, done.Read, done.Total = Done, run.ID, &run.At, max(j.Read, j.Total), max(j.Read, j.Total)
		held, err := s.Store.EndJob(ctx, done, s.worker)
		if err != nil {
			return err
		}
		if !held {
			return errLost
		}
		return s.keep(ctx, run, r.Provider, j.Department, v.Entry)
	})
}

// current gives a resource with its published version.
func (s *Service) current(ctx context.Context, id string) (catalog.Resource, catalog.Version, error) {
	r, err := s.Entries.Resource(ctx, id)
	if err != nil {
		return r, catalog.Version{}, err
	}
	if r.Published == 0 {
		return r, catalog.Version{}, notPublished()
	}
	v, err := s.Entries.Version(ctx, id, r.Published)
	if err == nil {
		err = hostedOnly(v)
	}
	return r, v, err
}

func notPublished() error {
	return fault.New(fault.Illegal, "resource_not_published", "该目录条目没有已发布的版本").Under(basis)
}

// Schedule queues what is to be measured by its update frequency, at least every
// month and at most every day, and tells whether there may be more.
func (s *Service) Schedule(ctx context.Context) (more bool, err error) {
	now := s.Clock.Now()
	due, err := s.Store.DueRuns(ctx, now, scheduleMost)
	if err != nil {
		return false, err
	}
	for _, id := range due {
		if err := s.schedule(ctx, id, now); err != nil {
			return false, err
		}
	}
	return len(due) == scheduleMost, nil
}

func (s *Service) schedule(ctx context.Context, id string, now time.Time) error {
	_, v, err := s.current(ctx, id)
	if _, refused := fault.As(err); refused {
		return s.Store.PlanRun(ctx, id, nil) // linked since, or gone
	}
	if err != nil {
		return err
	}
	next := now.Add(interval(v.Entry.Frequency))
	if err := s.Store.PlanRun(ctx, id, &next); err != nil {
		return err
	}
	err = s.Store.InsertJob(ctx, Job{ID: ident.New(), Resource: id, State: Queued, QueuedAt: now})
	if fault.Is(err, "already_exists") {
		return nil // somebody asked
	}
	return err
}

// interval is how long after a run the next one comes.
func interval(frequency string) time.Duration {
	period, regular := periods[frequency]
	if !regular {
		return 31 * day
	}
	return min(max(period, day), 31*day)
}
