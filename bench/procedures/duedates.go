package main

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shuqiao/shuqiao/internal/app"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// dueDates are computations a second on one core.
type dueDates struct {
	PerSecond       int   `json:"per_second"`          // worktime: term to instant, last day and flags
	Runs            []int `json:"runs_per_second"`     //
	KernelPerSecond int   `json:"kernel_per_second"`   // as the kernel asks: with the last day as text
	Extended        int   `json:"extended_per_second"` // with an extension on top
}

// measureDueDates computes for a second at a time, on days drawn beforehand.
func measureDueDates(runs int) (dueDates, error) {
	_, calendar, err := app.Law()
	if err != nil {
		return dueDates{}, err
	}
	days := casework.WorkCalendar{Calendar: calendar}
	var received [4096]time.Time
	for i := range received {
		received[i] = time.Date(2004, 1, 1, 0, 0, rand.IntN(26*365*24*3600), 0, time.UTC)
	}
	terms := []worktime.Term{worktime.WorkingDays(1), worktime.WorkingDays(10), worktime.WorkingDays(20), {Length: 3, Unit: worktime.Month}}
	var sink time.Time
	perSecond := func(compute func(at time.Time, t worktime.Term) time.Time) []int {
		var out []int
		for range runs {
			begin, n := time.Now(), 0
			for time.Since(begin) < time.Second {
				for range 1000 {
					sink = compute(received[n%len(received)], terms[n%len(terms)])
					n++
				}
			}
			out = append(out, int(float64(n)/time.Since(begin).Seconds()))
		}
		slices.Sort(out)
		return out
	}
	d := dueDates{Runs: perSecond(func(at time.Time, t worktime.Term) time.Time { return calendar.Due(at, t).At })}
	d.PerSecond = d.Runs[len(d.Runs)/2]
	kernel := perSecond(func(at time.Time, t worktime.Term) time.Time { return days.Due(at, t.Length, t.Unit.String()).At })
	d.KernelPerSecond = kernel[len(kernel)/2]
	extended := perSecond(func(at time.Time, t worktime.Term) time.Time {
		return calendar.Extend(calendar.Due(at, t), worktime.WorkingDays(10)).At
	})
	d.Extended = extended[len(extended)/2]
	_ = sink
	return d, nil
}
