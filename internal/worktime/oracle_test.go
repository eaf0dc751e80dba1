package worktime_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"github.com/shuqiao/shuqiao/internal/worktime"
)

// onlyStatutory is the data directory without any notice.
type onlyStatutory struct{}

func (onlyStatutory) Open(name string) (fs.File, error) {
	data, err := fs.ReadFile(dataDir, "statutory.json")
	if err != nil {
		return nil, err
	}
	return fstest.MapFS{"statutory.json": {Data: data}}.Open(name)
}

// oracle is the naive calendar: strings, time.Time and one day at a time.
type oracle struct{ kinds map[string]string }

// withoutNotice are the statutory weekday holidays of 2027 to 2030,
// written down by hand so that the oracle does not read statutory.json.
const withoutNotice = `
	2027-01-01 2027-02-05 2027-02-08 2027-04-05 2027-06-09 2027-09-15 2027-10-01
	2028-01-25 2028-01-26 2028-01-27 2028-01-28 2028-04-04 2028-05-01 2028-05-02 2028-10-02 2028-10-03
	2029-01-01 2029-02-12 2029-02-13 2029-02-14 2029-02-15 2029-04-04 2029-05-01 2029-05-02 2029-10-01 2029-10-02 2029-10-03
	2030-01-01 2030-02-04 2030-02-05 2030-04-05 2030-05-01 2030-05-02 2030-06-05 2030-09-12 2030-10-01 2030-10-02 2030-10-03`

func newOracle(t testing.TB) oracle {
	t.Helper()
	o := oracle{kinds: map[string]string{}}
	files, err := fs.Glob(dataDir, "20*.json")
	if err != nil || len(files) != 23 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		data, err := fs.ReadFile(dataDir, name)
		var file struct{ Days []struct{ Date, Kind string } }
		if err = errors.Join(err, json.Unmarshal(data, &file)); err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Days {
			o.kinds[d.Date] = d.Kind
		}
	}
	for _, d := range strings.Fields(withoutNotice) {
		o.kinds[d] = "holiday"
	}
	return o
}

func (o oracle) worked(d time.Time) bool {
	switch o.kinds[d.Format(time.DateOnly)] {
	case "holiday":
		return false
	case "workday":
		return true
	}
	return d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
}

// due walks from the event to the last day; d is at noon UTC of the civil day.
func (o oracle) due(d time.Time, term worktime.Term) (last string, workingDays int, provisional bool) {
	step := func() {
		d = d.AddDate(0, 0, 1)
		if o.worked(d) {
			workingDays++
		}
		provisional = provisional || d.Format(time.DateOnly) >= "2027-01-01"
	}
	switch term.Unit {
	case worktime.WorkingDay:
		for workingDays < term.Length {
			step()
		}
	case worktime.CalendarDay:
		for range term.Length {
			step()
		}
	default:
		months := term.Length
		if term.Unit == worktime.Year {
			months *= 12
		}
		end := d.AddDate(0, months, 0)
		if end.Day() != d.Day() { // AddDate ran over the month's end
			end = end.AddDate(0, 0, -end.Day())
		}
		for d.Before(end) {
			step()
		}
	}
	if term.Length == 0 {
		provisional = d.Format(time.DateOnly) >= "2027-01-01"
	}
	for !o.worked(d) {
		step()
	}
	return d.Format(time.DateOnly), workingDays, provisional
}

func drawTerm(t *rapid.T) worktime.Term {
	unit := rapid.SampledFrom([]worktime.Unit{worktime.WorkingDay, worktime.CalendarDay, worktime.Month, worktime.Year}).Draw(t, "unit")
	longest := map[worktime.Unit]int{worktime.WorkingDay: 60, worktime.CalendarDay: 90, worktime.Month: 13, worktime.Year: 2}[unit]
	return worktime.Term{Length: rapid.IntRange(0, longest).Draw(t, "length"), Unit: unit}
}

func TestDueAgainstOracle(t *testing.T) {
	t.Parallel()
	c, o := calendar(t), newOracle(t)
	from := time.Date(2004, 1, 1, 0, 0, 0, 0, worktime.Zone()).Unix()
	to := time.Date(2028, 12, 1, 0, 0, 0, 0, worktime.Zone()).Unix()
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(from, to).Draw(t, "received")
		hours := rapid.IntRange(-12, 14).Draw(t, "zone")
		received := time.Unix(seconds, 0).In(time.FixedZone("", hours*3600))
		term := drawTerm(t)
		civil := received.In(worktime.Zone()) // 04:00 UTC is noon
		last, workingDays, provisional := o.due(time.Date(civil.Year(), civil.Month(), civil.Day(), 12, 0, 0, 0, time.UTC), term)
		due := c.Due(received, term)
		if due.LastDay.String() != last || due.WorkingDays != workingDays || due.Provisional != provisional {
			t.Fatalf("%s from %s: got %s %d %v, want %s %d %v", term, civil.Format(time.DateOnly),
				due.LastDay, due.WorkingDays, due.Provisional, last, workingDays, provisional)
		}
		if !due.Overdue(due.At) || due.Overdue(due.At.Add(-1)) {
			t.Fatalf("%s does not end at 24:00", last)
		}
	})
}

func TestProperties(t *testing.T) {
	t.Parallel()
	c := calendar(t)
	rapid.Check(t, func(t *rapid.T) {
		event := worktime.Date(2004, 1, rapid.IntRange(1, 9800).Draw(t, "event"))
		n, m := rapid.IntRange(1, 60).Draw(t, "n"), rapid.IntRange(1, 60).Draw(t, "m")
		due := c.DueFrom(event, worktime.WorkingDays(n))
		if got, want := c.Extend(due, worktime.WorkingDays(m)), c.DueFrom(event, worktime.WorkingDays(n+m)); got != want {
			t.Fatalf("%d then %d: %+v, at once: %+v", n, m, got, want)
		}
		if !c.IsWorkday(due.LastDay) || due.LastDay <= event || due.WorkingDays != n {
			t.Fatalf("%+v", due)
		}
		later := c.DueFrom(event+1, worktime.WorkingDays(n))
		if later.LastDay < due.LastDay {
			t.Fatalf("a later event is due earlier: %+v %+v", due, later)
		}
		standing := c.Remaining(event.Start(), due)
		if standing.Left != n || standing.Overdue {
			t.Fatalf("at the start %+v", standing)
		}
		if back := worktime.DayOf(c.Before(due, n-1)); c.WorkdaysBetween(event, back) != 1 {
			t.Fatalf("%d before %s is %s, event %s", n-1, due.LastDay, back, event)
		}
		if late := c.Remaining(c.Extend(due, worktime.WorkingDays(m)).LastDay.Start(), due); late.Late != m || !late.Overdue {
			t.Fatalf("%d working days later: %+v", m, late)
		}
	})
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	statutory, err := fs.ReadFile(dataDir, "statutory.json")
	if err != nil {
		t.Fatal(err)
	}
	year, err := fs.ReadFile(dataDir, "2026.json")
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		file, data, want string
	}{
		"another year's name": {"2025.json", string(year), "file name"},
		"unknown file":        {"holidays.json", string(year), "file name"},
		"not JSON":            {"2025.json", "{", "not a calendar file"},
		"two values":          {"2025.json", string(year) + "{}", "something follows"},
		"misspelt field":      {"2025.json", strings.Replace(string(year), `"kind"`, `"kinds"`, 1), "kinds"},
		"bad date":            {"2026.json", strings.Replace(string(year), "2026-10-01", "2026-13-01", 1), "2026-13-01"},
		"bad statute":         {"statutory.json", strings.Replace(string(statutory), "05-01", "05-32", 1), "05-32"},
		"unknown festival":    {"statutory.json", strings.Replace(string(statutory), `"spring","offset"`, `"summer","offset"`, 1), "summer"},
		"lunar date astray":   {"statutory.json", strings.Replace(string(statutory), "2027-02-06", "2028-02-06", 1), "another year"},
		"eras in disorder":    {"statutory.json", strings.Replace(string(statutory), `"from": 2008`, `"from": 1999`, 1), "era 1999"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{"statutory.json": {Data: statutory}}
			files[tc.file] = &fstest.MapFile{Data: []byte(tc.data)}
			if _, err := worktime.Load(files); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	if _, err := worktime.Load(fstest.MapFS{"README.md": {}}); err == nil {
		t.Error("a directory without statutes was accepted")
	}
}

// FuzzLoad: whatever a file holds, Load refuses it or gives a working calendar.
func FuzzLoad(f *testing.F) {
	statutory, err := fs.ReadFile(dataDir, "statutory.json")
	if err != nil {
		f.Fatal(err)
	}
	year, err := fs.ReadFile(dataDir, "2026.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(year, statutory)
	f.Add([]byte(`{"year":2026,"source":"x","days":[{"date":"2026-10-01","name":"x","kind":"holiday"}]}`), statutory)
	f.Add([]byte(`{"year":-1,"source":"","days":[{"date":"0000-00-00"}]}`), []byte(`{"eras":[{"from":1990}]}`))
	f.Add([]byte(`null`), []byte(`[]`))
	f.Fuzz(func(t *testing.T, year, statutory []byte) {
		c, err := worktime.Load(fstest.MapFS{"2026.json": {Data: year}, "statutory.json": {Data: statutory}})
		if err != nil {
			return
		}
		if got := c.Years(); len(got) != 1 || got[0] != 2026 {
			t.Fatalf("years %v", got)
		}
		due := c.DueFrom(worktime.Date(2026, 9, 30), worktime.WorkingDays(10))
		if due.WorkingDays != 10 || !c.IsWorkday(due.LastDay) {
			t.Fatalf("%+v", due)
		}
	})
}
