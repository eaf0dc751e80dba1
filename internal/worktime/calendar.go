package worktime

import (
	"maps"
	"slices"
	"time"
)

const (
	firstYear = 1990
	lastYear  = 2100
)

var (
	firstDay = Date(firstYear, time.January, 1)
	lastDay  = Date(lastYear, time.December, 31)
)

// Calendar knows which days are worked. It covers 1990-01-01 to 2100-12-31;
// a day outside is taken as the nearest end, and what is computed from it is
// Provisional. A Calendar is immutable.
type Calendar struct {
	years    map[int]YearData // loaded notices
	statutes *statutes

	special map[Day]special // named days, of notices and computed
	// By index (day - firstDay):
	worked      []bool
	workedUpTo  []int32 // working days from firstDay through this day
	pendingUpTo []int32 // days without a notice from firstDay through this day
	// By number: nth[k] is the (k+1)-th working day.
	nth []Day
}

type special struct {
	SpecialDay
	source string
}

// DayInfo is what the calendar knows of a day.
type DayInfo struct {
	Date    Day  `json:"date"`
	Workday bool `json:"workday"`
	// Name and Kind of the holiday arrangement; empty on an ordinary day.
	Name string `json:"name,omitempty"`
	Kind Kind   `json:"kind,omitempty"`
	// Source is the notice or, without one, the statute; empty on an ordinary day.
	Source string `json:"source,omitempty"`
	// Provisional: the notice that decides this day is not loaded.
	Provisional bool `json:"provisional"`
}

// With is a new calendar in which the year's arrangement is added or replaced.
// Faulty data gives a fault.Invalid that names every faulty date.
func (c *Calendar) With(year YearData) (*Calendar, error) {
	if err := year.Validate(); err != nil {
		return nil, err
	}
	years := maps.Clone(c.years)
	year.Days = slices.Clone(year.Days)
	slices.SortFunc(year.Days, func(a, b SpecialDay) int { return int(a.Date - b.Date) })
	years[year.Year] = year
	return build(years, c.statutes), nil
}

// Years lists the years whose notice is loaded, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Year is the arrangement of a year, and whether it is from a notice; without
// one it is computed from the statutory holidays.
func (c *Calendar) Year(year int) (data YearData, fromNotice bool) {
	data, fromNotice = c.years[year]
	if !fromNotice {
		return c.statutes.year(year), false
	}
	data.Days = slices.Clone(data.Days)
	return data, true
}

// IsWorkday tells whether the day is worked.
func (c *Calendar) IsWorkday(day Day) bool { return c.worked[index(day)] }

// NextWorkday is the day itself if it is worked, or else the next one that is.
func (c *Calendar) NextWorkday(day Day) Day {
	i := index(day)
	if c.worked[i] {
		return firstDay + Day(i)
	}
	return c.numbered(int(c.workedUpTo[i]))
}

// Describe tells what is known of a day.
func (c *Calendar) Describe(day Day) DayInfo {
	i := index(day)
	named := c.special[day]
	return DayInfo{
		Date: day, Workday: c.worked[i], Name: named.Name, Kind: named.Kind, Source: named.source,
		Provisional: outside(day) || c.pending(i, i),
	}
}

// WorkdaysBetween counts the working days after `after` through `through`; it
// is 0 when through is not later.
func (c *Calendar) WorkdaysBetween(after, through Day) int {
	return max(0, int(c.workedUpTo[index(through)]-c.workedUpTo[index(after)]))
}

// numbered is the k-th working day counted from 0, or the end of the calendar.
func (c *Calendar) numbered(k int) Day {
	switch {
	case k < 0:
		return firstDay
	case k >= len(c.nth):
		return lastDay
	}
	return c.nth[k]
}

// pending tells whether a day of the index range waits for its notice.
func (c *Calendar) pending(from, to int) bool {
	before := int32(0)
	if from > 0 {
		before = c.pendingUpTo[from-1]
	}
	return c.pendingUpTo[to] > before
}

func index(day Day) int { return int(min(max(day, firstDay), lastDay) - firstDay) }

func outside(day Day) bool { return day < firstDay || day > lastDay }

// build computes the look-up tables.
func build(years map[int]YearData, statutes *statutes) *Calendar {
	size := int(lastDay-firstDay) + 1
	c := &Calendar{
		years: years, statutes: statutes, special: map[Day]special{},
		worked: make([]bool, size), workedUpTo: make([]int32, size), pendingUpTo: make([]int32, size),
		nth: make([]Day, 0, size),
	}
	for year := firstYear; year <= lastYear; year++ {
		data, ok := years[year]
		if !ok {
			data = statutes.year(year)
		}
		for _, day := range data.Days {
			source := day.Source
			if source == "" {
				source = data.Source
			}
			c.special[day.Date] = special{SpecialDay: day, source: source}
		}
	}
	var worked, pending int32
	for i := range c.worked {
		day := firstDay + Day(i)
		c.worked[i] = !day.IsWeekend()
		if named, ok := c.special[day]; ok {
			c.worked[i] = named.Kind == MakeUp
		}
		if c.worked[i] {
			worked++
			c.nth = append(c.nth, day)
		}
		if _, noticed := years[day.Year()]; !noticed {
			pending++
		}
		c.workedUpTo[i], c.pendingUpTo[i] = worked, pending
	}
	return c
}
