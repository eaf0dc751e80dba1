package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

// ClockQuery asks an authority's people for the clocks of its territory.
type ClockQuery struct {
	// Overdue: true: those past their end; false: those that will end within
	// WorkingDays; nil: both.
	Overdue     *bool
	WorkingDays int // 0 to 60: until the end of the day that many working days on
	Limit       int
	After       string // Cursor of the last line seen
}

// ClockLine is one running clock that a department of the territory owes.
type ClockLine struct {
	CaseClock
	ProcedureName   string
	Name            string // of the clock
	Article         string
	DepartmentName  string
	RelationName    string
	LastDay         string
	WorkingDaysLeft int // negative: working days late
	Overdue         bool
}

// Cursor is where the list goes on after this line.
func (l ClockLine) Cursor() string {
	return fmt.Sprintf("%d.%s.%s", l.Due.UnixMicro(), l.Case, l.Clock)
}

func parseCursor(s string) (*Deadline, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.SplitN(s, ".", 3)
	if len(parts) == 3 {
		if at, err := strconv.ParseInt(parts[0], 10, 64); err == nil {
			return &Deadline{Due: time.UnixMicro(at).UTC(), Case: parts[1], Clock: parts[2]}, nil
		}
	}
	var c fault.Collector
	c.Add("after", "format", "应为上一页给出的next", "")
	return nil, c.Err("query_invalid", "查询条件有误", "")
}

// Clocks lists the overdue and soon-due clocks that the departments of an
// authority's territory owe, the first to end first: for its supervisors and
// auditors (CN-29.1).
func (e *Engine) Clocks(ctx context.Context, p org.Principal, q ClockQuery) ([]ClockLine, error) {
	if p.Territory == "" || !p.Has(org.Supervisor) && !p.Has(org.Auditor) {
		return nil, fault.New(fault.Forbidden, "not_supervisor", "只有主管部门的审核人员和审计人员可以查看辖区内的期限").Under("CN-29.1")
	}
	after, err := parseCursor(q.After)
	if err != nil {
		return nil, err
	}
	now := e.Clock.Now()
	soon := e.Calendar.Due(now, min(max(q.WorkingDays, 0), 60), "working_day").At
	f := ClockFilter{Territory: p.Territory, DueBefore: soon.Add(time.Microsecond), After: after, Limit: q.Limit}
	if f.Limit <= 0 || f.Limit > 200 {
		f.Limit = 50
	}
	if q.Overdue != nil && *q.Overdue {
		f.DueBefore = now.Add(time.Microsecond) // over from its end on
	} else if q.Overdue != nil {
		f.DueFrom = now.Add(time.Microsecond)
	}
	clocks, err := e.Store.Clocks(ctx, f)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	out := make([]ClockLine, 0, len(clocks))
	for _, c := range clocks {
		line, err := e.clockLine(ctx, c, now, names)
		if err != nil {
			return nil, err
		}
		out = append(out, line)
	}
	return out, nil
}

func (e *Engine) clockLine(ctx context.Context, c CaseClock, now time.Time, names map[string]string) (ClockLine, error) {
	rules, err := e.Rules.ByKey(c.RulesKey)
	if err != nil {
		return ClockLine{}, err
	}
	proc, err := rules.Procedure(c.Procedure)
	if err != nil {
		return ClockLine{}, err
	}
	if _, known := names[c.Department]; !known && c.Department != "" {
		if names[c.Department], err = e.Dir.DepartmentName(ctx, c.Department); err != nil {
			return ClockLine{}, err
		}
	}
	l := ClockLine{CaseClock: c, ProcedureName: proc.Name, Name: proc.Clocks[c.Clock].Name, Article: rules.Cite(c.Clause),
		DepartmentName: names[c.Department], RelationName: procedure.RelationName(proc, c.Relation), LastDay: lastDay(c.Due),
		Overdue: !now.Before(c.Due)}
	l.WorkingDaysLeft = e.Left(now, procedure.DueDate{At: c.Due, LastDay: l.LastDay})
	return l, nil
}
