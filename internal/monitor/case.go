package monitor

import (
	"context"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// The procedures that a signal is turned into.
const (
	incidentProcedure = "incident"
	reportProcedure   = "violation_report"
)

// ToIncident opens an incident case of the principal's department from a
// signal, with its facts filled in; gravity is what the person judges. The
// procedure's own checks say who may.
func (s *Service) ToIncident(ctx context.Context, p org.Principal, id, gravity, measures string) (casework.View, error) {
	return s.toCase(ctx, p, id, func(sig Signal) (casework.OpenRequest, error) {
		fields := map[string]any{"kind": "illegal_access", "gravity": gravity, "discovered_on": worktime.DayOf(sig.At).String(),
			"summary": account(sig), "first_measures": measures}
		if sig.Grant != "" {
			fields["grants"] = []any{sig.Grant}
		}
		if sig.Consumer == p.Department.ID {
			fields["systems"] = []any{sig.System}
		}
		return casework.OpenRequest{Procedure: incidentProcedure, Subject: incidentProcedure, Title: sig.Name, Fields: fields}, nil
	})
}

// ToReport files a violation report against the consumer from a signal: use
// beyond the scope agreed to (CN-40.2). The digest of the facts is its
// evidence. Bursts of refusals are not reported from here: supervision counts
// them by day from the ledger and reports the day once.
func (s *Service) ToReport(ctx context.Context, p org.Principal, id, description string) (casework.View, error) {
	return s.toCase(ctx, p, id, func(sig Signal) (casework.OpenRequest, error) {
		if sig.Kind == Refused && sig.Grant != "" {
			return casework.OpenRequest{}, fault.New(fault.Illegal, "counted_by_supervision",
				"被拒绝的调用由平台按日统计,达到次数的自动立案,不必另行报告").Under("CN-40.2")
		}
		evidence, err := factsDigest(sig.Facts)
		fields := map[string]any{"description": strings.TrimSpace(account(sig) + description), "evidence": evidence,
			"happened_on": worktime.DayOf(sig.At).String()}
		if sig.Grant != "" {
			fields["grant"], fields["resource"] = sig.Grant, sig.Resource
		}
		return casework.OpenRequest{Procedure: reportProcedure, Subject: "CN-40.2",
			Parties: map[string]string{"department": sig.Consumer}, Fields: fields}, err
	})
}

// toCase opens a case about a signal, once, and confirms the signal with it
// where the person may.
func (s *Service) toCase(ctx context.Context, p org.Principal, id string, request func(Signal) (casework.OpenRequest, error)) (casework.View, error) {
	sig, err := s.Signal(ctx, p, id)
	if err != nil {
		return casework.View{}, err
	}
	var view casework.View
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		if sig, err = s.Store.Signal(ctx, id); err != nil {
			return err
		}
		if sig.State == Dismissed || sig.Case != "" {
			return fault.New(fault.Illegal, "signal_decided", "该信号已被排除或者已经立件").Under("CN-35").With("case", sig.Case)
		}
		req, err := request(sig)
		if err != nil {
			return err
		}
		if view, err = s.Cases.Open(ctx, p, req); err != nil {
			return err
		}
		from := sig
		sig.Case, sig.CaseProcedure = view.Case.ID, req.Procedure
		if sig.State == Open && s.mayDecide(ctx, p, sig) == nil {
			if err := s.Store.DecideSignal(ctx, sig, from); err != nil {
				return err
			}
			return s.settle(ctx, p, &sig, Confirmed, "")
		}
		return s.Store.DecideSignal(ctx, sig, from)
	})
	return view, err
}

// account tells a signal in words, without anything of a call's content.
func account(sig Signal) string {
	parts := make([]string, 0, len(sig.Facts))
	for _, name := range factOrder {
		if v, ok := sig.Facts[name]; ok {
			parts = append(parts, factNames[name]+fmt.Sprint(v))
		}
	}
	return fmt.Sprintf("%s监测到“%s”(%s)。", sig.At.In(worktime.Zone()).Format("2006年1月2日15时04分"), sig.Name, strings.Join(parts, ","))
}

// factNames says the facts of signals in words, factOrder their order.
var (
	factOrder = []string{"calls", "expected", "hour", "day", "different_keys", "near_percent", "keys", "missed", "missed_percent", "refused_calls", "minutes", "network"}
	factNames = map[string]string{"calls": "调用次数", "expected": "平时次数", "hour": "时段", "day": "日期", "different_keys": "不同的键",
		"near_percent": "相邻百分比", "keys": "查询的键", "missed": "查无结果", "missed_percent": "查无结果百分比", "refused_calls": "被拒绝次数",
		"minutes": "分钟内", "network": "网段"}
)
