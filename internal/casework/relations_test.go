package casework

import (
	"slices"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/procedure"
)

func principal(department, territory string, roles ...org.Role) org.Principal {
	return org.Principal{Department: org.Department{ID: department}, Territory: territory, Person: org.Person{ID: "p", Roles: roles}}
}

// A relation needs both: the department that is the party, and the role. An
// authority is reached by its supervisors alone.
func TestRelations(t *testing.T) {
	t.Parallel()
	c := &procedure.Case{Region: "130100", Parties: map[string]string{
		"consumer": "c", "provider": "p", "consumer.authority": "a", "provider.authority": "a"}}
	disabled := principal("c", "", org.Clerk)
	disabled.Person.Disabled = true
	for _, x := range []struct {
		name   string
		who    org.Principal
		want   []string
		audits bool
	}{
		{"a clerk of the consumer", principal("c", "", org.Clerk), []string{"consumer.clerk"}, false},
		{"two roles", principal("p", "", org.OfficeHead, org.Clerk), []string{"provider.clerk", "provider.office_head"}, false},
		{"no role of a party", principal("c", "", org.Supervisor), nil, false},
		{"a supervisor of both authorities", principal("a", "130100", org.Supervisor), []string{"consumer.authority", "provider.authority"}, false},
		{"a clerk of the authority", principal("a", "130100", org.Clerk), nil, false},
		{"another department", principal("x", "", org.Clerk, org.OfficeHead), nil, false},
		{"disabled", disabled, nil, false},
		{"an auditor of a party", principal("c", "", org.Auditor), []string{"consumer.auditor"}, true},
		{"an auditor of the territory", principal("x", "130000", org.Auditor), nil, true},
		{"an auditor of another territory", principal("x", "130200", org.Auditor), nil, false},
		{"an auditor of no territory", principal("x", "", org.Auditor), nil, false},
	} {
		if got := Relations(c, x.who); !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", x.name, got, x.want)
		}
		if got := audits(x.who, c); got != x.audits {
			t.Errorf("%s: audits %v", x.name, got)
		}
	}
}

// The sweeper looks next at the first reminder that is still to come, else at
// the end; what is past is not reminded of.
func TestNextLook(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC) // 24:00 of 10 March in China
	days := func(n int) time.Time { return due.AddDate(0, 0, -n-1) }
	r := Reminders{WorkingDays: []int{3, 1, -1}, Before: func(_ procedure.DueDate, n int) time.Time { return days(n) }}
	for _, x := range []struct {
		name string
		now  time.Time
		want time.Time
	}{
		{"before all", days(5), days(3)},
		{"at the first", days(3), days(1)},
		{"between", days(2), days(1)},
		{"after the last", days(1).Add(time.Second), due.Add(grace)},
		{"after the end", due.Add(time.Hour), due.Add(grace)},
	} {
		if got := r.next(x.now, due); !got.Equal(x.want) {
			t.Errorf("%s: %s, want %s", x.name, got, x.want)
		}
	}
	if got := (Reminders{}).next(days(5), due); !got.Equal(due.Add(grace)) {
		t.Errorf("without a calendar: %s", got)
	}
	if got := lastDay(due); got != "2026-03-10" {
		t.Errorf("last day %s", got)
	}
}
