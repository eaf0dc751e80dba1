package worktime

import (
	"fmt"
	"math"
	"time"
)

const (
	secondsPerDay = 24 * 60 * 60
	// zoneOffset is that of China Standard Time. China has had no daylight
	// saving time since 1991, so a fixed offset is exact for every date this
	// platform meets, and nothing depends on the machine's tzdata.
	zoneOffset = 8 * 60 * 60
	// unixDayOfYearOne is the number of days from 0001-01-01 to 1970-01-01.
	unixDayOfYearOne = 719162
)

var shanghai = time.FixedZone("Asia/Shanghai", zoneOffset)

// Zone is Asia/Shanghai as a fixed +08:00.
func Zone() *time.Location { return shanghai }

// Day is a civil date in Asia/Shanghai, counted in days from 0001-01-01. Days
// compare and subtract as integers. The zero Day is 0001-01-01, like the zero
// time.Time. As text it is "2006-01-02".
type Day int32

// Date makes a Day; out-of-range months and days are normalised as time.Date does.
func Date(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsPerDay + unixDayOfYearOne)
}

// DayOf is the civil day in Asia/Shanghai of an instant, whatever its location.
// Instants millions of years away give the first or last Day there is.
func DayOf(t time.Time) Day {
	seconds := t.Unix()
	days := seconds / secondsPerDay
	// The zone is added to the seconds of the day, where it cannot overflow.
	switch rest := seconds%secondsPerDay + zoneOffset; {
	case rest < 0:
		days--
	case rest >= secondsPerDay:
		days++
	}
	return Day(min(max(days, math.MinInt32/2), math.MaxInt32/2) + unixDayOfYearOne)
}

// ParseDay reads "2006-01-02".
func ParseDay(s string) (Day, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("worktime: %q is not a date in the form 2006-01-02", s)
	}
	return Date(t.Date()), nil
}

// Start is 00:00 of the day in Asia/Shanghai.
func (d Day) Start() time.Time {
	return time.Unix((int64(d)-unixDayOfYearOne)*secondsPerDay-zoneOffset, 0).In(shanghai)
}

// End is 24:00 of the day in Asia/Shanghai: the instant at which it is over,
// 00:00 of the next day.
func (d Day) End() time.Time { return (d + 1).Start() }

// Civil gives year, month and day of the month.
func (d Day) Civil() (year int, month time.Month, day int) { return d.utc().Date() }

// Year is the civil year.
func (d Day) Year() int { return d.utc().Year() }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday {
	// 0001-01-01 was a Monday.
	return time.Weekday(((int64(d)+1)%7 + 7) % 7)
}

// IsWeekend tells whether the day is a Saturday or a Sunday.
func (d Day) IsWeekend() bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// IsZero tells whether d is the zero Day.
func (d Day) IsZero() bool { return d == 0 }

// String is "2006-01-02".
func (d Day) String() string { return d.utc().Format(time.DateOnly) }

// MarshalText implements encoding.TextMarshaler.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Day) UnmarshalText(text []byte) error {
	parsed, err := ParseDay(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// addMonths is the corresponding day n months later or, where that month has
// no such day, its last day (Civil Code art. 202).
func (d Day) addMonths(n int) Day {
	year, month, day := d.Civil()
	first := Date(year, month+time.Month(n), 1)
	length := Date(year, month+time.Month(n)+1, 1) - first
	return first + min(Day(day), length) - 1
}

func (d Day) utc() time.Time {
	return time.Unix((int64(d)-unixDayOfYearOne)*secondsPerDay, 0).UTC()
}
