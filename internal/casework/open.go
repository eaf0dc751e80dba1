package casework

import (
	"context"
	"fmt"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/ident"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// Open starts a case with an opening action.
func (e *Engine) Open(ctx context.Context, p org.Principal, req OpenRequest) (View, error) {
	var id string
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		c, step, err := e.seed(ctx, p, req)
		if err != nil {
			return err
		}
		id = c.ID
		return e.take(ctx, c, step)
	})
	if err != nil {
		return View{}, err
	}
	return e.View(ctx, p, id)
}

// OpenAsPlatform starts a case that the platform itself opens, such as the
// rectification of a violation it has seen: an opening action of the relation
// "platform". It joins a running transaction. Region is that of the party
// whose authority decides.
func (e *Engine) OpenAsPlatform(ctx context.Context, region string, req OpenRequest) (caseID string, err error) {
	return e.openUnattended(ctx, rulebook.Platform, region, req)
}

// OpenAsAnyone starts a case for a member of the public (CN-37).
func (e *Engine) OpenAsAnyone(ctx context.Context, region string, req OpenRequest) (caseID string, err error) {
	return e.openUnattended(ctx, rulebook.Anyone, region, req)
}

func (e *Engine) openUnattended(ctx context.Context, relation, region string, req OpenRequest) (string, error) {
	var id string
	err := e.Store.Do(ctx, func(ctx context.Context) error {
		nobody := org.Principal{Department: org.Department{Region: region}}
		c, step, err := e.seed(ctx, nobody, req)
		if err != nil {
			return err
		}
		step.Actor = procedure.Actor{Relations: []string{relation}}
		id = c.ID
		return e.take(ctx, c, step)
	})
	return id, err
}

// seed prepares the case before its first act.
func (e *Engine) seed(ctx context.Context, p org.Principal, req OpenRequest) (*procedure.Case, procedure.Step, error) {
	now := e.Clock.Now()
	rules, err := e.Rules.InForce(p.Department.Region, now)
	if err != nil {
		return nil, procedure.Step{}, err
	}
	proc, err := rules.Procedure(req.Procedure)
	if err != nil {
		return nil, procedure.Step{}, err
	}
	action, err := opening(proc, req.Action)
	if err != nil {
		return nil, procedure.Step{}, err
	}
	c := &procedure.Case{
		ID: ident.New(), Procedure: proc.ID, RulesKey: rules.Key, Region: p.Department.Region,
		Subject: req.Subject, Title: req.Title,
		Parties: map[string]string{}, Facts: map[string]any{}, Clocks: map[string]procedure.ClockState{}, Taken: map[string]int{},
	}
	for party, dept := range req.Parties {
		if _, ok := proc.Parties[party]; !ok {
			return nil, procedure.Step{}, fault.Newf(fault.Invalid, "party_unknown", "“%s”没有名为“%s”的当事方", proc.Name, party).Under(proc.Clause)
		}
		c.Parties[party] = dept
	}
	if err := takeOwnSide(c, action, p); err != nil {
		return nil, procedure.Step{}, err
	}
	if proc.Prepare != "" {
		if err := e.Hooks.Prepares[proc.Prepare](ctx, p, c); err != nil {
			return nil, procedure.Step{}, err
		}
	}
	if err := e.computeAuthorities(ctx, proc, c); err != nil {
		return nil, procedure.Step{}, err
	}
	n, err := e.Store.NextNumber(ctx, fmt.Sprintf("%s-%d", proc.Number, now.In(zone).Year()))
	if err != nil {
		return nil, procedure.Step{}, err
	}
	c.Number = fmt.Sprintf("%s-%d-%06d", proc.Number, now.In(zone).Year(), n)
	return c, e.step(c, p, action.ID, req.Fields, now), nil
}

var zone = time.FixedZone("Asia/Shanghai", 8*3600)

func opening(p *rulebook.Procedure, name string) (rulebook.Action, error) {
	var found []rulebook.Action
	for _, a := range p.Actions {
		if a.Opens && (name == "" || a.ID == name) {
			found = append(found, a)
		}
	}
	if len(found) != 1 {
		return rulebook.Action{}, fault.Newf(fault.Invalid, "action_unknown", "“%s”不能以这一步开始", p.Name).Under(p.Clause)
	}
	return found[0], nil
}

// takeOwnSide puts the actor's department in the party that the opening action
// belongs to: nobody opens a case for another department.
func takeOwnSide(c *procedure.Case, a rulebook.Action, p org.Principal) error {
	party, role := rulebook.SplitRelation(a.By[0])
	if role == "authority" || role == "superior" || role == "" {
		return nil
	}
	if given := c.Parties[party]; given != "" && given != p.Department.ID {
		return fault.New(fault.Forbidden, "not_own_department", "只能以本部门的名义办理").Under(a.Clause)
	}
	c.Parties[party] = p.Department.ID
	return nil
}

// computeAuthorities adds the same-level authority of each party and the
// common superior authority of two: computed, never typed in (CN-8).
func (e *Engine) computeAuthorities(ctx context.Context, proc *rulebook.Procedure, c *procedure.Case) error {
	for party := range proc.Parties {
		dept := c.Parties[party]
		if dept == "" {
			continue
		}
		authority, err := e.Dir.SameLevelAuthority(ctx, dept)
		if err != nil {
			return err
		}
		c.Parties[party+rulebook.AuthoritySuffix] = authority
		if c.Parties[party+rulebook.SuperiorSuffix], err = e.Dir.SuperiorAuthority(ctx, dept); err != nil {
			return err
		}
	}
	if c.Parties["consumer"] != "" && c.Parties["provider"] != "" {
		common, err := e.Dir.CommonSuperiorAuthority(ctx, c.Parties["consumer"], c.Parties["provider"])
		if err != nil {
			return err
		}
		c.Parties[rulebook.CommonSuperior] = common
	}
	return nil
}
