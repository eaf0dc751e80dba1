package supervision

import (
	"context"
	"slices"
	"time"
)

// gone are the failures that say: the provider's system does not serve.
var gone = []string{"upstream_unreachable", "upstream_timeout", "upstream_refused"}

// service is what a batch of calls says of one linked service.
type service struct {
	answered bool   // at least once: whatever was wrong before is over
	outage   Outage // failures since then
}

func (x *service) add(c call, at time.Time) {
	if !slices.Contains(gone, c.Code) {
		x.answered = true
		x.outage = Outage{Resource: x.outage.Resource, Provider: x.outage.Provider}
		return
	}
	if x.outage.Failures == 0 {
		x.outage.Since = at
	}
	x.outage.Failures++
	x.outage.Last, x.outage.Grant = at, c.Grant
}

func (s *Service) keep(ctx context.Context, x service) error {
	if x.answered {
		if err := s.Store.NoteSuccess(ctx, x.outage.Resource); err != nil {
			return err
		}
	}
	if x.outage.Failures == 0 {
		return nil
	}
	return s.Store.NoteFailures(ctx, x.outage)
}

// endedWithin is how far back grants that ended are looked at again.
const endedWithin = 30 * 24 * time.Hour

// Ended reports services that their provider ended alone (CN-39.7): a linked
// service that failed for days without one answer, and a grant that ended with
// no case that says why.
func (s *Service) Ended(ctx context.Context) error {
	now, lasting := s.Clock.Now(), time.Duration(s.UnreachableDays)*24*time.Hour
	outages, err := s.Store.Outages(ctx, now.Add(-lasting))
	if err != nil {
		return err
	}
	for _, o := range outages {
		if o.Last.Sub(o.Since) < lasting {
			continue // few calls: that it failed once long ago proves nothing
		}
		err := s.see(ctx, Violation{Key: "unreachable:" + o.Resource + ":" + day(o.Since), Clause: "CN-39.7",
			Department: o.Provider, Resource: o.Resource, Grant: o.Grant, Facts: map[string]any{
				"since": o.Since.In(zone).Format(time.RFC3339), "last_failure": o.Last.In(zone).Format(time.RFC3339),
				"failed_calls": o.Failures, "threshold_days": s.UnreachableDays}})
		if err != nil {
			return err
		}
	}
	return s.endedAlone(ctx, now)
}

func (s *Service) endedAlone(ctx context.Context, now time.Time) error {
	grants, err := s.Store.EndedAlone(ctx, now.Add(-endedWithin))
	if err != nil {
		return err
	}
	for _, g := range grants {
		err := s.see(ctx, Violation{Key: "ended:" + g.ID, Clause: "CN-39.7", Department: g.Provider, Grant: g.ID,
			Resource: g.Resource, Case: g.Case, Facts: map[string]any{
				"ended_at": g.TerminatedAt.In(zone).Format(time.RFC3339), "consumer": g.Consumer}})
		if err != nil {
			return err
		}
	}
	return nil
}
