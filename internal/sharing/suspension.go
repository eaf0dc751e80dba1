package sharing

import (
	"context"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// The sides that can suspend a grant, each with a flag of its own (CN-27.2).
const (
	sideConsumer  = "consumer"
	sideProvider  = "provider"
	sideAuthority = "authority"
)

// sideOf says for whom an opening action suspends.
var sideOf = map[string]string{
	"suspend_self": sideConsumer, "suspend_by_provider": sideProvider, "suspend_by_authority": sideAuthority,
}

// suspensionSubject fills a suspension: also who suspends, and on which side.
// The side that the opening action stands for is already among the parties; an
// authority is no party to the grant.
func (s *Service) suspensionSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	g, err := s.subject(ctx, p, c)
	if err != nil {
		return err
	}
	side := sideAuthority
	for _, party := range []string{sideConsumer, sideProvider} {
		if c.Parties[party] == p.Department.ID {
			side = party
		}
	}
	if _, err := s.fill(ctx, g, c); err != nil {
		return err
	}
	c.Parties["suspender"] = p.Department.ID
	c.Facts["side"] = side
	return nil
}

// suspensionOpens refuses to suspend what is over, or what this side has
// suspended already: one side, one suspension. A cut-off by a security incident
// is another matter, and does not stand in the way.
func (s *Service) suspensionOpens(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	side := procedure.Text(c.Facts["side"])
	if sideOf[step.Action] != side {
		return fault.New(fault.Invalid, "party_mismatch", "决定暂停的一方由办理的步骤确定,不能另行指定").Under("CN-27.2")
	}
	if err := inForce(g, step.At); err != nil {
		return err
	}
	open, err := s.store.Holds(ctx, g.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(open, func(h Hold) bool { return h.Side == side && h.Cause == BySuspension }) {
		return alreadySuspended()
	}
	return nil
}

func alreadySuspended() error {
	return fault.New(fault.Conflict, "already_suspended", "本方已经暂停此授权,不能重复暂停").Under("CN-27.2")
}

// rectificationOver: whoever has not reported by the end of the term refuses
// to rectify (拒不整改); before that nobody does.
func (s *Service) rectificationOver(_ context.Context, c *procedure.Case, step procedure.Step) error {
	k, ok := c.Clocks["extended_rectification"]
	if !ok {
		k = c.Clocks["rectification"]
	}
	if step.At.Before(k.Due) {
		return fault.New(fault.Illegal, "term_running", "整改期限尚未届满,不能以拒不整改为由终止共享").
			Under("CN-27.2").With("last_day", k.LastDay)
	}
	return nil
}

func (s *Service) suspend(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	act.Results["grant"] = c.Subject
	_, err := s.Suspend(ctx, c.Subject, procedure.Text(c.Facts["side"]), BySuspension, c, act)
	if fault.Is(err, "already_exists") {
		return alreadySuspended() // somebody of the same side was faster
	}
	return err
}

// restore releases what this case holds, and nothing else.
func (s *Service) restore(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	act.Results["grant"] = c.Subject
	still, err := s.Release(ctx, c.Subject, func(h Hold) bool { return h.Case == c.ID }, c, act)
	if err == nil && len(still) > 0 {
		act.Results["still_held"] = names(still)
	}
	return err
}

// terminate ends the grant at once. One that has ended before stays as it was.
func (s *Service) terminate(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.change(ctx, c, act, Ended, func(g *Grant) error {
		if g.TerminatedAt == nil || act.At.Before(*g.TerminatedAt) {
			at := act.At
			g.TerminatedAt = &at
		}
		return nil
	})
}
