package sharing

import (
	"context"
	"regexp"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Authorities is what the other ways to apply ask of the organisation;
// *org.Service implements it.
type Authorities interface {
	SameLevelAuthority(ctx context.Context, department string) (string, error)
	SuperiorAuthority(ctx context.Context, department string) (string, error)
	CommonSuperiorAuthority(ctx context.Context, a, b string) (string, error)
	Region(ctx context.Context, code string) (org.Region, error)
}

// Flows are the ways to apply besides the direct one: through the authority
// (HB-15), across levels and regions (HB-17), backflow (CN-24); and the check
// of what a consumer would hold in combination (CN-25.2).
type Flows struct {
	*Service
	authorities Authorities
	rules       []AggregationRule
	risks       RiskStore
}

// NewFlows joins the service with the authorities, the aggregation rules and
// the place where hits are kept.
func NewFlows(s *Service, a Authorities, rules []AggregationRule, risks RiskStore) *Flows {
	return &Flows{Service: s, authorities: a, rules: rules, risks: risks}
}

// Hooks are the functions that these procedures name, besides those of the
// direct application.
func (f *Flows) Hooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			"sharing.via_authority_subject": f.viaAuthoritySubject,
			"sharing.cross_level_subject":   f.crossLevelSubject,
			"sharing.external_subject":      f.externalSubject,
			"sharing.backflow_subject":      f.backflowSubject,
		},
		Checks: map[string]casework.Check{
			"sharing.legal_basis":       legalBasis,
			"sharing.recorded_days":     recordedDays,
			"sharing.aggregation":       f.aggregation,
			"sharing.aggregation_rules": f.aggregationRules,
		},
		Effects: map[string]casework.Effect{
			"sharing.give_back":        f.giveBack,
			"sharing.note_aggregation": f.noteAggregation,
		},
	}
}

// asked fills an application that goes through authorities: as the direct one,
// but the case runs in the consumer's region, whose authority handles it. It
// gives the consumer's own authority and the common superior of both sides.
func (f *Flows) asked(ctx context.Context, p org.Principal, c *procedure.Case) (own, common string, err error) {
	consumer, err := f.consumerOf(ctx, c)
	if err != nil {
		return "", "", err
	}
	if err := f.applicationSubject(ctx, p, c); err != nil {
		return "", "", err
	}
	c.Region = consumer.Region
	if own, err = f.authorities.SameLevelAuthority(ctx, consumer.ID); err != nil {
		return "", "", err
	}
	common, err = f.authorities.CommonSuperiorAuthority(ctx, consumer.ID, c.Parties["provider"])
	return own, common, err
}

// consumerOf gives the department that asks. An authority that drafts for it
// must name it.
func (f *Flows) consumerOf(ctx context.Context, c *procedure.Case) (org.Department, error) {
	var faults fault.Collector
	id := c.Parties["consumer"]
	if id == "" {
		faults.Add("parties.consumer", "required", "代为起草的,应当列明需求部门", "HB-15.1")
		return org.Department{}, faults.Err("party_invalid", "没有列明需求部门", "")
	}
	d, err := f.systems.Department(ctx, id)
	if x, ok := fault.As(err); ok && x.Kind == fault.NotFound {
		faults.Add("parties.consumer", "not_found", "没有这个部门", "HB-15.1")
		return org.Department{}, faults.Err("party_invalid", "没有这个需求部门", "")
	}
	return d, err
}

// viaAuthoritySubject: the provider is of the consumer's own government, or of
// one below it; then the consumer's authority stands above both.
func (f *Flows) viaAuthoritySubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	own, common, err := f.asked(ctx, p, c)
	if err != nil {
		return err
	}
	if own != common {
		return fault.New(fault.Illegal, "cross_level_required", "提供部门不在本级主管部门的管辖之内,应当通过本级主管部门向上一级主管部门申请").
			Under("HB-17").With("procedure", "cross_level_application")
	}
	return nil
}

// crossLevelSubject: the provider lies outside of what the consumer's
// authority oversees. The fact "path" says whether the authority above is
// already the common superior.
func (f *Flows) crossLevelSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	own, common, err := f.asked(ctx, p, c)
	if err != nil {
		return err
	}
	if own == common {
		return fault.New(fault.Illegal, "not_cross_level", "提供部门在本级主管部门的管辖之内,向本级主管部门申请即可").
			Under("HB-15.1").With("procedure", "application_via_authority")
	}
	superior, err := f.authorities.SuperiorAuthority(ctx, c.Parties["consumer"])
	if err != nil {
		return err
	}
	c.Facts["path"] = "relayed"
	if superior == common {
		c.Facts["path"] = "superior"
	}
	return nil
}

// externalSubject finds the provincial authority, which alone asks ministries
// and other provinces. The subject is whatever code the outside gives the data.
func (f *Flows) externalSubject(ctx context.Context, _ org.Principal, c *procedure.Case) error {
	consumer, err := f.consumerOf(ctx, c)
	if err != nil {
		return err
	}
	c.Region = consumer.Region
	if c.Title == "" {
		c.Title = "国务院部门或者外省数据"
	}
	at, err := f.authorities.SameLevelAuthority(ctx, consumer.ID)
	for err == nil {
		var d org.Department
		var r org.Region
		if d, err = f.systems.Department(ctx, at); err != nil {
			break
		}
		if r, err = f.authorities.Region(ctx, d.Region); err != nil {
			break
		}
		if r.Level == org.Province {
			c.Parties["coordinator"] = at
			return nil
		}
		var above string
		if above, err = f.authorities.SuperiorAuthority(ctx, at); err == nil && above == at {
			return fault.New(fault.Illegal, "no_authority", "本省没有明确省级政务数据共享主管部门").Under("CN-8")
		}
		at = above
	}
	return err
}

var citation = regexp.MustCompile(`《[^《》]+》.*?第[零〇一二三四五六七八九十百千两0-9]+条`)

// legalBasis: a refusal names the law that forbids the sharing, with its
// article (HB-14).
func legalBasis(_ context.Context, _ *procedure.Case, step procedure.Step) error {
	if citation.MatchString(procedure.Text(step.Fields["legal_basis"])) {
		return nil
	}
	var faults fault.Collector
	faults.Add("fields.legal_basis", "no_citation", "除法律法规另有规定外不得拒绝;应写明法律法规的名称和条款,如《××法》第×条", "HB-14")
	return faults.Err("refusal_without_basis", "不予共享没有法律法规依据", "")
}

// recordedDays: what the provincial authority records of the outside has
// happened, and the answer came after the letter (HB-17).
func recordedDays(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	today := step.At.In(shanghai).Format(time.DateOnly)
	sent := procedure.Text(c.Facts["sent_on"])
	for name, day := range map[string]string{"sent_on": procedure.Text(step.Fields["sent_on"]), "answered_on": procedure.Text(step.Fields["answered_on"])} {
		switch {
		case day > today:
			faults.Add("fields."+name, "future", "日期不能晚于今天", "HB-17")
		case name == "answered_on" && day != "" && day < sent:
			faults.Add("fields."+name, "before_letter", "答复日期不能早于发函日期", "HB-17")
		}
	}
	return faults.Err("record_invalid", "登记的日期有误", "")
}
