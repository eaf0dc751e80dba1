package sharing

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// Names of the prepares of procedures whose subject is a grant: what can be
// opened on one is found by them.
const (
	PrepareGrant      = "sharing.grant_subject"       // anything about a grant
	PrepareReply      = "sharing.grant_reply_subject" // what is answered in the terms of an application
	PrepareSuspension = "sharing.suspension_subject"
)

// SubjectPrepares lists the prepares of procedures about a grant.
func SubjectPrepares() []string { return []string{PrepareGrant, PrepareReply, PrepareSuspension} }

// GrantHooks are the functions that the procedures about a grant in force name:
// suspension, disposal, end and change, widening, renewal.
func (s *Service) GrantHooks() casework.Hooks {
	return casework.Hooks{
		Prepares: map[string]casework.Prepare{
			PrepareGrant:      s.grantSubject,
			PrepareReply:      s.grantReplySubject,
			PrepareSuspension: s.suspensionSubject,
		},
		Checks: map[string]casework.Check{
			"sharing.dates_ahead":        s.datesAhead,
			"sharing.grant_in_force":     s.grantInForce,
			"sharing.grant_renewable":    s.grantRenewable,
			"sharing.suspension_opens":   s.suspensionOpens,
			"sharing.hold_stands":        s.holdStands,
			"sharing.rectification_over": s.rectificationOver,
			"sharing.disposal_opens":     s.disposalOpens,
			"sharing.disposal_may_drop":  s.disposalMayDrop,
			"sharing.disposed_already":   s.disposedAlready,
			"sharing.change_terms":       s.changeTerms,
			"sharing.change_day_come":    s.changeDayCome,
			"sharing.widening_form":      s.wideningForm,
			"sharing.widening_whole":     s.wideningWhole,
			"sharing.change_form":        s.changeForm,
			"sharing.change_whole":       s.changeWhole,
		},
		Effects: map[string]casework.Effect{
			"grant.suspend":              s.suspend,
			"grant.restore":              s.restore,
			"grant.terminate":            s.terminate,
			"grant.close":                s.closeGrant,
			"grant.apply_service_change": s.applyServiceChange,
			"grant.end_by_consumer":      s.endByConsumer,
			"grant.widen":                s.widen,
			"grant.alter":                s.alter,
		},
	}
}

// subject reads the grant that a case is to be about, for somebody who may know
// of it, and checks the parties that were given.
func (s *Service) subject(ctx context.Context, p org.Principal, c *procedure.Case) (Grant, error) {
	g, err := s.Grant(ctx, p, c.Subject)
	if err != nil {
		return Grant{}, err
	}
	for party, department := range map[string]string{"consumer": g.Consumer, "provider": g.Provider} {
		given := c.Parties[party]
		if given == "" || given == department {
			continue
		}
		if given == p.Department.ID {
			return Grant{}, fault.New(fault.Forbidden, "not_own_department", "此授权的这一方不是本部门").Under("CN-27")
		}
		return Grant{}, fault.New(fault.Invalid, "party_mismatch", "当事部门由授权确定,不能另行指定").Under("CN-27")
	}
	return g, nil
}

// grantSubject fills a case about a grant: both sides, region and title.
func (s *Service) grantSubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	g, err := s.subject(ctx, p, c)
	if err != nil {
		return err
	}
	_, err = s.fill(ctx, g, c)
	return err
}

// grantReplySubject fills also the attribute that the reply clock goes by.
func (s *Service) grantReplySubject(ctx context.Context, p org.Principal, c *procedure.Case) error {
	g, err := s.subject(ctx, p, c)
	if err != nil {
		return err
	}
	attribute, err := s.fill(ctx, g, c)
	c.Facts["attribute"] = attribute
	return err
}

func (s *Service) fill(ctx context.Context, g Grant, c *procedure.Case) (attribute string, err error) {
	v, err := s.resources.Version(ctx, g.Resource, g.ResourceVersion)
	if err != nil {
		return "", err
	}
	r, err := s.resources.Resource(ctx, g.Resource)
	if err != nil {
		return "", err
	}
	c.Parties["consumer"], c.Parties["provider"] = g.Consumer, g.Provider
	c.Region = r.Region
	if c.Title == "" {
		c.Title = v.Entry.Name
	}
	return string(v.Entry.Attribute), nil
}

// about reads the grant of a running case.
func (s *Service) about(ctx context.Context, c *procedure.Case) (Grant, error) {
	return s.store.Grant(ctx, c.Subject)
}

// grantInForce refuses a grant that is over. A suspended one is in force: its
// suspension is another matter.
func (s *Service) grantInForce(ctx context.Context, c *procedure.Case, step procedure.Step) error {
	g, err := s.about(ctx, c)
	if err != nil {
		return err
	}
	return inForce(g, step.At)
}

func inForce(g Grant, at time.Time) error {
	switch {
	case g.TerminatedAt != nil && !at.Before(*g.TerminatedAt):
		return fault.New(fault.Illegal, "grant_terminated", "授权已经终止").Under("CN-27")
	case !at.Before(g.NotAfter):
		return fault.New(fault.Illegal, "grant_expired", "授权期限已经届满").Under("CN-20.2")
	}
	return nil
}

// dateRules says of the date fields of these procedures how far ahead they lie
// and under which clause.
var dateRules = map[string]struct {
	clause string
	today  bool // the day itself will do
}{
	"rectify_by":   {clause: "CN-27.2"},
	"extended_to":  {clause: "CN-27.2"},
	"dispose_by":   {clause: "CN-27.1"},
	"effective_on": {clause: "CN-27.3", today: true},
}

// datesAhead: a term that an act sets lies in the future, for the day of the
// act is not counted; an extension ends after what it extends.
func (s *Service) datesAhead(_ context.Context, c *procedure.Case, step procedure.Step) error {
	var faults fault.Collector
	today := step.At.In(shanghai).Format(time.DateOnly)
	for _, name := range slices.Sorted(maps.Keys(dateRules)) {
		day, rule := procedure.Text(step.Fields[name]), dateRules[name]
		switch {
		case day == "":
		case day < today || day == today && !rule.today:
			faults.Add("fields."+name, "past", "日期应在今日之后", rule.clause)
		case name == "extended_to" && day <= procedure.Text(c.Facts["rectify_by"]):
			faults.Add("fields."+name, "not_longer", "延长后的期限应晚于原期限"+procedure.Text(c.Facts["rectify_by"]), rule.clause)
		}
	}
	return faults.Err("dates_invalid", "期限或者日期不符合规定", "")
}

// startOf is 00:00 of a day that the kernel has checked.
func startOf(day string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, day, shanghai)
}

// later gives the later of two instants.
func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
