package monitor

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/org"
)

// Figures is what is known of how a grant is used.
type Figures struct {
	Hours    []Hour // of the last days, with calls, in order
	Expected int    // calls in the current hour; 0 without enough history
	Known    bool
	InForce  []Cutoff // on the grant itself
	Open     int      // signals that nobody has judged, at most 200
	Dropped  int64    // observations that this replica had no room for
}

// figureDays is how far the figures of a grant go back.
const figureDays = 7

// Figures gives the monitoring figures of a grant to those who may read it.
func (s *Service) Figures(ctx context.Context, p org.Principal, grant string) (Figures, error) {
	if _, err := s.Readers.Grant(ctx, p, grant); err != nil {
		return Figures{}, err
	}
	now := s.Clock.Now()
	past, err := s.Store.Hours(ctx, grant, now.Add(-keepHours), now.Add(time.Hour))
	if err != nil {
		return Figures{}, err
	}
	out := Figures{Dropped: s.Dropped()}
	b := judgePast(s.Rules, s.Calendar(), now.Truncate(time.Hour), past)
	out.Expected, out.Known = b.expected, b.known
	for _, h := range past {
		if now.Sub(h.Start) < figureDays*24*time.Hour {
			out.Hours = append(out.Hours, h)
		}
	}
	cuts, err := s.Store.InForce(ctx, now)
	if err != nil {
		return Figures{}, err
	}
	for _, c := range cuts {
		if c.Target == Grant && c.TargetID == grant && c.InForce(now) {
			out.InForce = append(out.InForce, c)
		}
	}
	open, err := s.Store.Signals(ctx, Filter{Grant: grant, State: Open, Limit: 200})
	out.Open = len(open)
	return out, err
}
