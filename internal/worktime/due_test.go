package worktime_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/worktime"
)

func TestDue(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	for _, tc := range []struct {
		name, received, term, last string
		workingDays                int
		provisional                bool
	}{
		{"a plain week", "2026-03-02T09:00:00+08:00", "5WD", "2026-03-09", 5, false},
		{"CN-21.1 unconditional, received on Friday", "2026-03-06T17:00:00+08:00", "1WD", "2026-03-09", 1, false},
		{"across National Day 2025, 28 Sept and 11 Oct worked", "2025-09-26T10:00:00+08:00", "10WD", "2025-10-16", 10, false},
		{"received on the make-up Sunday", "2025-09-28T10:00:00+08:00", "1WD", "2025-09-29", 1, false},
		{"ends on the make-up Saturday", "2025-09-30T10:00:00+08:00", "3WD", "2025-10-11", 3, false},
		{"received within the holiday", "2025-10-03T10:00:00+08:00", "1WD", "2025-10-09", 1, false},
		{"across the Spring Festival 2026, 14 and 28 Feb worked", "2026-02-12T10:00:00+08:00", "10WD", "2026-03-04", 10, false},
		{"CN-22 delivery", "2026-02-12T10:00:00+08:00", "20WD", "2026-03-18", 20, false},
		{"year end without the notice of 2027", "2026-12-25T10:00:00+08:00", "10WD", "2027-01-11", 10, true},
		{"the last working day of a year with its notice", "2026-12-30T10:00:00+08:00", "1WD", "2026-12-31", 1, false},
		{"the first of a year without", "2026-12-31T10:00:00+08:00", "1WD", "2027-01-04", 1, true},
		{"year end with the next notice: 4 Jan 2026 worked", "2025-12-30T10:00:00+08:00", "3WD", "2026-01-05", 3, false},
		{"the extended Spring Festival of 2020", "2020-01-22T10:00:00+08:00", "2WD", "2020-02-03", 2, false},
		{"UTC evening is the next day in Shanghai", "2026-03-02T16:30:00Z", "1WD", "2026-03-04", 1, false},
		{"UTC afternoon is the same day", "2026-03-02T15:59:59Z", "1WD", "2026-03-03", 1, false},
		{"American zone", "2026-03-02T23:00:00-08:00", "1WD", "2026-03-04", 1, false},
		{"no length, worked", "2026-03-02T09:00:00+08:00", "0WD", "2026-03-02", 0, false},
		{"no length, at rest", "2026-02-28T09:00:00+08:00", "0D", "2026-02-28", 0, false},
		{"no length, on a Sunday", "2026-03-01T09:00:00+08:00", "0WD", "2026-03-02", 1, false},
		{"calendar days ending in the holiday (art. 203)", "2025-09-26T10:00:00+08:00", "7D", "2025-10-09", 4, false},
		{"calendar days ending on a working day", "2026-03-02T10:00:00+08:00", "15D", "2026-03-17", 11, false},
		{"calendar days ending on a make-up Saturday", "2026-02-13T10:00:00+08:00", "15D", "2026-02-28", 6, false},
		{"a month to the corresponding day", "2026-03-10T10:00:00+08:00", "1M", "2026-04-10", 22, false},
		{"a month to the month's end (art. 202), then the next working day", "2026-01-31T10:00:00+08:00", "1M", "2026-02-28", 16, false},
		{"a leap day", "2024-02-29T10:00:00+08:00", "1Y", "2025-02-28", 249, false},
		{"a year ending on a Saturday", "2024-03-01T10:00:00+08:00", "1Y", "2025-03-03", 249, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			term, err := worktime.ParseTerm(tc.term)
			if err != nil {
				t.Fatal(err)
			}
			due := c.Due(at(t, tc.received), term)
			if due.LastDay != day(t, tc.last) || due.Provisional != tc.provisional || due.WorkingDays != tc.workingDays {
				t.Errorf("got %s, %d working days, provisional %v", due.LastDay, due.WorkingDays, due.Provisional)
			}
			if got := due.At.Format(time.RFC3339); got != (day(t, tc.last)+1).String()+"T00:00:00+08:00" {
				t.Errorf("at %s", got)
			}
		})
	}
}

func TestOverdueBeginsAtMidnight(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	due := c.Due(at(t, "2026-03-02T09:00:00+08:00"), worktime.WorkingDays(5)) // Monday 9 March
	for _, tc := range []struct {
		now        string
		left, late int
		overdue    bool
	}{
		{"2026-03-02T09:00:00+08:00", 5, 0, false},
		{"2026-03-07T12:00:00+08:00", 1, 0, false},
		{"2026-03-09T00:00:00+08:00", 0, 0, false},
		{"2026-03-09T23:59:59+08:00", 0, 0, false},
		{"2026-03-09T15:59:59.999999Z", 0, 0, false},
		{"2026-03-09T16:00:00Z", 0, 1, true},
		{"2026-03-10T00:00:00+08:00", 0, 1, true},
		{"2026-03-15T10:00:00+08:00", 0, 4, true},
	} {
		got := c.Remaining(at(t, tc.now), due)
		want := worktime.Standing{Left: tc.left, Late: tc.late, Overdue: tc.overdue}
		if got != want || due.Overdue(at(t, tc.now)) != tc.overdue {
			t.Errorf("%s: %+v", tc.now, got)
		}
	}
	// Rest days after the last day make a term overdue, but not by a working day.
	friday := c.DueFrom(day(t, "2026-03-05"), worktime.WorkingDays(1))
	if got := c.Remaining(at(t, "2026-03-07T08:00:00+08:00"), friday); got != (worktime.Standing{Overdue: true}) {
		t.Errorf("on the Saturday after: %+v", got)
	}
}

func TestExtend(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	due := c.DueFrom(day(t, "2025-09-22"), worktime.WorkingDays(5)) // 28 Sept is worked
	if due.LastDay != day(t, "2025-09-28") {
		t.Fatalf("original end %s", due.LastDay)
	}
	extended := c.Extend(due, worktime.WorkingDays(5))
	if extended.LastDay != day(t, "2025-10-11") || extended.WorkingDays != 10 || extended.Provisional {
		t.Errorf("extended: %+v", extended)
	}
	whole := c.DueFrom(day(t, "2025-09-22"), worktime.WorkingDays(10))
	if whole != extended {
		t.Errorf("5 and 5 working days are %v, 10 are %v", extended, whole)
	}
	late := c.Extend(c.DueFrom(day(t, "2026-12-20"), worktime.WorkingDays(9)), worktime.WorkingDays(1))
	if !late.Provisional {
		t.Error("an extension into 2027 is provisional")
	}
}

func TestBefore(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	due := c.DueFrom(day(t, "2025-09-30"), worktime.WorkingDays(3)) // Saturday 11 October
	for n, want := range []string{"2025-10-11", "2025-10-10", "2025-10-09", "2025-09-30", "2025-09-29", "2025-09-28", "2025-09-26"} {
		if got := c.Before(due, n).Format(time.RFC3339); got != want+"T00:00:00+08:00" {
			t.Errorf("%d before: %s", n, got)
		}
	}
	if got := c.Before(due, 1_000_000).Year(); got != 1990 {
		t.Errorf("far before: %d", got)
	}
}

func TestTerm(t *testing.T) {
	t.Parallel()
	for code, text := range map[string]string{"10WD": "10个工作日", "30D": "30日", "3M": "3个月", "1Y": "1年"} {
		term, err := worktime.ParseTerm(code)
		if err != nil || term.Code() != code || term.String() != text {
			t.Errorf("%s: %v %q %q", code, err, term.Code(), term)
		}
		data, err := json.Marshal(term)
		var back worktime.Term
		if err != nil || json.Unmarshal(data, &back) != nil || back != term {
			t.Errorf("%s as JSON: %s %v", code, data, err)
		}
	}
	for _, bad := range []string{"", "WD", "10", "10wd", "-1WD", "10WDs", "10001D", "99999999999999999999D", " 1D"} {
		if term, err := worktime.ParseTerm(bad); err == nil {
			t.Errorf("%q was read as %v", bad, term)
		}
	}
	if (worktime.Term{Length: 3}).Validate() == nil || !(worktime.Term{}).IsZero() {
		t.Error("a term without unit is valid")
	}
}

func TestDueAllocatesNothing(t *testing.T) {
	c := calendar(t)
	received := at(t, "2025-09-26T10:00:00+08:00")
	for _, unit := range []worktime.Unit{worktime.WorkingDay, worktime.CalendarDay, worktime.Month, worktime.Year} {
		term := worktime.Term{Length: 2, Unit: unit}
		if n := testing.AllocsPerRun(100, func() { c.Due(received, term) }); n != 0 {
			t.Errorf("%s: %v allocations", unit, n)
		}
	}
}

var sink worktime.Due

func BenchmarkDue(b *testing.B) {
	c := calendar(b)
	received := at(b, "2025-09-26T10:00:00+08:00")
	for _, code := range []string{"10WD", "30D", "3M", "1Y"} {
		term, err := worktime.ParseTerm(code)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(code, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				sink = c.Due(received.Add(time.Duration(i%1000)*time.Hour), term)
			}
		})
	}
}

func BenchmarkRemaining(b *testing.B) {
	c := calendar(b)
	due := c.DueFrom(day(b, "2025-09-26"), worktime.WorkingDays(20))
	now := at(b, "2025-10-10T10:00:00+08:00")
	b.ReportAllocs()
	for b.Loop() {
		c.Remaining(now, due)
	}
}

func BenchmarkWith(b *testing.B) {
	c := calendar(b)
	year, _ := c.Year(2026)
	for b.Loop() {
		if _, err := c.With(year); err != nil {
			b.Fatal(err)
		}
	}
}
