package app

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/casework"
	"github.com/shuqiao/shuqiao/internal/procedure"
	"github.com/shuqiao/shuqiao/internal/store"
	"github.com/shuqiao/shuqiao/internal/worker"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// wireCalendar makes the calendar that everybody on this node counts with: the
// release's, and the notices that were filed since.
func (n *Node) wireCalendar(ctx context.Context, base *worktime.Calendar) error {
	n.Calendar = calendar.NewService(calendar.Deps{Store: n.Store.Calendar(), Base: base, Cases: lateCalendarCases{n},
		Dir: n.Org, Ledger: n.Ledger, Clock: n.Config.Clock})
	_, err := n.Calendar.Refresh(ctx)
	return err
}

// recountTwice: a term that was being counted with the old calendar while the
// new one came may be committed after the first count.
const recountTwice = 2

// calendarJobs take notices filed on other replicas, and count running terms
// again.
func (n *Node) calendarJobs() []worker.Job {
	pending := map[int]int{} // corrected year → counts to do; of this job alone
	learned := 0
	return []worker.Job{
		{Name: "calendar", Every: 2 * time.Second, Run: func(ctx context.Context) (bool, error) {
			change, err := n.Calendar.Refresh(ctx)
			if err != nil {
				return false, err
			}
			if len(change.Learned) > 0 {
				learned = recountTwice
			}
			for _, year := range change.Corrected {
				pending[year] = recountTwice
			}
			var failed error
			if learned > 0 {
				if _, err := n.Cases.Recompute(ctx); err != nil {
					return false, err
				}
				learned--
			}
			for year := range pending {
				from, until := calendar.Span(year)
				if _, err := n.Cases.RecomputeAcross(ctx, from, until); err != nil {
					failed = errors.Join(failed, err)
					continue
				}
				if pending[year]--; pending[year] == 0 {
					delete(pending, year)
				}
			}
			return false, failed
		}},
		{Name: "provisional terms", Every: time.Hour, Run: func(ctx context.Context) (bool, error) {
			_, err := n.Cases.Recompute(ctx)
			return false, err
		}},
	}
}

// lateCalendarCases is the engine that the node will have.
type lateCalendarCases struct{ n *Node }

func (l lateCalendarCases) ProvisionalClocks(ctx context.Context, after casework.Deadline, limit int) ([]casework.CaseClock, error) {
	return l.n.Store.Cases().ProvisionalClocks(ctx, after, limit)
}

func (l lateCalendarCases) ClocksAcross(ctx context.Context, from, until time.Time, after casework.Deadline, limit int) ([]casework.CaseClock, error) {
	return l.n.Store.Cases().ClocksAcross(ctx, from, until, after, limit)
}

func (l lateCalendarCases) Recounted(ctx context.Context, d casework.CaseClock, c procedure.Calendar) (procedure.DueDate, error) {
	return l.n.Cases.Recounted(ctx, d, c)
}

func (l lateCalendarCases) ClockName(d casework.CaseClock) (string, error) {
	return l.n.Cases.ClockName(d)
}

// CalendarYears lists years as this release knows them and, where there is a
// database, with the notices filed in it.
func CalendarYears(ctx context.Context, cfg Config, first, last int) ([]calendar.Year, error) {
	_, base, err := Law()
	if err != nil {
		return nil, err
	}
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	if path, local := strings.CutPrefix(cfg.DatabaseURL, "sqlite://"); local {
		if _, err := os.Stat(path); err != nil { // opening would make it
			return calendar.Describe(base, nil, first, last), nil
		}
	}
	s, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.Ready(ctx); err != nil {
		return nil, err
	}
	return calendar.List(ctx, s.Calendar(), base, first, last)
}

// CheckCalendar looks at a file with a year's arrangement.
func CheckCalendar(data []byte, title string) (calendar.Year, error) {
	_, base, err := Law()
	if err != nil {
		return calendar.Year{}, err
	}
	in, err := calendar.ParseFile(data)
	if err != nil {
		return calendar.Year{}, err
	}
	if in.Title == "" {
		in.Title = title
	}
	return calendar.Check(base, in)
}
