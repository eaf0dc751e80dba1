package sharing

import (
	"context"
	"maps"
	"slices"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// IssueOrdered issues the grant of an application that a binding decision
// ordered to be met (CN-28), under the case of the decision, which then
// observes the delivery. What the decision leaves out is as applied for; the
// decision may grant less, and name a new last day where the first has passed.
func (s *Service) IssueOrdered(ctx context.Context, application procedure.Case, order *procedure.Case, act *procedure.Act) error {
	ordered := application
	ordered.ID = order.ID
	ordered.Facts = maps.Clone(application.Facts)
	for _, name := range []string{"agreed_items", "agreed_clear_items", "until"} {
		if v, ok := act.Fields[name]; ok {
			ordered.Facts[name] = v
		} else if name != "until" {
			delete(ordered.Facts, name) // what was once agreed is not what is ordered
		}
	}
	var faults fault.Collector
	subset(&faults, "fields.agreed_items", procedure.Texts(act.Fields["agreed_items"]), procedure.Texts(application.Facts["items"]),
		"决定共享的数据项应在申请的数据项之内", "CN-28")
	subset(&faults, "fields.agreed_clear_items", procedure.Texts(act.Fields["agreed_clear_items"]), procedure.Texts(application.Facts["clear_items"]),
		"明文提供的数据项应在申请明文的数据项之内", "CN-35")
	if err := faults.Err("order_invalid", "决定的内容超出申请", ""); err != nil {
		return err
	}
	return s.issue(ctx, &ordered, act)
}

// Restorable says why a binding decision cannot restore a grant; nil: it can.
func (s *Service) Restorable(ctx context.Context, g Grant) error {
	switch now := s.clock.Now(); {
	case g.DisposedAt != nil:
		return fault.New(fault.Illegal, "grant_disposed", "数据已经处置,授权不能恢复").Under("CN-27.1")
	case !now.Before(g.NotAfter):
		return fault.New(fault.Illegal, "grant_expired", "授权期限已经届满,请申请续期").Under("CN-20.2")
	case g.TerminatedAt != nil:
		return nil
	}
	open, err := s.store.Holds(ctx, g.ID)
	if err != nil || slices.ContainsFunc(open, decidable) {
		return err
	}
	return fault.New(fault.Illegal, "nothing_to_restore", "此授权没有被提供部门或者主管部门暂停,也没有终止").Under("CN-28")
}

// decidable are the holds that a dispute can end: those of the provider and
// the authority under CN-27.2. The consumer's own is the consumer's; a cut-off
// in a security incident (CN-35.3) ends with its incident.
func decidable(h Hold) bool { return h.Cause == BySuspension && h.Side != sideConsumer }

// RestoreOrdered puts a grant back in force by a binding decision (CN-28): it
// lifts the suspensions of the provider and the authority, and the termination.
func (s *Service) RestoreOrdered(ctx context.Context, grant string, order *procedure.Case, act *procedure.Act) error {
	before, err := s.store.Grant(ctx, grant)
	if err != nil {
		return err
	}
	if err := s.Restorable(ctx, before); err != nil {
		return err
	}
	act.Results["grant"] = grant
	if before.TerminatedAt != nil {
		after := before
		after.TerminatedAt = nil
		if err := s.keep(ctx, order, act, WasRestored, before, after); err != nil {
			return err
		}
	}
	still, err := s.Release(ctx, grant, decidable, order, act)
	if err == nil && len(still) > 0 {
		act.Results["still_held"] = names(still)
	}
	return err
}
