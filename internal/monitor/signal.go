package monitor

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/ledger"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/privacy"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// sight narrows a list to what the reader may see: the own department's, and
// for an authority's supervisors and auditors those of the territory.
func (s *Service) sight(ctx context.Context, p org.Principal, f Filter) (Filter, error) {
	f.Own, f.RegionPath = p.Department.ID, ""
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	if p.Territory != "" && p.HasAny(org.Supervisor, org.Auditor) {
		r, err := s.Org.Region(ctx, p.Territory)
		if err != nil {
			return f, err
		}
		f.RegionPath = r.Path
	}
	return f, nil
}

// Signals lists what the reader may see, the newest first.
func (s *Service) Signals(ctx context.Context, p org.Principal, f Filter) ([]Signal, error) {
	f, err := s.sight(ctx, p, f)
	if err != nil {
		return nil, err
	}
	return s.Store.Signals(ctx, f)
}

// Signal gives one signal to those who may see it.
func (s *Service) Signal(ctx context.Context, p org.Principal, id string) (Signal, error) {
	sig, err := s.Store.Signal(ctx, id)
	if err != nil {
		return Signal{}, err
	}
	if p.Department.ID == sig.Consumer || p.Department.ID == sig.Provider {
		return sig, nil
	}
	if p.HasAny(org.Supervisor, org.Auditor) {
		if ok, err := s.inside(ctx, p, sig.Consumer, sig.Provider); err != nil || ok {
			return sig, err
		}
	}
	return Signal{}, fault.Missing("监测信号", id)
}

// inside tells whether one of the departments lies in the territory of the
// principal's authority.
func (s *Service) inside(ctx context.Context, p org.Principal, departments ...string) (bool, error) {
	if p.Territory == "" {
		return false, nil
	}
	for _, id := range departments {
		if id == "" {
			continue
		}
		d, err := s.Org.Department(ctx, id)
		if err != nil {
			return false, err
		}
		if rulebook.Covers(p.Territory, d.Region) {
			return true, nil
		}
	}
	return false, nil
}

// Confirm says that a signal is true: what the rule did goes on. The provider's
// office and the authorities' supervisors decide, never the consumer alone.
func (s *Service) Confirm(ctx context.Context, p org.Principal, id, reason string) (Signal, error) {
	return s.decide(ctx, p, id, Confirmed, reason)
}

// Dismiss says that a signal is a false alarm, with reasons. What the rule did
// is lifted with it, and the rule keeps silent about the grant for its time.
func (s *Service) Dismiss(ctx context.Context, p org.Principal, id, reason string) (Signal, error) {
	return s.decide(ctx, p, id, Dismissed, reason)
}

func (s *Service) decide(ctx context.Context, p org.Principal, id string, state State, reason string) (Signal, error) {
	sig, err := s.Signal(ctx, p, id)
	if err != nil {
		return Signal{}, err
	}
	if err := s.mayDecide(ctx, p, sig); err != nil {
		return Signal{}, err
	}
	if reason, err = statement("reason", reason, state == Dismissed); err != nil {
		return Signal{}, err
	}
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		var err error
		if sig, err = s.Store.Signal(ctx, id); err != nil {
			return err
		}
		if sig.State != Open {
			return fault.New(fault.Illegal, "signal_decided", "该信号已经有人作出判断").Under("CN-35").With("state", string(sig.State))
		}
		return s.settle(ctx, p, &sig, state, reason)
	})
	return sig, err
}

// settle writes a decision, in a transaction.
func (s *Service) settle(ctx context.Context, p org.Principal, sig *Signal, state State, reason string) error {
	now, from := s.Clock.Now(), *sig
	sig.State, sig.Reason, sig.DecidedBy, sig.DecidedFor, sig.DecidedAt = state, reason, p.Person.ID, p.Department.ID, &now
	if err := s.Store.DecideSignal(ctx, *sig, from); err != nil {
		return err
	}
	entries := []ledger.Entry{{ID: ident.New(), Kind: DecidedEntry, At: now, Facts: filled(map[string]any{"signal": sig.ID, "state": state,
		"department": p.Department.ID, "person": p.Person.ID, "reason_sha256": digest(reason), "basis": sig.Clause})}}
	if state == Dismissed && sig.Cutoff != "" {
		c, err := s.Store.Cutoff(ctx, sig.Cutoff)
		if err != nil {
			return err
		}
		if c.LiftedAt == nil && c.InForce(now) {
			e, err := s.lift(ctx, p, c, reason, now)
			if err != nil {
				return err
			}
			entries = append(entries, e)
		}
	}
	_, err := s.Ledger.AppendIn(ctx, entries...)
	return err
}

func (s *Service) mayDecide(ctx context.Context, p org.Principal, sig Signal) error {
	if p.Department.ID == sig.Provider && p.HasAny(org.OfficeHead, org.DepartmentHead) {
		return nil
	}
	if p.Has(org.Supervisor) {
		if ok, err := s.inside(ctx, p, sig.Consumer, sig.Provider); err != nil || ok {
			return err
		}
	}
	return fault.New(fault.Forbidden, "not_entitled", "监测信号由提供部门的共享工作机构负责人、部门负责人或者主管部门的审核人员判断").Under("CN-35")
}

// statement checks what a person gives as the reason.
func statement(path, text string, required bool) (string, error) {
	var bad fault.Collector
	text = strings.TrimSpace(text)
	if required {
		bad.Require(path, "理由", text, "CN-35")
	}
	if utf8.RuneCountInString(text) > 500 {
		bad.Add(path, "too_long", "理由不得超过500字", "CN-35")
	}
	if what := privacy.Find(text); what != "" {
		bad.Add(path, "personal_data", "文字中不得出现"+what, "CN-37.1")
	}
	return text, bad.Err("reason_invalid", "理由填写有误", "")
}
