package calendar

import (
	"sync/atomic"
	"time"

	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Live is the working-day calendar that a running node counts with. All its
// users see a new notice at once; one computation sees one calendar. It is
// safe for concurrent use.
type Live struct {
	now atomic.Pointer[worktime.Calendar]
}

// NewLive makes a Live that begins with the release's calendar.
func NewLive(c *worktime.Calendar) *Live {
	l := &Live{}
	l.now.Store(c)
	return l
}

// Current is the calendar of this moment, for who computes several things that
// must agree.
func (l *Live) Current() *worktime.Calendar { return l.now.Load() }

func (l *Live) swap(c *worktime.Calendar) { l.now.Store(c) }

func (l *Live) days() casework.WorkCalendar { return casework.WorkCalendar{Calendar: l.now.Load()} }

// Due implements procedure.Calendar.
func (l *Live) Due(from time.Time, length int, unit string) procedure.DueDate {
	return l.days().Due(from, length, unit)
}

// Extend implements procedure.Calendar.
func (l *Live) Extend(last procedure.DueDate, length int, unit string) procedure.DueDate {
	return l.days().Extend(last, length, unit)
}

// Left implements casework.TimeLeft.
func (l *Live) Left(now time.Time, due procedure.DueDate) int { return l.days().Left(now, due) }

// Before gives 00:00 of the day that many working days before the last day.
func (l *Live) Before(due procedure.DueDate, workingDays int) time.Time {
	return l.days().Before(due, workingDays)
}
