package worktime

import "time"

// Due is when a term ends.
type Due struct {
	// At is 24:00 of LastDay in Asia/Shanghai: the instant from which on the
	// term has run out. People are shown LastDay.
	At time.Time `json:"at"`
	// LastDay is the last day of the term.
	LastDay Day `json:"last_day"`
	// WorkingDays is how many working days the term holds, extensions included.
	WorkingDays int `json:"working_days"`
	// Provisional: a day that was counted waits for its holiday notice.
	Provisional bool `json:"provisional"`
}

// Overdue tells whether the term has run out at now: from 24:00 of the last
// day, which is the following midnight, on.
func (d Due) Overdue(now time.Time) bool { return DayOf(now) > d.LastDay }

// Standing is where a term stands at an instant.
type Standing struct {
	// Left counts the working days after today through the last day: 0 on the
	// last day itself (今天到期).
	Left int `json:"working_days_left"`
	// Overdue: the term has run out.
	Overdue bool `json:"overdue"`
	// Late counts the working days since the last day, today included; it is
	// 0 on rest days that follow the last day directly.
	Late int `json:"working_days_late"`
}

// Due computes when a term ends that an event at received starts. A negative
// length counts as 0.
func (c *Calendar) Due(received time.Time, term Term) Due {
	return c.count(DayOf(received), term)
}

// DueFrom is Due for an event of which only the day is known.
func (c *Calendar) DueFrom(event Day, term Term) Due { return c.count(event, term) }

// Extend adds a term to the original end: it counts from the last day of d,
// whenever the extension was granted.
func (c *Calendar) Extend(d Due, term Term) Due {
	extended := c.count(d.LastDay, term)
	extended.WorkingDays += d.WorkingDays
	extended.Provisional = extended.Provisional || d.Provisional
	return extended
}

// Remaining tells where a term stands at now.
func (c *Calendar) Remaining(now time.Time, d Due) Standing {
	today := DayOf(now)
	return Standing{
		Left:    c.WorkdaysBetween(today, d.LastDay),
		Overdue: today > d.LastDay,
		Late:    c.WorkdaysBetween(d.LastDay, today),
	}
}

// Before is 00:00 of the working day n working days before the last one: when
// to remind. With n = 0 it is the start of the last day.
func (c *Calendar) Before(d Due, n int) time.Time {
	k := int(c.workedUpTo[index(d.LastDay)]) - 1
	return c.numbered(k - max(n, 0)).Start()
}

func (c *Calendar) count(event Day, term Term) Due {
	from := index(event)
	var last Day
	// Bounding the length keeps every sum below inside its integer.
	length := min(max(term.Length, 0), maxLength)
	switch {
	case term.Unit == WorkingDay && length > 0:
		last = c.numbered(int(c.workedUpTo[from]) + length - 1)
	case term.Unit == CalendarDay:
		last = c.NextWorkday(firstDay + Day(from) + Day(length))
	case term.Unit == Month:
		last = c.NextWorkday((firstDay + Day(from)).addMonths(length))
	case term.Unit == Year:
		last = c.NextWorkday((firstDay + Day(from)).addMonths(12 * length))
	default: // no length, or no unit, which Term.Validate refuses
		last = c.NextWorkday(firstDay + Day(from))
	}
	to := index(last)
	return Due{
		At: last.End(), LastDay: last,
		WorkingDays: int(c.workedUpTo[to] - c.workedUpTo[from]),
		Provisional: outside(event) || last >= lastDay || c.pending(min(from+1, to), to),
	}
}
