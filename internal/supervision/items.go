package supervision

import (
	"context"
	"strconv"
	"strings"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
)

// Item is one item of a liability article.
type Item struct {
	Clause string
	Role   Role
	// Superior: its government or the authority above orders the rectification
	// (CN-41, HB-30), not the authority of the same level.
	Superior bool
}

// articles are the liability articles with the number of their items.
var articles = []struct {
	clause   string
	items    int
	role     Role
	superior bool
}{
	{"CN-39", 9, Provider, false},
	{"CN-40", 7, Consumer, false},
	{"CN-41", 3, Authority, true},
	{"HB-30", 5, Department, true},
	{"XN-26", 8, Department, false},
}

// Items lists every item that a violation can fall under.
func Items() []Item {
	var out []Item
	for _, a := range articles {
		for n := 1; n <= a.items; n++ {
			out = append(out, Item{Clause: a.clause + "." + strconv.Itoa(n), Role: a.role, Superior: a.superior})
		}
	}
	return out
}

// ItemOf finds the item of a clause. Its fault is "liability_clause_unknown".
func ItemOf(clause string) (Item, error) {
	for _, i := range Items() {
		if i.Clause == clause {
			return i, nil
		}
	}
	var c fault.Collector
	c.Add("subject", "not_in_list", "违反的条款应为责任条款之一,如CN-39.4、CN-40.2、CN-41.1、HB-30.1、XN-26.2", "")
	return Item{}, c.Err("liability_clause_unknown", "没有这个责任条款", "")
}

// Route is who orders the rectification of a breach.
type Route struct {
	Item    Item
	Gist    string // of the clause, in our words
	Article string
	Region  string // of the department
	Decider string // authority
	// ByGovernment: there is no authority above; the government itself decides,
	// and the decider keeps its decision on file.
	ByGovernment bool
	// Parallel are local items that say the same and are in force there.
	Parallel []string
}

// route computes who decides. Nobody judges itself: an authority's own breach
// goes up whatever the clause.
func (s *Service) route(ctx context.Context, clause, department string) (Route, error) {
	item, err := ItemOf(clause)
	if err != nil {
		return Route{}, err
	}
	d, err := s.Org.Department(ctx, department)
	if err != nil {
		return Route{}, unknownDepartment(err)
	}
	rules, err := s.Rules.InForce(d.Region, s.Clock.Now())
	if err != nil {
		return Route{}, err
	}
	known := rules.Clause(clause)
	if known.Article == "" {
		return Route{}, fault.New(fault.Invalid, "clause_not_in_force", "该条款在责任部门所在行政区划不施行").With("clause", clause)
	}
	own, err := s.Org.SameLevelAuthority(ctx, department)
	if err != nil {
		return Route{}, err
	}
	if item.Role == Authority && own != department {
		return Route{}, fault.New(fault.Invalid, "not_an_authority", "该条款只适用于政务数据共享主管部门").Under(clause)
	}
	r := Route{Item: item, Gist: known.Gist, Article: rules.Cite(clause), Region: d.Region, Decider: own, Parallel: watched.parallel(clause, rules)}
	if item.Superior || own == department {
		if r.Decider, err = s.Org.SuperiorAuthority(ctx, department); err != nil {
			return Route{}, err
		}
		r.ByGovernment = r.Decider == own
	}
	return r, nil
}

// unknownDepartment says which field names a department that is not there.
func unknownDepartment(err error) error {
	if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound {
		return err
	}
	var c fault.Collector
	c.Add("parties.department", "not_found", "没有这个责任部门", "CN-2")
	return c.Err("department_unknown", "责任部门不存在", "")
}

// generalItem files a breach of a duty that no item names: a duty of watch.yaml
// by the capacity in which it was owed, any other under the last item of the
// article: 其他情形.
func (s *Service) generalItem(ctx context.Context, v casework.Violation) (string, error) {
	own, err := s.Org.SameLevelAuthority(ctx, v.Department)
	if err != nil {
		return "", err
	}
	if own == v.Department {
		return "CN-41.3", nil
	}
	for _, d := range watched.Duties {
		if d.Procedure != v.Facts.Procedure {
			continue
		}
		consumer, err := s.Store.ConsumerIn(ctx, v.Facts.Case, v.Department)
		if err != nil || consumer {
			return d.Consumer, err
		}
		return d.Otherwise, nil
	}
	return "CN-39.9", nil
}

// supervises tells whether the reader is a supervisor or auditor of an
// authority.
func supervises(p org.Principal) bool {
	return p.Territory != "" && p.HasAny(org.Supervisor, org.Auditor)
}

// article is the part of a clause before the item: CN-39 of CN-39.4.
func article(clause string) string {
	a, _, _ := strings.Cut(clause, ".")
	return a
}
