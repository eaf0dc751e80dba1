package casework

import (
	"time"

	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// WorkCalendar lets the kernel count terms on a working-day calendar.
type WorkCalendar struct{ *worktime.Calendar }

// Due implements procedure.Calendar.
func (c WorkCalendar) Due(from time.Time, length int, unit string) procedure.DueDate {
	return dueDate(c.Calendar.Due(from, term(length, unit)))
}

// Extend implements procedure.Calendar.
func (c WorkCalendar) Extend(last procedure.DueDate, length int, unit string) procedure.DueDate {
	day, err := worktime.ParseDay(last.LastDay)
	if err != nil { // only this adapter writes LastDay
		panic("casework: due date with a bad last day: " + last.LastDay)
	}
	return dueDate(c.Calendar.Extend(worktime.Due{LastDay: day, WorkingDays: last.WorkingDays, Provisional: last.Provisional}, term(length, unit)))
}

// Left counts the working days left; negative: the working days late, at
// least one once the term is over.
func (c WorkCalendar) Left(now time.Time, due procedure.DueDate) int {
	day, err := worktime.ParseDay(due.LastDay)
	if err != nil {
		return 0
	}
	s := c.Remaining(now, worktime.Due{LastDay: day})
	if s.Overdue {
		return -max(s.Late, 1)
	}
	return s.Left
}

// Before gives 00:00 of the day that many working days before the last day of
// a term: when to remind.
func (c WorkCalendar) Before(due procedure.DueDate, workingDays int) time.Time {
	day, err := worktime.ParseDay(due.LastDay)
	if err != nil {
		return due.At
	}
	return c.Calendar.Before(worktime.Due{LastDay: day}, workingDays)
}

func term(length int, unit string) worktime.Term {
	var u worktime.Unit
	if err := u.UnmarshalText([]byte(unit)); err != nil { // the rulebook's check let it pass
		panic(err)
	}
	return worktime.Term{Length: length, Unit: u}
}

// dueDate states the end as the instant at which the last day is over: 24:00.
func dueDate(d worktime.Due) procedure.DueDate {
	return procedure.DueDate{At: d.At, LastDay: d.LastDay.String(), WorkingDays: d.WorkingDays, Provisional: d.Provisional}
}
