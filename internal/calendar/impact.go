package calendar

import (
	"context"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Cases is what the service asks of the running cases.
type Cases interface {
	ProvisionalClocks(ctx context.Context, after casework.Deadline, limit int) ([]casework.CaseClock, error)
	ClocksAcross(ctx context.Context, from, until time.Time, after casework.Deadline, limit int) ([]casework.CaseClock, error)
	// Recounted gives what a clock would be counted to on another calendar.
	Recounted(ctx context.Context, d casework.CaseClock, calendar procedure.Calendar) (procedure.DueDate, error)
	// ClockName is what the rules of the case call a clock.
	ClockName(d casework.CaseClock) (string, error)
}

// Impact is what a notice does to running terms.
type Impact struct {
	Looked  int  // running terms looked at
	All     bool // false: there were more than one dry run looks at
	Moved   int  // that would end on another day
	Settled int  // that would no longer be provisional
	// Terms are those whose last day changes, up to maxShown.
	Terms []MovedTerm
}

// MovedTerm is one running term that would end on another day.
type MovedTerm struct {
	Case, Number, Clock, Name, Department string
	LastDay, NewLastDay                   string
	Provisional                           bool // it still would be
	// Overdue: it was marked as overdue already; moving it takes the mark, but
	// not the violation, back.
	Overdue bool
}

const (
	impactPage = 500
	// maxLooked bounds the work of one dry run.
	maxLooked = 20_000
	maxShown  = 200
)

// impact counts the terms that a year's arrangement touches on another
// calendar: provisional ones, or all across the year when it had a notice.
func (s *Service) impact(ctx context.Context, year int, correction bool, next *worktime.Calendar) (Impact, error) {
	from, until := Span(year)
	days := casework.WorkCalendar{Calendar: next}
	out := Impact{All: true}
	var after casework.Deadline
	for {
		var page []casework.CaseClock
		var err error
		if correction {
			page, err = s.Cases.ClocksAcross(ctx, from, until, after, impactPage)
		} else {
			page, err = s.Cases.ProvisionalClocks(ctx, after, impactPage)
		}
		if err != nil {
			return Impact{}, err
		}
		for _, d := range page {
			again, err := s.Cases.Recounted(ctx, d, days)
			if err != nil {
				return Impact{}, err
			}
			name, err := s.Cases.ClockName(d)
			if err != nil {
				return Impact{}, err
			}
			out.add(d, again, name)
		}
		if len(page) < impactPage {
			return out, nil
		}
		if out.Looked >= maxLooked {
			out.All = false
			return out, nil
		}
		after = page[len(page)-1].Deadline
	}
}

func (i *Impact) add(d casework.CaseClock, again procedure.DueDate, name string) {
	i.Looked++
	if d.Provisional && !again.Provisional {
		i.Settled++
	}
	if again.At.Equal(d.Due) {
		return
	}
	i.Moved++
	if len(i.Terms) < maxShown {
		i.Terms = append(i.Terms, MovedTerm{Case: d.Case, Number: d.Number, Clock: d.Clock, Name: name, Department: d.Department,
			LastDay: worktime.DayOf(d.Due.Add(-time.Microsecond)).String(), NewLastDay: again.LastDay,
			Provisional: again.Provisional, Overdue: d.OverdueAt != nil})
	}
}

// Span is the instants between which a term must run to count a day of a year.
func Span(year int) (from, until time.Time) {
	return worktime.Date(year, time.January, 1).Start(), worktime.Date(year, time.December, 31).End()
}
