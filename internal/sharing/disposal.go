package sharing

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// disposalOpens: the cause that is given is a fact where the platform knows it,
// and nothing is disposed of twice (CN-27.1).
func (s *Service) disposalOpens(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	if g.DisposedAt != nil {
		return fault.New(fault.Illegal, "already_disposed", "此授权的数据已经处置完毕").Under("CN-27.1")
	}
	var faults fault.Collector
	over := inForce(g, step.At)
	switch cause := procedure.Text(c.Facts["cause"]); {
	case cause == "expired" && !fault.Is(over, "grant_expired"):
		faults.Add("fields.cause", "not_so", "授权期限没有届满", "CN-27.1")
	case cause == "ended" && !fault.Is(over, "grant_terminated"):
		faults.Add("fields.cause", "not_so", "共享没有终止", "CN-27.1")
	}
	return faults.Err("disposal_invalid", "处置原因与授权的状态不符", "")
}

// disposalMayDrop: while the grant is in force the data may still be needed;
// once it is over the duty to dispose of them stands.
func (s *Service) disposalMayDrop(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	if inForce(g, step.At) != nil && g.DisposedAt == nil {
		return fault.New(fault.Illegal, "disposal_owed", "授权已经终止或者届满,共享的数据应当处置,不能撤回").Under("CN-27.1")
	}
	return nil
}

// disposedAlready: proof is of what was done.
func (s *Service) disposedAlready(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	if procedure.Text(step.Fields["disposed_on"]) > step.At.In(shanghai).Format(time.DateOnly) {
		faults.Add("fields.disposed_on", "future", "处置日期不能晚于今日", "CN-27.1")
	}
	return faults.Err("disposal_invalid", "处置证明不符合规定", "")
}

// closeGrant ends the grant with the confirmed disposal.
func (s *Service) closeGrant(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	return s.change(ctx, c, act, Closed, func(g *Grant) error {
		if g.DisposedAt != nil {
			return fault.New(fault.Illegal, "already_disposed", "此授权的数据已经处置完毕").Under("CN-27.1")
		}
		at := act.At
		g.DisposedAt = &at
		if g.TerminatedAt == nil || at.Before(*g.TerminatedAt) {
			g.TerminatedAt = &at
		}
		return nil
	})
}
