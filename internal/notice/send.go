package notice

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/shuqiao/shuqiao/internal/clock"
)

// Channel sends one content to one address. An error is a *Failure; any other
// is taken as one that may pass.
type Channel interface {
	Send(ctx context.Context, address string, secret []byte, c Content) error
}

// Failure is why an attempt failed. Neither code nor cause holds what the
// other side answered: it is shown to the department and logged.
type Failure struct {
	Code  string // stable English code: "http_503", "smtp_550", "timeout"
	Final bool   // no use in trying again
	Cause error  // logged
}

// Error implements error.
func (f *Failure) Error() string {
	if f.Cause == nil {
		return f.Code
	}
	return f.Code + ": " + f.Cause.Error()
}

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Cause }

// How often and how long a delivery is tried: pauses of half a minute, doubled
// up to four hours, together about a day and a half.
const (
	maxAttempts = 16
	firstPause  = 30 * time.Second
	longest     = 4 * time.Hour
)

// attemptTime bounds one attempt, lease how long nobody else begins another.
const (
	attemptTime = 20 * time.Second
	lease       = 2 * time.Minute
)

// atOnce is how many attempts of one sender run beside each other.
const atOnce = 8

// Sender empties the queue. Any number of them may run, on any number of
// replicas.
type Sender struct {
	Store    Store
	Sealer   Sealer
	Clock    clock.Clock
	Channels map[ChannelKind]Channel
	// Jitter gives numbers in [0,1): it spreads the pauses, so that what failed
	// together does not come back together.
	Jitter func() float64
}

// Send tries up to limit deliveries and reports how many. No transaction is
// open while it waits for the other side. The error is of the database, or
// joins the failures, for the log.
func (s *Sender) Send(ctx context.Context, limit int) (int, error) {
	now := s.Clock.Now()
	tasks, err := s.Store.ClaimDeliveries(ctx, now, now.Add(lease), limit)
	if err != nil {
		return 0, err
	}
	failures := make([]error, len(tasks))
	slots := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i, t := range tasks {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			failures[i] = s.attempt(ctx, t)
		})
	}
	wg.Wait()
	return len(tasks), errors.Join(failures...)
}

// attempt makes one attempt and settles it.
func (s *Sender) attempt(ctx context.Context, t Task) error {
	failed := s.try(ctx, t)
	if failed != nil && ctx.Err() != nil {
		return nil // the node is stopping: the lease runs out, and another begins
	}
	now := s.Clock.Now()
	d := t.Delivery
	switch {
	case failed == nil:
		d.State, d.NextAt, d.EndedAt, d.Failure = Sent, nil, &now, ""
	case failed.Final || d.Attempts >= maxAttempts:
		d.State, d.NextAt, d.EndedAt, d.Failure = Dead, nil, &now, failed.Code
	default:
		at := now.Add(pause(d.Attempts, s.Jitter()))
		d.NextAt, d.Failure = &at, failed.Code
	}
	if err := s.Store.SettleDelivery(ctx, d); err != nil {
		return err
	}
	if d.State == Dead {
		return &Failure{Code: "delivery " + d.ID + " given up", Cause: failed}
	}
	return nil
}

func (s *Sender) try(ctx context.Context, t Task) *Failure {
	channel, ok := s.Channels[t.Channel]
	if !ok {
		return &Failure{Code: "not_offered"}
	}
	var secret []byte
	if len(t.Secret) > 0 {
		var err error
		if secret, err = s.Sealer.Open(t.Secret); err != nil {
			return &Failure{Code: "secret_unreadable", Cause: err}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	err := channel.Send(ctx, t.Address, secret, t.Content)
	if err == nil {
		return nil
	}
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return &Failure{Code: "failed", Cause: err}
}

// pause is the time between an attempt and the next: it doubles, and lies
// between half of that and all of it.
func pause(attempts int, jitter float64) time.Duration {
	p := longest
	if shift := attempts - 1; shift < 10 {
		p = min(longest, firstPause<<shift)
	}
	return p/2 + time.Duration(jitter*float64(p/2))
}
