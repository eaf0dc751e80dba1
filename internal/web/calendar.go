package web

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/shuqiao/shuqiao/internal/calendar"
	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/org"
	"github.com/shuqiao/shuqiao/internal/web/wire"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

// Calendar files and lists holiday notices; *calendar.Service implements it.
type Calendar interface {
	Years(ctx context.Context, first, last int) ([]calendar.Year, error)
	File(ctx context.Context, p org.Principal, in calendar.Input, dryRun bool) (calendar.Outcome, error)
}

func registerCalendar(h *handlers, api huma.API) {
	const tag = "法规"
	register(api, http.MethodGet, "/api/v1/calendar", "getCalendar", tag, "工作日历", h.calendar,
		note("各年的放假安排、依据和是否暂定；缺省为去年至后年。"))
	register(api, http.MethodPost, "/api/v1/calendar/notices", "fileCalendarNotice", tag, "载入放假通知", h.fileCalendar,
		note("由本节点最高一级主管部门的平台管理员载入国务院办公厅的年度放假通知，存证，数秒内在各副本生效，进行中的期限随之重新计算。dry_run 只列出哪些期限将改到哪一天。已有安排的年份须作为更正载入。"))
}

type calendarInput struct {
	From int `query:"from" doc:"起始年份"`
	To   int `query:"to" doc:"终止年份"`
}

func (h *handlers) calendar(ctx context.Context, in *calendarInput) (*reply[wire.Calendar], error) {
	year := worktime.DayOf(h.Clock.Now()).Year()
	if in.From == 0 {
		in.From = year - 1
	}
	if in.To == 0 {
		in.To = max(in.From, year+2)
	}
	years, err := h.Calendar.Years(ctx, in.From, in.To)
	if err != nil {
		return nil, err
	}
	return &reply[wire.Calendar]{Body: wire.Calendar{Items: each(years, toCalendarYear)}}, nil
}

type fileCalendarInput struct{ Body wire.FileCalendar }

func (h *handlers) fileCalendar(ctx context.Context, in *fileCalendarInput) (*reply[wire.CalendarOutcome], error) {
	b := in.Body
	days, err := calendarDays(b)
	if err != nil {
		return nil, err
	}
	out, err := h.Calendar.File(ctx, principal(ctx), calendar.Input{Year: b.Year, Title: b.Title, Document: b.Document, Days: days,
		Replaces: b.Replaces, Reason: b.Reason}, b.DryRun)
	if err != nil {
		return nil, err
	}
	return &reply[wire.CalendarOutcome]{Body: wire.CalendarOutcome{Notice: toCalendarNotice(out.Notice), Impact: toCalendarImpact(out.Impact), DryRun: b.DryRun}}, nil
}

// calendarDays reads the days of a body, in the form that it has.
func calendarDays(b wire.FileCalendar) ([]worktime.SpecialDay, error) {
	var c fault.Collector
	if (b.CSV == "") == (len(b.Days) == 0) {
		c.Add("days", "one_of", "请给出days或者csv，二者取一", "")
		return nil, c.Err("calendar_invalid", "放假安排有误", "")
	}
	if b.CSV != "" {
		return calendar.ParseCSV(b.CSV)
	}
	days := make([]worktime.SpecialDay, 0, len(b.Days))
	for i, d := range b.Days {
		date, err := worktime.ParseDay(d.Date)
		if err != nil {
			c.Add("days["+strconv.Itoa(i)+"].date", "format", "日期应为YYYY-MM-DD", "")
			continue
		}
		days = append(days, worktime.SpecialDay{Date: date, Name: d.Name, Kind: worktime.Kind(d.Kind), Source: d.Source})
	}
	return days, c.Err("calendar_invalid", "放假安排有误", "")
}

func toCalendarDay(d worktime.SpecialDay) wire.CalendarDay {
	return wire.CalendarDay{Date: d.Date.String(), Name: d.Name, Kind: string(d.Kind), Source: d.Source}
}

func toCalendarNotice(n calendar.Notice) wire.CalendarNotice {
	return wire.CalendarNotice{ID: n.ID, Year: n.Year, Version: n.Version, Title: n.Title, Document: n.Document, Days: each(n.Days, toCalendarDay),
		Replaces: n.Replaces, Reason: n.Reason, SHA256: n.Digest, FiledAt: filled(n.At), Department: n.Department}
}

func toCalendarYear(y calendar.Year) wire.CalendarYear {
	return wire.CalendarYear{Year: y.Year, ID: y.ID, Source: y.Source, Provisional: y.Provisional, WorkingDays: y.WorkingDays,
		Days: each(y.Days, toCalendarDay), Filed: each(y.Filed, toCalendarNotice)}
}

func toCalendarImpact(i calendar.Impact) wire.CalendarImpact {
	return wire.CalendarImpact{Looked: i.Looked, Complete: i.All, Moved: i.Moved, Settled: i.Settled,
		Terms: each(i.Terms, func(t calendar.MovedTerm) wire.MovedTerm {
			return wire.MovedTerm{Case: t.Case, Number: t.Number, Clock: t.Clock, Name: t.Name, Department: t.Department,
				LastDay: t.LastDay, NewLastDay: t.NewLastDay, Provisional: t.Provisional, Overdue: t.Overdue}
		})}
}
