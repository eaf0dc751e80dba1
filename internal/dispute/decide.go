package dispute

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// negotiated: who asks the authority has negotiated first (CN-28.2).
func negotiated(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	if c.Taken["record_negotiation"] == 0 {
		return fault.New(fault.Illegal, "negotiate_first", "争议应当先行协商,请先记录协商情况").Under("CN-28.2")
	}
	return nil
}

// ownClaim: only the side that raised the dispute takes it back.
func ownClaim(_ context.Context, c *procedure.Case, step procedure.Step) error {
	byConsumer := step.Action == "withdraw_by_consumer"
	if byConsumer == (c.Taken["open_by_consumer"] > 0) {
		return nil
	}
	return fault.New(fault.Forbidden, "not_own_claim", "争议由提出的一方撤回").Under("CN-28.2")
}

// recordedDays: what is recorded has happened.
func recordedDays(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	today := step.At.In(shanghai).Format(time.DateOnly)
	for _, name := range []string{"negotiated_on", "decided_on"} {
		if procedure.Text(step.Fields[name]) > today {
			faults.Add("fields."+name, "future", "日期不能晚于今天", "CN-28.2")
		}
	}
	return faults.Err("record_invalid", "登记的日期有误", "")
}

// outcomeFits refuses an outcome that could not be carried out.
func (s *Service) outcomeFits(ctx context.Context, c *procedure.Case, _ procedure.Step) error {
	switch Outcome(procedure.Text(c.Facts["outcome"])) {
	case OrderShare:
		_, err := s.refused(ctx, c)
		return err
	case RestoreGrant:
		_, err := s.restorable(ctx, c)
		return err
	}
	return nil
}

// refused gives the application that is to be met: closed, without a grant.
func (s *Service) refused(ctx context.Context, c *procedure.Case) (procedure.Case, error) {
	not := fault.New(fault.Illegal, "outcome_unfit", "只能就已经答复不同意的申请责令共享").Under("CN-28.2")
	if procedure.Text(c.Facts["about"]) != aboutCase {
		return procedure.Case{}, not
	}
	app, err := s.cases.Case(ctx, c.Subject)
	if err != nil {
		return procedure.Case{}, err
	}
	if app.Stage != "refused" || app.Facts["items"] == nil || app.Facts["systems"] == nil {
		return procedure.Case{}, not.With("stage", app.Stage)
	}
	if _, err := s.grants.GrantOfCase(ctx, app.ID); !notFound(err) {
		if err == nil {
			err = not
		}
		return procedure.Case{}, err
	}
	return app, nil
}

// restorable gives the grant that is to be put back in force.
func (s *Service) restorable(ctx context.Context, c *procedure.Case) (string, error) {
	if procedure.Text(c.Facts["about"]) != aboutGrant {
		return "", fault.New(fault.Illegal, "outcome_unfit", "只能就授权的争议恢复授权").Under("CN-28.2")
	}
	g, err := s.grants.Grant(ctx, c.Subject)
	if err != nil {
		return "", err
	}
	return g.ID, s.orders.Restorable(ctx, g)
}

// carryOut records the outcome that became binding and, when it says so,
// restores the grant.
func (s *Service) carryOut(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	outcome := Outcome(procedure.Text(c.Facts["outcome"]))
	act.Results["outcome"], act.Results["subject"] = string(outcome), c.Subject
	if outcome != RestoreGrant {
		return nil
	}
	g, err := s.restorable(ctx, c)
	if f, ok := fault.As(err); ok && f.Kind == fault.Illegal {
		act.Results["moot"] = f.Code // restored, expired or disposed of meanwhile: nothing is left to do
		return nil
	}
	if err != nil {
		return err
	}
	return s.orders.RestoreOrdered(ctx, g, c, act)
}

// orderShare issues the grant that the refused application asked for. It
// belongs to the dispute, which stays open until the data are first used.
func (s *Service) orderShare(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	app, err := s.refused(ctx, c)
	if err != nil {
		return err
	}
	act.Results["outcome"], act.Results["subject"] = string(OrderShare), c.Subject
	return s.orders.IssueOrdered(ctx, app, c, act)
}
