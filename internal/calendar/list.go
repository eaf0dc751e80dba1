package calendar

import (
	"context"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Year is what is known of a year's working days.
type Year struct {
	Year int
	// ID of what is in force: of a filed notice, "release-2026", or empty when
	// only the law's holidays are known.
	ID     string
	Source string
	// Provisional: the notice is not loaded; what counts a day of the year
	// will be counted again.
	Provisional bool
	Days        []worktime.SpecialDay
	WorkingDays int
	// Filed are the versions filed at run time, the first one first.
	Filed []Notice
}

// Years lists the years from first through last, with what the database holds
// at this moment.
func (s *Service) Years(ctx context.Context, first, last int) ([]Year, error) {
	if first > last || first < 1990 || last > 2100 {
		var c fault.Collector
		c.Add("from", "range", "年份应在1990至2100之间,且起始不晚于终止", "")
		return nil, c.Err("query_invalid", "查询条件有误", "")
	}
	return List(ctx, s.Store, s.Base, first, last)
}

// List describes years as a database and a release know them.
func List(ctx context.Context, store Store, base *worktime.Calendar, first, last int) ([]Year, error) {
	all, err := store.CalendarNotices(ctx)
	if err != nil {
		return nil, err
	}
	current, err := with(base, all)
	if err != nil {
		return nil, err
	}
	return Describe(current, all, first, last), nil
}

// Describe lists years of a calendar that was made with the notices.
func Describe(c *worktime.Calendar, all []Notice, first, last int) []Year {
	out := []Year{}
	for year := first; year <= last; year++ {
		data, loaded := c.Year(year)
		y := Year{Year: year, Source: data.Source, Provisional: !loaded, Days: data.Days,
			WorkingDays: c.WorkdaysBetween(worktime.Date(year-1, 12, 31), worktime.Date(year, 12, 31))}
		y.ID, _ = inForce(c, all, year)
		for _, n := range all {
			if n.Year == year {
				y.Filed = append(y.Filed, n)
			}
		}
		out = append(out, y)
	}
	return out
}

// Check looks at a file as File would, without a database: on the calendar of
// the release. It gives the year as it would be.
func Check(base *worktime.Calendar, in Input) (Year, error) {
	id, _ := inForce(base, nil, in.Year)
	if id != "" && in.Replaces == "" && in.Reason == "" { // a file of days does not say why
		in.Replaces, in.Reason = id, "-"
	}
	if err := in.check(base, id); err != nil {
		return Year{}, err
	}
	next, err := base.With(Notice{Year: in.Year, Title: in.Title, Document: in.Document, Days: in.Days}.data())
	if err != nil {
		return Year{}, err
	}
	return Describe(next, nil, in.Year, in.Year)[0], nil
}
