package supervision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Hooks are the functions that the procedures of supervision name.
func (s *Service) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			"supervision.rectification_subject": s.rectificationSubject,
			"supervision.report_subject":        s.reportSubject,
			"supervision.circular_subject":      s.circularSubject,
			"supervision.inspection_subject":    s.inspectionSubject,
		},
		Checks: map[string]casework.Check{
			"supervision.government_decided": governmentDecided,
			"supervision.term_ahead":         termAhead,
			"supervision.ground_holds":       groundHolds,
			"supervision.escalation_done":    escalationDone,
			"supervision.circular_form":      s.circularForm,
			"supervision.not_in_future":      notInFuture,
			"supervision.finding_clause":     s.findingClause,
		},
		Effects: map[string]casework.Effect{
			"supervision.record_violation":   s.recordViolation,
			"supervision.open_rectification": s.openRectification,
			"supervision.open_circular":      s.openCircular,
			"supervision.publish_circular":   s.publishCircular,
			"supervision.rectify_finding":    s.rectifyFinding,
		},
	}
}

// rectificationSubject fills a rectification case. The platform opens it for a
// stored violation, an authority by hand for a clause (the subject).
func (s *Service) rectificationSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	clause := c.Subject
	if p.Person.ID == "" {
		v, err := s.Store.Violation(ctx, c.Subject)
		if err != nil {
			return err
		}
		clause, c.Parties["department"] = v.Clause, v.Department
	}
	return s.directTo(ctx, c, clause)
}

func (s *Service) reportSubject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	return s.directTo(ctx, c, c.Subject)
}

// directTo sets who decides, and what the case is about.
func (s *Service) directTo(ctx context.Context, c *procedure.Case, clause string) error {
	r, err := s.route(ctx, clause, c.Parties["department"])
	if err != nil {
		return err
	}
	if given := c.Parties["decider"]; given != "" && given != r.Decider {
		return fault.New(fault.Invalid, "decider_computed", "处理机关由责任部门和条款确定,不能另行指定").Under(article(clause))
	}
	c.Parties["decider"], c.Region = r.Decider, r.Region
	c.Facts["violated"], c.Facts["gist"] = clause, r.Gist
	c.Facts["role"], c.Facts["by_government"] = string(r.Item.Role), "no"
	if r.ByGovernment {
		c.Facts["by_government"] = "yes"
	}
	if c.Title == "" {
		c.Title = title(r)
	}
	return nil
}

// governmentDecided: where no authority stands above, what ends the matter or
// binds the department is the government's decision (CN-41), and the step
// brings its number and digest.
func governmentDecided(_ context.Context, c *procedure.Case, step procedure.Step) error {
	if c.Facts["by_government"] != "yes" {
		return nil
	}
	var faults fault.Collector
	for name, chinese := range map[string]string{"government_decision": "本级人民政府决定的文号", "government_evidence": "本级人民政府的决定"} {
		faults.Require("fields."+name, chinese, procedure.Text(step.Fields[name]), "CN-41")
	}
	return faults.Err("government_decision_required", "本件应由本级人民政府决定,请填写决定文号并附决定文件", "CN-41")
}

// termAhead: an order leaves at least until tomorrow.
func termAhead(_ context.Context, c *procedure.Case, step procedure.Step) error {
	if by := procedure.Text(step.Fields["rectify_by"]); by == "" || by > day(step.At) {
		return nil
	}
	var faults fault.Collector
	faults.Add("fields.rectify_by", "past", "改正期限的最后一日应在今日之后", "CN-39")
	return faults.Err("term_past", "改正期限已过", "CN-39")
}

// groundHolds: overdue is said only of a term that is over.
func groundHolds(_ context.Context, c *procedure.Case, step procedure.Step) error {
	if step.Fields["ground"] != "overdue" {
		return nil
	}
	k := c.Clocks["rectify"]
	ended := step.At
	if k.StoppedAt != nil {
		ended = *k.StoppedAt
	}
	if !ended.Before(k.Due) {
		return nil
	}
	return fault.New(fault.Illegal, "term_not_over", "改正期限尚未届满,不能以逾期未改正为由升级处理").Under("CN-39").With("last_day", k.LastDay)
}

// escalationDone: a case is not closed as escalated with nothing escalated.
func escalationDone(_ context.Context, c *procedure.Case, _ procedure.Step) error {
	if c.Taken["recommend_discipline"]+c.Taken["propose_circular"] > 0 {
		return nil
	}
	return fault.New(fault.Illegal, "escalation_missing", "办结前应当提出处分建议或者提请通报").Under("CN-39")
}

// recordViolation keeps the violation of a case that an authority opened by
// hand.
func (s *Service) recordViolation(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	v := Violation{ID: ident.New(), Key: "case:" + c.ID, Clause: c.Subject, Role: Role(procedure.Text(c.Facts["role"])),
		Department: c.Parties["department"], Case: procedure.Text(act.Fields["origin"]), Grant: procedure.Text(act.Fields["grant"]),
		Resource: procedure.Text(act.Fields["resource"]), Source: Filed, At: act.At, Rectification: c.ID,
		Facts: evidence(act, "findings", "evidence")}
	if _, err := s.Store.InsertViolation(ctx, v); err != nil {
		return err
	}
	act.Results["violation"] = v.ID
	return nil
}

// openRectification answers a verified report with its one case.
func (s *Service) openRectification(ctx context.Context, c *procedure.Case, act *procedure.Act) error {
	facts := evidence(act, "findings")
	facts["report"] = c.Number
	for _, name := range []string{"description", "evidence", "happened_on"} {
		if x := procedure.Text(c.Facts[name]); x != "" {
			facts[name] = x
		}
	}
	v, _, err := s.Report(ctx, Violation{Key: "report:" + c.ID, Clause: c.Subject, Department: c.Parties["department"], Case: c.ID,
		Grant: procedure.Text(c.Facts["grant"]), Resource: procedure.Text(c.Facts["resource"]), Facts: facts, Source: Filed, At: act.At})
	if err != nil {
		return err
	}
	act.Results["violation"], act.Results["rectification"] = v.ID, v.Rectification
	return nil
}

// evidence picks what an act brought.
func evidence(act *procedure.Act, names ...string) map[string]any {
	out := map[string]any{}
	for _, name := range names {
		if x := procedure.Text(act.Fields[name]); x != "" {
			out[name] = x
		}
	}
	return out
}

// overtaken are the refusals that say: somebody was faster.
var overtaken = []string{"step_not_allowed", "changed_meanwhile", "case_closed"}

// lapseLimit is how many lapsed orders one sweep handles.
const lapseLimit = 200

// Lapse escalates orders whose term is over without a report of the department,
// and tells whether there may be more.
func (s *Service) Lapse(ctx context.Context) (more bool, err error) {
	cases, err := s.Store.Lapsed(ctx, s.Clock.Now().Add(-lapseGrace), lapseLimit)
	if err != nil {
		return false, err
	}
	var failed []error
	for _, c := range cases {
		err := s.Cases.TakeAsPlatform(ctx, c.ID, "lapse", map[string]any{"ground": "overdue"})
		if f, ok := fault.As(err); ok && slices.Contains(overtaken, f.Code) {
			continue // the department or another replica was first
		}
		if err != nil { // the other orders lapse all the same
			failed = append(failed, fmt.Errorf("rectification %s: %w", c.ID, err))
		}
	}
	return len(failed) == 0 && len(cases) == lapseLimit, errors.Join(failed...)
}

// lapseGrace lets a report that was filed before the end arrive.
const lapseGrace = time.Minute
