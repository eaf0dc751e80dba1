package casework

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/rulebook"
)

// partyRoles are the roles in which people act for a party.
var partyRoles = []org.Role{org.Clerk, org.OfficeHead, org.DepartmentHead, org.Engineer, org.Auditor}

// Relations gives a person's relations to a case, by department and role:
// "provider.clerk" for a clerk of the providing department, and
// "provider.authority" for a supervisor of the provider's same-level authority.
func Relations(c *procedure.Case, p org.Principal) []string {
	var out []string
	for party, department := range c.Parties {
		if department != p.Department.ID || p.Person.Disabled {
			continue
		}
		if rulebook.Computed(party) {
			if p.Has(org.Supervisor) {
				out = append(out, party)
			}
			continue
		}
		for _, r := range partyRoles {
			if p.Has(r) {
				out = append(out, party+"."+string(r))
			}
		}
	}
	slices.Sort(out)
	return out
}

// visible reads a case for somebody. A case that is none of their business
// does not exist for them.
func (e *Engine) visible(ctx context.Context, p org.Principal, id string) (procedure.Case, error) {
	c, err := e.Store.Case(ctx, id)
	if err != nil {
		return c, err
	}
	if len(Relations(&c, p)) == 0 && !audits(p, &c) {
		return procedure.Case{}, fault.Missing("办件", id)
	}
	return c, nil
}

// audits tells whether the person may read the case as an auditor: of a party
// to it, or of an authority whose territory it lies in.
func audits(p org.Principal, c *procedure.Case) bool {
	if !p.Has(org.Auditor) {
		return false
	}
	for _, department := range c.Parties {
		if department == p.Department.ID {
			return true
		}
	}
	return p.Territory != "" && rulebook.Covers(p.Territory, c.Region)
}

// Turns derives whose turn it is from the stage, with the earliest running
// clock as the date. Nobody's turn in a closed case.
func Turns(proc *rulebook.Procedure, c *procedure.Case) []Turn {
	if !c.Open() {
		return nil
	}
	var due *time.Time
	for _, k := range c.Clocks {
		if k.Running() && (due == nil || k.Due.Before(*due)) {
			d := k.Due
			due = &d
		}
	}
	var turns []Turn
	for _, relation := range proc.Stages[c.Stage].Turn {
		party, _ := rulebook.SplitRelation(relation)
		if department := c.Parties[party]; department != "" {
			turns = append(turns, Turn{Case: c.ID, Department: department, Relation: relation, Due: due})
		}
	}
	return turns
}

// held lists every relation that a person's roles can hold in any case: what
// to-do lists and inboxes are asked for.
func held(p org.Principal, rules *rulebook.Rules) []string {
	set := map[string]bool{}
	for _, b := range rules.Books {
		for _, proc := range b.Procedures {
			for party := range proc.Parties {
				for _, r := range partyRoles {
					if p.Has(r) {
						set[party+"."+string(r)] = true
					}
				}
				if p.Has(org.Supervisor) {
					set[party+rulebook.AuthoritySuffix] = true
					set[party+rulebook.SuperiorSuffix] = true
				}
			}
		}
	}
	if p.Has(org.Supervisor) {
		set[rulebook.CommonSuperior] = true
	}
	return slices.Sorted(maps.Keys(set))
}
