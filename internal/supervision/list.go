package supervision

import (
	"context"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Violations lists, the newest first: for supervisors and auditors those of
// their authority's territory, for everybody else those of their own
// department.
func (s *Service) Violations(ctx context.Context, p org.Principal, f ViolationFilter) ([]Listed, error) {
	f.RegionPath, f.Own, f.Limit = "", p.Department.ID, bounded(f.Limit)
	if supervises(p) {
		r, err := s.Org.Region(ctx, p.Territory)
		if err != nil {
			return nil, err
		}
		f.RegionPath = r.Path
	}
	list, err := s.Store.Violations(ctx, f)
	if err != nil {
		return nil, err
	}
	return list, s.nameStages(list, p.Department.Region)
}

// nameStages fills the stages in words.
func (s *Service) nameStages(list []Listed, region string) error {
	rules, err := s.Rules.InForce(region, s.Clock.Now())
	if err != nil {
		return err
	}
	proc, err := rules.Procedure(rectification)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].StageName = proc.Stages[list[i].Stage].Name
	}
	return nil
}

// Overview is what an authority sees of its territory: who is late, and what
// waits to be put right.
type Overview struct {
	Late []casework.CaseClock // running clocks past their end, the oldest first
	// Departments counts late clocks by the department that owes the act.
	Departments []LateDepartment
	Open        []ClauseCount // open rectifications by liability clause
}

// LateDepartment is a department with overdue clocks.
type LateDepartment struct {
	Department, Name string
	Late             int
	Oldest           time.Time // due date of the oldest
}

// ClauseCount counts violations of one clause.
type ClauseCount struct {
	Clause  string
	Article string
	Count   int
}

// overviewLimit bounds the lists that an overview is made from.
const overviewLimit = 1000

// Overview gives the supervisors' and auditors' view of their territory.
func (s *Service) Overview(ctx context.Context, p org.Principal) (Overview, error) {
	if err := onlySupervisors(p); err != nil {
		return Overview{}, err
	}
	late, err := s.Clocks.Clocks(ctx, casework.ClockFilter{Territory: p.Territory, DueBefore: s.Clock.Now(), Limit: overviewLimit})
	if err != nil {
		return Overview{}, err
	}
	o := Overview{Late: late}
	at := map[string]int{}
	for _, k := range late {
		i, seen := at[k.Department]
		if !seen {
			d, err := s.Org.Department(ctx, k.Department)
			if err != nil {
				return Overview{}, err
			}
			i = len(o.Departments)
			at[k.Department] = i
			o.Departments = append(o.Departments, LateDepartment{Department: d.ID, Name: d.Name, Oldest: k.Due})
		}
		o.Departments[i].Late++
	}
	slices.SortStableFunc(o.Departments, func(a, b LateDepartment) int { return b.Late - a.Late })
	o.Open, err = s.openByClause(ctx, p)
	return o, err
}

func (s *Service) openByClause(ctx context.Context, p org.Principal) ([]ClauseCount, error) {
	rules, err := s.Rules.InForce(p.Department.Region, s.Clock.Now())
	if err != nil {
		return nil, err
	}
	counts := map[string]int{}
	for after := ""; ; {
		page, err := s.Violations(ctx, p, ViolationFilter{Open: true, After: after, Limit: 200})
		if err != nil {
			return nil, err
		}
		for _, v := range page {
			counts[v.Clause]++
			after = v.ID
		}
		if len(page) < 200 {
			break
		}
	}
	var out []ClauseCount
	for _, item := range Items() {
		if n := counts[item.Clause]; n > 0 {
			out = append(out, ClauseCount{Clause: item.Clause, Article: rules.Cite(item.Clause), Count: n})
		}
	}
	return out, nil
}

func onlySupervisors(p org.Principal) error {
	if supervises(p) {
		return nil
	}
	return fault.New(fault.Forbidden, "not_a_supervisor", "只有主管部门的审核人员和审计人员可以查看").Under("CN-29.1")
}
