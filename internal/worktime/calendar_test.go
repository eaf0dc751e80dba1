package worktime_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shuqiao/shuqiao/internal/fault"
	"github.com/shuqiao/shuqiao/internal/worktime"
)

var dataDir = os.DirFS("../../law/workdays")

var shipped = sync.OnceValues(func() (*worktime.Calendar, error) { return worktime.Load(dataDir) })

func calendar(t testing.TB) *worktime.Calendar {
	t.Helper()
	c, err := shipped()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func day(t testing.TB, s string) worktime.Day {
	t.Helper()
	d, err := worktime.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func at(t testing.TB, s string) time.Time {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// TestNotices2024To2026 repeats the notices by hand, so that the generated
// files cannot be wrong unnoticed.
func TestNotices2024To2026(t *testing.T) {
	t.Parallel()
	notices := map[int]struct{ off, work []string }{
		2024: {
			[]string{"01-01/01-01", "02-10/02-17", "04-04/04-06", "05-01/05-05", "06-10/06-10", "09-15/09-17", "10-01/10-07"},
			[]string{"02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"},
		},
		2025: {
			[]string{"01-01/01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"},
			[]string{"01-26", "02-08", "04-27", "09-28", "10-11"},
		},
		2026: {
			[]string{"01-01/01-03", "02-15/02-23", "04-04/04-06", "05-01/05-05", "06-19/06-21", "09-25/09-27", "10-01/10-07"},
			[]string{"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"},
		},
	}
	c := calendar(t)
	for year, want := range notices {
		prefix := worktime.Date(year, 1, 1).String()[:5]
		off, work := map[worktime.Day]bool{}, map[worktime.Day]bool{}
		for _, span := range want.off {
			from, to, _ := strings.Cut(span, "/")
			for d := day(t, prefix+from); d <= day(t, prefix+to); d++ {
				off[d] = true
			}
		}
		for _, d := range want.work {
			work[day(t, prefix+d)] = true
		}
		for d := worktime.Date(year, 1, 1); d.Year() == year; d++ {
			info := c.Describe(d)
			if (info.Kind == worktime.Holiday) != off[d] || (info.Kind == worktime.MakeUp) != work[d] {
				t.Errorf("%s is %q", d, info.Kind)
			}
			if worked := work[d] || !off[d] && !d.IsWeekend(); c.IsWorkday(d) != worked {
				t.Errorf("%s worked: %v, want %v", d, !worked, worked)
			}
			if info.Provisional {
				t.Errorf("%s is provisional in a year with its notice", d)
			}
		}
	}
}

// TestNoticesHoldStatutoryHolidays compares two independent parts of the data:
// each day that the statute frees is a holiday of the notice, for every notice.
func TestNoticesHoldStatutoryHolidays(t *testing.T) {
	t.Parallel()
	full := calendar(t)
	bare, err := worktime.Load(onlyStatutory{})
	if err != nil {
		t.Fatal(err)
	}
	for _, year := range full.Years() {
		computed, fromNotice := bare.Year(year)
		if fromNotice || len(computed.Days) < 7 {
			t.Fatalf("%d: %d statutory days", year, len(computed.Days))
		}
		for _, d := range computed.Days {
			if full.Describe(d.Date).Kind != worktime.Holiday {
				t.Errorf("%s %s is no holiday of the notice", d.Date, d.Name)
			}
		}
	}
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	if got, want := c.Years(), []int{2004, 2026}; got[0] != want[0] || got[len(got)-1] != want[1] || len(got) != 23 {
		t.Errorf("years %v", got)
	}
	for _, tc := range []struct{ day, source string }{
		{"2026-10-01", "国办发明电〔2025〕7号"},
		{"2020-02-01", "延长2020年春节假期"},
		{"2019-05-02", "国办发明电〔2019〕3号"},
		{"2015-09-06", "国发明电〔2015〕1号"},
		{"2022-12-31", "关于2023年部分节假日安排"},
		{"2028-10-03", "国务院令第795号"},
	} {
		if got := c.Describe(day(t, tc.day)); !strings.Contains(got.Source, tc.source) || got.Name == "" {
			t.Errorf("%s: %+v", tc.day, got)
		}
	}
	if got := c.Describe(day(t, "2026-03-03")); got.Source != "" || !got.Workday || got.Provisional {
		t.Errorf("ordinary day: %+v", got)
	}
	if c.IsWorkday(day(t, "2020-02-01")) || !c.IsWorkday(day(t, "2020-02-03")) {
		t.Error("the extension of the Spring Festival of 2020 is missing")
	}
}

// TestYearsWithoutNotice: only statutory days are off, with no make-up days;
// beyond the lunar table only those of a fixed date.
func TestYearsWithoutNotice(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	want := map[int][]string{
		2027: {"01-01", "02-05", "02-06", "02-07", "02-08", "04-05", "05-01", "05-02", "06-09", "09-15", "10-01", "10-02", "10-03"},
		2031: {"01-01", "01-22", "01-23", "01-24", "01-25", "04-05", "05-01", "05-02", "06-24", "10-01", "10-02", "10-03"},
		2041: {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"},
	}
	for year, days := range want {
		data, fromNotice := c.Year(year)
		var got []string
		for _, d := range data.Days {
			got = append(got, d.Date.String()[5:])
		}
		slices.Sort(got)
		if fromNotice || !slices.Equal(got, days) {
			t.Errorf("%d: %v", year, got)
		}
	}
}

func TestWith(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	due := c.DueFrom(day(t, "2026-12-25"), worktime.WorkingDays(10))
	if got := due.LastDay.String(); got != "2027-01-11" || !due.Provisional {
		t.Fatalf("before the notice: %s, provisional %v", got, due.Provisional)
	}
	// An imagined notice.
	year := worktime.YearData{Year: 2027, Source: "测试通知", Days: []worktime.SpecialDay{
		{Date: day(t, "2027-01-04"), Name: "元旦", Kind: worktime.Holiday},
		{Date: day(t, "2027-01-01"), Name: "元旦", Kind: worktime.Holiday},
		{Date: day(t, "2027-01-09"), Name: "元旦", Kind: worktime.MakeUp},
	}}
	edited, err := c.With(year)
	if err != nil {
		t.Fatal(err)
	}
	due = edited.DueFrom(day(t, "2026-12-25"), worktime.WorkingDays(10))
	if got := due.LastDay.String(); got != "2027-01-11" || due.Provisional {
		t.Errorf("after the notice: %s, provisional %v", got, due.Provisional)
	}
	if !edited.IsWorkday(day(t, "2027-01-09")) || c.IsWorkday(day(t, "2027-01-09")) {
		t.Error("With must change the new calendar only")
	}
	data, fromNotice := edited.Year(2027)
	if !fromNotice || data.Days[0].Date != day(t, "2027-01-01") || year.Days[0].Date != day(t, "2027-01-04") {
		t.Errorf("days are sorted in the calendar, not in the caller's slice: %+v", data)
	}
}

func TestWithNamesEveryFaultyDate(t *testing.T) {
	t.Parallel()
	_, err := calendar(t).With(worktime.YearData{Year: 2027, Days: []worktime.SpecialDay{
		{Date: day(t, "2028-01-01"), Name: "元旦", Kind: worktime.Holiday},
		{Date: day(t, "2027-05-01"), Name: "劳动节", Kind: worktime.Holiday},
		{Date: day(t, "2027-05-01"), Name: "劳动节", Kind: worktime.Holiday},
		{Date: day(t, "2027-05-05"), Name: "劳动节", Kind: worktime.MakeUp},
		{Date: day(t, "2027-10-01"), Name: " ", Kind: "off"},
	}})
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid {
		t.Fatalf("want a fault, got %v", err)
	}
	var got []string
	for _, field := range f.Fields {
		got = append(got, field.Path+" "+field.Code)
	}
	want := []string{
		"source required", "days[0].date other_year", "days[2].date duplicate",
		"days[3].kind not_weekend", "days[4].name required", "days[4].kind not_in_list",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	for _, date := range []string{"2028-01-01", "2027-05-01", "2027-05-05", "2027-10-01"} {
		if !strings.Contains(err.Error(), date) {
			t.Errorf("%s is not named in %v", date, err)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"0001-01-01", "1969-12-31", "1970-01-01", "2000-02-29", "2026-10-17", "2100-12-31"} {
		d := day(t, s)
		want := at(t, s+"T00:00:00+08:00")
		if d.String() != s || !d.Start().Equal(want) || d.Weekday() != want.Weekday() || worktime.DayOf(want) != d {
			t.Errorf("%s: %s %s %s", s, d, d.Start(), d.Weekday())
		}
		if worktime.DayOf(want.Add(-1)) != d-1 || worktime.DayOf(d.End().Add(-1)) != d || worktime.DayOf(d.End()) != d+1 {
			t.Errorf("%s: midnight is misplaced", s)
		}
	}
	var back worktime.Day
	text, err := json.Marshal(day(t, "2026-02-28"))
	if err != nil || string(text) != `"2026-02-28"` || json.Unmarshal(text, &back) != nil || back != day(t, "2026-02-28") {
		t.Errorf("JSON: %s %v", text, err)
	}
	if json.Unmarshal([]byte(`"2026-02-30"`), &back) == nil {
		t.Error("30 February was accepted")
	}
	for _, unix := range []int64{math.MinInt64, math.MaxInt64} {
		c := calendar(t)
		if due := c.Due(time.Unix(unix, 0), worktime.WorkingDays(10)); !due.Provisional || due.LastDay.Year() < 1990 || due.LastDay.Year() > 2100 {
			t.Errorf("far away: %+v", due)
		}
	}
}
