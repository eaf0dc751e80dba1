package calllog

import (
	"context"
	"fmt"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Reconciliations lists the principal's department's, the newest first.
func (s *Service) Reconciliations(ctx context.Context, p org.Principal, limit int, after string) ([]Reconciliation, error) {
	if err := mayRead(p); err != nil {
		return nil, err
	}
	if limit <= 0 || limit > maxPage {
		limit = 50
	}
	return s.Store.ReconciliationsOf(ctx, p.Department.ID, limit, after)
}

// Reconciliation gives one of the principal's department.
func (s *Service) Reconciliation(ctx context.Context, p org.Principal, id string) (Reconciliation, error) {
	if err := mayRead(p); err != nil {
		return Reconciliation{}, err
	}
	r, err := s.Store.Reconciliation(ctx, id)
	if err == nil && r.Department != p.Department.ID {
		err = fault.Missing("对账", id)
	}
	return r, err
}

// Mismatches gives every finding to each, in order, page by page.
func (s *Service) Mismatches(ctx context.Context, p org.Principal, id string, each func(Mismatch) error) error {
	if _, err := s.Reconciliation(ctx, p, id); err != nil {
		return err
	}
	for after := 0; ; {
		page, err := s.Store.Mismatches(ctx, id, after, exportPage)
		if err != nil {
			return err
		}
		for _, m := range page {
			if err := each(m); err != nil {
				return err
			}
			after = m.Seq
		}
		if len(page) < exportPage {
			return nil
		}
	}
}

// Into is what a reconciliation is turned into.
type Into struct {
	// Clause that the other side is reported to have broken (CN-40.2), for a
	// violation report; empty: a security incident of the own department.
	Clause      string
	Description string // what the department makes of it; of an incident: the measures taken
	Gravity     string // of an incident: general, serious, grave, extreme
}

// The procedures.
const (
	incidentProcedure = "incident"
	reportProcedure   = "violation_report"
)

// ToCase opens a violation report against the other side of the grant, or a
// security incident of the own department, with what was found as its facts.
// Once: the case is kept with the reconciliation. The procedure's own checks
// say who may.
func (s *Service) ToCase(ctx context.Context, p org.Principal, id string, into Into) (casework.View, error) {
	r, err := s.Reconciliation(ctx, p, id)
	if err != nil {
		return casework.View{}, err
	}
	var view casework.View
	err = s.Store.Do(ctx, func(ctx context.Context) error {
		if r, err = s.Store.Reconciliation(ctx, id); err != nil {
			return err
		}
		switch {
		case r.FinishedAt == nil:
			return fault.New(fault.Illegal, "not_compared", "对账尚未完成").Under("CN-29.2")
		case r.Case != "":
			return fault.New(fault.Illegal, "already_reported", "该对账已经立件").Under("CN-29.2").With("case", r.Case)
		case r.Mismatches() == 0:
			return fault.New(fault.Illegal, "nothing_found", "双方记录一致,没有可报告的差异").Under("CN-29.2")
		}
		req, err := s.request(ctx, p, r, into)
		if err != nil {
			return err
		}
		if view, err = s.Cases.Open(ctx, p, req); err != nil {
			return err
		}
		r.Case, r.CaseProcedure = view.Case.ID, req.Procedure
		return s.Store.UpdateReconciliation(ctx, r)
	})
	return view, err
}

func (s *Service) request(ctx context.Context, p org.Principal, r Reconciliation, into Into) (casework.OpenRequest, error) {
	if into.Clause == "" {
		fields := map[string]any{"kind": "other", "gravity": into.Gravity, "discovered_on": worktime.DayOf(*r.FinishedAt).String(),
			"summary": r.account(), "first_measures": into.Description}
		if r.Grant != "" {
			fields["grants"] = []any{r.Grant}
		}
		return casework.OpenRequest{Procedure: incidentProcedure, Subject: incidentProcedure, Title: "调用记录对账不一致", Fields: fields}, nil
	}
	if r.Grant == "" {
		var bad fault.Collector
		bad.Add("clause", "grant_required", "报告对方违规须按授权对账:请指定授权重新对账", "CN-29.2")
		return casework.OpenRequest{}, bad.Err("report_invalid", "报告有误", "")
	}
	g, err := s.Grants.Grant(ctx, p, r.Grant)
	if err != nil {
		return casework.OpenRequest{}, err
	}
	other := g.Provider
	if r.Side == Provider {
		other = g.Consumer
	}
	return casework.OpenRequest{Procedure: reportProcedure, Subject: into.Clause, Parties: map[string]string{"department": other},
		Fields: map[string]any{"description": r.account() + strings.TrimSpace(into.Description), "evidence": r.SHA256,
			"happened_on": worktime.DayOf(r.From).String(), "grant": g.ID, "resource": g.Resource}}, nil
}

var foundNames = map[Found]string{MissingThere: "本部门记录缺少", MissingHere: "平台存证没有", Repeated: "本部门记录重复",
	DigestDiffer: "应答摘要不一致", CountDiffers: "行数不一致", GrantDiffers: "授权不一致", TimeDiffers: "时间不一致"}

// account tells the result in words: numbers alone.
func (r Reconciliation) account() string {
	var parts []string
	for _, k := range Kinds {
		if n := r.Counts[k]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s%d条", foundNames[k], n))
		}
	}
	return fmt.Sprintf("%s至%s的调用记录对账(对账编号%s,存证可查):本部门记录%d条,一致%d条;%s。",
		worktime.DayOf(r.From), worktime.DayOf(r.To), r.ID, r.Lines, r.Matched, strings.Join(parts, ","))
}
